"""Can somebody play the people by hand, against the server as a process of its own?"""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.integration.telegram_stage import buttons, client
from tests.telegram_server.clock import TestClock
from tests.telegram_server.control import Control
from tests.telegram_server.server import TelegramServer

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody with an HTTP client, and the server's own view for comparison."""

    server: TelegramServer
    http: aiohttp.ClientSession

    async def do(self, verb: str, **body: Any) -> Any:
        root = self.server.base_url.removesuffix("/bot")
        async with self.http.post(f"{root}/control/{verb}", json=body) as answer:
            return await answer.json()

    async def village(self) -> tuple[int, int]:
        """Create a person and a village; return the ids of both."""
        zhang = (await self.do("person", name="张三"))["user"]
        return zhang, (await self.do("group", title="白石村", owner=zhang))["chat"]


@asynccontextmanager
async def playing() -> AsyncIterator[Player]:
    server = TelegramServer(TestClock())
    Control(server)
    await server.start()
    async with aiohttp.ClientSession() as http:
        yield Player(server, http)
    await server.stop()


async def test_a_village_can_be_played_over_http() -> None:
    async with playing() as player, client(player.server) as bot:
        zhang, village = await player.village()
        place = {"user": zhang, "chat": village}
        asked = await player.do("say", **place, text="哈村长,在吗")
        await player.do("send", **place, kind="voice", seconds=9)
        sent = await bot.send_message(village, "在", reply_markup=buttons(["好"]))
        press = await player.do("press", **place, message_id=sent.message_id, label="好")
        await bot.answer_callback_query(press["press"], "收到")

        toast = await player.do("toast", **press)
        assert toast == {"answered": True, "text": "收到", "alert": False}
        seen = (await player.do("read", chat=village))["messages"]
        assert [message["text"] for message in seen] == ["", "哈村长,在吗", "", "在"]
        assert seen[1]["id"] == asked["message_id"]
        calls = (await player.do("calls"))["calls"]
        assert [call["heard"] for call in calls] == ["ok", "ok", "ok"]


async def test_clock_and_faults_can_be_moved_over_http() -> None:
    async with playing() as player:
        _, village = await player.village()
        before = player.server.clock.now()
        await player.do("advance", seconds=60)
        assert (player.server.clock.now() - before).total_seconds() == 60
        await player.do("fault", kind="too_many_requests", seconds=3)
        assert player.server.faults.meet("sendMessage", village) is not None


async def test_what_cannot_be_is_refused_over_http() -> None:
    async with playing() as player:
        zhang, village = await player.village()
        for verb, body in (
            ("press", {"user": zhang, "chat": village, "message_id": 1, "label": "好"}),
            ("say", {"user": zhang, "chat": village, "words": "?"}),
            ("fault", {"kind": "earthquake"}),
            ("_user", {"number": zhang}),
        ):
            assert "error" in await player.do(verb, **body), verb


async def test_it_runs_alone_and_ends_on_sigterm_even_while_a_poll_is_held() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.telegram_server", "--port", "0",
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    said = [(await process.stdout.readline()).decode().split() for _ in range(3)]
    (base_url, token, control) = (words[1] for words in said)
    async with aiohttp.ClientSession() as http:
        async with http.get(control) as answer:
            assert (await answer.json())["bot"]["token"] == token
        poll = asyncio.create_task(_status(http, f"{base_url}{token}/getUpdates?timeout=50"))
        async with http.get(f"{base_url}{token}/getMe") as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
        assert await poll != 200


async def _status(http: aiohttp.ClientSession, url: str) -> int:
    try:
        async with http.get(url) as answer:
            return answer.status
    except aiohttp.ClientError:
        return 0
