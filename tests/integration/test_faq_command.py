"""`wenha faq match`: what the FAQ would say to a question, and why."""

import io
import json
from pathlib import Path

import pytest

from wenha.cli import main

WAGES = "老板差我三个月工钱不给啷个办？"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No configuration and no database: the shipped entries."""
    monkeypatch.chdir(tmp_path)


def match(monkeypatch: pytest.MonkeyPatch, *arguments: str, lines: str = "") -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    return main(["faq", "match", *arguments])


def test_a_certain_answer_is_told_with_its_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faq", "match", "--explain", WAGES]) == 0
    told = capsys.readouterr().out
    assert told.startswith("答  L040 ")
    assert "最像的问法：" in told
    assert "相同的字词：" in told


def test_every_line_gets_one_line_in_order_blank_ones_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = f"{WAGES}\n\n今天天气好\n\x00\n{'长' * 100_000}\n🙏\n{WAGES}"

    assert match(monkeypatch, "--json", lines=lines) == 0

    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["outcome"] for one in told] == ["answer", *["silent"] * 5, "answer"]
    assert [one["entry"] for one in told] == ["L040", *[None] * 5, "L040"]
    assert all(0 <= one["probability"] <= 1 for one in told)
    assert told[1]["text"] == ""
    assert len(told[0]["candidates"]) == 3
    assert set(told[0]["candidates"][0]) == {"entry", "probability", "variant"}


def test_who_was_not_asked_answers_only_what_is_certain(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "我在城头打工，老板两个月没给工资了\n"

    assert match(monkeypatch, "--json", "--mode", "addressed", lines=lines) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "offer"
    assert match(monkeypatch, "--json", "--mode", "listening", lines=lines) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "silent"


@pytest.mark.parametrize("name", ["own.json", "own.yaml"])
def test_a_file_of_ones_own_is_matched_alone(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = [
        {"id": "q1", "question": "鸡被偷了怎么办？"},
        {"id": "q2", "question": "彩礼能不能要回来？", "status": "retired"},
        {"id": "q3", "question": "渡口几点开船？", "variants": ["过河的船好久开"]},
    ]
    (tmp_path / name).write_text(json.dumps(own, ensure_ascii=False), "utf-8")

    assert (
        match(monkeypatch, "--faq", name, "--json", lines="过河的船好久开\n彩礼能要回来不\n") == 0
    )

    ferry, bride = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert ferry["candidates"][0]["entry"] == "q3"
    assert "q2" not in [found["entry"] for found in bride["candidates"]]


def test_every_problem_of_a_file_is_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = [{"question": "a"}, {"id": "x", "question": ""}, 5, {"id": "x", "question": "b"}]
    (tmp_path / "b.json").write_text(json.dumps(broken * 300), "utf-8")

    assert main(["faq", "match", "--faq", "b.json", "问"]) == 2

    problems = capsys.readouterr().err.splitlines()
    assert len(problems) > 1_000
    assert "b.json 第1条 id" in problems[0]


@pytest.mark.parametrize("content", [b"\xc4\xe3\xba\xc3", b"{", b"a: 1", b"[" * 100_000])
def test_a_file_that_is_no_faq_is_refused_in_a_sentence(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_bytes(content)

    assert main(["faq", "match", "--faq", "b.yaml", "问"]) == 2
    assert main(["faq", "match", "--faq", "none.yaml", "问"]) == 2


def test_labelled_questions_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"text": WAGES, "id": "L040", "style": "dialect"},
        {"text": WAGES, "match": []},
        {"text": "离婚冷静期是多久，怎么协议离婚？", "match": ["L001"]},
        {"text": "今天杀年猪，都来喝刨汤", "kind": "chat"},
    ]
    (tmp_path / "own.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")

    assert main(["faq", "eval", "--json", "own.jsonl"]) == 0
    told = json.loads(capsys.readouterr().out)

    total = told["total"]
    assert (total["asked"], total["others"], total["silent"]) == (2, 1, 1)
    assert (total["first"], total["answers"], total["precision"]) == (0.5, 3, 1 / 3)
    assert (total["others_answered"], total["spoken_to"]) == (1.0, 0.0)
    assert {one["right"][0] for one in told["worst"] if one["right"]} == {"L001"}
    assert main(["faq", "eval", "own.jsonl"]) == 0
    assert "答的里对的 33.3%" in capsys.readouterr().out


def test_a_broken_line_of_labelled_questions_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.jsonl").write_text('{"text": "a"}\n{\n[1]\n{"text": 1, "id": "x"}\n', "utf-8")

    assert main(["faq", "eval", "own.jsonl", "none.jsonl"]) == 2
    assert capsys.readouterr().err.count("\n") == 5
