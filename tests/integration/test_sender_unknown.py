"""What the sender cannot know: it says it once more or drops it, counts it, and never hangs."""

import asyncio
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError
from typing_extensions import override

from base.boxes import OutboxItem, OutboxState
from base.messages import ChatRef, Kind, Toast
from escalation.model import Event
from storage.store import StorageTrouble, Store
from storage.unit import Unit
from tests.fakes import ACK_LOST, BUSY, FINE, GONE, HUB, UNCLEAR, VILLAGE, Fate, slow_down
from tests.town import Town, a_town, to_hub, to_village
from wenha import wiring

REPEATED = "\n（网络不稳，这条可能重复了）"
MOST = OutboxState.SENT, OutboxState.FAILED, OutboxState.EXPIRED


async def in_flight(town: Town) -> Sequence[OutboxItem]:
    return await town.read(lambda unit: unit.outbox.in_flight())


@pytest.mark.parametrize(("fate", "shown"), [(ACK_LOST, 2), (UNCLEAR, 1)])
async def test_an_answer_of_unknown_fate_is_said_once_more_and_says_so(
    tmp_path: Path, fate: Fate, shown: int
) -> None:
    async with a_town(tmp_path) as town:
        card = await town.in_hub()
        await town.answer(card, fate)
        # then it stands there at least once, marked the second time, and is counted
        assert len(town.carried()) == shown
        assert town.carried()[-1].endswith(REPEATED)
        assert not any(text.endswith(REPEATED) for text in town.carried()[:-1])
        found = await town.promised("张秀兰，律师")
        assert (found.state, found.ambiguous, found.tries) == (OutboxState.SENT, 1, 2)
        assert (await town.read(lambda unit: unit.outbox.troubles())) == (0, 1)
        # and it was delivered once
        assert (await town.story()).count(Event.ANSWER_DELIVERED) == 1


async def test_an_answer_of_unknown_fate_twice_is_given_up_and_the_hub_is_told(
    tmp_path: Path,
) -> None:
    async with a_town(tmp_path) as town:
        card = await town.in_hub()
        await town.answer(card, ACK_LOST, ACK_LOST)
        await town.wait(days=1)
        assert len(town.carried()) == 2
        found = await town.promised("张秀兰，律师")
        assert (found.state, found.ambiguous) == (OutboxState.FAILED, 2)
        assert Event.DELIVERY_FAILED in await town.story()


async def test_a_reminder_or_reaction_of_unknown_fate_is_dropped(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        town.channel.then(VILLAGE, ACK_LOST)
        town.channel.then(HUB, UNCLEAR)
        town.channel.presses["p1"] = HUB.chat_id
        await town.promise(
            to_village("催", Kind.REMINDER),
            Toast(key="t", chat=HUB, press_id="p1", text="收到"),
        )
        await town.wait(minutes=1)
        for text in ("催", "收到"):
            found = await town.promised(text)
            assert (found.state, found.ambiguous, found.tries) == (OutboxState.EXPIRED, 1, 1)
        assert len(town.channel.calls) == 2


async def test_an_adapter_that_breaks_down_counts_as_unknown(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        town.channel.then(VILLAGE, Fate(performed=True, error=ZeroDivisionError()))
        await town.promise(to_village("一"), to_village("二"))
        await town.settle()
        assert [m.text for m in town.channel.ours(VILLAGE)] == ["一", "一" + REPEATED, "二"]


async def test_an_edit_of_unknown_fate_is_made_again_and_cannot_be_there_twice(
    tmp_path: Path,
) -> None:
    async with a_town(tmp_path) as town:
        card = await town.in_hub()
        town.channel.then(HUB, Fate(performed=True), ACK_LOST)  # the reaction, the card
        await town.press("chen", card, "认领")
        await town.settle()
        (card,) = town.channel.ours(HUB)
        assert "承办：陈静（律师）" in card.text
        assert REPEATED not in card.text
        assert (await town.promised("【1号工单")).ambiguous == 1


async def test_what_was_on_its_way_when_we_stopped_is_treated_as_unknown(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        # given an answer, a reminder and a reaction marked as being sent, and then no more of us
        channel = town.channel
        channel.presses["p1"] = HUB.chat_id
        toast = Toast(key="t", chat=HUB, press_id="p1", text="收到")
        await town.promise(to_village("答"), to_hub("催", Kind.REMINDER), toast, to_village("后"))
        marked = [row.id for row in await town.outbox()][:3]
        await town.write(lambda unit: unit.outbox.sending(marked))
    async with a_town(tmp_path, channel=channel) as town:
        await town.settle()
        # then the answer is said, marked; the others are dropped; all are counted
        assert [m.text for m in channel.ours(VILLAGE)] == ["答" + REPEATED, "后"]
        assert channel.called(HUB) == []
        rows = [(row.text, row.state, row.ambiguous) for row in await town.outbox()]
        assert rows == [
            ("答", OutboxState.SENT, 1),
            ("催", OutboxState.EXPIRED, 1),
            ("收到", OutboxState.EXPIRED, 1),
            ("后", OutboxState.SENT, 0),
        ]


async def test_a_result_that_cannot_be_recorded_leaves_nothing_stuck(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        # given an answer on its way while another process holds the database
        card = await town.in_hub()
        await town.impatient()
        gate = town.channel.hold(VILLAGE)
        carrying = asyncio.ensure_future(town.answer(card))
        await gate.reached.wait()
        with closing(sqlite3.connect(tmp_path / "wenha.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            gate.opened.set()
            await carrying
            other.execute("ROLLBACK")
        # when the database is free again
        await town.wait(seconds=10)
        # then nothing hangs in between: it was said once more, marked and counted
        assert await in_flight(town) == []
        assert len(town.carried()) == 2
        assert town.carried()[1].endswith(REPEATED)
        assert (await town.story()).count(Event.ANSWER_DELIVERED) == 1


class Deaf(Store):
    """The real store; told to, it hears nothing of its next commit, though that is made."""

    deaf = False

    @override
    def _commit(self) -> None:
        super()._commit()
        if self.deaf:
            self.deaf = False
            raise OperationalError("COMMIT", None, sqlite3.OperationalError("disk I/O error"))


async def test_rows_marked_without_our_knowing_are_not_forgotten(tmp_path: Path) -> None:
    with patch.object(wiring, "Store", Deaf):
        async with a_town(tmp_path) as town:
            await town.promise(to_village("一"), to_hub("催", Kind.REMINDER))
            # when the commit that marks them is made, but reported as failed
            store = town.service.store
            assert isinstance(store, Deaf)
            store.deaf = True
            await town.wait(minutes=1)
            # then they are taken for messages of unknown fate
            assert [m.text for m in town.channel.ours(VILLAGE)] == ["一" + REPEATED]
            assert (await town.promised("催")).state is OutboxState.EXPIRED
            assert await in_flight(town) == []


async def test_a_step_ends_only_when_everything_it_sent_is_recorded(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        # given two chats being sent to, and a database that is locked when the first is done
        await town.impatient()
        village, hub = town.channel.hold(VILLAGE), town.channel.hold(HUB)
        await town.promise(to_village("一"), to_hub("甲"))
        settling = asyncio.ensure_future(town.settle())
        await village.reached.wait()
        await hub.reached.wait()
        with closing(sqlite3.connect(tmp_path / "wenha.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            hub.opened.set()
            await asyncio.to_thread(int)  # everybody who is ready has queued by now
            with pytest.raises(StorageTrouble):  # behind the hub's result in the queue
                await town.write(lambda unit: unit.meta.set("a", "b"))
            await asyncio.to_thread(int)
            other.execute("ROLLBACK")
        # then the step still waits for the other, which is not taken for lost
        assert not settling.done()
        village.opened.set()
        await settling
        await town.wait(seconds=10)
        assert [m.text for m in town.channel.ours(VILLAGE)] == ["一"]
        assert [m.text for m in town.channel.ours(HUB)] == ["甲", "甲" + REPEATED]
        assert (await town.promised("一")).ambiguous == 0


async def test_what_follows_a_slow_delivery_is_said_without_waiting_for_a_sweep(
    tmp_path: Path,
) -> None:
    async with a_town(tmp_path) as town:
        # given an answer that took longer than a step waits
        card = await town.in_hub()
        gate = town.channel.hold(VILLAGE)
        await town.answer(card, GONE)
        assert "送达：正在送" in town.channel.ours(HUB)[0].text
        # when it fails while the next step already waits for it
        settling = asyncio.ensure_future(town.settle())
        for _ in range(20):
            await asyncio.to_thread(int)  # the step has read what there is to send
        gate.opened.set()
        await settling
        # then the card says so at once
        assert "送达：没送到" in town.channel.ours(HUB)[0].text


@pytest.mark.parametrize("fates", [(), (ACK_LOST,), (GONE,), (ACK_LOST, ACK_LOST)])
async def test_a_ticket_that_is_broken_stops_no_other_message(
    tmp_path: Path, fates: tuple[Fate, ...]
) -> None:
    async with a_town(tmp_path) as town:
        # given an answer on its way for a ticket whose journal has lost a line
        card = await town.in_hub()
        gate = town.channel.hold(VILLAGE)
        carrying = asyncio.ensure_future(town.answer(card, *fates))
        await gate.reached.wait()
        await town.write(_lose_a_line)
        gate.opened.set()
        await carrying
        # when more is to be said, here and there
        await town.promise(to_village("后面的话"), to_hub("值守群的话"))
        await town.wait(minutes=1)
        # then all of it is said, and nothing hangs in between
        assert town.channel.ours(VILLAGE)[-1].text == "后面的话"
        assert town.channel.ours(HUB)[-1].text == "值守群的话"
        assert await in_flight(town) == []
        assert {row.state for row in await town.outbox()} <= set(MOST)
        assert len(town.carried()) <= 2


def _lose_a_line(unit: Unit) -> None:
    unit.tickets._connection.exec_driver_sql("DELETE FROM journal WHERE seq = 2")


# whatever the channel does

FATES = st.sampled_from((FINE, ACK_LOST, UNCLEAR, BUSY, GONE, slow_down(7)))
MESSAGES = st.tuples(st.sampled_from((VILLAGE, HUB)), st.sampled_from((Kind.REPLY, Kind.REMINDER)))


@settings(max_examples=25, deadline=None)
@given(
    promised=st.lists(MESSAGES, min_size=1, max_size=8),
    village=st.lists(FATES, max_size=12),
    hub=st.lists(FATES, max_size=12),
)
async def test_nothing_is_lost_unsaid_or_twice_uncounted_and_order_is_kept(
    promised: list[tuple[ChatRef, Kind]], village: list[Fate], hub: list[Fate]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with a_town(Path(folder)) as town:
            town.channel.then(VILLAGE, *village)
            town.channel.then(HUB, *hub)
            texts = [f"第{number}条" for number in range(len(promised))]
            messages = [
                to_village(text, kind, chat)
                for text, (chat, kind) in zip(texts, promised, strict=True)
            ]
            await town.promise(*messages)
            await town.wait(hours=5)
            for row in await town.outbox():
                shown = [m for m in town.channel.ours(row.chat) if m.text.startswith(row.text)]
                ends = MOST if row.kind is Kind.REMINDER else MOST[:2]
                assert row.state in ends
                assert len(shown) <= 1 + row.ambiguous
                assert shown or row.state is not OutboxState.SENT
            for chat in (VILLAGE, HUB):
                called = [text[:3] for _, text in town.channel.called(chat)]
                by_kind = [
                    [
                        text
                        for text, one in zip(texts, promised, strict=True)
                        if one == (chat, kind)
                    ]
                    for kind in (Kind.REPLY, Kind.REMINDER)
                ]
                assert list(dict.fromkeys(called)) == [*by_kind[0], *by_kind[1]]
