"""Which event moves a ticket where, and who may cause it? The table once more, by hand."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import product

import pytest

from base.errors import TransitionRefused
from escalation.lifecycle import evolve, fold, next_status, possible
from escalation.model import Event, Reason, Role, Status, Ticket
from tests.builders import LAWYER, MONDAY_9AM, TAKES, a_ticket, an_entry, asked

E, S = Event, Status
BOT, CLOCK, ASKER, CHANNEL = {Role.BOT}, {Role.CLOCK}, {Role.ASKER}, {Role.CHANNEL}
HUB, LEAD = {Role.RESPONDER, Role.DUTY_LEAD}, {Role.DUTY_LEAD}
SAME = "the state it had"
ANY = set(Status)
OPEN = ANY - {S.CLOSED}

# event: who may cause it; from where it leads; to what (with the reason, where it closes).
# From the product's design page. Ours beyond its table, from its text: 解决了 also ends the
# village window; what waits for the asker may be given back or passed on, and what nobody has
# taken may be passed on. `asked` is missing: it only ever begins a journal.
MOVES: tuple[tuple[Event, set[Role], set[Status], Status | Reason | str], ...] = (
    (E.OFFERED, BOT, {S.NEW}, S.OFFERED),
    (E.PICKED, ASKER, {S.OFFERED}, S.FAQ_ANSWERED),
    (E.NONE_FITS, ASKER, {S.OFFERED}, S.QUEUED),
    (E.OFFER_LAPSED, CLOCK, {S.OFFERED}, S.IN_VILLAGE),
    (E.FAQ_ANSWERED, BOT, {S.NEW}, S.FAQ_ANSWERED),
    (E.UNHELPFUL, ASKER, {S.FAQ_ANSWERED}, S.QUEUED),
    (E.HELPED, ASKER, {S.FAQ_ANSWERED}, Reason.SOLVED),
    (E.QUIET, CLOCK, {S.FAQ_ANSWERED}, Reason.ASSUMED_SOLVED),
    (E.OPENED, BOT, {S.NEW}, S.IN_VILLAGE),
    (
        E.HANDED_UP,
        {Role.LIAISON, Role.ASKER, Role.CLOCK, Role.BOT},
        {S.NEW, S.IN_VILLAGE, S.FAQ_ANSWERED, S.OFFERED},
        S.QUEUED,
    ),
    (E.CLAIMED, HUB, {S.QUEUED}, S.CLAIMED),
    (E.ASSIGNED, LEAD, {S.QUEUED}, S.CLAIMED),
    (E.RELEASED, HUB, {S.CLAIMED, S.WAITING_ASKER}, S.QUEUED),
    (E.LEASE_LOST, CLOCK, {S.CLAIMED}, S.QUEUED),
    (E.TRANSFERRED, HUB, {S.QUEUED, S.CLAIMED, S.WAITING_ASKER}, S.QUEUED),
    (E.RAISED, {*HUB, Role.CLOCK}, {S.QUEUED, S.CLAIMED, S.WAITING_ASKER}, S.QUEUED),
    (E.ASKED_BACK, HUB, {S.CLAIMED}, S.WAITING_ASKER),
    (E.ASKER_REPLIED, ASKER, {S.WAITING_ASKER}, S.CLAIMED),
    (E.PAUSE_ENDED, CLOCK, {S.WAITING_ASKER}, S.CLAIMED),
    (E.ANSWER_GIVEN, {Role.LIAISON}, {S.IN_VILLAGE}, S.ANSWERED),
    (E.ANSWER_GIVEN, HUB, {S.QUEUED, S.CLAIMED, S.WAITING_ASKER, S.ANSWERED}, S.ANSWERED),
    (E.ANSWER_DELIVERED, {Role.CHANNEL, Role.LIAISON}, ANY, SAME),
    (E.DELIVERY_FAILED, CHANNEL, ANY, SAME),
    (E.ASKED_AGAIN, ASKER, {S.ANSWERED, S.CLOSED}, S.QUEUED),
    (E.CONFIRMED, ASKER, {S.ANSWERED, S.IN_VILLAGE}, Reason.SOLVED),
    (E.SILENT, CLOCK, {S.ANSWERED}, Reason.ASSUMED_SOLVED),
    (E.MEDIATION_BEGUN, HUB, {S.CLAIMED, S.ANSWERED}, S.MEDIATING),
    (E.MEDIATION_ENDED, HUB, {S.MEDIATING}, S.ANSWERED),
    (E.WITHDRAWN, {Role.ASKER, Role.LIAISON}, OPEN, Reason.WITHDRAWN),
    (E.NOT_LEGAL, HUB, OPEN, Reason.NOT_LEGAL),
    (E.MERGED, HUB, OPEN, Reason.MERGED),
    (E.REFERRED, HUB, OPEN, Reason.REFERRED),
    (E.EXPIRED, {Role.CLOCK, Role.DUTY_LEAD}, OPEN, Reason.EXPIRED),
    (E.MARKED_URGENT, {*HUB, Role.ASKER, Role.LIAISON, Role.NEIGHBOUR}, OPEN, SAME),
    (E.ASKER_ADDED, ASKER, OPEN, SAME),
    (E.NEIGHBOUR_SAID, {Role.NEIGHBOUR, Role.LIAISON}, OPEN, SAME),
    (E.EDITED, {*HUB, Role.ASKER, Role.LIAISON, Role.NEIGHBOUR}, ANY, SAME),
    (E.CORRECTED, HUB, ANY, SAME),
    (E.WARNED, CLOCK, OPEN, SAME),
    (E.BREACHED, CLOCK, OPEN, SAME),
    (E.ESCALATED, CLOCK, OPEN, SAME),
    (E.FOLLOWED_UP, CLOCK, {S.ANSWERED, S.CLOSED}, SAME),
    (E.RULES_CHANGED, {Role.DUTY_LEAD, Role.BOT}, OPEN, SAME),
    (E.RATED, ASKER, ANY, SAME),
    (E.RECUSED, HUB, ANY, SAME),
    (E.COLLECTED, HUB, ANY, SAME),
    (E.JOINED, HUB, {S.QUEUED, S.CLAIMED, S.WAITING_ASKER, S.ANSWERED}, SAME),
    (E.PARTED, {*HUB, Role.ASKER, Role.BOT}, ANY, SAME),
    (E.RETRACTED, HUB, {S.ANSWERED}, S.CLAIMED),
    (E.NOTED, HUB, ANY, SAME),
    (E.ARMED, BOT, ANY, SAME),
    (E.FIRED, CLOCK, ANY, SAME),
    (E.CANCELLED, BOT, ANY, SAME),
)


def _expected() -> Mapping[tuple[Status, Event, Role], Status | Reason]:
    found: dict[tuple[Status, Event, Role], Status | Reason] = {}
    for event, by, sources, to in MOVES:
        for status, role in product(sources, by):
            assert (status, event, role) not in found, "two rows for one thing"
            found[status, event, role] = to if isinstance(to, Status | Reason) else status
    return found


OF_MERGED = {E.UNMERGED, E.ANSWER_SHARED}  # only of a ticket closed as merged
EXPECTED = _expected()
TRIPLES = tuple(product(Status, Event, Role))


def test_every_state_event_and_part_leads_where_the_table_says_or_is_refused() -> None:
    for status, event, role in TRIPLES:
        ticket = a_ticket(state=status)
        step = an_entry(event, role, data=TAKES)
        wanted = EXPECTED.get((status, event, role))
        if wanted is None:
            with pytest.raises(TransitionRefused):
                evolve(ticket, step)
            continue
        moved = evolve(ticket, step)
        closes_by = wanted if isinstance(wanted, Reason) else None
        told = (status, event, role)
        assert moved.state == (Status.CLOSED if closes_by else wanted), told
        if wanted != status:  # an event that only is journalled changes no reason either
            assert moved.reason == closes_by, told
            assert moved.closed_at == (step.at if closes_by else None), told


def test_every_event_but_the_first_has_a_row() -> None:
    assert {event for event, *_ in MOVES} == set(Event) - {E.ASKED, *OF_MERGED}


def test_what_was_merged_is_carried_answers_and_may_go_on_alone() -> None:
    for reason, role in product(Reason, Role):
        merged = a_ticket(state=S.CLOSED, reason=reason)
        for event, by, to in (
            (E.UNMERGED, {*HUB, Role.ASKER, Role.BOT}, S.QUEUED),
            (E.ANSWER_SHARED, HUB, S.CLOSED),
        ):
            step = an_entry(event, role, data={"last": LAWYER.id})
            if reason is Reason.MERGED and role in by:
                assert evolve(merged, step).state is to
            else:
                with pytest.raises(TransitionRefused):
                    evolve(merged, step)


def test_what_goes_on_alone_is_a_new_cycle_and_knows_who_worked_on_it() -> None:
    merged = a_ticket(state=S.CLOSED, reason=Reason.MERGED)
    alone = evolve(merged, an_entry(E.UNMERGED, Role.BOT, data={"last": LAWYER.id}))
    assert (alone.reason, alone.closed_at, alone.assignee) == (None, None, None)
    assert (alone.cycle, alone.last_assignee) == (merged.cycle + 1, LAWYER.id)


def test_nothing_but_a_question_begins_a_journal() -> None:
    for event in set(Event) - {E.ASKED}:
        with pytest.raises(ValueError, match="begins with who asked"):
            evolve(None, an_entry(event, Role.BOT, seq=1))
    with pytest.raises(ValueError, match="begins with who asked"):
        fold([an_entry(E.ASKED, Role.ASKER, by=None, seq=1)])
    with pytest.raises(ValueError, match="empty journal"):
        fold([])


@pytest.mark.parametrize("seq", [0, 1, 3, 7])
def test_a_journal_with_a_gap_or_a_repeat_is_refused(seq: int) -> None:
    with pytest.raises(ValueError, match="does not follow"):
        fold([asked(), an_entry(E.OPENED, Role.BOT, seq=seq)])


def test_an_entry_of_another_ticket_is_refused() -> None:
    with pytest.raises(ValueError, match="does not follow"):
        fold([asked(ticket=1), an_entry(E.OPENED, Role.BOT, ticket=2, seq=2)])


def _closed(reason: Reason) -> Ticket:
    return a_ticket(state=S.CLOSED, reason=reason, closed_at=MONDAY_9AM)


@pytest.mark.parametrize("reason", Reason)
def test_only_what_was_solved_or_expired_may_be_asked_again(reason: Reason) -> None:
    ticket = _closed(reason)
    again = an_entry(E.ASKED_AGAIN, Role.ASKER, at=MONDAY_9AM)
    if reason in {Reason.SOLVED, Reason.ASSUMED_SOLVED, Reason.EXPIRED}:
        assert evolve(ticket, again).state is S.QUEUED
    else:
        with pytest.raises(TransitionRefused):
            evolve(ticket, again)


@pytest.mark.parametrize(
    ("after", "allowed"),
    [(timedelta(days=30), True), (timedelta(days=30, seconds=1), False)],
)
def test_a_closed_ticket_may_be_asked_again_for_thirty_days(
    after: timedelta, allowed: bool
) -> None:
    found = possible(_closed(Reason.SOLVED), Role.ASKER, MONDAY_9AM + after)
    assert found == ((E.ASKED_AGAIN,) if allowed else ())


def test_a_closed_ticket_is_moved_by_nothing_else() -> None:
    ticket = _closed(Reason.SOLVED)
    for event, role in product(set(Event) - {E.ASKED_AGAIN}, Role):
        try:
            row = next_status(ticket, event, role, MONDAY_9AM)
        except TransitionRefused:
            continue
        assert row.target is None, event


def test_asking_again_is_a_new_cycle_and_remembers_who_answered() -> None:
    ticket = a_ticket(state=S.ANSWERED, assignee=11, cycle=1)
    again = evolve(ticket, an_entry(E.ASKED_AGAIN, Role.ASKER))
    assert (again.cycle, again.assignee, again.last_assignee) == (2, None, 11)
    assert again.reason is None
    # and who released it in between is not forgotten either
    released = evolve(a_ticket(state=S.CLAIMED, assignee=12), an_entry(E.RELEASED, Role.RESPONDER))
    assert (released.assignee, released.last_assignee) == (None, 12)


def test_a_ticket_is_urgent_from_the_first_time_somebody_said_so() -> None:
    first = evolve(a_ticket(state=S.QUEUED), an_entry(E.MARKED_URGENT, Role.NEIGHBOUR))
    later = MONDAY_9AM + timedelta(hours=1)
    second = evolve(first, an_entry(E.MARKED_URGENT, Role.ASKER, seq=first.seq + 1, at=later))
    assert second.urgent_at == first.urgent_at == MONDAY_9AM


@pytest.mark.parametrize(
    ("status", "role", "event", "instead"),
    [
        (S.QUEUED, Role.ASKER, E.HELPED, "withdrawn"),
        (S.FAQ_ANSWERED, Role.ASKER, E.PICKED, "unhelpful helped handed_up withdrawn"),
        (S.ANSWERED, Role.ASKER, E.HANDED_UP, "asked_again confirmed withdrawn"),
        (S.IN_VILLAGE, Role.LIAISON, E.ASKED_AGAIN, "handed_up answer_given withdrawn"),
        (S.CLOSED, Role.RESPONDER, E.CLAIMED, ""),
    ],
)
def test_a_refusal_names_what_is_possible_instead(
    status: Status, role: Role, event: Event, instead: str
) -> None:
    with pytest.raises(TransitionRefused) as refused:
        evolve(a_ticket(id=7, state=status), an_entry(event, role, ticket=7))
    assert refused.value.key == "refused.transition"
    assert refused.value.facts == {
        "ticket": "7",
        "state": status,
        "event": event,
        "possible": instead,
    }


def test_what_is_possible_is_exactly_what_is_not_refused() -> None:
    for status, role in product(Status, Role):
        found = set(possible(a_ticket(state=status), role, MONDAY_9AM))
        moving = {
            event
            for (source, event, by), to in EXPECTED.items()
            if (source, by) == (status, role)
            and (
                to != status or event in {E.ANSWER_GIVEN, E.TRANSFERRED, E.RAISED}
            )  # both may leave it so
        }
        assert found == moving, (status, role)
