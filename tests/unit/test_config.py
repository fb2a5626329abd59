"""What does the operator hear about mistakes in config.yaml? All of them, each in a sentence."""

import os
import stat
from datetime import date
from pathlib import Path

import pytest

from base.errors import ConfigError
from escalation.calendar import Days, WorkCalendar, windows_of
from storage.shipped import load_holidays
from wenha.config import Config, load, secret

SHIPPED = load_holidays()


def read(folder: Path, text: str) -> Config:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path, SHIPPED)


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        read(folder, text)
    return list(refused.value.problems)


def test_three_mistakes_are_three_sentences_with_key_value_and_what_is_allowed(
    tmp_path: Path,
) -> None:
    found = problems(
        tmp_path,
        """
        clocks: {claim: 0}
        web: {port: 很多}
        hours: {days: 天天}
        """,
    )
    assert len(found) == 3
    for key, value, allowed in [
        ("clocks.claim", "0", "最小 1"),
        ("web.port", "很多", "应当是整数"),
        ("hours.days", "天天", "'weekdays'"),
    ]:
        (sentence,) = [s for s in found if s.startswith(key)]
        assert value in sentence
        assert allowed in sentence


def test_mistakes_of_every_kind_are_found_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        """
        clocks: {claim: 0}
        wording: {no.such: x}
        hours: {days_off: {2026-12-05: 节}, makeup_days: [2026-12-05]}
        """,
    )
    assert len(found) == 3


@pytest.mark.parametrize(
    ("text", "key", "told"),
    [
        ("clocks: {frist_answer: 10}", "clocks.frist_answer", "没有这个键"),
        ("clock: {claim: 10}", "clock", "没有这个键"),
        ("clocks: {claim: 一小时}", "clocks.claim", "应当是整数"),
        ("clocks: {claim: 1.5}", "clocks.claim", "应当是整数"),
        ("clocks: {claim: 99999999}", "clocks.claim", "最大 527040"),
        ("clocks: {warnings: [80, 50]}", "clocks.warnings", "从小到大"),
        ("clocks: {warnings: [50, 100]}", "clocks.warnings", "1到99"),
        ("clocks: {claim: 0}", "clocks.claim", "最小 1"),
        ("clocks: {resolution: -5}", "clocks.resolution", "最小 1"),
        ("clocks: {pauses: 11}", "clocks.pauses", "最大 10"),
        ("clocks: {chain: [60, 30]}", "clocks.chain", "从小到大"),
        ("clocks: {chain: [1, 2, 3, 4, 5, 6]}", "clocks.chain", "最多5个"),
        ("clocks: {quiet_hours: ['21:00', '25:00']}", "clocks.quiet_hours", "25:00"),
        ("clocks: {categories: {wages: {claim: 0}}}", "clocks.categories", "每个1到"),
        ("clocks: {categories: {wages: {offer: 5}}}", "clocks.categories", "first_answer"),
        ("clocks: {categories: {wage: {claim: 5}}}", "clocks.categories.wage", "可以是"),
        ("hours: {windows: [['9:00', '12:00'], ['11:00', '18:00']]}", "hours", "有重叠"),
        ("hours: {own_hours: {2026-12-05: [['9:00', '9:00']]}}", "hours", "没有长度"),
        ("hub_hours: {镇群: {windows: []}}", "hub_hours.镇群", "400"),
        ("hub_hours: {镇群: {wndows: []}}", "hub_hours.镇群.wndows", "没有这个键"),
        ("clocks: 3", "clocks", "应当是“键: 值”的形式"),
        ("web: {port: 70000}", "web.port", "最大 65535"),
        ("database: 3", "database", "应当是文件路径"),
        ("wording: {village.window: 5}", "wording.village.window", "应当是文字"),
        ("wording: {village.windw: 收到}", "wording.village.windw", "没有这个句子"),
        ("wording: {village.window: '{tiem}'}", "wording.village.window", "tiem"),
        ("hours: {makeup_days: [明天]}", "hours.makeup_days", "应当是日期"),
        ("hours: {windows: [['9:00', '25:00']]}", "hours", "25:00"),
        ("hours: {windows: []}", "hours", "400"),
    ],
)
def test_a_mistake_names_its_key(tmp_path: Path, text: str, key: str, told: str) -> None:
    (found,) = problems(tmp_path, text)
    assert found.startswith(key)
    assert told in found


def test_a_day_both_off_and_made_up_is_refused(tmp_path: Path) -> None:
    text = "hours: {days_off: {2026-12-05: 村里赶会}, makeup_days: [2026-12-05]}"
    (found,) = problems(tmp_path, text)
    assert "2026-12-05" in found
    assert "只能留一个" in found


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"读不了配置文件 .*missing\.yaml"):
        load(tmp_path / "missing.yaml", SHIPPED)


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(None, SHIPPED) == Config()


@pytest.mark.parametrize("text", ["", "# 全部照默认\n", "{}"])
def test_an_empty_file_means_the_defaults(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == Config()


@pytest.mark.parametrize("text", ["a: [", "\t- x: y", "a: b: c", "'"])
def test_broken_yaml_is_said_so(tmp_path: Path, text: str) -> None:
    (found,) = problems(tmp_path, text)
    assert "不是正确的 YAML" in found


def test_a_day_no_calendar_has_is_said_so(tmp_path: Path) -> None:
    assert problems(tmp_path, "hours: {makeup_days: [2026-13-05]}")


@pytest.mark.parametrize("text", ["- 一\n- 二", "收到", "3"])
def test_a_file_that_is_no_list_of_keys_is_said_so(tmp_path: Path, text: str) -> None:
    (found,) = problems(tmp_path, text)
    assert "键: 值" in found


def test_a_file_in_another_encoding_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes("wording: {toast.done: 收到}".encode("gb18030"))
    with pytest.raises(ConfigError, match="YAML"):
        load(path, SHIPPED)


def test_what_the_operator_writes_is_what_holds(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        """
        clocks: {claim: 45, warnings: [60]}
        hours:
          windows: [["8:30", "12:00"]]
          days: weekdays
          days_off: {2026-12-07: 村里赶会}
        """,
    )
    assert config.clocks.policy().claim == 45
    assert config.clocks.policy().warnings == (60,)
    calendar = config.hours.calendar(SHIPPED)
    assert [(w.opens, w.closes) for w in calendar.windows] == [(510, 720)]
    assert calendar.days is Days.WEEKDAYS
    assert "2026-12-07" in {day.isoformat() for day in calendar.days_off}


def test_a_category_a_hub_and_a_single_day_may_differ(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        """
        clocks: {first_answer: 200, categories: {wages: {first_answer: 60}}}
        hours:
          own_hours: {2026-12-05: [["9:00", "12:00"]], 2026-12-07: []}
        hub_hours:
          镇值守群: {windows: [["8:30", "17:30"]]}
        """,
    )
    policy = config.clocks.policy()
    assert (policy.of("wages").first_answer, policy.of("debt").first_answer) == (60, 200)
    assert policy.of("wages").claim == policy.claim

    def opens(calendar: WorkCalendar, day: int) -> list[tuple[int, int]]:
        return [(w.opens, w.closes) for w in windows_of(calendar, date(2026, 12, day))]

    calendar = config.hours.calendar(SHIPPED)
    assert opens(calendar, 5) == [(540, 720)]  # a Saturday with hours of its own
    assert opens(calendar, 7) == []  # a Monday without
    assert opens(config.hub_hours["镇值守群"].calendar(SHIPPED, "镇值守群"), 7) == [(510, 1050)]


def test_the_first_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    config = Config(database=tmp_path / "data" / "wenha.db")
    first = secret(config, {})
    assert len(first) == 64
    assert secret(config, {}) == first
    mode = stat.S_IMODE(os.stat(config.secret_path).st_mode)
    assert mode == 0o600


def test_the_secret_of_the_environment_wins_and_leaves_no_file(tmp_path: Path) -> None:
    config = Config(database=tmp_path / "wenha.db")
    assert secret(config, {"WENHA_SECRET": "given"}) == b"given"
    assert not config.secret_path.exists()
    kept = secret(config, {})
    assert secret(config, {"WENHA_SECRET": "given"}) == b"given"
    assert secret(config, {"WENHA_SECRET": ""}) == kept


def test_the_database_needs_the_name_of_a_file(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, "database: ''")
    assert found.startswith("database：写的是 ''")
    assert "一个文件的路径" in found
