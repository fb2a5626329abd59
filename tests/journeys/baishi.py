"""白石村 for the journeys: the running service over real HTTP, on a clock the test moves."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer

from base.clock import FrozenClock
from base.webchat import WebMessage
from escalation.calendar import BEIJING
from escalation.model import Entry, Event, Ticket
from wenha.config import Config
from wenha.config_rules import Clocks
from wenha.demo.cast import CAST, HUB, VILLAGE, move_in
from wenha.demo.sandbox import Host, application
from wenha.wiring import Service, open_service

MONDAY_9AM = datetime(2026, 11, 23, 9, 0, tzinfo=BEIJING)
_TOKEN = re.compile(r'name="token" value="([^"]+)"')
_CHATS = {"village": VILLAGE, "hub": HUB}


class Baishi:
    """What a newcomer can do in the sandbox, and what can be seen there afterwards."""

    members = CAST

    def __init__(self, service: Service, clock: FrozenClock, client: TestClient) -> None:  # type: ignore[type-arg] # its parameters name aiohttp internals
        self.service = service
        self.clock = clock
        self._client = client

    async def page(self, who: str = "zhang") -> str:
        """Return the page as a browser gets it."""
        answer = await self._client.get("/", params={"as": who})
        assert answer.status == 200
        return await answer.text()

    async def post(self, path: str, fields: Mapping[str, str]) -> tuple[int, str]:
        """Send a form as the page's own form does, following the redirect."""
        found = _TOKEN.search(await self.page())
        assert found is not None
        answer = await self._client.post(path, data={"token": found.group(1), **fields})
        return answer.status, await answer.text()

    async def say(self, who: str, text: str, reply_to: WebMessage | None = None) -> WebMessage:
        """Write a message; return it."""
        fields = {"as": who, "text": text}
        if reply_to is not None:
            fields["reply_to"] = str(reply_to.id)
        status, page = await self.post("/sandbox/say", fields)
        assert status == 200, page
        said = [m for m in await self.both() if m.author == who]
        return max(said, key=lambda message: message.id)

    async def press(self, who: str, message: WebMessage, label: str) -> str:
        """Press a button; return what the presser is told."""
        index = [button.label for button in message.buttons].index(label)
        fields = {"as": who, "message": str(message.id), "index": str(index)}
        status, page = await self.post("/sandbox/press", fields)
        assert status == 200, page
        press = await self.service.store.read(lambda unit: unit.web.last_press(who))
        assert press is not None
        return press.toast or ""

    async def wait(self, **duration: int) -> None:
        """Move the clock on."""
        to = self.clock.now() + timedelta(**duration)
        await self.service.runtime.travel(to, self.clock)

    async def chat(self, room: str) -> list[WebMessage]:
        """Return the messages of the village or the hub, oldest first."""
        chat_id = _CHATS[room].chat_id
        return list(await self.service.store.read(lambda unit: unit.web.latest(chat_id, 500)))

    async def both(self) -> list[WebMessage]:
        """Return the messages of both groups."""
        return [*await self.chat("village"), *await self.chat("hub")]

    async def ours(self, room: str = "village") -> WebMessage:
        """Return the last thing we said in a group."""
        return [message for message in await self.chat(room) if message.author is None][-1]

    async def card(self, ticket: int = 1) -> WebMessage:
        """Return the card of a ticket as it stands in the hub."""
        head = f"【{ticket}号工单】"
        return next(message for message in await self.chat("hub") if message.text.startswith(head))

    async def ticket(self, number: int = 1) -> Ticket:
        """Return a ticket's row."""
        found = await self.service.store.read(lambda unit: unit.tickets.find(number))
        assert found is not None
        return found

    async def journal(self, number: int = 1) -> list[Entry]:
        """Return what happened to a ticket."""
        return list(await self.service.store.read(lambda unit: unit.tickets.journal(number)))

    async def story(self, number: int = 1) -> list[Event]:
        """Return the events of a ticket without its alarm clocks."""
        alarms = {Event.ARMED, Event.FIRED, Event.CANCELLED}
        return [e.event for e in await self.journal(number) if e.event not in alarms]

    async def inbox(self) -> int:
        """Return how many things were stored as arrived."""
        return len(await self.service.store.read(lambda unit: unit.inbox.kept()))


@asynccontextmanager
async def baishi(
    folder: Path,
    start: datetime = MONDAY_9AM,
    clocks: Clocks | None = None,
    *,
    digest: bool = False,
) -> AsyncIterator[Baishi]:
    """Run the service on a database file in `folder`, as `wenha demo` does."""
    clock = FrozenClock(start)
    config = Config(database=folder / "demo.db", clocks=clocks or Clocks(), digest=digest)
    service = await open_service(config, clock)
    await service.store.write(move_in)
    client: TestClient = TestClient(TestServer(application(service, Host(service, clock))))  # type: ignore[type-arg] # its parameters name aiohttp internals
    try:
        async with client:
            yield Baishi(service, clock, client)
    finally:
        service.close()
