"""The village has the first word: 村长, neighbours, the gesture 转总群, and time."""

from pathlib import Path

from escalation.model import Event, Reason, Status
from tests.journeys.baishi import baishi

QUESTION = "问哈村长，无人机打药把我家茶叶熏坏了，找哪个？"


async def test_the_first_reply_promises_a_time_and_names_110(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        question = await village.say("zhang", QUESTION)
        receipt = await village.ours()
        assert receipt.reply_to == question.id
        assert receipt.text.startswith(
            "收到。先请村长和乡亲看看，今天9:30前没人答就转给律师。有人身危险先打110。"
        )
        assert [button.label for button in receipt.buttons] == ["转给专家", "紧急"]


async def test_the_liaison_answers_by_replying_and_the_asker_confirms(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        # given a question in the village window
        question = await village.say("zhang", QUESTION)

        # when the 村长 replies to it
        await village.say("wang", "12月20号前交，到村委会办公室。", reply_to=question)

        # then that is the answer, delivered already, and the asker is asked whether it helped
        assert (await village.ticket()).state is Status.ANSWERED
        assert [button.label for button in (await village.ours()).buttons] == [
            "解决了",
            "还有疑问",
        ]
        await village.press("zhang", await village.ours(), "解决了")
        assert (await village.ticket()).reason is Reason.SOLVED
        assert await village.chat("hub") == []


async def test_time_hands_up_what_nobody_answered_with_what_neighbours_said(
    tmp_path: Path,
) -> None:
    async with baishi(tmp_path) as village:
        question = await village.say("zhang", QUESTION)

        # given a neighbour's reply, which stops nothing
        await village.say("li", "我屋头去年是11月交的", reply_to=question)
        assert (await village.ticket()).state is Status.IN_VILLAGE

        # when the window ends
        await village.wait(minutes=30)

        # then the hub sees it, with what the neighbour said, and the asker knows until when
        card = await village.card()
        assert "乡亲说（今天9:00）：我屋头去年是11月交的" in card.text
        assert "村里没人答，到点转总群" in card.text
        assert "最迟今天15:30前有人回你" in (await village.ours()).text


async def test_the_askers_solved_ends_the_window(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        question = await village.say("zhang", QUESTION)
        await village.say("li", "到村委会交", reply_to=question)
        await village.say("zhang", "解决了")
        assert (await village.ticket()).reason is Reason.SOLVED
        await village.wait(hours=2)
        assert await village.chat("hub") == []


async def test_a_message_never_addressed_to_us_is_passed_on_by_the_liaison(
    tmp_path: Path,
) -> None:
    async with baishi(tmp_path) as village:
        # given words nobody asked us about, of which nothing was stored
        words = await village.say("li", "隔壁老周把我家地边边挖了半米")
        assert await village.inbox() == 0

        # when the 村长 replies 转总群
        await village.say("wang", "转总群", reply_to=words)

        # then that message is the question and its author the asker
        assert "问：隔壁老周把我家地边边挖了半米" in (await village.card()).text
        receipt = await village.ours()
        assert receipt.reply_to == words.id
        # and the author, not the 村长, may say how it ends
        await village.say("chen", "先拍照留证据。", reply_to=await village.card())
        await village.press("li", await village.ours(), "解决了")
        assert (await village.ticket()).reason is Reason.SOLVED


async def test_the_bots_name_as_a_reply_of_the_liaison_means_the_same(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        words = await village.say("li", "隔壁老周把我家地边边挖了半米")
        await village.say("wang", "@问哈村长", reply_to=words)
        assert (await village.ticket()).state is Status.QUEUED
        assert Event.HANDED_UP in await village.story()


async def test_a_villager_cannot_pass_on_for_the_liaison(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        words = await village.say("li", "隔壁老周把我家地边边挖了半米")
        await village.say("zhang", "转总群", reply_to=words)
        assert (await village.ours()).text.startswith("转总群请村长来转。")
        assert await village.chat("hub") == []


async def test_the_asker_may_ask_for_an_expert_at_once(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("zhang", QUESTION)
        await village.press("zhang", await village.ours(), "转给专家")
        assert (await village.ticket()).state is Status.QUEUED
        assert "提问人要找专家，转总群" in (await village.card()).text


async def test_a_question_at_closing_time_is_due_the_next_morning(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        # given 17:45, a quarter of an hour before closing
        await village.wait(hours=8, minutes=45)
        await village.say("zhang", QUESTION)
        assert "明天9:15前没人答就转给律师" in (await village.ours()).text

        # when the night passes
        await village.wait(hours=15, minutes=29)
        assert (await village.ticket()).state is Status.IN_VILLAGE
        await village.wait(minutes=1)
        assert (await village.ticket()).state is Status.QUEUED


async def test_the_asker_may_take_a_question_back(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        question = await village.say("zhang", QUESTION)
        await village.say("zhang", "撤回", reply_to=question)
        assert (await village.ticket()).reason is Reason.WITHDRAWN
        await village.wait(hours=2)
        assert await village.chat("hub") == []
