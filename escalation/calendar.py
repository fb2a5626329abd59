"""Which days does a hub work, and at which hours? When these are over: working_time.py.

A day written down with hours of its own has these; else make-up work beats holiday beats day of
the week. Days of unpublished years are a guess by law.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta, timezone
from enum import StrEnum
from itertools import pairwise

from base.errors import ConfigError
from escalation.holidays import expected_off

BEIJING = timezone(timedelta(hours=8))  # no summer time since 1991
DAY_MINUTES = 24 * 60
SATURDAY = 5
CLOCK_FACE = re.compile(r"(\d{1,2})[:：]([0-5]\d)")
FIRST_YEAR, LAST_YEAR = 2000, 2200  # of a published calendar
LONGEST_GAP_DAYS = 400  # a calendar without work for so many days on end is refused
FARTHEST_YEARS = 20  # a date farther from the published years is a slip of the pen


class Days(StrEnum):
    """Which days of the year work."""

    CN = "cn"  #: Monday to Friday and make-up days, less public holidays
    WEEKDAYS = "weekdays"  #: Monday to Friday, whatever the State Council says
    ALL = "all"  #: every day


class DayKind(StrEnum):
    """Why a day counts or does not."""

    OWN_HOURS = "own_hours"  #: counts, or not: the operator wrote down hours for this day alone
    EVERY_DAY = "every_day"  #: counts: this calendar works every day
    WEEKDAY = "weekday"  #: counts: Monday to Friday
    MAKEUP = "makeup"  #: counts: a weekend day worked in exchange for a bridge day
    HOLIDAY = "holiday"  #: does not count: a public holiday or its bridge day
    WEEKEND = "weekend"  #: does not count: Saturday or Sunday


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Window:
    """Open time of a day, in minutes since its midnight; `closes` > 1440 is after midnight."""

    opens: int
    closes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkCalendar:
    """When a hub works.

    `makeup_windows` are the hours of make-up days, None for the usual ones. `expected` are the
    statutory days off of years after `last_known_year`, as far as we know them. `own_hours` are
    the hours of single days, whatever they would be else; none on a day that does not work.

    Raises:
        ConfigError: it makes no sense; every problem is listed.
    """

    name: str
    version: str
    windows: tuple[Window, ...]
    makeup_windows: tuple[Window, ...] | None = None
    days: Days = Days.CN
    days_off: frozenset[date] = frozenset()
    makeup_days: frozenset[date] = frozenset()
    expected: frozenset[date] = frozenset()
    own_hours: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)
    last_known_year: int
    tz: timezone = BEIJING

    def __post_init__(self) -> None:
        if found := problems(self):
            raise ConfigError(found)


def day_kind(calendar: WorkCalendar, day: date) -> DayKind:
    """Does the day count, and why: its own hours, make-up work, holiday, day of the week."""
    if day in calendar.own_hours:
        return DayKind.OWN_HOURS
    if calendar.days is Days.ALL:
        return DayKind.EVERY_DAY
    if calendar.days is Days.CN:
        if day in calendar.makeup_days:
            return DayKind.MAKEUP
        if day in calendar.days_off:
            return DayKind.HOLIDAY
        if is_guess(calendar, day) and expected_off(calendar.expected, day):
            return DayKind.HOLIDAY
    return DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WEEKDAY


def is_guess(calendar: WorkCalendar, day: date) -> bool:
    """Could the notice of a year not yet published still change this day?"""
    if day in calendar.own_hours:
        return False
    return calendar.days is Days.CN and day.year > calendar.last_known_year


def windows_of(calendar: WorkCalendar, day: date) -> tuple[Window, ...]:
    """The open windows of a local day, as written; none when the day does not count."""
    kind = day_kind(calendar, day)
    if kind is DayKind.OWN_HOURS:
        return calendar.own_hours[day]
    if kind in (DayKind.HOLIDAY, DayKind.WEEKEND):
        return ()
    if kind is DayKind.MAKEUP and calendar.makeup_windows is not None:
        return calendar.makeup_windows
    return calendar.windows


def parse_window(opens: str | int, closes: str | int) -> Window:
    """A window as the operator writes it: "20:00" to "02:00" crosses midnight; "24:00" is fine.

    A whole number is minutes since midnight: what YAML makes of an unquoted 20:00.

    Raises:
        ConfigError: not a time of day, or the window is empty.
    """
    begin, end = minute_of_day(opens), minute_of_day(closes)
    if begin in (end, DAY_MINUTES):
        raise ConfigError([f"时段{opens}到{closes}没有长度；全天请写00:00到24:00"])
    return Window(opens=begin, closes=end if end > begin else end + DAY_MINUTES)


def minute_of_day(text: str | int) -> int:
    """Return a time of day as minutes since midnight, 24:00 included.

    Raises:
        ConfigError: it is no time of day.
    """
    if isinstance(text, int):
        minute = text
    else:
        face = CLOCK_FACE.fullmatch(text.strip())
        minute = int(face[1]) * 60 + int(face[2]) if face else -1
    if not 0 <= minute <= DAY_MINUTES:
        raise ConfigError([f"“{text}”不是时刻，应写成08:30这样，从00:00到24:00"])
    return minute


def format_window(window: Window) -> tuple[str, str]:
    """The window as the operator writes it; `parse_window` reads it back."""
    closes = window.closes if window.closes <= DAY_MINUTES else window.closes - DAY_MINUTES
    return (
        f"{window.opens // 60:02d}:{window.opens % 60:02d}",
        f"{closes // 60:02d}:{closes % 60:02d}",
    )


def problems(calendar: WorkCalendar) -> list[str]:
    """Everything that makes the calendar unusable, in words for the operator."""
    found = [
        f"时段（第{window.opens}到{window.closes}分钟）不对：要在当天开始，不到24小时，或0点到24点"
        for window in (
            *calendar.windows,
            *(calendar.makeup_windows or ()),
            *(window for windows in calendar.own_hours.values() for window in windows),
        )
        if not _fits(window)
    ]
    found += [
        f"{day}既写成放假又写成补班，只能留一个"
        for day in sorted(calendar.days_off & calendar.makeup_days)
    ]
    found += [
        f"{day}离已公布的{calendar.last_known_year}年太远，是不是写错了"
        for day in sorted(_written(calendar))
        if abs(day.year - calendar.last_known_year) > FARTHEST_YEARS
    ]
    if not FIRST_YEAR <= calendar.last_known_year <= LAST_YEAR:
        found.append(
            f"last_known_year={calendar.last_known_year}，应在{FIRST_YEAR}到{LAST_YEAR}之间"
        )
    if not found and _longest_gap(calendar) > LONGEST_GAP_DAYS:
        found.append(f"连续{LONGEST_GAP_DAYS}天没有上班时间，到期时间算不出来")
    return [f"日历“{calendar.name}”：{problem}" for problem in found]


def overlapping(windows: Iterable[Window]) -> bool:
    """Whether some minute of a day is open twice."""
    return any(later.opens < earlier.closes for earlier, later in pairwise(sorted(windows)))


def _written(calendar: WorkCalendar) -> frozenset[date]:
    """Every day that is written down."""
    return calendar.days_off | calendar.makeup_days | calendar.own_hours.keys()


def _fits(window: Window) -> bool:
    longest = DAY_MINUTES if window.opens == 0 else DAY_MINUTES - 1  # 09:00 to 09:00 reads empty
    return 0 <= window.opens < DAY_MINUTES and 0 < window.closes - window.opens <= longest


def _longest_gap(calendar: WorkCalendar) -> int:
    """Most days from one day with open time to the next, until two years after the last entry."""
    years = {day.year for day in _written(calendar)}
    years.add(calendar.last_known_year)
    first, last = date(min(years), 1, 1).toordinal(), date(max(years) + 3, 1, 1).toordinal()
    days = range(first, last)
    worked = [n for n in days if windows_of(calendar, date.fromordinal(n))]
    return max(after - before for before, after in pairwise([first - 1, *worked, last]))
