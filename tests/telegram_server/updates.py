"""Which updates wait for a bot, and which does a poll get?"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.telegram_server.clock import MovingClock
from tests.telegram_server.spec import Json

MESSAGE_LIFE = timedelta(hours=24)
PRESS_LIFE = timedelta(seconds=150)
WEEK = timedelta(days=7)
_FIRST_IDS = (100_000_000, 900_000_000)


@dataclass(kw_only=True, eq=False)
class Update:
    """One update that waits; `lane` is the queue it stands in for the webhook."""

    id: int
    body: Json
    lane: str
    expires: datetime
    checked: bool  # False: broken on purpose
    wake_at: datetime
    delay: int = 1  # seconds
    fails: int = 0

    def shown(self) -> Json:
        """Return the Update as it is sent."""
        return {"update_id": self.id} | self.body


@dataclass(kw_only=True, eq=False)
class Queue:
    """A bot's updates: ids increase from a random start; nothing leaves unconfirmed but by age."""

    clock: MovingClock
    chance: random.Random
    waiting: list[Update] = field(default_factory=list)
    _next_id: int = 0
    _last_added: datetime | None = None

    def add(self, body: Json, *, lane: str, life: timedelta, checked: bool = True) -> Update:
        """Let an update wait."""
        now = self.clock.now()
        self.prune()
        if self._last_added is None or (now - self._last_added > WEEK and not self.waiting):
            self._next_id = self.chance.randrange(*_FIRST_IDS)
        update = Update(
            id=self._next_id,
            body=body,
            lane=lane,
            expires=now + life,
            checked=checked,
            wake_at=now,
        )
        self._next_id, self._last_added = update.id + 1, now
        self.waiting.append(update)
        return update

    def prune(self) -> None:
        """Forget what has grown too old."""
        now = self.clock.now()
        self.waiting = [update for update in self.waiting if update.expires > now]

    def take(self, offset: int, limit: int) -> Sequence[Update]:
        """Return what a poll with this offset gets.

        A positive offset confirms all below it, a negative one all but the newest so many;
        none (0) confirms nothing, so that the same updates come again.
        """
        self.prune()
        if offset > 0:
            self.waiting = [update for update in self.waiting if update.id >= offset]
        elif offset < 0:
            self.waiting = self.waiting[offset:]
        return self.waiting[:limit]

    def remove(self, update: Update) -> None:
        """Forget one that was delivered."""
        self.waiting = [other for other in self.waiting if other is not update]

    def clear(self) -> None:
        """Forget all."""
        self.waiting = []
