"""Answers longer than a message: all of it arrives, in order, and every part is the ticket's."""

from pathlib import Path

import pytest

from base.text import units
from escalation.model import Event, Reason, Status
from tests.journeys.telegram_town import TelegramTown, telegram_town
from tests.telegram_server import faults
from tests.telegram_server.view import Seen

LONGEST = 4096
LINES = "\n".join(f"第{number}条：先留好凭据，再去调解。" for number in range(1, 241))


def _carried(town: TelegramTown) -> list[Seen]:
    """The parts of the answer as they stand in the village, after the promise of one."""
    said = town.all_ours(town.village)
    at = [seen.text.startswith("已转给律师") for seen in said].index(True)
    return said[at + 1 :]


@pytest.mark.parametrize(
    "text",
    [LINES[:LONGEST], "👨‍👩‍👧" * (LONGEST // 8), "字" * LONGEST],
    ids=["lines", "families", "no line end"],
)
async def test_an_answer_of_the_greatest_length_arrives_whole(tmp_path: Path, text: str) -> None:
    async with telegram_town(tmp_path) as town:
        asked = await town.in_hub()
        await town.answer(text)

        # then all of it stands under the question, in order, none too long
        found = _carried(town)
        assert len(found) > 1
        assert all(seen.reply_to == asked.id for seen in found)
        assert all(units(seen.text) <= LONGEST for seen in found)
        whole = "".join(seen.text for seen in found).replace("\n", "")
        assert text.replace("\n", "") in whole
        assert whole.startswith("张秀兰，值守群答复你：")

        # and only the last has the buttons, with the choices in words
        assert [seen.buttons for seen in found[:-1]] == [()] * (len(found) - 1)
        assert found[-1].buttons == (("解决了", "还有疑问"),)
        assert found[-1].text.endswith("回复1 解决了 · 回复2 还有疑问")
        assert (await town.story()).count(Event.ANSWER_DELIVERED) == 1


async def test_a_reply_to_any_part_finds_the_ticket(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        await town.in_hub()
        await town.answer(LINES)
        for number, part in enumerate(_carried(town), 2):
            await town.say(town.zhang, town.village, "那证人呢？", part)
            assert (await town.ticket()).cycle == number
            await town.answer("也算。")


async def test_a_choice_may_be_typed_under_the_first_part(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        await town.in_hub()
        await town.answer(LINES)
        first, *_, last = _carried(town)
        await town.say(town.zhang, town.village, "1", first)
        assert (await town.ticket()).reason is Reason.SOLVED
        shown = next(seen for seen in town.read(town.village) if seen.id == last.id)
        assert shown.text.endswith("✓ 解决了")
        assert shown.buttons == ()


async def test_a_part_of_unknown_fate_comes_once_more_in_its_place(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        await town.in_hub()
        town.server.faults.next(faults.dropped(), chat_id=town.village.id)
        await town.answer(LINES)
        first, again, *rest = _carried(town)
        assert again.text == first.text + "\n（网络不稳，这条可能重复了）"
        assert "重复" not in "".join(seen.text for seen in rest)
        assert rest[-1].buttons == (("解决了", "还有疑问"),)
        assert (await town.story())[-1] is Event.ANSWER_DELIVERED


async def test_without_its_beginning_the_rest_is_not_sent(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        await town.in_hub()
        refusal = faults.refusal(400, "not enough rights to send text messages to the chat")
        town.server.faults.next(refusal, chat_id=town.village.id)
        await town.answer(LINES)
        assert _carried(town) == []
        assert (await town.story())[-1] is Event.DELIVERY_FAILED
        assert (await town.story()).count(Event.DELIVERY_FAILED) == 1
        assert "送达：没送到" in town.card().text


async def test_long_questions_are_clipped_on_the_card(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        asked = await town.in_hub("问哈村长，" + "😀" * 2000)
        for _ in range(6):
            await town.say(town.zhang, town.village, "还有：" + "😀" * 2000, asked)
        card = town.card()
        assert units(card.text) <= LONGEST
        assert "（共2000字）" in card.text
        assert (await town.ticket()).state is Status.QUEUED
