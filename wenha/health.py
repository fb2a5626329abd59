"""Are we alive, may traffic come, and how are we doing? /healthz, /readyz, /metrics.

For the operator's own machine: nothing here is meant for a public address.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from base.errors import Temporary
from storage import migrate
from storage.unit import Unit
from wenha import metrics
from wenha.wiring import Service

STALLED_AFTER = timedelta(seconds=60)
LATELY = timedelta(minutes=1)
PROBE_SECONDS = 3  # a database that does not answer within this is not there
PROBED_FOR = timedelta(seconds=5)  # asked more often, the last answer stands
PROBE = "health.probed_at"


class Health:
    """Answers the three questions; `stopping` before the loops are told to stop."""

    def __init__(
        self,
        service: Service,
        connected: Mapping[str, Callable[[], bool]],
        ignored: Mapping[str, int],
    ) -> None:
        self._service = service
        self._connected = connected
        self._ignored = ignored
        self._head = migrate.head()
        self._probed: tuple[datetime, str | None] | None = None
        self._stopping = False

    def stopping(self) -> None:
        """From now on, not ready."""
        self._stopping = True

    def routes(self) -> list[web.RouteDef]:
        """Return the three routes."""
        return [
            web.get("/healthz", self.healthz),
            web.get("/readyz", self.readyz),
            web.get("/metrics", self.metrics),
        ]

    async def healthz(self, _request: web.Request) -> web.Response:
        """Whether the process is alive: the loops have turned within the last minute."""
        idle = self._service.clock.now() - self._service.runtime.turned_at
        alive = idle <= STALLED_AFTER
        return _answer(alive, {"alive": alive, "idle_seconds": round(idle.total_seconds(), 1)})

    async def readyz(self, _request: web.Request) -> web.Response:
        """Whether traffic may come; says what is missing."""
        checks = {"serving": not self._stopping} | self._channels()
        if not self._stopping:
            revision = await self._revision()
            checks |= {"database": revision is not None, "migrations": revision == self._head}
        ready = all(checks.values())
        return _answer(ready, {"ready": ready, "checks": checks})

    async def metrics(self, _request: web.Request) -> web.Response:
        """What Prometheus reads."""
        now, runtime = self._service.clock.now(), self._service.runtime
        try:
            gauges = await self._service.store.read(lambda unit: unit.gauges.read(now - LATELY))
        except Temporary:
            gauges = None
        pace = self._service.config.telegram.pace
        snapshot = metrics.Snapshot(
            now=now,
            gauges=gauges,
            turns=runtime.turns,
            turned_at=runtime.turned_at,
            ignored=self._ignored,
            connected=self._channels(),
            budgets=pace.model_dump(),
        )
        text = metrics.exposition(snapshot)
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})

    def _channels(self) -> dict[str, bool]:
        return {name: answers() for name, answers in self._connected.items()}

    async def _revision(self) -> str | None:
        """The revision of the tables, once a row could be written; None when it could not."""
        now = self._service.clock.now()
        if self._probed is None or now - self._probed[0] >= PROBED_FOR:
            self._probed = (now, await self._probe(now))
        return self._probed[1]

    async def _probe(self, now: datetime) -> str | None:
        def work(unit: Unit) -> str | None:
            unit.meta.set(PROBE, now.isoformat())
            return unit.meta.revision()

        try:
            async with asyncio.timeout(PROBE_SECONDS):
                return await self._service.store.write(work)
        except (Temporary, TimeoutError):
            return None


def _answer(good: bool, content: Mapping[str, object]) -> web.Response:
    status = web.HTTPOk.status_code if good else web.HTTPServiceUnavailable.status_code
    return web.json_response(content, status=status)
