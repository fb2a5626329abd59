"""Which limit of the law may be running, and how many days are left?"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.deadlines import LIMITS, closest, running

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("text", "name", "ends"),
    [
        ("去年12月8号在工地摔断了腿，老板不管", "申请工伤认定", date(2026, 12, 8)),
        ("2025年12月8日上班时手遭机器轧了", "申请工伤认定", date(2026, 12, 8)),
        ("今年三月十五号在厂里受伤", "申请工伤认定", date(2027, 3, 15)),
        ("我12月20号在工地受伤", "申请工伤认定", date(2026, 12, 20)),
        ("老板差我工钱，去年11月走了的", "申请劳动仲裁", date(2026, 11, 1)),
        ("上个月20号收到判决书，我不服", "上诉", date(2026, 11, 4)),
        ("昨天拿到一审判决，想上诉", "上诉", date(2026, 12, 10)),
        ("十天前拿到判决，不服啷个办", "上诉", date(2026, 12, 1)),
        ("劳动仲裁的裁决书11月20号收到，不服", "不服仲裁裁决去起诉", date(2026, 12, 5)),
        ("今年1月5号承包地遭村里收回", "申请土地承包仲裁", date(2028, 1, 5)),
        ("上周五收到判决书，我不服", "上诉", date(2026, 12, 5)),
        ("星期三拿到判决书，我不服", "上诉", date(2026, 12, 10)),
        ("11月1号签了调解协议，他不认账", "申请司法确认", date(2026, 12, 1)),
        ("11月2日镇政府的处罚决定书，我不服", "申请行政复议", date(2027, 1, 1)),
        ("2024年2月29日在工地摔了", "申请工伤认定", date(2025, 2, 28)),
    ],
)
def test_words_and_a_day_give_the_limit_and_its_last_day(text: str, name: str, ends: date) -> None:
    assert [(one.name, one.ends) for one in running(text, TODAY)] == [(name, ends)]


@pytest.mark.parametrize(
    "text",
    [
        "在工地摔断了腿，老板不管",  # no day
        "去年12月8号赶场买了两只猪",  # no matter
        "明年3月1号要去工地上班",  # a day to come
        "13月45号在工地摔了",  # no day at all
        "二审判决昨天下来了，不服",  # a judgement that stands
        "",
    ],
)
def test_without_a_day_or_a_matter_nothing_is_said(text: str) -> None:
    assert running(text, TODAY) == ()


def test_of_several_days_the_one_closest_to_the_matter_counts() -> None:
    text = "2020年3月1日到厂里，2026年1月10日下午受伤"
    assert [one.since for one in running(text, TODAY)] == [date(2026, 1, 10)]


def test_told_twice_a_limit_is_shown_once_as_it_ends_first() -> None:
    found = [*running("昨天收到判决，不服", TODAY), *running("前天收到判决，不服", TODAY)]
    assert [one.since for one in closest(found)] == [TODAY - timedelta(days=2)]


@given(st.integers(0, 3000))
def test_the_day_itself_is_not_counted(back: int) -> None:
    day = TODAY - timedelta(days=back)
    (one,) = running(f"{day.year}年{day.month}月{day.day}日收到判决，不服", TODAY)
    assert (one.since, one.ends) == (day, day + timedelta(days=15))
    assert one.left(TODAY) == 15 - back


@given(
    st.text(alphabet="去前今年上个月一二十0123456789日号天周半前判决不服工地摔 -/.", max_size=40)
)
def test_whatever_is_written_it_never_fails(text: str) -> None:
    for one in running(text, TODAY):
        assert one.since <= TODAY
        assert one.ends >= one.since


def test_every_limit_has_a_length_and_a_source() -> None:
    for limit in LIMITS:
        assert limit.years + limit.months + limit.days > 0
        assert limit.source.startswith("《")
