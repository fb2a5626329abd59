"""What happens when somebody writes or presses on our own platform? Start reading here.

For Telegram's chats Telegram is the platform; for these it is this file. It keeps what people
write in its own table, and hands the bot only what concerns it, in the Bot API's shape.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from base.clock import Clock
from base.errors import NotFound, Refused
from base.messages import ChatRef, PersonRef
from base.text import MAX_TEXT, clean
from base.webchat import WebMessage
from bot import routing
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
        words = _words(text)
        sender = {"id": author.id, "first_name": clean(name)}

        def work(unit: Unit) -> int:
            replied = _replied(unit, chat, reply_to)
            now = self._clock.now()
            message, fresh = unit.web.post(
                chat_id=chat.chat_id,
                at=now,
                author=author.id,
                author_name=sender["first_name"],
                text=words,
                reply_to=reply_to,
                nonce=_nonce(chat, author, words, reply_to, nonce),
            )
            if fresh:
                raw = _raw_message(message, now, chat, sender, words) | _raw_reply(replied)
                _hand_over(unit, chat, author, {"message": raw}, now)
            return message

        return await self._store.write(work, lane=chat.lane)

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
        sender = {"id": author.id, "first_name": clean(name)}

        def work(unit: Unit) -> int:
            token = _token(held(unit, chat, message_id), index, label)
            now = self._clock.now()
            press = unit.web.press(
                chat_id=chat.chat_id, message=message_id, author=author.id, at=now
            )
            raw = {
                "id": str(press),
                "date": now.timestamp(),
                "from": sender,
                "message": {"message_id": message_id, "chat": {"id": chat.chat_id}},
                "data": token,
            }
            unit.inbox.put(f"web:p{press}", chat, json.dumps({"callback_query": raw}), now)
            return press

        return await self._store.write(work, lane=chat.lane)


def held(unit: Unit, chat: ChatRef, message: int) -> WebMessage | None:
    """Return a message of this chat; None for any number that names none."""
    return unit.web.get(chat.chat_id, message) if 0 < message <= LARGEST_ID else None


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


def _nonce(
    chat: ChatRef, author: PersonRef, words: str, reply_to: int | None, nonce: str | None
) -> str | None:
    """Return what makes a double submit one message: other words are another message.

    It never equals the nonce of a message of ours (channel.py), whatever the page sends.
    """
    if nonce is None:
        return None
    said = json.dumps([chat.chat_id, author.id, nonce, reply_to, words])
    return f"say:{hashlib.sha256(said.encode()).hexdigest()}"


def _raw_message(
    message: int, now: datetime, chat: ChatRef, sender: dict[str, str], words: str
) -> dict[str, Any]:
    return {
        "message_id": message,
        "date": now.timestamp(),
        "chat": {"id": chat.chat_id},
        "from": sender,
        "text": words,
    }


def _raw_reply(replied: WebMessage | None) -> dict[str, Any]:
    if replied is None:
        return {}
    author: dict[str, Any] = {"id": replied.author, "first_name": replied.author_name}
    if replied.author is None:
        author = {"is_bot": True, "first_name": replied.author_name}
    said = {"message_id": replied.id, "from": author, "text": replied.text}
    return {"reply_to_message": said}


def _hand_over(
    unit: Unit, chat: ChatRef, author: PersonRef, raw: dict[str, Any], now: datetime
) -> None:
    """Put the update into the inbox if it concerns us; chatter stays the platform's own."""
    message = raw["message"]
    known = _known(unit, chat, author, message.get("reply_to_message"))
    if routing.concerns_us(raw, known):
        unit.inbox.put(f"web:m{message['message_id']}", chat, json.dumps(raw), now)


def _known(
    unit: Unit, chat: ChatRef, author: PersonRef, replied: dict[str, Any] | None
) -> routing.Known:
    """Gather what tells whether a message concerns us; nobody is stored for it."""
    held_by_ticket = replied is not None and (
        unit.tickets.by_message(chat, str(replied["message_id"])) is not None
    )
    village, person = unit.people.village_of(chat), unit.people.find(author)
    has_open = (
        village is not None
        and person is not None
        and unit.tickets.lively(village.id, person.id) is not None
    )
    return routing.Known(
        replies_to_held=held_by_ticket,
        has_open=has_open,
        is_hub=unit.people.hub_of(chat) is not None,
    )


def _token(message: WebMessage | None, index: int, label: str | None) -> str:
    if message is None or not 0 <= index < len(message.buttons):
        msg = "no such button"
        raise NotFound(msg)
    button = message.buttons[index]
    if label is not None and label != button.label:
        raise Refused("web.button_changed", {"label": button.label})
    return button.token
