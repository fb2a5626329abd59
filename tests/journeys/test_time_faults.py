"""The host's clock and zone may be wrong; dues are not, and nothing happens twice."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from escalation.model import Event
from tests.builders import monday
from tests.journeys.baishi import Baishi, baishi


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Shanghai"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The zone the machine believes to be in."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


async def _in_hub(village: Baishi) -> None:
    question = await village.say("zhang", "水渠堵了没人管")
    await village.say("wang", "转总群", reply_to=question)


async def test_dues_and_words_are_the_same_wherever_the_machine_believes_to_be(
    tmp_path: Path, zone: str
) -> None:
    assert time.tzname[0] in ("UTC", "EST", "CST"), zone
    async with baishi(tmp_path, monday("17:30")) as village:
        await _in_hub(village)
        assert "认领：最迟明天9:30" in (await village.card()).text
        timers = await village.service.store.read(lambda unit: list(unit.timers.of(1)))
        (claim,) = (t for t in timers if t.kind == "claim" and t.step == 100)
        assert claim.due == monday("9:30", days=1)
        await village.wait(days=1)
        broken = [e for e in await village.journal() if e.event is Event.BREACHED]
        (breached,) = (e for e in broken if e.data["clock"] == "claim")
        assert breached.at == monday("9:30", days=1)


async def test_a_clock_that_steps_back_fires_nothing_again(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await _in_hub(village)
        await village.wait(minutes=61)
        before = await village.journal()
        messages = len(await village.chat("hub"))

        # when the machine's clock is set back and walks over the same hour again
        village.clock.advance(timedelta(hours=-2))
        for _ in range(8):
            village.clock.advance(timedelta(minutes=15))
            await village.service.runtime.settle()

        assert await village.journal() == before
        assert len(await village.chat("hub")) == messages


async def test_a_moment_without_a_zone_is_refused(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        with pytest.raises(ValueError, match="naive datetime refused"):
            village.clock.move_to(datetime(2026, 11, 23, 9))  # noqa: DTZ001 - that is the point
