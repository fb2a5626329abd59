"""Who belongs to a hub, who is on duty, where a question is sent, and the hub above."""

from datetime import timedelta
from pathlib import Path

from base.messages import ChatRef
from escalation.directory import Office
from escalation.model import Event, Reason, Status
from storage.unit import Unit
from tests.journeys.baishi import Baishi, baishi
from tests.journeys.telegram_town import telegram_town

OFFICE = Office(
    name="白石司法所", what="调解、法律援助初审", place="镇政府二楼", hours="工作日9点到17点",
    phone="023-12348",
)  # fmt: skip
ABOVE = ChatRef(channel="web", chat_id="hub:qu")


async def _in_hub(village: Baishi, text: str = "问哈村长，合作社不退社员股金") -> None:
    question = await village.say("zhang", text)
    await village.say("wang", "转总群", reply_to=question)


async def _typed(village: Baishi, who: str, text: str) -> str:
    """Let somebody write into the hub, in reply to nothing; return what is said then."""
    await village.say(who, text)
    return (await village.ours("hub")).text


# who may work here


async def test_sent_away_somebody_leaves_no_ticket_behind_and_may_do_nothing(
    tmp_path: Path,
) -> None:
    async with baishi(tmp_path) as village:
        await _in_hub(village)
        await village.press("luo", await village.card(), "认领")
        await village.say("luo", "要补充材料：章程", reply_to=await village.card())
        assert await _typed(village, "chen", "停用罗国安") == "排班、停用、启用，请值班组长来。"
        await village.say("zhou", "停用 罗国安")
        said = [m.text for m in await village.chat("hub")][-2:]
        assert "罗国安不在值守群了，1号工单退回待认领。谁能接一下？" in said
        assert any(text.startswith("罗国安停用了") for text in said)
        await village.say("chen", "转给罗国安", reply_to=await village.card())
        assert "没找到“罗国安”" in (await village.ours("hub")).text
        ticket = await village.ticket()
        assert (ticket.state, ticket.assignee) == (Status.QUEUED, None)

        # a press a second later, an answer, a claim: one clear sentence
        told = "您在这个群里停用了，不能认领和答复。请找值班组长。"
        assert await village.press("luo", await village.card(), "认领") == told
        before = len(await village.chat("village"))
        await village.say("luo", "可以退。", reply_to=await village.card())
        assert (await village.ours("hub")).text == told
        assert len(await village.chat("village")) == before

        # until the duty lead says otherwise
        assert await _typed(village, "zhou", "启用罗国安") == "罗国安可以认领和答复了。"
        assert await village.press("luo", await village.card(), "认领") == "收到：认领"


async def test_nobody_locks_out_the_only_duty_lead(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        assert "不能停用自己" in await _typed(village, "zhou", "停用周敏")
        assert "没找到“老王”" in await _typed(village, "zhou", "停用老王")


async def test_who_leaves_the_group_leaves_no_ticket_behind(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        await town.in_hub()
        await town.press(town.chen, town.hub, town.card(), "认领")
        town.server.people.leave(town.hub, town.chen)
        await town.settle()
        assert (await town.ticket()).state is Status.QUEUED
        assert "陈静不在值守群了，1号工单退回待认领" in town.ours(town.hub).text
        # a neighbour who leaves the village's group is no business of ours
        before = len(town.all_ours(town.village))
        town.server.people.leave(town.village, town.li)
        await town.settle()
        assert len(town.all_ours(town.village)) == before


async def test_a_liaison_who_is_one_no_more_passes_nothing_on(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        said = await village.say("li", "我家的秧苗遭鸭子吃了")
        await village.say("wang", "任命联络员", reply_to=said)
        await village.say("li", "撤销联络员", reply_to=said)
        assert (await village.ours()).text == "李大山不再是本村联络员。"
        await village.say("li", "转总群", reply_to=said)
        assert "转总群请村长来转" in (await village.ours()).text


# who is on duty


async def test_a_roster_is_typed_and_the_card_names_who_is_on_duty(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        assert "还没有值班表" in await _typed(village, "chen", "值班")
        put = (
            "值班\n11-23 9:00-12:00 陈静\n11月23日 9:00到18:00 罗国安\n2026-11-24 9:00-24:00 陈静"
        )
        assert await _typed(village, "zhou", put) == "记下了，3个班。"
        assert (await _typed(village, "chen", "值班")).splitlines() == [
            "值班表：",
            "2026年11月23日周一 9:00到12:00 陈静（律师）",
            "2026年11月23日周一 9:00到18:00 罗国安（调解员）",
            "2026年11月24日周二 9:00到24:00 陈静（律师）",
        ]
        await _in_hub(village)
        assert "现在值班：陈静（律师）、罗国安（调解员）" in (await village.card()).text
        await village.wait(hours=4)
        assert "现在值班：罗国安（调解员）" in (await village.card()).text


async def test_a_roster_that_cannot_be_is_refused_with_every_mistake(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        put = (
            "值班\n11-31 9:00-12:00 陈静\n11-24 18:00-9:00 陈静\n11-24 9:00-25:00 老王\n"
            "11-25 9:00-12:00 陈静\n11-25 11:00-14:00 陈静\n下周一我来"
        )
        told = await _typed(village, "zhou", put)
        assert told.startswith("值班表有问题，什么也没有改：")
        for mistake in (
            "第1行 日期：写的是“11-31”",
            "第2行 结束：9:00不晚于开始，过夜请分成两行",
            "第3行 结束：写的是“25:00”",
            "第3行 姓名：值守群里没有“老王”",
            "第5行 开始：陈静的时间和第4行重叠",
            "第6行 日期：写的是“下周一我来”",
        ):
            assert mistake in told
        assert "还没有值班表" in await _typed(village, "chen", "值班")


# another office decides it


async def test_sent_to_an_office_the_asker_knows_where_to_go(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _in_hub(village)
        await village.say("chen", "转介司法所", reply_to=await village.card())
        assert "还没有单位名录" in (await village.ours("hub")).text
        await village.service.store.write(lambda unit: unit.rosters.put_offices([OFFICE]))
        await village.say("chen", "转介 法院", reply_to=await village.card())
        assert "名录里没有“法院”，或者不止一个。有：白石司法所" in (await village.ours("hub")).text
        await village.say("chen", "转介司法所", reply_to=await village.card())
        assert (await village.ours()).text == (
            "1号工单要找白石司法所来办。\n管：调解、法律援助初审\n地址：镇政府二楼\n"
            "时间：工作日9点到17点\n电话：023-12348\n"
            "去之前可以先打电话问要带啥子。有人身危险先打110。"
        )
        assert (await village.ticket()).reason is Reason.REFERRED


# the hub above


def _a_hub_above(unit: Unit) -> None:
    below = unit.people.hubs()[0]
    unit.people.put_above(below.id, unit.people.add_hub("区值守群", ABOVE).id)


async def _above(village: Baishi) -> list[str]:
    found = await village.service.store.read(lambda unit: unit.web.latest(ABOVE.chat_id, 50))
    return [message.text for message in found]


async def test_by_hand_a_ticket_moves_up_with_all_that_happened(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _in_hub(village)
        await village.say("chen", "转上级", reply_to=await village.card())
        assert "上面没有别的值守群" in (await village.ours("hub")).text
        await village.service.store.write(_a_hub_above)
        old = await village.card()
        await village.say("chen", "转上级", reply_to=old)
        assert (
            await village.ours()
        ).text == "1号工单转到区值守群接着办，最迟今天15:00前有人回你。"
        assert (await village.card()).text == (
            "【1号工单】白石村 · 已转到区值守群，在那边接着办。"
        )
        assert (await village.card()).buttons == ()
        card, word = await _above(village)
        assert card.startswith("【1号工单】白石村 · 待认领")
        assert "问：合作社不退社员股金" in card
        assert word == "1号工单从法律服务值守群转上来了，请安排人接着办。"
        # here it is nobody's any more
        before = len(await village.chat("village"))
        await village.say("chen", "可以退。", reply_to=old)
        assert (await village.ours("hub")).text == "1号工单不归这个群办理。"
        assert len(await village.chat("village")) == before


async def test_when_its_time_is_over_a_ticket_moves_up_once(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.service.store.write(_a_hub_above)
        await _in_hub(village)
        await village.wait(days=3)
        story = await village.story()
        assert story.count(Event.RAISED) == 1
        ticket = await village.ticket()
        assert ticket.hub == 2
        said = [m.text for m in await village.chat("village") if "转到区值守群" in m.text]
        assert len(said) == 1
        # and there the claim is promised, warned of and broken anew
        assert any("1号工单认领超时太久，请联系运维" in text for text in await _above(village))


async def test_moved_up_after_a_standstill_it_has_a_card_all_the_same(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.service.store.write(_a_hub_above)
        await _in_hub(village)
        village.clock.move_to(village.clock.now() + timedelta(days=1, hours=3))
        await village.service.runtime.settle()
        assert (await village.ticket()).hub == 2
        assert any(text.startswith("【1号工单】白石村") for text in await _above(village))
