"""What time is it for the server, and how do those who wait hear that something happened?"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from base.clock import FrozenClock, SandboxClock

PATIENCE = 20  # wall-clock seconds after which a test that waits in vain is told so
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # a Monday, 12:00 in Beijing


class Bell:
    """Rings whenever something happened; whoever waits looks again."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Have this called at each ring, before those who wait look again."""
        self._listeners.append(listener)

    def ring(self) -> None:
        """Tell everybody that something happened."""
        for listener in self._listeners:
            listener()
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until this is true; it is looked at after each ring."""
        while not true():
            future = asyncio.get_running_loop().create_future()
            self._waiting.add(future)
            try:
                await future
            finally:
                self._waiting.discard(future)


class MovingClock(Protocol):
    """A clock that the server can move, and that rings when it moved."""

    bell: Bell

    def now(self) -> datetime:
        """Return the current time, timezone-aware, in UTC."""

    def advance(self, by: timedelta) -> None:
        """Move the clock, then ring."""


class TestClock:
    """Stands still until a test moves it; hand the same one to the product."""

    __test__ = False  # its name begins like a test, it is none

    def __init__(self, start: datetime = NOON) -> None:
        self.bell = Bell()
        self._clock = FrozenClock(start)

    def now(self) -> datetime:
        """Return the frozen time, timezone-aware, in UTC."""
        return self._clock.now()

    def advance(self, by: timedelta) -> None:
        """Move the clock, then ring."""
        self._clock.advance(by)
        self.bell.ring()

    def move_to(self, at: datetime) -> None:
        """Set the clock, never back, then ring."""
        self._clock.move_to(at)
        self.bell.ring()


class PlayClock:
    """Wall time plus an offset, for playing by hand; rings several times a second."""

    def __init__(self) -> None:
        self.bell = Bell()
        self._clock = SandboxClock()

    def now(self) -> datetime:
        """Return wall time plus the offset."""
        return self._clock.now()

    def advance(self, by: timedelta) -> None:
        """Add to the offset, then ring."""
        self._clock.offset += by
        self.bell.ring()

    def run(self) -> None:
        """Ring now and in a while again, as long as the event loop runs."""
        self.bell.ring()
        asyncio.get_running_loop().call_later(0.2, self.run)
