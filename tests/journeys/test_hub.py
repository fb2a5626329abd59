"""The hub: card, 认领, an answer as a reply, its way back, and asking again."""

from pathlib import Path

from escalation.model import Event, Reason, Status
from tests.journeys.baishi import Baishi, baishi

QUESTION = "问哈村长，无人机打药把我家茶叶熏坏了，找哪个？"


async def _in_hub(village: Baishi) -> None:
    await village.say("zhang", QUESTION)
    await village.press("zhang", await village.ours(), "转给专家")


async def test_an_answer_comes_back_under_the_villagers_own_message(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        question = await village.say("zhang", QUESTION)
        await village.press("zhang", await village.ours(), "转给专家")

        # when a lawyer claims and answers by replying to the card
        await village.press("chen", await village.card(), "认领")
        assert "承办：陈静（律师）" in (await village.card()).text
        await village.wait(minutes=5)
        await village.say("chen", "12月20日前，到村委会办公室。", reply_to=await village.card())

        # then it stands under the question, names the asker and the profession
        answer = await village.ours()
        assert answer.reply_to == question.id
        assert answer.text.startswith("张秀兰，律师答复你：\n12月20日前，到村委会办公室。")
        assert [button.label for button in answer.buttons] == ["解决了", "还有疑问"]
        # and the card shows that it arrived
        assert "送达：今天9:05 已送到村里" in (await village.card()).text
        story = await village.story()
        assert story[-2:] == [Event.ANSWER_GIVEN, Event.ANSWER_DELIVERED]


async def test_answering_an_unclaimed_ticket_claims_it(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _in_hub(village)
        await village.say("luo", "到村委会办公室交。", reply_to=await village.card())
        assert Event.CLAIMED in await village.story()
        assert "承办：罗国安（调解员）" in (await village.card()).text


async def test_the_second_claim_is_told_who_was_first(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _in_hub(village)
        await village.say("chen", "认领", reply_to=await village.card())
        await village.say("luo", "认领1", reply_to=None)
        assert (await village.ours("hub")).text == "1号工单今天9:00已由陈静（律师）认领。"
        assert (await village.story()).count(Event.CLAIMED) == 1


async def test_words_of_somebody_else_do_not_reach_the_village(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _in_hub(village)
        await village.say("chen", "认领", reply_to=await village.card())
        before = len(await village.chat("village"))

        # when another one answers over the assignee's head
        await village.say("luo", "我觉得要这样……", reply_to=await village.card())

        # then the village hears nothing and the speaker is told
        assert len(await village.chat("village")) == before
        assert "还没有发到村里" in (await village.ours("hub")).text


async def test_acts_that_are_not_built_yet_never_leave_the_hub(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _in_hub(village)
        before = len(await village.chat("village"))
        for words in (
            "合并到 #2",
            "备注 等开庭",
        ):
            await village.say("chen", words, reply_to=await village.card())
        assert len(await village.chat("village")) == before
        assert (await village.ticket()).state is Status.QUEUED


async def test_a_released_ticket_waits_for_the_next_one_with_a_new_clock(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _in_hub(village)
        await village.press("chen", await village.card(), "认领")
        await village.wait(minutes=20)

        # when only the assignee or the duty lead may give it back
        await village.say("luo", "退回", reply_to=await village.card())
        assert (await village.ticket()).state is Status.CLAIMED
        await village.press("chen", await village.card(), "退回")

        # then it waits again, one working hour from now
        card = await village.card()
        assert (await village.ticket()).state is Status.QUEUED
        assert "认领：最迟今天10:20" in card.text
        assert "上次承办：陈静（律师）" in card.text


async def test_asking_again_reopens_to_the_same_person_first(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _in_hub(village)
        await village.say("chen", "12月20日前交。", reply_to=await village.card())

        # when the asker thanks, nothing happens
        before = len(await village.story())
        await village.say("zhang", "谢谢律师！", reply_to=await village.ours())
        assert len(await village.story()) == before

        # when the asker is not satisfied
        await village.say("zhang", "那过了20号还能不能补交？", reply_to=await village.ours())

        # then a new cycle begins, the same person is told first, the promise is a new one
        ticket = await village.ticket()
        assert (ticket.state, ticket.cycle) == (Status.QUEUED, 2)
        hub = [message.text for message in await village.chat("hub")]
        assert "@陈静 1号工单提问人还有疑问：那过了20号还能不能补交？" in hub
        assert "再次答复：最迟今天15:00" in (await village.card()).text
        assert (await village.ours()).text.startswith("好，律师接着看（1号工单）")

        # and it ends when the asker says so, even after it was closed
        await village.say("chen", "可以，去镇上补。", reply_to=await village.card())
        await village.press("zhang", await village.ours(), "解决了")
        assert (await village.ticket()).reason is Reason.SOLVED


async def test_a_closed_question_can_be_asked_again_within_thirty_days(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _in_hub(village)
        await village.say("chen", "12月20日前交。", reply_to=await village.card())
        answer = await village.ours()
        await village.press("zhang", answer, "解决了")

        await village.wait(days=29)
        await village.say("zhang", "医保卡掉了还能交吗？", reply_to=answer)
        assert (await village.ticket()).cycle == 2


async def test_after_thirty_days_the_asker_is_told_to_ask_anew(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _in_hub(village)
        await village.say("chen", "12月20日前交。", reply_to=await village.card())
        answer = await village.ours()
        await village.press("zhang", answer, "解决了")

        await village.wait(days=31)
        await village.say("zhang", "医保卡掉了还能交吗？", reply_to=answer)
        assert "1号工单办结很久了" in (await village.ours()).text
        assert (await village.ticket()).state is Status.CLOSED


async def test_silence_after_a_delivered_answer_closes_it_after_three_working_days(
    tmp_path: Path,
) -> None:
    async with baishi(tmp_path) as village:
        await _in_hub(village)
        await village.say("chen", "12月20日前交。", reply_to=await village.card())
        # three days of seven working hours: Monday 9:00 to Wednesday 18:00
        await village.wait(days=2, hours=8, minutes=59)
        assert (await village.ticket()).state is Status.ANSWERED
        await village.wait(minutes=1)
        assert (await village.ticket()).reason is Reason.ASSUMED_SOLVED
