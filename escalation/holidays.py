"""Which days are off, which are made up, and how do we know? Values only; storage reads them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from base.errors import ConfigError

# Same date every year; all we know of a year that nobody has written down.
FIXED_DAYS_OFF = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
NOTICE_MONTH = 11  # the State Council publishes the coming year in October or November


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """The State Council's notice on the holidays of one year."""

    year: int
    title: str
    number: str
    issued: date
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Holidays:
    """Days off and make-up days of the published years, and what the law says of later ones.

    `off` and `expected` map each day to its festival. `expected` are the statutory days off of
    unpublished years: those of the law, and the working days given for the ones on a weekend.
    """

    notices: tuple[Notice, ...]
    off: Mapping[date, str]
    makeup: frozenset[date]
    expected: Mapping[date, str]
    last_known_year: int


def amended(
    holidays: Holidays,
    *,
    off: Mapping[date, str],
    makeup: Iterable[date],
    last_known_year: int | None = None,
) -> Holidays:
    """Holidays with the operator's own days, which beat the shipped ones.

    Args:
        holidays: What we ship.
        off: More days off, each with its name.
        makeup: More make-up days.
        last_known_year: Given when these days are the whole notice of a newer year.

    Raises:
        ConfigError: the operator lists a day both as off and as made up.
    """
    worked = frozenset(makeup)
    if both := sorted(worked & off.keys()):
        raise ConfigError([f"{day}既写成放假又写成补班，只能留一个" for day in both])
    kept = {day: name for day, name in holidays.off.items() if day not in worked}
    return replace(
        holidays,
        off=kept | dict(off),
        makeup=(holidays.makeup - off.keys()) | worked,
        last_known_year=max(holidays.last_known_year, last_known_year or 0),
    )


def unpublished_years(holidays: Holidays, today: date) -> tuple[int, ...]:
    """Years the operator should look up now: this one, and from November the next one."""
    last_needed = today.year + (today.month >= NOTICE_MONTH)
    return tuple(range(max(today.year, holidays.last_known_year + 1), last_needed + 1))


def expected_off(expected: frozenset[date], day: date) -> bool:
    """Is this day of an unpublished year off by law?

    The moon decides four festivals, so a year without entries has only its fixed days.

    Source:
        全国年节及纪念日放假办法 §2, as revised in November 2024.
    """
    return day in expected or (day.month, day.day) in FIXED_DAYS_OFF
