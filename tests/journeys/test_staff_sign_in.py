"""Signing in at the staff pages: nothing planted, guessed, overheard or sent elsewhere works."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from base.staff import TRIES
from console.auth import COOKIE
from tests.journeys.staff_room import PASSWORD, Clerk, StaffRoom, staff_room


async def test_a_session_that_somebody_planted_is_never_taken_over(tmp_path: Path) -> None:
    async with staff_room(tmp_path) as room:
        clerk = await room.stranger()
        clerk.client.session.cookie_jar.update_cookies(
            {COOKIE: "planted"}, room.server.make_url("/")
        )
        assert await clerk.sign_in("王芳") == 200
        secret = cookie(room, clerk)
        assert secret != "planted"  # noqa: S105 - not one of ours

        # signing in again ends the session before it; signing out ends it everywhere
        assert await clerk.sign_in("王芳") == 200
        assert cookie(room, clerk) != secret
        other = await room.stranger()
        for old in ("planted", secret):
            other.client.session.cookie_jar.update_cookies(
                {COOKIE: old}, room.server.make_url("/")
            )
            assert "登录管理页面" in (await other.get("/faq"))[1]
        newest = cookie(room, clerk)
        await clerk.post("/faq", "/sign-out", {})
        plant(room, other, newest)
        assert "登录管理页面" in (await other.get("/faq"))[1]


def plant(room: StaffRoom, clerk: Clerk, secret: str) -> None:
    """Put a cookie into somebody's browser."""
    here = room.server.make_url("/")
    clerk.client.session.cookie_jar.update_cookies({COOKIE: secret}, here)


def cookie(room: StaffRoom, clerk: Clerk) -> str:
    found = clerk.client.session.cookie_jar.filter_cookies(room.server.make_url("/console"))
    return found[COOKIE].value


async def test_the_cookie_is_kept_from_scripts_other_sites_and_open_networks(
    tmp_path: Path,
) -> None:
    async with staff_room(tmp_path, secure=True) as room:
        clerk = await room.stranger()
        fields = {"name": "王芳", "password": PASSWORD}
        answer = await clerk.client.post("/console/sign-in", data=fields, allow_redirects=False)
        told = answer.headers["Set-Cookie"]
        assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/console"} <= set(told.split("; "))
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


async def test_without_https_only_this_machine_may_sign_in(tmp_path: Path) -> None:
    async with staff_room(tmp_path) as room:
        clerk = await room.stranger()
        fields = {"name": "王芳", "password": PASSWORD}
        answer = await clerk.client.post(
            "/console/sign-in", data=fields, headers={"Host": "wenha.example:8080"}
        )
        assert answer.status == 403
        assert "https" in await answer.text()
        assert COOKIE not in answer.cookies


async def test_guessing_ends_after_five_tries_even_all_at_once(tmp_path: Path) -> None:
    async with staff_room(tmp_path) as room:
        clerk = await room.stranger()
        for n in range(TRIES):
            assert await clerk.sign_in("王芳", f"错的密码{n}号试一试") == 403
        # the right one is not even looked at
        assert await clerk.sign_in("王芳") == 403
        # others are not shut out, and time heals
        room.village.clock.move_to(room.village.clock.now() + timedelta(minutes=2))
        assert await clerk.sign_in("赵敏") == 200
        room.village.clock.move_to(room.village.clock.now() + timedelta(minutes=14))
        assert await clerk.sign_in("王芳") == 200


async def test_one_address_cannot_try_without_end_and_unknown_names_look_like_known(
    tmp_path: Path,
) -> None:
    async with staff_room(tmp_path) as room:
        clerk = await room.stranger()
        fields = {"name": "不认识", "password": PASSWORD}
        told = set()
        for _ in range(12):
            answer = await clerk.client.post("/console/sign-in", data=fields)
            assert answer.status == 403
            told.add(re.findall(r'role="alert">([^<]+)', await answer.text())[0])
        assert any("过一分钟" in one for one in told)
        # each address behind the proxy of this machine has tries of its own
        answer = await (await room.stranger()).client.post(
            "/console/sign-in",
            data={"name": "王芳", "password": PASSWORD},
            headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.7"},
        )
        assert answer.status == 200
        answer = await (await room.stranger()).client.post(
            "/console/sign-in", data={"name": "王芳", "password": "x"}
        )
        assert answer.status == 403


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example", "/console/../v/x", "/console//evil", "/evil",
     "/console\\evil", "javascript:alert(1)"],
)  # fmt: skip
async def test_signing_in_leads_nowhere_but_here(tmp_path: Path, address: str) -> None:
    async with staff_room(tmp_path) as room:
        clerk = await room.stranger()
        answer = await clerk.client.post(
            "/console/sign-in",
            params={"next": address},
            data={"name": "王芳", "password": PASSWORD},
            allow_redirects=False,
        )
        assert answer.headers["Location"] in ("/console/faq", "/console/../v/x")
        assert answer.headers["Location"].startswith("/console/")
