"""What do the tests of the Bot API server stand on? A village, a client, and raw calls."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.request import HTTPXRequest

from tests.telegram_server.server import TelegramServer, telegram_server
from tests.telegram_server.world import Chat, User

Json = dict[str, Any]


@dataclass(kw_only=True, slots=True)
class Stage:
    """A server, 张三's village with the bot in it, and a client for that bot."""

    server: TelegramServer
    bot: Bot
    http: aiohttp.ClientSession
    zhang: User
    li: User
    village: Chat

    async def poll(self, **params: Any) -> list[Json]:
        """Ask for updates as our adapter does: raw."""
        query = urlencode({name: json.dumps(value) for name, value in params.items()})
        answer: Any = await self.bot.request.post(f"{self.bot.base_url}/getUpdates?{query}")
        assert isinstance(answer, list)
        return answer

    async def raw(self, method: str, **params: Any) -> tuple[int, Json]:
        """Call a method with a JSON body, well-formed or not."""
        url = f"{self.server.base_url}{self.server.bot.token}/{method}"
        async with self.http.post(url, json=params) as answer:
            return answer.status, await answer.json()

    async def refused(self, method: str, **params: Any) -> str:
        """Call a method and return the words of its refusal."""
        _, body = await self.raw(method, **params)
        assert body["ok"] is False, body
        return str(body["description"])

    async def drain(self) -> list[Json]:
        """Take and confirm all that waits."""
        updates = await self.poll()
        if updates:
            await self.poll(offset=updates[-1]["update_id"] + 1)
        return updates


def client(server: TelegramServer, *, read_timeout: float = 20) -> Bot:
    """Return a client for the server's first bot; without TLS certificates, which cost time."""
    requests = [
        HTTPXRequest(
            read_timeout=read_timeout, connection_pool_size=8, httpx_kwargs={"verify": False}
        )
        for _ in range(2)
    ]
    return Bot(
        server.bot.token,
        base_url=server.base_url,
        request=requests[0],
        get_updates_request=requests[1],
    )


@asynccontextmanager
async def stage(*, admin: bool = True, read_timeout: float = 20) -> AsyncIterator[Stage]:
    """Open the stage; the bot is an admin of the village unless told not to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PTB_TIMEDELTA", "1")  # else RetryAfter warns, and a warning is an error here
        async with telegram_server() as server, aiohttp.ClientSession() as http:
            people = server.people
            zhang, li = people.person("张三"), people.person("李四", username="lisi_baishi")
            village = people.supergroup("白石村", owner=zhang, members=(li,))
            people.add_bot(village, by=zhang)
            if admin:
                people.make_admin(village, server.bot.user, by=zhang)
            server.bot.queue.clear()
            bot = client(server, read_timeout=read_timeout)
            async with bot:
                server.calls.clear()
                yield Stage(server=server, bot=bot, http=http, zhang=zhang, li=li, village=village)


def buttons(*rows: Sequence[str]) -> InlineKeyboardMarkup:
    """Return a keyboard whose data is "do " and the label."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(text, callback_data=f"do {text}") for text in row] for row in rows]
    )


def texts(updates: Sequence[Json]) -> list[str]:
    """Return the texts of the messages in updates."""
    return [update["message"].get("text", "") for update in updates if "message" in update]


def ids(updates: Sequence[Json]) -> list[int]:
    """Return the ids of updates."""
    return [update["update_id"] for update in updates]
