"""Random histories over the web channel: every clock recounted from the export by a stranger."""

import random
from pathlib import Path

import pytest

from base.webchat import WebMessage
from escalation.calendar_check import dump_calendars
from storage.shipped import load_holidays
from tests.builders import monday
from tests.journeys.baishi import Baishi, baishi
from tests.oracle import Oracle
from tests.recount import must_have_rung, rung
from wenha.tickets import all_dossiers
from wenha.tickets_export import record

EXPECTED = frozenset(map(str, load_holidays().expected))
STEPS = 30
QUESTIONS = ("水渠堵了没人管，{}号田干了", "{}号山上的界桩倒了", "{}号路灯坏了哪个修")


async def _acts(village: Baishi, chance: random.Random, number: int) -> None:
    """Something that somebody may do next; a refusal is as good as anything."""
    match chance.randrange(10):
        case 0 | 1:
            question = await village.say("zhang", chance.choice(QUESTIONS).format(number))
            await village.say("wang", "转总群", reply_to=question)
        case 2 | 3:
            await village.wait(minutes=chance.choice((1, 7, 40, 200, 900, 5000)))
        case 4:
            await village.wait(seconds=chance.randrange(1, 4000))
        case _:
            await _about_one(village, chance)


async def _about_one(village: Baishi, chance: random.Random) -> None:
    cards = [m for m in await village.chat("hub") if m.text.startswith("【")]
    ours = [m for m in await village.chat("village") if m.author is None]
    if not cards:
        return
    card, said = chance.choice(cards), chance.choice(ours)
    who = chance.choice(("chen", "luo", "zhou"))
    match chance.randrange(6):
        case 0:
            await _press(village, who, card, "认领")
        case 1:
            await _press(village, who, card, "退回")
        case 2:
            await village.say(who, "要补充材料：照片", reply_to=card)
        case 3:
            await village.say(who, "先拍照留好，再找村委会。", reply_to=card)
        case 4:
            await village.say("zhang", "还有一件事没讲清楚", reply_to=said)
        case _:
            await village.say("zhang", chance.choice(("解决了", "谢谢", "好")), reply_to=said)


async def _press(village: Baishi, who: str, card: WebMessage, label: str) -> None:
    if label in [button.label for button in card.buttons]:
        await village.press(who, card, label)


@pytest.mark.parametrize("seed", range(6))
async def test_what_rang_is_what_had_to_ring(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a story, not a secret
    async with baishi(tmp_path, monday("9:00", days=35)) as village:  # around New Year 2027
        for number in range(STEPS):
            await _acts(village, chance, number)
        files = await village.service.store.read(lambda unit: list(all_dossiers(unit)))
        calendars = [files[0].calendar] if files else []
        form = dump_calendars(calendars)
        for file in files:
            line = record(file, calendars)
            oracle = Oracle(form, line["calendar"], EXPECTED)
            now = village.clock.now()
            must, may = must_have_rung(line, oracle, now)
            found = rung(line)
            assert must - found == set(), (seed, line["ticket"])
            assert found - must <= may, (seed, line["ticket"])
