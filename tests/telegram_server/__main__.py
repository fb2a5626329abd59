"""Run the server on its own: `python -m tests.telegram_server --port 8081`; SIGTERM ends it."""

import argparse
import asyncio
import signal
import sys

from tests.telegram_server.clock import PlayClock
from tests.telegram_server.control import Control
from tests.telegram_server.server import TelegramServer


async def serve(port: int) -> None:
    """Serve until told to end."""
    clock = PlayClock()
    server = TelegramServer(clock)
    Control(server)
    await server.start(port)
    clock.run()
    ended = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    root = server.base_url.removesuffix("/bot")
    sys.stdout.write(f"telegram.base_url {server.base_url}\n")
    sys.stdout.write(f"TELEGRAM_BOT_TOKEN {server.bot.token}\ncontrol {root}/control\n")
    sys.stdout.flush()
    await ended.wait()
    await server.stop()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.telegram_server")
    parser.add_argument("--port", type=int, default=8081)
    asyncio.run(serve(parser.parse_args().port))


main()
