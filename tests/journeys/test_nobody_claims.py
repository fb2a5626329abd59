"""Nobody claims: reminders, the breach, the duty lead, and a card that always tells."""

from pathlib import Path

from escalation.model import Event
from tests.journeys.baishi import Baishi, baishi

QUESTION = "问哈村长，无人机打药把我家茶叶熏坏了，找哪个？"


async def _in_hub(village: Baishi) -> None:
    await village.say("zhang", QUESTION)
    await village.press("zhang", await village.ours(), "转给专家")


async def test_warnings_come_at_half_and_four_fifths_and_the_breach_at_the_end(
    tmp_path: Path,
) -> None:
    async with baishi(tmp_path) as village:
        await _in_hub(village)

        # when half of the hour is gone
        await village.wait(minutes=30)
        assert (
            await village.ours("hub")
        ).text == "1号工单还没人认领，时间过了50%，最迟今天10:00。"
        assert (await village.ours("hub")).reply_to == (await village.card()).id
        # and four fifths
        await village.wait(minutes=18)
        assert (
            await village.ours("hub")
        ).text == "1号工单还没人认领，时间过了80%，最迟今天10:00。"
        # and all of it
        await village.wait(minutes=12)
        assert (await village.ours("hub")).text == "@周敏 1号工单超时没人认领，请安排人。"
        assert "认领：最迟今天10:00（已超时）" in (await village.card()).text
        # then the village has heard none of it
        assert not [m for m in await village.chat("village") if "超时" in m.text]


async def test_each_step_comes_once_however_far_the_clock_jumps(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _in_hub(village)

        # when a whole week passes at once
        await village.wait(days=7)

        # then each step was taken once, each at its own due
        journal = await village.journal()
        steps = [
            (entry.event, entry.data["clock"], entry.data["step"], entry.data["due"])
            for entry in journal
            if entry.event in (Event.WARNED, Event.BREACHED)
        ]
        # three of the claim, three of the first answer, two of the resolution
        assert len(steps) == len(set(steps)) == 8
        chain = [e.data["step"] for e in journal if e.event is Event.ESCALATED]
        assert sorted(map(str, chain)) == ["101", "101", "102", "102", "103", "103"]
        assert all(
            entry.at.isoformat() == entry.data["due"]
            for entry in journal
            if entry.event is Event.FIRED
        )
        # and lateness alone has not closed it
        assert (await village.ticket()).closed_at is None


async def test_a_claim_just_before_the_end_stops_the_claim_clock_for_good(
    tmp_path: Path,
) -> None:
    async with baishi(tmp_path) as village:
        await _in_hub(village)
        await village.wait(minutes=59, seconds=59)
        await village.press("luo", await village.card(), "认领")
        await village.wait(hours=1)
        breached = [e for e in await village.journal() if e.event is Event.BREACHED]
        assert breached == []


async def test_an_unanswered_claim_still_breaks_the_answer_promise(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _in_hub(village)
        await village.wait(minutes=10)
        await village.press("luo", await village.card(), "认领")

        # when four working hours pass: 9:00–12:00 and 14:00–15:00
        await village.wait(hours=5, minutes=50)
        assert (await village.ours("hub")).text == "@周敏 1号工单超时还没答复。承办：@罗国安"
        assert "首次答复：最迟今天15:00（已超时）" in (await village.card()).text
