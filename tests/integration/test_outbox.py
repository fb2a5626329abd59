"""The outbox: what is promised is kept once, and each chat gets its messages in their order."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Executable, event

from base.boxes import OutboxItem, OutboxState
from base.messages import Act, Button, HubChat, Kind, Toast, ToHub, ToVillage, Words
from base.messages import VillageChat as Village
from storage import inbox, outbox, timers
from storage.migrate import upgrade
from storage.outbox import Outbox
from storage.store import open_connection
from tests.fakes import HUB, VILLAGE
from tests.town import MONDAY_9AM, a_town

NOW = MONDAY_9AM


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    upgrade(tmp_path / "wenha.db")
    with closing(open_connection(tmp_path / "wenha.db")) as opened:
        yield opened


@pytest.fixture
def box(connection: Connection) -> Outbox:
    return Outbox(connection)


def to_village(text: str, kind: Kind = Kind.REPLY, slot: str | None = None) -> ToVillage:
    words = Words(text=text, slot=slot)
    return ToVillage(key=text, kind=kind, chat=Village(ref=VILLAGE), words=words)


def to_hub(text: str, kind: Kind = Kind.REPLY) -> ToHub:
    return ToHub(key=text, kind=kind, chat=HubChat(ref=HUB), words=Words(text=text))


def heads(box: Outbox) -> list[str]:
    return [item.text for item in box.heads()]


def send(box: Outbox, message_id: str) -> OutboxItem:
    """Let the next message of all be accepted."""
    item = box.heads()[0]
    box.sending([item.id])
    box.sent(item.id, message_id, NOW)
    return item


def test_promising_the_same_message_twice_changes_nothing(box: Outbox) -> None:
    box.promise(to_village("好"), NOW)
    box.promise(replace(to_village("好"), words=Words(text="其他")), NOW + timedelta(hours=1))
    (item,) = box.all()
    assert (item.text, item.promised_at) == ("好", NOW)


def test_a_message_is_kept_as_it_was_promised(box: Outbox) -> None:
    button = Button(label="第1个", act=Act.PICK, ticket=3, arg="land-1")
    words = Words(text="𠮷\n“好”", buttons=(button,), reply_to="5", slot="s")
    box.promise(
        ToVillage(key="k", kind=Kind.ANSWER, chat=Village(ref=VILLAGE), words=words, ticket=3),
        NOW,
    )
    (item,) = box.all()
    assert (item.text, item.buttons, item.reply_to, item.slot, item.ticket) == (
        words.text,
        (button,),
        "5",
        "s",
        3,
    )
    assert (item.kind, item.chat, item.state) == (Kind.ANSWER, VILLAGE, OutboxState.PENDING)


def test_each_chat_has_its_own_turn_in_its_own_order(box: Outbox) -> None:
    for message in (to_village("一"), to_village("二"), to_hub("甲"), to_hub("乙")):
        box.promise(message, NOW)
    assert heads(box) == ["一", "甲"]
    send(box, "1")
    assert heads(box) == ["二", "甲"]


def test_reactions_go_first_then_answers_then_reminders(box: Outbox) -> None:
    box.promise(to_village("催", Kind.REMINDER), NOW)
    box.promise(to_village("回", Kind.REPLY), NOW)
    box.promise(to_village("答", Kind.ANSWER), NOW)
    box.promise(Toast(key="t", chat=VILLAGE, press_id="p1", text="收到"), NOW)
    assert [send(box, str(number)).text for number in range(4)] == ["收到", "回", "答", "催"]


def test_a_message_in_flight_holds_its_chat_and_no_other(box: Outbox) -> None:
    for message in (to_village("催", Kind.REMINDER), to_hub("甲")):
        box.promise(message, NOW)
    box.sending([box.heads()[0].id, box.heads()[1].id])
    # when something more urgent is promised while the reminder is on its way
    box.promise(to_village("答", Kind.ANSWER), NOW)
    box.promise(to_hub("乙"), NOW)
    assert heads(box) == []
    box.sent(box.all()[1].id, "1", NOW)
    assert heads(box) == ["乙"]


def test_a_waiting_message_of_a_slot_is_replaced_in_its_place(box: Outbox) -> None:
    box.promise(to_village("卡一", Kind.CARD, slot="card:1"), NOW)
    box.promise(to_village("催"), NOW)
    box.promise(to_village("卡二", Kind.CARD, slot="card:1"), NOW + timedelta(minutes=1))
    assert [item.text for item in box.all()] == ["卡二", "催"]
    assert heads(box) == ["卡二"]


def test_a_slot_that_says_it_already_is_left_alone(box: Outbox) -> None:
    box.promise(to_village("卡", Kind.CARD, slot="card:1"), NOW)
    send(box, "7")
    box.promise(replace(to_village("卡", Kind.CARD, slot="card:1"), key="again"), NOW)
    assert heads(box) == []
    assert box.slot_message("card:1", VILLAGE) == "7"


def test_a_slot_on_its_way_gets_its_next_words_after_that(box: Outbox) -> None:
    box.promise(to_village("卡一", Kind.CARD, slot="card:1"), NOW)
    (first,) = box.heads()
    box.sending([first.id])
    box.promise(to_village("卡二", Kind.CARD, slot="card:1"), NOW)
    assert heads(box) == []
    box.sent(first.id, "7", NOW)
    assert heads(box) == ["卡二"]


def test_what_failed_or_expired_is_never_tried_again(box: Outbox) -> None:
    for text in ("一", "二", "三"):
        box.promise(to_village(text), NOW)
    box.end(box.heads()[0].id, OutboxState.FAILED, "kicked")
    box.end(box.heads()[0].id, OutboxState.EXPIRED, "old")
    assert heads(box) == ["三"]
    assert box.troubles() == (1, 0)


async def test_a_card_is_one_message_however_often_it_changes(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        await town.say("zhang", "问哈村长，无人机打药把我家茶叶熏坏了？")
        await town.settle()
        await town.press("zhang", town.channel.ours(VILLAGE)[-1], "转给专家")
        await town.settle()
        await town.press("chen", town.channel.ours(HUB)[0], "认领")
        await town.settle()
        await town.say("chen", "到村委会交。", town.channel.ours(HUB)[0].id)
        await town.settle()
        (card,) = [m for m in town.channel.ours(HUB) if m.text.startswith("【1号工单")]
        assert card.edits >= 3
        assert "已送到村里" in card.text


@pytest.mark.parametrize(
    ("statement", "values", "index"),
    [
        (outbox._HEADS, {}, "ix_outbox_waiting"),
        (outbox._IN_FLIGHT, {}, "ix_outbox_waiting"),
        (inbox._HEADS, {}, "ix_inbox_waiting"),
        (timers._DUE, {"now": NOW, "at_most": 5}, "ix_timer_pending"),
        (timers._NEXT, {}, "ix_timer_pending"),
    ],
)
def test_a_step_looks_at_what_waits_and_not_at_all_that_ever_was(
    connection: Connection, statement: Executable, values: dict[str, object], index: str
) -> None:
    plan = _plan(connection, statement, values)
    assert any(index in line for line in plan), plan
    assert not [line for line in plan if line.startswith("SCAN") and "INDEX" not in line], plan


def _plan(
    connection: Connection, statement: Executable, values: dict[str, object]
) -> Sequence[str]:
    """How SQLite goes about a statement."""
    seen: list[tuple[str, object]] = []

    def note(_conn: object, _cursor: object, sql: str, given: object, *_more: object) -> None:
        seen.append((sql, given))

    event.listen(connection, "before_cursor_execute", note)
    connection.execute(statement, values)
    event.remove(connection, "before_cursor_execute", note)
    ((sql, given),) = seen
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)  # type: ignore[arg-type] # as the driver got them
    tables = ("outbox", "inbox", "timer")
    return [row[3] for row in rows if any(name in row[3] for name in tables)]
