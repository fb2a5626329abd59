"""Do our due times agree with cases worked out elsewhere? Calendars and cases in, findings out.

The calendars form (JSON) is what `tickets export --calendars` writes and `calendar check` reads:
    {"calendars": {name: {"windows": [["09:00", "18:00"]], "days": "cn" | "weekdays" | "all",
                          "makeup_windows": [...], "version": "…"}},
     "off": [day], "work": [day], "last_known_year": 2026, "tz": "+08:00", "expected": [day]}
`makeup_windows`, `version`, `tz` and `expected` may be left out. A calendar may have `own_hours`,
{day: [windows]}: the hours of single days, whatever they would be else. It may carry its own
`off`, `work`, `last_known_year`, `tz` and `expected`; they replace the common ones.

A case is one line of JSON:
    {"start": ISO time, "minutes": 60, "calendar": name, "due": ISO time, "uncertain": false}
`due_utc` may stand for `due`; `uncertain` and `id` may be left out.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta, timezone
from typing import Any, cast

from base.clock import aware
from base.errors import ConfigError
from escalation.calendar import BEIJING, Days, Window, WorkCalendar, format_window, parse_window
from escalation.working_time import Due, due

COMMON = ("off", "work", "last_known_year", "tz", "expected")  # keys a calendar may replace


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One due time worked out elsewhere; `uncertain` None when it does not say."""

    label: str
    start: datetime
    minutes: int
    calendar: str
    due: datetime
    uncertain: bool | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """What a check found: how many cases, and a sentence for each that differs or is broken."""

    cases: int
    differing: tuple[str, ...]
    broken: tuple[str, ...]


def check(lines: Iterable[str], calendars: Mapping[str, WorkCalendar]) -> Findings:
    """Compare every case with our own due time; a line that cannot be read is a finding too."""
    cases, differing, broken = 0, [], []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        cases += 1
        try:
            case = parse_case(line)
            difference = compare(case, calendars)
        except ConfigError as error:
            broken.append(f"第{number}行：{error}")
        else:
            if difference:
                differing.append(f"第{number}行{case.label}：{difference}")
    return Findings(cases=cases, differing=tuple(differing), broken=tuple(broken))


def compare(case: Case, calendars: Mapping[str, WorkCalendar]) -> str | None:
    """How our due differs from the case, None when it does not.

    Raises:
        ConfigError: the case cannot be computed.
    """
    calendar = calendars.get(case.calendar)
    if calendar is None:
        raise ConfigError([f"没有叫“{case.calendar}”的日历；有的是{'、'.join(sorted(calendars))}"])
    try:
        ours = due(calendar, case.start, case.minutes)
    except (ValueError, OverflowError):
        raise ConfigError([f"minutes={case.minutes}或start超出范围，算不出来"]) from None
    if ours.at == case.due and case.uncertain in (None, ours.provisional):
        return None
    return _difference(case, ours, calendar)


def _difference(case: Case, ours: Due, calendar: WorkCalendar) -> str:
    def said(at: datetime, uncertain: bool | None) -> str:
        mark = {None: "", True: "（暂定）", False: "（确定）"}[uncertain]
        return at.astimezone(calendar.tz).isoformat() + mark

    start = case.start.astimezone(calendar.tz).isoformat()
    computed = said(ours.at, None if case.uncertain is None else ours.provisional)
    return (
        f"{case.calendar}从{start}起{case.minutes}分钟，"
        f"用例说{said(case.due, case.uncertain)}，算得{computed}"
    )


def parse_case(line: str) -> Case:
    """A case from its line.

    Raises:
        ConfigError: what is wrong with the line.
    """
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        raise ConfigError(["不是一行完整的JSON"]) from None
    if not isinstance(content, dict):
        raise ConfigError(["应当是一个JSON对象"])
    expected = "due" if "due" in content else "due_utc"
    if missing := [
        key for key in ("start", "minutes", "calendar", expected) if key not in content
    ]:
        raise ConfigError([f"缺少{'、'.join(missing)}"])
    return Case(
        label=f"（编号{content['id']}）" if "id" in content else "",
        start=_moment(content, "start"),
        minutes=_minutes(content["minutes"]),
        calendar=str(content["calendar"]),
        due=_moment(content, expected),
        uncertain=_uncertain(content.get("uncertain")),
    )


def _moment(content: Mapping[str, Any], key: str) -> datetime:
    try:
        at = aware(datetime.fromisoformat(content[key]))
    except (TypeError, ValueError, OverflowError):
        raise ConfigError([f"{key}={content[key]!r}不是带时区的ISO时间"]) from None
    if not MINYEAR < at.year < MAXYEAR:  # at the very ends other zones cannot show it
        raise ConfigError([f"{key}={content[key]!r}超出范围"])
    return at


def _minutes(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ConfigError([f"minutes={value!r}不是0或正整数"])
    return value


def _uncertain(value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise ConfigError([f"uncertain={value!r}不是true或false"])


def parse_calendars(content: object, expected: frozenset[date]) -> dict[str, WorkCalendar]:
    """Calendars by name, from the calendars form.

    Args:
        content: The form, as JSON was read.
        expected: Statutory days off of unpublished years, for a form that does not list them.

    Raises:
        ConfigError: what is wrong, every calendar's problems at once.
    """
    if not isinstance(content, dict) or not isinstance(content.get("calendars"), dict):
        raise ConfigError(["缺少calendars：应当是名称到日历的对象"])
    common = {key: content[key] for key in COMMON if key in content}
    calendars: dict[str, WorkCalendar] = {}
    found: list[str] = []
    for name, entry in content["calendars"].items():
        try:
            calendars[name] = _calendar(name, common | entry, expected)
        except ConfigError as error:
            found += error.problems
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
            found.append(f"日历“{name}”：写法不对（{type(error).__name__}：{error}）")
    if found:
        raise ConfigError(found)
    return calendars


def _calendar(name: str, entry: Mapping[str, Any], expected: frozenset[date]) -> WorkCalendar:
    makeup = entry.get("makeup_windows")
    return WorkCalendar(
        name=name,
        version=str(entry.get("version", "")),
        windows=_windows(entry["windows"]),
        makeup_windows=None if makeup is None else _windows(makeup),
        days=Days(entry["days"]),
        days_off=_dates(entry.get("off", ())),
        makeup_days=_dates(entry.get("work", ())),
        own_hours={
            date.fromisoformat(day): _windows(pairs)
            for day, pairs in entry.get("own_hours", {}).items()
        },
        expected=_dates(entry["expected"]) if "expected" in entry else expected,
        last_known_year=int(entry["last_known_year"]),
        tz=_offset(entry["tz"]) if "tz" in entry else BEIJING,
    )


def _windows(pairs: Iterable[Sequence[str]]) -> tuple[Window, ...]:
    return tuple(parse_window(opens, closes) for opens, closes in pairs)


def _dates(texts: Iterable[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in texts)


def _offset(text: str) -> timezone:
    """A fixed offset such as +08:00; China's zone has had no other since 1991."""
    if text in ("Asia/Shanghai", "UTC+8", "UTC+08:00"):
        return BEIJING
    offset = datetime.strptime(text, "%z").utcoffset()
    return timezone(cast("timedelta", offset))


def dump_calendars(calendars: Sequence[WorkCalendar]) -> dict[str, Any]:
    """The calendars form of these calendars; `parse_calendars` reads it back.

    The first calendar gives the common keys. Of several versions of a name the last keeps the
    plain name, an earlier one is called name@version.
    """
    common = _common(calendars[0]) if calendars else {}
    newest = {calendar.name: calendar for calendar in calendars}
    entries = {}
    for calendar in calendars:
        plain = newest[calendar.name] is calendar
        key = calendar.name if plain else f"{calendar.name}@{calendar.version}"
        own = _common(calendar)
        entries[key] = _hours(calendar) | {k: v for k, v in own.items() if v != common[k]}
    return {"calendars": entries} | common


def _hours(calendar: WorkCalendar) -> dict[str, Any]:
    hours: dict[str, Any] = {
        "version": calendar.version,
        "windows": _pairs(calendar.windows),
        "days": str(calendar.days),
    }
    if calendar.makeup_windows is not None:
        hours["makeup_windows"] = _pairs(calendar.makeup_windows)
    if calendar.own_hours:
        hours["own_hours"] = {
            str(day): _pairs(windows) for day, windows in sorted(calendar.own_hours.items())
        }
    return hours


def _pairs(windows: Iterable[Window]) -> list[list[str]]:
    return [list(format_window(window)) for window in windows]


def _common(calendar: WorkCalendar) -> dict[str, Any]:
    return {
        "off": [str(day) for day in sorted(calendar.days_off)],
        "work": [str(day) for day in sorted(calendar.makeup_days)],
        "last_known_year": calendar.last_known_year,
        "tz": str(calendar.tz).removeprefix("UTC") or "+00:00",
        "expected": [str(day) for day in sorted(calendar.expected)],
    }
