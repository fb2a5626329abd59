"""A real `wenha serve` in a process of its own, to be killed and started again at will."""

import asyncio
import io
import os
import re
import signal
import sys
from pathlib import Path

import yaml

from base.clock import SystemClock
from tests.telegram_server.server import TelegramServer
from wenha.bind import bind_hub, bind_village
from wenha.config import TOKEN_ENV

ROOT = Path(__file__).parents[2]
COMMAND = "import sys; from wenha.cli import main; sys.exit(main())"
QUICK = {"chat_pause_ms": 0, "group_per_minute": 60}
_CODE = re.compile(r"/bind (\w+)")


class Process:
    """`wenha serve --config …` with the token in its environment."""

    def __init__(self, folder: Path, server: TelegramServer) -> None:
        self.database = folder / "wenha.db"
        self.log = folder / "serve.log"
        self._config = folder / "config.yaml"
        self._token = server.bot.token
        telegram = {"base_url": server.base_url, "pace": QUICK}
        content = {"database": str(self.database), "web": {"port": 0}, "telegram": telegram}
        self._config.write_text(yaml.safe_dump(content), "utf-8")
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it; what it says goes to the log."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-c",
                COMMAND,
                "--config",
                str(self._config),
                "serve",
                cwd=ROOT,
                env={**os.environ, TOKEN_ENV: self._token},
                stdout=log,
                stderr=log,
            )

    async def end(self, how: signal.Signals) -> int:
        """Send it a signal; return its exit code."""
        assert self._process is not None
        process, self._process = self._process, None
        if process.returncode is None:
            process.send_signal(how)
        return await process.wait()

    async def kill(self) -> None:
        """Let it die in the middle of whatever it does."""
        await self.end(signal.SIGKILL)

    async def close(self) -> None:
        """Leave nothing running."""
        if self._process is not None:
            await self.kill()

    def code(self, village: str | None = None) -> str:
        """Return a code for a village, or for the hub."""
        out, now = io.StringIO(), SystemClock().now()
        if village is None:
            bind_hub(self.database, "值守群", replacing=False, now=now, out=out)
        else:
            bind_village(self.database, village, None, now, out)
        found = _CODE.search(out.getvalue())
        assert found is not None
        return found.group(1)
