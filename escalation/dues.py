"""When is each step of a running clock due, and which alarms must be set for that?

Pure: clocks + policy + calendar → alarms. Timer rows are only the alarm clocks set from these
(`reconcile`). Steps up to 100 are percents of a promise; 101, 102 … those of the chain after it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from escalation.calendar import BEIJING, DAY_MINUTES, WorkCalendar
from escalation.clocks import PROMISES, Clock
from escalation.model import ClockKind, Json, Ticket, Timer, TimerState
from escalation.policy import SlaPolicy
from escalation.working_time import Due, Pause, dues_less_pauses, moment_less_pauses

WHOLE = 100  # the step that stands for the promised moment itself
BY_DAY_AND_NIGHT = frozenset({ClockKind.QUIET, ClockKind.PAUSE, ClockKind.FOLLOW_UP})
CHAINED = PROMISES | {ClockKind.FORWARD}
"""What is told again while it is late."""
URGENT = frozenset(
    {ClockKind.CLAIM, ClockKind.FIRST_ANSWER, ClockKind.NEXT_ANSWER, ClockKind.LEASE}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """How long a clock may run: `minutes` of working time, or of all time, less its pauses."""

    started_at: datetime
    minutes: int
    around_the_clock: bool
    chain: tuple[int, ...] = ()  # minutes after the promise
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """When one step of a running clock is due.

    Attributes:
        step: percent of the promise; 100 is the promised moment, more a step of the chain.
        provisional: the holidays of a counted year are not published yet.
    """

    kind: ClockKind
    step: int
    cycle: int
    started_at: datetime
    due: datetime
    provisional: bool


def spans(clock: Clock, ticket: Ticket, policy: SlaPolicy) -> tuple[Span, ...]:
    """Return the spans of which the one that ends first is the promise.

    A ticket marked urgent while a clock runs keeps the earlier of its old promise and the
    urgent one, which counts day and night from the moment it was marked.
    """
    kind, start = clock.kind, clock.started_at
    found = []
    urgent_at = ticket.urgent_at if kind in URGENT else None
    if urgent_at is not None and clock.ended_at is not None and urgent_at > clock.ended_at:
        urgent_at = None
    if urgent_at is None or urgent_at > start:
        usual = Span(
            started_at=start,
            minutes=_minutes(policy)[kind],
            around_the_clock=kind in BY_DAY_AND_NIGHT,
            chain=policy.chain if kind in CHAINED else (),
            pauses=clock.pauses,
        )
        found.append(usual)
    if urgent_at is not None:
        urgent = Span(
            started_at=max(start, urgent_at),
            minutes=_urgent_minutes(policy)[kind],
            around_the_clock=True,
            chain=policy.urgent_chain,
            pauses=_after(clock.pauses, max(start, urgent_at)),
        )
        found.append(urgent)
    return tuple(found)


def promised_span(clock: Clock, ticket: Ticket, policy: SlaPolicy, calendar: WorkCalendar) -> Span:
    """Return the span that is the promise; a pause that lasts is taken as over at once."""

    def ends(part: Span) -> datetime:
        over = tuple(pause for pause in part.pauses if pause.until is not None)
        (found,) = at_steps(replace(part, pauses=over), [WHOLE], calendar)
        return found.at if found else datetime.max.replace(tzinfo=BEIJING)

    found = spans(clock, ticket, policy)
    return found[0] if len(found) == 1 else min(found, key=ends)


def _after(pauses: Iterable[Pause], start: datetime) -> tuple[Pause, ...]:
    """Return what is left of pauses from a moment on."""
    return tuple(
        replace(pause, since=max(pause.since, start))
        for pause in pauses
        if pause.until is None or pause.until > start
    )


def _minutes(policy: SlaPolicy) -> Mapping[ClockKind, int]:
    return {
        ClockKind.OFFER: policy.offer,
        ClockKind.QUIET: policy.quiet,
        ClockKind.WINDOW: policy.village_window,
        ClockKind.CLAIM: policy.claim,
        ClockKind.FIRST_ANSWER: policy.first_answer,
        ClockKind.NEXT_ANSWER: policy.next_answer,
        ClockKind.RESOLUTION: policy.resolution,
        ClockKind.SILENT: policy.silent,
        ClockKind.FORWARD: policy.forward,
        ClockKind.LEASE: policy.lease,
        ClockKind.PAUSE: policy.pause,
        ClockKind.FOLLOW_UP: policy.follow_up,
    }


def _urgent_minutes(policy: SlaPolicy) -> Mapping[ClockKind, int]:
    return {
        ClockKind.CLAIM: policy.urgent_claim,
        ClockKind.FIRST_ANSWER: policy.urgent_first_answer,
        ClockKind.NEXT_ANSWER: policy.urgent_next_answer,
        ClockKind.LEASE: policy.urgent_lease,
    }


def at_steps(part: Span, steps: Sequence[int], calendar: WorkCalendar) -> Sequence[Due | None]:
    """Return when steps of a span, ascending, are reached; None while a pause keeps one off.

    Working time counts in whole minutes, a fraction rounded up; all time counts exactly.
    """
    if not part.around_the_clock:
        minutes = [
            -(-part.minutes * _percent(step) // WHOLE) + _later(part, step) for step in steps
        ]
        return dues_less_pauses(calendar, part.started_at, minutes, part.pauses)
    spans = (
        timedelta(minutes=part.minutes) * _percent(step) / WHOLE
        + timedelta(minutes=_later(part, step))
        for step in steps
    )
    moments = (moment_less_pauses(part.started_at, span, part.pauses) for span in spans)
    return [Due(at=at, provisional=False) if at else None for at in moments]


def _percent(step: int) -> int:
    return min(step, WHOLE)


def _later(part: Span, step: int) -> int:
    """How many minutes after the promise a step of the chain is."""
    return part.chain[step - WHOLE - 1] if step > WHOLE else 0


def alarms(
    clocks: Iterable[Clock], ticket: Ticket, policy: SlaPolicy, calendar: WorkCalendar
) -> tuple[Alarm, ...]:
    """Return every alarm the clocks want, warnings before their promise, the chain after it."""
    return tuple(
        Alarm(
            kind=clock.kind,
            step=step,
            cycle=clock.cycle,
            started_at=part.started_at,
            due=due.at if clock.kind is not ClockKind.FOLLOW_UP else out_of(policy, due.at),
            provisional=due.provisional,
        )
        for clock in clocks
        for part in [promised_span(clock, ticket, policy, calendar)]
        for wanted in [steps(clock.kind, part, policy)]
        for step, due in zip(wanted, at_steps(part, wanted, calendar), strict=True)
        if due is not None
    )


def steps(kind: ClockKind, part: Span, policy: SlaPolicy) -> Sequence[int]:
    """Return the steps of a clock: of a promise its warnings and its chain as well.

    Whoever holds a ticket is warned once before the lease ends.
    """
    if kind is ClockKind.LEASE:
        return (*policy.warnings[-1:], WHOLE)
    if kind not in CHAINED:
        return (WHOLE,)
    chain = range(WHOLE + 1, WHOLE + 1 + len(part.chain))
    if kind is ClockKind.FORWARD:
        return (WHOLE, *chain)
    return (*policy.warnings, WHOLE, *chain)


def out_of(policy: SlaPolicy, at: datetime) -> datetime:
    """Return `at`, or the end of the quiet hours it falls into."""
    begin, end = policy.quiet_hours
    there = at.astimezone(BEIJING)
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0)
    minute = (there - midnight) / timedelta(minutes=1)
    if (begin <= minute < end) if begin <= end else (minute >= begin or minute < end):
        until = end if minute < end else end + DAY_MINUTES
        return (midnight + timedelta(minutes=until)).astimezone(at.tzinfo)
    return at


def reconcile(
    ticket: int, wanted: Sequence[Alarm], timers: Sequence[Timer], now: datetime
) -> tuple[tuple[Timer, ...], tuple[Timer, ...]]:
    """Return the timers to arm and the ones to cancel, so that exactly `wanted` will ring.

    An alarm that rang already is not set again, though its clock be due elsewhere now; one that
    has not and whose start or due moved is taken back and set anew with the next generation.
    """
    rows = {(timer.kind, timer.step): timer for timer in timers}
    asked = {(alarm.kind, alarm.step): alarm for alarm in wanted}
    arm = []
    for key, alarm in asked.items():
        row = rows.get(key)
        if row is not None and row.state is not TimerState.CANCELLED and _same(row, alarm):
            continue
        arm.append(
            Timer(
                ticket=ticket,
                kind=alarm.kind,
                step=alarm.step,
                gen=row.gen + 1 if row else 1,
                cycle=alarm.cycle,
                started_at=alarm.started_at,
                due=alarm.due,
                provisional=alarm.provisional,
            )
        )
    cancel = tuple(
        replace(row, state=TimerState.CANCELLED, cancelled_at=now)
        for key, row in rows.items()
        if row.state is TimerState.PENDING and not (key in asked and _same(row, asked[key]))
    )
    return tuple(arm), cancel


def told(timer: Timer) -> dict[str, Json]:
    """Return what the journal keeps of an alarm that is set, rings or is taken back."""
    return {
        "clock": timer.kind,
        "step": timer.step,
        "gen": timer.gen,
        "cycle": timer.cycle,
        "started_at": timer.started_at.isoformat(),
        "due": timer.due.isoformat(),
        "provisional": timer.provisional,
    }


def _same(row: Timer, alarm: Alarm) -> bool:
    same_clock = row.started_at == alarm.started_at and row.cycle == alarm.cycle
    same_due = (row.due, row.provisional) == (alarm.due, alarm.provisional)
    return same_clock and (row.state is TimerState.FIRED or same_due)
