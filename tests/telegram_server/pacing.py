"""How fast may a bot send? Token buckets on the server's clock; off until switched on.

Source:
    The Bot FAQ's advice: 30 messages a second overall, 1 a second in a chat, 20 a minute in a
    group. It is advice, not contract: run tests with halved numbers too.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from tests.telegram_server.clock import MovingClock
from tests.telegram_server.errors import too_many

SENDING = frozenset({"sendMessage", "editMessageText", "editMessageReplyMarkup"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """So many in such a time."""

    calls: int
    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Paces:
    """The three rules; None switches one off."""

    overall: Pace | None = Pace(calls=30, seconds=1)
    chat: Pace | None = Pace(calls=1, seconds=1)
    group: Pace | None = Pace(calls=20, seconds=60)


@dataclass(eq=False)
class _Bucket:
    """Full at first; refills evenly."""

    pace: Pace
    tokens: float
    filled_at: datetime

    def refill(self, now: datetime) -> None:
        gained = (now - self.filled_at).total_seconds() * self.pace.calls / self.pace.seconds
        self.tokens, self.filled_at = min(self.pace.calls, self.tokens + gained), now

    def wait(self) -> float:
        """Seconds until the next token."""
        missing = max(0.0, 1 - self.tokens)
        return missing * self.pace.seconds / self.pace.calls


@dataclass(eq=False)
class Limiter:
    """Says 429 to what comes too fast; who comes again too early waits anew from then on."""

    clock: MovingClock
    paces: Paces | None = None
    refused: int = 0
    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _halts: dict[str, tuple[datetime, int]] = field(default_factory=dict)

    def halt(self, seconds: int, *, chat_id: int | None = None) -> None:
        """Refuse everything to a chat (None: everywhere) for so long, whatever the pace."""
        key = "all" if chat_id is None else f"chat {chat_id}"
        self._halts[key] = self.clock.now() + timedelta(seconds=seconds), seconds

    def check(self, method: str, chat_id: object) -> None:
        """Count a call.

        Raises:
            ApiError: 429; the call is not performed.
        """
        if method not in SENDING:
            return
        keys = ["all", f"chat {chat_id}"]
        for key in keys:
            self._check_halt(key)
        rules = self._rules(chat_id)
        now = self.clock.now()
        for key, pace in rules.items():
            bucket = self._buckets.setdefault(key, _Bucket(pace, pace.calls, now))
            bucket.refill(now)
            if bucket.tokens < 1:
                seconds = ceil(bucket.wait())
                halted = key if key in keys else keys[1]
                self._halts[halted] = now + timedelta(seconds=seconds), seconds
                self.refused += 1
                raise too_many(seconds)
        for key in rules:
            self._buckets[key].tokens -= 1

    def _check_halt(self, key: str) -> None:
        until, seconds = self._halts.get(key, (None, 0))
        now = self.clock.now()
        if until is None or until <= now:
            return
        self._halts[key] = now + timedelta(seconds=seconds), seconds
        self.refused += 1
        raise too_many(seconds)

    def _rules(self, chat_id: object) -> dict[str, Pace]:
        if self.paces is None:
            return {}
        rules = {"all": self.paces.overall, f"chat {chat_id}": self.paces.chat}
        if isinstance(chat_id, int) and chat_id < 0:
            rules[f"group {chat_id}"] = self.paces.group
        return {key: pace for key, pace in rules.items() if pace is not None}
