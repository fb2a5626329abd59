"""Are updates posted to a webhook, retried and confirmed as by the official server?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from telegram.error import BadRequest

from tests.integration.telegram_stage import Stage, buttons, stage
from tests.telegram_server.clock import Bell
from tests.telegram_server.webhook import SECRET_HEADER

AGREED = "Az09_-"


@dataclass(eq=False)
class Receiver:
    """An address of ours: answers as told, 200 when told nothing; waits while `open` is False."""

    bell: Bell
    answers: list[web.Response] = field(default_factory=list)
    got: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    open: bool = True
    url: str = ""

    async def receive(self, request: web.Request) -> web.Response:
        self.got.append(await request.json())
        self.headers.append(dict(request.headers))
        self.bell.ring()
        await self.bell.until(lambda: self.open)
        return self.answers.pop(0) if self.answers else web.Response()

    def texts(self) -> list[str]:
        """What was received, in order; a press is its data."""
        shown = [update.get("message") or update["callback_query"] for update in self.got]
        return [str(one.get("text") or one.get("data")) for one in shown]


@asynccontextmanager
async def hooked(**options: Any) -> AsyncIterator[tuple[Stage, Receiver]]:
    async with stage() as s:
        receiver = Receiver(s.server.clock.bell)
        app = web.Application()
        app.router.add_post("/hook", receiver.receive)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        await s.bot.set_webhook(receiver.url, **options)
        yield s, receiver
        await s.bot.delete_webhook(drop_pending_updates=True)
        await runner.cleanup()


async def _pending(s: Stage) -> int:
    return (await s.bot.get_webhook_info()).pending_update_count


async def test_an_update_is_posted_as_json_with_the_secret_and_confirmed_by_200() -> None:
    async with hooked(secret_token=AGREED) as (s, receiver):
        s.server.people.say(s.li, s.village, "喂")
        await s.server.delivered()
        assert receiver.texts() == ["喂"]
        assert receiver.headers[0][SECRET_HEADER] == AGREED
        assert receiver.headers[0]["Content-Type"] == "application/json"
        assert await _pending(s) == 0


async def test_without_a_secret_there_is_no_header() -> None:
    async with hooked() as (s, receiver):
        s.server.people.say(s.li, s.village, "喂")
        await s.server.delivered()
        assert SECRET_HEADER not in receiver.headers[0]


async def test_anything_but_2xx_is_tried_again_at_once_then_after_2_4_8_seconds() -> None:
    async with hooked() as (s, receiver):
        receiver.answers = [web.Response(status=status) for status in (500, 404, 302, 503)]
        s.server.people.say(s.li, s.village, "喂")
        await s.server.delivered()
        tries = [len(receiver.got)]
        for seconds in (1, 1, 3, 1, 7, 1):
            s.server.advance(seconds=seconds)
            await s.server.delivered()
            tries.append(len(receiver.got))
        assert tries == [2, 2, 3, 3, 4, 4, 5]
        assert len({update["update_id"] for update in receiver.got}) == 1
        info = await s.bot.get_webhook_info()
        assert info.pending_update_count == 0
        assert info.last_error_message == (
            "Wrong response from the webhook: 503 Service Unavailable"
        )


async def test_retry_after_is_honoured() -> None:
    async with hooked() as (s, receiver):
        receiver.answers = [web.Response(status=503, headers={"Retry-After": "40"})]
        s.server.people.say(s.li, s.village, "喂")
        await s.server.delivered()
        s.server.advance(seconds=39)
        await s.server.delivered()
        assert len(receiver.got) == 1
        s.server.advance(seconds=1)
        await s.server.delivered()
        assert len(receiver.got) == 2


async def test_one_chat_has_one_update_in_flight_and_keeps_its_order() -> None:
    async with hooked() as (s, receiver):
        receiver.answers = [web.Response(status=500)]
        for word in ("一", "二", "三"):
            s.server.people.say(s.li, s.village, word)
        await s.server.delivered()
        assert receiver.texts() == ["一", "一", "二", "三"]


async def test_a_press_may_overtake_the_message_before_it() -> None:
    async with hooked() as (s, receiver):
        sent = await s.bot.send_message(s.village.id, "按", reply_markup=buttons(["按"]))
        receiver.open = False
        s.server.people.say(s.li, s.village, "一")
        s.server.people.say(s.li, s.village, "二")
        s.server.people.press(s.li, s.village, sent.message_id, "按")
        await s.server.until(lambda: len(receiver.got) == 2)
        assert set(receiver.texts()) == {"一", "do 按"}
        receiver.open = True
        s.server.clock.bell.ring()
        await s.server.delivered()
        assert receiver.texts()[-1] == "二"


async def test_an_answer_that_takes_60_seconds_is_none() -> None:
    async with hooked() as (s, receiver):
        receiver.open = False
        s.server.people.say(s.li, s.village, "一")
        await s.server.until(lambda: len(receiver.got) == 1)
        s.server.advance(seconds=60)
        await s.server.until(lambda: len(receiver.got) == 2)
        receiver.open = True
        s.server.clock.bell.ring()
        await s.server.delivered()
        assert receiver.texts() == ["一", "一"]


async def test_a_confirmed_update_can_be_scripted_to_come_once_more() -> None:
    async with hooked() as (s, receiver):
        assert s.server.bot.hook is not None
        s.server.bot.hook.repeats = 1
        s.server.people.say(s.li, s.village, "喂")
        await s.server.delivered()
        assert receiver.texts() == ["喂", "喂"]
        assert receiver.got[0] == receiver.got[1]


async def test_an_update_that_nobody_takes_is_dropped_when_it_expires() -> None:
    async with hooked() as (s, receiver):
        sent = await s.bot.send_message(s.village.id, "按", reply_markup=buttons(["按"]))
        receiver.answers = [web.Response(status=500) for _ in range(20)]
        s.server.people.press(s.li, s.village, sent.message_id, "按")
        await s.server.delivered()
        s.server.advance(seconds=150)
        await s.server.delivered()
        assert await _pending(s) == 0


async def test_updates_wait_while_nothing_listens_and_come_when_it_does() -> None:
    async with hooked() as (s, receiver):
        listening, closed = receiver.url, "http://127.0.0.1:9/hook"
        await s.bot.set_webhook(closed)
        s.server.people.say(s.li, s.village, "喂")
        await s.server.delivered()
        assert (await s.bot.get_webhook_info()).last_error_message == "ClientConnectorError"
        await s.bot.set_webhook(listening)
        s.server.advance(seconds=2)
        await s.server.delivered()
        assert receiver.texts() == ["喂"]


async def test_the_webhook_methods_say_what_they_did() -> None:
    async with stage() as s:
        url = "https://wenha.example/telegram"
        said = [
            (await s.raw(method, **params))[1]["description"]
            for method, params in (
                ("setWebhook", {"url": url}),
                ("setWebhook", {"url": url}),
                ("deleteWebhook", {}),
                ("setWebhook", {"url": ""}),
            )
        ]
        assert said == [
            "Webhook was set",
            "Webhook is already set",
            "Webhook was deleted",
            "Webhook is already deleted",
        ]


async def test_pending_updates_can_be_dropped_and_settings_are_shown() -> None:
    async with stage() as s:
        s.server.people.say(s.li, s.village, "喂")
        assert await _pending(s) == 1
        await s.bot.set_webhook(
            "https://wenha.example/telegram",
            allowed_updates=["message", "callback_query"],
            max_connections=7,
            drop_pending_updates=True,
        )
        info = await s.bot.get_webhook_info()
        assert (info.url, info.pending_update_count) == ("https://wenha.example/telegram", 0)
        assert (info.max_connections, info.allowed_updates) == (7, ("callback_query", "message"))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"url": "http://wenha.example"}, "Bad webhook: an https url must be provided"),
        ({"secret_token": "a b"}, "Secret token contains unallowed characters"),
        ({"secret_token": "x" * 257}, "Secret token is too long"),
    ],
)
async def test_a_wrong_webhook_is_refused(options: dict[str, Any], words: str) -> None:
    async with stage() as s:
        with pytest.raises(BadRequest, match=words):
            await s.bot.set_webhook(**({"url": "https://wenha.example"} | options))
