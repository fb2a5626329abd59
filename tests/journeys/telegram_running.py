"""How does the service run against the strict server? By polling or by webhook, restarted at will.

Everything waits on the one clock of the test: a receiver that wants to be called in five seconds
is called when the test has moved the clock so far.
"""

import asyncio
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port

from bot.channels.telegram.receive import Poller, webhook_route
from bot.intake import Intake
from storage.migrate import upgrade
from tests.telegram_server.clock import PATIENCE, TestClock
from tests.telegram_server.server import HOST, TelegramServer
from wenha.config import Config, Pace, Telegram, Webhook, secret
from wenha.serve import Receiver, telegram_channel
from wenha.wiring import Service, open_service


class By(StrEnum):
    """How updates are received."""

    POLLING = "polling"
    WEBHOOK = "webhook"


both_ways = pytest.mark.parametrize("by", list(By), ids=str)
QUICK = Pace(chat_pause_ms=0, group_per_minute=60, token_per_second=30)


class Running:
    """The service as `wenha serve` runs it, on a database that outlives it."""

    def __init__(
        self, folder: Path, server: TelegramServer, clock: TestClock, by: By, pace: Pace
    ) -> None:
        port = unused_port()
        hook = Webhook(url=f"http://{HOST}:{port}") if by is By.WEBHOOK else Webhook()
        telegram = Telegram(base_url=server.base_url, pace=pace, webhook=hook)
        self.config = Config(database=folder / "wenha.db", telegram=telegram, digest=False)
        self.server = server
        self.clock = clock
        self.by = by
        self.restless = False  # stop and start between taking in and handling, each time
        self._port = port
        self._stack = AsyncExitStack()
        self._service: Service | None = None
        self._intake: Intake | None = None

    @property
    def service(self) -> Service:
        """The service that runs now."""
        assert self._service is not None
        return self._service

    @property
    def intake(self) -> Intake:
        """What lets updates in, and counts those it leaves out."""
        assert self._intake is not None
        return self._intake

    async def start(self) -> None:
        """Open the service and begin to receive."""
        if not self.config.database.exists():
            self.config.database.write_bytes(_empty_database())
        channel = telegram_channel(self.config, self.server.bot.token)
        self._stack.push_async_callback(channel.close)
        service = await open_service(self.config, self.clock, channels={channel.name: channel})
        self._stack.callback(service.close)
        self._service = service
        self._intake = intake = Intake(service.store, channel, self.clock)
        if self.by is By.WEBHOOK:
            await self._listen(intake)
        receiver = Receiver(channel, Poller(channel, intake), self.config, {"help": "怎么问"})
        receiving = asyncio.create_task(_receive(receiver, self.clock))
        self._stack.push_async_callback(_end, receiving)

    async def _listen(self, intake: Intake) -> None:
        app = web.Application()
        path = self.config.telegram.webhook.path
        app.add_routes([webhook_route(path, secret(self.config), intake)])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, HOST, self._port).start()

    async def stop(self) -> None:
        """Stop receiving and close everything."""
        await self._stack.aclose()

    async def restart(self) -> None:
        """Stop, and start again on the same database."""
        await self.stop()
        await self.start()

    async def done(self) -> datetime | None:
        """Let everything due now happen and every send end; return the next wish."""
        async with asyncio.timeout(PATIENCE):
            wish = await self.service.runtime.settle()
            while self.service.sender._under_way:  # a send took longer than a step waits
                await self.service.sender.finish(PATIENCE)
                wish = await self.service.runtime.settle()
        return wish

    async def settle(self) -> None:
        """Let everything said so far arrive, be handled and be answered."""
        await self.server.confirmed()
        if self.restless:
            await self.restart()
        await self.done()

    async def wait(self, **duration: float) -> None:
        """Move the clock on, letting everything happen at its moment."""
        to = self.clock.now() + timedelta(**duration)
        wish = await self.done()
        while wish is not None and wish <= to:
            self.clock.move_to(wish)
            wish = await self.done()
        self.clock.move_to(to)
        await self.done()


@cache
def _empty_database() -> bytes:
    """Today's tables with nothing in them; made once, because it takes long."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        upgrade(path)
        return path.read_bytes()


async def _receive(receiver: Receiver, clock: TestClock) -> None:
    while True:
        wish = await receiver.step(clock.now())
        await clock.bell.until(partial(_is_past, wish, clock))


def _is_past(wish: datetime, clock: TestClock) -> bool:
    return clock.now() >= wish


async def _end(receiving: asyncio.Task[None]) -> None:
    """Cancel the receiver; one that died by itself fails the test."""
    receiving.cancel()
    try:
        await receiving
    except asyncio.CancelledError:
        return
