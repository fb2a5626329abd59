"""What is written when a message is handed over, accepted, refused, or of unknown fate?

Each function is one unit of work. Where what follows cannot be decided, `follow` asks for less,
down to the bare fact (a broken ticket must not hold up everybody's messages).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from base.boxes import OutboxItem, OutboxState
from base.messages import ChatRef, Kind
from base.wording import Wording
from bot import alarms, dossiers, parts
from bot.applying import apply, catch_up
from bot.facts import Decision, Dossier
from bot.ports import Unit
from escalation.changes import Move
from escalation.model import LinkRole, RelayLink


class Follow(IntEnum):
    """How much is to be done about a fate."""

    NOTHING = 0  #: the bare fact
    DECIDED = 1  #: and what follows from it
    OVERDUE = 2  #: and before that, what is overdue for the ticket


MAX_UNKNOWN = 2  # a message of unknown fate is repeated once
FRESH_FOR = {Kind.TOAST: timedelta(minutes=1), Kind.REMINDER: timedelta(hours=6)}
"""After this long a message of its kind says nothing any more, and expires."""
Fate = Callable[[OutboxItem, Dossier, Wording, datetime], Decision]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ready:
    """A row marked as being sent; `target` is the message to edit, None for a new one."""

    item: OutboxItem
    target: str | None
    reply_to: str | None


def mark(unit: Unit, *, items: list[OutboxItem], now: datetime) -> list[Ready]:
    """Mark rows as being sent; what says nothing any more expires instead."""
    fresh = []
    for item in items:
        if now - max(item.promised_at, item.not_before) > FRESH_FOR.get(item.kind, timedelta.max):
            unit.outbox.end(item.id, OutboxState.EXPIRED, "too old to say")
        else:
            fresh.append(item)
    if fresh:
        unit.outbox.sending([item.id for item in fresh])
    return [
        Ready(
            item=unit.outbox.get(item.id),
            target=unit.outbox.slot_message(item.slot, item.chat) if item.slot else None,
            reply_to=unit.outbox.slot_message(item.reply_slot, item.chat)
            if item.reply_slot
            else item.reply_to,
        )
        for item in fresh
    ]


def sent(
    unit: Unit,
    *,
    item: OutboxItem,
    message_id: str | None,
    words: Wording,
    now: datetime,
    follow: Follow,
) -> None:
    """Record that the channel accepted it, and what follows from that."""
    unit.outbox.sent(item.id, message_id, now)
    if item.ticket is None or message_id is None:
        return
    role = LinkRole.CARD if item.kind is Kind.CARD else LinkRole.OURS
    unit.tickets.link(
        RelayLink(chat=item.chat, message_id=message_id, ticket=item.ticket, role=role)
    )
    if follow and item.kind is Kind.ANSWER:
        _follow(unit, alarms.delivered, item, words, now, overdue=follow is Follow.OVERDUE)


def failed(
    unit: Unit, *, item: OutboxItem, why: str, words: Wording, now: datetime, follow: Follow
) -> None:
    """Give up on a row; when it was a person's answer, the hub is told.

    An answer without its beginning may say the opposite: what follows a lost part is not sent.
    """
    unit.outbox.end(item.id, OutboxState.FAILED, why)
    if item.kind is Kind.PART:
        for later in unit.outbox.waiting_of(parts.whole(item.key)):
            unit.outbox.end(later.id, OutboxState.FAILED, why)
    if follow:
        _follow(unit, alarms.undelivered, item, words, now, overdue=follow is Follow.OVERDUE)


def _follow(
    unit: Unit, decide: Fate, item: OutboxItem, words: Wording, now: datetime, *, overdue: bool
) -> None:
    """Decide and write what follows from the fate of a person's answer."""
    if item.kind not in (Kind.ANSWER, Kind.PART, Kind.COPY) or item.ticket is None:
        return
    file = dossiers.dossier(unit, item.ticket)
    if overdue and catch_up(unit, file, words, now):
        file = dossiers.dossier(unit, item.ticket)
    if file is not None:
        apply(unit, decide(unit.outbox.get(item.id), file, words, now), now)


def unknown(
    unit: Unit, *, item: OutboxItem, words: Wording, now: datetime, follow: Follow
) -> None:
    """Of unknown fate: what must not be lost is sent once more, marked; a reminder is dropped."""
    unit.outbox.count_unknown(item.id)
    if item.kind in FRESH_FOR:
        unit.outbox.end(item.id, OutboxState.EXPIRED, "fate unknown")
    elif item.ambiguous + 1 < MAX_UNKNOWN:
        unit.outbox.retry(item.id, now, "fate unknown")
    else:
        failed(unit, item=item, why="why.unknown", words=words, now=now, follow=follow)


def moved(
    unit: Unit, *, item: OutboxItem, chat_id: str, words: Wording, now: datetime, follow: Follow
) -> None:
    """The chat goes on under another id: everything of it does, and the row is sent there."""
    new = ChatRef(channel=item.chat.channel, chat_id=chat_id)
    unit.outbox.retry(item.id, now, "chat moved")
    unit.people.change(Move(old=item.chat, new=new), now)
    unit.outbox.move(item.chat, new)
