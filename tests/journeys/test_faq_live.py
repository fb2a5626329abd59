"""A change of the FAQ reaches the running service; what was offered and is gone says so."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from base.errors import ConfigError
from knowledge.model import EntryStatus, FaqEntry
from storage.faq_files import write_faq
from storage.shipped_faq import load_entries
from tests.journeys.baishi import Baishi, baishi
from wenha.faq_import import import_file

WAGES = "问哈村长，老板差我三个月工钱不给啷个办？"
LAND = "问哈村长，我女嫁出去了，屋头的地遭收了，又说要重新分"


def entry(entry_id: str) -> FaqEntry:
    (found,) = (one for one in load_entries() if one.id == entry_id)
    return found


async def publish(village: Baishi, folder: Path, *entries: FaqEntry) -> None:
    """Import a file with the command; the keeper looks as it does every second."""
    write_faq(folder / "new.yaml", entries)
    service = village.service
    import_file(folder / "new.yaml", service.config.database, service.clock.now(), io.StringIO())
    await service.faq_keeper.step(service.clock.now())


async def test_the_next_question_gets_the_new_answer(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        # given an answer as it was shipped
        await village.say("zhang", WAGES)
        assert (await village.ours()).text.startswith("老板必须付清")

        # when a curator publishes another while the service runs
        await publish(village, tmp_path, replace(entry("L040"), answer="先去劳动监察投诉。"))

        # then the next question gets it, and a new variant is known at once
        await village.say("li", WAGES)
        assert (await village.ours()).text.startswith("先去劳动监察投诉。")


async def test_a_new_variant_is_understood_at_once(tmp_path: Path) -> None:
    strange = "喂猪的王二把料钱吞了啷个整"
    async with baishi(tmp_path) as village:
        known = entry("L137")
        await publish(village, tmp_path, replace(known, variants=(*known.variants, strange)))

        await village.say("zhang", f"问哈村长，{strange}")

        assert known.answer in (await village.ours()).text


async def test_what_was_offered_and_is_retired_says_so_and_loses_nothing(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("li", LAND)
        offer = await village.ours()
        first = entry("L004")
        assert first.question in offer.text

        # when the offered entry is taken off before it is picked
        await publish(village, tmp_path, replace(first, status=EntryStatus.RETIRED))
        told = await village.press("li", offer, offer.buttons[0].label)

        # then the presser is told, and the question is still there
        assert told
        assert (await village.ticket()).state.value == "offered"
        await village.say("zhang", LAND)
        assert first.question not in (await village.ours()).text


async def test_an_entry_is_served_from_its_first_day_on(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        today = village.service.clock.now().date()
        tomorrow = date.fromordinal(today.toordinal() + 1)
        await publish(village, tmp_path, replace(entry("L040"), valid_from=tomorrow))

        await village.say("zhang", WAGES)
        assert not (await village.ours()).text.startswith("老板必须付清")

        # when the day begins, nothing else being changed
        await village.wait(days=1)
        await village.service.faq_keeper.step(village.service.clock.now())
        await village.say("li", WAGES)
        assert (await village.ours()).text.startswith("老板必须付清")


async def test_a_broken_import_changes_nothing(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        broken = replace(entry("L040"), answer="当事人应当主张权利。")

        with pytest.raises(ConfigError):
            await publish(village, tmp_path, replace(entry("L001"), answer="换了。"), broken)

        await village.service.faq_keeper.step(village.service.clock.now())
        await village.say("zhang", WAGES)
        assert (await village.ours()).text.startswith("老板必须付清")
