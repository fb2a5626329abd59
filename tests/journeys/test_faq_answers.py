"""A question the FAQ answers for certain, and what 有用 and 没帮上忙 do."""

from pathlib import Path

from escalation.model import Event, Reason, Status
from tests.journeys.baishi import baishi

QUESTION = "问哈村长，老板差我三个月工钱不给啷个办？"


async def test_a_certain_answer_stands_under_the_question_with_its_law(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        # when a villager asks what the FAQ knows
        question = await village.say("zhang", QUESTION)

        # then the answer is a reply to the question, result first, with law and 110
        answer = await village.ours()
        assert answer.reply_to == question.id
        assert answer.text.startswith("老板必须付清")
        assert "依据：《" in answer.text
        assert "有人身危险先打110" in answer.text
        assert [button.label for button in answer.buttons] == ["有用", "没帮上忙"]
        # and the hub hears nothing
        assert await village.chat("hub") == []


async def test_helpful_closes_the_ticket_and_the_answer_shows_the_choice(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("zhang", QUESTION)

        # when the asker presses 有用
        told = await village.press("zhang", await village.ours(), "有用")

        # then it is closed, the presser is told, and the buttons are gone
        assert told == "收到：有用"
        ticket = await village.ticket()
        assert (ticket.state, ticket.reason) == (Status.CLOSED, Reason.SOLVED)
        answer = await village.ours()
        assert answer.text.endswith("✓ 有用")
        assert answer.buttons == ()
        assert answer.edited_at is not None


async def test_unhelpful_goes_to_the_hub_with_a_promise_in_words(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("zhang", QUESTION)

        # when it did not help, said by typing the number
        await village.say("zhang", "2")

        # then the question is in the hub and the asker knows until when
        assert (await village.ticket()).state is Status.QUEUED
        assert "最迟今天15:00前有人回你" in (await village.chat("village"))[-1].text
        assert (await village.card()).text.startswith("【1号工单】白石村 · 待认领")


async def test_a_quiet_day_after_the_answer_assumes_it_helped(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("zhang", QUESTION)

        # when nobody objects for a day
        await village.wait(hours=23, minutes=59)
        assert (await village.ticket()).state is Status.FAQ_ANSWERED
        await village.wait(minutes=1)

        # then it is closed as assumed solved, and nobody was bothered
        ticket = await village.ticket()
        assert (ticket.state, ticket.reason) == (Status.CLOSED, Reason.ASSUMED_SOLVED)
        assert len(await village.chat("village")) == 2


async def test_somebody_else_cannot_close_another_ones_question(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("zhang", QUESTION)

        # when a neighbour presses the asker's button
        told = await village.press("li", await village.ours(), "有用")

        # then only that neighbour is told why not, and nothing has changed
        assert told == "这个由提问人自己来定。你有话，回复那条消息就行。"
        assert (await village.ticket()).state is Status.FAQ_ANSWERED
        assert Event.HELPED not in await village.story()
