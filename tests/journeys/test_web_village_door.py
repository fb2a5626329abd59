"""What the door of a web village lets through: nothing of other places, nothing forged."""

from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import pytest

from base.wording.place import TEXT
from bot.channels.web.badge import COOKIE, Badge, seal
from bot.channels.web.place import DEEDS_A_MINUTE
from bot.channels.web.shell import HEADERS
from storage.store import open_connection
from tests.journeys.web_places import HUB, OTHER, VILLAGE, web_places
from wenha.config import secret

QUESTION = "无人机打药把我家茶叶熏坏了，找哪个？"


async def test_a_newcomer_sees_nothing_before_saying_who_they_are(tmp_path: Path) -> None:
    async with web_places(tmp_path) as places:
        asker = await places.somebody(VILLAGE, "张秀兰")
        await asker.say("我屋头的事")
        newcomer = await places.browser(VILLAGE)
        page = await newcomer.look()
        assert "请问您怎么称呼？" in page
        assert "我屋头的事" not in page
        assert (await newcomer.get("/state"))[0] == 403
        status, page = await newcomer.post("say", {"text": "早"})
        assert (status, TEXT["place.come_in_first"] in page) == (403, True)
        assert len(await places.chat(VILLAGE)) == 2


async def test_another_villages_link_shows_and_takes_nothing_of_this_one(tmp_path: Path) -> None:
    async with web_places(tmp_path) as places:
        asker = await places.somebody(VILLAGE, "张秀兰")
        await asker.say(QUESTION, call="1")
        await places.settle()
        question, offer = (await places.chat(VILLAGE))[1:3]
        stranger = await places.somebody(OTHER, "赵四")

        for path in ("", "/state", f"?reply={question.id}", "?press=1"):
            page = await stranger.look(path)
            assert "茶叶" not in page
            assert "张秀兰" not in page
        status, _ = await stranger.post("say", {"text": "早", "reply_to": str(question.id)})
        assert status == 422
        status, _ = await stranger.post("press", {"message": str(offer.id), "index": "0"})
        assert status == 404
        assert [message.author for message in await places.chat(OTHER)] == [None]


async def test_the_reaction_to_a_press_is_not_shown_in_another_place(tmp_path: Path) -> None:
    async with web_places(tmp_path) as places:
        asker = await places.somebody(VILLAGE, "张秀兰")
        await asker.say(QUESTION, call="1")
        await places.settle()
        await asker.press(await places.ours(VILLAGE), "紧急")
        await places.settle()
        assert 'data-press="1"' in await asker.look()
        asker.link = places.links[OTHER][0]
        assert 'data-press="0"' in await asker.look()


@pytest.mark.parametrize("forge", ["name", "mac", "key", "garbage", "empty"])
async def test_a_forged_cookie_is_nobody(tmp_path: Path, forge: str) -> None:
    async with web_places(tmp_path) as places:
        liaison = await places.somebody(VILLAGE, "王德贵", second=True)
        key = secret(places.service.config)
        (cookie,) = (one for one in liaison.client.session.cookie_jar if one.key == COOKIE)
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
        body, mac = cookie.value.split(".")
        other = seal(key, Badge(name="别人")).split(".")
        forged = {
            "name": f"{other[0]}.{mac}",
            "mac": f"{body}.{'0' * len(mac)}",
            "key": seal(b"another", Badge(name="王德贵")),
            "garbage": "%00.\u00e9",
            "empty": ".",
        }[forge]
        stranger = await places.browser(VILLAGE, second=True)
        answer = await stranger.client.get(stranger.link, headers={"Cookie": f"{COOKIE}={forged}"})
        assert answer.status == 200
        assert "请问您怎么称呼？" in await answer.text()


async def test_a_form_of_another_site_or_person_is_refused(tmp_path: Path) -> None:
    async with web_places(tmp_path) as places:
        asker = await places.somebody(VILLAGE, "张秀兰")
        other = await places.somebody(VILLAGE, "李大山")
        for token in ("", "wrong", await other.token(), "\u00e9"):
            status, page = await asker.post("say", {"text": "问哈村长，工钱", "token": token})
            assert status == 403
            assert "问哈村长，工钱</textarea>" in page
        body = urlencode({"text": "早", "token": await asker.token()}).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "cross-site",
        }
        answer = await asker.client.post(f"{asker.link}/say", data=BytesIO(body), headers=headers)
        assert answer.status == 403
        assert len(await places.chat(VILLAGE)) == 1


async def test_words_and_names_of_people_are_never_markup(tmp_path: Path) -> None:
    async with web_places(tmp_path) as places:
        attacker = await places.somebody(VILLAGE, "<b>\"'</b>")
        await attacker.say('<script>alert(1)</script>"><img src=x onerror=alert(1)>')
        said = (await places.chat(VILLAGE))[1]
        reader = await places.somebody(VILLAGE, "张秀兰")
        for path in ("", f"?reply={said.id}", "/state", "?who"):
            for browser in (attacker, reader):
                page = await browser.look(path)
                assert "<script>alert" not in page
                assert "<img src=x" not in page
                assert "<b>&#34;" not in page
                assert "<b>\"'" not in page


async def test_every_page_carries_the_security_headers_and_no_inline_code(tmp_path: Path) -> None:
    async with web_places(tmp_path) as places:
        browser = await places.browser(VILLAGE)
        for path in ("", "/state", "x"):
            answer = await browser.client.get(browser.link + path)
            assert {name: answer.headers[name] for name in HEADERS} == dict(HEADERS)
            page = await answer.text()
            assert "<style" not in page
            assert " style=" not in page
            assert "<script>" not in page


@pytest.mark.parametrize(
    "path",
    ["/v/", "/v/nonsense", "/v/nonsense/state", "/v/%00/say", "/v/" + "a" * 5000, "/v/a/b/c"],
)
async def test_a_link_that_leads_nowhere_says_so_in_chinese(tmp_path: Path, path: str) -> None:
    async with web_places(tmp_path) as places:
        browser = await places.browser(VILLAGE)
        for method in ("GET", "POST"):
            answer = await browser.client.request(method, path)
            assert answer.status == 404
            assert TEXT["place.nowhere"] in await answer.text()
            assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


async def test_somebody_too_fast_is_asked_to_wait_and_loses_no_word(tmp_path: Path) -> None:
    async with web_places(tmp_path) as places:
        asker = await places.somebody(VILLAGE, "张秀兰")
        other = await places.somebody(VILLAGE, "李大山")
        for place in range(DEEDS_A_MINUTE):
            await asker.say(f"第{place}句")
        status, page = await asker.post("say", {"text": "再一句"})
        assert status == 429
        assert TEXT["place.too_fast"] in page
        assert "再一句</textarea>" in page
        await other.say("我还能说")
        await places.wait(minutes=1)
        await asker.say("再一句")


async def test_a_form_far_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    async with web_places(tmp_path) as places:
        asker = await places.somebody(VILLAGE, "张秀兰")
        assert (await asker.post("say", {"text": "长" * 100_000}))[0] == 413
        status, page = await asker.post("say", {"text": "长" * 4001})
        assert status == 422
        assert "长" * 4001 in page


@pytest.mark.parametrize(
    ("name", "key"),
    [("", "no_name"), ("   ", "no_name"), ("长" * 13, "long_name"), ("问哈村长", "our_name")],
)
async def test_a_name_has_to_be_one(tmp_path: Path, name: str, key: str) -> None:
    async with web_places(tmp_path) as places:
        browser = await places.browser(VILLAGE)
        status, page = await browser.post("in", {"name": name})
        assert status == 422
        assert TEXT[f"place.{key}"].format(limit=12) in page
        assert "请问您怎么称呼？" in page


async def test_in_a_hub_one_says_ones_profession_once(tmp_path: Path) -> None:
    async with web_places(tmp_path) as places:
        browser = await places.browser(HUB)
        status, page = await browser.post("in", {"name": "陈静"})
        assert (status, TEXT["place.no_profession"] in page) == (422, True)
        assert "您是陈静（公证）" in await browser.enter("陈静", profession="notary")
        assert "公证" not in await browser.look("?who")


async def test_another_name_is_another_person(tmp_path: Path) -> None:
    async with web_places(tmp_path) as places:
        phone = await places.somebody(VILLAGE, "张秀兰")
        await phone.say("奶奶的话")
        assert "还是张秀兰，回到群里" in await phone.look("?who")
        await phone.enter("张小军")
        await phone.say("孙子的话")
        first, second = (await places.chat(VILLAGE))[1:]
        assert first.author != second.author
        assert 'class="message theirs" id="m' in await phone.look()


async def test_no_secret_and_no_villagers_name_is_kept_where_nobody_asked(tmp_path: Path) -> None:
    async with web_places(tmp_path) as places:
        await places.somebody(VILLAGE, "张秀兰")
        people = "SELECT count(*) FROM person"
        with open_connection(tmp_path / "wenha.db") as connection:
            assert connection.exec_driver_sql(people).scalar() == 0
            kept = connection.exec_driver_sql("SELECT secret FROM web_door").scalars().all()
        secrets = {link.rsplit("/", 1)[1] for both in places.links.values() for link in both}
        assert len(kept) == len(secrets) == 6
        assert not secrets & set(kept)
