"""In a real `wenha serve`: accounts by command, changes by page and command, answered."""

import asyncio
import os
import re
import subprocess
from pathlib import Path

from aiohttp import ClientSession, CookieJar

from tests.integration.test_serve_web import WENHA, a_config, serving, wenha
from tests.journeys.staff_room import GOOD, PASSWORD
from wenha.config import TOKEN_ENV

QUESTION = "无人机打药把我家茶叶熏坏了"
SERVED_WITHIN = 20  # looks a tenth of a second apart: two seconds
_LINK = re.compile(r"http://\S+(/v/\S+)")
_FIELDS = re.compile(r'name="(token|seen)" value="([^"]+)"')


def account(config: Path, name: str, role: str) -> str:
    """Open an account; return what the command says, wherever it says it."""
    done = subprocess.run(  # noqa: S603 - our own command
        [*WENHA, "--config", str(config), "console", "add-user", name, "--role", role],
        env={name: value for name, value in os.environ.items() if name != TOKEN_ENV},
        input=f"{PASSWORD}\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.stdout + done.stderr


class Person:
    """A browser on the real pages."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.session = ClientSession(cookie_jar=CookieJar(unsafe=True))

    async def get(self, path: str) -> str:
        async with self.session.get(self.base + path) as answer:
            return await answer.text()

    async def post(self, page: str, path: str, **fields: str) -> str:
        filled = dict(_FIELDS.findall(await self.get(page))) | fields
        async with self.session.post(self.base + path, data=filled) as answer:
            return await answer.text()

    async def sign_in(self, name: str) -> None:
        fields = {"name": name, "password": PASSWORD}
        page = await self.post("/console/sign-in", "/console/sign-in", **fields)
        assert "找到" in page


async def test_a_change_of_the_faq_is_served_within_two_seconds(tmp_path: Path) -> None:
    config, port = a_config(tmp_path)
    assert wenha(config, "bind", "hub", "--web").returncode == 0
    printed = wenha(config, "bind", "village", "白石村", "--web").stdout
    village = _LINK.findall(printed)[0]
    assert "可以登录了" in account(config, "王芳", "curator")
    assert "可以登录了" in account(config, "赵敏", "reviewer")
    async with serving(config):
        base = f"http://127.0.0.1:{port}"
        wang, zhao, zhang = Person(base), Person(base), Person(base)
        try:
            await wang.sign_in("王芳")
            await zhao.sign_in("赵敏")
            await zhang.post(village, f"{village}/in", name="张秀兰")

            # when one person writes, another checks, and the command publishes
            assert "C001" in await wang.post("/console/faq/new", "/console/faq/new", **GOOD)
            page = "/console/faq/C001"
            assert "已审核" in await zhao.post(page, f"{page}/do", deed="reviewed")
            done = wenha(config, "faq", "publish", "C001", "--by", "王芳")
            assert (done.returncode, "找审核人" in done.stderr) == (2, True)
            done = wenha(config, "faq", "publish", "C001", "--by", "赵敏")
            assert done.returncode == 0, done.stderr
            assert "发布了1条：C001" in done.stdout
            await asyncio.sleep(2)  # noqa: TID251 - what the promise is

            # then the village is answered with it
            assert GOOD["answer"] in await answered(zhang, village, GOOD["answer"])

            # and taken off by the page, it answers nobody two seconds later
            await zhao.post(page, f"{page}/do", deed="retired", why="法变了")
            await asyncio.sleep(2)  # noqa: TID251 - what the promise is
            said = await answered(zhang, village, "转给专家")
            assert said.count(GOOD["answer"]) == 1
        finally:
            for one in (wang, zhao, zhang):
                await one.session.close()


async def answered(zhang: Person, village: str, wanted: str) -> str:
    """Ask, and return the page once it says what is wanted."""
    await zhang.post(village, f"{village}/say", text=QUESTION, call="1")
    page = ""
    for _ in range(SERVED_WITHIN):
        page = await zhang.get(f"{village}/state")
        if wanted in page:
            break
        await asyncio.sleep(0.1)  # noqa: TID251 - a test waits for another process
    return page
