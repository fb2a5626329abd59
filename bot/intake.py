"""How do raw updates of an outside channel get into the inbox, and what stays out?

Looked at before anything is stored: what does not concern us leaves no row. Committed before
anything is confirmed to the channel.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from base.clock import Clock
from base.messages import ChatRef, PersonRef
from bot import gather, sieve
from bot.ports import Store, Unit


class Source(Protocol):
    """What intake has to know of a channel to look at an update without parsing it."""

    name: str
    mention: str

    def key(self, raw: Mapping[str, Any]) -> str:
        """Return what makes an update unique."""

    def kind(self, raw: Mapping[str, Any]) -> str:
        """Return the kind of an update."""

    def chat_of(self, raw: Mapping[str, Any]) -> ChatRef | None:
        """Return the chat it belongs to, None where it names none."""

    def handles(self, kind: str) -> bool:
        """Whether we handle updates of this kind at all."""


class Intake:
    """Takes raw updates of one channel; `ignored` counts what was left out, by kind."""

    def __init__(self, store: Store, source: Source, clock: Clock) -> None:
        self._store = store
        self._source = source
        self._clock = clock
        self.ignored: Counter[str] = Counter()

    async def take(self, raws: Sequence[Mapping[str, Any]]) -> int:
        """Commit what concerns us; return how many were new.

        Raises:
            StorageTrouble: nothing was kept, nothing may be confirmed.
        """
        known = [raw for raw in raws if self._handled(raw)]
        if not known:
            return 0
        ours = await self._store.read(lambda unit: self._sift(unit, known))
        self.ignored["chatter"] += len(known) - len(ours)
        if not ours:
            return 0
        now = self._clock.now()
        return await self._store.write(lambda unit: self._put(unit, ours, now))

    def _handled(self, raw: Mapping[str, Any]) -> bool:
        kind = self._source.kind(raw)
        if self._source.handles(kind):
            return True
        self.ignored[kind or "unknown"] += 1
        return False

    def _sift(self, unit: Unit, raws: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
        """Keep what concerns us; what came before in the same batch waits as well."""
        ours: list[Mapping[str, Any]] = []
        waiting: set[ChatRef] = set()
        for raw in raws:
            chat = self._source.chat_of(raw)
            if self._ours(unit, raw, waiting):
                ours.append(raw)
                if chat is not None:
                    waiting.add(chat)
        return ours

    def _ours(self, unit: Unit, raw: Mapping[str, Any], waiting: Set[ChatRef]) -> bool:
        seen, chat = sieve.peek(raw), self._source.chat_of(raw)
        if seen is None or chat is None:
            return True
        sender = PersonRef(channel=self._source.name, id=seen.sender)
        mention = self._source.mention
        known = gather.known(unit, chat, sender, seen.edited or seen.reply_to, mention)
        if chat in waiting:
            known = replace(known, unsettled=True)
        return sieve.concerns_us(raw, known)

    def _put(self, unit: Unit, raws: Sequence[Mapping[str, Any]], now: datetime) -> int:
        """Store updates in the order they came; one without a chat waits in a lane of its own."""
        new = 0
        for raw in raws:
            key = self._source.key(raw)
            chat = self._source.chat_of(raw) or ChatRef(channel=self._source.name, chat_id=key)
            new += unit.inbox.put(key, chat, json.dumps(raw), now)
        return new
