"""Who lives on the fake channel? 白石村 and its hub, on the real service and a real file."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from base.boxes import OutboxItem
from base.clock import FrozenClock
from base.messages import (
    ChatRef,
    HubChat,
    Kind,
    Outgoing,
    PersonRef,
    ToHub,
    ToVillage,
    VillageChat,
    Words,
)
from escalation.calendar import BEIJING
from escalation.model import Entry, Event, Membership, Ticket
from storage.unit import Unit
from tests.fakes import HUB, NAME, PEOPLE, VILLAGE, FakeChannel, Fate, Shown
from wenha.config import Config
from wenha.demo.cast import CAST, HUB_NAME, VILLAGE_NAME
from wenha.wiring import Service, open_service

T = TypeVar("T")
QUESTION = "问哈村长，无人机打药把我家茶叶熏坏了？"
ANSWER = "到村委会办公室交。"
MONDAY_9AM = datetime(2026, 11, 23, 9, 0, tzinfo=BEIJING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Town:
    """The service on the fake channel, and what its people can do."""

    service: Service
    channel: FakeChannel
    clock: FrozenClock

    async def say(self, who: str, text: str, reply_to: str | None = None) -> str:
        """Let somebody write and the update arrive; return the message's id."""
        raw = self.channel.writes(PEOPLE[who], text, reply_to)
        await self.arrive(raw)
        return str(raw["message"]["message_id"])

    async def press(self, who: str, message: Shown, label: str) -> None:
        """Let somebody press and the update arrive."""
        await self.arrive(self.channel.presses_on(PEOPLE[who], message, label))

    async def arrive(self, raw: Mapping[str, Any]) -> bool:
        """Put a raw update into the inbox; False when it is there already."""
        seen, now = self.channel.parse(raw), self.clock.now()
        text = json.dumps(raw)
        return await self.write(lambda unit: unit.inbox.put(seen.key, seen.chat, text, now))

    async def settle(self) -> None:
        """Let everything that is due now happen."""
        await self.service.runtime.settle()

    async def wait(self, **span: float) -> None:
        """Let time pass, everything happening at its moment."""
        to = self.clock.now() + timedelta(**span)
        await self.service.runtime.travel(to, self.clock)

    async def write(self, work: Callable[[Unit], T]) -> T:
        """Run a unit of work on the service's store."""
        return await self.service.store.write(work)

    async def read(self, work: Callable[[Unit], T]) -> T:
        """Ask the service's store."""
        return await self.service.store.read(work)

    async def outbox(self) -> list[OutboxItem]:
        """Return everything promised, in order."""
        return list(await self.read(lambda unit: unit.outbox.all()))

    async def promise(self, *messages: Outgoing) -> None:
        """Write messages to the outbox, now."""
        now = self.clock.now()

        def work(unit: Unit) -> None:
            for message in messages:
                unit.outbox.promise(message, now)

        await self.write(work)

    async def promised(self, text: str) -> OutboxItem:
        """Return the newest outbox row that begins so."""
        return [row for row in await self.outbox() if row.text.startswith(text)][-1]

    async def in_hub(self) -> Shown:
        """Bring a question to the hub; return its card."""
        await self.say("zhang", QUESTION)
        await self.settle()
        await self.press("zhang", self.channel.ours(VILLAGE)[-1], "转给专家")
        await self.settle()
        return self.channel.ours(HUB)[0]

    async def answer(self, card: Shown, *fates: Fate) -> None:
        """Let the lawyer answer; `fates` is what becomes of carrying it to the village."""
        self.channel.then(VILLAGE, *fates)
        await self.say("chen", ANSWER, card.id)
        await self.settle()

    def carried(self) -> list[str]:
        """Return the answer as often as it stands in the village."""
        return [m.text for m in self.channel.ours(VILLAGE) if ANSWER in m.text]

    async def impatient(self) -> None:
        """Let the store wait for other processes only a moment, to keep a test short."""

        def work(unit: Unit) -> None:
            unit.inbox._connection.exec_driver_sql("PRAGMA busy_timeout=20")

        await self.write(work)

    async def tickets(self) -> list[Ticket]:
        """Return every ticket."""
        return list(await self.read(lambda unit: unit.tickets.all()))

    async def journal(self, ticket: int = 1) -> list[Entry]:
        """Return what happened to a ticket."""
        return list(await self.read(lambda unit: unit.tickets.journal(ticket)))

    async def story(self, ticket: int = 1) -> list[Event]:
        """Return the events of a ticket, without the setting and ringing of alarms."""
        unseen = (Event.ARMED, Event.FIRED, Event.CANCELLED)
        return [entry.event for entry in await self.journal(ticket) if entry.event not in unseen]


def to_village(text: str, kind: Kind = Kind.REPLY, chat: ChatRef = VILLAGE) -> ToVillage:
    """A message to a village, under its text as key."""
    return ToVillage(key=text, kind=kind, chat=VillageChat(ref=chat), words=Words(text=text))


def to_hub(text: str, kind: Kind = Kind.REPLY) -> ToHub:
    """A message to the hub, under its text as key."""
    return ToHub(key=text, kind=kind, chat=HubChat(ref=HUB), words=Words(text=text))


def move_in(unit: Unit) -> None:
    """Make 白石村 and its hub known on the fake channel."""
    hub = unit.people.add_hub(HUB_NAME, HUB)
    village = unit.people.add_village(VILLAGE_NAME, VILLAGE, hub.id)
    for member in CAST:
        if member.part is not None:
            lives_here = member.part is Membership.LIAISON
            place = f"village:{village.id}" if lives_here else f"hub:{hub.id}"
            person = unit.people.meet(PersonRef(channel=NAME, id=member.id), member.name)
            unit.people.join(person.id, place, member.part, "" if lives_here else member.title)


@asynccontextmanager
async def a_town(
    folder: Path, *, channel: FakeChannel | None = None, at: datetime = MONDAY_9AM
) -> AsyncIterator[Town]:
    """Open the service on a database in `folder`; the channel outlives it for a restart."""
    clock = FrozenClock(at)
    outside = channel or FakeChannel(clock)
    outside.clock = clock
    config = Config(database=folder / "wenha.db", digest=False)
    service = await open_service(config, clock, channels={NAME: outside})
    try:
        await service.store.write(move_in)
        yield Town(service=service, channel=outside, clock=clock)
    finally:
        service.close()
