"""How do promised messages reach their channel? Pace, retry, give up, expire; count the unknown.

pending → sending → sent | failed | expired. A row is marked `sending` in a transaction of its own
before the channel is called, and `sent` in the transaction that decides what follows from it.
Source: docs/adr/0002.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from base.boxes import OutboxItem, OutboxState
from base.clock import Clock
from base.errors import Ambiguous, Permanent, RateLimited, Temporary
from base.messages import Kind
from base.wording import Wording
from bot import alarms, gather, tokens
from bot.channels.base import Channel, Labelled, Post
from bot.facts import Decision, Dossier
from bot.pipeline import apply
from bot.ports import Store, Unit
from escalation.model import LinkRole, RelayLink

logger = logging.getLogger(__name__)
MAX_TRIES = 8
MAX_UNKNOWN = 2  # a message of unknown fate is repeated once
FIRST_BACKOFF = timedelta(seconds=2)
LONGEST_BACKOFF = timedelta(hours=1)
Fate = Callable[[OutboxItem, Dossier, Wording, datetime], Decision]
FRESH_FOR = {Kind.TOAST: timedelta(minutes=1), Kind.REMINDER: timedelta(hours=6)}
"""After this long a message of its kind says nothing any more, and expires."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ready:
    """A row marked as being sent; `target` is the message to edit, None for a new one."""

    item: OutboxItem
    target: str | None
    reply_to: str | None


class Sender:
    """Sends the oldest promised message of every chat, chats in parallel."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        clock: Clock,
        *,
        words: Wording,
        secret: bytes,
    ) -> None:
        self._store = store
        self._channels = channels
        self._clock = clock
        self._words = words
        self._secret = secret
        self._free_at: dict[str, datetime] = {}
        self._stumbled = True  # rows may be marked `sending` that nobody is sending

    async def _recover(self) -> None:
        """What was being sent when we stopped or stumbled has an unknown fate."""
        for item in await self._store.read(lambda unit: unit.outbox.in_flight()):
            await self._write(_unknown, item=item)
        self._stumbled = False

    async def step(self, now: datetime) -> datetime | None:
        """Send what may be sent now; return when there is more to do."""
        if self._stumbled:
            await self._recover()
        heads = await self._store.read(lambda unit: unit.outbox.heads())
        ready = [item for item in heads if self._at(item) <= now]
        if not ready:
            return min((self._at(item) for item in heads), default=None)
        self._stumbled = True
        marked = await self._store.write(partial(_mark, items=ready, now=now))
        ends = await asyncio.gather(*map(self._send, marked), return_exceptions=True)
        for trouble in filter(None, ends):  # only now: nothing of this step is under way any more
            raise trouble
        self._stumbled = False
        self._free_at = {lane: at for lane, at in self._free_at.items() if at > now}
        return now

    def _at(self, item: OutboxItem) -> datetime:
        """When this row may be sent: its own time, or when its chat is free again."""
        return max(item.not_before, self._free_at.get(item.chat.lane, item.not_before))

    async def _send(self, ready: Ready) -> None:
        """Hand one message to its channel and record what became of it."""
        item = ready.item
        try:
            message_id = await self._hand_over(ready)
        except RateLimited as limited:  # the whole chat waits, whatever is more urgent
            self._free_at[item.chat.lane] = self._clock.now() + limited.wait
            await self._later(item, limited.wait, "rate limited")
        except Temporary as error:
            await self._later(item, _backoff(item.tries), str(error))
        except Permanent as error:
            await self._write(_failed, item=item, why=str(error))
        except Exception as error:  # Ambiguous, or a bug of an adapter: perhaps it was accepted
            if not isinstance(error, Ambiguous):
                logger.exception("adapter failed", extra={"outbox": item.id})
            await self._write(_unknown, item=item)
        else:
            await self._write(_sent, item=item, message_id=message_id)

    async def _write(
        self, work: Callable[..., None], *, item: OutboxItem, **values: object
    ) -> None:
        """Run one of the units below; where what follows cannot be decided, record the fact."""
        now = self._clock.now()
        unit = partial(work, item=item, words=self._words, now=now, **values)
        try:
            await self._store.write(partial(unit, follow=True))
        except Temporary:
            raise
        except Exception:  # one broken ticket must not hold up everybody's messages
            logger.exception("delivery not followed up", extra={"outbox": item.id})
            await self._store.write(partial(unit, follow=False))

    async def _hand_over(self, ready: Ready) -> str | None:
        item = ready.item
        channel = self._channels.get(item.chat.channel)
        if channel is None:
            msg = f"no channel {item.chat.channel}"
            raise Permanent(msg)
        pause = timedelta(milliseconds=channel.capabilities.chat_pause_ms)
        self._free_at[item.chat.lane] = self._clock.now() + pause
        if item.press is not None:
            await channel.react(item.press, item.text)
            return None
        post = self._post(ready, channel)
        if ready.target is not None and channel.capabilities.edits:
            await channel.edit(ready.target, post)
            return ready.target
        return await channel.post(post)

    def _post(self, ready: Ready, channel: Channel) -> Post:
        item = ready.item
        anew = ready.target is None or not channel.capabilities.edits
        repeated = item.ambiguous and anew and not channel.capabilities.idempotent
        text = item.text + (self._words("sender.repeated") if repeated else "")
        return Post(
            key=item.key,
            chat=item.chat,
            text=text,
            buttons=tuple(
                Labelled(label=button.label, token=tokens.sign(self._secret, item.chat, button))
                for button in item.buttons
            ),
            reply_to=ready.reply_to,
        )

    async def _later(self, item: OutboxItem, wait: timedelta, why: str) -> None:
        """Try again later, or give up after the last try."""
        if item.tries >= MAX_TRIES:
            await self._write(_failed, item=item, why=why)
            return
        at = self._clock.now() + wait
        await self._store.write(lambda unit: unit.outbox.retry(item.id, at, why))


def _mark(unit: Unit, *, items: list[OutboxItem], now: datetime) -> list[Ready]:
    """Mark rows as being sent; what says nothing any more expires instead."""
    fresh = []
    for item in items:
        if now - item.promised_at > FRESH_FOR.get(item.kind, timedelta.max):
            unit.outbox.end(item.id, OutboxState.EXPIRED, "too old to say")
        else:
            fresh.append(item)
    if fresh:
        unit.outbox.sending([item.id for item in fresh])
    return [
        Ready(
            item=unit.outbox.get(item.id),
            target=unit.outbox.slot_message(item.slot) if item.slot else None,
            reply_to=unit.outbox.slot_message(item.reply_slot)
            if item.reply_slot
            else item.reply_to,
        )
        for item in fresh
    ]


def _sent(
    unit: Unit,
    *,
    item: OutboxItem,
    message_id: str | None,
    words: Wording,
    now: datetime,
    follow: bool,
) -> None:
    """Record that the channel accepted it, and what follows from that."""
    unit.outbox.sent(item.id, message_id, now)
    if item.ticket is None or message_id is None:
        return
    role = LinkRole.CARD if item.kind is Kind.CARD else LinkRole.OURS
    unit.tickets.link(
        RelayLink(chat=item.chat, message_id=message_id, ticket=item.ticket, role=role)
    )
    if follow:
        _follow(unit, alarms.delivered, item, words, now)


def _failed(
    unit: Unit, *, item: OutboxItem, why: str, words: Wording, now: datetime, follow: bool
) -> None:
    """Give up on a row; when it was a person's answer, the hub is told."""
    unit.outbox.end(item.id, OutboxState.FAILED, why)
    if follow:
        _follow(unit, alarms.undelivered, item, words, now)


def _follow(unit: Unit, decide: Fate, item: OutboxItem, words: Wording, now: datetime) -> None:
    """Decide and write what follows from the fate of a person's answer."""
    if item.kind is not Kind.ANSWER or item.ticket is None:
        return
    file = gather.dossier(unit, item.ticket)
    if file is not None:
        apply(unit, decide(unit.outbox.get(item.id), file, words, now), now)


def _unknown(unit: Unit, *, item: OutboxItem, words: Wording, now: datetime, follow: bool) -> None:
    """Of unknown fate: what must not be lost is sent once more, marked; a reminder is dropped."""
    unit.outbox.count_unknown(item.id)
    if item.kind in FRESH_FOR:
        unit.outbox.end(item.id, OutboxState.EXPIRED, "fate unknown")
    elif item.ambiguous + 1 < MAX_UNKNOWN:
        unit.outbox.retry(item.id, now, "fate unknown")
    else:
        _failed(unit, item=item, why="fate unknown", words=words, now=now, follow=follow)


def _backoff(tries: int) -> timedelta:
    """How long to wait after this many tries: 2 s, 4 s, 8 s … at most an hour."""
    return min(FIRST_BACKOFF * (1 << max(tries - 1, 0)), LONGEST_BACKOFF)
