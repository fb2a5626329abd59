"""Does `wenha serve` carry web places without Telegram, woken by what people write?"""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar

from base.messages import ChatRef
from storage.migrate import upgrade
from storage.store import Store
from wenha.config import TOKEN_ENV

WENHA = (sys.executable, "-c", "from wenha.cli import main; raise SystemExit(main())")
SOON = 20.0
_LINK = re.compile(r"http://\S+(/v/\S+)")
_TOKEN = re.compile(r'name="token" value="([^"]+)"')


def a_config(folder: Path, url: str = "") -> tuple[Path, int]:
    """Write a config.yaml with a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    path = folder / "config.yaml"
    path.write_text(
        f"database: {folder / 'wenha.db'}\nweb: {{port: {port}, url: '{url}'}}\n", "utf-8"
    )
    return path, port


def wenha(config: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, without a token."""
    return subprocess.run(  # noqa: S603 - our own command
        [*WENHA, "--config", str(config), *words],
        env={name: value for name, value in os.environ.items() if name != TOKEN_ENV},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@asynccontextmanager
async def serving(config: Path) -> AsyncIterator[str]:
    """Run `wenha serve` without a token; yield what it says until it is open."""
    environment = {name: value for name, value in os.environ.items() if name != TOKEN_ENV}
    process = await asyncio.create_subprocess_exec(
        *WENHA, "--config", str(config), "serve", env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    said = ""
    while "服务开好了" not in said:
        line = await asyncio.wait_for(process.stdout.readline(), SOON)
        assert line, said
        said += line.decode()
    try:
        yield said
    finally:
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), SOON) == 0


async def test_without_a_token_a_web_village_is_served_and_answered(tmp_path: Path) -> None:
    config, port = a_config(tmp_path)
    assert wenha(config, "bind", "hub", "--web").returncode == 0
    printed = wenha(config, "bind", "village", "白石村", "--web").stdout
    link = f"http://127.0.0.1:{port}{_LINK.findall(printed)[0]}"
    async with (
        serving(config) as said,
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser,
    ):
        assert f"没有 {TOKEN_ENV}：不接 Telegram，只开网页。" in said
        for what, fields in (("in", {"name": "张秀兰"}), ("say", {"text": "蚕子", "call": "1"})):
            async with browser.get(link) as answer:
                (token, *_) = _TOKEN.findall(await answer.text())
            async with browser.post(f"{link}/{what}", data={"token": token, **fields}) as answer:
                assert answer.status == 200
        # the page does not settle anything: the loops were nudged, long before their sweep
        page = ""
        for _ in range(80):
            async with browser.get(f"{link}/state") as answer:
                page = await answer.text()
            if "转给专家" in page:
                break
            await asyncio.sleep(0.1)  # noqa: TID251 - a test waits for another process
        assert "转给专家" in page


def test_without_a_token_and_any_place_it_says_what_to_do(tmp_path: Path) -> None:
    config, _ = a_config(tmp_path)
    tried = wenha(config, "serve")
    assert tried.returncode == 2
    assert "wenha bind hub --web" in tried.stderr


async def test_without_a_token_places_on_telegram_are_not_left_alone(tmp_path: Path) -> None:
    config, _ = a_config(tmp_path)
    upgrade(tmp_path / "wenha.db")
    store = Store(tmp_path / "wenha.db")
    group = ChatRef(channel="telegram", chat_id="-1")
    await store.write(lambda unit: unit.people.add_hub("值守群", group))
    store.close()
    tried = wenha(config, "serve")
    assert tried.returncode == 2
    assert f"值守群在 Telegram 上：请把机器人的令牌放进环境变量 {TOKEN_ENV}" in tried.stderr


def test_new_links_close_the_old_ones_and_keep_the_chat(tmp_path: Path) -> None:
    config, _ = a_config(tmp_path, url="https://ask.example.cn")
    first = wenha(config, "bind", "hub", "--web").stdout
    assert re.search(r"^https://ask\.example\.cn/v/[\w-]{32}$", first, re.MULTILINE)
    assert "本机地址" not in first
    refused = wenha(config, "bind", "hub", "--web")
    assert (refused.returncode, "加 --replace" in refused.stderr) == (2, True)
    second = wenha(config, "bind", "hub", "--web", "--replace")
    assert second.returncode == 0
    assert not set(re.findall(r"/v/\S+", first)) & set(re.findall(r"/v/\S+", second.stdout))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("village", "白石村", "--web"), "要先有值守群"),
        (("village", "白石村", "--replace"), "只和 --web 一起用"),
    ],
)
def test_what_cannot_be_bound_is_said_in_a_sentence(
    tmp_path: Path, words: tuple[str, ...], why: str
) -> None:
    config, _ = a_config(tmp_path)
    tried = wenha(config, "bind", *words)
    assert (tried.returncode, why in tried.stderr) == (2, True)
