"""The responder needs more: the clocks stand still, and the asker is told when they go on."""

from pathlib import Path

from escalation.model import Event, Status
from tests.journeys.baishi import Baishi, baishi

QUESTION = "合作社把我家的树苗收走了，钱一分没给"


async def _asked_back(village: Baishi) -> None:
    question = await village.say("zhang", QUESTION)
    await village.say("wang", "转总群", reply_to=question)
    await village.press("chen", await village.card(), "认领")
    await village.wait(minutes=20)
    await village.say("chen", "要补充材料：条子拍清楚", reply_to=await village.card())


async def test_any_word_of_the_asker_lets_the_clocks_go_on(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _asked_back(village)

        # the asker reads what is needed, under the own message, without a word of clocks
        asked = await village.ours()
        assert asked.text.startswith("张秀兰，律师想请你补充：\n条子拍清楚")
        assert (await village.ticket()).state is Status.WAITING_ASKER
        assert "等提问人补充" in (await village.card()).text
        assert "首次答复：最迟" not in (await village.card()).text

        # two days later nothing has become late
        await village.wait(days=2)
        assert Event.BREACHED not in await village.story()

        # when the asker says no more than 好
        await village.say("zhang", "好", reply_to=asked)

        # then the clocks go on, and the new promise is told
        assert (await village.ticket()).state is Status.CLAIMED
        assert (await village.ours()).text.startswith("收到，转给律师了（1号工单），最迟")
        assert "首次答复：最迟" in (await village.card()).text


async def test_who_never_replies_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _asked_back(village)

        await village.wait(days=3, minutes=1)

        assert (await village.story())[-1] is Event.PAUSE_ENDED
        assert (await village.ticket()).state is Status.CLAIMED
        assert "没等到你补充" in (await village.ours()).text
        hub = (await village.ours("hub")).text
        assert hub.startswith("@陈静 1号工单等够了")


async def test_asking_back_is_limited_and_the_assignees_alone(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _asked_back(village)
        for _ in range(2):
            await village.say("zhang", "再看看", reply_to=await village.ours())
            await village.say("chen", "要补充：还缺合同", reply_to=await village.card())

        assert "已经请提问人补充过2次" in (await village.ours("hub")).text
        assert (await village.story()).count(Event.ASKED_BACK) == 2
        for who, words, told in (
            ("luo", "要补充材料：身份证", "由陈静（律师）承办"),
            ("chen", "要补充材料", "要补充什么"),
        ):
            await village.say(who, words, reply_to=await village.card())
            assert told in (await village.ours("hub")).text
        assert (await village.story()).count(Event.ASKED_BACK) == 2


async def test_an_answered_ticket_cannot_be_paused(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _asked_back(village)
        await village.say("chen", "有条子就要得到。", reply_to=await village.card())
        assert (await village.ticket()).state is Status.ANSWERED

        await village.say("chen", "要补充材料：合同", reply_to=await village.card())

        assert "这一步做不了" in (await village.ours("hub")).text
        assert (await village.ticket()).state is Status.ANSWERED


async def test_whoever_says_it_is_solved_while_asked_back_ends_it(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _asked_back(village)
        await village.say("zhang", "解决了", reply_to=await village.ours())
        assert (await village.ticket()).state is Status.CLOSED
        await village.wait(days=10)
        assert (await village.story()).count(Event.FOLLOWED_UP) == 0


async def test_nobody_is_asked_how_it_went_who_has_said_so(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _asked_back(village)
        await village.say("chen", "有条子就要得到。", reply_to=await village.card())
        answer = await village.ours()

        # when nothing is heard, it is closed after three working days, and asked about once
        await village.wait(days=20)
        assert [e for e in await village.story() if e in (Event.SILENT, Event.FOLLOWED_UP)] == [
            Event.SILENT,
            Event.FOLLOWED_UP,
        ]
        asked = await village.ours()
        assert asked.text.startswith("前几天的1号工单，事情办好没有？")

        # when the asker says 解决了 under the old answer, or presses it, nothing begins again
        await village.say("zhang", "解决了", reply_to=answer)
        toast = await village.press("zhang", asked, "解决了")
        assert toast == "收到：解决了"
        assert (await village.ticket()).state is Status.CLOSED
        assert (await village.ticket()).cycle == 1
