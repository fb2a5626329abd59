"""How does a decision get into the tables, and what must have happened before one is made?"""

from datetime import datetime

from base.wording import Wording
from bot import alarms, dossiers, reminders
from bot.facts import Decision, Dossier
from bot.parts import parts
from bot.ports import Unit
from escalation.changes import Change, Dismiss, DropDraft, KeepDraft, Move, PutDuties
from escalation.model import Timer, TimerState


def apply(unit: Unit, decision: Decision, now: datetime) -> None:
    """Write everything a decision says; the only place that does."""
    if decision.ticket is not None:
        unit.tickets.save(decision.ticket, decision.entries)
    unit.timers.put(decision.timers)
    for change in decision.changes:
        _change(unit, change, now)
    for link in decision.links:
        unit.tickets.link(link)
    for written in decision.written:
        unit.faq.add(written, now)
    unit.misses.settle(decision.settled, now)
    for other in decision.also:
        apply(unit, other, now)
    outgoing = (part for message in decision.outgoing for part in parts(message))
    unit.outbox.promise_all(outgoing, now)


def _change(unit: Unit, change: Change, now: datetime) -> None:
    if isinstance(change, KeepDraft | DropDraft):
        unit.drafts.change(change, now)
    elif isinstance(change, PutDuties):
        unit.rosters.put(change.hub, change.duties)
    else:
        unit.people.change(change, now)
        _off_roster(unit, change, now)
    if isinstance(change, Move):
        unit.outbox.move(change.old, change.new)


def _off_roster(unit: Unit, change: Change, now: datetime) -> None:
    """Whoever is nothing in a hub any more is not on duty there either."""
    kind, _, number = change.place.partition(":") if isinstance(change, Dismiss) else ("", "", "")
    if isinstance(change, Dismiss) and kind == "hub":
        unit.rosters.forget(int(number), change.person, now)


def ring(unit: Unit, timer: Timer, file: Dossier, words: Wording, now: datetime) -> None:
    """Ring one alarm and write what follows."""
    slot = reminders.slot(file, now)
    listed = reminders.Listed(slot=slot, text=unit.outbox.said_in(slot, file.hub.chat.ref))
    apply(unit, alarms.ring(timer, file, words, now, listed), now)


def catch_up(unit: Unit, file: Dossier | None, words: Wording, now: datetime) -> bool:
    """Ring what is overdue for a ticket before anything else happens to it.

    So a broken promise is on record at its due, however busy we were. Return whether any rang.
    """
    overdue = [
        timer
        for timer in (file.timers if file else ())
        if timer.state is TimerState.PENDING and timer.due <= now
    ]
    for timer in sorted(overdue, key=lambda timer: (timer.due, timer.step)):
        fresh = dossiers.dossier(unit, timer.ticket)
        if fresh is not None:
            ring(unit, timer, fresh, words, now)
    return bool(overdue)
