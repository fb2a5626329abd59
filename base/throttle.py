"""Is somebody too fast? Counts the last minute, for so many at a time and no more."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=1)


class Throttle:
    """Allows each key `limit` deeds in any minute; remembers the `most` latest keys."""

    def __init__(self, limit: int, *, most: int = 10_000) -> None:
        self._limit = limit
        self._most = most
        self._deeds: OrderedDict[str, deque[datetime]] = OrderedDict()

    def allows(self, key: str, now: datetime) -> bool:
        """Count a deed; False when it is one too many, which does not count."""
        deeds = self._deeds.setdefault(key, deque())
        self._deeds.move_to_end(key)
        if len(self._deeds) > self._most:
            self._deeds.popitem(last=False)
        while deeds and deeds[0] <= now - WINDOW:
            deeds.popleft()
        if len(deeds) >= self._limit:
            return False
        deeds.append(now)
        return True
