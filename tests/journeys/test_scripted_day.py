"""The scripted day: readable, in the contract's form, and the same story as the journal."""

import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from escalation.lifecycle import fold
from escalation.model import Event, Status
from storage.store import Store
from wenha.cli import main
from wenha.config import Config
from wenha.demo.stage import DATABASE, play

FIELDS: dict[str, type | tuple[type, ...]] = {
    "at": str,
    "chat": str,
    "village": str,
    "from": str,
    "name": str,
    "text": str,
    "buttons": list,
    "reply_to": (str, type(None)),
    "ticket": (int, type(None)),
    "edited": bool,
    "id": str,
}
PLANTED = (
    "13896012457",
    "139 8301 6624",
    "512324197203159016",
    "6217 0038 1000 2231 456",
    "023-77712345",
    "17783309182",
    "51232419880607901X",
    "1 5 8 2 3 6 6 7 1 0 9",
    "18996650713",
    "6228480478901234512",
    "6222 0231 0004 5567 891",
    "一三九九六六五四七二八",
    "512324 1965 0412 9023",
    "138)8300-4417",
    "13512340966",
    "6230 5820 0001 2345 677",
    "02377756781",
    "6217856300012345678",
    "13896550021",
    "177 2345 0098",
)


async def _played(folder: Path) -> list[dict[str, Any]]:
    out = io.StringIO()
    assert await play(Config(), 1, as_json=True, keep=folder, out=out) == 0
    return [json.loads(line) for line in out.getvalue().splitlines()]


async def test_every_line_has_the_fields_of_the_contract(tmp_path: Path) -> None:
    lines = await _played(tmp_path)
    ids = {line["id"] for line in lines}
    for line in lines:
        assert line.keys() == FIELDS.keys()
        assert all(isinstance(line[name], kind) for name, kind in FIELDS.items())
        assert line["chat"] in ("village", "hub", "direct")
        assert line["from"] in ("villager", "liaison", "responder", "bot", "clock")
        assert datetime.fromisoformat(line["at"]).utcoffset() is not None
        assert line["reply_to"] is None or line["reply_to"] in ids
    assert lines == sorted(lines, key=lambda line: line["at"])


async def test_the_journal_in_the_kept_database_tells_the_same_story(tmp_path: Path) -> None:
    lines = await _played(tmp_path)
    store = Store(tmp_path / DATABASE)
    try:
        tickets = await store.read(lambda unit: list(unit.tickets.all()))
        journals = await store.read(
            lambda unit: {ticket.id: list(unit.tickets.journal(ticket.id)) for ticket in tickets}
        )
    finally:
        store.close()

    assert {line["ticket"] for line in lines} - {None} == {ticket.id for ticket in tickets}
    for ticket in tickets:
        journal = journals[ticket.id]
        said = [line for line in lines if line["ticket"] == ticket.id]
        # the row is the journal folded
        assert fold(journal) == ticket
        assert ticket.state is Status.CLOSED
        # each answer of a person stands in the village once, at the moment it was delivered
        answers = [
            line["at"]
            for line in said
            if "答复你：" in line["text"] and line["chat"] == "village" and not line["edited"]
        ]
        hub_answers = {
            e.seq for e in journal if e.event is Event.ANSWER_GIVEN and e.role != "liaison"
        }
        assert len(answers) == len(hub_answers)
        delivered = [e.at.isoformat() for e in journal if e.event is Event.ANSWER_DELIVERED]
        assert set(answers) <= set(delivered)
        # each reminder was caused by an alarm that rang at that moment
        rang = {e.at.isoformat() for e in journal if e.event is Event.FIRED}
        assert {line["at"] for line in said if line["from"] == "clock"} <= rang
        # and every message of people that changed something is in the transcript
        sources = {e.source for e in journal if e.source}
        assert len([line for line in said if line["from"] not in ("bot", "clock")]) >= len(sources)


async def test_no_planted_number_leaves_the_village(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    lines = await _played(tmp_path)

    # given that all twenty were said in the village
    village = "\n".join(line["text"] for line in lines if line["chat"] == "village")
    assert all(value in village for value in PLANTED)

    # then none is in a hub line, on a card, in the journal, in the hub's rows or in a log
    hub = "\n".join(line["text"] for line in lines if line["chat"] == "hub")
    store = Store(tmp_path / DATABASE)
    try:
        rows = await store.read(
            lambda unit: [
                *(item.text for item in unit.outbox.all() if item.chat.chat_id.startswith("hub")),
                *(message.text for message in unit.web.latest("hub:wulong", 1000)),
                *(
                    json.dumps(dict(entry.data), ensure_ascii=False)
                    for ticket in unit.tickets.all()
                    for entry in unit.tickets.journal(ticket.id)
                ),
            ]
        )
    finally:
        store.close()
    printed = capsys.readouterr()
    seen = "\n".join([hub, *rows, caplog.text, printed.err])
    digits = "".join(char for char in seen if char.isdigit())
    for value in PLANTED:
        assert value not in seen
        plain = "".join(char for char in value if char.isdigit())
        assert not plain or plain not in digits


def test_the_command_prints_a_readable_day_and_exits_0(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["demo", "--script", "--keep", str(tmp_path / "day")]) == 0
    told = capsys.readouterr().out
    assert "════ 2026年11月23日 周一 ════" in told
    assert "09:02 [白石村] 张秀兰\n      问哈村长，老板差我三个月工钱不给啷个办？" in told
    assert "不是问我们的：没有回，也没有存。" in told
    assert "赶场" not in told
    assert (tmp_path / "day" / DATABASE).exists()


def test_a_folder_that_holds_a_day_already_is_not_overwritten(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["demo", "--script", "--keep", str(tmp_path)]) == 0
    assert main(["demo", "--script", "--keep", str(tmp_path)]) == 2
    assert "已经在了，请换一个目录或先移走它" in capsys.readouterr().err


async def test_the_third_day_shows_what_hub_and_liaison_do_together(tmp_path: Path) -> None:
    out = io.StringIO()
    assert await play(Config(), 3, as_json=False, keep=tmp_path, out=out) == 0
    told = out.getvalue()
    for sentence in (
        "只转其中几个，就写：只转 1 3",
        "1号工单转给调解员",
        "退回待认领了。谁能接一下？",
        "同一件事还有3号，答复一起送到",
        "以这一条为准",
        "法定期限：上诉还剩9天",
        "请复制上面的话，转给陈婆婆",
        "送达：今天17:10 已送到村里",
        "事情办好没有？",
        "工单有这些：",
    ):
        assert sentence in told
    store = Store(tmp_path / DATABASE)
    tickets = await store.read(lambda unit: unit.tickets.all())
    journals = await store.read(lambda unit: [unit.tickets.journal(one.id) for one in tickets])
    store.close()
    assert [ticket.state for ticket in tickets] == [Status.CLOSED] * 4
    assert [fold(journal) for journal in journals] == tickets
