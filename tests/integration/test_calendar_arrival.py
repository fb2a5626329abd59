"""A year is published: what was provisional is counted anew, once, and the asker is told."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from base.clock import FrozenClock
from escalation.calendar import BEIJING
from escalation.model import Event, Timer
from tests.fakes import HUB, VILLAGE, FakeChannel
from tests.town import a_town
from wenha.config import Config
from wenha.config_rules import Hours
from wenha.wiring import open_service

NEW_YEARS_EVE = datetime(2026, 12, 31, 17, 30, tzinfo=BEIJING)
NOTICE = Hours(
    days_off={date(2027, 1, 1): "元旦", date(2027, 1, 4): "元旦"},
    makeup_days=(date(2027, 1, 3),),
    known_through=2027,
)


async def _asked(folder: Path) -> FakeChannel:
    async with a_town(folder, at=NEW_YEARS_EVE) as town:
        await town.in_hub()
        due = [t for t in await town.read(lambda unit: unit.timers.of(1)) if t.provisional]
        assert {str(timer.kind) for timer in due} >= {"first_answer", "resolution"}
        assert "（暂定：" in town.channel.ours(HUB)[0].text
        return town.channel


async def test_a_provisional_due_is_counted_anew_once_when_the_year_is_published(
    tmp_path: Path,
) -> None:
    channel = await _asked(tmp_path)
    config = Config(database=tmp_path / "wenha.db", hours=NOTICE)
    timers: Sequence[Timer] = ()
    for _ in range(2):  # and not again at the next start
        service = await open_service(
            config, FrozenClock(NEW_YEARS_EVE), channels={"fake": channel}
        )
        await service.runtime.settle()
        journal = await service.store.read(lambda unit: list(unit.tickets.journal(1)))
        timers = await service.store.read(lambda unit: list(unit.timers.of(1)))
        service.close()
        changed = [entry for entry in journal if entry.event is Event.RULES_CHANGED]
        assert [(e.role, e.data["calendar_version"]) for e in changed] == [("bot", "2")]
        assert changed[0].data["policy_version"] == 1
    assert [t for t in timers if t.provisional and t.state == "pending"] == []
    (first,) = (t for t in timers if t.kind == "first_answer" and t.step == 100)
    # half an hour on the 31st; the 3rd is worked, the 1st and 4th are not
    assert first.due == datetime(2027, 1, 3, 14, 30, tzinfo=BEIJING)
    told = [m.text for m in channel.ours(VILLAGE) if "时间改了" in m.text]
    assert told == ["1号工单的时间改了：最迟周日（1月3日）14:30前有人回你。"]


async def test_what_was_certain_stays_as_it_was_opened(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        await town.in_hub()
        channel = town.channel
    config = Config(database=tmp_path / "wenha.db", hours=NOTICE)
    service = await open_service(config, FrozenClock(NEW_YEARS_EVE), channels={"fake": channel})
    journal = await service.store.read(lambda unit: list(unit.tickets.journal(1)))
    service.close()
    assert Event.RULES_CHANGED not in {entry.event for entry in journal}
