"""How is a promised message written as a row, and read back?"""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Row

from base.boxes import OutboxItem, OutboxState
from base.messages import (
    PRIORITY,
    Act,
    Button,
    ChatRef,
    Kind,
    Outgoing,
    Toast,
    ToHub,
    ToStranger,
    ToVillage,
)


def values_of(message: Outgoing, now: datetime) -> dict[str, object]:
    """The columns of a new row: what every message has, and what this one says."""
    said = _toast(message) if isinstance(message, Toast) else _words(message)
    return said | {
        "key": message.key,
        "kind": message.kind,
        "priority": int(PRIORITY[message.kind]),
        "state": OutboxState.PENDING,
        "promised_at": now,
        "not_before": _not_before(message) or now,
    }


def _toast(message: Toast) -> dict[str, object]:
    return _where(message.chat) | {
        "text": message.text,
        "buttons": [],
        "reply_to": None,
        "reply_slot": None,
        "slot": None,
        "press": message.press_id,
        "ticket": None,
        "by_clock": False,
    }


def _words(message: ToVillage | ToHub | ToStranger) -> dict[str, object]:
    words = message.words
    return _where(message.chat if isinstance(message, ToStranger) else message.chat.ref) | {
        "text": words.text,
        "buttons": [asdict(button) for button in words.buttons],
        "reply_to": words.reply_to,
        "reply_slot": words.reply_slot,
        "slot": words.slot,
        "press": None,
        "ticket": None if isinstance(message, ToStranger) else message.ticket,
        "by_clock": not isinstance(message, ToStranger) and message.by_clock,
    }


def _not_before(message: Outgoing) -> datetime | None:
    return message.not_before if isinstance(message, ToVillage | ToHub) else None


def in_chat(chat: ChatRef) -> dict[str, object]:
    """Return a chat as the parameters of a question."""
    return {"in_channel": chat.channel, "in_chat": chat.chat_id}


def _where(chat: ChatRef) -> dict[str, object]:
    return {"channel": chat.channel, "chat_id": chat.chat_id}


def item_of(row: Row[tuple[object, ...]]) -> OutboxItem:
    """Return the row as a value; its columns have the names of the fields."""
    values = dict(row._mapping)
    for column in ("channel", "chat_id", "priority"):
        del values[column]
    return OutboxItem(
        **values
        | {
            "kind": Kind(row.kind),
            "chat": ChatRef(channel=row.channel, chat_id=row.chat_id),
            "buttons": tuple(
                Button(**button | {"act": Act(button["act"])}) for button in row.buttons
            ),
            "state": OutboxState(row.state),
        }
    )
