"""The staff pages for the journeys: real HTTP, a browser for everybody, over a village."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from html import unescape
from pathlib import Path

from aiohttp import CookieJar, FormData, web
from aiohttp.test_utils import TestClient, TestServer

from base.staff import StaffRole
from bot.shelf import Shelf
from console import auth
from console.web import console_routes
from knowledge.revisions import Standing
from storage.unit import Unit
from tests.journeys.baishi import Baishi, baishi
from wenha import staff_pages

PASSWORD = "山高路远坑深大军纵横"  # noqa: S105 - of people that are made up
STAFF: Mapping[str, frozenset[StaffRole]] = {
    "王芳": frozenset({StaffRole.CURATOR}),
    "赵敏": frozenset({StaffRole.REVIEWER}),
    "钱进": frozenset({StaffRole.REVIEWER}),
    "孙丽": frozenset({StaffRole.DUTY_LEAD}),
    "运维": frozenset({StaffRole.OPERATOR}),
}
_HASH = auth.hashed(PASSWORD)  # once: it is slow on purpose
_TOKEN = re.compile(r'name="token" value="([^"]+)"')
_SEEN = re.compile(r'name="seen" value="([^"]+)"')


class Clerk:
    """Somebody's browser at the staff pages: keeps cookies, fills in the forms it is shown."""

    def __init__(self, client: TestClient) -> None:  # type: ignore[type-arg] # its parameters name aiohttp internals
        self.client = client

    async def sign_in(self, name: str, password: str = PASSWORD) -> int:
        """Type name and password; return the status of the page that follows."""
        fields = {"name": name, "password": password}
        answer = await self.client.post("/console/sign-in", data=fields)
        return answer.status

    async def get(self, path: str) -> tuple[int, str]:
        """Open a page."""
        answer = await self.client.get(f"/console{path}")
        return answer.status, unescape(await answer.text())

    async def look(self, path: str) -> str:
        """Open a page; it must be there."""
        status, page = await self.get(path)
        assert status == 200, page
        return page

    async def post(
        self, page: str, where: str, fields: Mapping[str, str | Sequence[str]]
    ) -> tuple[int, str]:
        """Send a form that stands on `page` to `where`; fields win over the page's own."""
        found = await self.look(page)
        filled = {
            name: match.group(1)
            for name, shape in (("token", _TOKEN), ("seen", _SEEN))
            if (match := shape.search(found))
        }
        given = {**filled, **fields}
        pairs = [
            (name, one)
            for name, value in given.items()
            for one in ([value] if isinstance(value, str) else value)
        ]
        answer = await self.client.post(f"/console{where}", data=FormData(pairs))
        return answer.status, unescape(await answer.text())

    async def deed(self, entry: str, deed: str, **more: str) -> tuple[int, str]:
        """Press a button below an entry."""
        path = f"/faq/{entry}"
        return await self.post(path, f"{path}/do", {"deed": deed, **more})

    async def save(self, entry: str, **fields: str) -> tuple[int, str]:
        """Fill the whole editor and save; what is not named is left as a good draft has it."""
        return await self.post(f"/faq/{entry}", f"/faq/{entry}", {**GOOD, **fields})


GOOD: Mapping[str, str] = {
    "question": "无人机打药熏坏了茶叶哪个赔？",
    "answer": "打药的人和请他打药的人要赔。先拍照留样，请村里做个见证。",
    "steps": "拍照、留样、记下日子\n找村里调解，谈不成去法院",
    "variants": (
        "无人机打药把我家茶叶熏坏了\n隔壁打药飘到我茶园\n飞机打药茶叶死了找哪个\n"
        "农药飘过来茶树黄了咋赔\n打药的无人机害了我的茶"
    ),
    "law": "民法典",
    "article": "1165",
    "checked_on": "2026-11-20",
    "category": "neighbours",
    "review_by": "2027-11-20",
    "valid_from": "",
    "valid_to": "",
    "why": "",
}
"""A draft that lacks nothing."""


class StaffRoom:
    """The pages, and what can be seen behind them."""

    def __init__(self, village: Baishi, server: TestServer) -> None:
        self.village = village
        self.server = server
        self.clients: list[TestClient] = []  # type: ignore[type-arg] # its parameters name aiohttp internals

    @property
    def shelf(self) -> Shelf:
        """What the village is answered from."""
        return self.village.service.shelf

    async def stranger(self) -> Clerk:
        """Return a fresh browser that nobody has signed in with."""
        client: TestClient = TestClient(self.server, cookie_jar=CookieJar(unsafe=True))  # type: ignore[type-arg] # its parameters name aiohttp internals
        self.clients.append(client)
        return Clerk(client)

    async def clerk(self, name: str) -> Clerk:
        """Return the browser of somebody who has signed in."""
        clerk = await self.stranger()
        assert await clerk.sign_in(name) == 200
        return clerk

    async def standing(self, entry: str) -> Standing:
        """Return where an entry stands."""
        found = await self.village.service.store.read(lambda unit: unit.faq.standing(entry))
        assert found is not None
        return found

    async def served(self) -> None:
        """Let the service look at the FAQ, as it does every second."""
        service = self.village.service
        await service.faq_keeper.step(service.clock.now())


@asynccontextmanager
async def staff_room(folder: Path, *, secure: bool = False) -> AsyncIterator[StaffRoom]:
    """Run the village and the staff pages over one database."""
    async with baishi(folder) as village:
        service = village.service
        now = service.clock.now()
        await service.store.write(lambda unit: _hire(unit, now))
        app = web.Application(client_max_size=1024 * 1024)
        app.add_routes(console_routes(staff_pages.house(service, secure=secure)))
        server = TestServer(app)
        async with server:
            room = StaffRoom(village, server)
            try:
                yield room
            finally:
                for client in room.clients:
                    await client.session.close()


def _hire(unit: Unit, now: datetime) -> None:
    for name, roles in STAFF.items():
        unit.staff.add(name, roles, _HASH, now)
