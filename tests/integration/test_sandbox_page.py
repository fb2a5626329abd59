"""Does the sandbox page show what there is, take what is typed, and lose nothing?"""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from bot.channels.web.shell import HEADERS
from storage.unit import Unit
from tests.integration.web_stage import (
    HUB,
    VILLAGE,
    ZHANG,
    ZHOU,
    Stage,
    a_browser,
    a_stage,
    field,
    settle_in,
)

Browser = TestClient[web.Request, web.Application]
JSON = {"Accept": "application/json"}


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    made = a_stage(tmp_path / "wenha.db")
    await made.store.write(settle_in)
    yield made
    made.store.close()


@pytest.fixture
async def browser(stage: Stage) -> AsyncIterator[Browser]:
    async with a_browser(stage) as client:
        yield client


async def look(browser: Browser, address: str = "/") -> str:
    answer = await browser.get(address)
    assert answer.status == 200
    return await answer.text()


async def post(
    browser: Browser,
    what: str,
    fields: Mapping[str, str],
    headers: Mapping[str, str] | None = None,
) -> tuple[int, str, str]:
    """Post a form as the page would; return status, body and where it leads."""
    filled = {"token": field(await look(browser), "token"), "as": "zhang", **fields}
    body = urlencode(filled).encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
    answer = await browser.post(
        f"/sandbox/{what}", data=BytesIO(body), headers=kind, allow_redirects=False
    )
    return answer.status, await answer.text(), answer.headers.get("Location", "")


async def test_a_newcomer_sees_who_and_where_and_what_to_try(browser: Browser) -> None:
    page = await look(browser)
    for words in ("问哈村长", "张秀兰", "周敏", "律师", "白石村", "值守群", "+10 分钟", "09:20"):
        assert words in page
    assert "群里还没人说话" in page
    assert "上班时间" in page


async def test_every_page_forbids_foreign_scripts_and_inline_ones(browser: Browser) -> None:
    answer = await browser.get("/")
    assert {name: answer.headers[name] for name in HEADERS} == dict(HEADERS)
    page = await answer.text()
    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page


async def test_a_plain_form_posts_settles_and_comes_back(stage: Stage, browser: Browser) -> None:
    status, _, location = await post(browser, "say", {"text": "今天赶场不?", "nonce": "n1"})
    assert (status, stage.host.settled) == (303, 1)
    assert parse_qs(urlsplit(location).query)["as"] == ["zhang"]
    assert "今天赶场不?" in await look(browser, location)


async def test_a_reply_shows_what_it_answers(stage: Stage, browser: Browser) -> None:
    asked = await stage.say(ZHANG, "早上好")
    page = await look(browser, f"/?as=wang&reply={asked}")
    assert "回复张秀兰" in page
    await post(browser, "say", {"text": "早", "reply_to": str(asked), "as": "wang"})
    assert f'href="#m{asked}"' in await look(browser)


async def test_words_of_people_are_never_markup(stage: Stage, browser: Browser) -> None:
    attack = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    first = await stage.say(ZHANG, attack)
    await stage.say(ZHANG, "看", reply_to=first)
    await stage.card('"><b>坏', text="<i>卡\n片")
    for address in ("/", f"/?as=zhang&reply={first}", "/sandbox/state?as=zhou", '/?as="><i>'):
        page = await look(browser, address)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<i>" not in page
        assert '"><b>坏' not in page


@pytest.mark.parametrize("token", ["", "wrong", "\u00e9", "x" * 10_000])
async def test_a_form_of_another_page_changes_nothing_but_keeps_the_words(
    stage: Stage, browser: Browser, token: str
) -> None:
    status, page, _ = await post(browser, "say", {"text": "问哈村长,工钱", "token": token})
    assert status == 403
    assert "问哈村长,工钱</textarea>" in page
    assert await stage.shown(VILLAGE) == []


async def test_another_site_is_refused_even_with_the_token(stage: Stage, browser: Browser) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    status, _, _ = await post(browser, "say", {"text": "早"}, foreign)
    assert status == 403
    assert await stage.shown(VILLAGE) == []


async def test_too_long_is_refused_and_stays_in_the_input(stage: Stage, browser: Browser) -> None:
    text = "长" * 33_334  # 100 kB
    status, page, _ = await post(browser, "say", {"text": text})
    assert status == 422
    assert "写了33334字" in page
    assert text in page
    assert await stage.shown(VILLAGE) == []
    status, page, _ = await post(browser, "say", {"text": "长" * 200_000})
    assert status == 413
    assert "没有收下" in page


@pytest.mark.parametrize(
    ("what", "fields", "status"),
    [
        ("say", {"text": " "}, 422),
        ("say", {"text": "早", "reply_to": "99"}, 422),
        ("say", {"text": "早", "reply_to": "٣"}, 422),
        ("say", {"text": "早", "as": "nobody"}, 422),
        ("press", {"message": "1", "index": "0"}, 404),
        ("press", {"message": "1", "index": "-1"}, 422),
        ("press", {"message": "9" * 5000, "index": "0"}, 422),
        ("press", {"index": "0"}, 422),
        ("press", {"message": "1", "index": "0", "room": "hub"}, 422),
        ("press", {"message": "1", "index": "5", "as": "zhou"}, 404),
        ("press", {"message": "1", "index": "0:退回", "as": "zhou"}, 422),
        ("clock", {"by": "-10"}, 422),
        ("clock", {}, 422),
    ],
)
async def test_what_cannot_be_done_is_said_in_a_sentence(
    stage: Stage, browser: Browser, what: str, fields: dict[str, str], status: int
) -> None:
    await stage.card("认领")
    answered, page, _ = await post(browser, what, fields)
    assert answered == status
    assert re.search(r'role="alert">\s*<p>[^<]+。</p>', page)
    answered, body, _ = await post(browser, what, fields, JSON)
    assert answered == status
    assert "problem" in body
    assert await stage.inbox() == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"text=a", "application/x-www-form-urlencoded; charset=nonsense"),
        (b"--x", "multipart/form-data"),
        (b"--x\r\n\r\n", "multipart/form-data; boundary=x"),
        (b"--x\r\nfoo", "multipart/form-data; boundary=x"),
    ],
)
async def test_a_broken_form_is_answered_in_a_sentence(
    browser: Browser, body: bytes, kind: str
) -> None:
    answer = await browser.post("/sandbox/say", data=body, headers={"Content-Type": kind})
    assert answer.status in (403, 422)
    assert "</html>" in await answer.text()


async def test_a_press_shows_its_reaction_once(stage: Stage, browser: Browser) -> None:
    card = await stage.card("认领")
    fields = {"as": "zhou", "message": str(card), "index": "0:认领", "room": "hub"}
    status, _, location = await post(browser, "press", fields)
    assert status == 303
    pressed = await stage.store.read(lambda unit: unit.web.last_press("zhou"))
    assert pressed is not None
    await stage.channel.react(str(pressed.id), "收到:认领")
    assert f'data-press="{pressed.id}">收到:认领' in await look(browser, location)
    assert f'data-press="{pressed.id}" hidden>' in await look(browser, "/?as=zhou")


async def test_only_the_group_one_speaks_in_can_be_written_to(browser: Browser) -> None:
    page = await look(browser, "/?as=zhou")
    assert "你现在是周敏（律师），只能在值守群里说话。" in page
    assert page.count('action="/sandbox/say"') == 1


async def test_the_state_is_sent_again_only_when_it_changed(
    stage: Stage, browser: Browser
) -> None:
    answer = await browser.get("/sandbox/state", params={"as": "zhang"})
    seen = answer.headers["X-Seen"]
    assert f'data-seen="{seen}"' in await look(browser, "/?as=zhang")
    asked = {"as": "zhang", "seen": seen}
    assert (await browser.get("/sandbox/state", params=asked)).status == 204
    await stage.say(ZHOU, "在吗")
    answer = await browser.get("/sandbox/state", params=asked)
    assert "在吗" in await answer.text()


async def test_the_clock_moves_by_steps_and_to_the_next_due(
    stage: Stage, browser: Browser
) -> None:
    start = stage.clock.now()
    await post(browser, "clock", {"by": "10"})
    await post(browser, "clock", {"by": "60"})
    assert stage.clock.now() - start == timedelta(minutes=70)
    stage.host.due = start + timedelta(hours=8, minutes=41)
    assert "今天18:01" in await look(browser)
    await post(browser, "clock", {"by": "next"})
    assert stage.clock.now() == stage.host.due
    assert "明天9:00上班" in await look(browser)
    stage.host.due = start
    await post(browser, "clock", {"by": "next"})  # a due that is past never turns the clock back
    assert stage.host.moves == sorted(stage.host.moves)


async def test_a_full_disk_keeps_what_was_typed_and_the_same_click_works_later(
    stage: Stage, browser: Browser
) -> None:
    def room_for(pages: int) -> Callable[[Unit], None]:
        pragma = f"PRAGMA max_page_count={pages}"
        return lambda unit: unit.web._connection.exec_driver_sql(pragma).close()

    text = "问哈村长," + "长" * 3900
    await stage.store.write(room_for(1))  # SQLite takes the file's present size
    status, page, _ = await post(browser, "say", {"text": text, "nonce": "n1"})
    assert status == 503
    assert "现在存不下" in page
    assert text in page
    await stage.store.write(room_for(1_000_000))
    again = {"text": text, "nonce": field(page, "nonce")}
    assert again["nonce"] == "n1"
    status, _, _ = await post(browser, "say", again)
    assert status == 303
    assert [message.text for message in await stage.shown(VILLAGE)] == [text]


async def test_style_and_script_are_served_and_nothing_else(browser: Browser) -> None:
    for name, kind in (
        ("chat.css", "text/css"),
        ("sandbox.css", "text/css"),
        ("chat.js", "text/javascript"),
    ):
        answer = await browser.get(f"/sandbox/static/{name}")
        assert (answer.status, answer.content_type) == (200, kind)
    assert (await browser.get("/sandbox/static/..%2fpages.py")).status == 404


async def test_the_hub_and_the_village_stay_apart(stage: Stage) -> None:
    await stage.say(ZHANG, "早")
    assert await stage.shown(HUB) == []
