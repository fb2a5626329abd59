"""What an asker hears of the own questions, takes back, and says of an answer."""

from pathlib import Path

import pytest

from escalation.model import Event, Reason, Status
from tests.journeys.baishi import baishi


async def test_how_far_it_is_is_told_with_the_promise(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("zhang", "问哈村长，我的问题")
        assert (await village.ours()).text.startswith("你在这个群里还没有问过")
        first = await village.say("zhang", "问哈村长，合作社不退社员股金，还说要扣我一年的分红")
        await village.say("wang", "转总群", reply_to=first)
        await village.say("zhang", "进度")
        assert (await village.ours()).text == (
            "1号工单（合作社不退社员股金，还说要扣我一……）：待认领，最迟今天15:00前有人回你"
        )
        await village.press("chen", await village.card(), "认领")
        await village.say("zhang", "问哈村长，进度")
        assert "：办理中，最迟今天15:00前有人回你" in (await village.ours()).text
        await village.say("chen", "按章程退。", reply_to=await village.card())
        await village.press("zhang", await village.ours(), "解决了")
        await village.say("zhang", "问哈村长，进度")
        assert (await village.ours()).text.startswith("你现在没有在办的问题")
        await village.say("zhang", "问哈村长，我的问题")
        assert (await village.ours()).text.endswith("：已办结（解决了）")


async def test_of_others_nothing_is_told(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("zhang", "问哈村长，合作社不退社员股金")
        await village.say("li", "问哈村长，我的问题")
        assert "股金" not in (await village.ours()).text
        before = len(await village.chat("village"))
        await village.say("li", "进度")  # nobody he asked: no business of ours
        assert len(await village.chat("village")) == before + 1


async def test_taken_back_without_a_reply_where_it_is_clear_which(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("zhang", "问哈村长，合作社不退社员股金")
        await village.say("zhang", "问哈村长，粮站的秤不准")
        await village.say("zhang", "撤回")
        assert "请回复要撤回的那一条" in (await village.ours()).text
        question = (await village.chat("village"))[0]
        await village.say("zhang", "撤回", reply_to=question)
        await village.say("zhang", "撤回")
        assert (await village.ticket(1)).reason is Reason.WITHDRAWN
        assert (await village.ticket(2)).reason is Reason.WITHDRAWN
        await village.say("zhang", "问哈村长，撤回")
        assert "不用撤回" in (await village.ours()).text


@pytest.mark.parametrize(("words", "rating"), [("满意", "good"), ("不满意！", "bad")])
async def test_a_rating_is_kept_and_starts_nothing(
    tmp_path: Path, words: str, rating: str
) -> None:
    async with baishi(tmp_path) as village:
        question = await village.say("zhang", "问哈村长，合作社不退社员股金")
        await village.say("wang", "转总群", reply_to=question)
        await village.say("chen", "按章程退。", reply_to=await village.card())
        await village.say("zhang", words, reply_to=await village.ours())
        entry = next(e for e in await village.journal() if e.event is Event.RATED)
        assert entry.data == {"rating": rating}
        assert (await village.ticket()).state is Status.ANSWERED


async def test_in_reply_to_one_question_it_is_that_one_that_is_told_of(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        first = await village.say("zhang", "问哈村长，合作社不退社员股金")
        await village.say("zhang", "问哈村长，粮站的秤不准")
        before = len(await village.story(1))
        await village.say("zhang", "进度", reply_to=first)
        told = (await village.ours()).text
        assert told.startswith("1号工单（合作社不退社员股金）")
        assert "粮站" not in told
        assert len(await village.story(1)) == before
