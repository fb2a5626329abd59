"""In a real browser, phone-wide and desktop: ask, hand up, claim, answer, see it arrive."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, async_playwright, expect

from base.clock import FrozenClock
from tests.journeys.baishi import MONDAY_9AM
from wenha.config import Config
from wenha.demo.cast import move_in
from wenha.demo.sandbox import Host, application
from wenha.wiring import open_service

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}


@asynccontextmanager
async def newcomer(folder: Path, size: dict[str, int]) -> AsyncIterator[Page]:
    """Open the sandbox in headless Chromium; scripts' errors fail the test."""
    service = await open_service(
        Config(database=folder / "demo.db"), clock := FrozenClock(MONDAY_9AM)
    )
    await service.store.write(move_in)
    errors: list[str] = []
    try:
        async with (
            TestServer(application(service, Host(service, clock))) as server,
            async_playwright() as playwright,
        ):
            browser = await playwright.chromium.launch(
                executable_path=CHROMIUM, args=list(ARGUMENTS)
            )
            page = await browser.new_page(
                viewport={"width": size["width"], "height": size["height"]},
                base_url=str(server.make_url("/")),
            )
            page.on("pageerror", lambda error: errors.append(str(error)))
            yield page
            await browser.close()
    finally:
        service.close()
    assert errors == []


async def _be(page: Page, who: str) -> None:
    await page.goto(f"/?as={who}")


async def _say(page: Page, text: str) -> None:
    await page.fill("#words", text)
    await page.click(".send")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_a_question_goes_up_and_its_answer_arrives_under_it(
    tmp_path: Path, size: dict[str, int]
) -> None:
    async with newcomer(tmp_path, size) as page:
        # given a newcomer who sees what can be tried
        await _be(page, "zhang")
        await expect(page.locator("#log-village")).to_contain_text("可以这样走一遍")

        # when 张秀兰 asks something the FAQ does not know, and wants an expert
        await _say(page, "问哈村长，我家的蚕子遭烟熏死了，没得赔")
        village = page.locator("#log-village")
        await expect(village).to_contain_text("前没人答就转给律师")
        await village.get_by_role("button", name="转给专家").click()
        await expect(village).to_contain_text("最迟今天15:00前有人回你")

        # and the lawyer claims it and answers by replying to the card
        await _be(page, "chen")
        hub = page.locator("#log-hub")
        await expect(hub).to_contain_text("【1号工单】白石村 · 待认领")
        await hub.get_by_role("button", name="认领").click()
        await expect(hub).to_contain_text("承办：陈静（律师）")
        await hub.locator(".message").first.get_by_text("回复", exact=True).click()
        await _say(page, "可以要求赔。先拍照、数清棵数，请村里写个证明。")
        await expect(hub).to_contain_text("已送到村里")

        # then it stands under 张秀兰's own message, and she can say that it helped
        await _be(page, "zhang")
        answer = page.locator("#log-village .message").last
        await expect(answer).to_contain_text("张秀兰，律师答复你")
        await expect(answer).to_contain_text("问哈村长，我家的蚕子遭烟熏死了")
        await answer.get_by_role("button", name="解决了").click()
        await expect(page.locator("#log-village .message").last).to_contain_text("✓ 解决了")
        # and nothing sticks out of the page
        wide = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0


async def test_moving_the_clock_shows_reminders_and_the_breach(tmp_path: Path) -> None:
    async with newcomer(tmp_path, DESKTOP) as page:
        # given a question in the hub that nobody claims
        await _be(page, "li")
        await _say(page, "问哈村长，我家的蚕子遭烟熏死了，没得赔")
        await page.locator("#log-village").get_by_role("button", name="转给专家").click()
        await expect(page.locator("#log-hub")).to_contain_text("待认领")

        # when the clock is moved on to the next promise, and the next, and the next
        hub = page.locator("#log-hub")
        for told in ("时间过了50%", "时间过了80%", "@周敏 1号工单超时没人认领"):
            await page.get_by_role("button", name="下一个时限").click()
            await expect(hub).to_contain_text(told)

        # then the clock stands where the promise ended
        await expect(page.locator(".top")).to_contain_text("10:00")


async def test_what_is_typed_is_never_markup(tmp_path: Path) -> None:
    async with newcomer(tmp_path, PHONE) as page:
        await _be(page, "zhang")
        await _say(page, "问哈村长，<img src=x onerror=alert(1)> <b>蚕子</b>被挖了")
        await expect(page.locator("#log-village")).to_contain_text("<b>蚕子</b>")
        assert await page.locator("#log-village img").count() == 0
