"""Does the real `wenha serve` start, say how it is, and end well when it is told to?"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from wenha.lock import is_held

ROOT = Path(__file__).parent.parent.parent
TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"  # noqa: S105 - nobody's
PROGRAM = "import sys; from wenha.cli import main; sys.exit(main())"
ME = {"id": 123456789, "is_bot": True, "first_name": "问哈村长", "username": "wenha_bot"}


class Telegram:
    """Answers the four calls of a start and lets polls wait; may know the token or not."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.knows_token = True

    def app(self) -> web.Application:
        """Return the application."""
        app = web.Application()
        app.add_routes([web.route("*", "/bot{token}/{method}", self.answer)])
        return app

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one call."""
        method = request.match_info["method"]
        self.calls.append(method)
        if request.match_info["token"] != TOKEN or not self.knows_token:
            return web.json_response(
                {"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401
            )
        results: dict[str, Any] = {"getMe": ME, "getUpdates": []}
        if method == "getUpdates":
            await asyncio.sleep(1)  # noqa: TID251 - a long poll, outside of our service
        return web.json_response({"ok": True, "result": results.get(method, True)})


@pytest.fixture
async def telegram() -> Telegram:
    return Telegram()


@asynccontextmanager
async def served(folder: Path, telegram: Telegram) -> AsyncIterator[tuple[Any, str]]:
    """Run `wenha serve` on a database in `folder`; the process, and where it answers."""
    async with TestServer(telegram.app()) as outside:
        config = folder / "config.yaml"
        base = f"http://127.0.0.1:{outside.port}/bot"
        config.write_text(
            f"database: {folder}/wenha.db\nweb: {{port: 0}}\ntelegram: {{base_url: '{base}'}}\n"
        )
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROGRAM, "--config", str(config), "serve",
            cwd=ROOT, env=os.environ | {"TELEGRAM_BOT_TOKEN": TOKEN},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            first = (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
            yield process, first.strip().split("：")[-1].removesuffix("/healthz")
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def status(address: str, want: int) -> dict[str, Any]:
    """Ask until the status is the one wanted; return the answer."""
    async with ClientSession() as session, asyncio.timeout(20):
        while True:
            async with session.get(address) as answer:
                content: dict[str, Any] = await answer.json()
                if answer.status == want:
                    return content


async def test_it_gets_ready_and_ends_well_when_told_to(
    tmp_path: Path, telegram: Telegram
) -> None:
    async with served(tmp_path, telegram) as (process, address):
        # given a service that is ready
        assert all((await status(f"{address}/readyz", 200))["checks"].values())
        assert (await status(f"{address}/healthz", 200))["alive"]
        async with ClientSession() as session, session.get(f"{address}/metrics") as answer:
            assert 'wenha_channel_connected{channel="telegram"} 1.0' in await answer.text()
        assert is_held(tmp_path / "wenha.db")
        # when it is told to stop in the middle of a poll
        process.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(process.communicate(), 20)
    # then it has let go of everything, in order
    assert process.returncode == 0
    assert not is_held(tmp_path / "wenha.db")
    assert not (tmp_path / "wenha.db-wal").exists()
    assert {"getMe", "deleteWebhook", "setMyCommands", "getUpdates"} <= set(telegram.calls)
    # and every line it logged is one JSON object without the token
    assert [json.loads(line)["level"] for line in errors.decode().splitlines()].count("error") == 0
    assert TOKEN.split(":")[1] not in errors.decode()


async def test_without_its_channel_it_lives_and_is_not_ready(
    tmp_path: Path, telegram: Telegram
) -> None:
    telegram.knows_token = False
    async with served(tmp_path, telegram) as (process, address):
        checks = (await status(f"{address}/readyz", 503))["checks"]
        assert [name for name, good in checks.items() if not good] == ["telegram"]
        assert (await status(f"{address}/healthz", 200))["alive"]
        process.send_signal(signal.SIGINT)
        _, errors = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 0
    told = [json.loads(line)["event"] for line in errors.decode().splitlines()]
    assert any("InvalidToken" in event for event in told)
    assert TOKEN.split(":")[1] not in errors.decode()
