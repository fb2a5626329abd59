"""When are N working minutes over, and why then?

A minute of Beijing wall time works iff it starts inside an open window of its local day; windows
are half-open. Due = the end of the N-th working minute at or after the start. The sums below run
in whole seconds and less, which gives the same moments and keeps the seconds of a start inside.
Time in a pause counts for nothing, to the microsecond.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile

from base.clock import aware
from escalation.calendar import DAY_MINUTES, DayKind, WorkCalendar, day_kind, is_guess, windows_of

ONE_DAY = timedelta(days=1)
LONGEST_MINUTES = 10 * 366 * DAY_MINUTES  # ten years; nothing we promise is longer


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """Open time in UTC, half-open; `day` is the local day on which its window opened."""

    day: date
    opens: datetime
    closes: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause:
    """Time in which a clock stands still, half-open; `until` None while it lasts."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A promised moment, in UTC; provisional while it hangs on a year not yet published."""

    at: datetime
    provisional: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CountedDay:
    """What one local day adds to a clock, and why; without intervals it adds nothing."""

    day: date
    kind: DayKind
    provisional: bool
    intervals: tuple[Interval, ...]


def due(calendar: WorkCalendar, start: datetime, minutes: int) -> Due:
    """The moment `minutes` working minutes after `start`.

    A due on closing time stays there. No minutes: `start` when open, else the next opening.

    Raises:
        ValueError: `start` is naive, or `minutes` is negative or more than ten years.
    """
    (found,) = dues_less_pauses(calendar, start, [minutes], ())
    if found is None:
        raise AssertionError  # unreachable: open time never ends
    return found


def dues_less_pauses(
    calendar: WorkCalendar, start: datetime, minutes: Sequence[int], pauses: Sequence[Pause]
) -> Sequence[Due | None]:
    """The same for several, each not less than the one before, with time in `pauses` not counted.

    None for what a pause without end keeps off.

    Raises:
        ValueError: `start` is naive, or `minutes` are negative or more than ten years.
    """
    if not all(0 <= one <= LONGEST_MINUTES for one in minutes):
        msg = f"minutes out of range: {minutes}"
        raise ValueError(msg)
    spans = [timedelta(minutes=one) for one in minutes]
    found = _reached(_less(_open_from(calendar, start), pauses), spans)
    dues: list[Due | None] = [
        Due(at=part.closes, provisional=is_guess(calendar, part.day)) for part in found
    ]
    return dues + [None] * (len(spans) - len(dues))


def moment_less_pauses(
    start: datetime, span: timedelta, pauses: Sequence[Pause]
) -> datetime | None:
    """The moment `span` after `start` by day and night, with time in `pauses` not counted."""
    end = aware(start) + span + sum((_length(pause) for pause in pauses), timedelta(0))
    always = Interval(day=start.date(), opens=aware(start), closes=end)
    found = _reached(_less([always], pauses), [span])
    return found[0].closes if found else None


def next_opening(calendar: WorkCalendar, at: datetime) -> datetime:
    """The first open moment at or after `at`, in UTC."""
    return due(calendar, at, 0).at


def is_open(calendar: WorkCalendar, at: datetime) -> bool:
    """Is this moment working time? Closing time is not."""
    return next_opening(calendar, at) == at


def working_time(calendar: WorkCalendar, start: datetime, end: datetime) -> timedelta:
    """Working time between two moments; zero when `end` is not after `start`."""
    return sum((i.closes - i.opens for i in _open_between(calendar, start, end)), timedelta(0))


def counted(
    calendar: WorkCalendar, start: datetime, end: datetime, pauses: Sequence[Pause] = ()
) -> tuple[CountedDay, ...]:
    """Every local day from `start` to `end`: why it counts or not, and what it adds.

    The day before the first is listed only when its night shift adds something.
    """
    if aware(end) <= aware(start):
        return ()
    found: dict[date, list[Interval]] = {}
    for interval in _less(_open_between(calendar, start, end), pauses):
        found.setdefault(interval.day, []).append(interval)
    day = aware(start).astimezone(calendar.tz).date()
    last = (aware(end) - timedelta.resolution).astimezone(calendar.tz).date()
    for ordinal in range(day.toordinal(), last.toordinal() + 1):
        found.setdefault(date.fromordinal(ordinal), [])
    return tuple(
        CountedDay(
            day=day,
            kind=day_kind(calendar, day),
            provisional=is_guess(calendar, day),
            intervals=tuple(found[day]),
        )
        for day in sorted(found)
    )


def _open_from(calendar: WorkCalendar, start: datetime) -> Iterator[Interval]:
    """Open time from `start` on, in order, without end; where windows overlap, counted once."""
    reached = aware(start)
    day = reached.astimezone(calendar.tz).date() - ONE_DAY  # its night shift may still be open
    while True:
        midnight = datetime.combine(day, time(), calendar.tz).astimezone(UTC)
        for window in sorted(windows_of(calendar, day)):
            opens = max(reached, midnight + timedelta(minutes=window.opens))
            closes = midnight + timedelta(minutes=window.closes)
            if opens < closes:
                yield Interval(day=day, opens=opens, closes=closes)
                reached = closes
        day += ONE_DAY


def _open_between(calendar: WorkCalendar, start: datetime, end: datetime) -> Iterator[Interval]:
    stop = aware(end)
    for interval in takewhile(lambda i: i.opens < stop, _open_from(calendar, start)):
        closes = min(stop, interval.closes)
        yield Interval(day=interval.day, opens=interval.opens, closes=closes)


def _reached(intervals: Iterable[Interval], spans: Sequence[timedelta]) -> list[Interval]:
    """Return the intervals, cut off there, in which each span is used up; spans ascend."""
    found: list[Interval] = []
    used = timedelta(0)
    for interval in intervals:
        length = interval.closes - interval.opens
        while len(found) < len(spans) and spans[len(found)] - used <= length:
            closes = interval.opens + spans[len(found)] - used
            found.append(Interval(day=interval.day, opens=interval.opens, closes=closes))
        if len(found) == len(spans):
            break
        used += length
    return found


def _less(intervals: Iterable[Interval], pauses: Sequence[Pause]) -> Iterator[Interval]:
    """Intervals without what lies in a pause; nothing after one without end."""
    ordered = sorted(pauses, key=lambda pause: aware(pause.since))
    for interval in intervals:
        reached, over = interval.opens, False
        for pause in ordered:
            stop = min(aware(pause.since), interval.closes)
            if reached < stop:
                yield Interval(day=interval.day, opens=reached, closes=stop)
            over = pause.until is None and stop < interval.closes
            if over:
                break
            reached = max(reached, stop, aware(pause.until) if pause.until else stop)
        if over:
            return
        if reached < interval.closes:
            yield Interval(day=interval.day, opens=reached, closes=interval.closes)


def _length(pause: Pause) -> timedelta:
    if pause.until is None:
        return timedelta(0)
    return max(timedelta(0), pause.until - pause.since)
