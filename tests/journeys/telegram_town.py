"""白石村 on Telegram for the journeys: the real service against the strict server, polling."""

import asyncio
import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot.channels.telegram.receive import Poller
from bot.intake import Intake
from escalation.model import Entry, Event, Ticket
from tests.telegram_server.clock import TestClock
from tests.telegram_server.server import TelegramServer, telegram_server
from tests.telegram_server.view import Seen
from tests.telegram_server.world import Chat, Message, User
from wenha.bind import bind_hub, bind_village
from wenha.config import Config, Pace, Telegram
from wenha.serve import Receiver, telegram_channel
from wenha.wiring import Service, open_service

QUICK = Pace(chat_pause_ms=0, group_per_minute=60, token_per_second=30)
_CODE = re.compile(r"/bind (\w+)")


class TelegramTown:
    """A village group and a hub group on the strict server, and the service that runs there."""

    def __init__(self, server: TelegramServer, service: Service, clock: TestClock) -> None:
        self.server = server
        self.service = service
        self.clock = clock
        people = server.people
        self.zhang, self.li = people.person("张秀兰"), people.person("李大山")
        self.wang = people.person("王村长")
        self.chen, self.luo = people.person("陈静"), people.person("罗国安")
        self.zhou = people.person("周敏")
        self.village = people.supergroup("白石村", owner=self.wang, members=(self.zhang, self.li))
        self.hub = people.supergroup("值守群", owner=self.zhou, members=(self.chen, self.luo))

    @property
    def database(self) -> Path:
        """The database file of the service."""
        return self.service.config.database

    async def settle(self) -> None:
        """Let everything sent so far arrive, be handled and be answered."""
        await self.server.confirmed()
        await self.service.runtime.travel(self.clock.now(), self.clock)

    async def wait(self, **duration: float) -> None:
        """Move the clock on, letting everything happen at its moment."""
        await self.service.runtime.travel(self.clock.now() + timedelta(**duration), self.clock)
        await self.settle()

    async def bind(self) -> None:
        """Let the operator bind hub and village, as their admins."""
        for chat, admin in ((self.hub, self.zhou), (self.village, self.wang)):
            self.server.people.add_bot(chat, by=admin)
            self.server.people.make_admin(chat, self.server.bot.user, by=admin)
        await self.say(self.zhou, self.hub, f"/bind {self.code_for_hub()}")
        await self.say(self.wang, self.village, f"/bind {self.code_for_village()}")

    def code_for_hub(self, *, replacing: bool = False) -> str:
        """Return a code that `wenha bind hub` prints."""
        out = io.StringIO()
        now = self.clock.now()
        bind_hub(self.database, "值守群", replacing=replacing, now=now, out=out)
        return _found(out.getvalue())

    def code_for_village(self, name: str = "白石村") -> str:
        """Return a code that `wenha bind village` prints."""
        out = io.StringIO()
        bind_village(self.database, name, None, self.clock.now(), out)
        return _found(out.getvalue())

    async def say(
        self, who: User, chat: Chat, text: str, reply_to: Message | Seen | int | None = None
    ) -> Message:
        """Write a message, and let everything follow from it."""
        target = reply_to.id if isinstance(reply_to, Seen) else reply_to
        said = self.server.people.say(who, chat, text, reply_to=target)
        await self.settle()
        return said

    async def press(self, who: User, chat: Chat, message: Seen, label: str) -> str:
        """Press a button; return what the presser is told."""
        press = self.server.people.press(who, chat, message.id, label)
        await self.settle()
        return press.text or ""

    def read(self, chat: Chat) -> list[Seen]:
        """Return what stands in a chat."""
        return self.server.people.read(chat)

    def ours(self, chat: Chat) -> Seen:
        """Return the last thing the bot said in a chat."""
        return [seen for seen in self.read(chat) if seen.author_id == self.server.bot.user.id][-1]

    def hub_welcome(self) -> Seen:
        """Return the message in which everybody of the hub says what they are."""
        return next(seen for seen in self.read(self.hub) if "自己的身份" in seen.text)

    def card(self, ticket: int = 1) -> Seen:
        """Return the newest card of a ticket in the hub."""
        return [seen for seen in self.read(self.hub) if seen.text.startswith(f"【{ticket}号")][-1]

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


def _found(printed: str) -> str:
    code = _CODE.search(printed)
    assert code is not None, printed
    return code.group(1)


@asynccontextmanager
async def telegram_town(
    folder: Path, *, bound: bool = True, pace: Pace = QUICK
) -> AsyncIterator[TelegramTown]:
    """Run the service as `wenha serve` does; complaints of the strict server fail the test."""
    clock = TestClock()
    async with telegram_server(clock, seed=1) as server:
        config = Config(
            database=folder / "wenha.db",
            telegram=Telegram(base_url=server.base_url, pace=pace),
        )
        async with running(config, server, clock) as service:
            town = TelegramTown(server, service, clock)
            if bound:
                await town.bind()
            yield town
        assert server.desk.problems == []


@asynccontextmanager
async def running(
    config: Config, server: TelegramServer, clock: TestClock
) -> AsyncIterator[Service]:
    """Open the service with its poller running, and close it again."""
    channel = telegram_channel(config, server.bot.token)
    service = await open_service(config, clock, channels={channel.name: channel})
    intake = Intake(service.store, channel, clock)
    receiver = Receiver(channel, Poller(channel, intake), config, {"help": "怎么问"})
    polling = asyncio.create_task(service.runtime.receive(receiver.step))
    try:
        yield service
    finally:
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
        await channel.close()
        service.close()
