"""What do the tests of the built-in channel stand on? A real store, platform, channel, pages."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from base.boxes import InboxItem
from base.clock import FrozenClock
from base.messages import ChatRef, PersonRef
from base.webchat import WebMessage
from base.wording import Wording
from base.wording.web import STEPS, TRIES_HUB, TRIES_VILLAGER
from bot.channels.base import Labelled, Post
from bot.channels.web.channel import WebChannel
from bot.channels.web.desk import Persona, Room, Sandbox
from bot.channels.web.platform import Platform
from bot.channels.web.sandbox import sandbox_routes
from escalation.calendar import Window, WorkCalendar
from escalation.model import Entry as JournalEntry
from escalation.model import Event as JournalEvent
from escalation.model import LinkRole, RelayLink, Role, Status, Ticket
from storage.migrate import upgrade
from storage.store import Store
from storage.unit import Unit

MONDAY_0920 = datetime(2026, 11, 23, 1, 20, tzinfo=UTC)
VILLAGE = ChatRef(channel="web", chat_id="village:1")
HUB = ChatRef(channel="web", chat_id="hub:1")
OFFICE_HOURS = WorkCalendar(
    name="cn",
    version="test",
    windows=(Window(opens=540, closes=720), Window(opens=840, closes=1080)),
    last_known_year=2026,
)
ZHANG = Persona(
    ref=PersonRef(channel="web", id="zhang"),
    name="张秀兰",
    title="村民",
    chat=VILLAGE,
    tries=TRIES_VILLAGER,
)
WANG = Persona(ref=PersonRef(channel="web", id="wang"), name="王德贵", title="村民", chat=VILLAGE)
ZHOU = Persona(
    ref=PersonRef(channel="web", id="zhou"), name="周敏", title="律师", chat=HUB, tries=TRIES_HUB
)


class QuietHost:
    """A service of which only the clock runs."""

    def __init__(self, clock: FrozenClock) -> None:
        self.clock = clock
        self.due: datetime | None = None
        self.settled = 0
        self.moves: list[datetime] = []

    def now(self) -> datetime:
        return self.clock.now()

    async def settle(self) -> None:
        self.settled += 1

    async def move_clock(self, to: datetime) -> None:
        self.moves.append(to)
        self.clock.move_to(to)

    async def next_due(self) -> datetime | None:
        return self.due


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Everything a test of the channel talks to."""

    store: Store
    clock: FrozenClock
    platform: Platform
    channel: WebChannel
    host: QuietHost
    desk: Sandbox

    async def say(self, persona: Persona, text: str, **more: int) -> int:
        """Let a persona write in its own group."""
        return await self.platform.say(
            persona.chat, persona.ref, persona.name, text, reply_to=more.get("reply_to")
        )

    async def card(self, *labels: str, text: str = "【1号工单】白石村\n问:工钱") -> int:
        """Post a message of ours with buttons into the hub."""
        buttons = tuple(Labelled(label=label, token=f"token-{label}") for label in labels)
        post = Post(key=f"card-{text}", chat=HUB, text=text, buttons=buttons)
        return int(await self.channel.post(post))

    async def inbox(self) -> list[InboxItem]:
        """Return the oldest waiting thing of every chat."""
        later = self.clock.now() + timedelta(days=1)
        return list(await self.store.read(lambda unit: list(unit.inbox.heads(later)[0])))

    async def shown(self, chat: ChatRef) -> list[WebMessage]:
        """Return what stands in a chat."""
        return list(await self.store.read(lambda unit: list(unit.web.latest(chat.chat_id, 50))))


def a_stage(path: Path) -> Stage:
    """Return everything on a fresh database file."""
    upgrade(path)
    store, clock = Store(path), FrozenClock(MONDAY_0920)
    platform, host = Platform(store, clock), QuietHost(clock)
    desk = Sandbox(
        platform=platform,
        store=store,
        host=host,
        calendar=OFFICE_HOURS,
        words=Wording(),
        personas=(ZHANG, WANG, ZHOU),
        village=Room(chat=VILLAGE, name="白石村"),
        hub=Room(chat=HUB, name="值守群"),
        steps=STEPS,
    )
    channel = WebChannel(store, clock)
    return Stage(
        store=store, clock=clock, platform=platform, channel=channel, host=host, desk=desk
    )


def settle_in(unit: Unit) -> None:
    """Make the two chats a village and its hub."""
    hub = unit.people.add_hub("值守群", HUB)
    unit.people.add_village("白石村", VILLAGE, hub.id)


def an_open_question(unit: Unit, persona: Persona, message: int) -> None:
    """Open a ticket for a persona, linked to this message of the village."""
    asker = unit.people.meet(persona.ref, persona.name)
    ticket = Ticket(
        id=unit.tickets.next_id(),
        village=1,
        hub=1,
        asker=asker.id,
        state=Status.IN_VILLAGE,
        opened_at=MONDAY_0920,
        policy_version=1,
        calendar_version="test",
    )
    asked = JournalEntry(
        ticket=ticket.id, seq=1, at=MONDAY_0920, event=JournalEvent.ASKED, role=Role.ASKER
    )
    unit.tickets.save(ticket, [asked])
    unit.tickets.link(
        RelayLink(chat=VILLAGE, message_id=str(message), ticket=ticket.id, role=LinkRole.QUESTION)
    )


@asynccontextmanager
async def a_browser(stage: Stage) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    """Serve the sandbox over real HTTP."""
    app = web.Application()
    app.add_routes(sandbox_routes(stage.desk))
    async with TestClient(TestServer(app)) as client:
        yield client


def field(page: str, name: str) -> str:
    """Return the value of a hidden field of the page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found.group(1)
