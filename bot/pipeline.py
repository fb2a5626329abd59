"""THE MAIN FLOW. Start reading here: take → match → gather → decide → apply, one transaction."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from base.boxes import InboxItem
from base.errors import Permanent, Temporary
from base.messages import Incoming
from bot import gather, gather_faq, routing
from bot.applying import apply, catch_up
from bot.channels.base import Admin, Channel
from bot.conversation import decide
from bot.gather import House
from bot.ports import Store, Unit
from bot.shelf import Shelf
from escalation import snippet
from knowledge.calibrate import asks
from knowledge.index import Index
from knowledge.matching import match
from knowledge.model import FaqEntry, Mode, Verdict

logger = logging.getLogger(__name__)
TROUBLE_PAUSE = timedelta(seconds=5)


class Pipeline:
    """Handles what has arrived: chats in parallel, the things of one chat in order."""

    def __init__(
        self, store: Store, channels: Mapping[str, Channel], shelf: Shelf, house: House
    ) -> None:
        self._store = store
        self._channels = channels
        self._shelf = shelf
        self._house = house

    async def step(self, now: datetime) -> datetime | None:
        """Handle the oldest item of every chat; return when there is more to do."""
        heads, held = await self._store.read(lambda unit: unit.inbox.heads(now))
        handled = await asyncio.gather(*(self._handle(item, now) for item in heads))
        if not heads:
            return held
        return now if any(handled) else now + TROUBLE_PAUSE

    async def _handle(self, item: InboxItem, now: datetime) -> bool:
        """Handle one item; False when the database could not take it now."""
        try:
            incoming = self._channels[item.chat.channel].parse(json.loads(item.raw or ""))
            faq = self._shelf.faq
            read = Read(
                incoming=incoming,
                verdict=await self._verdict(faq.index, incoming),
                entries=faq.entries,
                admins=await self._admins(incoming),
            )
            await self._write(partial(self._unit, item=item, read=read, now=now), item)
        except Temporary:
            logger.warning("database busy, item waits", extra={"item": item.id})
            return False
        except Exception as error:  # one bad item must block its own chat only
            logger.exception("inbox item failed", extra={"item": item.id})
            why = type(error).__name__
            await self._store.write(lambda unit: unit.inbox.failed(item, why, now))
        return True

    async def _verdict(self, index: Index, incoming: Incoming) -> Verdict | None:
        """Ask the FAQ: what is said here, or what is to be taken into it (收进知识库)."""
        if not gather_faq.collects(incoming):
            return _match(index, incoming)
        asked = await self._store.read(lambda unit: gather_faq.question(unit, incoming))
        return match(index, asked) if asked is not None else None

    async def _write(self, work: Callable[..., None], item: InboxItem) -> None:
        """Run the unit of one item; an alarm that cannot ring must not hold up what people say."""
        try:
            await self._store.write(partial(work, overdue=True), lane=item.chat.lane)
        except Temporary:
            raise
        except Exception:
            logger.exception("inbox item tried without alarms", extra={"item": item.id})
            await self._store.write(partial(work, overdue=False), lane=item.chat.lane)

    async def _admins(self, incoming: Incoming) -> Sequence[Admin]:
        """Ask the channel who administers the chat, before the transaction; only for /bind."""
        asked = routing.command(incoming.text)
        if asked is None or asked[0] != "bind":
            return ()
        try:
            return await self._channels[incoming.chat.channel].admins(incoming.chat)
        except Permanent:
            return ()

    def _unit(
        self, unit: Unit, *, item: InboxItem, read: "Read", now: datetime, overdue: bool
    ) -> None:
        """Handle one item in one transaction, overdue alarms first. Sends nothing."""
        if unit.inbox.waiting(item.id) is None:
            return
        gathered = partial(
            gather.facts,
            unit,
            replace(self._house, entries=read.entries),
            read.incoming,
            verdict=read.verdict,
            admins=read.admins,
            now=now,
        )
        facts = gathered()
        if overdue and catch_up(unit, facts.dossier, self._house.words, now):
            facts = gathered()
        decision = decide(facts, now)
        apply(unit, decision, now)
        unit.inbox.done(item.id, now, keep=decision.ours)


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """What was read and asked about one item before its transaction."""

    incoming: Incoming
    verdict: Verdict | None
    entries: Mapping[str, FaqEntry]  # served when the verdict was reached
    admins: Sequence[Admin]


def _match(index: Index, incoming: Incoming) -> Verdict | None:
    """Ask the FAQ before the transaction; None where nobody asks anything."""
    if incoming.press is not None:
        return None
    if (relayed := routing.relayed(incoming.text)) is not None:
        return match(index, snippet.named(relayed).text)
    if incoming.reply_to is not None and routing.passes_on(incoming.text):
        return match(index, incoming.reply_to.text)
    if routing.addressed(incoming.text):
        return match(index, routing.without_call(incoming.text))
    if incoming.reply_to is not None or not asks(incoming.text):
        return None
    return match(index, incoming.text, Mode.LISTENING)
