"""Are the shipped days off and make-up days the published ones?"""

from collections.abc import Iterator
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from base.errors import ConfigError
from escalation.calendar import DayKind, Window, WorkCalendar, day_kind
from escalation.holidays import Holidays, amended, unpublished_years
from storage.shipped import load_holidays

SHIPPED = load_holidays()
PUBLISHED = (2024, 2025, 2026)
COMING = (2027, 2028, 2029, 2030)


def calendar_of(found: Holidays) -> WorkCalendar:
    return WorkCalendar(
        name="any",
        version="1",
        windows=(Window(opens=540, closes=1080),),
        days_off=frozenset(found.off),
        makeup_days=found.makeup,
        expected=frozenset(found.expected),
        last_known_year=found.last_known_year,
    )


CALENDAR = calendar_of(SHIPPED)


def days_of(years: tuple[int, ...]) -> Iterator[date]:
    day = date(years[0], 1, 1)
    while day.year <= years[-1]:
        yield day
        day += timedelta(days=1)


def works(day: date) -> bool:
    return day_kind(CALENDAR, day) in (DayKind.WEEKDAY, DayKind.MAKEUP)


def test_every_published_day_is_what_chinese_calendar_says() -> None:
    wrong = [day for day in days_of(PUBLISHED) if works(day) != chinese_calendar.is_workday(day)]
    assert wrong == []


def test_every_published_day_is_what_holidays_says() -> None:
    china = holidays.country_holidays("CN", years=PUBLISHED)
    wrong = [day for day in days_of(PUBLISHED) if works(day) != china.is_working_day(day)]
    assert wrong == []


def test_every_coming_year_has_the_statutory_days_off_that_holidays_expects() -> None:
    china = holidays.country_holidays("CN", years=COMING)
    wrong = [day for day in days_of(COMING) if works(day) != china.is_working_day(day)]
    assert wrong == []


@pytest.mark.parametrize("year", COMING)
def test_each_coming_year_names_the_seven_festivals(year: int) -> None:
    names = "、".join(name for day, name in SHIPPED.expected.items() if day.year == year)
    festivals = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
    assert [name for name in festivals if name not in names] == []


def test_each_published_year_has_its_notice() -> None:
    assert tuple(notice.year for notice in SHIPPED.notices) == PUBLISHED
    for notice in SHIPPED.notices:
        assert notice.title == f"国务院办公厅关于{notice.year}年部分节假日安排的通知"
        assert f"〔{notice.year - 1}〕" in notice.number
        assert notice.issued.year == notice.year - 1
        assert notice.url.startswith(f"https://www.gov.cn/zhengce/content/{notice.issued:%Y%m}/")


def test_make_up_days_are_weekend_days_and_never_off() -> None:
    assert [day for day in SHIPPED.makeup if day.weekday() < 5] == []
    assert SHIPPED.makeup & SHIPPED.off.keys() == set()
    assert len(SHIPPED.makeup) == 19


def test_expected_days_lie_beyond_the_published_years() -> None:
    assert SHIPPED.last_known_year == max(PUBLISHED)
    assert {day.year for day in SHIPPED.expected} == set(COMING)
    assert {day.year for day in SHIPPED.off} == set(PUBLISHED)


def test_the_operators_days_beat_the_shipped_ones() -> None:
    # given a shipped day off and a shipped make-up day
    off, makeup = date(2026, 10, 6), date(2026, 10, 10)
    # when the operator turns them round
    found = amended(SHIPPED, off={makeup: "赶场"}, makeup=[off])
    # then each stands on one side only, and the rest is kept
    assert (found.off[makeup], off in found.off) == ("赶场", False)
    assert (off in found.makeup, makeup in found.makeup) == (True, False)
    assert len(found.off) == len(SHIPPED.off)
    assert day_kind(calendar_of(found), off) is DayKind.MAKEUP


def test_a_notice_typed_in_by_the_operator_makes_its_year_known() -> None:
    found = amended(SHIPPED, off={date(2027, 1, 1): "元旦"}, makeup=(), last_known_year=2027)
    assert found.last_known_year == 2027
    assert day_kind(calendar_of(found), date(2027, 2, 8)) is DayKind.WEEKDAY
    assert amended(SHIPPED, off={}, makeup=(), last_known_year=2025).last_known_year == 2026


def test_a_day_the_operator_lists_on_both_sides_is_refused() -> None:
    day = date(2026, 10, 10)
    with pytest.raises(ConfigError, match="2026-10-10既写成放假又写成补班"):
        amended(SHIPPED, off={day: "赶场"}, makeup=[day])


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 10, 31), ()),
        (date(2026, 11, 1), (2027,)),
        (date(2027, 1, 1), (2027,)),
        (date(2027, 11, 1), (2027, 2028)),
        (date(2029, 5, 1), (2029,)),
        (date(2023, 5, 1), ()),
    ],
)
def test_from_november_the_coming_year_is_missed(today: date, expected: tuple[int, ...]) -> None:
    assert unpublished_years(SHIPPED, today) == expected
