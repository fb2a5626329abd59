"""Who is on duty in a hub, and when? Pure; times as people write them, all mistakes at once."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from base.errors import ConfigError
from escalation.calendar import BEIJING, DAY_MINUTES, minute_of_day
from escalation.model import Person

_TYPED = re.compile(
    r"^(?P<day>\S+?)\s+(?P<opens>\d{1,2}[:：]\d{2})\s*[-–—到至~]\s*(?P<closes>\d{1,2}[:：]\d{2})"
    r"\s+(?P<name>\S.*)$"
)
_DAY = re.compile(r"^(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?$")
DECEMBER = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """Somebody is on duty, half-open."""

    person: Person
    starts: datetime
    ends: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of a roster as written; `place` says where, for a mistake."""

    place: str
    day: str | date
    opens: str
    closes: str
    name: str


def bare(name: str) -> str:
    """Return a name as it is compared: without @, gaps and case."""
    return "".join(name.lstrip("@").split()).lower()


def by_name(people: Iterable[Person]) -> dict[str, Person]:
    """Return people by their bare names; two of one name are neither."""
    found: dict[str, list[Person]] = {}
    for person in people:
        found.setdefault(bare(person.name), []).append(person)
    return {name: same[0] for name, same in found.items() if len(same) == 1}


def on_duty(duties: Iterable[Duty], at: datetime) -> tuple[Person, ...]:
    """Return who is on duty at a moment, each once."""
    found = {one.person.id: one.person for one in duties if one.starts <= at < one.ends}
    return tuple(found.values())


def typed(text: str) -> tuple[Row, ...]:
    """Return the lines of a roster as typed: 11-27 9:00-12:00 陈静, one each."""
    rows = []
    for number, line in enumerate((one.strip() for one in text.splitlines()), 1):
        if not line:
            continue
        found = _TYPED.match(line)
        parts = (
            found.groupdict() if found else {"day": line, "opens": "", "closes": "", "name": ""}
        )
        rows.append(Row(place=f"第{number}行", **parts))
    return tuple(rows)


def checked(rows: Sequence[Row], known: Mapping[str, Person], today: date) -> tuple[Duty, ...]:
    """Return the duties of a roster; `known`: who may stand on it, by bare name.

    Raises:
        ConfigError: lines that can't be; lists every one with its place.
    """
    problems: list[str] = []
    found = [duty for row in rows for duty in _duty(row, known, today, problems)]
    problems += _overlaps(found)
    if problems:
        raise ConfigError(problems)
    return tuple(duty for _, duty in found)


def _duty(
    row: Row, known: Mapping[str, Person], today: date, problems: list[str]
) -> Iterator[tuple[str, Duty]]:
    day, person = _day(row.day, today), known.get(bare(row.name))
    opens, closes = _minute(row.opens), _minute(row.closes)
    if day is None:
        problems.append(f"{row.place} 日期：写的是“{row.day}”，要写成 2026-11-27 或 11-27")
    if opens is None or opens == DAY_MINUTES:
        problems.append(f"{row.place} 开始：写的是“{row.opens}”，要写成 9:00")
    if closes is None:
        problems.append(f"{row.place} 结束：写的是“{row.closes}”，要写成 12:00")
    if person is None:
        problems.append(f"{row.place} 姓名：值守群里没有“{row.name}”，或者不止一个")
    if opens is not None and closes is not None and opens >= closes:
        problems.append(f"{row.place} 结束：{row.closes}不晚于开始，过夜请分成两行")
        return
    if day is None or opens is None or closes is None or person is None:
        return
    midnight = datetime(day.year, day.month, day.day, tzinfo=BEIJING)
    starts, ends = (midnight + timedelta(minutes=at) for at in (opens, closes))
    yield row.place, Duty(person=person, starts=starts, ends=ends)


def _day(written: str | date, today: date) -> date | None:
    """A day as written; without a year it is the next such day, or one just past."""
    if isinstance(written, datetime):
        return written.date()
    if isinstance(written, date):
        return written
    found = _DAY.match(written.strip())
    if found is None:
        return None
    year, month, day = found.groups()
    try:
        if year:
            return date(int(year), int(month), int(day))
        near = date(today.year, int(month), int(day))
        over = today.month == DECEMBER and near < today - timedelta(days=180)
        return near.replace(year=today.year + 1) if over else near
    except ValueError:
        return None


def _minute(written: str) -> int | None:
    try:
        return minute_of_day(written.replace("：", ":"))
    except ConfigError:
        return None


def _overlaps(found: Sequence[tuple[str, Duty]]) -> Iterator[str]:
    in_order = sorted(found, key=lambda one: (one[1].person.id, one[1].starts))
    for (first, before), (second, after) in pairwise(in_order):
        if before.person.id == after.person.id and after.starts < before.ends:
            yield f"{second} 开始：{after.person.name}的时间和{first}重叠"
