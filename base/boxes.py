"""What lies in the inbox and the outbox: things arrived and unhandled, promised and unsent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from base.messages import Button, ChatRef, Kind


class InboxState(StrEnum):
    """Where an arrived thing stands."""

    WAITING = "waiting"  #: committed, not handled yet
    DONE = "done"  #: handled, in the transaction that wrote what followed from it
    PARKED = "parked"  #: failed three times; waits for a human


class OutboxState(StrEnum):
    """Where a promised message stands."""

    PENDING = "pending"  #: promised, its turn has not come
    SENDING = "sending"  #: handed to the channel, fate not known yet
    SENT = "sent"  #: accepted by the channel
    FAILED = "failed"  #: the channel will never take it, or tries ran out
    EXPIRED = "expired"  #: a reminder or toast whose moment has passed


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxItem:
    """One raw update as stored; `raw` is JSON text, None once its payload was dropped."""

    id: int
    key: str
    chat: ChatRef
    raw: str | None
    received_at: datetime
    tries: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class OutboxItem:
    """One promised message as stored.

    Attributes:
        press: the press to react to, for a toast.
        ambiguous: how often its fate was unknown; more than zero means it may be there twice.
        message_id: the channel's id once sent.
    """

    id: int
    key: str
    kind: Kind
    chat: ChatRef
    text: str
    buttons: tuple[Button, ...]
    reply_to: str | None
    reply_slot: str | None
    slot: str | None
    press: str | None
    ticket: int | None
    by_clock: bool
    state: OutboxState
    tries: int
    ambiguous: int
    promised_at: datetime
    not_before: datetime
    sent_at: datetime | None = None
    message_id: str | None = None
    error: str | None = None
