"""Which promises of time are running for a ticket, and when does each alarm ring?

Pure: journal + policy + calendar → running clocks → alarms. Nothing here is stored as truth;
timer rows are only the alarm clocks set from it (`reconcile`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from escalation.calendar import WorkCalendar
from escalation.calendar import due as working_due
from escalation.lifecycle import IN_HUB, evolve
from escalation.model import (
    ClockKind,
    Entry,
    Event,
    SlaPolicy,
    Status,
    Ticket,
    Timer,
    TimerState,
)

WHOLE = 100  # the step that stands for the promised moment itself
PROMISES = frozenset({ClockKind.CLAIM, ClockKind.FIRST_ANSWER, ClockKind.NEXT_ANSWER})
_RUNS_WHILE: Mapping[Status, ClockKind] = {
    Status.OFFERED: ClockKind.OFFER,
    Status.FAQ_ANSWERED: ClockKind.QUIET,
    Status.IN_VILLAGE: ClockKind.WINDOW,
    Status.QUEUED: ClockKind.CLAIM,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """One running clock: what it measures, since when, in which cycle of the ticket."""

    kind: ClockKind
    cycle: int
    started_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """How long a clock may run: `minutes` of working time, or of all time."""

    started_at: datetime
    minutes: int
    around_the_clock: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """When one step of a running clock is due.

    Attributes:
        step: percent of the promise; 100 is the promised moment.
        provisional: the holidays of a counted year are not published yet.
    """

    kind: ClockKind
    step: int
    cycle: int
    started_at: datetime
    due: datetime
    provisional: bool


def running(journal: Iterable[Entry]) -> tuple[Clock, ...]:
    """Return the clocks running after the last entry, at most one of each kind."""
    clocks: dict[ClockKind, Clock] = {}
    ticket: Ticket | None = None
    helped = False  # a person's answer has reached the asker in some cycle
    for entry in journal:
        before = ticket.state if ticket else None
        ticket = evolve(ticket, entry)
        if ticket.state is not before:
            _follow_state(clocks, before, ticket, entry)
        helped = helped or entry.event is Event.ANSWER_DELIVERED
        _follow_event(clocks, ticket, entry, helped=helped)
    return tuple(clocks.values())


def _follow_state(
    clocks: dict[ClockKind, Clock], before: Status | None, ticket: Ticket, entry: Entry
) -> None:
    """Start and stop the clocks that run exactly while a state lasts."""
    if before is not None and before in _RUNS_WHILE:
        clocks.pop(_RUNS_WHILE[before], None)
    clocks.pop(ClockKind.SILENT, None)
    if ticket.state in _RUNS_WHILE:
        kind = _RUNS_WHILE[ticket.state]
        clocks[kind] = Clock(kind=kind, cycle=ticket.cycle, started_at=entry.at)
    if ticket.state is Status.CLOSED:
        clocks.clear()


def _follow_event(
    clocks: dict[ClockKind, Clock], ticket: Ticket, entry: Entry, *, helped: bool
) -> None:
    """Start and stop the answer clocks, and the quiet time after a delivered answer."""
    if entry.event is Event.ANSWER_DELIVERED:
        clocks.pop(ClockKind.FIRST_ANSWER, None)
        clocks.pop(ClockKind.NEXT_ANSWER, None)
        if ticket.state is Status.ANSWERED:
            kind = ClockKind.SILENT
            clocks[kind] = Clock(kind=kind, cycle=ticket.cycle, started_at=entry.at)
    answer_clocks = {ClockKind.FIRST_ANSWER, ClockKind.NEXT_ANSWER} & set(clocks)
    if ticket.state in IN_HUB and not answer_clocks:
        kind = ClockKind.NEXT_ANSWER if helped else ClockKind.FIRST_ANSWER
        clocks[kind] = Clock(kind=kind, cycle=ticket.cycle, started_at=entry.at)


def span(clock: Clock, ticket: Ticket, policy: SlaPolicy) -> tuple[Span, ...]:
    """Return the spans of which the one that ends first is the promise.

    A ticket marked urgent while a clock runs keeps the earlier of its old promise and the
    urgent one, which counts day and night from the moment it was marked.
    """
    kind, start = clock.kind, clock.started_at
    if kind is ClockKind.QUIET:
        return (Span(started_at=start, minutes=policy.quiet, around_the_clock=True),)
    spans = []
    urgent_at = ticket.urgent_at if kind in PROMISES else None
    if urgent_at is None or urgent_at > start:
        spans.append(
            Span(started_at=start, minutes=_minutes(policy)[kind], around_the_clock=False)
        )
    if urgent_at is not None:
        spans.append(
            Span(
                started_at=max(start, urgent_at),
                minutes=_urgent_minutes(policy)[kind],
                around_the_clock=True,
            )
        )
    return tuple(spans)


def _minutes(policy: SlaPolicy) -> Mapping[ClockKind, int]:
    return {
        ClockKind.OFFER: policy.offer,
        ClockKind.WINDOW: policy.village_window,
        ClockKind.CLAIM: policy.claim,
        ClockKind.FIRST_ANSWER: policy.first_answer,
        ClockKind.NEXT_ANSWER: policy.next_answer,
        ClockKind.SILENT: policy.silent,
    }


def _urgent_minutes(policy: SlaPolicy) -> Mapping[ClockKind, int]:
    return {
        ClockKind.CLAIM: policy.urgent_claim,
        ClockKind.FIRST_ANSWER: policy.urgent_first_answer,
        ClockKind.NEXT_ANSWER: policy.urgent_next_answer,
    }


def at_step(part: Span, step: int, calendar: WorkCalendar) -> tuple[datetime, bool]:
    """Return when `step` percent of a span are used up, and whether that is provisional.

    Working time counts in whole minutes, a fraction rounded up; all time counts exactly.
    """
    if part.around_the_clock:
        return part.started_at + timedelta(minutes=part.minutes) * step / WHOLE, False
    found = working_due(calendar, part.started_at, -(-part.minutes * step // WHOLE))
    return found.at, found.provisional


def alarms(
    clocks: Iterable[Clock], ticket: Ticket, policy: SlaPolicy, calendar: WorkCalendar
) -> tuple[Alarm, ...]:
    """Return every alarm the running clocks want, warnings before their promise."""
    wanted = []
    for clock in clocks:
        part = min(span(clock, ticket, policy), key=lambda part: at_step(part, WHOLE, calendar)[0])
        steps = (*policy.warnings, WHOLE) if clock.kind in PROMISES else (WHOLE,)
        for step in steps:
            due, provisional = at_step(part, step, calendar)
            wanted.append(
                Alarm(
                    kind=clock.kind,
                    step=step,
                    cycle=clock.cycle,
                    started_at=part.started_at,
                    due=due,
                    provisional=provisional,
                )
            )
    return tuple(wanted)


def reconcile(
    ticket: int, wanted: Sequence[Alarm], timers: Sequence[Timer], now: datetime
) -> tuple[tuple[Timer, ...], tuple[Timer, ...]]:
    """Return the timers to arm and the ones to cancel, so that exactly `wanted` will ring.

    An alarm that rang already is not set again; one whose start or due moved is taken back and
    set anew with the next generation.
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


def _same(row: Timer, alarm: Alarm) -> bool:
    return row.started_at == alarm.started_at and row.due == alarm.due
