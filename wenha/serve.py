"""How does the service run unattended? Telegram, loops and health on one machine, until told."""

import asyncio
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
from bot.channels.base import Capabilities
from bot.channels.telegram.adapter import MAX_TEXT, TelegramChannel
from bot.channels.telegram.receive import Poller, webhook_route, webhook_secret
from bot.intake import Intake
from wenha.config import TOKEN_ENV, Config, secret
from wenha.lock import ProcessLock
from wenha.wiring import Service, open_service

AGAIN = timedelta(seconds=5)
LAST_SENDS = 20.0  # seconds a send under way may still take when we are told to stop
IDLE = timedelta(hours=1)


def telegram_channel(config: Config, token: str) -> TelegramChannel:
    """Return the adapter with the configured pace; it is not connected yet."""
    pace = config.telegram.pace
    capabilities = Capabilities(
        edits=True,
        idempotent=False,
        buttons=True,
        max_text=MAX_TEXT,
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

    async def step(self, now: datetime) -> datetime:
        """Connect, or wait for updates; return when to be called again."""
        if not self.connected:
            try:
                await self._connect()
            except Temporary:
                return now + AGAIN
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
        ConfigError: there is no token, or another process holds the database.
    """
    token = environment.get(TOKEN_ENV, "")
    if not token:
        raise ConfigError([f"没有机器人的令牌：请把它放进环境变量 {TOKEN_ENV}"])
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        stack.enter_context(ProcessLock(config.database))
        clock, channel = SystemClock(), telegram_channel(config, token)
        service = await open_service(config, clock, channels={channel.name: channel})
        stack.callback(service.close)
        stack.push_async_callback(channel.close)
        intake = Intake(service.store, channel, clock)
        receiver = Receiver(channel, Poller(channel, intake), config, commands(service.words))
        await _listen(service, config, intake, stack)
        print(f"服务开好了，数据库：{config.database}", file=out, flush=True)
        _stop_when_told(stop)
        await service.runtime.run(stop, (receiver.step,))
        await service.sender.finish(LAST_SENDS)
    return 0


async def _listen(service: Service, config: Config, intake: Intake, stack: AsyncExitStack) -> None:
    """Open the one aiohttp app: the webhook where it is used."""
    app = web.Application(client_max_size=1024 * 1024)
    if config.telegram.webhook.url:

        async def nudge(_request: web.Request, _response: web.StreamResponse) -> None:
            service.runtime.nudge()

        app.on_response_prepare.append(nudge)
        route = webhook_route(config.telegram.webhook.path, secret(config), intake)
        app.add_routes([route])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    try:
        await web.TCPSite(runner, config.web.host, config.web.port).start()
    except OSError as error:
        where = f"{config.web.host}:{config.web.port}"
        raise ConfigError([f"{where} 打不开（{error.strerror}），请改 web.port"]) from None


def _stop_when_told(stop: asyncio.Event) -> None:
    """SIGTERM and SIGINT: finish the step and stop."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
