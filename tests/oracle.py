"""When is a due time, worked out the slow way? One minute after the other, from the JSON form.

Knows nothing of escalation/: whoever compares the two compares two independent answers.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))


class Oracle:
    """One calendar of the JSON form."""

    def __init__(self, form: Mapping[str, Any], name: str, expected: frozenset[str]) -> None:
        self.entry = form["calendars"][name]
        self.off: set[str] = set(form["off"])
        self.work: set[str] = set(form["work"])
        self.last_known_year: int = form["last_known_year"]
        self.expected = expected
        self.tz = timezone(timedelta(hours=8))
        self.minutes: dict[date, tuple[set[int], set[int]]] = {}

    def due(self, start: datetime, minutes: int) -> tuple[datetime, bool]:
        """The due time in UTC, and whether an unpublished day had a part in it."""
        at = start.astimezone(self.tz)
        left = timedelta(minutes=minutes)
        unsure = False
        while True:
            owner = self.owner(at)
            unsure |= self.unpublished(owner or at.date())
            minute_ends = at.replace(second=0, microsecond=0) + MINUTE
            if owner:
                if left <= minute_ends - at:
                    return (at + left).astimezone(UTC), unsure
                left -= minute_ends - at
            at = minute_ends

    def due_less(
        self, start: datetime, minutes: int, pauses: Sequence[tuple[datetime, datetime]]
    ) -> datetime:
        """The due time in UTC with pauses, on whole seconds, not counted: second after second."""
        at = start.astimezone(self.tz)
        left = timedelta(minutes=minutes)
        while True:
            whole = at.second == 0 and not any(_touch(pause, at) for pause in pauses)
            step = MINUTE if whole else SECOND
            if self.owner(at) and not any(since <= at < until for since, until in pauses):
                if left <= step:
                    return (at + left).astimezone(UTC)
                left -= step
            at += step

    def owner(self, at: datetime) -> date | None:
        """The day whose window is open at this moment, the earlier one first."""
        minute = at.hour * 60 + at.minute
        yesterday = at.date() - timedelta(days=1)
        if minute in self.open_minutes(yesterday)[1]:
            return yesterday
        return at.date() if minute in self.open_minutes(at.date())[0] else None

    def open_minutes(self, day: date) -> tuple[set[int], set[int]]:
        """Minutes open thanks to this day's windows: of the day itself, of the morning after."""
        if day not in self.minutes:
            same: set[int] = set()
            after: set[int] = set()
            for opens, closes in self.windows(day):
                begin, end = minute_of(opens), minute_of(closes)
                same |= set(range(begin, end if end > begin else 1440))
                after |= set(range(0 if end > begin else end))
            self.minutes[day] = same, after
        return self.minutes[day]

    def windows(self, day: date) -> list[list[str]]:
        """The windows of the day as the form has them, none when it does not work."""
        usual: list[list[str]] = self.entry["windows"]
        mode, weekend = self.entry["days"], day.isoweekday() in (6, 7)
        if mode == "all":
            return usual
        if mode == "weekdays":
            return [] if weekend else usual
        if day.isoformat() in self.work:
            makeup: list[list[str]] = self.entry.get("makeup_windows", usual)
            return makeup
        return [] if weekend or self.holiday(day) else usual

    def holiday(self, day: date) -> bool:
        """Off by notice, or by law when there is no notice yet."""
        by_law = day.isoformat() in self.expected or (day.month, day.day) in FIXED
        return day.isoformat() in self.off or (self.unpublished(day) and by_law)

    def unpublished(self, day: date) -> bool:
        """A day whose notice is still to come; other modes need no notice."""
        return self.entry["days"] == "cn" and day.year > self.last_known_year


def minute_of(text: str) -> int:
    """Minutes since midnight of "HH:MM"."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _touch(pause: tuple[datetime, datetime], at: datetime) -> bool:
    """Whether a pause begins or ends inside the minute from `at` on."""
    return any(at < edge < at + MINUTE for edge in pause)
