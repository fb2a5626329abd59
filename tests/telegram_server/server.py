"""Start reading here: the strict Bot API server as one object, on a port of this machine."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from tests.telegram_server.bots import Bot
from tests.telegram_server.clock import PATIENCE, MovingClock, TestClock
from tests.telegram_server.desk import Desk, Handled, Outcome
from tests.telegram_server.errors import bad_request
from tests.telegram_server.faults import Faults, Reply
from tests.telegram_server.pacing import Limiter
from tests.telegram_server.people import People
from tests.telegram_server.platform import Platform
from tests.telegram_server.webhook import Courier

HOST = "127.0.0.1"


class TelegramServer:
    """A Bot API server for tests, and the people behind it.

    `people` is the users' side, `faults` and `limiter` what goes wrong, `bot` the first bot;
    `calls` is every call that kept to the specification, `problems` is what others broke.
    """

    def __init__(self, clock: MovingClock | None = None, *, seed: int = 1) -> None:
        self.clock = clock or TestClock()
        self.platform = Platform(self.clock, seed)
        self.bot = self.platform.new_bot("问哈村长", "wenha_test_bot")
        self.people = People(self.platform, self.bot)
        self.faults = Faults()
        self.limiter = Limiter(self.clock)
        self.desk = Desk(self.platform, self.faults, self.limiter)
        self.courier = Courier(self.platform)
        self.app = web.Application(client_max_size=60 * 2**20)
        self.app.router.add_route("*", "/bot{token:[^/]+}/{method}", self._serve)
        self.port = 0
        self._runner = web.AppRunner(
            self.app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1
        )
        self._site: web.TCPSite | None = None

    @property
    def base_url(self) -> str:
        """What python-telegram-bot calls base_url: the token follows without a slash."""
        return f"http://{HOST}:{self.port}/bot"

    @property
    def calls(self) -> list[Handled]:
        """Every call so far that kept to the specification."""
        return self.desk.calls

    async def start(self, port: int = 0) -> None:
        """Serve; port 0 means any that is free."""
        await self._runner.setup()
        await self.courier.start()
        self.port = port
        await self._listen()

    async def stop(self) -> None:
        """Stop serving.

        Raises:
            AssertionError: The server broke the specification itself; the test means nothing.
        """
        await self.courier.stop()
        await self._cut_all()  # ends held polls
        await self._runner.cleanup()
        assert not self.desk.bugs, self.desk.bugs

    @asynccontextmanager
    async def unreachable(self) -> AsyncIterator[None]:
        """Refuse connections for a while, and end those that are open; nothing is performed."""
        assert self._site is not None
        await self._site.stop()
        await self._cut_all()
        try:
            yield
        finally:
            await self._listen()

    def advance(self, **by: float) -> None:
        """Move the clock by timedelta's keywords, for example `seconds=3`."""
        self.clock.advance(timedelta(**by))

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until something is true; after much too long, say so."""
        async with asyncio.timeout(PATIENCE):
            await self.clock.bell.until(true)

    async def poll_held(self, bot: Bot | None = None) -> None:
        """Wait until a bot's long poll is being held."""
        asked = bot or self.bot
        await self.until(lambda: asked.poll is not None)

    async def delivered(self) -> None:
        """Wait until every update that is due was posted to its webhook, well or badly."""
        await self.until(self.courier.idle)

    async def confirmed(self, bot: Bot | None = None) -> None:
        """Wait until a bot has confirmed every update there is."""
        asked = bot or self.bot
        await self.until(lambda: not asked.queue.waiting)

    async def called(self, method: str, times: int = 1) -> list[Handled]:
        """Wait until a method was performed so often; return those calls."""

        def performed() -> list[Handled]:
            return [call for call in self.calls if call.method == method and call.performed]

        await self.until(lambda: len(performed()) >= times)
        return performed()

    async def _listen(self) -> None:
        self._site = web.TCPSite(self._runner, HOST, self.port)
        await self._site.start()
        self.port = self._runner.addresses[0][1]

    async def _cut_all(self) -> None:
        """End every connection, and give the event loop a turn to really do it."""
        assert self._runner.server is not None
        for connection in list(self._runner.server.connections):
            connection.force_close()
        turn = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(turn.set_result, None)
        await turn

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        try:
            raw = await _parameters(request)
        except ValueError:
            return web.json_response(bad_request("can't parse JSON object").body(), status=400)
        token, method = request.match_info["token"], request.match_info["method"]
        outcome = await self.desk.handle(token, method, raw)
        return await self._reply(request, outcome)

    async def _reply(self, request: web.Request, outcome: Outcome) -> web.StreamResponse:
        fault, heard = outcome.fault, outcome.handled
        reply = Reply.TRUE if fault is None else fault.reply
        heard.heard = "ok" if outcome.body["ok"] else str(outcome.body["description"])
        if fault is not None and reply is not Reply.TRUE and reply is not Reply.ERROR:
            heard.heard = str(reply)
        if fault is not None and reply is Reply.HELD:
            await fault.hold(self.clock.bell)
        if reply is Reply.DROPPED and request.transport is not None:
            request.transport.abort()
        headers = {"Date": format_datetime(self.clock.now(), usegmt=True)}
        if fault is not None and reply is Reply.GARBAGE:
            return web.Response(status=fault.status, text=fault.body, content_type="text/html")
        return _json_response(outcome, headers)


def _json_response(outcome: Outcome, headers: dict[str, str]) -> web.Response:
    body = outcome.body
    if "retry_after" in body.get("parameters", {}):
        headers["Retry-After"] = str(body["parameters"]["retry_after"])
    return web.json_response(body, status=outcome.status, headers=headers)


async def _parameters(request: web.Request) -> Mapping[str, Any]:
    """Return parameters from wherever they may stand: query, JSON, form."""
    raw: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body = json.loads(await request.text() or "{}")
        return raw | (body if isinstance(body, dict) else {})
    form = await request.post()
    return raw | dict(form.items())


@asynccontextmanager
async def telegram_server(
    clock: MovingClock | None = None, *, seed: int = 1
) -> AsyncIterator[TelegramServer]:
    """Run a server for the length of a test."""
    server = TelegramServer(clock, seed=seed)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
