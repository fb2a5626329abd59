"""Do scripted faults do what they say, and what does python-telegram-bot make of each?"""

import asyncio
from datetime import timedelta

import httpx
import pytest
from telegram.error import Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from tests.integration.telegram_stage import Stage, stage
from tests.telegram_server import faults
from tests.telegram_server.faults import Fault
from tests.telegram_server.pacing import Pace, Paces


def _texts(s: Stage) -> list[str]:
    return [seen.text for seen in s.server.people.read(s.village) if not seen.service]


async def _error(s: Stage, text: str = "喂") -> TelegramError:
    with pytest.raises(TelegramError) as caught:
        await s.bot.send_message(s.village.id, text)
    return caught.value


@pytest.mark.parametrize(
    ("fault", "kind", "words", "performed"),
    [
        (
            faults.too_many_requests(7),
            RetryAfter,
            "Flood control exceeded. Retry",
            False,
        ),
        (
            faults.refusal(403, "bot was blocked by the user"),
            Forbidden,
            "Forbidden: bot was",
            False,
        ),
        (faults.server_error(), NetworkError, "Internal Server Error: Request aborted", False),
        (faults.server_error(performed=True), NetworkError, "Internal Server Error", True),
        (faults.bad_gateway(), NetworkError, "Bad Gateway (502). Parsing the server", False),
        (faults.garbage(), TelegramError, "Invalid server response", True),
        (faults.dropped(), NetworkError, "httpx.RemoteProtocolError: Server disconnected", True),
        (faults.dropped(performed=False), NetworkError, "httpx.RemoteProtocolError", False),
    ],
)
async def test_the_bot_hears_an_error_and_the_chat_knows_whether_it_was_sent(
    fault: Fault, kind: type[TelegramError], words: str, *, performed: bool
) -> None:
    async with stage() as s:
        s.server.faults.next(fault)
        error = await _error(s)
        assert type(error) is kind
        assert str(error).startswith(words)
        assert _texts(s) == (["喂"] if performed else [])
        assert fault.met
        await s.bot.send_message(s.village.id, "之后一切正常")


async def test_429_says_how_long_in_body_and_header() -> None:
    async with stage() as s:
        s.server.faults.next(faults.too_many_requests(7))
        url = f"{s.server.base_url}{s.server.bot.token}/sendMessage"
        body = {"chat_id": s.village.id, "text": "喂"}
        async with s.http.post(url, json=body) as answer:
            assert answer.status == 429
            assert answer.headers["Retry-After"] == "7"
            assert await answer.json() == {
                "ok": False,
                "error_code": 429,
                "description": "Too Many Requests: retry after 7",
                "parameters": {"retry_after": 7},
            }


async def test_a_held_answer_comes_when_it_is_released() -> None:
    async with stage() as s:
        fault = s.server.faults.next(faults.held())
        sending = asyncio.create_task(s.bot.send_message(s.village.id, "喂"))
        await s.server.until(lambda: fault.met and _texts(s) == ["喂"])
        assert not sending.done()
        fault.release()
        assert (await sending).text == "喂"


async def test_an_answer_that_never_comes_is_a_timeout_although_it_was_sent() -> None:
    async with stage(read_timeout=0.1) as s:
        s.server.faults.next(faults.held())
        error = await _error(s)
        assert type(error) is TimedOut
        assert isinstance(error.__cause__, httpx.ReadTimeout)
        assert _texts(s) == ["喂"]


async def test_an_unreachable_server_performs_nothing() -> None:
    async with stage() as s:
        async with s.server.unreachable():
            error = await _error(s)
        assert type(error) is NetworkError
        assert isinstance(error.__cause__, httpx.ConnectError)
        assert _texts(s) == []
        await s.bot.send_message(s.village.id, "又通了")


async def test_a_fault_is_for_one_method_and_one_chat() -> None:
    async with stage() as s:
        other = s.server.people.supergroup("黑石村", owner=s.zhang)
        s.server.people.add_bot(other, by=s.zhang)
        s.server.faults.next(faults.too_many_requests(3), chat_id=other.id)
        await s.bot.get_chat(other.id)
        await s.bot.send_message(s.village.id, "无关")
        with pytest.raises(RetryAfter):
            await s.bot.send_message(other.id, "喂")


async def test_faults_can_come_often_and_be_cleared() -> None:
    async with stage() as s:
        s.server.faults.often(faults.server_error, times=5, method=None)
        with pytest.raises(NetworkError):
            await s.bot.get_me()
        assert "Internal" in str(await _error(s))
        s.server.faults.clear()
        await s.bot.send_message(s.village.id, "喂")


async def test_a_poll_can_fail_too() -> None:
    async with stage() as s:
        s.server.people.say(s.li, s.village, "喂")
        s.server.faults.next(faults.bad_gateway(), method="getUpdates")
        with pytest.raises(NetworkError):
            await s.poll()
        assert len(await s.poll()) == 1


async def test_the_calls_tell_what_was_asked_and_what_was_heard() -> None:
    async with stage() as s:
        s.server.faults.next(faults.dropped())
        await _error(s, "一")
        await s.bot.send_message(s.village.id, "二")
        calls = await s.server.called("sendMessage", times=2)
        assert [(call.text, call.heard) for call in calls] == [("一", "dropped"), ("二", "ok")]


async def test_one_message_a_second_in_a_chat() -> None:
    async with stage() as s:
        s.server.limiter.paces = Paces(group=None)
        await s.bot.send_message(s.village.id, "一")
        error = await _error(s)
        assert isinstance(error, RetryAfter)
        assert error.retry_after == timedelta(seconds=1)
        s.server.advance(seconds=1)
        await s.bot.send_message(s.village.id, "二")
        assert s.server.limiter.refused == 1


async def test_twenty_a_minute_in_a_group_and_none_of_it_elsewhere() -> None:
    async with stage() as s:
        s.server.limiter.paces = Paces(overall=None, chat=None)
        for number in range(20):
            await s.bot.send_message(s.village.id, str(number))
        error = await _error(s)
        assert isinstance(error, RetryAfter)
        assert error.retry_after == timedelta(seconds=3)
        s.server.people.start(s.li)
        await s.bot.send_message(s.li.id, "私聊照常")
        s.server.advance(seconds=3)
        await s.bot.send_message(s.village.id, "下一条")


async def test_all_chats_together_have_a_pace_too() -> None:
    async with stage() as s:
        s.server.limiter.paces = Paces(overall=Pace(calls=2, seconds=1), chat=None, group=None)
        await s.bot.send_message(s.village.id, "一")
        await s.bot.send_message(s.village.id, "二")
        assert isinstance(await _error(s), RetryAfter)


async def test_who_comes_again_too_early_waits_anew() -> None:
    async with stage() as s:
        s.server.limiter.halt(10, chat_id=s.village.id)
        for _ in range(3):
            s.server.advance(seconds=9)
            error = await _error(s)
            assert isinstance(error, RetryAfter)
            assert error.retry_after == timedelta(seconds=10)
        s.server.advance(seconds=10)
        await s.bot.send_message(s.village.id, "学会等了")
