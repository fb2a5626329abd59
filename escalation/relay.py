"""What does the hub see of a ticket? Pure: ticket and journal → Card; no person of the village."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from escalation import claiming
from escalation import deadlines as limits
from escalation.calendar import BEIJING
from escalation.clocks import PROMISES
from escalation.deadlines import Deadline
from escalation.dues import WHOLE, Alarm
from escalation.lifecycle import CARRIED
from escalation.model import ClockKind, Entry, Event, Person, Role, Status, Ticket

_SILENT_EVENTS = frozenset(
    {
        Event.ARMED,
        Event.FIRED,
        Event.CANCELLED,
        Event.WARNED,
        Event.ESCALATED,
        Event.NEIGHBOUR_SAID,
        Event.ASKER_ADDED,
        Event.ANSWER_DELIVERED,
        Event.DELIVERY_FAILED,
    }
)
_DONE = frozenset({Status.ANSWERED, Status.CLOSED})
ENTERS_HUB = frozenset({Event.HANDED_UP, Event.NONE_FITS, Event.UNHELPFUL, Event.ASKED_AGAIN})


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """Words under the question, masked: who in which part, when; `edited` ones stand beside."""

    role: Role
    at: datetime
    text: str
    edited: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """A running promise as the card shows it; `late` once its breach is recorded."""

    kind: ClockKind
    due: datetime
    provisional: bool
    late: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """How far the last answer got: arrived `at`, not arrived for `error`, else under way."""

    at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """The hub message that stands for a ticket, as values; bot renders it."""

    ticket: Ticket
    village: str
    question: str
    said: tuple[Said, ...]
    promises: tuple[Promise, ...]
    last: Entry
    delivery: Delivery | None
    sought: Entry | None = None
    joined: frozenset[int] = frozenset()
    on_duty: tuple[Person, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    collectable: bool = False


def in_hub(journal: Iterable[Entry]) -> bool:
    """Whether a ticket has ever come to the hub: from then on it has a card."""
    return any(entry.event in ENTERS_HUB for entry in journal)


def card(ticket: Ticket, journal: Sequence[Entry], alarms: Iterable[Alarm], village: str) -> Card:
    """Return what the hub sees of a ticket now."""
    return Card(
        ticket=ticket,
        village=village,
        question=str(journal[0].data["text"]),
        said=tuple(_said(journal)),
        promises=tuple(_promises(ticket, journal, alarms)),
        last=next(e for e in reversed(journal) if e.event not in _SILENT_EVENTS),
        delivery=delivery(journal),
        sought=claiming.sought(journal) if ticket.state is Status.QUEUED else None,
        joined=claiming.joined(journal),
        deadlines=() if ticket.state is Status.CLOSED else deadlines(journal),
        collectable=ticket.state in _DONE and claiming.collectable(journal) is not None,
    )


def deadlines(journal: Iterable[Entry]) -> tuple[Deadline, ...]:
    """Return the limits of the law that may be running, as the asker's own words have it."""
    told = (entry for entry in journal if entry.role is Role.ASKER and "text" in entry.data)
    return limits.closest(
        found
        for entry in told
        for found in limits.running(str(entry.data["text"]), entry.at.astimezone(BEIJING).date())
    )


def _said(journal: Iterable[Entry]) -> Iterable[Said]:
    for entry in journal:
        text = str(entry.data.get("text", ""))
        if (
            entry.event is Event.ASKED
            or not text
            or entry.role in (Role.RESPONDER, Role.DUTY_LEAD)
        ):
            continue
        changed = entry.event is Event.EDITED
        yield Said(role=entry.role, at=entry.at, text=text, edited=changed)


def _promises(
    ticket: Ticket, journal: Sequence[Entry], alarms: Iterable[Alarm]
) -> Iterable[Promise]:
    broken = {
        (entry.data["clock"], entry.data["due"])
        for entry in journal
        if entry.event is Event.BREACHED
    }
    for alarm in alarms:
        if alarm.kind in PROMISES and alarm.step == WHOLE and ticket.state is not Status.CLOSED:
            late = (alarm.kind, alarm.due.isoformat()) in broken
            yield Promise(kind=alarm.kind, due=alarm.due, provisional=alarm.provisional, late=late)


def carried_by(journal: Sequence[Entry]) -> int | None:
    """Return the liaison who asked for somebody no bot can reach, and carries the answer."""
    by = journal[0].data.get("relayed_by")
    return by if isinstance(by, int) else None


def waits_to_be_forwarded(journal: Sequence[Entry]) -> bool:
    """Whether an answer lies with the liaison, who has not said that it was carried on."""
    if carried_by(journal) is None:
        return False
    return delivery(journal) == Delivery()


def newest_answer(journal: Sequence[Entry]) -> str:
    """Return what was answered last; empty before the first answer."""
    found = (entry for entry in reversed(journal) if entry.event in CARRIED)
    return next((str(entry.data["text"]) for entry in found), "")


def delivery(journal: Iterable[Entry]) -> Delivery | None:
    """Return how far the last answer of a person got; None before the first."""
    found: Delivery | None = None
    for entry in journal:
        if entry.event in CARRIED:
            found = Delivery()
        elif entry.event is Event.ANSWER_DELIVERED:
            found = Delivery(at=entry.at)
        elif entry.event is Event.DELIVERY_FAILED:
            found = Delivery(error=str(entry.data["error"]))
        elif entry.event is Event.RETRACTED:
            found = None
    return found
