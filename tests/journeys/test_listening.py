"""A village may be answered unasked: only a question, only where we are certain, else silence."""

from pathlib import Path

from escalation.model import Status
from tests.journeys.baishi import Baishi, baishi

WAGES = "老板拖欠工资怎么办？"
BOAT = "电站放水没通知，把我弟娃的船冲走了，哪个赔？"


async def _listening(village: Baishi) -> None:
    await village.say("wang", "问哈村长，打开旁听")
    assert (await village.ours()).text.startswith("旁听打开了")


async def test_nothing_is_answered_unasked_unless_the_village_wants_it(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        before = len(await village.chat("village"))
        await village.say("zhang", WAGES)
        assert len(await village.chat("village")) == before + 1
        assert await village.inbox() == 0


async def test_a_certain_question_is_answered_and_all_else_meets_silence(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _listening(village)
        stored = await village.inbox()

        await village.say("zhang", WAGES)
        answer = await village.ours()
        assert "劳动监察" in answer.text
        assert (await village.ticket()).state is Status.FAQ_ANSWERED
        assert await village.inbox() == stored + 1

        # what is no question, or not certain, or said to somebody, is neither answered nor kept
        before = len(await village.chat("village"))
        other = await village.say("li", "今天赶场不？")
        await village.say("zhang", BOAT)
        await village.say("zhang", "老板拖欠工资")
        await village.say("zhang", WAGES, reply_to=other)
        assert len(await village.chat("village")) == before + 4
        assert await village.inbox() == stored + 1

        # and it can be switched off again
        await village.say("wang", "问哈村长，关闭旁听")
        assert (await village.ours()).text.startswith("旁听关了")
        before = len(await village.chat("village"))
        await village.say("li", WAGES)
        assert len(await village.chat("village")) == before + 1


async def test_only_who_speaks_for_the_village_switches_it(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("zhang", "问哈村长，打开旁听")
        assert "请联络员或值班组长来说" in (await village.ours()).text
        before = len(await village.chat("village"))
        await village.say("li", WAGES)
        assert len(await village.chat("village")) == before + 1
