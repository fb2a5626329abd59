"""Which time limit of the law may be running for an asker? Pure: their words → days left.

For the hub alone, as a hint to look first: never told to the asker, who might take it for advice.
Days are counted as the calendar has them; a last day that is a holiday only makes it longer.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

NEAR = 7  # days left, from which a ticket goes before others
_DIGITS = {char: at for at, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_NUMBER = r"(?:\d{1,4}|[一二两三四五六七八九十]{1,3})"
_FULL = re.compile(rf"(\d{{4}})[-/.年]\s*({_NUMBER})[-/.月]\s*({_NUMBER})\s*[日号]?")
_MONTH_DAY = re.compile(rf"(去年|前年|今年)?\s*({_NUMBER})\s*月\s*({_NUMBER})\s*[日号]")
_MONTH = re.compile(rf"(去年|前年|今年)\s*({_NUMBER})\s*月(?:份)?(?!\s*{_NUMBER}\s*[日号])")
_THIS_MONTH = re.compile(rf"(上个?月|这个月|本月)\s*({_NUMBER})\s*[日号]")
_AGO = re.compile(rf"({_NUMBER}|半)\s*个?(天|星期|周|月|年)(?:以?前)")
_WEEKDAY = re.compile(r"(上上|上个?|这个?|本)?(?:周|星期|礼拜)([一二三四五六日天])")
_DAYS_AGO = {"今天": 0, "昨天": 1, "前天": 2, "大前天": 3}
_NAMED = re.compile("大前天|前天|昨天|今天")


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """A time limit of the law.

    Attributes:
        words: it may be meant where one word of every group stands.
        unless: but not where one of these stands.
        source: law and article, as read on 2026-11-26.
    """

    name: str
    words: tuple[tuple[str, ...], ...]
    source: str
    years: int = 0
    months: int = 0
    days: int = 0
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadline:
    """A limit that may be running: counted from a day in the asker's words."""

    name: str
    source: str
    since: date
    ends: date

    def left(self, today: date) -> int:
        """Return how many days are left; below zero where it may be over."""
        return (self.ends - today).days


_HURT = ("工伤", "工地", "上班", "厂里", "干活", "打工", "做工", "工厂")
LIMITS: tuple[Limit, ...] = (
    Limit(
        name="申请工伤认定",
        words=(_HURT, ("摔", "受伤", "伤到", "伤了", "砸", "断了", "工伤", "轧", "绞")),
        years=1,
        source="《工伤保险条例》第17条",
        unless=("判决", "仲裁裁决"),
    ),
    Limit(
        name="申请劳动仲裁",
        words=(
            (
                "工资",
                "工钱",
                "辞退",
                "开除",
                "解除合同",
                "不要我做",
                "加班费",
                "劳动合同",
                "补偿金",
            ),
            ("离职", "走了", "辞退", "开除", "没做了", "不做了", "不要我做", "解除", "辞工"),
        ),
        years=1,
        source="《劳动争议调解仲裁法》第27条",
        unless=("判决", "裁决书"),
    ),
    Limit(
        name="不服仲裁裁决去起诉",
        words=(("仲裁",), ("裁决书", "裁决下来", "收到裁决", "不服")),
        days=15,
        source="《劳动争议调解仲裁法》第50条",
        unless=("判决", "土地"),
    ),
    Limit(
        name="上诉",
        words=(("判决",), ("不服", "上诉", "判错", "判得不", "一审")),
        days=15,
        source="《民事诉讼法》第171条",
        unless=("二审", "终审"),
    ),
    Limit(
        name="申请土地承包仲裁",
        words=(
            ("承包地", "承包", "转包", "流转", "田土", "责任田"),
            ("占", "收回", "不给", "侵", "被", "遭"),
        ),
        years=2,
        source="《农村土地承包经营纠纷调解仲裁法》第18条",
        unless=("征收", "征地", "判决"),
    ),
    Limit(
        name="申请司法确认",
        words=(("调解协议", "调解书", "人民调解"), ("协议", "签", "达成", "确认")),
        days=30,
        source="《人民调解法》第33条",
        unless=("法院调解",),
    ),
    Limit(
        name="申请行政复议",
        words=(
            ("处罚", "罚款", "行政决定", "决定书", "征收决定", "强拆", "拆迁"),
            ("不服", "镇政府", "派出所", "公安", "政府", "局"),
        ),
        days=60,
        source="《行政复议法》第20条",
        unless=("判决",),
    ),
)


def running(text: str, said_on: date) -> tuple[Deadline, ...]:
    """Return the limits that words may be about, each from the day named closest to its words."""
    days = list(_days(text, said_on))
    if not days:
        return ()
    return tuple(
        Deadline(name=limit.name, source=limit.source, since=since, ends=_after(since, limit))
        for limit in LIMITS
        if (at := _place(text, limit)) is not None
        for since in [min(days, key=lambda day: abs(day[0] - at))[1]]
    )


def closest(found: Iterable[Deadline]) -> tuple[Deadline, ...]:
    """Return each limit once, the one that ends first where there are several."""
    kept: dict[str, Deadline] = {}
    for one in sorted(found, key=lambda deadline: deadline.ends):
        kept.setdefault(one.name, one)
    return tuple(kept.values())


def _place(text: str, limit: Limit) -> int | None:
    """Where in a text a limit is spoken of; None where it is not."""
    if any(word in text for word in limit.unless):
        return None
    places = [[text.find(word) for word in group if word in text] for group in limit.words]
    return min(places[-1]) if all(places) else None


def _after(since: date, limit: Limit) -> date:
    """The last day: the day it begins is not counted (《民事诉讼法》第85条)."""
    months = since.month - 1 + limit.months + 12 * limit.years
    year, month = since.year + months // 12, months % 12 + 1
    day = min(since.day, monthrange(year, month)[1])
    return date(year, month, day) + timedelta(days=limit.days)


def _days(text: str, today: date) -> Iterator[tuple[int, date]]:
    """Every day named in a text that is not after today, with its place."""
    for at, day in _named_days(text, today):
        if day is not None and day <= today:
            yield at, day


def _named_days(text: str, today: date) -> Iterator[tuple[int, date | None]]:
    for found in _FULL.finditer(text):
        yield found.start(), _date(int(found[1]), _whole(found[2]), _whole(found[3]))
    for found in _MONTH_DAY.finditer(_FULL.sub(lambda one: "。" * len(one[0]), text)):
        yield found.start(), _last(found[1], _whole(found[2]), _whole(found[3]), today)
    for found in _MONTH.finditer(text):
        yield found.start(), _last(found[1], _whole(found[2]), 1, today)
    for found in _THIS_MONTH.finditer(text):
        month = today.month - (1 if found[1].startswith("上") else 0)
        year, month = (today.year, month) if month else (today.year - 1, 12)
        yield found.start(), _date(year, month, _whole(found[2]))
    for found in _AGO.finditer(text):
        yield found.start(), _ago(found[1], found[2], today)
    for found in _WEEKDAY.finditer(text):
        yield found.start(), _weekday(found[1] or "", found[2], today)
    for found in _NAMED.finditer(text):
        yield found.start(), today - timedelta(days=_DAYS_AGO[found[0]])


def _last(year: str | None, month: int, day: int, today: date) -> date | None:
    """A day of the year named, or the last such day."""
    back = {"去年": 1, "前年": 2}.get(year or "", 0)
    found = _date(today.year - back, month, day)
    if year is None and found is not None and found > today:
        return _date(today.year - 1, month, day)
    return found


def _weekday(week: str, name: str, today: date) -> date:
    """上周五, 周五: a day of that week; without a week, the last such day."""
    at = 6 if name in "日天" else "一二三四五六".index(name)
    found = today + timedelta(days=at - today.weekday())
    if week.startswith("上上"):
        return found - timedelta(weeks=2)
    if week.startswith("上") or (not week and found > today):
        return found - timedelta(weeks=1)
    return found


def _ago(count: str, what: str, today: date) -> date | None:
    half = count == "半"
    number = 1 if half else _whole(count)
    days = {"天": 1, "星期": 7, "周": 7, "月": 30, "年": 365}[what] * number
    try:
        return today - timedelta(days=days // 2 if half else days)
    except OverflowError:
        return None


def _whole(text: str) -> int:
    """A number in digits, or in characters up to 99."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS.get(text, 0)
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
