"""How does the service run unattended? Telegram, pages and loops on one machine, until told."""

import asyncio
import logging
import os
import signal
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import TextIO

from aiohttp import web

from base.clock import SystemClock
from base.errors import ConfigError, Temporary
from base.wording import Wording
from bot.channels.base import Capabilities, Channel
from bot.channels.telegram.adapter import TelegramChannel
from bot.channels.telegram.receive import Poller, rest, webhook_route, webhook_secret
from bot.channels.web.place import House, place_routes
from bot.intake import Intake
from console.web import console_routes
from wenha import staff_pages
from wenha.config import TOKEN_ENV, Config, secret
from wenha.health import Health
from wenha.lock import ProcessLock
from wenha.runtime import Step
from wenha.wiring import Service, open_service, warn_of_unpublished_years

logger = logging.getLogger(__name__)
LAST_SENDS = 20.0  # seconds a send under way may still take when we are told to stop
IDLE = timedelta(hours=1)
LARGEST_BODY = 1024 * 1024


def telegram_channel(config: Config, token: str) -> TelegramChannel:
    """Return the adapter with the configured pace; it is not connected yet."""
    pace = config.telegram.pace
    capabilities = Capabilities(
        edits=True,
        idempotent=False,
        chat_pause_ms=pace.chat_pause_ms,
        group_per_minute=pace.group_per_minute,
        token_per_second=pace.token_per_second,
    )
    return TelegramChannel(token, config.telegram.base_url, capabilities)


def commands(words: Wording) -> Mapping[str, str]:
    """Return the commands people are offered while they type, and what they are for."""
    return {name: words(f"command.{name}") for name in ("help", "bind", "start")}


class Receiver:
    """Connects as soon as Telegram can be reached, then receives; the loops never wait for it."""

    def __init__(
        self, channel: TelegramChannel, poller: Poller, config: Config, commands: Mapping[str, str]
    ) -> None:
        self._channel = channel
        self._poller = poller
        self._config = config
        self._commands = commands
        self.connected = False

    def answers(self) -> bool:
        """Whether the channel is connected and was reached the last time we asked."""
        return self.connected and self._poller.reached

    async def step(self, now: datetime) -> datetime:
        """Connect, or wait for updates; return when to be called again."""
        if not self.connected:
            try:
                await self._connect()
            except Temporary as error:
                logger.warning("not connected: %s", error)
                return now + rest(error)
        return now + IDLE if self._config.telegram.webhook.url else await self._poller.step(now)

    async def _connect(self) -> None:
        await self._channel.connect()
        address = self._config.telegram.webhook.address
        await self._channel.set_webhook(address, webhook_secret(secret(self._config)))
        await self._channel.set_commands(self._commands)
        self.connected = True


async def serve(config: Config, out: TextIO, environment: Mapping[str, str] = os.environ) -> int:
    """Run until SIGTERM or SIGINT; return the exit code.

    Raises:
        ConfigError: there is no token where one is needed, or another process holds the database.
    """
    token = environment.get(TOKEN_ENV, "")
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        stack.enter_context(ProcessLock(config.database))
        channel = telegram_channel(config, token) if token else None
        channels = {channel.name: channel} if channel else {}
        service = await _opened(config, channels)
        stack.callback(service.close)
        app = web.Application(client_max_size=LARGEST_BODY)
        app.add_routes([*pages(service), *console_routes(staff_pages.house(service))])
        receivers: list[Step] = []
        if channel is None:
            await _check_places(service)
            print(f"没有 {TOKEN_ENV}：不接 Telegram，只开网页。", file=out)
            health = Health(service, {}, {})
        else:
            stack.push_async_callback(channel.close)
            receivers, health = _telegram(service, channel, app)
        app.add_routes(health.routes())
        address = await _listen(app, config, stack)
        print(f"服务开好了，数据库：{config.database}，健康检查：{address}", file=out, flush=True)
        _stop_when_told(stop, health)
        await service.runtime.run(stop, [service.faq_keeper.step, *receivers])
        await service.sender.finish(LAST_SENDS)
    return 0


async def _opened(config: Config, channels: Mapping[str, Channel]) -> Service:
    clock = SystemClock()
    warn_of_unpublished_years(config, clock)
    return await open_service(config, clock, channels=channels)


def _telegram(
    service: Service, channel: TelegramChannel, app: web.Application
) -> tuple[list[Step], Health]:
    """Let Telegram in: the step that receives, its webhook where there is one, its health."""
    intake = Intake(service.store, channel, service.clock)
    poller = Poller(channel, intake)
    receiver = Receiver(channel, poller, service.config, commands(service.words))
    _add_webhook(app, service, intake)
    return [receiver.step], Health(service, {channel.name: receiver.answers}, intake.ignored)


def pages(service: Service) -> list[web.RouteDef]:
    """Return the routes of the villages and hubs that live on the built-in channel."""
    house = House(
        platform=service.platform,
        store=service.store,
        clock=service.clock,
        words=service.words,
        secret=secret(service.config),
        nudge=service.runtime.nudge,
        secure=service.config.web.url.startswith("https://"),
    )
    return place_routes(house)


async def _check_places(service: Service) -> None:
    """Without a token there must be somebody to serve, and nobody on Telegram.

    Raises:
        ConfigError: there is not, or there is.
    """
    villages = await service.store.read(lambda unit: unit.people.villages())
    hubs = await service.store.read(lambda unit: unit.people.hubs())
    places = {one.name: one.chat.ref for one in villages} | {
        one.name: one.chat.ref for one in hubs
    }
    outside = [name for name, chat in places.items() if chat.channel != "web"]
    if outside:
        names = "、".join(outside)
        raise ConfigError([f"{names}在 Telegram 上：请把机器人的令牌放进环境变量 {TOKEN_ENV}"])
    if not places:
        raise ConfigError(
            [
                f"没有机器人的令牌：请把它放进环境变量 {TOKEN_ENV}；"
                "或者先开网页：wenha bind hub --web，再 wenha bind village 村名 --web"
            ]
        )


def _add_webhook(app: web.Application, service: Service, intake: Intake) -> None:
    """Add the route Telegram posts to, where a webhook is configured."""
    hook = service.config.telegram.webhook
    if not hook.url:
        return

    async def nudge(request: web.Request, _response: web.StreamResponse) -> None:
        if request.path == hook.path:
            service.runtime.nudge()

    app.on_response_prepare.append(nudge)
    app.add_routes([webhook_route(hook.path, secret(service.config), intake)])


async def _listen(app: web.Application, config: Config, stack: AsyncExitStack) -> str:
    """Open the one aiohttp app; return the address of its health."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    try:
        await web.TCPSite(runner, config.web.host, config.web.port).start()
    except OSError as error:
        where = f"{config.web.host}:{config.web.port}"
        raise ConfigError([f"{where} 打不开（{error.strerror}），请改 web.port"]) from None
    return f"http://{config.web.host}:{runner.addresses[0][1]}/healthz"


def _stop_when_told(stop: asyncio.Event, health: Health) -> None:
    """SIGTERM and SIGINT: say that we are not ready, finish the step and stop."""

    def told() -> None:
        health.stopping()
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told)
