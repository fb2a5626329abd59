"""How does the sandbox run? The service on a movable clock, with its pages on this machine."""

import asyncio
import os
import signal
import sys
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import TextIO

from aiohttp import ClientSession, web

from base.clock import FrozenClock, SandboxClock
from base.errors import ConfigError
from base.wording.web import STEPS
from bot.channels.web.desk import Persona, Room, Sandbox
from bot.channels.web.sandbox import sandbox_routes
from console.web import console_routes
from escalation.working_time import is_open, next_opening
from wenha import staff_pages
from wenha.config import Config
from wenha.demo import cast
from wenha.lock import ProcessLock
from wenha.wiring import Service, open_service

OFFSET = "sandbox.offset_seconds"
ONCE_ENV = "DEMO_ONCE"
LOOPBACK = "127.0.0.1"


class Host:
    """What the sandbox pages may ask of the service; the only one who moves its clock."""

    def __init__(self, service: Service, clock: SandboxClock | FrozenClock) -> None:
        self._service = service
        self._clock = clock

    def now(self) -> datetime:
        """Return the sandbox time."""
        return self._clock.now()

    async def settle(self) -> None:
        """Let everything that is due now happen, and set the metronome anew."""
        await self._service.runtime.settle()
        self._service.runtime.nudge()

    async def move_clock(self, to: datetime) -> None:
        """Move the clock on, stopping wherever something is due.

        Where it will be is stored first: killed on the way, the next start begins there, and
        what was due in between still happens at its due.
        """
        await keep_offset(self._service, self._clock, ahead=to - self._clock.now())
        await self._service.runtime.travel(to, self._clock)
        self._service.runtime.nudge()

    async def next_due(self) -> datetime | None:
        """Return when the next alarm of any ticket rings."""
        return await self._service.store.read(lambda unit: unit.timers.next_due())


async def keep_offset(
    service: Service, clock: SandboxClock | FrozenClock, *, ahead: timedelta = timedelta(0)
) -> None:
    """Store how far the sandbox clock is ahead, so that a restart goes on from there."""
    if isinstance(clock, FrozenClock):
        return
    seconds = str((clock.offset + ahead).total_seconds())
    await service.store.write(lambda unit: unit.meta.set(OFFSET, seconds))


async def open_sandbox(config: Config) -> tuple[Service, Host]:
    """Open the sandbox's service; a first start begins in working hours."""
    clock = SandboxClock()
    service = await open_service(config, clock)
    await service.store.write(cast.move_in)
    kept = await service.store.read(lambda unit: unit.meta.get(OFFSET))
    if kept is not None:
        clock.offset = timedelta(seconds=float(kept))
    elif not is_open(service.calendar, clock.now()):
        clock.offset = next_opening(service.calendar, clock.now()) - clock.now()
    await keep_offset(service, clock)
    return service, Host(service, clock)


def application(service: Service, host: Host) -> web.Application:
    """Return the aiohttp application with the sandbox's pages."""
    desk = Sandbox(
        platform=service.platform,
        store=service.store,
        host=host,
        calendar=service.calendar,
        words=service.words,
        personas=tuple(_persona(member) for member in cast.CAST),
        village=Room(chat=cast.VILLAGE, name=cast.VILLAGE_NAME),
        hub=Room(chat=cast.HUB, name=cast.HUB_NAME),
        steps=STEPS,
    )
    app = web.Application()
    app.add_routes(sandbox_routes(desk))
    return app


def _persona(member: cast.Member) -> Persona:
    return Persona(
        ref=member.ref, name=member.name, title=member.title, chat=member.chat, tries=member.tries
    )


async def serve(config: Config, *, out: TextIO) -> int:
    """Run the sandbox until stopped; without a terminal fetch its page once and end."""
    once = os.environ.get(ONCE_ENV) == "1" or not sys.stdin.isatty()
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        stack.enter_context(ProcessLock(config.database))
        service, host = await open_sandbox(config)
        stack.callback(service.close)
        app = application(service, host)
        app.add_routes(console_routes(staff_pages.house(service)))
        address = await _listen(app, 0 if once else config.web.port, stack)
        print(f"沙盒开好了，用浏览器打开：{address}", file=out, flush=True)
        told = await service.store.write(lambda unit: cast.hire(unit, service.clock.now()))
        print(f"管理页面：{address}console {told}", file=out, flush=True)
        loops = asyncio.create_task(service.runtime.run(stop, [service.faq_keeper.step]))
        if once:
            code = await _fetch(address, out)
        else:
            print("按 Ctrl+C 停下；下次再开，一切还在。", file=out, flush=True)
            code = 0
            await _until_told(stop)
        stop.set()
        await loops
    return code


async def _listen(app: web.Application, port: int, stack: AsyncExitStack) -> str:
    """Open the pages on this machine only; return their address.

    Raises:
        ConfigError: the port is taken.
    """
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    try:
        await web.TCPSite(runner, LOOPBACK, port).start()
    except OSError as error:
        taken = f"端口 {port} 打不开（{error.strerror}），用 --port 换一个"
        raise ConfigError([taken]) from None
    return f"http://{LOOPBACK}:{runner.addresses[0][1]}/"


async def _until_told(stop: asyncio.Event) -> None:
    """Wait for SIGINT or SIGTERM: finish the step and stop."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


async def _fetch(address: str, out: TextIO) -> int:
    """Fetch our own page once, as a browser would; return the exit code."""
    async with ClientSession() as session, session.get(address) as answer:
        page = await answer.text()
    good = answer.status == web.HTTPOk.status_code and cast.VILLAGE_NAME in page
    print("自己打开看过了，一切正常。" if good else f"页面打不开：{answer.status}", file=out)
    return 0 if good else 1
