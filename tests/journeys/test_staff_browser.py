"""In a real browser, phone-wide and desktop: write, check by another, publish, answered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.journeys.staff_room import GOOD, PASSWORD, StaffRoom, staff_room
from tests.journeys.test_browser import ARGUMENTS, CHROMIUM, DESKTOP, PHONE
from tests.journeys.test_web_village_browser import FOUND

SMALLEST_TEXT, SMALLEST_TARGET, LEAST_CONTRAST = 14, 24, 4.5  # WCAG 2.2 AA
QUESTION = "问哈村长，无人机打药把我家茶叶熏坏了"
PAGES = ("/faq", "/faq/new", "/faq/C001", "/faq/L040", "/faq/L040/history", "/review", "/misses",
         "/laws?law=民法典", "/tickets", "/tickets/1")  # fmt: skip


@asynccontextmanager
async def chromium(folder: Path) -> AsyncIterator[tuple[StaffRoom, Browser]]:
    """Run the village, the staff pages, and a browser that can reach them."""
    async with staff_room(folder) as room, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            yield room, browser
        finally:
            await browser.close()


async def desk(
    room: StaffRoom, browser: Browser, name: str, size: dict[str, int], *, script: bool = True
) -> Page:
    """Return the page of somebody who has signed in; scripts' errors fail the test."""
    context = await browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        base_url=str(room.server.make_url("/")),
        java_script_enabled=script,
        locale="zh-CN",
    )
    page = await context.new_page()

    def wrong(error: object) -> None:
        raise AssertionError(error)

    page.on("pageerror", wrong)
    await page.goto("/console")
    await page.get_by_label("名字").fill(name)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_role("heading", name="问答库")).to_be_visible()
    return page


async def write(page: Page) -> None:
    """Fill in a whole entry as somebody would, and keep it."""
    await page.get_by_role("link", name="写一条新的").click()
    for label in ("问题", "答复", "办法", "问法"):
        key = {"问题": "question", "答复": "answer", "办法": "steps", "问法": "variants"}[label]
        await page.locator(f"#{key}").fill(GOOD[key])
    await page.get_by_label("法的名称").first.fill(GOOD["law"])
    await page.get_by_label("条号").first.fill(GOOD["article"])
    await page.get_by_label("核对日期").first.fill(GOOD["checked_on"])
    await page.get_by_label("类别").select_option(GOOD["category"])


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_what_one_writes_another_checks_and_the_village_gets(
    tmp_path: Path, size: dict[str, int]
) -> None:
    async with chromium(tmp_path) as (room, browser):
        wang = await desk(room, browser, "王芳", size)
        await write(wang)

        # the trial beside the editor answers while somebody types
        await wang.get_by_label("村里人这样问").fill("打药的无人机害了我的茶")
        await expect(wang.locator("#trial")).to_contain_text("直接答：就是这一条")
        await wang.get_by_role("button", name="存成草稿").click()
        await expect(wang.get_by_text("做好了：起草")).to_be_visible()
        await expect(wang.get_by_text("请另外一位审核人")).to_be_visible()

        # another person finds it among what waits, and checks it
        zhao = await desk(room, browser, "赵敏", size)
        await zhao.get_by_role("link", name="待办").click()
        await zhao.get_by_role("link", name="C001").click()
        await zhao.get_by_role("button", name="审核通过").click()
        await zhao.get_by_role("link", name="看看发布后的变化").click()
        await expect(zhao.get_by_text("答的里面对的：100.0% → 100.0%")).to_be_visible()
        await zhao.get_by_role("button", name="发布", exact=True).click()
        await expect(zhao.get_by_text("做好了：发布")).to_be_visible()

        # then the village gets the new answer
        await room.served()
        await room.village.say("zhang", QUESTION)
        assert (await room.village.ours()).text.startswith(GOOD["answer"])


async def test_the_same_works_without_scripts(tmp_path: Path) -> None:
    async with chromium(tmp_path) as (room, browser):
        wang = await desk(room, browser, "王芳", PHONE, script=False)
        await write(wang)
        await wang.get_by_label("村里人这样问").fill("打药的无人机害了我的茶")
        await wang.get_by_role("button", name="会怎么答").click()
        await expect(wang.locator("#trial")).to_contain_text("直接答：就是这一条")
        await expect(wang.locator("#answer")).to_have_value(GOOD["answer"])
        await wang.get_by_role("button", name="存成草稿").click()
        await expect(wang.get_by_text("做好了：起草")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_every_page_can_be_read_and_tapped_and_nothing_sticks_out(
    tmp_path: Path, size: dict[str, int]
) -> None:
    async with chromium(tmp_path) as (room, browser):
        await room.village.say("zhang", "问哈村长，" + "茶叶遭人偷采了" * 40)
        boss = await desk(room, browser, "运维", size)
        await write(boss)
        await boss.locator("#question").fill("长" * 300)
        await boss.get_by_role("button", name="存成草稿").click()
        await expect(boss.get_by_text("审核之前还差")).to_be_visible()
        for path in PAGES:
            await boss.goto(f"/console{path}")
            limits = [SMALLEST_TEXT, SMALLEST_TARGET, LEAST_CONTRAST]
            found = [one for one in await boss.evaluate(FOUND, limits) if not _inline(one)]
            assert found == [], path


def _inline(problem: str) -> bool:
    """A link within a line of text may be as high as the line (WCAG 2.5.8)."""
    return problem.startswith("target") and " L" in problem
