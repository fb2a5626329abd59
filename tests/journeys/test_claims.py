"""Who works on a ticket: taken, held too long, passed on, given to somebody, stepped back from."""

import asyncio
from pathlib import Path

import pytest

from base.webchat import WebMessage
from escalation.model import Event, Status
from tests.journeys.baishi import Baishi, baishi
from wenha.config_rules import Clocks


async def _in_hub(village: Baishi, text: str = "问哈村长，合作社不退社员股金") -> WebMessage:
    """A question in the hub; return its card."""
    question = await village.say("zhang", text)
    await village.say("wang", "转总群", reply_to=question)
    number = await village.service.store.read(lambda unit: unit.tickets.next_id())
    return await village.card(number - 1)


async def _claimed(village: Baishi) -> WebMessage:
    card = await _in_hub(village)
    await village.press("chen", card, "认领")
    return await village.card()


async def test_held_too_long_it_is_warned_of_and_goes_back_with_the_reason(tmp_path: Path) -> None:
    async with baishi(tmp_path, clocks=Clocks(lease=60)) as village:
        await _claimed(village)
        await village.wait(minutes=48)
        warned = await village.ours("hub")
        assert warned.text == "1号工单认领后还没答，今天10:00前不答就退回给大家。承办：@陈静"
        await village.wait(minutes=12)
        assert (await village.ours("hub")).text == (
            "@陈静 1号工单认领后太久没答，退回待认领了。谁能接一下？"
        )
        card, ticket = await village.card(), await village.ticket()
        assert "最近：今天10:00 太久没答，退回待认领" in card.text
        assert "上次承办：陈静（律师）" in card.text
        assert (ticket.state, ticket.assignee) == (Status.QUEUED, None)
        assert "认领：最迟今天11:00" in card.text
        # and the one who lost it may take it again
        await village.press("chen", card, "认领")
        assert (await village.ticket()).state is Status.CLAIMED


async def test_an_answer_ends_the_lease_and_asking_back_begins_a_new_one(tmp_path: Path) -> None:
    async with baishi(tmp_path, clocks=Clocks(lease=60)) as village:
        card = await _claimed(village)
        await village.wait(minutes=50)
        await village.say("chen", "要补充材料：章程", reply_to=card)
        await village.wait(minutes=100)
        asked = await village.ours()
        await village.say("zhang", "章程我有", reply_to=asked)
        await village.wait(minutes=9)
        assert (await village.ticket()).state is Status.CLAIMED
        await village.say("chen", "按章程可以退。", reply_to=card)
        await village.wait(hours=30)
        assert Event.LEASE_LOST not in await village.story()


async def test_passed_on_to_a_profession_the_card_says_who_is_asked(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        card = await _claimed(village)
        # somebody else can't pass it on
        await village.say("luo", "转给公证", reply_to=card)
        assert "只有承办人或值班组长能做" in (await village.ours("hub")).text
        assert (await village.ticket()).state is Status.CLAIMED
        # the one who has it can
        await village.say("chen", "转给 调解员", reply_to=card)
        assert (await village.ours("hub")).text == (
            "@罗国安 1号工单转给调解员，请看一下，能接就认领。"
        )
        assert "转给：调解员（谁有空谁接）" in (await village.card()).text
        await village.press("luo", await village.card(), "认领")
        text = (await village.card()).text
        assert "承办：罗国安（调解员）" in text
        assert "转给：" not in text


@pytest.mark.parametrize("name", ["陈静", " @陈静", "陈 静"])
async def test_passed_on_to_somebody_by_name(tmp_path: Path, name: str) -> None:
    async with baishi(tmp_path) as village:
        card = await _in_hub(village)
        await village.say("luo", f"转给{name}", reply_to=card)
        assert "@陈静 1号工单转给陈静" in (await village.ours("hub")).text
        assert "最近：今天9:00 罗国安（调解员）转给陈静（律师）" in (await village.card()).text


@pytest.mark.parametrize("words", ["转给", "转给老王", "转给你的钱要留好凭据"])
async def test_passed_on_to_nobody_known_the_village_hears_nothing(
    tmp_path: Path, words: str
) -> None:
    async with baishi(tmp_path) as village:
        card = await _in_hub(village)
        before = len(await village.chat("village"))
        await village.say("luo", words, reply_to=card)
        told = (await village.ours("hub")).text
        assert "律师、调解员、法援、公证、鉴定、志愿者、普法办" in told
        assert "陈静、罗国安、周敏" in told
        assert len(await village.chat("village")) == before


async def test_only_the_duty_lead_gives_a_ticket_to_somebody(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        card = await _claimed(village)
        await village.say("luo", "指派罗国安", reply_to=card)
        assert "指派请值班组长来" in (await village.ours("hub")).text
        await village.say("zhou", "指派 罗国安", reply_to=card)
        assert (await village.ours("hub")).text == (
            "@罗国安 1号工单指派给您办，回复工单就是答复。"
        )
        ticket = await village.ticket()
        assert ticket.state is Status.CLAIMED
        assert "承办：罗国安（调解员）" in (await village.card()).text
        await village.say("zhou", "指派罗国安", reply_to=card)
        assert "已经是罗国安在办" in (await village.ours("hub")).text


async def test_whoever_steps_back_neither_takes_nor_answers_it_again(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        card = await _claimed(village)
        await village.say("chen", "回避：同村", reply_to=card)
        assert (await village.ticket()).state is Status.QUEUED
        assert "陈静（律师）回避" in (await village.card()).text
        before = len(await village.chat("village"))
        told = "陈静说过1号工单要回避，请别人来办。"
        assert await village.press("chen", await village.card(), "认领") == told
        await village.say("chen", "可以退。", reply_to=card)
        assert (await village.ours("hub")).text == told
        await village.say("zhou", "指派陈静", reply_to=card)
        assert (await village.ours("hub")).text == told
        assert len(await village.chat("village")) == before


async def test_nobody_holds_more_than_may_be(tmp_path: Path) -> None:
    async with baishi(tmp_path, clocks=Clocks(load_cap=2)) as village:
        cards = [await _in_hub(village, f"问哈村长，{n}号仓库的谷子霉了") for n in "一二三"]
        for card in cards[:2]:
            await village.press("chen", card, "认领")
        refused = await village.press("chen", cards[2], "认领")
        assert refused == "陈静手上已经有2个工单，请先答完或退回一个。"
        # answering at once is not holding
        await village.say("chen", "找保险公司。", reply_to=cards[2])
        assert (await village.ticket(3)).state is Status.ANSWERED
        await village.say("chen", "找保险公司。", reply_to=cards[0])
        fourth = await _in_hub(village, "问哈村长，四号仓库的谷子霉了")
        assert await village.press("chen", fourth, "认领") == "收到：认领"


async def test_not_a_legal_question_is_closed_and_the_asker_told_kindly(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        card = await _in_hub(village)
        await village.say("chen", "不是法律问题：赶场的日子问村委会。", reply_to=card)
        said = await village.ours()
        assert said.text == (
            "1号工单看过了，这件事不归法律管：赶场的日子问村委会。\n还有法律上的疑问，重新问就行。"
        )
        assert said.reply_to == 1
        assert (await village.ticket()).state is Status.CLOSED
        # and it can't be opened again, but something new can be asked
        await village.say("zhang", "那我还想问一句", reply_to=said)
        assert "重新问" in (await village.ours()).text


async def test_of_two_who_claim_in_the_same_moment_one_is_told_who_was_first(
    tmp_path: Path,
) -> None:
    async with baishi(tmp_path, clocks=Clocks(load_cap=1000)) as village:
        for number in range(1, 41):
            card = await _in_hub(village, f"问哈村长，{number}号仓库的谷子霉了")
            told = await asyncio.gather(
                village.press("chen", card, "认领"), village.press("luo", card, "认领")
            )
            first = [one for one in told if one == "收到：认领"]
            second = [one for one in told if "已由" in one]
            assert (len(first), len(second)) == (1, 1), told
            story = await village.story(number)
            assert story.count(Event.CLAIMED) == 1


async def test_a_mediation_begins_and_how_it_ended_is_the_answer(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        card = await _claimed(village)
        await village.say("luo", "开始调解", reply_to=card)
        assert "只有承办人或值班组长能做" in (await village.ours("hub")).text
        await village.say("chen", "开始调解", reply_to=card)
        assert (await village.ours()).text.startswith("1号工单开始调解了")
        assert (await village.ticket()).state is Status.MEDIATING
        # the lease is over: a mediation takes its time
        await village.wait(days=2)
        assert (await village.ticket()).state is Status.MEDIATING
        await village.say("chen", "调解结束", reply_to=card)
        assert "调解得怎么样？" in (await village.ours("hub")).text
        await village.say("chen", "调解结束：下周一前付清。", reply_to=card)
        assert (await village.ours()).text.startswith("张秀兰，律师答复你：\n下周一前付清。")
        assert (await village.ticket()).state is Status.ANSWERED
