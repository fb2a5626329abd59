"""What does time do to a ticket, and what does the channel's word about a delivery? Pure."""

from datetime import datetime, timedelta

from base.boxes import OutboxItem
from base.messages import Kind, Words
from base.wording import Wording
from bot import cards, questions, raising, reminders, rendering
from bot.facts import Decision, Dossier
from bot.reminders import Listed
from bot.turn import Turn
from escalation.dues import WHOLE, out_of
from escalation.lifecycle import IN_HUB
from escalation.model import ClockKind, Event, Role, Status, Timer, TimerState
from escalation.relay import waits_to_be_forwarded

ENDS = {
    ClockKind.OFFER: Event.OFFER_LAPSED,
    ClockKind.QUIET: Event.QUIET,
    ClockKind.WINDOW: Event.HANDED_UP,
    ClockKind.SILENT: Event.SILENT,
    ClockKind.PAUSE: Event.PAUSE_ENDED,
    ClockKind.FOLLOW_UP: Event.FOLLOWED_UP,
    ClockKind.LEASE: Event.LEASE_LOST,
}
"""What happens when a quiet time is over; the other clocks are promises, kept or broken."""
TOLD = ("hub", "duty_lead", "above", "operator")
"""Whom the steps of the chain tell, in this order, the hub above only where there is one."""
LATE = timedelta(minutes=10)
"""An alarm noticed later rings among many: cards are left alone then, the list names all."""


def ring(
    timer: Timer, dossier: Dossier, words: Wording, now: datetime, listed: Listed
) -> Decision:
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
    if timer.kind is ClockKind.FORWARD:
        if not _overtaken(timer, turn):
            _remind_carrier(turn)
        return turn.done(card=False)
    if timer.kind in ENDS and timer.step == WHOLE:
        _quiet_time_over(timer, turn, listed)
        return turn.done()
    _promise_step(timer, turn, listed)
    moved = turn.ticket.hub != dossier.ticket.hub  # there it has no card yet
    return turn.done(card=moved or now - timer.due <= LATE)


def _quiet_time_over(timer: Timer, turn: Turn, listed: Listed) -> None:
    turn.record(ENDS[timer.kind], Role.CLOCK)
    match timer.kind:
        case ClockKind.OFFER:
            questions.open_window(turn, "village.offer_lapsed")
        case ClockKind.WINDOW:
            questions.promise_answer(turn, "village.handed_up.clock")
        case ClockKind.PAUSE:
            questions.promise_answer(turn, "village.pause_ended")
            reminders.tell(turn, cards.pause_ended(turn.file, turn.words), listed)
        case ClockKind.LEASE:
            reminders.tell(turn, cards.lease_lost(turn.file, turn.words), listed)
        case ClockKind.FOLLOW_UP:
            closed = turn.ticket.state is Status.CLOSED
            key = "village.follow_up" if closed else "village.follow_up.open"
            turn.reply_to_asker(rendering.to_confirm(key, turn.ticket.id, turn.words))


def _remind_carrier(turn: Turn) -> None:
    """An answer lies with the liaison: say so again, not in quiet hours."""
    asker, number = turn.file.people[turn.ticket.asker], turn.ticket.id
    text = turn.words("desk.not_forwarded", name=asker.name, ticket=number)
    words = Words(text=text, reply_to=turn.file.question)
    turn.tell_village(words, Kind.REMINDER, out_of(turn.file.policy, turn.now))


def _promise_step(timer: Timer, turn: Turn, listed: Listed) -> None:
    """A promise comes close, is broken, or stays broken: on record, and told to the hub."""
    facts = _promise(timer)
    if timer.step < WHOLE:
        turn.record(Event.WARNED, Role.CLOCK, None, **facts)
        key = f"hub.warned.{timer.kind}"
    elif timer.step == WHOLE:
        turn.record(Event.BREACHED, Role.CLOCK, None, **facts)
        key = f"hub.breached.{timer.kind}"
    else:
        chain = [one for one in TOLD if one != "above" or turn.file.above is not None]
        to = chain[min(timer.step - WHOLE, len(chain)) - 1]
        turn.record(Event.ESCALATED, Role.CLOCK, None, **facts, to=to)
        if to == "above" and turn.ticket.state in IN_HUB:
            raising.move(turn, Role.CLOCK)
            return
        key = f"hub.escalated.{to}"
    promised = turn.promised().get(timer.kind)
    waits_for_us = timer.kind is not ClockKind.RESOLUTION or turn.ticket.state in IN_HUB
    carried = waits_to_be_forwarded(turn.file.journal)
    if promised is not None and waits_for_us and not carried and not _overtaken(timer, turn):
        time = rendering.when(rendering.up_to_minute(promised.due), turn.now)
        text = cards.reminder(key, turn.file, timer, time, turn.words)
        reminders.tell(turn, text, listed)


def _overtaken(timer: Timer, turn: Turn) -> bool:
    """Whether a later step of the same clock is due as well, and will say more."""
    return any(
        alarm.kind is timer.kind and alarm.step > timer.step and alarm.due <= turn.now
        for alarm in turn.alarms()
    )


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
