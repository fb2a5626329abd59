"""How does a change of the FAQ reach the running service? Looks every second, swaps at once."""

import asyncio
import logging
from datetime import date, datetime, timedelta
from functools import lru_cache

from base.clock import Clock
from bot.shelf import ServedFaq, Shelf, changed, served
from escalation.calendar import BEIJING
from knowledge.model import FaqEntry
from storage.shipped_faq import load_entries
from storage.shipped_lexicon import load_lexicon
from storage.store import Store
from storage.unit import Unit
from wenha.faq_import import SHIPPED

logger = logging.getLogger(__name__)
LOOK_EVERY = timedelta(seconds=1)


class FaqKeeper:
    """Keeps the shelf equal to the database, and to the day in Beijing."""

    def __init__(self, store: Store, shelf: Shelf, newest: int, day: date) -> None:
        self._store = store
        self._shelf = shelf
        self._newest = newest
        self._day = day

    async def step(self, now: datetime) -> datetime:
        """Serve what the database says now; return when to look again."""
        newest, day = await self._store.read(lambda unit: unit.faq.newest_served()), _day(now)
        if (newest, day) != (self._newest, self._day):
            entries = await self._store.read(lambda unit: unit.faq.served())
            self._shelf.faq = await asyncio.to_thread(changed, self._shelf.faq, entries, day)
            self._newest, self._day = newest, day
            logger.info("faq changed", extra={"entries": len(self._shelf.faq.entries)})
        return now + LOOK_EVERY


async def open_shelf(store: Store, clock: Clock) -> tuple[Shelf, FaqKeeper]:
    """Return the shelf with what the database serves today, and its keeper.

    A database without entries gets the shipped ones first.
    """
    now = clock.now()
    entries, newest = await store.write(lambda unit: _first(unit, now))
    shelf = Shelf(await asyncio.to_thread(_served, entries, _day(now)))
    return shelf, FaqKeeper(store, shelf, newest, _day(now))


@lru_cache(maxsize=1)
def _served(entries: tuple[FaqEntry, ...], day: date) -> ServedFaq:
    """Return what is served on `day`; a service opened again in this process finds it ready."""
    return served(entries, day, load_lexicon())


def _first(unit: Unit, now: datetime) -> tuple[tuple[FaqEntry, ...], int]:
    if unit.faq.newest() == 0:
        unit.faq.put(load_entries(), now, SHIPPED)
    return unit.faq.served(), unit.faq.newest_served()


def _day(now: datetime) -> date:
    return now.astimezone(BEIJING).date()
