"""Which alarms are due, and what follows? The same decide and apply as for a message."""

import asyncio
import logging
from datetime import datetime, timedelta
from functools import partial

from base.errors import NotFound, Temporary
from base.wording import Wording
from bot import applying, dossiers
from bot.ports import Store, Unit
from escalation.model import Timer

logger = logging.getLogger(__name__)
BATCH = 200
TROUBLE_PAUSE = timedelta(seconds=5)


class Timekeeper:
    """Rings the alarms of tickets, each in one transaction with what follows from it."""

    def __init__(self, store: Store, words: Wording) -> None:
        self._store = store
        self._words = words

    async def step(self, now: datetime) -> datetime | None:
        """Ring everything due; return when the next alarm wants attention."""
        due = await self._store.read(lambda unit: unit.timers.due(now, BATCH))
        rung = await asyncio.gather(*(self._ring(timer, now) for timer in due))
        if due:
            return now if any(rung) else now + TROUBLE_PAUSE
        return await self._store.read(lambda unit: unit.timers.next_due())

    async def _ring(self, timer: Timer, now: datetime) -> bool:
        """Ring one alarm; False when the database could not take it now."""
        try:
            work = partial(self._unit, timer=timer, now=now)
            await self._store.write(work, lane=f"ticket:{timer.ticket}")
        except Temporary:
            logger.warning("database busy, alarm waits", extra={"ticket": timer.ticket})
            return False
        except Exception as error:  # one bad alarm must not stop the others
            logger.exception("alarm failed", extra={"ticket": timer.ticket})
            why = type(error).__name__
            await self._store.write(lambda unit: unit.timers.failed(timer, why, now))
        return True

    def _unit(self, unit: Unit, *, timer: Timer, now: datetime) -> None:
        file = dossiers.dossier(unit, timer.ticket)
        if file is None:
            msg = f"ticket {timer.ticket}"
            raise NotFound(msg)
        applying.ring(unit, timer, file, self._words, now)
