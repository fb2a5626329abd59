"""What do the data files say that we ship? Each is read once, at start, into values."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from importlib import resources
from typing import Any

import yaml

from escalation.holidays import Holidays, Notice


def load_holidays() -> Holidays:
    """The shipped days off, make-up days and statutory days (escalation/data/cn_holidays.yaml)."""
    text = (resources.files("escalation") / "data" / "cn_holidays.yaml").read_text("utf-8")
    content = yaml.safe_load(text)
    years = content["years"]
    return Holidays(
        notices=tuple(_notice(year, entry) for year, entry in years.items()),
        off=_by_day(entry["days_off"] for entry in years.values()),
        makeup=frozenset(day for entry in years.values() for day in entry["makeup_days"]),
        expected=_by_day(content["expected"].values()),
        last_known_year=max(years),
    )


def _notice(year: int, entry: Mapping[str, Any]) -> Notice:
    return Notice(
        year=year,
        title=entry["title"],
        number=entry["number"],
        issued=entry["issued"],
        url=entry["url"],
    )


def _by_day(years: Iterable[Mapping[str, date | list[date]]]) -> dict[date, str]:
    """Festival of each day; a pair of dates means all days from the first to the last."""
    return {
        day: festival
        for festivals in years
        for festival, days in festivals.items()
        for day in _days(days)
    }


def _days(days: date | list[date]) -> list[date]:
    first, last = (days, days) if isinstance(days, date) else days
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
