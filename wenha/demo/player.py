"""How is a scripted day played? In virtual time, through the same channel as everything else."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from base.clock import FrozenClock
from base.errors import NotFound
from base.messages import ChatRef
from storage.unit import Unit
from wenha.demo.cast import CAST, HUB, VILLAGE, Member
from wenha.demo.script import Scene
from wenha.wiring import Service

LAST = "last"  # names our newest message in the chat of whoever acts
_BY_ID = {member.id: member for member in CAST}


@dataclass(slots=True)
class Player:
    """Plays scenes against a service whose clock it moves."""

    service: Service
    clock: FrozenClock
    said: list[tuple[ChatRef, int]] = field(default_factory=list)
    _labels: dict[str, tuple[ChatRef, int]] = field(default_factory=dict)

    async def play(self, scenes: Sequence[Scene]) -> None:
        """Play every scene at its moment, letting everything due happen in between."""
        for scene in scenes:
            await self.service.runtime.travel(scene.at, self.clock)
            if scene.who is not None:
                await self._act(scene, _BY_ID[scene.who])
                await self.service.runtime.settle()

    async def _act(self, scene: Scene, member: Member) -> None:
        platform = self.service.platform
        if scene.press is not None:
            message = await self._message(scene.under or "", member)
            index = await self._button(member.chat, message, scene.press)
            await platform.press(member.chat, member.ref, member.name, message, index)
            return
        reply_to = await self._message(scene.reply, member) if scene.reply else None
        said = await platform.say(
            member.chat, member.ref, member.name, scene.say or "", reply_to=reply_to
        )
        self.said.append((member.chat, said))
        if scene.label:
            self._labels[scene.label] = (member.chat, said)

    async def _message(self, name: str, member: Member) -> int:
        """The message a step points at."""
        if name == LAST:
            return await self.service.store.read(lambda unit: _newest(unit, member.chat))
        what, _, label = name.rpartition(":")
        chat, message = self._labels[label]
        if what:
            return await self.service.store.read(lambda unit: _ours(unit, what, chat, message))
        if chat != member.chat:
            msg = f"{name} is not in the chat of {member.name}"
            raise NotFound(msg)
        return message

    async def _button(self, chat: ChatRef, message: int, label: str) -> int:
        """The number of the button with this label under a message."""
        found = await self.service.store.read(lambda unit: unit.web.get(chat.chat_id, message))
        labels = [button.label for button in found.buttons] if found else []
        if label not in labels:
            msg = f"no button {label}, there are {labels}"
            raise NotFound(msg)
        return labels.index(label)


def _newest(unit: Unit, chat: ChatRef) -> int:
    """Our newest message in a chat."""
    return max(message.id for message in unit.web.latest(chat.chat_id, 20) if not message.author)


def _ours(unit: Unit, what: str, chat: ChatRef, message: int) -> int:
    """Our newest message with buttons about a question in the village, or its card in the hub."""
    ticket = unit.tickets.by_message(chat, str(message))
    if ticket is None:
        msg = f"message {message} belongs to no ticket"
        raise NotFound(msg)
    found = (
        unit.outbox.slot_message(f"card:{ticket}", HUB)
        if what == "card"
        else _last(unit, VILLAGE, ticket)
    )
    if found is None:
        msg = f"nothing was said about ticket {ticket} in {HUB if what == 'card' else VILLAGE}"
        raise NotFound(msg)
    return int(found)


def _last(unit: Unit, chat: ChatRef, ticket: int) -> str | None:
    said = unit.outbox.last_choice(chat, ticket)
    return said.message_id if said else None
