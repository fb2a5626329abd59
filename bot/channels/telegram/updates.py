"""What does a raw update say? Bot API JSON → Incoming; decides nothing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram import (
    CallbackQuery,
    Chat,
    ChatMember,
    Message,
    MessageOriginHiddenUser,
    MessageOriginUser,
    Update,
    User,
)

from base.messages import (
    ChatRef,
    Incoming,
    Media,
    MediaKind,
    Notice,
    NoticeKind,
    PersonRef,
    Press,
    RepliedTo,
)
from base.text import clean

CHANNEL = "telegram"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # a press carries no time; nothing counts from it
KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates we ask for; everything else is counted, not kept."""


def kind(raw: Mapping[str, Any]) -> str:
    """Return the kind of an update: the key beside its id."""
    return next((key for key in raw if key != "update_id"), "")


def key(raw: Mapping[str, Any]) -> str:
    """Return what makes an update unique: ids start anew at random after a quiet week."""
    content = raw.get(kind(raw))
    about = content if isinstance(content, Mapping) else {}
    if kind(raw) == "callback_query":
        mark = about.get("id")
    else:
        mark = about.get("edit_date", about.get("date"))
    return f"{CHANNEL}:{raw.get('update_id')}:{mark}"


def chat_of(raw: Mapping[str, Any]) -> ChatRef | None:
    """Return the chat an update belongs to, read without parsing; None where it names none."""
    content = raw.get(kind(raw))
    if not isinstance(content, Mapping):
        return None
    message = content.get("message") if kind(raw) == "callback_query" else content
    chat = message.get("chat") if isinstance(message, Mapping) else None
    if not isinstance(chat, Mapping) or not isinstance(chat.get("id"), int):
        return None
    return ChatRef(channel=CHANNEL, chat_id=str(chat["id"]))


def parse(raw: Mapping[str, Any]) -> Incoming:
    """Translate a raw update.

    Raises:
        KeyError: a required field is missing.
        ValueError: it holds nothing we handle.
    """
    if isinstance(change := raw.get("my_chat_member"), Mapping):
        return _membership(raw, change)
    update = Update.de_json(dict(raw), None)
    if update.callback_query is not None:
        return _press(raw, update.callback_query)
    if update.message is not None:
        return _message(raw, update.message)
    if update.edited_message is not None:
        return replace(_message(raw, update.edited_message), edited=True)
    msg = f"an update of kind {kind(raw)} says nothing to us"
    raise ValueError(msg)


def _message(raw: Mapping[str, Any], message: Message) -> Incoming:
    sender, name = _sender(message)
    chat, to = _moved(message)
    return Incoming(
        key=key(raw),
        chat=chat,
        sender=sender,
        sender_name=name,
        message_id=str(message.message_id),
        text=_text(message),
        at=message.date,
        reply_to=_replied(message),
        media=_media(message),
        notice=_notice(message, to),
        direct=message.chat.type == Chat.PRIVATE,
        forwarded=_forwarded(message),
    )


def _notice(message: Message, to: ChatRef | None) -> Notice | None:
    """What the message tells about the chat itself: it goes on elsewhere, somebody has left."""
    if to is not None:
        return Notice(kind=NoticeKind.MOVED, to=to)
    if message.left_chat_member is None:
        return None
    return Notice(kind=NoticeKind.LEFT, person=_person(message.left_chat_member))


def _forwarded(message: Message) -> str:
    """Who wrote a forwarded message first, as far as Telegram says; empty for any other."""
    origin = message.forward_origin
    if isinstance(origin, MessageOriginUser):
        return _name(origin.sender_user)
    return clean(origin.sender_user_name) if isinstance(origin, MessageOriginHiddenUser) else ""


def _moved(message: Message) -> tuple[ChatRef, ChatRef | None]:
    """The chat, and where it goes on; both ids tell of it, and either word may come first."""
    old = message.migrate_from_chat_id or message.chat_id
    new = message.chat_id if message.migrate_from_chat_id else message.migrate_to_chat_id
    to = ChatRef(channel=CHANNEL, chat_id=str(new)) if new else None
    return ChatRef(channel=CHANNEL, chat_id=str(old)), to


def _press(raw: Mapping[str, Any], query: CallbackQuery) -> Incoming:
    message = query.message
    if message is None or query.data is None:
        msg = "a press without its message or its data"
        raise ValueError(msg)
    return Incoming(
        key=key(raw),
        chat=ChatRef(channel=CHANNEL, chat_id=str(message.chat.id)),
        sender=_person(query.from_user),
        sender_name=_name(query.from_user),
        message_id=str(message.message_id),
        text="",
        at=message.date if isinstance(message, Message) else EPOCH,
        press=Press(press_id=query.id, message_id=str(message.message_id), token=query.data),
        direct=message.chat.type == Chat.PRIVATE,
    )


def _membership(raw: Mapping[str, Any], change: Mapping[str, Any]) -> Incoming:
    """Read raw: what we may do in a chat now has many fields, and older servers know fewer."""
    chat, user = change["chat"], change["from"]
    there = change["new_chat_member"]["status"] not in (ChatMember.LEFT, ChatMember.BANNED)
    return Incoming(
        key=key(raw),
        chat=ChatRef(channel=CHANNEL, chat_id=str(chat["id"])),
        sender=PersonRef(channel=CHANNEL, id=str(user["id"])),
        sender_name=full_name(user),
        message_id="",
        text="",
        at=datetime.fromtimestamp(change["date"], UTC),
        notice=Notice(kind=NoticeKind.ADDED if there else NoticeKind.REMOVED),
        direct=chat.get("type") == Chat.PRIVATE,
    )


def _replied(message: Message) -> RepliedTo | None:
    """The message replied to; the opening of a forum topic is none."""
    replied = message.reply_to_message
    if replied is None or replied.forum_topic_created is not None:
        return None
    ours = replied.from_user is not None and replied.from_user.is_bot
    author, name = _sender(replied)
    return RepliedTo(
        message_id=str(replied.message_id),
        author=None if ours else author,
        author_name=name,
        text=_text(replied),
        media=_media(replied),
        forwarded=_forwarded(replied),
    )


def _sender(message: Message) -> tuple[PersonRef, str]:
    """Who wrote; a chat that writes as itself (anonymous admin, channel) is no person."""
    if message.sender_chat is not None:
        name = message.sender_chat.title or ""
        return PersonRef(channel=CHANNEL, scope="chat", id=str(message.sender_chat.id)), name
    if message.from_user is None:
        msg = "a message of nobody"
        raise ValueError(msg)
    return _person(message.from_user), _name(message.from_user)


def _person(user: User) -> PersonRef:
    return PersonRef(channel=CHANNEL, id=str(user.id))


def _name(user: User) -> str:
    return clean(user.full_name) or str(user.id)


def full_name(user: Mapping[str, Any]) -> str:
    """The name of a raw user as people see it; without one, the number."""
    names = (user.get("first_name"), user.get("last_name"))
    return clean(" ".join(str(name) for name in names if name)) or str(user["id"])


def _text(message: Message) -> str:
    return clean(message.text or message.caption or "")


def _media(message: Message) -> Media | None:
    """What the message carries beside text, with a link where Telegram has one."""
    found = next((kind for name, kind in _ATTACHMENTS.items() if getattr(message, name)), None)
    if found is None:
        return None
    timed = message.voice or message.audio or message.video or message.video_note
    length = timed.duration if timed else 0
    seconds = int(length.total_seconds()) if isinstance(length, timedelta) else length
    return Media(
        kind=found,
        seconds=seconds,
        name=clean(message.document.file_name or "") if message.document else "",
        link=message.link or "",
    )


_ATTACHMENTS: Mapping[str, MediaKind] = {
    "voice": MediaKind.VOICE,
    "audio": MediaKind.VOICE,
    "video": MediaKind.VIDEO,
    "video_note": MediaKind.VIDEO,
    "photo": MediaKind.PHOTO,
    "sticker": MediaKind.STICKER,
    "document": MediaKind.FILE,
    "location": MediaKind.LOCATION,
    "contact": MediaKind.CONTACT,
    "poll": MediaKind.POLL,
}
