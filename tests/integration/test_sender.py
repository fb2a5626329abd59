"""The sender: it waits, tries again, gives up and lets expire, as promised."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from base.boxes import OutboxState
from base.messages import (
    ChatRef,
    Kind,
    Toast,
)
from bot.sender import MAX_TRIES
from escalation.model import Event
from tests.fakes import BUSY, GONE, HUB, VILLAGE, slow_down
from tests.town import ANSWER, MONDAY_9AM, Town, a_town, to_hub, to_village


def times(town: Town, chat: ChatRef) -> list[datetime]:
    return [call.at for call in town.channel.calls if call.chat == chat.chat_id]


def seconds(*numbers: int) -> list[datetime]:
    return [MONDAY_9AM + timedelta(seconds=number) for number in numbers]


# waiting


async def test_a_channel_that_asks_to_wait_is_waited_for_exactly_so_long(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        town.channel.then(VILLAGE, slow_down(30))
        await town.promise(to_village("一"), to_hub("甲"), to_hub("乙"))
        await town.wait(minutes=5)
        # then that chat was called again at that moment, and the other chat never waited
        assert times(town, VILLAGE) == seconds(0, 30)
        assert times(town, HUB) == seconds(0, 0)
        assert [m.text for m in town.channel.ours(VILLAGE)] == ["一"]


async def test_nothing_overtakes_into_a_chat_that_asked_us_to_wait(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        town.channel.then(VILLAGE, slow_down(30))
        await town.promise(to_village("催", Kind.REMINDER))
        await town.wait(seconds=5)
        # when something more urgent is promised meanwhile
        await town.promise(to_village("答", Kind.ANSWER))
        await town.wait(minutes=1)
        # then it goes first, but not before the channel wants to hear from us
        assert times(town, VILLAGE) == seconds(0, 30, 30)
        assert [m.text for m in town.channel.ours(VILLAGE)] == ["答", "催"]


async def test_a_chat_that_needs_a_pause_gets_it_between_any_two_messages(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        town.channel.pause(milliseconds=1500)
        await town.promise(*(to_village(text) for text in "一二三"), to_hub("甲"))
        await town.wait(minutes=1)
        start = MONDAY_9AM
        assert times(town, VILLAGE) == [start + timedelta(seconds=s) for s in (0, 1.5, 3)]
        assert times(town, HUB) == [start]


async def test_a_channel_in_trouble_is_asked_ever_less_often_and_order_is_kept(
    tmp_path: Path,
) -> None:
    async with a_town(tmp_path) as town:
        town.channel.then(VILLAGE, BUSY, BUSY, BUSY)
        await town.promise(to_village("一"), to_village("二"), to_hub("甲"))
        await town.wait(minutes=1)
        assert times(town, VILLAGE) == seconds(0, 2, 6, 14, 14)
        assert [m.text for m in town.channel.ours(VILLAGE)] == ["一", "二"]
        assert times(town, HUB) == seconds(0)


# giving up


async def test_an_answer_that_cannot_be_carried_is_given_up_and_the_hub_is_told(
    tmp_path: Path,
) -> None:
    async with a_town(tmp_path) as town:
        card = await town.in_hub()
        await town.answer(card, *[BUSY] * MAX_TRIES)
        await town.promise(to_village("后面的话"))
        await town.wait(hours=3)
        # then it was tried so often and no more, and what stood behind it went out
        tried = [text for _, text in town.channel.called(VILLAGE) if ANSWER in text]
        assert len(tried) == MAX_TRIES
        assert (await town.promised("张秀兰，律师")).state is OutboxState.FAILED
        assert town.channel.ours(VILLAGE)[-1].text == "后面的话"
        # and the hub knows, on the card and under it
        assert Event.DELIVERY_FAILED in await town.story()
        assert Event.ANSWER_DELIVERED not in await town.story()
        (card,) = [m for m in town.channel.ours(HUB) if m.id == card.id]
        assert "没送到（server error）" in card.text
        (told,) = [m for m in town.channel.ours(HUB) if "答复没送到村里" in m.text]
        assert told.reply_to == card.id


async def test_a_refusal_for_good_is_not_tried_again(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        card = await town.in_hub()
        await town.answer(card, GONE)
        await town.wait(days=1)
        assert len([1 for _, text in town.channel.called(VILLAGE) if ANSWER in text]) == 1
        assert Event.DELIVERY_FAILED in await town.story()


async def test_a_message_for_a_channel_that_is_gone_fails_at_once(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        await town.promise(to_village("一", chat=ChatRef(channel="pigeon", chat_id="1")))
        await town.settle()
        found = await town.promised("一")
        assert (found.state, found.error) == (OutboxState.FAILED, "no channel pigeon")


# too late


@pytest.mark.parametrize(
    ("kind", "hours", "late", "sent"),
    [
        (Kind.REMINDER, 6, 0, True),
        (Kind.REMINDER, 6, 1, False),
        (Kind.ANSWER, 24 * 30, 0, True),
        (Kind.REPLY, 24 * 30, 0, True),
    ],
)
async def test_a_reminder_is_said_within_six_hours_or_not_at_all(
    tmp_path: Path, kind: Kind, hours: int, late: int, sent: bool
) -> None:
    async with a_town(tmp_path) as town:
        await town.promise(to_village("一", kind))
        town.clock.advance(timedelta(hours=hours, seconds=late))
        await town.settle()
        assert ((await town.promised("一")).state is OutboxState.SENT) == sent
        assert len(town.channel.calls) == sent


@pytest.mark.parametrize(("late", "state"), [(60, OutboxState.SENT), (61, OutboxState.EXPIRED)])
async def test_a_reaction_to_a_press_is_shown_within_a_minute_or_not_at_all(
    tmp_path: Path, late: int, state: OutboxState
) -> None:
    async with a_town(tmp_path) as town:
        town.channel.presses["p1"] = VILLAGE.chat_id
        await town.promise(Toast(key="t", chat=VILLAGE, press_id="p1", text="收到"))
        town.clock.advance(timedelta(seconds=late))
        await town.settle()
        assert (await town.promised("收到")).state is state


# what follows from a delivery


async def test_an_answer_is_delivered_when_the_channel_accepts_it_and_not_before(
    tmp_path: Path,
) -> None:
    async with a_town(tmp_path) as town:
        card = await town.in_hub()
        await town.wait(minutes=10)
        # given an answer the channel does not take at once
        await town.answer(card, slow_down(90))
        given = town.clock.now()
        assert (await town.story())[-1] is Event.ANSWER_GIVEN
        assert "送达：正在送" in town.channel.ours(HUB)[0].text
        # when it takes it
        await town.wait(minutes=5)
        # then that is the moment of the answer
        last = [e for e in await town.journal() if e.event is Event.ANSWER_DELIVERED]
        assert [entry.at for entry in last] == [given + timedelta(seconds=90)]
        assert (await town.promised("张秀兰，律师")).sent_at == last[0].at
        assert "送达：今天9:11 已送到村里" in town.channel.ours(HUB)[0].text
