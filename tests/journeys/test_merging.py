"""Several askers, one ticket: one answer under everybody's own message; apart again; corrected."""

from pathlib import Path

import pytest

from base.webchat import WebMessage
from escalation.model import Event, Reason, Status
from tests.fakes import HUB, VILLAGE, slow_down
from tests.journeys.baishi import Baishi, baishi
from tests.town import a_town

ANSWER = "合作社要按章程退股金，先写申请。"


async def _asked(village: Baishi, who: str, text: str) -> WebMessage:
    """A question in the hub; return it."""
    question = await village.say(who, f"问哈村长，{text}")
    await village.say("wang", "转总群", reply_to=question)
    return question


async def _two(village: Baishi) -> tuple[WebMessage, WebMessage]:
    """Two questions in the hub, of two people, the second merged into the first."""
    first = await _asked(village, "zhang", "合作社不退社员股金")
    second = await _asked(village, "li", "合作社欠我社员股金不退")
    await village.say("chen", "合并到 #1", reply_to=await village.card(2))
    return first, second


async def _under(village: Baishi, question: WebMessage) -> list[WebMessage]:
    return [m for m in await village.chat("village") if m.reply_to == question.id and not m.author]


async def test_one_answer_stands_under_both_questions_and_each_confirms_for_themselves(
    tmp_path: Path,
) -> None:
    async with baishi(tmp_path) as village:
        first, second = await _two(village)
        told = (await _under(village, second))[-1].text
        assert told.startswith("2号工单和1号问的是一件事，一起办：最迟今天15:00前有人回你")
        assert "同一件事还有2号，答复一起送到" in (await village.card(1)).text
        assert "已办结（并到别的号）" in (await village.card(2)).text

        await village.say("chen", ANSWER, reply_to=await village.card(1))
        for question, name in ((first, "张秀兰"), (second, "李大山")):
            answer = (await _under(village, question))[-1]
            assert answer.text.startswith(f"{name}，律师答复你：\n{ANSWER}")
        assert "已送到村里" in (await village.card(2)).text
        assert Event.ANSWER_DELIVERED in await village.story(2)

        # each for themselves
        await village.press("li", (await _under(village, second))[-1], "解决了")
        assert (await village.ticket(1)).state is Status.ANSWERED
        await village.press("zhang", (await _under(village, first))[-1], "解决了")
        assert (await village.ticket(1)).reason is Reason.SOLVED


async def test_whoever_is_not_satisfied_goes_on_alone_with_the_same_person_first(
    tmp_path: Path,
) -> None:
    async with baishi(tmp_path) as village:
        first, second = await _two(village)
        await village.say("chen", ANSWER, reply_to=await village.card(1))
        answer = (await _under(village, second))[-1]
        await village.say("li", "我没有申请书的样子，啷个写？", reply_to=answer)
        ticket = await village.ticket(2)
        assert (ticket.state, ticket.cycle) == (Status.QUEUED, 2)
        assert "上次承办：陈静（律师）" in (await village.card(2)).text
        assert "同一件事" not in (await village.card(1)).text
        # what is answered there now is theirs alone
        before = len(await _under(village, first))
        await village.say("chen", "到我这里拿。", reply_to=await village.card(2))
        assert len(await _under(village, first)) == before
        assert (await village.ticket(1)).state is Status.ANSWERED


async def test_more_words_before_the_answer_reach_whoever_answers(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        _, second = await _two(village)
        await village.press("chen", await village.card(1), "认领")
        await village.say("li", "我入股了两千块", reply_to=second)
        assert (await village.ours("hub")).text == "@陈静 1号工单提问人补充：我入股了两千块"
        assert "我入股了两千块" in (await village.card(1)).text
        assert (await village.ticket(2)).reason is Reason.MERGED


async def test_taken_back_by_one_the_other_still_gets_the_answer(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        first, second = await _two(village)
        await village.say("zhang", "撤回", reply_to=first)
        assert (await village.ticket(1)).reason is Reason.WITHDRAWN
        assert (await village.ticket(2)).state is Status.QUEUED
        assert "2号工单单独办，最迟今天15:00前有人回你" in (await _under(village, second))[-1].text


async def test_taken_back_by_the_one_who_joined_nothing_more_is_said_to_them(
    tmp_path: Path,
) -> None:
    async with baishi(tmp_path) as village:
        _, second = await _two(village)
        await village.say("li", "撤回", reply_to=second)
        assert (await village.ticket(2)).reason is Reason.WITHDRAWN
        assert (await village.story(2))[-2:] == [Event.UNMERGED, Event.WITHDRAWN]
        before = len(await _under(village, second))
        await village.say("chen", ANSWER, reply_to=await village.card(1))
        assert len(await _under(village, second)) == before


async def test_parted_by_the_hub_it_is_everybodys_again(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _two(village)
        await village.say("luo", "取消合并", reply_to=await village.card(2))
        assert (await village.ticket(2)).state is Status.QUEUED
        await village.say("luo", "取消合并", reply_to=await village.card(2))
        assert (await village.ours("hub")).text == "2号工单没有合并过。"


async def test_merged_into_what_is_answered_already_the_answer_comes_at_once(
    tmp_path: Path,
) -> None:
    async with baishi(tmp_path) as village:
        await _asked(village, "zhang", "合作社不退社员股金")
        await village.say("chen", ANSWER, reply_to=await village.card(1))
        second = await _asked(village, "li", "合作社欠我社员股金不退")
        await village.say("luo", "合并到1号工单", reply_to=await village.card(2))
        assert (await _under(village, second))[-1].text.startswith(
            f"李大山，律师答复你：\n{ANSWER}"
        )


@pytest.mark.parametrize(
    ("card", "words", "told"),
    [
        (1, "合并到1", "这就是它自己，请写另一个工单的号。"),
        (1, "合并到2", "2号工单已办结（并到别的号），不能并进去。"),
        (1, "合并到9", "9号工单不归这个群办理。"),
        (3, "合并到", "合并到几号？请写：合并到12。这句话没有发到村里。"),
        (3, "合并到哪里去", "合并到几号？请写：合并到12。这句话没有发到村里。"),
        (1, "合并到3", "别的工单已经并到1号了，请反过来并，或先取消合并。"),
    ],
)
async def test_what_cannot_be_merged_is_said_in_a_sentence(
    tmp_path: Path, card: int, words: str, told: str
) -> None:
    async with baishi(tmp_path) as village:
        await _two(village)
        await _asked(village, "li", "粮站的秤不准")
        before = len(await village.chat("village"))
        await village.say("chen", words, reply_to=await village.card(card))
        assert (await village.ours("hub")).text == told
        assert len(await village.chat("village")) == before


async def test_nobody_waits_longer_for_having_been_merged(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _asked(village, "zhang", "合作社不退社员股金")
        await village.wait(minutes=40)
        await _asked(village, "li", "合作社欠我社员股金不退")
        await village.say("chen", "合并到2", reply_to=await village.card(1))
        assert (await village.ours("hub")).text == (
            "1号答应的时间更早，请反过来：回复2号的卡片“合并到1”。"
        )
        assert (await village.ticket(1)).state is Status.QUEUED


async def test_a_correction_is_seen_by_everybody_who_read_the_answer(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        first, second = await _two(village)
        await village.say("chen", ANSWER, reply_to=await village.card(1))
        await village.say("luo", "更正：不退。", reply_to=await village.card(1))
        assert (await village.ours("hub")).text == "那个答复是陈静（律师）给的，请他自己来改。"
        await village.say("chen", "更正：三个月内退。", reply_to=await village.card(1))
        for question, name in ((first, "张秀兰"), (second, "李大山")):
            said = (await _under(village, question))[-1]
            head = f"{name}，律师更正前面的答复，以这一条为准：\n三个月内退。"
            assert said.text.startswith(head)
            assert [b.label for b in said.buttons] == ["解决了", "还有疑问"]
        assert any(ANSWER in m.text for m in await _under(village, first))  # nothing was changed


async def test_an_answer_taken_back_is_promised_anew(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        first, second = await _two(village)
        await village.say("chen", "撤回", reply_to=await village.card(1))
        assert (await village.ours("hub")).text == "1号工单还没有答复，没有什么要改的。"
        await village.say("chen", ANSWER, reply_to=await village.card(1))
        await village.say("chen", "撤回", reply_to=await village.card(1))
        for question, number in ((first, 1), (second, 2)):
            said = (await _under(village, question))[-1].text
            assert (
                said
                == f"{number}号工单前面的答复不准，请先不要照着办。最迟今天15:00前重新答复你。"
            )
        ticket = await village.ticket(1)
        assert ticket.state is Status.CLAIMED
        assert Event.RETRACTED in await village.story(1)
        await village.say("chen", "三个月内退。", reply_to=await village.card(1))
        assert (await _under(village, second))[-1].text.startswith(
            "李大山，律师答复你：\n三个月内退。"
        )


async def test_merged_while_the_answer_is_on_its_way_the_answer_comes_all_the_same(
    tmp_path: Path,
) -> None:
    async with a_town(tmp_path) as town:
        card = await town.in_hub()
        await town.say("li", "问哈村长，无人机打药把我家蜂子熏死了")
        await town.settle()
        await town.press("li", town.channel.ours(VILLAGE)[-1], "转给专家")
        await town.settle()
        (second,) = [m for m in town.channel.ours(HUB) if m.text.startswith("【2号")]
        await town.answer(card, slow_down(90))  # given, but not yet in the village
        await town.say("chen", "合并到1", second.id)
        await town.wait(minutes=3)
        assert len(town.carried()) == 2
