"""白石村 on Telegram for the journeys: its people, and what they do and read."""

import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from base.boxes import OutboxItem
from escalation.model import Entry, Event, Ticket
from tests.journeys.telegram_running import QUICK, By, Running
from tests.telegram_server.clock import TestClock
from tests.telegram_server.desk import Handled
from tests.telegram_server.server import TelegramServer, telegram_server
from tests.telegram_server.spec import Json
from tests.telegram_server.view import Seen
from tests.telegram_server.world import Chat, Message, User
from wenha.bind import bind_hub, bind_village
from wenha.config import Pace
from wenha.wiring import Service

RARE = "问哈村长，我家的蚕子遭烟熏死了，没得赔"
WAGES = "问哈村长，老板差我三个月工钱不给啷个办？"
ANSWER = "可以要求赔，先拍照。"
_CODE = re.compile(r"/bind (\w+)")


class TelegramTown:
    """A village group and a hub group on the strict server, and the service that runs there."""

    def __init__(self, server: TelegramServer, running: Running, clock: TestClock) -> None:
        self.server = server
        self.running = running
        self.clock = clock
        people = server.people
        self.zhang, self.li = people.person("张秀兰"), people.person("李大山")
        self.wang = people.person("王村长")
        self.chen, self.luo = people.person("陈静"), people.person("罗国安")
        self.zhou = people.person("周敏")
        self.village = people.supergroup("白石村", owner=self.wang, members=(self.zhang, self.li))
        self.hub = people.supergroup("值守群", owner=self.zhou, members=(self.chen, self.luo))

    @property
    def service(self) -> Service:
        """The service that runs now."""
        return self.running.service

    @property
    def database(self) -> Path:
        """The database file of the service."""
        return self.running.config.database

    async def settle(self) -> None:
        """Let everything sent so far arrive, be handled and be answered."""
        await self.running.settle()

    async def wait(self, **duration: float) -> None:
        """Move the clock on, letting everything happen at its moment."""
        await self.running.wait(**duration)

    def hours(self, count: float) -> timedelta:
        """Return so many hours."""
        return timedelta(hours=count)

    def invite(self, chat: Chat, *, by: User) -> None:
        """Add the bot to a group and make it an admin, so that it reads everything."""
        self.server.people.add_bot(chat, by=by)
        self.server.people.make_admin(chat, self.server.bot.user, by=by)

    async def bind(self) -> None:
        """Let the operator bind hub and village, as their admins."""
        self.invite(self.hub, by=self.zhou)
        await self.settle()
        await self.say(self.zhou, self.hub, f"/bind {self.code_for_hub()}")
        self.invite(self.village, by=self.wang)
        await self.settle()
        await self.say(self.wang, self.village, f"/bind {self.code_for_village()}")

    def code_for_hub(self, name: str = "值守群", *, replacing: bool = False) -> str:
        """Return a code that `wenha bind hub` prints."""
        out = io.StringIO()
        bind_hub(self.database, name, replacing=replacing, now=self.clock.now(), out=out)
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

    def odd(self, body: Json) -> None:
        """Let an update wait that Telegram would not send today."""
        self.server.bot.notify_unchecked(body)
        self.server.platform.bell.ring()

    async def ask(self, text: str = RARE) -> Message:
        """Let 张秀兰 ask in the village."""
        return await self.say(self.zhang, self.village, text)

    async def in_hub(self, text: str = RARE) -> Message:
        """Let 张秀兰 ask and want an expert; return the question."""
        asked = await self.ask(text)
        await self.press(self.zhang, self.village, self.ours(self.village), "转给专家")
        return asked

    async def answer(self, text: str = ANSWER, ticket: int = 1) -> None:
        """Let the lawyer answer by replying to the card."""
        await self.say(self.chen, self.hub, text, self.card(ticket))

    def read(self, chat: Chat) -> list[Seen]:
        """Return what stands in a chat."""
        return self.server.people.read(chat)

    def all_ours(self, chat: Chat) -> list[Seen]:
        """Return everything the bot said in a chat."""
        return [seen for seen in self.read(chat) if seen.author_id == self.server.bot.user.id]

    def ours(self, chat: Chat) -> Seen:
        """Return the last thing the bot said in a chat."""
        return self.all_ours(chat)[-1]

    def texts(self, chat: Chat) -> list[str]:
        """Return the texts of the bot in a chat."""
        return [seen.text for seen in self.all_ours(chat)]

    def hub_welcome(self) -> Seen:
        """Return the message in which everybody of the hub says what they are."""
        return next(seen for seen in self.read(self.hub) if "自己的身份" in seen.text)

    def card(self, ticket: int = 1, hub: Chat | None = None) -> Seen:
        """Return the newest card of a ticket in the hub."""
        head = f"【{ticket}号"
        return [seen for seen in self.read(hub or self.hub) if seen.text.startswith(head)][-1]

    def sends(self, chat: Chat) -> list[Handled]:
        """Return every new message the bot tried to post in a chat."""
        calls = [call for call in self.server.calls if call.method == "sendMessage"]
        return [call for call in calls if call.params["chat_id"] == chat.id]

    async def tickets(self) -> list[Ticket]:
        """Return every ticket."""
        return list(await self.service.store.read(lambda unit: unit.tickets.all()))

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

    async def villages(self) -> list[str]:
        """Return the names of the villages."""
        found = await self.service.store.read(lambda unit: unit.people.villages())
        return [village.name for village in found]

    async def outbox(self) -> list[OutboxItem]:
        """Return everything promised, in order."""
        return list(await self.service.store.read(lambda unit: unit.outbox.all()))

    async def kept(self) -> list[str]:
        """Return every update whose payload is kept."""
        items = await self.service.store.read(lambda unit: unit.inbox.kept())
        return [item.raw or "" for item in items]

    async def parked(self) -> list[str]:
        """Return the errors of what waits for a human."""
        return [why for _, why in await self.service.store.read(lambda unit: unit.inbox.parked())]


def _found(printed: str) -> str:
    code = _CODE.search(printed)
    assert code is not None, printed
    return code.group(1)


@asynccontextmanager
async def telegram_town(
    folder: Path, by: By = By.POLLING, *, bound: bool = True, pace: Pace = QUICK
) -> AsyncIterator[TelegramTown]:
    """Run the service as `wenha serve` does; complaints of the strict server fail the test."""
    clock = TestClock()
    async with telegram_server(clock, seed=1) as server:
        running = Running(folder, server, clock, by, pace)
        await running.start()
        try:
            town = TelegramTown(server, running, clock)
            if bound:
                await town.bind()
            yield town
        finally:
            await running.stop()
        assert server.desk.problems == []
