"""How does it read why a clock is due then? Accounts of clocks → lines of plain Chinese."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from base.messages import Words
from base.wording import Wording
from bot import rendering
from bot.facts import Dossier
from escalation.clocks import PROMISES, history, running
from escalation.dues import WHOLE
from escalation.explain import Account, account
from escalation.working_time import CountedDay, Interval, Pause

DAYS_SHOWN = 12  # of a clock, under a card
A_MINUTE = timedelta(minutes=1)


def under_card(file: Dossier, now: datetime, words: Wording) -> Words:
    """Return why the promises that run are due when they are."""
    clocks = [clock for clock in running(file.journal) if clock.kind in PROMISES]
    accounts = account(clocks, file.ticket, file.policy, file.calendar, now)
    lines = [line for one in accounts for line in _lines(one, now, words, DAYS_SHOWN)]
    text = "\n".join([*lines, _rules(file, words)]) if lines else words("why.nothing")
    return Words(text=text, reply_slot=f"card:{file.ticket.id}")


def whole(file: Dossier, now: datetime, words: Wording) -> Sequence[str]:
    """Return how every clock that the ticket ever had was counted, a line each thing."""
    accounts = account(history(file.journal), file.ticket, file.policy, file.calendar, now)
    return [*(line for one in accounts for line in _lines(one, now, words)), _rules(file, words)]


def _rules(file: Dossier, words: Wording) -> str:
    ticket = file.ticket
    return words(
        "why.rules",
        ticket=ticket.id,
        policy=ticket.policy_version,
        calendar=ticket.calendar_version,
    )


def _lines(one: Account, now: datetime, words: Wording, shown: int | None = None) -> Iterator[str]:
    """What runs, how long and since when; each day and pause; when it is due, and its end."""
    kind = "all" if one.span.around_the_clock else "working"
    yield words(
        f"why.clock.{kind}",
        clock=words(f"clock.{one.clock.kind}"),
        cycle=words("why.cycle", cycle=one.clock.cycle) if one.clock.cycle > 1 else "",
        minutes=one.span.minutes,
        start=_moment(one.span.started_at),
    )
    for day in one.days[:shown]:
        yield _day(day, words)
    if shown is not None and len(one.days) > shown:
        yield words("why.more_days", count=len(one.days) - shown)
    for pause in one.span.pauses:
        yield _pause(pause, words)
    if one.due is None:
        yield words("why.standing", used=_minutes(one.used))
    else:
        yield _due(one, words)
    if one.clock.ended_at is not None and one.clock.ended_by is not None:
        why = words(f"event.{one.clock.ended_by}", who=words("who.somebody"), clock="", step="")
        yield words(
            "why.ended", time=_moment(one.clock.ended_at), why=why, used=_minutes(one.used)
        )


def _due(one: Account, words: Wording) -> str:
    steps = "，".join(
        words("why.step", step=alarm.step, time=_moment(alarm.due))
        for alarm in one.alarms
        if alarm.step < WHOLE
    )
    due = one.due.due if one.due else one.span.started_at
    provisional = words("card.provisional") if one.due and one.due.provisional else ""
    marks = words("why.steps", steps=steps) if steps else ""
    return words("why.due", time=_moment(due), steps=marks, provisional=provisional)


def _day(day: CountedDay, words: Wording) -> str:
    added = sum((part.closes - part.opens for part in day.intervals), timedelta(0))
    guess = words("why.guess") if day.provisional else ""
    name = words(f"why.day.{day.kind}")
    date = rendering.day(day.day)
    if not day.intervals:
        return words("why.no_time", day=date, kind=name, guess=guess)
    parts = "，".join(_part(part) for part in day.intervals)
    return words(
        "why.time", day=date, kind=name, parts=parts, minutes=_minutes(added), guess=guess
    )


def _part(part: Interval) -> str:
    return f"{rendering.clock(part.opens)}到{rendering.clock(part.closes)}"


def _pause(pause: Pause, words: Wording) -> str:
    if pause.until is None:
        return words("why.pause_lasts", since=_moment(pause.since))
    return words("why.pause", since=_moment(pause.since), until=_moment(pause.until))


def _moment(at: datetime) -> str:
    return f"{rendering.day(rendering.date_of(at))} {rendering.clock(at)}"


def _minutes(span: timedelta) -> str:
    """Minutes, with the seconds where there are some."""
    minutes, rest = divmod(span, A_MINUTE)
    seconds = rest.total_seconds()
    return f"{minutes}分钟" if not seconds else f"{minutes}分{seconds:g}秒"
