"""When does each step run? The only sleeper: calls pipeline, timekeeper and sender in turn.

APScheduler is the metronome: one date job at the earliest wish, a sweep every 15 s and at start.
The truth about time is in rows; a metronome that fails delays, it does not lose (docs/adr/0005).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import perf_counter

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from base.clock import Clock, MovableClock

logger = logging.getLogger(__name__)
Step = Callable[[datetime], Awaitable[datetime | None]]
SWEEP = timedelta(seconds=15)
AFTER_FAILURE = timedelta(seconds=5)
LEAST_WAIT = timedelta(milliseconds=5)


@dataclass(slots=True)
class Turns:
    """How one step has fared since the start; `seconds` is what all its calls took."""

    calls: int = 0
    failures: int = 0
    seconds: float = 0.0


def _name(step: Step) -> str:
    """Which loop a step belongs to: `pipeline` for `Pipeline.step`."""
    return str(getattr(step, "__qualname__", "step")).rsplit(".", maxsplit=2)[-2:][0].lower()


class Runtime:
    """Runs the steps one after another until none wants to be called now."""

    def __init__(self, clock: Clock, steps: Sequence[Step]) -> None:
        self.clock = clock
        self._steps = steps
        self._turn = asyncio.Lock()
        self._nudge = asyncio.Event()
        self.turns: dict[str, Turns] = {}
        self.turned_at = clock.now()

    async def settle(self, stop: asyncio.Event | None = None) -> datetime | None:
        """Let everything that is due now happen; return when the earliest step wants to run.

        Told to stop, it leaves what is still due for the next start.
        """
        async with self._turn:
            while True:
                wishes = [await self._call(step) for step in self._steps]
                earliest = min((wish for wish in wishes if wish is not None), default=None)
                self.turned_at = self.clock.now()
                stopping = stop is not None and stop.is_set()
                if earliest is None or earliest > self.turned_at or stopping:
                    return earliest

    async def _call(self, step: Step) -> datetime | None:
        now, began = self.clock.now(), perf_counter()
        turns = self.turns.setdefault(_name(step), Turns())
        try:
            return await step(now)
        except Exception:  # a loop never dies: the step is called again later
            turns.failures += 1
            logger.exception("step failed", extra={"step": _name(step)})
            return now + AFTER_FAILURE
        finally:
            turns.calls += 1
            turns.seconds += perf_counter() - began

    async def travel(self, to: datetime, clock: MovableClock) -> None:
        """Move a clock that can be moved to `to`, stopping wherever something is due."""
        wish = await self.settle()
        while wish is not None and wish <= to:
            clock.move_to(wish)
            wish = await self.settle()
        clock.move_to(to)
        await self.settle()

    def nudge(self) -> None:
        """Something was committed from outside the loops: do not wait for the metronome."""
        self._nudge.set()

    async def receive(self, step: Step) -> None:
        """Keep calling a step that waits for the outside itself, such as a long poll."""
        while True:
            wish = await self._call(step)
            self.nudge()
            wait = (wish - self.clock.now()).total_seconds() if wish else 0
            await asyncio.sleep(max(wait, 0))

    async def run(self, stop: asyncio.Event, receivers: Sequence[Step] = ()) -> None:
        """Keep settling until `stop`; a step that has begun is finished."""
        waiting = [asyncio.create_task(self.receive(step)) for step in receivers]
        metronome = AsyncIOScheduler(timezone=UTC)
        metronome.add_job(self.nudge, "interval", seconds=SWEEP.total_seconds(), id="sweep")
        metronome.start()
        stopping = asyncio.ensure_future(stop.wait())
        try:
            while not stop.is_set():
                self._nudge.clear()
                self._call_again(metronome, await self.settle(stop))
                nudged = asyncio.ensure_future(self._nudge.wait())
                await asyncio.wait({nudged, stopping}, return_when=asyncio.FIRST_COMPLETED)
                nudged.cancel()
        finally:
            stopping.cancel()
            for task in waiting:  # nothing is lost: what was not committed was not confirmed
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            metronome.shutdown(wait=False)

    def _call_again(self, metronome: AsyncIOScheduler, wish: datetime | None) -> None:
        """Set the one date job to the moment the earliest step wants to run."""
        if wish is None:
            return
        wait = max(wish - self.clock.now(), LEAST_WAIT)
        metronome.add_job(
            self.nudge,
            "date",
            run_date=datetime.now(UTC) + wait,
            id="next",
            replace_existing=True,
            misfire_grace_time=None,
        )
