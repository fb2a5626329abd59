"""Why is a clock due when it is? Everything that was counted, as values; bot writes it out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from escalation.calendar import WorkCalendar
from escalation.clocks import Clock
from escalation.dues import WHOLE, Alarm, Span, alarms, promised_span
from escalation.model import Ticket
from escalation.policy import SlaPolicy
from escalation.working_time import CountedDay, counted


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """How one clock was counted.

    Attributes:
        span: the promise it was held to: since when, how long, less which pauses.
        alarms: its steps with their dues; none that a lasting pause keeps off.
        days: what each day added up to the due, or up to now while none is known; empty for a
            clock that runs by day and night.
        used: what is used up of the span at the end, or now.
    """

    clock: Clock
    span: Span
    alarms: tuple[Alarm, ...]
    days: tuple[CountedDay, ...]
    used: timedelta

    @property
    def due(self) -> Alarm | None:
        """The promised moment, None while a pause lasts."""
        return next((alarm for alarm in self.alarms if alarm.step == WHOLE), None)


def account(
    clocks: Iterable[Clock],
    ticket: Ticket,
    policy: SlaPolicy,
    calendar: WorkCalendar,
    now: datetime,
) -> tuple[Account, ...]:
    """Return how each of the clocks was counted, in their order."""
    return tuple(_account(clock, ticket, policy, calendar, now) for clock in clocks)


def _account(
    clock: Clock, ticket: Ticket, policy: SlaPolicy, calendar: WorkCalendar, now: datetime
) -> Account:
    span = promised_span(clock, ticket, policy, calendar)
    found = alarms([clock], ticket, policy, calendar)
    due = next((alarm.due for alarm in found if alarm.step == WHOLE), None)
    reached = clock.ended_at or now
    return Account(
        clock=clock,
        span=span,
        alarms=found,
        days=()
        if span.around_the_clock
        else counted(calendar, span.started_at, due or reached, span.pauses),
        used=_used(span, calendar, reached),
    )


def _used(span: Span, calendar: WorkCalendar, reached: datetime) -> timedelta:
    if not span.around_the_clock:
        days = counted(calendar, span.started_at, reached, span.pauses)
        parts = (part.closes - part.opens for day in days for part in day.intervals)
        return sum(parts, timedelta(0))
    stood = (
        min(pause.until or reached, reached) - pause.since
        for pause in span.pauses
        if pause.since < reached
    )
    return max(timedelta(0), reached - span.started_at - sum(stood, timedelta(0)))
