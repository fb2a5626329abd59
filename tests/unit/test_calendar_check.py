"""Does `calendar check` find what differs, and survive what cannot be read?"""

import dataclasses
import json
from collections.abc import Callable
from datetime import date, timedelta, timezone
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from base.errors import ConfigError
from escalation.calendar import Days, Window
from escalation.calendar_check import dump_calendars, parse_calendars
from storage.shipped import load_holidays
from wenha.calendar_check import run

DATA = Path(__file__).parents[1] / "data"
CASES, CALENDARS = DATA / "business_hours_cases.jsonl", DATA / "business_hours_calendars.json"
FORM: dict[str, Any] = json.loads(CALENDARS.read_text("utf-8"))
EXPECTED = frozenset(load_holidays().expected)
GOOD = {
    "id": 7,
    "start": "2026-11-25T10:00:00+08:00",
    "minutes": 60,
    "calendar": "cn_9_18",
    "due": "2026-11-25T11:00:00+08:00",
    "uncertain": False,
}

Checked = Callable[..., tuple[int, str]]


@pytest.fixture
def checked(tmp_path: Path) -> Checked:
    """Check these lines, and give the exit code and what was printed."""

    def check(*lines: str | bytes, calendars: str | None = None) -> tuple[int, str]:
        cases, form, out = tmp_path / "cases.jsonl", tmp_path / "calendars.json", StringIO()
        raw = [line if isinstance(line, bytes) else line.encode() for line in lines]
        cases.write_bytes(b"\n".join(raw) + b"\n")
        form.write_text(CALENDARS.read_text("utf-8") if calendars is None else calendars, "utf-8")
        return run(cases, form, out), out.getvalue()

    return check


def a_case(**changes: object) -> str:
    return json.dumps(GOOD | changes, ensure_ascii=False)


def test_the_cases_worked_out_elsewhere_all_agree() -> None:
    out = StringIO()
    assert run(CASES, CALENDARS, out) == 0
    assert out.getvalue() == "共120条：一致120条，不一致0条，读不懂0条\n"


def test_a_different_due_is_told_with_line_case_and_both_moments(checked: Checked) -> None:
    code, text = checked(a_case(), a_case(due="2026-11-25T12:00:00+08:00"))
    assert code == 1
    assert "第2行（编号7）：cn_9_18从2026-11-25T10:00:00+08:00起60分钟" in text
    assert "用例说2026-11-25T12:00:00+08:00（确定），算得2026-11-25T11:00:00+08:00（确定）" in text
    assert "共2条：一致1条，不一致1条，读不懂0条" in text


def test_a_different_certainty_is_a_difference_unless_the_case_is_silent(checked: Checked) -> None:
    assert checked(a_case(uncertain=True))[0] == 1
    assert checked(a_case(uncertain=None))[0] == 0


def test_a_case_may_give_its_due_in_utc_only(checked: Checked) -> None:
    case = {key: value for key, value in GOOD.items() if key != "due"}
    assert checked(json.dumps(case | {"due_utc": "2026-11-25T03:00:00Z"}))[0] == 0


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "不是一行完整的JSON"),
        (b"\xff\xfe\x00", "不是一行完整的JSON"),
        ("[" * 100_000, "不是一行完整的JSON"),
        ("9" * 5000, "不是一行完整的JSON"),
        ("[]", "应当是一个JSON对象"),
        ("{}", "缺少start、minutes、calendar、due_utc"),
        (a_case(start="2026-11-25T10:00:00"), "start='2026-11-25T10:00:00'不是带时区的"),
        (a_case(start="今天"), "不是带时区的"),
        (a_case(start=5), "不是带时区的"),
        (a_case(start="0001-01-01T00:00:00+00:00"), "超出范围"),
        (a_case(due="9999-12-31T23:00:00+00:00"), "超出范围"),
        (a_case(start="9998-12-30T00:00:00+00:00", minutes=999_999), "超出范围"),
        (a_case(due=None), "due=None不是带时区的"),
        (a_case(minutes=-1), "minutes=-1不是0或正整数"),
        (a_case(minutes=True), "不是0或正整数"),
        (a_case(minutes=1.5), "不是0或正整数"),
        (a_case(minutes=10**15), "超出范围"),
        (a_case(calendar="没有"), "没有叫“没有”的日历；有的是always、"),
        (a_case(calendar=["cn_9_18"]), "没有叫"),
        (a_case(uncertain="no"), "不是true或false"),
    ],
    ids=range(20),
)
def test_a_broken_line_is_listed_by_its_number_and_the_rest_still_checked(
    checked: Checked, line: str | bytes, says: str
) -> None:
    code, text = checked(a_case(), "", line, a_case(due="2026-11-25T12:00:00+08:00"))
    assert code == 1
    broken = text.splitlines()[0]
    assert "第3行：" in broken
    assert says in broken
    assert "共3条：一致1条，不一致1条，读不懂1条" in text


@pytest.mark.parametrize("separator", ["\u2028", "\u0085"])
def test_only_a_line_feed_ends_a_line(checked: Checked, separator: str) -> None:
    assert checked(a_case(note=f"a{separator}b") + "\r")[0] == 0


def with_calendar(**entry: object) -> str:
    return json.dumps(FORM | {"calendars": {"新村": {"windows": [], "days": "cn"} | entry}})


@pytest.mark.parametrize(
    ("calendars", "says"),
    [
        ('{\n"calendars": ', "第2行"),
        ("[" * 100_000, "嵌套太深"),
        ("[]", "缺少calendars"),
        ('{"calendars": {"新村": {}}}', "日历“新村”：写法不对（KeyError"),
        ('{"calendars": {"新村": 5}}', "日历“新村”：写法不对（TypeError"),
        (with_calendar(), "连续400天"),
        (with_calendar(windows=[["09:00", "26:00"]]), "26:00"),
        (with_calendar(windows=[["09:00", None]]), "写法不对"),
        (with_calendar(windows=[["09:00"]]), "写法不对"),
        (with_calendar(days="周一"), "写法不对"),
        (with_calendar(off=["2026-13-01"]), "写法不对"),
        (with_calendar(tz="Europe/Berlin"), "写法不对"),
        (with_calendar(off=["2026-10-10"]), "既写成放假又写成补班"),
    ],
    ids=range(13),
)
def test_unreadable_calendars_are_named_and_nothing_is_compared(
    checked: Checked, calendars: str, says: str
) -> None:
    code, text = checked(a_case(), calendars=calendars)
    assert code == 2
    assert "calendars.json" in text
    assert says in text


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    out = StringIO()
    assert run(tmp_path / "none.jsonl", CALENDARS, out) == 2
    assert "none.jsonl" in out.getvalue()


def test_no_case_at_all_is_no_agreement(checked: Checked) -> None:
    assert checked("", "")[0] == 2


def test_calendars_survive_the_way_out_and_back() -> None:
    # given every calendar of the form, and one that differs from the others in every way
    calendars = list(parse_calendars(FORM, EXPECTED).values())
    odd = dataclasses.replace(
        calendars[0],
        name="边境",
        version="3",
        windows=(Window(opens=1200, closes=1560), Window(opens=0, closes=1440)),
        makeup_windows=(Window(opens=1, closes=2),),
        days=Days.ALL,
        days_off=frozenset({date(2026, 1, 2)}),
        makeup_days=frozenset(),
        expected=frozenset({date(2027, 1, 1)}),
        last_known_year=2025,
        tz=timezone(timedelta(hours=6)),
    )
    # when they are written and read
    written = json.loads(json.dumps(dump_calendars([*calendars, odd])))
    # then nothing is lost
    assert parse_calendars(written, frozenset()) == {c.name: c for c in (*calendars, odd)}
    # and the common days stand where other readers look for them
    assert (written["off"], written["work"]) == (FORM["off"], FORM["work"])


def test_an_older_version_of_a_calendar_keeps_its_number_in_its_name() -> None:
    calendar = parse_calendars(FORM, EXPECTED)["cn_9_18"]
    versions = [dataclasses.replace(calendar, version=version) for version in ("1", "2")]
    assert list(dump_calendars(versions)["calendars"]) == ["cn_9_18@1", "cn_9_18"]
    with pytest.raises(ConfigError):
        parse_calendars(dump_calendars([]) | {"calendars": None}, EXPECTED)
