"""wenha doctor on Telegram: how messages reach us, and what is in the way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from tests.integration.doctor_stage import ward
from tests.telegram_server.bots import Hook
from wenha.lock import ProcessLock

HOOK = "  webhook: {url: 'https://wen.example.org'}\n"
OURS = "https://wen.example.org/telegram"


def a_hook(url: str = OURS) -> Hook:
    return Hook(url=url, secret=None, max_connections=40)


async def test_a_second_poller_is_told(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        # given somebody who begins to poll with our token while the doctor looks
        server = patient.server
        looking = asyncio.create_task(patient.look())
        await server.poll_held()
        handled = await server.desk.handle(server.bot.token, "getUpdates", {"timeout": 0})
        assert handled.status == 200
        said = await looking
    assert said.code == 1
    fix = said.fix("✗ 收消息：另一个程序也在用这个令牌取，两边都会漏")
    assert "API Token → Revoke current token" in fix


@pytest.mark.parametrize(("running", "sign"), [(False, "!"), (True, "✗")])
async def test_a_webhook_although_we_poll_is_told(
    tmp_path: Path, running: bool, sign: str
) -> None:
    async with ward(tmp_path) as patient:
        # given an address that holds a secret, set by some other program
        hook = patient.server.bot.hook = a_hook("https://old.example.org/s3cret-path")
        hook.last_error, hook.last_error_at = "Connection refused", patient.server.clock.now()
        if running:
            with ProcessLock(patient.database):
                said = await patient.look()
        else:
            said = await patient.look()
    fix = said.fix(f"{sign} 收消息：Telegram 推到 old.example.org，配置要自己去取")
    assert "wenha serve" in fix
    assert ("Revoke current token" in fix) is running
    assert "s3cret" not in said.text
    # what goes wrong there is not ours to repair
    assert "推送：" not in said.text


@pytest.mark.parametrize(("running", "sign"), [(False, "!"), (True, "✗")])
async def test_a_webhook_that_is_configured_and_not_set_is_told(
    tmp_path: Path, running: bool, sign: str
) -> None:
    async with ward(tmp_path) as patient:
        patient.more = HOOK
        if running:
            with ProcessLock(patient.database):
                said = await patient.look()
        else:
            said = await patient.look()
    what = "收消息：Telegram 那边没有设推送，配置要推到 wen.example.org"
    assert "wenha serve" in said.fix(f"{sign} {what}")


async def test_a_webhook_on_another_path_of_ours_is_told(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        patient.more = HOOK
        patient.server.bot.hook = a_hook("https://wen.example.org/old")
        said = await patient.look()
    assert said.fix("! 收消息：Telegram 推到 wen.example.org，网址和配置里的不一样")


async def test_a_webhook_as_configured_is_fine(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        patient.more = HOOK
        patient.server.bot.hook = a_hook()
        said = await patient.look()
    assert said.code == 0
    assert "✓ 收消息：由 Telegram 推到 wen.example.org" in said.text


async def test_what_telegram_once_could_not_post_is_told(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        patient.more = HOOK
        hook = patient.server.bot.hook = a_hook()
        hook.last_error = "SSL error {error:0A000086:certificate verify failed}"
        hook.last_error_at = patient.server.clock.now() - timedelta(minutes=5)
        said = await patient.look()
    assert said.code == 0
    assert "有效的证书" in said.fix("! 推送：5 分钟前没推成（SSL error")


async def test_what_telegram_cannot_post_now_is_told(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient, a_proxy_without_service() as root:
        patient.more = f"  webhook: {{url: '{root}'}}\n"
        patient.server.bot.hook = a_hook(f"{root}/telegram")
        patient.server.people.say(patient.wang, patient.village, "问哈村长，在不在？")
        await patient.server.delivered()
        said = await patient.look()
    assert said.code == 1
    words = "Wrong response from the webhook: 502 Bad Gateway"
    assert "wenha serve 在不在运行" in said.fix(f"✗ 推送：0 秒前没推成（{words}）")


@asynccontextmanager
async def a_proxy_without_service() -> AsyncIterator[str]:
    """Where nobody stands behind the address Telegram posts to."""

    async def gone(_request: web.Request) -> web.Response:
        return web.Response(status=502)

    app = web.Application()
    app.router.add_post("/telegram", gone)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_what_waits_at_telegram_while_nothing_runs_is_told(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        patient.server.people.say(patient.wang, patient.village, "问哈村长，在不在？")
        said = await patient.look()
    assert said.code == 0
    assert "24小时" in said.fix("! 收消息：有 1 条在 Telegram 那边等着")


@pytest.mark.parametrize(("waiting", "told"), [(99, False), (100, True)])
async def test_a_long_queue_at_telegram_is_told_while_the_service_runs(
    tmp_path: Path, waiting: int, told: bool
) -> None:
    async with ward(tmp_path) as patient:
        for number in range(waiting):
            patient.server.people.say(patient.wang, patient.village, f"第{number}句")
        with ProcessLock(patient.database):
            said = await patient.look()
    assert (f"! 收消息：有 {waiting} 条在 Telegram 那边等着" in said.text) is told
