"""A question with candidates: picking one, 都不是, and saying nothing."""

from pathlib import Path

from escalation.model import Event, Status
from tests.journeys.baishi import MONDAY_9AM, baishi

QUESTION = "问哈村长，我女嫁出去了，屋头的地遭收了，又说要重新分"


async def test_candidates_are_offered_and_a_pick_is_answered(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        # when the FAQ is not certain
        question = await village.say("li", QUESTION)

        # then at most three questions are offered, and 都不是
        offer = await village.ours()
        labels = [button.label for button in offer.buttons]
        assert offer.reply_to == question.id
        assert labels[-1] == "都不是"
        assert 1 <= len(labels) - 1 <= 3

        # when the asker picks the first by its number
        await village.say("li", "1", reply_to=offer)

        # then its answer stands under the question, and the offer shows what was chosen
        answer = await village.ours()
        assert answer.reply_to == question.id
        assert "依据：《" in answer.text
        assert (await village.ticket()).state is Status.FAQ_ANSWERED


async def test_none_fits_goes_to_the_hub_at_once(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("li", QUESTION)

        # when nothing fits
        await village.press("li", await village.ours(), "都不是")

        # then the village window is skipped
        assert (await village.ticket()).state is Status.QUEUED
        assert Event.OPENED not in await village.story()


async def test_an_offer_nobody_takes_up_goes_to_the_village_window(tmp_path: Path) -> None:
    async with baishi(tmp_path, MONDAY_9AM) as village:
        await village.say("li", QUESTION)

        # when ten working minutes pass without a choice
        await village.wait(minutes=10)

        # then the village has the first word, and after that the hub
        assert (await village.ticket()).state is Status.IN_VILLAGE
        assert "今天9:40前没人答就转给律师" in (await village.ours()).text
        await village.wait(minutes=30)
        assert (await village.ticket()).state is Status.QUEUED


async def test_a_number_that_is_not_offered_is_refused_with_a_sentence(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("li", QUESTION)
        await village.say("li", "9")
        assert (await village.ours()).text.startswith("没有第9个")
        assert (await village.ticket()).state is Status.OFFERED
