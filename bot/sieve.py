"""Does a raw update concern us at all? Pure: looks at one message and little else.

Everything a village writes that is not for us is left out before anything is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from base.messages import Act
from base.text import clean
from bot import orders, routing
from knowledge.calibrate import asks

_NOTICES = ("migrate_to_chat_id", "migrate_from_chat_id", "left_chat_member")


@dataclass(frozen=True, kw_only=True, slots=True)
class Peek:
    """What is needed of a raw update to tell whether it concerns us.

    Attributes:
        notice: the channel tells something about the chat itself.
        machine: another bot wrote it, or a channel linked to the group.
        direct: the chat is with the sender alone.
        replied_name: the name on the channel of who wrote the message replied to: wenha_bot.
        edited: the id of the message that says something else now.
    """

    text: str
    sender: str
    reply_to: str | None
    press: bool = False
    notice: bool = False
    machine: bool = False
    direct: bool = False
    replied_name: str = ""
    edited: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What is known about the chat and the sender when an update comes in.

    Attributes:
        replies_to_held: the message replied to belongs to a ticket.
        has_open: the sender has an open question in this chat.
        is_hub: the chat is a hub's.
        unsettled: something of this chat still waits to be handled, so that what it opens is not
            known yet.
        mention: our name on this channel, as people type it: @wenha_bot.
        listening: the chat is a village's that is answered unasked, where we are certain.
        desk: the chat is the desk of a liaison: everything written there is for us.
    """

    replies_to_held: bool = False
    has_open: bool = False
    is_hub: bool = False
    unsettled: bool = False
    mention: str = ""
    listening: bool = False
    desk: bool = False


def peek(raw: Mapping[str, Any]) -> Peek | None:
    """Look into a raw update of the Bot API's shape; None when it can't be read."""
    if isinstance(query := raw.get("callback_query"), Mapping):
        return Peek(text="", sender=_id(query.get("from")), reply_to=None, press=True)
    if isinstance(change := raw.get("my_chat_member"), Mapping):
        return Peek(text="", sender=_id(change.get("from")), reply_to=None, notice=True)
    message = raw.get("message", raw.get("edited_message"))
    if not isinstance(message, Mapping):
        return None
    replied = message.get("reply_to_message")
    return Peek(
        text=clean(str(message.get("text") or message.get("caption") or "")),
        sender=_id(message.get("from")),
        reply_to=str(replied.get("message_id")) if isinstance(replied, Mapping) else None,
        notice=any(key in message for key in _NOTICES),
        machine=_is_machine(message),
        direct=_is_direct(message),
        replied_name=_name_of(replied),
        edited=str(message.get("message_id")) if "edited_message" in raw else None,
    )


def _id(person: object) -> str:
    return str(person.get("id")) if isinstance(person, Mapping) else ""


def _name_of(replied: object) -> str:
    sender = replied.get("from") if isinstance(replied, Mapping) else None
    return str(sender.get("username", "")) if isinstance(sender, Mapping) else ""


def _is_machine(message: Mapping[str, Any]) -> bool:
    """Whether a bot or a linked channel wrote; an anonymous admin is a person behind a mask."""
    sender = message.get("from")
    bot = isinstance(sender, Mapping) and sender.get("is_bot") is True
    return bool(message.get("is_automatic_forward")) or (bot and "sender_chat" not in message)


def _is_direct(message: Mapping[str, Any]) -> bool:
    chat = message.get("chat")
    return isinstance(chat, Mapping) and chat.get("type") == "private"


def concerns_us(raw: Mapping[str, Any], known: Known) -> bool:
    """Whether an update is to be stored at all; when unsure, yes.

    Everything a village writes that is neither addressed to us, nor a reply to a question we
    hold, nor a typed choice of somebody who was asked to choose, is none of our business.
    """
    seen = peek(raw)
    if seen is None or seen.press or seen.notice:
        return True
    if seen.machine:
        return False
    to_us = seen.reply_to is not None and f"@{seen.replied_name}" == known.mention
    perhaps_held = known.unsettled and (seen.reply_to or seen.edited) is not None
    held = known.replies_to_held or perhaps_held
    return seen.direct or known.desk or held or to_us or _calls(seen, known)


def _calls(seen: Peek, known: Known) -> bool:
    """Whether words that answer nothing of ours are meant for us all the same."""
    text, act = routing.named(seen.text, known.mention), routing.typed(seen.text)
    if routing.is_command(text):
        return True
    if known.is_hub:
        of_team = orders.of_team(text) is not None
        return routing.ticket_number(text) is not None or of_team or _appoints(seen)
    gesture = seen.reply_to is not None and act in (Act.HAND_UP, Act.URGENT)
    asked = known.has_open or known.unsettled
    own = routing.about_own(text) is not None
    choice = asked and (routing.number(text) is not None or act is not None or own)
    overheard = known.listening and seen.reply_to is None and asks(text)
    carries = (
        act is Act.FORWARDED
        or routing.lists_unforwarded(text)
        or routing.relayed(text) is not None
    )
    called = routing.addressed(text) or act is Act.URGENT or carries or _appoints(seen)
    return called or gesture or choice or overheard


def _appoints(seen: Peek) -> bool:
    return seen.reply_to is not None and routing.appoints(seen.text) is not None
