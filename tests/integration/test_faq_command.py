"""`wenha faq match`: what the FAQ would say to a question, and why."""

import json

import pytest

from wenha.cli import main

WAGES = "老板差我三个月工钱不给啷个办？"


def test_a_certain_answer_is_told_with_its_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faq", "match", WAGES]) == 0
    told = capsys.readouterr().out
    assert told.startswith("有把握，直接答\n  L040 ")
    assert "最像的问法：" in told


def test_what_nobody_asks_is_left_to_the_village(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faq", "match", "今天赶场不？"]) == 0
    assert capsys.readouterr().out == "不答，请村里先看\n"


def test_every_considered_entry_is_a_json_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faq", "match", "--json", WAGES]) == 0
    first, *others = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["outcome"], first["id"]) == ("answer", "L040")
    assert all(one["probability"] <= first["probability"] for one in others)


def test_none_at_all_is_one_json_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faq", "match", "--json", "\x00"]) == 0
    assert json.loads(capsys.readouterr().out) == {"outcome": "silent", "id": None}
