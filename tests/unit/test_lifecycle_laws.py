"""What holds for a ticket whatever happens to it? Random histories, thousands of steps."""

from datetime import datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from base.errors import TransitionRefused
from escalation.lifecycle import REOPENABLE, evolve, fold, next_status, possible
from escalation.model import Entry, Event, Reason, Role, Status, Ticket
from tests.builders import (
    ASKER,
    LAWYER,
    LEAD,
    LIAISON,
    MEDIATOR,
    MINUTE,
    MONDAY_9AM,
    TAKES,
    a_ticket,
    an_entry,
    asked,
)

BEFORE_ANY_OWNER = {Status.NEW, Status.OFFERED, Status.FAQ_ANSWERED, Status.IN_VILLAGE}
TAKEN = {Status.CLAIMED, Status.WAITING_ASKER}
LETS_GO = {
    Event.RELEASED,
    Event.LEASE_LOST,
    Event.TRANSFERRED,
    Event.ASKED_AGAIN,
    Event.UNMERGED,
    Event.RAISED,
}
WHO = {
    Role.ASKER: (ASKER.id,),
    Role.LIAISON: (LIAISON.id,),
    Role.RESPONDER: (LAWYER.id, MEDIATOR.id),
    Role.DUTY_LEAD: (LEAD.id,),
}
MERGED = a_ticket(state=Status.CLOSED, reason=Reason.MERGED)
JOURNALLED = set(Event) - {
    event
    for ticket, role in product((*(a_ticket(state=state) for state in Status), MERGED), Role)
    for event in possible(ticket, role, MONDAY_9AM)
}
HISTORIES = st.lists(st.integers(0, 10**9), min_size=25, max_size=40)  # 100 of them: ≥ 2,500 steps


def _allowed(ticket: Ticket, event: Event, role: Role, at: datetime = MONDAY_9AM) -> bool:
    try:
        next_status(ticket, event, role, at)
    except TransitionRefused:
        return False
    return True


MAY = {
    state: tuple(
        (event, role)
        for event, role in product(Event, Role)
        if _allowed(a_ticket(state=state), event, role)
    )
    for state in Status
}


def _step(ticket: Ticket, last: Entry, choice: int) -> Entry:
    """One thing that may happen next, often one that moves the ticket; time passes."""
    at = last.at + MINUTE * 60 * 24 * (choice % 3) * (20 if choice % 5 == 0 else 1)
    may = MAY[ticket.state]
    if ticket.state is Status.CLOSED:
        may = tuple(
            (event, role)
            for event, role in product(Event, Role)
            if event is not Event.ASKED and _allowed(ticket, event, role, at)
        )
    moving = tuple((event, role) for event, role in may if event not in JOURNALLED)
    chosen = moving if moving and choice % 4 else may
    event, role = chosen[choice // 4 % len(chosen)]
    return an_entry(
        event,
        role,
        seq=ticket.seq + 1,
        at=at,
        by=WHO[role][choice % len(WHO[role])] if role in WHO else None,
        data={**TAKES, "to": (LAWYER, MEDIATOR)[choice % 2].id},
    )


def _history(choices: list[int]) -> tuple[list[Entry], list[Ticket]]:
    """A random journal, and the row as it was kept after each of its entries."""
    journal, kept = [asked()], [evolve(None, asked())]
    for choice in choices:
        journal.append(_step(kept[-1], journal[-1], choice))
        kept.append(evolve(kept[-1], journal[-1]))
    return journal, kept


LONG_HISTORIES = st.lists(st.integers(0, 10**9), min_size=60, max_size=80)


@settings(max_examples=170, deadline=None)  # ≥ 10,200 steps
@given(LONG_HISTORIES)
def test_the_journal_folds_to_the_row_that_was_kept_step_by_step(choices: list[int]) -> None:
    journal, kept = _history(choices)
    for length in range(1, len(journal) + 1):
        assert fold(journal[:length]) == kept[length - 1]
    assert [row.seq for row in kept] == list(range(1, len(kept) + 1))


@settings(max_examples=100, deadline=None)
@given(HISTORIES)
def test_a_ticket_never_has_two_owners_and_none_before_somebody_took_it(
    choices: list[int],
) -> None:
    owners: set[int | None] = set()  # counted by hand from the journal
    for entry, row in zip(*_history(choices), strict=True):
        if entry.event in LETS_GO:
            owners.clear()
        elif entry.event is Event.CLAIMED or (entry.event is Event.RETRACTED and not owners):
            owners.add(entry.by)
        elif entry.event is Event.ASSIGNED:
            owners.add(int(str(entry.data["to"])))
        assert len(owners) <= 1, entry
        assert row.assignee == next(iter(owners), None)
        if row.state in TAKEN:
            assert owners, row.state
        if row.state in BEFORE_ANY_OWNER | {Status.QUEUED}:
            assert not owners, row.state


@settings(max_examples=100, deadline=None)
@given(HISTORIES)
def test_an_open_ticket_can_always_be_moved_and_closed(choices: list[int]) -> None:
    for entry, row in zip(*_history(choices), strict=True):
        may = {role: possible(row, role, entry.at) for role in Role}
        if row.state is not Status.CLOSED:
            assert row.reason is None
            assert row.closed_at is None
            assert Event.WITHDRAWN in may[Role.ASKER]
            assert Event.REFERRED in may[Role.RESPONDER]
        elif row.reason is Reason.MERGED:
            assert {event for events in may.values() for event in events} == {Event.UNMERGED}
        else:
            assert row.closed_at is not None
            assert bool(may.pop(Role.ASKER)) <= (row.reason in REOPENABLE)
            assert not any(may.values())


@settings(max_examples=50, deadline=None)
@given(HISTORIES, st.integers(-3, 5).filter(lambda off: off != 1))
def test_an_entry_out_of_turn_is_refused_at_any_point(choices: list[int], off: int) -> None:
    journal, kept = _history(choices)
    at = choices[0] % len(journal)
    stray = an_entry(Event.ARMED, Role.BOT, seq=kept[at].seq + off)
    with pytest.raises(ValueError, match="does not follow"):
        evolve(kept[at], stray)


@settings(max_examples=100, deadline=None)
@given(HISTORIES)
def test_the_cycle_counts_how_often_the_asker_asked_again(choices: list[int]) -> None:
    journal, kept = _history(choices)
    again = sum(entry.event in (Event.ASKED_AGAIN, Event.UNMERGED) for entry in journal)
    assert kept[-1].cycle == 1 + again
