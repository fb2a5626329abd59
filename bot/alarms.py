"""What does time do to a ticket, and what does the channel's word about a delivery? Pure."""

from datetime import datetime

from base.boxes import OutboxItem
from base.messages import Kind
from base.wording import Wording
from bot import cards, questions, rendering
from bot.facts import Decision, Dossier
from bot.turn import Turn
from escalation.clocks import WHOLE
from escalation.model import ClockKind, Event, Role, Timer, TimerState

ENDS = {
    ClockKind.OFFER: Event.OFFER_LAPSED,
    ClockKind.QUIET: Event.QUIET,
    ClockKind.WINDOW: Event.HANDED_UP,
    ClockKind.SILENT: Event.SILENT,
}
"""What happens when a quiet time is over; the other clocks are promises, kept or broken."""


def ring(timer: Timer, dossier: Dossier, words: Wording, now: datetime) -> Decision:
    """Return what follows from a due alarm; nothing if it was taken back or set anew meanwhile.

    Everything counts from the alarm's due, however late it is noticed.
    """
    current = {(row.kind, row.step): row for row in dossier.timers}.get((timer.kind, timer.step))
    if current is None or current.gen != timer.gen or current.state is not TimerState.PENDING:
        return Decision()
    turn = Turn(
        key=f"alarm:{timer.ticket}:{timer.kind}:{timer.step}:{timer.gen}",
        at=timer.due,
        now=now,
        words=words,
        dossier=dossier,
        by_clock=True,
    )
    turn.ring(timer)
    if timer.kind in ENDS:
        _quiet_time_over(timer, turn)
    elif timer.step < WHOLE:
        turn.record(Event.WARNED, Role.CLOCK, None, **_promise(timer))
        _remind(turn, timer, f"hub.warned.{timer.kind}")
    else:
        turn.record(Event.BREACHED, Role.CLOCK, None, **_promise(timer))
        _remind(turn, timer, f"hub.breached.{timer.kind}")
    return turn.done()


def _quiet_time_over(timer: Timer, turn: Turn) -> None:
    turn.record(ENDS[timer.kind], Role.CLOCK)
    if timer.kind is ClockKind.OFFER:
        questions.open_window(turn, "village.offer_lapsed")
    elif timer.kind is ClockKind.WINDOW:
        questions.promise_answer(turn, "village.handed_up.clock")


def _remind(turn: Turn, timer: Timer, key: str) -> None:
    due = rendering.up_to_minute(turn.promised()[timer.kind].due)
    time = rendering.when(due, turn.now)
    turn.tell_hub(cards.reminder(key, turn.file, timer.step, time, turn.words), Kind.REMINDER)


def _promise(timer: Timer) -> dict[str, str | int]:
    return {
        "clock": timer.kind,
        "cycle": timer.cycle,
        "step": timer.step,
        "due": timer.due.isoformat(),
    }


def delivered(item: OutboxItem, dossier: Dossier, words: Wording, now: datetime) -> Decision:
    """Return what follows from the channel having accepted a person's answer."""
    turn = Turn(key=f"sent:{item.id}", at=now, now=now, words=words, dossier=dossier)
    turn.record(Event.ANSWER_DELIVERED, Role.CHANNEL, None, message=item.message_id)
    return turn.done()


def undelivered(item: OutboxItem, dossier: Dossier, words: Wording, now: datetime) -> Decision:
    """Return what follows from an answer the channel will not take: the hub is told."""
    turn = Turn(key=f"failed:{item.id}", at=now, now=now, words=words, dossier=dossier)
    why = item.error or ""
    turn.record(Event.DELIVERY_FAILED, Role.CHANNEL, None, error=why)
    turn.tell_hub(cards.undelivered(turn.file, why, words))
    return turn.done()
