"""A village and a hub on web pages, for the journeys: real HTTP, a browser for everybody."""

import io
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from base.clock import FrozenClock
from base.messages import ChatRef
from base.webchat import WebMessage
from bot.channels.base import Channel
from escalation.model import Event, Ticket
from tests.journeys.baishi import MONDAY_9AM
from wenha import bind_web
from wenha.config import Config
from wenha.serve import pages
from wenha.wiring import Service, open_service

VILLAGE, OTHER, HUB = "白石村", "黑石村", "法律服务值守群"
_LINK = re.compile(r"http://\S+(/v/\S+)")
_TOKEN = re.compile(r'name="token" value="([^"]+)"')


class Browser:
    """Somebody's browser: keeps cookies, fills in the forms it is shown."""

    def __init__(self, client: TestClient, link: str) -> None:  # type: ignore[type-arg] # its parameters name aiohttp internals
        self.client = client
        self.link = link

    async def get(self, path: str = "") -> tuple[int, str]:
        """Open the page, or something below it."""
        answer = await self.client.get(self.link + path)
        return answer.status, await answer.text()

    async def look(self, path: str = "") -> str:
        """Open the page; it must be there."""
        status, page = await self.get(path)
        assert status == 200
        return page

    async def token(self) -> str:
        """Return what the page's forms carry."""
        found = _TOKEN.search(await self.look())
        assert found is not None
        return found.group(1)

    async def post(self, what: str, fields: Mapping[str, str]) -> tuple[int, str]:
        """Send a form of the page, following the redirect; fields win over the page's own."""
        filled = {"token": await self.token(), **fields}
        answer = await self.client.post(f"{self.link}/{what}", data=filled)
        return answer.status, unescape(await answer.text())

    async def enter(self, name: str, **more: str) -> str:
        """Say who one is, at the door."""
        status, page = await self.post("in", {"name": name, **more})
        assert status == 200, page
        return page

    async def say(self, text: str, reply_to: int | None = None, **more: str) -> str:
        """Write a message; return the page afterwards."""
        fields = {"text": text, "reply_to": "" if reply_to is None else str(reply_to), **more}
        status, page = await self.post("say", fields)
        assert status == 200, page
        return page

    async def press(self, message: WebMessage, label: str) -> str:
        """Press a button; return the page afterwards."""
        index = [button.label for button in message.buttons].index(label)
        fields = {"message": str(message.id), "index": f"{index}:{label}"}
        status, page = await self.post("press", fields)
        assert status == 200, page
        return page


class Places:
    """The running service, its links, and what stands in its chats."""

    def __init__(self, service: Service, clock: FrozenClock, stack: AsyncExitStack) -> None:
        self.service = service
        self.clock = clock
        self._stack = stack
        self.app = web.Application()
        self.app.add_routes(pages(service))
        self._server = TestServer(self.app)
        self.links: dict[str, tuple[str, str]] = {}

    async def browser(self, place: str, *, second: bool = False) -> Browser:
        """Open a fresh browser on the first or second link of a place."""
        client: TestClient = TestClient(self._server)  # type: ignore[type-arg] # its parameters name aiohttp internals
        await self._stack.enter_async_context(client)
        return Browser(client, self.links[place][second])

    async def somebody(self, place: str, name: str, *, second: bool = False) -> Browser:
        """Open a browser and go in; everybody of the hub is a lawyer."""
        browser = await self.browser(place, second=second)
        more = {"profession": "lawyer"} if place == HUB else {}
        await browser.enter(name, **more)
        return browser

    async def bind(self, village: str, hub: str) -> None:
        """Make a further village beside the running service."""
        config, out = self.service.config, io.StringIO()
        now = self.clock.now()
        bind_web.bind_village(config, village, hub, replacing=False, now=now, out=out)
        self.links[village] = links_of(out.getvalue())

    async def arrive(self, channel: Channel, raw: Mapping[str, Any]) -> None:
        """Let a raw update of another channel arrive and be handled."""
        seen, now, text = channel.parse(raw), self.clock.now(), json.dumps(raw)
        await self.service.store.write(lambda unit: unit.inbox.put(seen.key, seen.chat, text, now))
        await self.settle()

    async def settle(self) -> None:
        """Let the loops do what they were nudged for."""
        await self.service.runtime.settle()

    async def wait(self, **span: int) -> None:
        """Let time pass."""
        await self.service.runtime.travel(self.clock.now() + timedelta(**span), self.clock)

    async def chat(self, place: str) -> list[WebMessage]:
        """Return the messages of a place, oldest first."""
        ref = await self.ref(place)
        return list(await self.service.store.read(lambda unit: unit.web.latest(ref.chat_id, 100)))

    async def ours(self, place: str) -> WebMessage:
        """Return the last thing we said in a place."""
        return [message for message in await self.chat(place) if message.author is None][-1]

    async def ref(self, place: str) -> ChatRef:
        """Return the chat of a village or hub."""
        villages = await self.service.store.read(lambda unit: unit.people.villages())
        hubs = await self.service.store.read(lambda unit: unit.people.hubs())
        chats = {one.name: one.chat.ref for one in villages}
        return (chats | {one.name: one.chat.ref for one in hubs})[place]

    async def ticket(self) -> Ticket:
        """Return the first ticket."""
        found = await self.service.store.read(lambda unit: unit.tickets.find(1))
        assert found is not None
        return found

    async def story(self) -> list[Event]:
        """Return the events of the first ticket without its alarm clocks."""
        alarms = {Event.ARMED, Event.FIRED, Event.CANCELLED}
        journal = await self.service.store.read(lambda unit: unit.tickets.journal(1))
        return [entry.event for entry in journal if entry.event not in alarms]


def links_of(printed: str) -> tuple[str, str]:
    """Return the two links `wenha bind … --web` has printed."""
    first, second = _LINK.findall(printed)
    return first, second


def bind_places(config: Config) -> dict[str, tuple[str, str]]:
    """Make hub and two villages as an operator does; return the links by place."""
    now, links = MONDAY_9AM, {}
    out = io.StringIO()
    bind_web.bind_hub(config, HUB, replacing=False, now=now, out=out)
    links[HUB] = links_of(out.getvalue())
    for village in (VILLAGE, OTHER):
        out = io.StringIO()
        bind_web.bind_village(config, village, None, replacing=False, now=now, out=out)
        links[village] = links_of(out.getvalue())
    return links


@asynccontextmanager
async def web_places(
    folder: Path, channels: Mapping[str, Channel] | None = None
) -> AsyncIterator[Places]:
    """Run the service on a database file in `folder`, with its places on the web channel."""
    config, clock = Config(database=folder / "wenha.db"), FrozenClock(MONDAY_9AM)
    links = bind_places(config)
    service = await open_service(config, clock, channels=channels)
    try:
        async with AsyncExitStack() as stack:
            places = Places(service, clock, stack)
            places.links = links
            await places.settle()
            yield places
    finally:
        service.close()
