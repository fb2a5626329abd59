"""What happens when somebody writes or presses on our own platform? Start reading here.

For Telegram's chats Telegram is the platform; for these it is this file. It keeps what people
write in its own table, and hands the bot only what concerns it, in the Bot API's shape.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from base.clock import Clock
from base.errors import NotFound, Refused
from base.messages import ChatRef, PersonRef
from base.text import MAX_TEXT, clean
from base.webchat import WebMessage
from bot import gather, sieve
from bot.ports import Store, Unit

LARGEST_ID = 2**63 - 1  # of a row in SQLite


class Platform:
    """Takes what people write and press; one transaction each, done after the commit."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def say(
        self,
        chat: ChatRef,
        author: PersonRef,
        name: str,
        text: str,
        *,
        reply_to: int | None = None,
        nonce: str | None = None,
    ) -> int:
        """Post a message; return its id, the same for the same words sent again under a nonce.

        Raises:
            Refused: no words, too many, or a reply to a message that is not in this chat.
        """
        said = _Said(
            chat=chat,
            author=author,
            name=clean(name),
            words=_words(text),
            reply_to=reply_to,
            nonce=nonce,
        )
        return await self._store.write(partial(_post, said, self._clock), lane=chat.lane)

    async def press(
        self,
        chat: ChatRef,
        author: PersonRef,
        name: str,
        message_id: int,
        index: int,
        *,
        label: str | None = None,
    ) -> int:
        """Press the button at `index` under a message; return the press's id.

        Raises:
            NotFound: this chat has no such message, or the message no such button.
            Refused: the button now says something else than the `label` that was pressed.
        """
        pressed = _Pressed(
            chat=chat,
            author=author,
            name=clean(name),
            message=message_id,
            index=index,
            label=label,
        )
        return await self._store.write(partial(_press, pressed, self._clock), lane=chat.lane)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """What somebody wrote, made harmless."""

    chat: ChatRef
    author: PersonRef
    name: str
    words: str
    reply_to: int | None
    nonce: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Pressed:
    """What somebody pressed."""

    chat: ChatRef
    author: PersonRef
    name: str
    message: int
    index: int
    label: str | None


def held(unit: Unit, chat: ChatRef, message: int) -> WebMessage | None:
    """Return a message of this chat; None for any number that names none."""
    return unit.web.get(chat.chat_id, message) if 0 < message <= LARGEST_ID else None


def _post(said: _Said, clock: Clock, unit: Unit) -> int:
    """Keep the words; hand them over when they concern us, unless they were here before."""
    replied = _replied(unit, said.chat, said.reply_to)
    now = clock.now()
    message, fresh = unit.web.post(
        chat_id=said.chat.chat_id,
        at=now,
        author=said.author.id,
        author_name=said.name,
        text=said.words,
        reply_to=said.reply_to,
        nonce=_nonce(said),
    )
    if fresh:
        raw = {"message": _raw_message(message, now, said) | _raw_reply(replied)}
        if sieve.concerns_us(raw, gather.known(unit, said.chat, said.author, _id_of(replied))):
            unit.inbox.put(f"web:m{message}", said.chat, json.dumps(raw), now)
    return message


def _press(pressed: _Pressed, clock: Clock, unit: Unit) -> int:
    """Keep the press and hand it over: buttons are always ours."""
    chat, now = pressed.chat, clock.now()
    token = _token(held(unit, chat, pressed.message), pressed.index, pressed.label)
    press = unit.web.press(
        chat_id=chat.chat_id, message=pressed.message, author=pressed.author.id, at=now
    )
    raw = {
        "id": str(press),
        "date": now.timestamp(),
        "from": _sender(pressed),
        "message": {"message_id": pressed.message, "chat": {"id": chat.chat_id}},
        "data": token,
    }
    unit.inbox.put(f"web:p{press}", chat, json.dumps({"callback_query": raw}), now)
    return press


def _sender(deed: _Said | _Pressed) -> dict[str, str]:
    return {"id": deed.author.id, "first_name": deed.name}


def _words(text: str) -> str:
    words = clean(text)
    if not words:
        raise Refused("web.empty")
    if len(words) > MAX_TEXT:
        raise Refused("web.too_long", {"length": str(len(words)), "limit": str(MAX_TEXT)})
    return words


def _replied(unit: Unit, chat: ChatRef, reply_to: int | None) -> WebMessage | None:
    if reply_to is None:
        return None
    message = held(unit, chat, reply_to)
    if message is None:
        raise Refused("web.reply_gone")
    return message


def _nonce(said: _Said) -> str | None:
    """Return what makes a double submit one message: other words are another message.

    It never equals the nonce of a message of ours (channel.py), whatever the page sends.
    """
    if said.nonce is None:
        return None
    same = [said.chat.chat_id, said.author.id, said.nonce, said.reply_to, said.words]
    return f"say:{hashlib.sha256(json.dumps(same).encode()).hexdigest()}"


def _raw_message(message: int, now: datetime, said: _Said) -> dict[str, Any]:
    return {
        "message_id": message,
        "date": now.timestamp(),
        "chat": {"id": said.chat.chat_id},
        "from": _sender(said),
        "text": said.words,
    }


def _raw_reply(replied: WebMessage | None) -> dict[str, Any]:
    if replied is None:
        return {}
    author: dict[str, Any] = {"id": replied.author, "first_name": replied.author_name}
    if replied.author is None:
        author = {"is_bot": True, "first_name": replied.author_name}
    said = {"message_id": replied.id, "from": author, "text": replied.text}
    return {"reply_to_message": said}


def _id_of(message: WebMessage | None) -> str | None:
    return None if message is None else str(message.id)


def _token(message: WebMessage | None, index: int, label: str | None) -> str:
    if message is None or not 0 <= index < len(message.buttons):
        msg = "no such button"
        raise NotFound(msg)
    button = message.buttons[index]
    if label is not None and label != button.label:
        raise Refused("web.button_changed", {"label": button.label})
    return button.token
