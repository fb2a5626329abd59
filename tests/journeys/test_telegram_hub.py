"""On Telegram the hub claims, answers, gives back, is reminded; the asker asks again."""

from pathlib import Path

import pytest

from escalation.model import Event, Reason, Status
from tests.journeys.telegram_running import By, both_ways
from tests.journeys.telegram_town import ANSWER, telegram_town

pytestmark = both_ways


@pytest.mark.parametrize("typing", [False, True], ids=["pressed", "typed"])
async def test_the_whole_way_by_buttons_or_by_typing(tmp_path: Path, by: By, typing: bool) -> None:
    async with telegram_town(tmp_path, by) as town:

        async def choose(label: str) -> None:
            """Let the asker choose under the last word of ours."""
            if typing:
                await town.say(town.zhang, town.village, label)
            else:
                await town.press(town.zhang, town.village, town.ours(town.village), label)

        asked = await town.ask()
        await choose("转给专家")
        if typing:
            await town.say(town.chen, town.hub, "认领1号")
        else:
            await town.press(town.chen, town.hub, town.card(), "认领")
        assert "承办：陈静（答复人）" in town.card().text

        await town.answer()
        assert town.ours(town.village).reply_to == asked.id
        assert ANSWER in town.ours(town.village).text
        assert "送达：今天12:00 已送到村里" in town.card().text

        await choose("还有疑问")
        assert town.ours(town.village).text.startswith("好，律师那边接着看（1号工单）")
        assert town.ours(town.village).text.endswith("哪里没弄清楚，回复这条说一声。")
        assert "@陈静 1号工单提问人还有疑问，还没说是哪里。" in town.texts(town.hub)
        await town.say(town.zhang, town.village, "拍照发给哪个？", town.ours(town.village))
        await town.answer("先自己留着。")
        await choose("解决了")
        assert (await town.ticket()).reason is Reason.SOLVED
        assert len([t for t in town.texts(town.hub) if t.startswith("【1号")]) == 1


async def test_the_second_claim_is_told_who_was_first(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        await town.press(town.chen, town.hub, town.hub_welcome(), "律师")
        await town.in_hub()
        await town.press(town.chen, town.hub, town.card(), "认领")
        await town.say(town.luo, town.hub, "认领", town.card())
        assert town.ours(town.hub).text == "1号工单今天12:00已由陈静（律师）认领。"
        assert (await town.story()).count(Event.CLAIMED) == 1


async def test_two_presses_at_the_same_moment_claim_once(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        await town.in_hub()
        card = town.card()
        people = town.server.people
        presses = [people.press(who, town.hub, card.id, "认领") for who in (town.chen, town.luo)]
        await town.settle()
        assert sorted((press.text or "")[:3] for press in presses) == ["1号工", "收到："]
        assert (await town.story()).count(Event.CLAIMED) == 1


async def test_words_over_the_assignees_head_stay_in_the_hub(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        await town.in_hub()
        await town.press(town.chen, town.hub, town.card(), "认领")
        before = len(town.read(town.village))
        await town.say(town.luo, town.hub, "我觉得要这样……", town.card())
        assert len(town.read(town.village)) == before
        assert "还没有发到村里" in town.ours(town.hub).text


async def test_a_released_ticket_waits_for_the_next_one(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        await town.in_hub()
        await town.press(town.chen, town.hub, town.card(), "认领")
        await town.say(town.luo, town.hub, "退回", town.card())
        assert (await town.ticket()).state is Status.CLAIMED
        await town.press(town.chen, town.hub, town.card(), "退回")
        assert (await town.ticket()).state is Status.QUEUED
        assert "上次承办：陈静（答复人）" in town.card().text
        assert town.card().buttons == (("认领", "为什么这时到期"),)


async def test_an_old_card_and_an_old_answer_still_find_their_ticket(
    tmp_path: Path, by: By
) -> None:
    async with telegram_town(tmp_path, by) as town:
        # given an answered ticket, closed for weeks
        await town.in_hub()
        await town.answer()
        answer = town.ours(town.village)
        await town.press(town.zhang, town.village, answer, "解决了")
        await town.wait(days=29)

        # when the asker replies to the old answer, and the lawyer to what was said about it
        await town.say(town.zhang, town.village, "他们又来挖了，咋个办？", answer)
        told = town.ours(town.hub)
        assert told.text == "@陈静 1号工单提问人还有疑问：他们又来挖了，咋个办？"
        await town.say(town.chen, town.hub, "报警。", told)
        assert "报警。" in town.ours(town.village).text


async def test_nobody_claims_so_the_duty_lead_is_called(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        # given a ticket of the lunch break; its hour begins at two
        await town.in_hub()
        card = town.card()
        await town.wait(hours=2, minutes=30)
        assert town.ours(town.hub).text == "1号工单还没人认领，时间过了50%，最迟今天15:00。"
        assert town.ours(town.hub).reply_to == card.id
        await town.wait(minutes=18)
        assert town.ours(town.hub).text == "1号工单还没人认领，时间过了80%，最迟今天15:00。"
        await town.wait(minutes=12)

        # then the duty lead, an admin of the hub, is named, and the one card tells it too
        assert town.ours(town.hub).text == "@周敏 1号工单超时没人认领，请安排人。"
        assert town.card().id == card.id
        assert "认领：最迟今天15:00（已超时）" in town.card().text
        assert not [text for text in town.texts(town.village) if "超时" in text]


@pytest.mark.parametrize("typing", [False, True], ids=["pressed", "typed"])
async def test_urgent_skips_the_window_and_rings_in_a_quarter_of_an_hour(
    tmp_path: Path, by: By, typing: bool
) -> None:
    async with telegram_town(tmp_path, by) as town:
        asked = await town.ask("问哈村长，有人把我堵在屋头要账，不还钱不准出门")
        if typing:
            await town.say(town.li, town.village, "紧急！", asked)
        else:
            await town.press(town.li, town.village, town.ours(town.village), "紧急")
        assert town.card().text.startswith("【1号工单】白石村 · 待认领 · 紧急")
        assert any("先打110，受伤打120" in text for text in town.texts(town.village))
        assert any(text.startswith("@周敏 1号工单标为紧急") for text in town.texts(town.hub))
        await town.wait(minutes=15)
        assert town.ours(town.hub).text == "@周敏 1号工单超时没人认领，请安排人。"


async def test_a_restart_changes_no_due_and_repeats_nothing(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        await town.ask()
        # when the service is down from 12:00 until long after the window ended
        await town.running.stop()
        town.clock.advance(town.hours(5))
        await town.running.start()
        await town.settle()

        # then the window ended when it was due, and the claim was late when it was late
        journal = await town.journal()
        at = {entry.event: entry.at for entry in journal}
        assert at[Event.HANDED_UP] - at[Event.ASKED] == town.hours(2.5)
        assert at[Event.BREACHED] - at[Event.ASKED] == town.hours(3.5)

        # and a second restart says nothing twice
        before = [town.read(town.village), town.read(town.hub)]
        await town.running.restart()
        await town.settle()
        assert [town.read(town.village), town.read(town.hub)] == before
