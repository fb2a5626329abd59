"""In a real browser: the page of a village is large enough for old eyes, and keeps up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.journeys.test_browser import ARGUMENTS, CHROMIUM, DESKTOP, PHONE
from tests.journeys.web_places import HUB, VILLAGE, Places, web_places

SMALLEST_TEXT, SMALLEST_TARGET, LEAST_CONTRAST = 18, 60, 4.5
FOUND = """([text, target, contrast]) => {
  const found = [];
  const shown = (e) => e.getBoundingClientRect().width > 1 && !e.closest("[hidden], .skip");
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (c) => [0, 1, 2].map((i) => c[i] / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const under = (e) => {
    for (; e; e = e.parentElement) {
      const c = numbers(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0.5) return c;
    }
    return [245, 240, 230];
  };
  for (const e of document.querySelectorAll("body *")) {
    const says = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!says || !shown(e) || e.matches("script, noscript, .unseen")) continue;
    const style = getComputedStyle(e), pair = [light(numbers(style.color)), light(under(e))];
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (parseFloat(style.fontSize) < text) found.push(`text ${style.fontSize} ${e.textContent}`);
    if (ratio < contrast) found.push(`contrast ${ratio.toFixed(2)} ${e.textContent}`);
  }
  for (const e of document.querySelectorAll("a, button, textarea, #name, fieldset label")) {
    const box = e.getBoundingClientRect();
    if (shown(e) && Math.min(box.width, box.height) < target - 0.1)
      found.push(`target ${box.width}x${box.height} ${e.textContent}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) found.push("sticks out");
  return found;
}"""


async def _settle(places: Places) -> None:
    """The loops of the service, so far as a test needs them."""
    while True:
        await places.settle()
        await asyncio.sleep(0.1)  # noqa: TID251 - the clock of the service stands still


@asynccontextmanager
async def chromium(folder: Path) -> AsyncIterator[tuple[Places, Browser, str]]:
    """Run places and loops, and a browser that can reach them."""
    async with (
        web_places(folder) as places,
        TestServer(places.app) as server,
        async_playwright() as playwright,
    ):
        loops = asyncio.create_task(_settle(places))
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            yield places, browser, str(server.make_url("/"))
        finally:
            await browser.close()
            loops.cancel()
            with suppress(asyncio.CancelledError):
                await loops


async def _large_enough(page: Page) -> None:
    limits = [SMALLEST_TEXT, SMALLEST_TARGET, LEAST_CONTRAST]
    assert await page.evaluate(FOUND, limits) == []


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_a_question_and_its_answer_on_pages_for_old_eyes(
    tmp_path: Path, size: dict[str, int]
) -> None:
    async with chromium(tmp_path) as (places, browser, base):
        errors: list[str] = []

        async def somebody(place: str, name: str) -> Page:
            view = {"width": size["width"], "height": size["height"]}
            context = await browser.new_context(viewport=view, base_url=base)  # type: ignore[arg-type] # a TypedDict of the same keys
            page = await context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            await page.goto(places.links[place][0])
            await _large_enough(page)
            await page.fill("#name", name)
            if place == HUB:
                await page.get_by_text("律师", exact=True).click()
            await page.get_by_role("button", name="进来").click()
            return page

        # when 张秀兰 asks with the one button and wants an expert
        asker = await somebody(VILLAGE, "张秀兰")
        await asker.fill("#words", "我家的蚕子遭烟熏死了，没得赔")
        await asker.locator(".ask").click()
        log = asker.locator("#log-village")
        await log.get_by_role("button", name="转给专家").click()
        await expect(log).to_contain_text("前有人回你")
        await _large_enough(asker)

        # and a lawyer answers by tapping 回复 on the card
        lawyer = await somebody(HUB, "陈静")
        await lawyer.locator(".card .reply").last.click()
        await lawyer.fill("#words", "可以要求赔。")
        await lawyer.locator(".send").click()
        await expect(lawyer.locator("#log-hub")).to_contain_text("已送到村里")
        await _large_enough(lawyer)

        # then it arrives on the open page, and ends there
        answer = log.locator(".message").last
        await expect(answer).to_contain_text("张秀兰，律师答复你")
        await answer.get_by_role("button", name="解决了").click()
        await expect(log.locator(".message").last).to_contain_text("✓ 解决了")
        await _large_enough(asker)
        assert errors == []


async def test_it_works_without_javascript(tmp_path: Path) -> None:
    async with chromium(tmp_path) as (places, browser, base):
        context = await browser.new_context(java_script_enabled=False, base_url=base)
        page = await context.new_page()
        await page.goto(places.links[VILLAGE][0])
        await page.fill("#name", "张秀兰")
        await page.get_by_role("button", name="进来").click()
        await page.fill("#words", "我家的蚕子遭烟熏死了，没得赔")
        await page.locator(".ask").click()
        log = page.locator("#log-village")
        await expect(log).to_contain_text("问哈村长，我家的蚕子")
        await places.settle()
        await page.locator(".place-top noscript a").click()
        await log.get_by_role("button", name="转给专家").click()
        await places.settle()
        await page.locator(".place-top noscript a").click()
        await expect(page.locator("#toast")).to_be_visible()
        await log.locator(".message .reply").last.click()
        await expect(page.locator(".replying")).to_contain_text("回复问哈村长")
        await expect(page.locator(".ask")).to_be_hidden()
