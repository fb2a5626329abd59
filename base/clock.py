"""What time is it? The only readers of the wall clock."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the current time, timezone-aware, in UTC."""


class MovableClock(Clock, Protocol):
    """A clock that can be set to a later moment."""

    def move_to(self, at: datetime) -> None:
        """Set the clock; it never goes back."""


class SystemClock:
    """The real clock."""

    def now(self) -> datetime:
        """Return the current time, timezone-aware, in UTC."""
        return datetime.now(UTC)


class SandboxClock:
    """Wall time plus an offset, so that a newcomer can move the clock of the sandbox.

    The offset only grows; whoever moves it stores it, so that a restart goes on from there.
    """

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    def now(self) -> datetime:
        """Return wall time plus the offset, timezone-aware, in UTC."""
        return datetime.now(UTC) + self.offset

    def move_to(self, at: datetime) -> None:
        """Set the clock; it never goes back."""
        self.offset += max(aware(at) - self.now(), timedelta(0))


class FrozenClock:
    """A clock that moves only when told to: tests and the scripted day."""

    def __init__(self, start: datetime) -> None:
        self._now = aware(start)

    def now(self) -> datetime:
        """Return the frozen time, timezone-aware, in UTC."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move the clock by this much."""
        self._now += by

    def move_to(self, at: datetime) -> None:
        """Set the clock; it never goes back."""
        self._now = max(self._now, aware(at))


def aware(at: datetime) -> datetime:
    """Return `at` in UTC.

    Raises:
        ValueError: `at` is naive; a time without a zone is refused, not guessed.
    """
    if at.tzinfo is None:
        msg = f"naive datetime refused: {at.isoformat()}"
        raise ValueError(msg)
    return at.astimezone(UTC)
