"""When do the loops end? After the step that has begun, with the rest left for the next start."""

import asyncio
from datetime import UTC, datetime, timedelta

from base.clock import FrozenClock
from wenha.runtime import AFTER_FAILURE, Runtime, Turns

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Busy:
    """A step that takes as long as it is held, and always has more to do."""

    def __init__(self) -> None:
        self.begun, self.gate = asyncio.Event(), asyncio.Event()
        self.ended = 0

    async def step(self, now: datetime) -> datetime:
        """Wait for the gate."""
        self.begun.set()
        await self.gate.wait()
        self.ended += 1
        return now


async def test_told_to_stop_the_loops_end_after_the_step_that_has_begun() -> None:
    # given a step in the middle of its work, and endless work behind it
    busy, stop = Busy(), asyncio.Event()
    loops = asyncio.create_task(Runtime(FrozenClock(NOON), (busy.step,)).run(stop))
    await busy.begun.wait()
    # when we are told to stop
    stop.set()
    busy.gate.set()
    await asyncio.wait_for(loops, timeout=10)
    # then this step ended and no other began
    assert busy.ended == 1


async def test_told_to_stop_a_receiver_that_waits_for_the_outside_is_left() -> None:
    waiting, stop = Busy(), asyncio.Event()
    loops = asyncio.create_task(Runtime(FrozenClock(NOON), ()).run(stop, (waiting.step,)))
    await waiting.begun.wait()
    stop.set()
    await asyncio.wait_for(loops, timeout=10)
    assert waiting.ended == 0


async def test_a_step_that_fails_is_counted_and_called_again_later() -> None:
    class Breaking:
        async def step(self, now: datetime) -> None:
            raise ValueError(now)

    runtime = Runtime(FrozenClock(NOON), (Breaking().step,))
    runtime.turned_at -= timedelta(hours=1)
    assert await runtime.settle() == NOON + AFTER_FAILURE
    seconds = runtime.turns["breaking"].seconds
    assert runtime.turned_at == NOON
    assert runtime.turns == {"breaking": Turns(calls=1, failures=1, seconds=seconds)}
