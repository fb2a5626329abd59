"""wenha doctor on Telegram: healthy, and each fault with its way out."""

import asyncio
import io
import json
import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from base.clock import FrozenClock
from tests.integration.doctor_stage import ward
from tests.telegram_server import faults
from wenha import doctor
from wenha.config import TOKEN_ENV
from wenha.lock import ProcessLock


async def test_what_is_healthy_is_found_healthy(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        said = await patient.examine()
    assert said.code == 0
    assert said.lines("✗") == []
    assert said.text.splitlines()[-8:] == [
        "✓ Telegram：令牌有效，机器人是 @wenha_test_bot",
        "✓ 时钟：和 Telegram 对得上",
        "✓ 收消息：服务自己去取，没有设推送",
        "✓ 收消息：没有别的程序在用这个令牌取",
        "✓ 命令菜单：群里、群管理员、私聊都设好了",
        "✓ 隐私模式：开着，不要紧，机器人在每个群都是管理员或不在群里",
        "✓ 值守群“值守群”：管理员，能发言",
        "✓ 村群“白石村”：管理员，能发言",
    ]


async def test_looking_changes_nothing_on_telegram(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        patient.server.people.say(patient.wang, patient.village, "问哈村长，在不在？")
        patient.server.calls.clear()
        await patient.look()
        assert {call.method for call in patient.server.calls} == {
            "getMe",
            "getWebhookInfo",
            "getUpdates",
            "getMyCommands",
            "getChat",
            "getChatMember",
        }
        # and what somebody wrote is still there for the service
        assert len(patient.server.bot.queue.waiting) == 1


async def test_a_running_service_is_not_disturbed(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        patient.server.calls.clear()
        with ProcessLock(patient.database):
            said = await patient.look()
        assert said.code == 0
        assert "✓ 收消息：服务正在取，没有打扰它" in said.text
        assert "getUpdates" not in {call.method for call in patient.server.calls}


async def test_a_wrong_token_is_told_and_never_shown(tmp_path: Path) -> None:
    wrong = f"{'7' * 10}:{'B' * 35}"
    async with ward(tmp_path) as patient:
        patient.environment = {TOKEN_ENV: wrong}
        said = await patient.look()
    assert said.code == 1
    assert "@BotFather → /mybots → 选机器人 → API Token" in said.fix("✗ Telegram：令牌不对")
    assert "B" * 35 not in said.text


@pytest.mark.parametrize("token", ["给我一个令牌", "'123:ABC'", "123:ABC\n", "123/ABC"])
async def test_what_is_no_token_is_not_even_tried(tmp_path: Path, token: str) -> None:
    async with ward(tmp_path) as patient:
        patient.environment = {TOKEN_ENV: token}
        patient.server.calls.clear()
        said = await patient.look()
        assert patient.server.calls == []
    assert said.code == 1
    assert "不带引号和空格" in said.fix("✗ Telegram：TELEGRAM_BOT_TOKEN 的样子不对")
    assert token.strip() not in said.text


async def test_bound_groups_without_a_token_are_told_as_not_looked_at(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        patient.environment = {}
        said = await patient.look()
    assert said.code == 0
    assert "TELEGRAM_BOT_TOKEN" in said.fix("! Telegram：绑定了 2 个群，这里没有令牌，没有检查")


def test_who_does_not_use_telegram_hears_nothing_of_it(tmp_path: Path) -> None:
    out = io.StringIO()
    (tmp_path / "config.yaml").write_text(f"database: {tmp_path / 'wenha.db'}\n", "utf-8")
    doctor.run(tmp_path / "config.yaml", out, None, {})
    assert "Telegram" not in out.getvalue()


async def test_a_server_that_cannot_be_reached_is_told_once(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient, patient.server.unreachable():
        said = await patient.look()
    assert said.code == 1
    assert "HTTPS_PROXY" in said.fix(f"✗ Telegram：连不上 127.0.0.1:{patient.server.port}")
    assert len(said.lines("✗")) == 1


@pytest.mark.parametrize("proxy", ["ftp://me:pass@example.org", "socks5://me:pass@example.org"])
async def test_a_proxy_that_cannot_be_used_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    async with ward(tmp_path) as patient:
        monkeypatch.setenv("all_proxy", proxy)
        said = await patient.look()
    assert said.code == 1
    assert "http://主机:端口" in said.fix("✗ Telegram：环境变量里的代理")
    assert "me:pass" not in said.text


@pytest.mark.parametrize("method", ["getMe", "getWebhookInfo", "getMyCommands", "getChatMember"])
async def test_a_server_that_does_not_answer_holds_nobody_up(tmp_path: Path, method: str) -> None:
    async with ward(tmp_path) as patient:
        # given an answer that never comes
        often: list[faults.Fault] = []

        def held() -> faults.Fault:
            often.append(faults.held())
            return often[-1]

        patient.server.faults.often(held, times=20, method=method)
        # when the doctor waits but shortly
        with ProcessLock(patient.database):
            said = await patient.look(patience=0.5)
        for fault in often:
            fault.release()
    assert said.code == 1
    assert "过几分钟再运行一次" in said.fix("✗ Telegram：127.0.0.1:")
    assert "等了 0.5 秒没有回话" in said.text


async def test_an_answer_that_is_none_of_the_bot_apis_is_told(tmp_path: Path) -> None:
    for fault in (faults.garbage(), faults.bad_gateway()):
        async with ward(tmp_path) as patient:
            patient.server.faults.next(fault, method="getMe")
            said = await patient.look()
        assert said.code == 1
        assert "telegram.base_url" in said.fix("✗ Telegram：127.0.0.1:")


async def test_a_server_that_asks_to_wait_spoils_one_question_only(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        patient.server.faults.next(faults.too_many_requests(9), method="getMyCommands")
        said = await patient.examine()
    assert said.code == 0
    assert "telegram.pace" in said.fix("! Telegram：127.0.0.1:")
    assert "✓ 村群“白石村”：管理员，能发言" in said.text


async def test_a_bot_that_may_join_no_group_is_told(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        patient.server.bot.joins_groups = False
        said = await patient.examine()
    assert said.code == 1
    assert said.fix("✗ Telegram：机器人不许进群") == (
        "打开 @BotFather → /mybots → 选 @wenha_test_bot → "
        "Bot Settings → Allow Groups? → Turn groups on"
    )


@pytest.mark.parametrize(
    ("seconds", "found"),
    [
        (30, "✓ 时钟：和 Telegram 对得上"),
        (31, "✗ 时钟：本机比 Telegram 快 31 秒"),
        (-30, "✓ 时钟：和 Telegram 对得上"),
        (-31, "✗ 时钟：本机比 Telegram 慢 31 秒"),
        (7200, "✗ 时钟：本机比 Telegram 快 2 小时"),
    ],
)
async def test_a_clock_that_is_off_is_told(tmp_path: Path, seconds: int, found: str) -> None:
    async with ward(tmp_path) as patient:
        ours = FrozenClock(patient.server.clock.now() + timedelta(seconds=seconds))
        with ProcessLock(patient.database):
            said = await patient.look(clock=ours)
    assert found in said.text
    if found.startswith("✗"):
        assert said.code == 1
        assert "timedatectl set-ntp true" in said.fix(found)


async def test_a_menu_that_is_not_as_it_should_be_is_told(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        commands = patient.server.bot.commands
        for scope in list(commands):
            if json.loads(scope)[0]["type"] == "all_private_chats":
                del commands[scope]
            elif json.loads(scope)[0]["type"] == "all_group_chats":
                commands[scope] = [{"command": "help", "description": "Help"}]
        said = await patient.examine()
    assert said.code == 0
    assert "wenha serve" in said.fix("! 命令菜单：群里、私聊的没有设好")


async def test_the_token_stands_neither_in_output_nor_in_logs(tmp_path: Path) -> None:
    # given the command as an operator runs it, with everything it logs
    async with ward(tmp_path) as patient:
        config = tmp_path / "config.yaml"
        config.write_text(f"database: {patient.database}\n{patient.telegram()}", "utf-8")
        with ProcessLock(patient.database):
            command = await asyncio.create_subprocess_exec(
                sys.executable,
                "-c",
                "import sys; from wenha.cli import main; sys.exit(main(sys.argv[1:]))",
                "--config",
                str(config),
                "doctor",
                env={**os.environ, **patient.environment},
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            said, logged = await command.communicate()
        token = patient.server.bot.token.encode()
    assert "✓ Telegram：令牌有效".encode() in said
    assert token not in said + logged
    assert token.partition(b":")[2] not in said + logged
