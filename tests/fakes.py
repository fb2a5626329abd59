"""What stands outside? A strict channel that forgets nothing."""

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from base.clock import Clock
from base.errors import Ambiguous, Permanent, RateLimited, Temporary
from base.messages import ChatRef, Incoming, PersonRef, Press, RepliedTo
from bot.channels.base import Admin, Capabilities, Labelled, Post
from wenha.demo.cast import CAST, Member
from wenha.demo.cast import HUB as WEB_HUB

NAME = "fake"
VILLAGE = ChatRef(channel=NAME, chat_id="village")
HUB = ChatRef(channel=NAME, chat_id="hub")
BOT = "bot"
PEOPLE: Mapping[str, Member] = {member.id: member for member in CAST}


@dataclass(frozen=True, kw_only=True, slots=True)
class Fate:
    """What becomes of one call: is it performed, and which error does the caller see?"""

    performed: bool
    error: Exception | None = None


FINE = Fate(performed=True)
ACK_LOST = Fate(performed=True, error=Ambiguous("no answer"))
UNCLEAR = Fate(performed=False, error=Ambiguous("no answer"))
BUSY = Fate(performed=False, error=Temporary("server error"))
GONE = Fate(performed=False, error=Permanent("kicked out of the chat"))


def slow_down(seconds: int) -> Fate:
    """The channel asks to wait so long."""
    return Fate(performed=False, error=RateLimited(timedelta(seconds=seconds)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One call as it came in, whatever became of it."""

    verb: str
    chat: str
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A message as people see it; `author` is "bot" for ours."""

    id: str
    author: str
    text: str
    buttons: tuple[Labelled, ...] = ()
    reply_to: str | None = None
    edits: int = 0


@dataclass(frozen=True, slots=True)
class Gate:
    """Where calls hang: `reached` by the first of them, until `opened`."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class FakeChannel:
    """A channel that shows what it was told, twice if told twice; it refuses what it must."""

    clock: Clock
    name: str = NAME
    capabilities: Capabilities = Capabilities(  # noqa: RUF009 - frozen
        edits=True, idempotent=False, chat_pause_ms=0
    )
    calls: list[Call] = field(default_factory=list)
    presses: dict[str, str] = field(default_factory=dict)
    toasts: dict[str, str] = field(default_factory=dict)
    _chats: dict[str, dict[str, Shown]] = field(default_factory=lambda: defaultdict(dict))
    _fates: dict[str, deque[Fate]] = field(default_factory=lambda: defaultdict(deque))
    _gates: dict[str, Gate] = field(default_factory=dict)
    ids: Counter[str] = field(default_factory=Counter)

    def then(self, chat: ChatRef, *fates: Fate) -> None:
        """Decide what becomes of the next calls about a chat; after these all is fine."""
        self._fates[chat.chat_id].extend(fates)

    def hold(self, chat: ChatRef) -> Gate:
        """Let every call about a chat hang until the gate is opened."""
        return self._gates.setdefault(chat.chat_id, Gate())

    def pause(self, *, milliseconds: int) -> None:
        """Want so long a pause between two messages to one chat."""
        self.capabilities = replace(self.capabilities, chat_pause_ms=milliseconds)

    def shown(self, chat: ChatRef) -> list[Shown]:
        """Return what stands in a chat, in order."""
        return list(self._chats[chat.chat_id].values())

    def ours(self, chat: ChatRef) -> list[Shown]:
        """Return what we said in a chat, in order."""
        return [message for message in self.shown(chat) if message.author == BOT]

    def called(self, chat: ChatRef) -> list[tuple[str, str]]:
        """Return verb and text of every call about a chat, in order."""
        return [(call.verb, call.text) for call in self.calls if call.chat == chat.chat_id]

    async def post(self, post: Post) -> str:
        """Show a new message; return its id."""
        fate = await self._meets("post", post.chat.chat_id, post.text)
        message = self._id("m")  # of ours; people's have numbers of their own
        if fate.performed:
            self._chats[post.chat.chat_id][message] = Shown(
                id=message,
                author=BOT,
                text=post.text,
                buttons=post.buttons,
                reply_to=post.reply_to,
            )
        if fate.error is not None:
            raise fate.error
        return message

    async def edit(self, message_id: str, post: Post) -> None:
        """Change a message of ours; any other is refused."""
        fate = await self._meets("edit", post.chat.chat_id, post.text)
        chat = self._chats[post.chat.chat_id]
        known = chat.get(message_id)
        if known is None or known.author != BOT:
            msg = "message to edit not found"
            raise Permanent(msg)
        if fate.performed:
            chat[message_id] = replace(
                known, text=post.text, buttons=post.buttons, edits=known.edits + 1
            )
        if fate.error is not None:
            raise fate.error

    async def admins(self, chat: ChatRef) -> Sequence[Admin]:
        """Nobody administers a chat here."""
        return ()

    async def react(self, press_id: str, text: str) -> None:
        """Show a short reaction to a press that happened here."""
        if press_id not in self.presses:
            msg = "no such press"
            raise Permanent(msg)
        fate = await self._meets("react", self.presses[press_id], text)
        if fate.performed:
            self.toasts[press_id] = text
        if fate.error is not None:
            raise fate.error

    async def _meets(self, verb: str, chat: str, text: str) -> Fate:
        self.calls.append(Call(verb=verb, chat=chat, text=text, at=self.clock.now()))
        if chat in self._gates:
            self._gates[chat].reached.set()
            await self._gates[chat].opened.wait()
        return self._fates[chat].popleft() if self._fates[chat] else FINE

    def parse(self, raw: Mapping[str, Any]) -> Incoming:
        """Translate a raw update of the Bot API's shape."""
        query = raw.get("callback_query")
        what = raw["message"] if query is None else query["message"]
        sender = raw["message"]["from"] if query is None else query["from"]
        press = (
            None
            if query is None
            else Press(press_id=query["id"], message_id=what["message_id"], token=query["data"])
        )
        return Incoming(
            key=f"{NAME}:{what['message_id'] if press is None else press.press_id}",
            chat=ChatRef(channel=NAME, chat_id=what["chat"]["id"]),
            sender=PersonRef(channel=NAME, id=sender["id"]),
            sender_name=sender["first_name"],
            message_id=what["message_id"],
            text=what.get("text", ""),
            at=datetime.fromtimestamp((query or what)["date"], UTC),
            reply_to=_replied(what.get("reply_to_message")),
            press=press,
        )

    def writes(self, who: Member, text: str, reply_to: str | None = None) -> dict[str, Any]:
        """Let somebody write; return the raw update."""
        chat, message = chat_of(who).chat_id, self._id("")
        raw = {
            "message_id": message,
            "date": self.clock.now().timestamp(),
            "chat": {"id": chat},
            "from": {"id": who.id, "first_name": who.name},
            "text": text,
        }
        if reply_to is not None:
            raw["reply_to_message"] = _quoted(self._chats[chat][reply_to])
        self._chats[chat][message] = Shown(id=message, author=who.id, text=text, reply_to=reply_to)
        return {"message": raw}

    def presses_on(self, who: Member, message: Shown, label: str) -> dict[str, Any]:
        """Let somebody press a button that is there; return the raw update."""
        (token,) = (button.token for button in message.buttons if button.label == label)
        press = self._id("p")
        self.presses[press] = chat_of(who).chat_id
        return {
            "callback_query": {
                "id": press,
                "date": self.clock.now().timestamp(),
                "from": {"id": who.id, "first_name": who.name},
                "message": {"message_id": message.id, "chat": {"id": chat_of(who).chat_id}},
                "data": token,
            }
        }

    def _id(self, kind: str) -> str:
        self.ids[kind] += 1
        return f"{kind}{self.ids[kind]}"


def chat_of(who: Member) -> ChatRef:
    """The chat of somebody of the cast, on this channel."""
    return HUB if who.chat == WEB_HUB else VILLAGE


def _quoted(message: Shown) -> dict[str, Any]:
    author: dict[str, Any] = {"is_bot": True}
    if message.author != BOT:
        author = {"id": message.author, "first_name": PEOPLE[message.author].name}
    return {"message_id": message.id, "from": author, "text": message.text}


def _replied(raw: Mapping[str, Any] | None) -> RepliedTo | None:
    if raw is None:
        return None
    ours = "is_bot" in raw["from"]
    return RepliedTo(
        message_id=raw["message_id"],
        author=None if ours else PersonRef(channel=NAME, id=raw["from"]["id"]),
        author_name="" if ours else raw["from"]["first_name"],
        text=raw["text"],
    )
