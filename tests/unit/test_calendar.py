"""Is a promise of N working minutes due at the right moment?"""

import dataclasses
import json
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from base.errors import ConfigError
from escalation.calendar import DayKind, Days, Window, WorkCalendar, format_window, parse_window
from escalation.calendar_check import parse_calendars
from escalation.working_time import counted, due, is_open, next_opening, working_time
from storage.shipped import load_holidays
from tests.oracle import Oracle

DATA = Path(__file__).parents[1] / "data"
FORM: dict[str, Any] = json.loads((DATA / "business_hours_calendars.json").read_text("utf-8"))
LINES = (DATA / "business_hours_cases.jsonl").read_text("utf-8").splitlines()
CASES = [json.loads(line) for line in LINES]
EXPECTED = frozenset(load_holidays().expected)
EXPECTED_TEXT = frozenset(map(str, EXPECTED))
CALENDARS = parse_calendars(FORM, EXPECTED)
OFFICE, LUNCH, NIGHT = CALENDARS["cn_9_18"], CALENDARS["cn_lunch"], CALENDARS["night"]


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_every_case_worked_out_minute_by_minute_is_due_at_its_moment(case: dict[str, Any]) -> None:
    calendar = CALENDARS[case["calendar"]]
    found = due(calendar, datetime.fromisoformat(case["start"]), case["minutes"])
    assert found.at == datetime.fromisoformat(case["due_utc"])
    assert found.at.utcoffset() == timedelta(0)
    assert found.provisional == case["uncertain"]


def test_the_oracle_knows_these_cases_too() -> None:
    oracles = {name: Oracle(FORM, name, EXPECTED_TEXT) for name in CALENDARS}
    for case in CASES:
        found = oracles[case["calendar"]].due(
            datetime.fromisoformat(case["start"]), case["minutes"]
        )
        assert found == (datetime.fromisoformat(case["due_utc"]), case["uncertain"])


@pytest.mark.parametrize(
    ("name", "start", "minutes", "expected"),
    [
        ("cn_9_18", "2026-11-25T17:00", 60, "2026-11-25T18:00"),  # on closing time: stays
        ("cn_9_18", "2026-11-25T17:00", 61, "2026-11-26T09:01"),  # one past it: next morning
        ("cn_9_18", "2026-11-25T18:00", 1, "2026-11-26T09:01"),  # closing time is closed
        ("cn_9_18", "2026-11-25T17:59:59", 1, "2026-11-26T09:00:59"),  # seconds go along
        ("cn_9_18", "2026-11-25T08:59:59", 1, "2026-11-25T09:01"),  # none to keep outside
        ("cn_lunch", "2026-11-25T11:30", 30, "2026-11-25T12:00"),  # closing before lunch stays
        ("cn_lunch", "2026-11-25T11:30", 31, "2026-11-25T13:31"),
        ("cn_9_18", "2026-11-25T10:00:07", 0, "2026-11-25T10:00:07"),  # N=0 inside
        ("cn_9_18", "2026-11-25T18:00", 0, "2026-11-26T09:00"),  # N=0 on closing time
        ("cn_9_18", "2026-11-25T03:00:07", 0, "2026-11-25T09:00"),  # N=0 before opening
        ("always", "2026-11-25T23:59:59", 1, "2026-11-26T00:00:59"),
        ("always", "2026-11-25T23:00", 60, "2026-11-26T00:00"),  # 24:00 is the next midnight
        ("night", "2026-11-27T23:00", 180, "2026-11-28T02:00"),  # Friday's shift ends on Saturday
        ("night", "2026-11-27T23:00", 181, "2026-11-30T20:01"),  # and has no Saturday one
        ("night", "2026-11-28T01:59", 2, "2026-11-30T20:01"),
        ("night", "2026-09-20T19:00", 361, "2026-09-21T20:01"),  # a make-up Sunday's night
        ("cn_half_makeup", "2026-02-14T11:00", 61, "2026-02-24T09:01"),  # half a make-up day
        ("cn_half_makeup", "2026-02-14T09:00", 180, "2026-02-14T12:00"),
        ("week_only", "2026-10-01T09:00", 1, "2026-10-01T09:01"),  # knows no holiday
        ("week_only", "2026-10-10T09:00", 1, "2026-10-12T09:01"),  # nor a make-up Saturday
    ],
)
def test_a_due_time_keeps_its_laws(name: str, start: str, minutes: int, expected: str) -> None:
    assert due(CALENDARS[name], beijing(start), minutes).at == beijing(expected)


@pytest.mark.parametrize(
    ("name", "start", "minutes", "expected", "provisional"),
    [
        ("cn_9_18", "2026-12-31T17:00", 60, "2026-12-31T18:00", False),
        ("cn_9_18", "2026-12-31T17:00", 61, "2027-01-04T09:01", True),  # 元旦 by law, weekend
        ("cn_9_18", "2027-02-04T17:00", 61, "2027-02-11T09:01", True),  # 春节 and days in lieu
        ("cn_9_18", "2031-10-03T09:00", 1, "2031-10-06T09:01", True),  # only fixed days known
        ("cn_9_18", "2031-02-03T09:00", 1, "2031-02-03T09:01", True),
        ("night", "2026-12-31T23:00", 180, "2027-01-01T02:00", False),  # the shift is 2026's
        ("week_only", "2026-12-31T17:00", 61, "2027-01-01T09:01", False),  # needs no notice
        ("always", "2026-12-31T23:00", 61, "2027-01-01T00:01", False),
    ],
)
def test_a_due_that_hangs_on_an_unpublished_year_is_provisional(
    name: str, start: str, minutes: int, expected: str, provisional: bool
) -> None:
    found = due(CALENDARS[name], beijing(start), minutes)
    assert (found.at, found.provisional) == (beijing(expected), provisional)


def test_make_up_work_beats_a_holiday_which_beats_the_weekday() -> None:
    # given a year with a weekday off and a weekend day made up
    account = counted(OFFICE, beijing("2026-02-13T00:00"), beijing("2026-02-17T00:00"))
    # then each day says why it counts or not
    assert [(str(day.day), day.kind, len(day.intervals)) for day in account] == [
        ("2026-02-13", DayKind.WEEKDAY, 1),
        ("2026-02-14", DayKind.MAKEUP, 1),
        ("2026-02-15", DayKind.HOLIDAY, 0),
        ("2026-02-16", DayKind.HOLIDAY, 0),
    ]


def test_a_make_up_day_named_by_the_operator_counts_in_an_unpublished_year() -> None:
    calendar = dataclasses.replace(OFFICE, makeup_days=frozenset({date(2027, 10, 2)}))
    found = due(calendar, beijing("2027-10-02T08:00"), 30)
    assert (found.at, found.provisional) == (beijing("2027-10-02T09:30"), True)


def test_the_night_before_is_listed_only_when_it_adds_something() -> None:
    account = counted(NIGHT, beijing("2026-11-28T01:00"), beijing("2026-11-28T12:00"))
    assert [(str(day.day), day.kind) for day in account] == [
        ("2026-11-27", DayKind.WEEKDAY),
        ("2026-11-28", DayKind.WEEKEND),
    ]
    assert account[0].intervals[0].closes == beijing("2026-11-28T02:00")
    assert counted(OFFICE, beijing("2026-11-28T01:00"), beijing("2026-11-28T01:00")) == ()


def test_closing_time_is_closed_and_opening_time_is_open() -> None:
    assert is_open(LUNCH, beijing("2026-11-25T09:00"))
    assert is_open(LUNCH, beijing("2026-11-25T11:59:59"))
    assert not is_open(LUNCH, beijing("2026-11-25T12:00"))
    assert next_opening(LUNCH, beijing("2026-11-25T12:00")) == beijing("2026-11-25T13:30")


def test_overlapping_windows_count_once_even_across_midnight() -> None:
    # given a night shift that reaches into the next day's office hours, and a window twice
    windows = tuple(parse_window(*p) for p in (("09:00", "18:00"), ("17:00", "10:00")))
    calendar = dataclasses.replace(OFFICE, days=Days.ALL, windows=windows + windows[:1])
    # when three days pass
    worked = working_time(calendar, beijing("2026-11-25T00:00"), beijing("2026-11-28T00:00"))
    # then no minute is counted twice
    assert worked == timedelta(days=3)


@pytest.mark.parametrize("ask", [due, working_time, counted, is_open, next_opening])
def test_a_time_without_a_zone_is_refused(ask: Any) -> None:
    naive = datetime(2026, 11, 25, 10)  # noqa: DTZ001 - what is refused
    more = {due: (1,), working_time: (naive,), counted: (naive,)}.get(ask, ())
    with pytest.raises(ValueError, match="naive"):
        ask(OFFICE, naive, *more)


@pytest.mark.parametrize("minutes", [-1, 10**9])
def test_minutes_that_promise_nothing_are_refused(minutes: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        due(OFFICE, beijing("2026-11-25T10:00"), minutes)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"makeup_days": OFFICE.days_off | OFFICE.makeup_days}, "2026-10-01既写成放假又写成补班"),
        ({"windows": ()}, "连续400天没有上班时间"),
        ({"windows": (), "makeup_windows": (Window(opens=540, closes=600),)}, "连续400天没有"),
        ({"windows": (Window(opens=600, closes=600),)}, "时段"),
        ({"windows": (Window(opens=1440, closes=1500),)}, "时段"),
        ({"windows": (Window(opens=0, closes=1441),)}, "时段"),
        ({"windows": (Window(opens=540, closes=1980),)}, "时段"),  # cannot be written down
        ({"days_off": frozenset({date(2206, 1, 1)})}, "太远"),
        ({"last_known_year": 20266}, "last_known_year"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        dataclasses.replace(OFFICE, **change)


@pytest.mark.parametrize(("days", "refused"), [(399, False), (400, True)])
def test_400_days_without_working_time_are_refused(days: int, refused: bool) -> None:
    # given a calendar off for so many days between two make-up days
    first = date(2024, 1, 2)
    off = frozenset(first + timedelta(days=n) for n in range(days))
    makeup = frozenset({date(2024, 1, 1), first + timedelta(days=days)})
    # then one day decides
    with pytest.raises(ConfigError, match="连续400天") if refused else nullcontext():
        dataclasses.replace(OFFICE, days_off=off, makeup_days=makeup)


def test_every_problem_is_listed_at_once() -> None:
    bad = Window(opens=5, closes=5)
    with pytest.raises(ConfigError) as refused:
        dataclasses.replace(OFFICE, windows=(bad, bad), makeup_days=OFFICE.days_off)
    assert len(refused.value.problems) == 2 + len(OFFICE.days_off)


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        ("09:00", "18:00", (540, 1080)),
        ("8:30", "12：00", (510, 720)),  # as Chinese keyboards write it
        ("20:00", "02:00", (1200, 1560)),
        ("20:00", "24:00", (1200, 1440)),
        ("20:00", "00:00", (1200, 1440)),
        ("00:00", "24:00", (0, 1440)),
        (1200, "24:00", (1200, 1440)),  # YAML reads an unquoted 20:00 as 1200
    ],
)
def test_a_window_is_read_as_written(
    opens: str | int, closes: str, expected: tuple[int, int]
) -> None:
    window = parse_window(opens, closes)
    assert (window.opens, window.closes) == expected
    assert parse_window(*format_window(window)) == window


@pytest.mark.parametrize(
    "text", ["9", "09:60", "25:00", "24:01", "-1:00", "", "早上", "9:0x", ":", "9" * 5000]
)
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_window(text, "23:59")


@pytest.mark.parametrize(("opens", "closes"), [("09:00", "09:00"), ("24:00", "02:00")])
def test_an_empty_window_is_refused(opens: str, closes: str) -> None:
    with pytest.raises(ConfigError, match="没有长度"):
        parse_window(opens, closes)


HALF_HOURS = st.integers(0, 47).map(lambda n: f"{n // 2:02d}:{n % 2 * 30:02d}")
WINDOWS = st.lists(
    st.tuples(HALF_HOURS, HALF_HOURS | st.just("24:00")).filter(lambda pair: pair[0] != pair[1]),
    min_size=1,
    max_size=3,
)
ENTRIES = st.fixed_dictionaries(
    {"windows": WINDOWS, "days": st.sampled_from(["cn", "cn", "weekdays", "all"])},
    optional={"makeup_windows": WINDOWS},
)
NEAR = st.sampled_from([*FORM["off"], *FORM["work"], "2026-12-31", "2027-02-05", "2027-10-01"])
STARTS = st.builds(
    lambda day, seconds: beijing(f"{day}T00:00") + timedelta(seconds=seconds),
    NEAR,
    st.integers(-3 * 86_400, 2 * 86_400) | st.integers(-144, 96).map(lambda n: n * 1800),
)


@settings(max_examples=200, deadline=None)
@given(
    entry=ENTRIES, start=STARTS, minutes=st.integers(0, 900) | st.integers(0, 30).map((30).__mul__)
)
def test_any_calendar_agrees_with_counting_minute_by_minute(
    entry: dict[str, Any], start: datetime, minutes: int
) -> None:
    form = FORM | {"calendars": {"any": entry}}
    calendar: WorkCalendar = parse_calendars(form, EXPECTED)["any"]
    found = due(calendar, start, minutes)
    assert (found.at, found.provisional) == Oracle(form, "any", EXPECTED_TEXT).due(start, minutes)
    # and the way back: what lies between is what was promised, the account adds up to it
    assert working_time(calendar, start, found.at) == timedelta(minutes=minutes)
    account = [i for day in counted(calendar, start, found.at) for i in day.intervals]
    assert sum((i.closes - i.opens for i in account), timedelta(0)) == timedelta(minutes=minutes)
