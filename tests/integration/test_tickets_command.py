"""`wenha tickets …` and `wenha explain`: what happened, and clocks that others can recompute."""

import asyncio
import json
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from storage.shipped import load_holidays
from tests.oracle import Oracle
from wenha.cli import main
from wenha.config import Config
from wenha.demo.stage import DATABASE, play

KEYS = [
    "ticket", "village", "category", "urgent", "policy", "policy_version", "calendar",
    "calendar_version", "events", "timers", "state", "reason",
]  # fmt: skip
EXPECTED = frozenset(map(str, load_holidays().expected))
WORKING = {
    "claim": "claim",
    "first_answer": "first_answer",
    "next_answer": "next_answer",
    "resolution": "resolution",
    "window": "village_window",
    "offer": "offer",
    "silent": "silent",
}
HOLDS = ("first_answer", "next_answer", "resolution")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second scripted day's database, and a configuration that names it."""
    folder = tmp_path_factory.mktemp("day2")
    assert asyncio.run(play(Config(), 2, as_json=True, keep=folder, out=StringIO())) == 0
    (folder / "config.yaml").write_text(f"database: {folder / DATABASE}\n", "utf-8")
    return folder


def run(folder: Path, *arguments: str) -> int:
    return main(["--config", str(folder / "config.yaml"), *arguments])


def test_every_ticket_is_a_line_and_one_is_told_from_the_start(
    played: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(played, "tickets", "list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition("号")[0] for line in lines] == ["1", "2", "3"]
    assert "已办结（没再追问）" in lines[2]

    assert run(played, "tickets", "show", "1") == 0
    told = capsys.readouterr().out
    assert "2025-12-31 09:30  陈静（律师）请提问人补充：条子拍清楚" in told
    assert "闹钟" not in told


def test_an_account_names_every_day_and_pause(
    played: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(played, "explain", "1") == 0
    told = capsys.readouterr().out
    assert "等提问人补充，不算：2025年12月31日周三 9:30到2025年12月31日周三 15:40" in told
    assert run(played, "explain", "2") == 0
    told = capsys.readouterr().out
    assert "2026年1月2日周五（放假）：不算" in told
    assert "2026年1月4日周日（调休补班）：9:00到11:35，共155分钟" in told
    assert "（第2轮）" in told


def exported(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    assert (
        run(folder, "tickets", "export", "--json", "--calendars", str(folder / "calendars.json"))
        == 0
    )
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_export_has_the_keys_of_the_contract(
    played: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for line in exported(played, capsys):
        assert list(line) == KEYS
        assert set(line["events"][0]) == {"seq", "at", "event", "by", "role", "data"}
        assert set(line["timers"][0]) == {
            "kind", "step", "gen", "cycle", "started_at", "due", "provisional", "fired_at",
            "cancelled_at",
        }  # fmt: skip
        assert [event["seq"] for event in line["events"]] == list(
            range(1, len(line["events"]) + 1)
        )


def test_every_working_clock_can_be_recomputed_from_the_export_alone(
    played: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = exported(played, capsys)
    form = json.loads((played / "calendars.json").read_text("utf-8"))
    seen = 0
    for line in lines:
        oracle = Oracle(form, line["calendar"], EXPECTED)
        pauses = _pauses(line)
        for event in line["events"]:
            alarm = event["data"]
            if event["event"] != "armed" or alarm["clock"] not in WORKING or line["urgent"]:
                continue
            minutes = line["policy"][WORKING[alarm["clock"]]]
            start = datetime.fromisoformat(alarm["started_at"])
            known = [pair for pair in pauses if pair[1] <= datetime.fromisoformat(event["at"])]
            stood = [pair for pair in known if pair[0] >= start and alarm["clock"] in HOLDS]
            due = oracle.due_less(start, _minutes(line, minutes, alarm["step"]), stood)
            assert due == datetime.fromisoformat(alarm["due"]), (line["ticket"], alarm)
            seen += 1
    assert seen > 30


def _pauses(line: dict[str, Any]) -> list[tuple[datetime, datetime]]:
    """When the ticket waited for the asker, as its events tell."""
    since, found = None, []
    for event in line["events"]:
        at = datetime.fromisoformat(event["at"])
        if event["event"] == "asked_back":
            since = at
        elif since is not None and event["event"] in ("asker_replied", "pause_ended"):
            found.append((since, at))
            since = None
    return found


def _minutes(line: dict[str, Any], minutes: int, step: int) -> int:
    if step > 100:
        return minutes + int(line["policy"]["chain"][step - 101])
    return -(-minutes * step // 100)


def test_no_promise_rings_twice_and_each_at_its_due(
    played: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for line in exported(played, capsys):
        fired = [event for event in line["events"] if event["event"] == "fired"]
        once = {(e["data"]["clock"], e["data"]["step"], e["data"]["gen"]) for e in fired}
        assert len(once) == len(fired)
        assert all(
            datetime.fromisoformat(e["at"]) == datetime.fromisoformat(e["data"]["due"])
            for e in fired
        )
        assert all(datetime.fromisoformat(e["at"]).tzinfo == UTC for e in fired)


def test_the_sheet_is_text_and_the_record_is_escaped(
    played: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(played, "tickets", "export", str(played / "t.xlsx")) == 0
    sheet = load_workbook(BytesIO((played / "t.xlsx").read_bytes())).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "工单"
    assert [row[0] for row in rows[1:]] == ["1", "2", "3"]
    assert all(cell.data_type in ("s", "n") for row in sheet.iter_rows() for cell in row)

    assert run(played, "tickets", "show", "2", "--html", str(played / "r.html")) == 0
    page = (played / "r.html").read_text("utf-8")
    assert "法律咨询记录" in page
    assert "张秀兰" not in page
    assert "调休补班" in page
    assert "咨询记录写进了" in capsys.readouterr().out


def test_what_cannot_be_done_is_one_sentence(
    played: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.yaml").write_text(f"database: {tmp_path / 'no.db'}\n", "utf-8")
    for folder, arguments, told in (
        (tmp_path, ("tickets", "list"), "还没有数据库"),
        (played, ("explain", "99"), "没有99号工单"),
        (played, ("tickets", "export"), "写到哪里"),
        (played, ("tickets", "export", "t.csv"), "只会写 .xlsx"),
        (played, ("tickets", "export", str(tmp_path / "no" / "t.xlsx")), "写不了"),
    ):
        assert run(folder, *arguments) == 2
        assert told in capsys.readouterr().err


async def test_the_second_day_tells_pause_holiday_chain_and_follow_up(tmp_path: Path) -> None:
    out = StringIO()
    assert await play(Config(), 2, as_json=True, keep=tmp_path, out=out) == 0
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    village = [line["text"] for line in lines if line["chat"] == "village"]
    hub = [line for line in lines if line["chat"] == "hub"]

    assert any(text.startswith("李大山，律师想请你补充") for text in village)
    assert "收到，转给律师了（1号工单），最迟周日（1月4日）10:22前回你。" in village
    # thanks after closing begin nothing
    after = next(at for at, line in enumerate(lines) if line["text"] == "解决了")
    assert not any("谢谢" in line["text"] for line in lines[after:] if line["from"] == "bot")
    # the make-up Sunday after the holiday counts, and what stays late goes further up, at night
    broken = [line for line in hub if "2号工单超时还没答复" in line["text"]]
    assert [line["at"] for line in broken] == ["2026-01-04T03:35:00+00:00"]
    (operator,) = (line for line in hub if "请联系运维" in line["text"])
    assert operator["at"] == "2026-01-04T13:45:00+00:00"
    # and one question some days later, in the morning
    asked = [line["at"] for line in lines if "事情办好没有？" in line["text"]]
    assert asked[0] == "2026-01-12T00:00:00+00:00"
