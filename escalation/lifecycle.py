"""Which event moves a ticket where, and who may cause it? The table of DESIGN is the rule."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from base.errors import TransitionRefused
from escalation.model import Entry, Event, Json, Reason, Role, Status, Ticket

REOPEN_WITHIN = timedelta(days=30)
REOPENABLE = frozenset({Reason.SOLVED, Reason.ASSUMED_SOLVED, Reason.EXPIRED})
CARRIED = frozenset({Event.ANSWER_GIVEN, Event.ANSWER_SHARED, Event.CORRECTED})
"""Words of a person that are carried to the asker."""
OPEN = frozenset(Status) - {Status.CLOSED}
IN_HUB = frozenset({Status.QUEUED, Status.CLAIMED, Status.WAITING_ASKER})
ANY = frozenset(Status)

_BOT = frozenset({Role.BOT})
_CLOCK = frozenset({Role.CLOCK})
_ASKER = frozenset({Role.ASKER})
_VILLAGE = frozenset({Role.ASKER, Role.LIAISON, Role.NEIGHBOUR})
_HUB = frozenset({Role.RESPONDER, Role.DUTY_LEAD})


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: `event`, caused by one of `by`, leads from `sources` to `target`.

    `target` None leaves the state as it is; `reason` is set where the target is closed.
    """

    event: Event
    by: frozenset[Role]
    sources: frozenset[Status]
    target: Status | None = None
    reason: Reason | None = None


def _row(
    event: Event,
    by: Iterable[Role],
    sources: Iterable[Status],
    target: Status | None = None,
    reason: Reason | None = None,
) -> Row:
    return Row(event, frozenset(by), frozenset(sources), target, reason)


S, E = Status, Event
TABLE: tuple[Row, ...] = (
    # the FAQ has an idea
    _row(E.OFFERED, _BOT, {S.NEW}, S.OFFERED),
    _row(E.PICKED, _ASKER, {S.OFFERED}, S.FAQ_ANSWERED),
    _row(E.NONE_FITS, _ASKER, {S.OFFERED}, S.QUEUED),
    _row(E.OFFER_LAPSED, _CLOCK, {S.OFFERED}, S.IN_VILLAGE),
    _row(E.FAQ_ANSWERED, _BOT, {S.NEW}, S.FAQ_ANSWERED),
    _row(E.UNHELPFUL, _ASKER, {S.FAQ_ANSWERED}, S.QUEUED),
    _row(E.HELPED, _ASKER, {S.FAQ_ANSWERED}, S.CLOSED, Reason.SOLVED),
    _row(E.QUIET, _CLOCK, {S.FAQ_ANSWERED}, S.CLOSED, Reason.ASSUMED_SOLVED),
    # the village has the first word
    _row(E.OPENED, _BOT, {S.NEW}, S.IN_VILLAGE),
    _row(
        E.HANDED_UP,
        {Role.LIAISON, Role.ASKER, Role.CLOCK, Role.BOT},  # the bot: because it is urgent
        {S.NEW, S.IN_VILLAGE, S.FAQ_ANSWERED, S.OFFERED},
        S.QUEUED,
    ),
    # the hub works
    _row(E.CLAIMED, _HUB, {S.QUEUED}, S.CLAIMED),
    _row(E.ASSIGNED, {Role.DUTY_LEAD}, {S.QUEUED}, S.CLAIMED),
    _row(E.RELEASED, _HUB, {S.CLAIMED, S.WAITING_ASKER}, S.QUEUED),
    _row(E.LEASE_LOST, _CLOCK, {S.CLAIMED}, S.QUEUED),
    _row(E.TRANSFERRED, _HUB, IN_HUB, S.QUEUED),
    _row(E.RAISED, {*_HUB, Role.CLOCK}, IN_HUB, S.QUEUED),
    _row(E.ASKED_BACK, _HUB, {S.CLAIMED}, S.WAITING_ASKER),
    _row(E.ASKER_REPLIED, _ASKER, {S.WAITING_ASKER}, S.CLAIMED),
    _row(E.PAUSE_ENDED, _CLOCK, {S.WAITING_ASKER}, S.CLAIMED),
    _row(E.ANSWER_GIVEN, {Role.LIAISON}, {S.IN_VILLAGE}, S.ANSWERED),
    _row(E.ANSWER_GIVEN, _HUB, {*IN_HUB, S.ANSWERED}, S.ANSWERED),
    _row(E.MEDIATION_BEGUN, _HUB, {S.CLAIMED, S.ANSWERED}, S.MEDIATING),
    _row(E.MEDIATION_ENDED, _HUB, {S.MEDIATING}, S.ANSWERED),
    _row(E.RETRACTED, _HUB, {S.ANSWERED}, S.CLAIMED),
    # afterwards
    _row(E.ASKED_AGAIN, _ASKER, {S.ANSWERED, S.CLOSED}, S.QUEUED),
    _row(E.CONFIRMED, _ASKER, {S.ANSWERED, S.IN_VILLAGE}, S.CLOSED, Reason.SOLVED),
    _row(E.SILENT, _CLOCK, {S.ANSWERED}, S.CLOSED, Reason.ASSUMED_SOLVED),
    _row(E.WITHDRAWN, {Role.ASKER, Role.LIAISON}, OPEN, S.CLOSED, Reason.WITHDRAWN),
    _row(E.NOT_LEGAL, _HUB, OPEN, S.CLOSED, Reason.NOT_LEGAL),
    _row(E.MERGED, _HUB, OPEN, S.CLOSED, Reason.MERGED),
    _row(E.UNMERGED, {*_HUB, Role.ASKER, Role.BOT}, {S.CLOSED}, S.QUEUED),
    _row(E.REFERRED, _HUB, OPEN, S.CLOSED, Reason.REFERRED),
    _row(E.EXPIRED, {Role.CLOCK, Role.DUTY_LEAD}, OPEN, S.CLOSED, Reason.EXPIRED),
    # journalled, no change of state
    _row(E.MARKED_URGENT, {*_VILLAGE, *_HUB}, OPEN),
    _row(E.ASKER_ADDED, _ASKER, OPEN),
    _row(E.NEIGHBOUR_SAID, {Role.NEIGHBOUR, Role.LIAISON}, OPEN),
    _row(E.ANSWER_DELIVERED, {Role.CHANNEL, Role.LIAISON}, ANY),
    _row(E.DELIVERY_FAILED, {Role.CHANNEL}, ANY),
    _row(E.EDITED, {*_VILLAGE, *_HUB}, ANY),
    _row(E.CORRECTED, _HUB, ANY),
    _row(E.RATED, _ASKER, ANY),
    _row(E.RECUSED, _HUB, ANY),
    _row(E.COLLECTED, _HUB, ANY),
    _row(E.JOINED, _HUB, {*IN_HUB, S.ANSWERED}),
    _row(E.PARTED, {*_HUB, Role.ASKER, Role.BOT}, ANY),
    _row(E.ANSWER_SHARED, _HUB, {S.CLOSED}),
    _row(E.NOTED, _HUB, ANY),
    _row(E.WARNED, _CLOCK, OPEN),
    _row(E.BREACHED, _CLOCK, OPEN),
    _row(E.ESCALATED, _CLOCK, OPEN),
    _row(E.FOLLOWED_UP, _CLOCK, {S.ANSWERED, S.CLOSED}),
    _row(E.RULES_CHANGED, {Role.DUTY_LEAD, Role.BOT}, OPEN),  # the bot: a calendar has come
    _row(E.ARMED, _BOT, ANY),
    _row(E.FIRED, _CLOCK, ANY),
    _row(E.CANCELLED, _BOT, ANY),
)
del S, E


def next_status(ticket: Ticket, event: Event, role: Role, at: datetime) -> Row:
    """Return the row of the table that `event`, caused by `role`, follows.

    Raises:
        TransitionRefused: the table has no such row; carries the state and the events that
            `role` could cause instead (`possible`).
    """
    for row in TABLE:
        if row.event is event and _fits(row, ticket, role, at):
            return row
    raise TransitionRefused(
        "refused.transition",
        {
            "ticket": str(ticket.id),
            "state": ticket.state,
            "event": event,
            "possible": " ".join(possible(ticket, role, at)),
        },
    )


def possible(ticket: Ticket, role: Role, at: datetime) -> tuple[Event, ...]:
    """Return the events that `role` may cause now and that move the ticket on."""
    return tuple(
        dict.fromkeys(
            row.event for row in TABLE if row.target is not None and _fits(row, ticket, role, at)
        )
    )


def _fits(row: Row, ticket: Ticket, role: Role, at: datetime) -> bool:
    if role not in row.by or ticket.state not in row.sources:
        return False
    if row.event is Event.ASKED_AGAIN and ticket.state is Status.CLOSED:
        return reopenable(ticket, at)
    if row.event in (Event.UNMERGED, Event.ANSWER_SHARED):
        return ticket.reason is Reason.MERGED
    return True


def reopenable(ticket: Ticket, at: datetime) -> bool:
    """Whether a closed ticket may be asked again: solved or expired, at most 30 days ago."""
    return (
        ticket.reason in REOPENABLE
        and ticket.closed_at is not None
        and at - ticket.closed_at <= REOPEN_WITHIN
    )


def evolve(ticket: Ticket | None, entry: Entry) -> Ticket:
    """Return the ticket after `entry`: the only way a ticket ever changes.

    Raises:
        TransitionRefused: the table does not allow it.
        ValueError: the first entry is not `asked`, or numbers have a gap.
    """
    if ticket is None:
        return _asked(entry)
    if entry.seq != ticket.seq + 1 or entry.ticket != ticket.id:
        msg = f"ticket {ticket.id}: entry {entry.seq} does not follow {ticket.seq}"
        raise ValueError(msg)
    row = next_status(ticket, entry.event, entry.role, entry.at)
    moved = replace(_affected(ticket, entry), seq=entry.seq)
    if row.target is None:
        return moved
    closing = row.target is Status.CLOSED
    return replace(
        moved,
        state=row.target,
        reason=row.reason,
        closed_at=entry.at if closing else None,
    )


def fold(journal: Iterable[Entry]) -> Ticket:
    """Return the ticket a whole journal tells; equals the stored row at any time.

    Raises:
        ValueError: the journal is empty.
    """
    ticket: Ticket | None = None
    for entry in journal:
        ticket = evolve(ticket, entry)
    if ticket is None:
        msg = "an empty journal tells no ticket"
        raise ValueError(msg)
    return ticket


def _asked(entry: Entry) -> Ticket:
    if entry.event is not Event.ASKED or entry.seq != 1 or entry.by is None:
        msg = f"ticket {entry.ticket}: a journal begins with who asked, found {entry.event}"
        raise ValueError(msg)
    data = entry.data
    return Ticket(
        id=entry.ticket,
        village=_whole(data["village"]),
        hub=_whole(data["hub"]),
        asker=entry.by,
        state=Status.NEW,
        opened_at=entry.at,
        policy_version=_whole(data["policy_version"]),
        calendar_version=str(data["calendar_version"]),
        category=str(data.get("category", "")),
    )


def _affected(ticket: Ticket, entry: Entry) -> Ticket:
    """The ticket with what the event changes beside the state."""
    match entry.event:
        case Event.FAQ_ANSWERED | Event.PICKED:
            changed = replace(ticket, faq=str(entry.data["entry"]))
        case Event.MARKED_URGENT:
            changed = replace(ticket, urgent_at=ticket.urgent_at or entry.at)
        case Event.RULES_CHANGED:
            changed = _under_rules(ticket, entry)
        case Event.CLAIMED | Event.RETRACTED:
            changed = replace(ticket, assignee=ticket.assignee or entry.by)
        case Event.ASSIGNED:
            changed = replace(ticket, assignee=_whole(entry.data["to"]))
        case Event.RELEASED | Event.LEASE_LOST | Event.TRANSFERRED | Event.RAISED:
            changed = _let_go(ticket, entry)
        case Event.ASKED_AGAIN | Event.UNMERGED:
            changed = _again(ticket, entry)
        case _:
            changed = ticket
    return changed


def _let_go(ticket: Ticket, entry: Entry) -> Ticket:
    hub = _whole(entry.data["hub"]) if entry.event is Event.RAISED else ticket.hub
    last = ticket.assignee or ticket.last_assignee
    return replace(ticket, hub=hub, assignee=None, last_assignee=last)


def _again(ticket: Ticket, entry: Entry) -> Ticket:
    """A new cycle; whoever worked on it last, here or where it was merged into, is named."""
    elsewhere = entry.data.get("last")
    last = elsewhere if isinstance(elsewhere, int) else ticket.assignee or ticket.last_assignee
    return replace(ticket, assignee=None, last_assignee=last, cycle=ticket.cycle + 1)


def _under_rules(ticket: Ticket, entry: Entry) -> Ticket:
    return replace(
        ticket,
        policy_version=_whole(entry.data["policy_version"]),
        calendar_version=str(entry.data["calendar_version"]),
    )


def _whole(value: Json) -> int:
    if not isinstance(value, int):
        msg = f"a whole number was expected in the journal, found {value!r}"
        raise TypeError(msg)
    return value
