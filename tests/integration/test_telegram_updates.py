"""Do updates wait, come again, get confirmed and grow old as on the official server?"""

import asyncio
from typing import Any

import pytest
from telegram.error import Conflict

from tests.integration.telegram_stage import Stage, buttons, ids, stage, texts


def _say(s: Stage, *words: str) -> None:
    for word in words:
        s.server.people.say(s.li, s.village, word)


def _later(s: Stage, **params: Any) -> asyncio.Task[list[dict[str, Any]]]:
    return asyncio.create_task(s.poll(**params))


async def test_without_an_offset_the_same_updates_come_again() -> None:
    async with stage() as s:
        _say(s, "一", "二")
        first = await s.poll()
        assert texts(first) == ["一", "二"]
        assert await s.poll() == first


async def test_an_offset_confirms_everything_below_it() -> None:
    async with stage() as s:
        _say(s, "一", "二", "三")
        first, second, third = ids(await s.poll())
        assert (second, third) == (first + 1, first + 2)

        assert texts(await s.poll(offset=second)) == ["二", "三"]
        assert texts(await s.poll()) == ["二", "三"]  # the first is gone for good
        assert await s.poll(offset=third + 1) == []
        assert await s.poll() == []


async def test_a_test_can_wait_until_all_is_confirmed() -> None:
    async with stage() as s:
        _say(s, "一")
        (update,) = await s.poll()
        waiting = asyncio.create_task(s.server.confirmed())
        poll = _later(s, offset=update["update_id"] + 1, timeout=50)
        await waiting
        s.server.advance(seconds=50)
        assert await poll == []


async def test_a_limit_leaves_the_rest_for_later() -> None:
    async with stage() as s:
        _say(s, "一", "二", "三")
        assert texts(await s.poll(limit=2)) == ["一", "二"]


async def test_a_negative_offset_keeps_only_the_newest() -> None:
    async with stage() as s:
        _say(s, "一", "二", "三")
        assert texts(await s.poll(offset=-1)) == ["三"]
        assert texts(await s.poll()) == ["三"]


async def test_ids_start_at_random_and_again_after_a_quiet_week() -> None:
    async with stage() as s:
        _say(s, "一")
        (first,) = ids(await s.drain())
        assert first > 100_000_000
        s.server.advance(days=8)
        _say(s, "二")
        (second,) = ids(await s.drain())
        assert second != first + 1


async def test_a_long_poll_ends_when_something_is_said() -> None:
    async with stage() as s:
        poll = _later(s, timeout=50)
        await s.server.poll_held()
        _say(s, "来了")
        assert texts(await poll) == ["来了"]


async def test_a_long_poll_ends_when_its_time_is_over_on_the_servers_clock() -> None:
    async with stage() as s:
        poll = _later(s, timeout=30)
        await s.server.poll_held()
        s.server.advance(seconds=29)
        assert s.server.bot.poll is not None
        s.server.advance(seconds=1)
        assert await poll == []


async def test_no_poll_is_held_longer_than_50_seconds() -> None:
    async with stage() as s:
        poll = _later(s, timeout=600)
        await s.server.poll_held()
        s.server.advance(seconds=50)
        assert await poll == []


async def test_a_second_poll_ends_the_first() -> None:
    async with stage() as s:
        first = _later(s, timeout=50)
        await s.server.poll_held()
        held = s.server.bot.poll
        second = _later(s, timeout=50)
        await s.server.until(lambda: s.server.bot.poll not in (None, held))
        words = (
            "^Conflict: terminated by other getUpdates request; "
            "make sure that only one bot instance is running$"
        )
        with pytest.raises(Conflict, match=words):
            await first
        _say(s, "给第二个")
        assert texts(await second) == ["给第二个"]


async def test_a_poll_whose_client_is_gone_is_no_longer_held() -> None:
    async with stage() as s:
        poll = _later(s, timeout=50)
        await s.server.poll_held()
        poll.cancel()
        with pytest.raises(asyncio.CancelledError):
            await poll
        _say(s, "一")
        assert texts(await s.poll()) == ["一"]


async def test_no_polling_while_a_webhook_is_set() -> None:
    async with stage() as s:
        poll = _later(s, timeout=50)
        await s.server.poll_held()
        await s.bot.set_webhook("https://wenha.example/telegram")
        with pytest.raises(Conflict, match=r"^Conflict: terminated by setWebhook request$"):
            await poll
        words = (
            "^Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first$"
        )
        with pytest.raises(Conflict, match=words):
            await s.poll()
        await s.bot.delete_webhook()
        assert await s.poll() == []


async def test_allowed_updates_count_when_an_update_is_made_and_are_remembered() -> None:
    async with stage() as s:
        await s.poll(allowed_updates=["callback_query"])
        _say(s, "没人听")
        assert await s.poll(allowed_updates=["message"]) == []
        _say(s, "有人听")
        assert texts(await s.poll()) == ["有人听"]
        sent = await s.bot.send_message(s.village.id, "按", reply_markup=buttons(["按"]))
        s.server.people.press(s.li, s.village, sent.message_id, "按")
        assert texts(await s.drain()) == ["有人听"]
        await s.poll(allowed_updates=[])  # an empty list means the default
        s.server.people.press(s.li, s.village, sent.message_id, "按")
        assert "callback_query" in (await s.poll())[0]


async def test_the_default_leaves_out_what_happens_to_members() -> None:
    async with stage() as s:
        s.server.people.leave(s.village, s.li)
        assert ["chat_member" in update for update in await s.drain()] == [False]
        await s.poll(allowed_updates=["chat_member"])
        s.server.people.add(s.village, s.li, by=s.zhang)
        (update,) = await s.drain()
        assert update["chat_member"]["new_chat_member"]["status"] == "member"


async def test_messages_die_after_a_day_and_presses_after_150_seconds() -> None:
    async with stage() as s:
        sent = await s.bot.send_message(s.village.id, "按", reply_markup=buttons(["按"]))
        s.server.people.press(s.li, s.village, sent.message_id, "按")
        _say(s, "还在")
        s.server.advance(seconds=149)
        assert len(await s.poll()) == 2
        s.server.advance(seconds=1)
        assert texts(await s.poll()) == ["还在"]
        s.server.advance(hours=24)
        assert await s.poll() == []


async def test_the_bots_own_messages_are_no_updates() -> None:
    async with stage() as s:
        sent = await s.bot.send_message(s.village.id, "我说")
        await s.bot.edit_message_text("我改", s.village.id, sent.message_id)
        assert await s.poll() == []


async def test_poison_and_unknown_kinds_arrive_as_they_are() -> None:
    async with stage() as s:
        s.server.bot.notify_unchecked({"message": {"message_id": 1, "text": "没有日期"}})
        s.server.bot.notify_unchecked({"telepathy": {"thought": "?"}})
        _say(s, "照常")
        poison, unknown, fine = await s.poll()
        assert "date" not in poison["message"]
        assert unknown["telepathy"] == {"thought": "?"}
        assert fine["message"]["text"] == "照常"
