"""Reminders: close together they are one message, at night they wait, and they go further up."""

from datetime import timedelta
from pathlib import Path

from escalation.model import Event
from tests.builders import monday
from tests.journeys.baishi import Baishi, baishi
from wenha.config_rules import Clocks

ALWAYS_OPEN = Clocks(chain=(30, 60, 90))


async def _in_hub(village: Baishi, text: str) -> None:
    question = await village.say("zhang", text)
    await village.say("wang", "转总群", reply_to=question)


async def test_reminders_of_several_tickets_are_one_message_that_nobody_answers_into(
    tmp_path: Path,
) -> None:
    async with baishi(tmp_path) as village:
        for number in range(3):
            await _in_hub(village, f"第{number}块地的水渠堵了没人管")
            await village.wait(minutes=1)

        # when half of each hour is gone
        await village.wait(minutes=29)

        # then there is one list, with a line for each
        lists = [m for m in await village.chat("hub") if "还没人认领" in m.text]
        assert len(lists) == 1
        assert lists[0].text.splitlines()[0] == "这些工单等着，新的在下面："
        assert [line.partition("号")[0] for line in lists[0].text.splitlines()[1:]] == list("123")

        # and words under it reach no village: they could be meant for any of them
        before = len(await village.chat("village"))
        await village.say("chen", "找村委会疏通。", reply_to=lists[0])
        assert len(await village.chat("village")) == before
        assert "请回复那个工单的卡片" in (await village.ours("hub")).text


async def test_a_thousand_minutes_without_electricity_are_told_in_one_list(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        for number in range(4):
            await _in_hub(village, f"第{number}块地的水渠堵了没人管")
        before = len(await village.chat("hub"))
        cards = [(await village.card(number)).text for number in range(1, 5)]

        # when everything falls due while nobody looks
        village.clock.move_to(village.clock.now() + timedelta(days=3))
        await village.service.runtime.settle()

        # then each broken promise is on record at its due
        for number in range(1, 5):
            journal = await village.journal(number)
            fired = [e for e in journal if e.event is Event.FIRED]
            assert all(e.at.isoformat() == e.data["due"] for e in fired)
            assert sum(e.event is Event.BREACHED for e in journal) == 2
        # and the hub reads one message; the cards are left as they were
        assert len(await village.chat("hub")) == before + 1
        assert len((await village.ours("hub")).text.splitlines()) == 5
        assert [(await village.card(number)).text for number in range(1, 5)] == cards


async def test_at_night_a_reminder_waits_and_an_urgent_one_does_not(tmp_path: Path) -> None:
    start = monday("20:05")
    open_at_night = Clocks(quiet_hours=("20:00", "08:00"), urgent_claim=20)
    async with baishi(tmp_path, start, open_at_night) as village:
        question = await village.say("zhang", "水渠堵了没人管")
        await village.say("wang", "转总群", reply_to=question)
        urgent = await village.say("zhang", "隔壁拿锄头堵门")
        await village.say("wang", "紧急", reply_to=urgent)
        await village.press("chen", await village.card(1), "认领")
        await village.say("chen", "要补充材料：照片", reply_to=await village.card(1))

        # when the urgent promise is broken in quiet hours
        await village.wait(minutes=21)
        assert (await village.ours("hub")).text == "@周敏 2号工单超时没人认领，请安排人。"

        # and the pause ends in the quiet hours of the third night
        await village.press("luo", await village.card(2), "认领")
        await village.say("luo", "先打110，门锁好。", reply_to=await village.card(2))
        await village.wait(days=3)
        ended = [m for m in await village.chat("hub") if "工单等够了" in m.text]
        assert Event.PAUSE_ENDED in await village.story(1)
        assert ended == []

        # then it is told in the morning
        await village.wait(hours=12)
        (told,) = [m for m in await village.chat("hub") if "工单等够了" in m.text]
        assert told.at == monday("8:00", days=4)


async def test_what_stays_late_is_told_to_the_hub_the_lead_and_the_operator(
    tmp_path: Path,
) -> None:
    async with baishi(tmp_path, clocks=ALWAYS_OPEN) as village:
        await _in_hub(village, "水渠堵了没人管")
        await village.wait(hours=1)
        said = []
        for _ in range(3):
            await village.wait(minutes=30)
            said.append((await village.ours("hub")).text)

        assert "谁能接一下" in said[0]
        assert said[1].startswith("@周敏 1号工单认领一直超时，请值班组长马上安排")
        assert "请联系运维" in said[2]
        steps = [e.data["to"] for e in await village.journal() if e.event is Event.ESCALATED]
        assert steps == ["hub", "duty_lead", "operator"]
        # when somebody claims, the rest is silence
        await village.press("chen", await village.card(), "认领")
        before = len(await village.chat("hub"))
        await village.wait(minutes=20)
        assert len(await village.chat("hub")) == before


async def test_a_promise_broken_just_before_the_claim_is_on_record_first(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _in_hub(village, "水渠堵了没人管")

        # given a claim that is handled in the very moment when nothing was looked at for an hour
        village.clock.move_to(village.clock.now() + timedelta(minutes=61))
        card = await village.card()
        await village.press("chen", card, "认领")

        events = await village.story()
        assert events.index(Event.BREACHED) < events.index(Event.CLAIMED)
        journal = await village.journal()
        (breached,) = (e for e in journal if e.event is Event.BREACHED)
        assert breached.at.isoformat() == breached.data["due"]


async def test_why_it_is_due_then_is_told_under_the_card(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _in_hub(village, "水渠堵了没人管")
        await village.press("luo", await village.card(), "为什么这时到期")
        told = (await village.ours("hub")).text
        assert "认领：60上班分钟，从2026年11月23日周一 9:00算起" in told
        assert "　2026年11月23日周一（工作日）：9:00到10:00，共60分钟" in told
        assert "　到期：2026年11月23日周一 10:00（50%在2026年11月23日周一 9:30" in told
        assert told.endswith("1号工单按第1版时限、第1版日历算。")
        assert [e for e in await village.story() if e is Event.CLAIMED] == []


async def test_the_duty_lead_alone_lets_a_ticket_go_by_the_rules_of_today(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _in_hub(village, "水渠堵了没人管")
        await village.say("zhou", "按新时限", reply_to=await village.card())
        assert "已经是按现在的时限" in (await village.ours("hub")).text
    async with baishi(tmp_path, clocks=Clocks(first_answer=60, claim=30)) as village:
        await village.say("chen", "按新时限", reply_to=await village.card())
        assert "请值班组长来" in (await village.ours("hub")).text
        await village.say("zhou", "按新时限", reply_to=await village.card())
        assert (await village.ticket()).policy_version == 2
        assert "首次答复：最迟今天10:00" in (await village.card()).text
        assert (await village.ours()).text == "1号工单的时间改了：最迟今天10:00前有人回你。"
        assert (await village.story())[-1] is Event.RULES_CHANGED
