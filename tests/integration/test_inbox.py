"""The inbox: what arrives is kept once, handled in order, and a bad thing blocks its own chat."""

import json
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from base.boxes import InboxState
from base.messages import ChatRef
from escalation.lifecycle import fold
from escalation.model import Entry, Event, Status, Ticket
from storage.tables import INBOX
from storage.unit import Unit
from tests.fakes import HUB, NAME, PEOPLE, VILLAGE
from tests.town import QUESTION, Town, a_town

POISON = {"message": {"message_id": "x", "chat": {"id": "village"}}}


def row(unit: Unit, key: str) -> dict[str, Any]:
    """One inbox row as stored."""
    found = unit.inbox._connection.execute(INBOX.select().where(INBOX.c.key == key)).one()
    return dict(found._mapping)


async def poison(town: Town, key: str = "bad", chat: ChatRef = VILLAGE) -> None:
    """Let something arrive that nobody can read."""
    text, now = json.dumps(POISON), town.clock.now()
    await town.write(lambda unit: unit.inbox.put(key, chat, text, now))


async def test_the_same_update_twice_is_one(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        raw = town.channel.writes(PEOPLE["zhang"], QUESTION)
        # when an update arrives twice, and once more after it was handled
        assert await town.arrive(raw)
        assert not await town.arrive(raw)
        await town.settle()
        assert not await town.arrive(raw)
        await town.settle()
        # then it was one question, with one reply
        assert await town.story() == [Event.ASKED, Event.OPENED]
        assert len(town.channel.ours(VILLAGE)) == 1


async def test_the_things_of_one_chat_are_handled_in_their_order(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        # given a question, two remarks on it and the asker's word, all before anybody looked
        question = await town.say("zhang", QUESTION)
        await town.say("li", "第一句", question)
        await town.say("wang", "12月20日前。", question)
        await town.say("zhang", "解决了", question)
        await town.settle()
        assert await town.story() == [
            Event.ASKED,
            Event.OPENED,
            Event.NEIGHBOUR_SAID,
            Event.ANSWER_GIVEN,
            Event.ANSWER_DELIVERED,
            Event.CONFIRMED,
        ]


async def test_only_the_oldest_of_each_chat_has_its_turn(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        now = town.clock.now()
        for key, chat in (("a1", VILLAGE), ("a2", VILLAGE), ("b1", HUB), ("b2", HUB)):
            await poison(town, key, chat)
        heads, held = await town.read(lambda unit: unit.inbox.heads(now))
        assert [item.key for item in heads] == ["a1", "b1"]
        assert held is None


async def test_what_fails_three_times_is_parked_and_its_chat_goes_on(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        # given something unreadable, a question behind it, and talk in the other chat
        await poison(town)
        await town.say("zhang", QUESTION)
        await town.say("chen", "认领 7", None)

        # when it has been tried once
        await town.settle()
        # then its chat waits for it and the other chat did not
        assert await town.tickets() == []
        assert "没找到这个工单" in town.channel.ours(HUB)[0].text

        # when it has been tried three times
        await town.wait(minutes=1)
        # then it is parked with its error and the chat has gone on
        bad = await town.read(lambda unit: row(unit, "bad"))
        assert (bad["state"], bad["tries"], bad["error"]) == (InboxState.PARKED, 3, "KeyError")
        assert await town.read(lambda unit: unit.inbox.parked()) == [(bad["id"], "KeyError")]
        assert [ticket.state for ticket in await town.tickets()] == [Status.IN_VILLAGE]


async def test_a_failed_try_waits_a_moment_before_the_next(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        await poison(town)
        await town.settle()
        await town.settle()
        assert (await town.read(lambda unit: row(unit, "bad")))["tries"] == 1
        await town.wait(seconds=2)
        assert (await town.read(lambda unit: row(unit, "bad")))["tries"] == 2


@pytest.mark.parametrize("raw", ["", "[]", "{}", "null", '{"message": 7}', "\x00"])
async def test_an_unreadable_update_stops_nobody(tmp_path: Path, raw: str) -> None:
    async with a_town(tmp_path) as town:
        now = town.clock.now()
        await town.write(lambda unit: unit.inbox.put("bad", VILLAGE, raw, now))
        await town.say("zhang", QUESTION)
        await town.wait(minutes=1)
        assert len(await town.tickets()) == 1


async def test_an_update_of_a_channel_that_is_gone_is_parked(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        await poison(town, chat=ChatRef(channel="pigeon", chat_id="1"))
        await town.wait(minutes=1)
        assert (await town.read(lambda unit: row(unit, "bad")))["state"] == InboxState.PARKED


async def test_what_is_not_ours_loses_its_words_when_it_is_handled(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        said = await town.say("li", "张家媳妇昨天又跑回娘家了")
        asked = await town.say("zhang", QUESTION)
        await town.settle()
        dropped = await town.read(lambda unit: row(unit, f"{NAME}:{said}"))
        kept = await town.read(lambda unit: row(unit, f"{NAME}:{asked}"))
        assert (dropped["state"], dropped["raw"]) == (InboxState.DONE, None)
        assert kept["raw"] is not None
        assert not town.channel.called(HUB)
    # then they are nowhere in the file any more
    with closing(sqlite3.connect(tmp_path / "wenha.db")) as raw:
        assert raw.execute("SELECT count(*) FROM inbox WHERE raw LIKE '%娘家%'").fetchone() == (0,)
    left = json.dumps("跑回娘家").strip('"').encode()
    assert left not in (tmp_path / "wenha.db").read_bytes()


async def test_a_database_that_is_busy_makes_an_item_wait_without_counting_a_try(
    tmp_path: Path,
) -> None:
    async with a_town(tmp_path) as town:
        await town.say("zhang", QUESTION)
        await town.impatient()
        with closing(sqlite3.connect(tmp_path / "wenha.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await town.settle()
            assert await town.tickets() == []
            other.execute("ROLLBACK")
        await town.wait(seconds=5)
        assert len(await town.tickets()) == 1
        (kept,) = await town.read(lambda unit: unit.inbox.kept())
        assert kept.tries == 0


# whatever happens twice has happened once

ACTS = st.sampled_from(
    ("ask", "ask more", "chatter", "urgent", "neighbour", "liaison", "hand up", "claim", "answer")
)


@settings(max_examples=12, deadline=None)
@given(
    acts=st.lists(st.tuples(ACTS, st.integers(0, 40)), min_size=1, max_size=9),
    again=st.lists(st.integers(0, 8), min_size=1, max_size=12),
)
async def test_repeated_deliveries_leave_the_same_tickets_and_journals(
    acts: list[tuple[str, int]], again: list[int]
) -> None:
    once = await _lived(acts, ())
    assert await _lived(acts, again) == once
    for ticket, journal in once:
        assert fold(journal) == ticket


async def _lived(
    acts: Sequence[tuple[str, int]], again: Sequence[int]
) -> list[tuple[Ticket, list[Entry]]]:
    """Let things happen, each delivery repeated as often as its number stands in `again`."""
    with tempfile.TemporaryDirectory() as folder:
        async with a_town(Path(folder)) as town:
            updates: list[dict[str, Any]] = []
            for number, (act, minutes) in enumerate(acts):
                updates.append(_update(town, act))
                await town.arrive(updates[-1])
                await town.settle()
                for old in again:
                    if old <= number:
                        await town.arrive(updates[old])
                await town.wait(minutes=minutes)
            return [(one, await town.journal(one.id)) for one in await town.tickets()]


def _update(town: Town, act: str) -> dict[str, Any]:
    """What somebody does next, as far as the chats allow it."""
    channel = town.channel
    asked = [m.id for m in channel.shown(VILLAGE) if m.text.startswith("问哈村长，")]
    cards = [m.id for m in channel.ours(HUB) if m.text.startswith("【")]
    question = asked[-1] if asked else None
    card = cards[-1] if cards else None
    who, text, reply_to = {
        "ask": ("zhang", QUESTION, None),
        "ask more": ("zhang", "还有，要带啥子？", question),
        "chatter": ("li", "赶场不？", None),
        "urgent": ("li", "紧急", question),
        "neighbour": ("li", "我屋头也是", question),
        "liaison": ("wang", "12月20日前交。", question),
        "hand up": ("wang", "转总群", question),
        "claim": ("chen", "认领", card),
        "answer": ("chen", "到村委会交。", card),
    }[act]
    return channel.writes(PEOPLE[who], text, reply_to)
