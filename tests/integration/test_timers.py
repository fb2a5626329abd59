"""Alarms: each rings once, when it is due or as soon as we look, and a bad one stops no other."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from bot.timekeeper import BATCH, Timekeeper
from escalation.model import ClockKind, Entry, Event, Status, Timer, TimerState
from storage.tables import TIMER
from storage.timers import MAX_TRIES, RETRY_AFTER
from storage.unit import Unit
from tests.fakes import HUB, VILLAGE
from tests.town import MONDAY_9AM, QUESTION, Town, a_town
from wenha import doctor

WINDOW_ENDS = MONDAY_9AM + timedelta(minutes=30)


async def asked(town: Town) -> Timer:
    """Let a question open its village window; return the alarm of that."""
    await town.say("zhang", QUESTION)
    await town.settle()
    number = (await town.tickets())[-1].id
    (timer,) = await town.read(lambda unit: unit.timers.of(number))
    return timer


async def rung(town: Town, ticket: int = 1) -> list[tuple[Any, Any, Any]]:
    """Which alarms rang: clock, step and generation."""
    return [
        (entry.data["clock"], entry.data["step"], entry.data["gen"])
        for entry in await town.journal(ticket)
        if entry.event is Event.FIRED
    ]


async def parked(town: Town) -> list[tuple[int, str]]:
    return list(await town.read(lambda unit: unit.timers.parked()))


@pytest.mark.parametrize(
    ("at", "rings"),
    [
        (WINDOW_ENDS - timedelta(microseconds=1), False),
        (WINDOW_ENDS - timedelta(seconds=1), False),
        (WINDOW_ENDS, True),
        (WINDOW_ENDS + timedelta(seconds=1), True),
    ],
)
async def test_an_alarm_is_due_at_its_moment_and_not_before(
    tmp_path: Path, at: datetime, rings: bool
) -> None:
    async with a_town(tmp_path) as town:
        timer = await asked(town)
        assert timer.due == WINDOW_ENDS
        due = await town.read(lambda unit: unit.timers.due(at, 10))
        assert due == ([timer] if rings else [])
        assert await town.read(lambda unit: unit.timers.next_due()) == WINDOW_ENDS
        town.clock.move_to(at)
        await town.settle()
        assert await rung(town) == ([("window", 100, 1)] if rings else [])


async def test_an_alarm_rings_once_however_often_we_look(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        await asked(town)
        town.clock.move_to(WINDOW_ENDS)
        for _ in range(3):
            await town.settle()
        channel = town.channel
    # and not again after a restart
    async with a_town(tmp_path, channel=channel, at=WINDOW_ENDS) as town:
        for _ in range(3):
            await town.settle()
        assert await rung(town) == [("window", 100, 1)]
        assert len([m for m in channel.ours(VILLAGE) if "村里还没人答" in m.text]) == 1
        assert len(channel.ours(HUB)) == 1


async def test_what_fell_due_while_nobody_looked_counts_from_its_due(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        await asked(town)
        channel = town.channel
    # given a stop from right after the question until far into the afternoon
    async with a_town(tmp_path, channel=channel, at=MONDAY_9AM + timedelta(hours=8)) as town:
        await town.settle()
        # then everything happened at the moment it was due, and so on from there
        ringing = [entry for entry in await town.journal() if entry.event is Event.FIRED]
        assert all(entry.at.isoformat() == entry.data["due"] for entry in ringing)
        minutes = [int((entry.at - MONDAY_9AM) / timedelta(minutes=1)) for entry in ringing]
        # window; claim 50 %, 80 %, whole, its chain; first answer likewise; around lunch
        assert minutes == [30, 60, 78, 90, 150, 150, 330, 342, 390, 450, 450]
        assert await rung(town) == [
            ("window", 100, 1),
            *(("claim", step, 1) for step in (50, 80, 100)),
            ("first_answer", 50, 1),
            ("claim", 101, 1),
            ("claim", 102, 1),
            *(("first_answer", step, 1) for step in (80, 100, 101)),
            ("claim", 103, 1),
        ]


async def test_a_promise_that_moves_takes_its_old_alarms_back(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        # given a promise to claim until 10:00, and 紧急 at 9:10
        await town.in_hub()
        await town.wait(minutes=10)
        await town.say("li", "紧急")
        await town.wait(hours=8)
        # then it was broken once, a quarter of an hour later
        broken = [
            (entry.data["clock"], entry.at)
            for entry in await town.journal()
            if entry.event is Event.BREACHED
        ]
        assert broken == [
            ("claim", MONDAY_9AM + timedelta(minutes=25)),
            ("first_answer", MONDAY_9AM + timedelta(minutes=70)),
        ]
        assert ("claim", 100, 1) not in await rung(town)
        assert ("claim", 100, 2) in await rung(town)


async def test_an_alarm_set_anew_at_the_last_moment_does_not_ring_as_the_old_one(
    tmp_path: Path,
) -> None:
    async with a_town(tmp_path) as town:
        timer = await asked(town)
        later = WINDOW_ENDS + timedelta(hours=1)
        town.clock.move_to(WINDOW_ENDS)
        # given a unit that sets the alarm anew, queued just before the alarm is found to be due
        started, go = threading.Event(), threading.Event()

        def set_anew(unit: Unit) -> None:
            started.set()
            assert go.wait(20)
            unit.timers.put([replace(timer, gen=2, due=later)])

        setting = asyncio.ensure_future(town.write(set_anew))
        await asyncio.to_thread(started.wait)
        keeper = Timekeeper(town.service.store, town.service.words)
        ringing = asyncio.ensure_future(keeper.step(town.clock.now()))
        await town.read(lambda unit: unit.timers.next_due())  # the step has read by then
        go.set()
        await asyncio.gather(setting, ringing)
        # then the old one does not ring any more, and the new one does in its time
        assert await rung(town) == []
        town.clock.move_to(later)
        await town.settle()
        assert await rung(town) == [("window", 100, 2)]


async def test_a_bad_alarm_is_parked_after_three_tries_and_the_others_ring(
    tmp_path: Path,
) -> None:
    async with a_town(tmp_path) as town:
        # given two questions, of which the first has lost a line of its journal
        await asked(town)
        await asked(town)
        await town.write(lose_a_line)
        town.clock.move_to(WINDOW_ENDS)
        await town.settle()
        # then the second has gone to the hub on time
        assert await rung(town, 2) == [("window", 100, 1)]
        assert await parked(town) == []
        # and the first is tried again, and then left to people
        await town.wait(seconds=RETRY_AFTER.total_seconds() * (MAX_TRIES - 1))
        assert await parked(town) == [(1, "ValueError")]
        assert await town.read(lambda unit: unit.timers.due(town.clock.now(), BATCH)) == []
        # who are told about it
        assert "闹钟：1 号的闹钟响不了（ValueError）" in looked_at(tmp_path)


async def test_a_parked_alarm_is_set_anew_as_its_next_generation(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        # given an alarm parked because of a journal that is whole again
        await asked(town)
        lost = await town.write(lose_a_line)
        await town.wait(hours=1)
        assert await parked(town) == [(1, "ValueError")]
        ticket = (await town.tickets())[0]
        await town.write(lambda unit: unit.tickets.save(ticket, [lost]))
        # when something happens to the ticket
        await town.say("zhang", "还有，要带啥子？", town.channel.shown(VILLAGE)[0].id)
        await town.settle()
        # then the alarm rings at last, not to be mistaken for the old one
        assert (await rung(town))[0] == ("window", 100, 2)
        assert (await town.tickets())[0].state is Status.QUEUED
        assert await parked(town) == []


async def test_an_alarm_of_a_kind_nobody_knows_stops_nobody_and_is_shown(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        # given an alarm left by a version that knew more
        await asked(town)
        await town.write(from_the_future)
        await town.wait(minutes=30)
        assert await rung(town) == [("window", 100, 1)]
        # and the ticket goes on as well
        await town.press("chen", town.channel.ours(HUB)[0], "认领")
        await town.settle()
        assert (await town.tickets())[0].state is Status.CLAIMED
        assert "闹钟：1 号的闹钟响不了" in looked_at(tmp_path)


async def test_more_alarms_than_fit_one_look_all_ring(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        await asked(town)
        many = BATCH * 2 + 50
        await town.write(lambda unit: multiply(unit, many))
        keeper = Timekeeper(town.service.store, town.service.words)
        town.clock.move_to(WINDOW_ENDS)
        while (wish := await keeper.step(town.clock.now())) == town.clock.now():
            pass
        assert wish is not None
        assert {ticket.state for ticket in await town.tickets()} == {Status.QUEUED}
        fired = await town.read(lambda unit: [windows(unit, n) for n in range(1, many + 1)])
        assert fired == [[TimerState.FIRED]] * many


async def test_a_busy_database_makes_an_alarm_wait_without_counting_a_try(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        await asked(town)
        await town.impatient()
        town.clock.move_to(WINDOW_ENDS)
        with closing(sqlite3.connect(tmp_path / "wenha.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await town.settle()
            other.execute("ROLLBACK")
        assert await rung(town) == []
        await town.wait(seconds=5)
        # then it rang late, and as if on time
        (fired,) = [entry for entry in await town.journal() if entry.event is Event.FIRED]
        assert fired.at == WINDOW_ENDS
        tries = await town.read(lambda unit: unit.timers._connection.execute(TIMER.select()).all())
        assert {row.tries for row in tries} == {0}


def lose_a_line(unit: Unit) -> Entry:
    """Lose the second line of the first ticket's journal; return it."""
    lost = unit.tickets.journal(1)[1]
    unit.tickets._connection.exec_driver_sql("DELETE FROM journal WHERE ticket = 1 AND seq = 2")
    return lost


def from_the_future(unit: Unit) -> None:
    unit.timers._connection.exec_driver_sql(
        "INSERT INTO timer SELECT ticket, 'eclipse', step, gen, cycle, started_at, due,"
        " provisional,"
        " state, fired_at, cancelled_at, tries, error, not_before FROM timer WHERE ticket = 1"
    )


def multiply(unit: Unit, many: int) -> None:
    """Make many tickets of the first one, each with its alarm."""
    ticket = unit.tickets.all()[0]
    journal, timers = unit.tickets.journal(1), unit.timers.of(1)
    for number in range(2, many + 1):
        copies = [replace(entry, ticket=number) for entry in journal]
        unit.tickets.save(replace(ticket, id=number), copies)
        unit.timers.put([replace(timer, ticket=number) for timer in timers])


def windows(unit: Unit, ticket: int) -> list[TimerState]:
    """How the window alarms of a ticket stand."""
    return [timer.state for timer in unit.timers.of(ticket) if timer.kind is ClockKind.WINDOW]


def looked_at(folder: Path) -> str:
    """What the doctor says about the database."""
    config = folder / "config.yaml"
    config.write_text(f"database: {folder / 'wenha.db'}\n", "utf-8")
    out = StringIO()
    doctor.run(config, out)
    return out.getvalue()
