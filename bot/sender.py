"""How do promised messages reach their channel? Pace, retry, give up, expire; count the unknown.

pending → sending → sent | failed | expired. A row is marked `sending` in a transaction of its own
before the channel is called, and `sent` in the transaction that decides what follows from it
(fates.py). A slow answer holds up its own chat only. Source: docs/adr/0002.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from base.boxes import OutboxItem
from base.clock import Clock
from base.errors import Ambiguous, ChatMoved, MessageGone, Permanent, RateLimited, Temporary
from base.wording import Wording
from bot import fates, tokens
from bot.channels.base import Channel, Labelled, Post
from bot.fates import Follow, Ready
from bot.pacing import Pace
from bot.ports import Store

logger = logging.getLogger(__name__)
MAX_TRIES = 20  # almost two hours; being told to wait does not end it
FIRST_BACKOFF = timedelta(seconds=2)
LONGEST_BACKOFF = timedelta(minutes=10)
PATIENCE = 0.2  # seconds a step waits for its sends before it lets the other loops go on
LOOK_AGAIN = timedelta(milliseconds=200)


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
        self._pace = Pace()
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._stumbled = True  # rows may be marked `sending` that nobody is sending

    async def step(self, now: datetime) -> datetime | None:
        """Send what may be sent now; return when there is more to do."""
        if self._stumbled:
            await self._recover()
        heads = await self._store.read(lambda unit: unit.outbox.heads())
        free = {item.id: self._free_at(item, now) for item in heads}
        ready = [item for item in heads if free[item.id] <= now]
        if ready:
            await self._start(ready, now)
        ended = await self._wait()
        if self._under_way:
            return now + LOOK_AGAIN
        return now if ready or ended else min(free.values(), default=None)

    async def finish(self, patience: float) -> None:
        """At the end: let sends under way end, at most for so many seconds."""
        if self._under_way:
            await asyncio.wait(self._under_way.values(), timeout=patience)

    async def _recover(self) -> None:
        """What was being sent when we stopped or stumbled has an unknown fate."""
        for item in await self._store.read(lambda unit: unit.outbox.in_flight()):
            if item.id not in self._under_way:
                await self._write(fates.unknown, item=item)
        self._stumbled = False

    def _free_at(self, item: OutboxItem, now: datetime) -> datetime:
        """When this row may be sent: its own time, or when its budgets allow it."""
        channel = self._channels.get(item.chat.channel)
        if channel is None or item.press is not None:
            return item.not_before
        return max(item.not_before, self._pace.free_at(item.chat, channel.capabilities, now))

    async def _start(self, ready: list[OutboxItem], now: datetime) -> None:
        """Mark rows as being sent and begin to send them, as far as the budgets reach."""
        allowed = []
        for item in ready:
            if self._free_at(item, now) <= now:
                allowed.append(item)
                if item.press is None:
                    self._pace.spend(item.chat, now)
        self._stumbled = True  # until every one of them has a task
        for one in await self._store.write(partial(fates.mark, items=allowed, now=now)):
            self._under_way[one.item.id] = asyncio.create_task(self._send(one))
        self._stumbled = False

    async def _wait(self) -> int:
        """Wait a little for the sends under way; forget those that ended and count them.

        Raises:
            Temporary: one of them could not record what became of it.
        """
        if not self._under_way:
            return 0
        await asyncio.wait(self._under_way.values(), timeout=PATIENCE)
        ended = [number for number, task in self._under_way.items() if task.done()]
        troubles = [self._under_way.pop(number).exception() for number in ended]
        for trouble in filter(None, troubles):
            self._stumbled = True
            raise trouble
        return len(ended)

    async def _send(self, ready: Ready) -> None:
        """Hand one message to its channel and record what became of it."""
        item = ready.item
        try:
            message_id = await self._hand_over(ready)
        except RateLimited as limited:  # the whole chat waits, whatever is more urgent
            until = self._clock.now() + limited.wait
            self._pace.halt(item.chat, until, self._clock.now())
            await self._store.write(lambda unit: unit.outbox.retry(item.id, until, "rate limited"))
        except Temporary as error:
            await self._later(item, _backoff(item.tries), str(error))
        except ChatMoved as moved:
            await self._write(fates.moved, item=item, chat_id=moved.chat_id)
        except Permanent as error:
            await self._write(fates.failed, item=item, why=str(error))
        except Exception as error:  # Ambiguous, or a bug of an adapter: perhaps it was accepted
            if not isinstance(error, Ambiguous):
                logger.exception("adapter failed", extra={"outbox": item.id})
            await self._write(fates.unknown, item=item)
        else:
            await self._write(fates.sent, item=item, message_id=message_id)

    async def _write(
        self, work: Callable[..., None], *, item: OutboxItem, **values: object
    ) -> None:
        """Write one of the fates; where what follows cannot be decided, record the fact."""
        now = self._clock.now()
        unit = partial(work, item=item, words=self._words, now=now, **values)
        for follow in (Follow.OVERDUE, Follow.DECIDED):
            try:
                await self._store.write(partial(unit, follow=follow))
            except Temporary:
                raise
            except Exception:  # one broken ticket must not hold up everybody's messages
                logger.exception("delivery not followed up", extra={"outbox": item.id})
            else:
                return
        await self._store.write(partial(unit, follow=Follow.NOTHING))

    async def _hand_over(self, ready: Ready) -> str | None:
        """Call the channel; an edit whose message is gone is said anew."""
        item = ready.item
        channel = self._channels.get(item.chat.channel)
        if channel is None:
            msg = f"no channel {item.chat.channel}"
            raise Permanent(msg)
        if item.press is not None:
            await channel.react(item.press, item.text)
            return None
        if ready.target is not None and channel.capabilities.edits:
            try:
                await channel.edit(ready.target, self._post(ready, channel, anew=False))
            except MessageGone:
                logger.info("message gone, said anew", extra={"outbox": item.id})
            else:
                return ready.target
        return await channel.post(self._post(ready, channel, anew=True))

    def _post(self, ready: Ready, channel: Channel, *, anew: bool) -> Post:
        item = ready.item
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
            await self._write(fates.failed, item=item, why=why)
            return
        at = self._clock.now() + wait
        await self._store.write(lambda unit: unit.outbox.retry(item.id, at, why))


def _backoff(tries: int) -> timedelta:
    """How long to wait after this many tries: 2 s, 4 s, 8 s … at most ten minutes."""
    return min(FIRST_BACKOFF * (1 << max(tries - 1, 0)), LONGEST_BACKOFF)
