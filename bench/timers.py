"""Ten thousand alarms due within one second: how late are they, beside APScheduler's job store?

    python -m bench.timers

Ours twice: the rows alone (claimed in batches, fired, a message promised, one durable commit), and
with everything that follows (dossier, decision, journal, card, list of reminders); lateness is
commit − due. APScheduler's: a job that does nothing but note the time, in its SQLAlchemyJobStore
on a file. Then what claiming one due alarm costs with a thousand and with a million others
pending.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, sleep

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from typing_extensions import override

from base.clock import SystemClock
from base.messages import HubChat, Kind, PersonRef, ToHub, Words
from bot.timekeeper import BATCH, Timekeeper
from escalation.model import ClockKind, Timer, TimerState
from storage.migrate import upgrade
from storage.store import open_connection
from storage.unit import Unit
from wenha.config import Config
from wenha.demo.cast import HUB, VILLAGE, move_in
from wenha.wiring import Service, open_service

COUNT = 10_000
SOON = timedelta(seconds=3)
NOTED: list[float] = []  # seconds that jobs of APScheduler ran late
CLAIMS = 300
PATIENCE = 60.0  # seconds we wait for jobs that may never run
LI, WANG = PersonRef(channel="web", id="li"), PersonRef(channel="web", id="wang")


class Timed(Timekeeper):
    """A timekeeper that notes how late each alarm was committed."""

    def __init__(self, service: Service) -> None:
        super().__init__(service.store, service.words)
        self.late: list[float] = []

    @override
    async def _ring(self, timer: Timer, now: datetime) -> bool:
        done = await super()._ring(timer, now)
        self.late.append((SystemClock().now() - timer.due).total_seconds())
        return done


async def rows_alone(service: Service) -> Sequence[float]:
    """Return how late each alarm was, its row fired and a message promised, nothing decided."""
    late: list[float] = []
    while len(late) < COUNT:
        now = SystemClock().now()
        due = await service.store.read(partial(_due_now, now=now))
        if not due:
            wish = await service.store.read(lambda unit: unit.timers.next_due()) or now
            await asyncio.to_thread(sleep, max(0.0, (wish - SystemClock().now()).total_seconds()))
            continue
        await service.store.write(partial(_fired, timers=due, now=now))
        committed = SystemClock().now()
        late += [(committed - timer.due).total_seconds() for timer in due]
    return late


def _due_now(unit: Unit, *, now: datetime) -> Sequence[Timer]:
    return unit.timers.due(now, BATCH)


def _fired(unit: Unit, *, timers: Sequence[Timer], now: datetime) -> None:
    unit.timers.put([replace(one, state=TimerState.FIRED, fired_at=now) for one in timers])
    hub, words = HubChat(ref=HUB), Words(text="到点")
    unit.outbox.promise_all(
        (
            ToHub(key=f"bench:{one.ticket}:{one.gen}", kind=Kind.REMINDER, chat=hub, words=words)
            for one in timers
        ),
        now,
    )


async def ours(folder: Path) -> tuple[Sequence[float], Sequence[float]]:
    """Return how late each alarm was, in seconds: the rows alone, and whole decisions."""
    service = await open_service(Config(database=folder / "wenha.db"), SystemClock())
    await service.store.write(move_in)
    await service.platform.say(VILLAGE, LI, "李大山", "水渠堵了没人管", reply_to=None)
    await service.platform.say(VILLAGE, WANG, "王村长", "转总群", reply_to=1)
    await service.runtime.settle()
    await asyncio.to_thread(_cloned, folder / "wenha.db")
    start = SystemClock().now() + SOON
    await service.store.write(partial(_set, start=start, gen=2))
    alone = await rows_alone(service)
    start = SystemClock().now() + SOON
    await service.store.write(partial(_set, start=start, gen=3))
    timekeeper = Timed(service)
    while len(timekeeper.late) < COUNT:
        now = SystemClock().now()
        wish = await timekeeper.step(now)
        if wish is not None and wish > now:
            await asyncio.to_thread(sleep, (wish - now).total_seconds())
    service.close()
    return alone, timekeeper.late


def _set(unit: Unit, *, start: datetime, gen: int) -> None:
    unit.timers.put([replace(timer, gen=gen) for timer in _due(start)])


def _cloned(database: Path) -> None:
    """Make ten thousand of the one ticket; no alarm of a clone is due soon."""
    raw = sqlite3.connect(database, isolation_level=None)
    raw.execute("BEGIN IMMEDIATE")
    for table, key in (("ticket", "id"), ("journal", "ticket"), ("timer", "ticket")):
        columns = [row[1] for row in raw.execute(f"PRAGMA table_info({table})")]
        copied = ", ".join("n" if name == key else f'"{name}"' for name in columns)
        raw.execute(
            f"WITH RECURSIVE number(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM number "  # noqa: S608 — names of our own tables
            f"WHERE n <= {COUNT}) INSERT INTO {table} SELECT {copied} FROM {table}, number "
            f"WHERE {key} = 1"
        )
    raw.execute("UPDATE timer SET state = 'cancelled' WHERE ticket = 1 OR step < 100")
    raw.execute("COMMIT")
    raw.close()


def _due(start: datetime) -> Sequence[Timer]:
    """One warning of each clone's claim clock, all within a second from `start`."""
    return [
        Timer(
            ticket=number + 2,
            kind=ClockKind.CLAIM,
            step=50,
            gen=2,
            cycle=1,
            started_at=start - SOON,
            due=start + timedelta(seconds=number / COUNT),
        )
        for number in range(COUNT)
    ]


def note(due: float) -> None:
    """Note how late a job of APScheduler runs."""
    NOTED.append(SystemClock().now().timestamp() - due)


def apscheduler(folder: Path) -> tuple[Sequence[float], int]:
    """Return how late each job of APScheduler was, in seconds, and how many never ran."""
    store = SQLAlchemyJobStore(url=f"sqlite:///{folder / 'jobs.db'}")
    scheduler = BackgroundScheduler(jobstores={"default": store}, timezone=UTC)
    scheduler.start(paused=True)
    start = SystemClock().now() + timedelta(seconds=60)
    for number in range(COUNT):
        at = start + timedelta(seconds=number / COUNT)
        scheduler.add_job(
            note, "date", run_date=at, args=[at.timestamp()], misfire_grace_time=None
        )
    sleep(max(0.0, (start - SystemClock().now()).total_seconds() - 1))
    scheduler.resume()
    waited = 0.0
    while len(NOTED) < COUNT and waited < PATIENCE:
        sleep(0.5)
        waited += 0.5
    scheduler.shutdown(wait=False)
    return NOTED, COUNT - len(NOTED)


def claim_cost(folder: Path, pending: int) -> float:
    """Return the median seconds of claiming one due alarm, so many others pending."""
    database = folder / f"claims{pending}.db"
    upgrade(database)
    _filled(database, pending)
    now = SystemClock().now()
    took = []
    with closing(open_connection(database)) as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.rollback()
        for number in range(CLAIMS):
            due = Timer(
                ticket=number + 1, kind=ClockKind.CLAIM, step=50, gen=1, cycle=1,
                started_at=now, due=now - timedelta(seconds=1),
            )  # fmt: skip
            with connection.begin():
                Unit(connection).timers.put([due])
            began = perf_counter()
            with connection.begin():
                unit = Unit(connection)
                (found,) = unit.timers.due(now, 1)
                fired = replace(found, state=TimerState.FIRED, fired_at=now)
                unit.timers.put([fired])
            took.append(perf_counter() - began)
    return median(took)


def _filled(database: Path, pending: int) -> None:
    """Put so many alarms of next year into the table, past every check of other tables."""
    raw = sqlite3.connect(database, isolation_level=None)
    raw.execute("PRAGMA foreign_keys=OFF")
    raw.execute("BEGIN IMMEDIATE")
    raw.execute(
        "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?) "
        "INSERT INTO timer (ticket, kind, step, gen, cycle, started_at, due, provisional, state, "
        "tries, not_before) SELECT 1000000 + n, 'claim', 100, 1, 1, '2026-01-01 00:00:00.000000', "
        "'2036-01-01 00:00:00.000000', 0, 'pending', 0, '2036-01-01 00:00:00.000000' FROM number",
        (pending,),
    )
    raw.execute("COMMIT")
    raw.close()


def told(late: Sequence[float]) -> str:
    """Return median, 99th percentile and the worst, in milliseconds."""
    cuts = quantiles(late, n=100)
    p50, p99, most = (seconds * 1000 for seconds in (cuts[49], cuts[98], max(late)))
    return f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, max {most:.0f} ms"


def main() -> None:
    """Print lateness of both, and what a claim costs."""
    with tempfile.TemporaryDirectory() as folder:
        alone, mine = asyncio.run(ours(Path(folder)))
        print(f"{COUNT} alarms due in one second, row and message alone: {told(alone)}")
        print(f"  each a whole decision: {told(mine)}")
        theirs, never = apscheduler(Path(folder))
        print(f"APScheduler's SQLAlchemyJobStore, a job that does nothing: {told(theirs)}")
        by_rows, by_decisions = (_p99(theirs) / _p99(one) for one in (alone, mine))
        print(
            f"  never ran: {never}; p99 ÷ ours: rows {by_rows:.1f}, decisions {by_decisions:.2f}"
        )
        few, many = (claim_cost(Path(folder), count) for count in (1_000, 1_000_000))
        print(
            f"claiming one alarm: {few * 1000:.2f} ms with 1,000 pending, {many * 1000:.2f} ms "
            f"with 1,000,000: ratio {many / few:.2f}"
        )


def _p99(late: Sequence[float]) -> float:
    return quantiles(late, n=100)[98]


if __name__ == "__main__":
    main()
