"""How do messages come from and go to the chats of our own platform?"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from base.clock import Clock
from base.errors import Permanent
from base.messages import ChatRef, Incoming, PersonRef, Press, RepliedTo
from base.text import clean
from base.webchat import WebButton, WebMessage
from base.wording.web import TEXT
from bot.channels.base import Admin, Capabilities, Post
from bot.channels.web.platform import LARGEST_ID, held
from bot.ports import Store, Unit

NAME = "web"


class WebChannel:
    """The built-in channel: sending is one more row in the platform's own table."""

    name = NAME
    capabilities = Capabilities(edits=True, idempotent=True, chat_pause_ms=0)

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def parse(self, raw: Mapping[str, Any]) -> Incoming:
        """Translate a stored raw update; pure. Raises ValueError or KeyError on a bad one."""
        if "callback_query" in raw:
            return _press(_mapping(raw["callback_query"]))
        return _message(_mapping(raw["message"]))

    async def post(self, post: Post) -> str:
        """Post a message of ours; the same key is the same message, however often."""
        reply_to = None if post.reply_to is None else _row_id(post.reply_to)

        def work(unit: Unit) -> str:
            message, _fresh = unit.web.post(
                chat_id=post.chat.chat_id,
                at=self._clock.now(),
                author=None,
                author_name=TEXT["web.bot_name"],
                text=clean(post.text),
                buttons=_buttons(post),
                reply_to=reply_to,
                nonce=f"post:{post.key}",
            )
            return str(message)

        return await self._store.write(work, lane=post.chat.lane)

    async def edit(self, message_id: str, post: Post) -> None:
        """Change a message of ours; saying the same again leaves it as it is.

        Raises:
            Permanent: there is no such message of ours in this chat.
        """
        message = _row_id(message_id)
        text, buttons = clean(post.text), _buttons(post)

        def work(unit: Unit) -> None:
            before = _ours(held(unit, post.chat, message))
            if (before.text, before.buttons) != (text, buttons):
                unit.web.edit(message, text, buttons, self._clock.now())

        await self._store.write(work, lane=post.chat.lane)

    async def admins(self, chat: ChatRef) -> Sequence[Admin]:
        """Nobody administers a chat of the built-in channel; the operator binds it."""
        return ()

    async def react(self, press_id: str, text: str) -> None:
        """Keep the short reaction to a press; the page shows it to the one who pressed."""
        press, toast = _row_id(press_id), clean(text)
        await self._store.write(lambda unit: unit.web.react(press, toast))


def _buttons(post: Post) -> tuple[WebButton, ...]:
    return tuple(WebButton(label=button.label, token=button.token) for button in post.buttons)


def _row_id(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text[:20]) <= LARGEST_ID):
        msg = f"no id of the web channel: {text!r}"
        raise Permanent(msg)
    return int(text)


def _ours(message: WebMessage | None) -> WebMessage:
    if message is None or message.author is not None:
        msg = "no such message of ours in this chat"
        raise Permanent(msg)
    return message


def _message(raw: Mapping[str, Any]) -> Incoming:
    message_id = _number(raw["message_id"])
    sender, sender_name = _sender(raw["from"])
    replied = raw.get("reply_to_message")
    return Incoming(
        key=f"{NAME}:m{message_id}",
        chat=_chat(raw["chat"]),
        sender=sender,
        sender_name=sender_name,
        message_id=str(message_id),
        text=clean(_text(raw["text"])),
        at=_moment(raw["date"]),
        reply_to=None if replied is None else _replied(_mapping(replied)),
    )


def _press(raw: Mapping[str, Any]) -> Incoming:
    press_id = _text(raw["id"])
    message = _mapping(raw["message"])
    message_id = str(_number(message["message_id"]))
    sender, sender_name = _sender(raw["from"])
    return Incoming(
        key=f"{NAME}:p{press_id}",
        chat=_chat(message["chat"]),
        sender=sender,
        sender_name=sender_name,
        message_id=message_id,
        text="",
        at=_moment(raw["date"]),
        press=Press(press_id=press_id, message_id=message_id, token=_text(raw["data"])),
    )


def _replied(raw: Mapping[str, Any]) -> RepliedTo:
    author = _mapping(raw.get("from", {}))
    ours = not author or author.get("is_bot") is True
    return RepliedTo(
        message_id=str(_number(raw["message_id"])),
        author=None if ours else _sender(author)[0],
        author_name=clean(_text(author.get("first_name", ""))),
        text=clean(_text(raw.get("text", ""))),
    )


def _chat(raw: object) -> ChatRef:
    return ChatRef(channel=NAME, chat_id=_text(_mapping(raw)["id"]))


def _sender(raw: object) -> tuple[PersonRef, str]:
    person = _mapping(raw)
    who = _text(person["id"])
    return PersonRef(channel=NAME, id=who), clean(_text(person.get("first_name", ""))) or who


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        msg = f"an object was expected, not {type(value).__name__}"
        raise ValueError(msg)  # noqa: TRY004 - the channel promises ValueError or KeyError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        msg = f"text was expected, not {type(value).__name__}"
        raise ValueError(msg)  # noqa: TRY004 - the channel promises ValueError or KeyError
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        msg = "a positive whole number was expected"
        raise ValueError(msg)
    return value


def _moment(value: object) -> datetime:
    if not isinstance(value, int | float) or isinstance(value, bool):
        msg = f"epoch seconds were expected, not {type(value).__name__}"
        raise ValueError(msg)  # noqa: TRY004 - the channel promises ValueError or KeyError
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError) as error:
        msg = "no moment of any calendar"
        raise ValueError(msg) from error
