"""Roster, directory and the hub above, as an operator brings them in from the office's tables."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from base.messages import ChatRef, PersonRef
from escalation.model import Membership
from storage import sheet
from storage.unit import Unit
from wenha.bind import in_one_transaction
from wenha.cli import main
from wenha.places_commands import OFFICES, ROSTER

HUBS = ("镇值守群", "区值守群")


@pytest.fixture
def config(tmp_path: Path) -> str:
    """A database with two hubs and three people, two of one name."""
    path = tmp_path / "config.yaml"
    path.write_text(f"database: {tmp_path / 'wenha.db'}\n", "utf-8")

    def work(unit: Unit) -> None:
        for name in HUBS:
            hub = unit.people.add_hub(name, ChatRef(channel="web", chat_id=f"hub:{name}"))
            for number, person in enumerate(("陈静", "罗国安", "王芳", "王芳"), 1):
                ref = PersonRef(channel="web", id=f"{name}{number}")
                met = unit.people.meet(ref, person)
                unit.people.join(met.id, f"hub:{hub.id}", Membership.RESPONDER)

    in_one_transaction(tmp_path / "wenha.db", work)
    return str(path)


def _sheet(path: Path, columns: Sequence[Any], rows: Sequence[Sequence[str]]) -> str:
    path.write_bytes(sheet.write("表", columns, rows))
    return str(path)


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_roster_comes_from_a_sheet_and_takes_the_place_of_the_same_days(
    tmp_path: Path, config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first = [["2026-11-27", "9:00", "12:00", "陈静"], ["2026-11-28", "9:00", "24:00", "罗 国安"]]
    second = [
        ["2026-11-27", "14:00", "18:00", "罗国安"],
        ["2026-11-27", "9:00", "12:00", "罗国安"],
    ]
    hub = ("--hub", HUBS[0])
    for rows in (first, second):
        file = _sheet(tmp_path / "值班.xlsx", ROSTER, rows)
        code, out, _ = _run(capsys, "--config", config, "roster", "import", file, *hub)
        assert (code, out) == (0, "记下了2个班\n")
    _, out, _ = _run(capsys, "--config", config, "roster", "list", *hub)
    assert out.splitlines() == [
        "2026-11-27 09:00–12:00  罗国安",
        "2026-11-27 14:00–18:00  罗国安",
        "2026-11-28 09:00–00:00  罗国安",
    ]


def test_a_roster_with_mistakes_changes_nothing_and_names_every_one(
    tmp_path: Path, config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        ["2026-02-30", "9:00", "12:00", "陈静"],
        ["2026-11-27", "12:00", "9:00", "陈静"],
        ["2026-11-27", "9:00", "12:00", "王芳"],  # there are two
        ["2026-11-27", "9:00", "12:00", "陈静"],
        ["2026-11-27", "11:00", "13:00", "陈静"],
    ]
    file = _sheet(tmp_path / "值班.xlsx", ROSTER, rows)
    code, _, err = _run(capsys, "--config", config, "roster", "import", file, "--hub", HUBS[0])
    assert code == 2
    assert err.splitlines() == [
        "✗ 值班.xlsx 第2行 日期：写的是“2026-02-30”，要写成 2026-11-27 或 11-27",
        "✗ 值班.xlsx 第3行 结束：9:00不晚于开始，过夜请分成两行",
        "✗ 值班.xlsx 第4行 姓名：值守群里没有“王芳”，或者不止一个",
        "✗ 值班.xlsx 第6行 开始：陈静的时间和值班.xlsx 第5行重叠",
    ]
    _, out, _ = _run(capsys, "--config", config, "roster", "list", "--hub", HUBS[0])
    assert out == ""


def test_a_directory_goes_in_and_comes_out_as_it_was(
    tmp_path: Path, config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        ["白石法院", "起诉", "县城中路1号", "工作日", "023-12368"],
        ["=SUM(A1)", "", "", "", ""],
    ]
    file = _sheet(tmp_path / "名录.xlsx", OFFICES, rows)
    assert _run(capsys, "--config", config, "directory", "import", file)[0] == 0
    _, out, _ = _run(capsys, "--config", config, "directory", "list")
    assert out.splitlines() == ["=SUM(A1)", "白石法院  起诉  县城中路1号  工作日  023-12368"]
    back = tmp_path / "出来.xlsx"
    assert _run(capsys, "--config", config, "directory", "export", str(back))[0] == 0
    found = list(sheet.read(back.name, back.read_bytes(), OFFICES))
    assert [values["name"] for _, values in found] == ["=SUM(A1)", "白石法院"]


def test_a_directory_with_mistakes_changes_nothing(
    tmp_path: Path, config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [["法院", "", "", "", ""], ["法院", "", "长" * 201, "", ""], ["", "起诉", "", "", ""]]
    file = _sheet(tmp_path / "名录.xlsx", OFFICES, rows)
    code, _, err = _run(capsys, "--config", config, "directory", "import", file)
    assert code == 2
    assert err.splitlines() == [
        "✗ 名录.xlsx 第3行 名称：“法院”写了两次",
        "✗ 名录.xlsx 第3行 地址：太长，最多200个字",
        "✗ 名录.xlsx 第4行 名称：不能是空的",
    ]
    assert _run(capsys, "--config", config, "directory", "list")[1] == ""


def test_one_hub_stands_above_another_but_not_in_a_circle(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lower, upper = HUBS
    assert _run(capsys, "--config", config, "bind", "above", lower, upper)[0] == 0
    code, _, err = _run(capsys, "--config", config, "bind", "above", upper, lower)
    assert (code, err) == (2, "✗ “镇值守群”已经在“区值守群”下面了，不能互为上级\n")
    code, _, err = _run(capsys, "--config", config, "bind", "above", lower, "没有的群")
    assert code == 2
    assert "现有：镇值守群、区值守群" in err
