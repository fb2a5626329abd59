"""The store: units queued together share one commit, and nobody pays for another's failure."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from typing_extensions import override

from base.errors import Refused
from storage.migrate import upgrade
from storage.store import BATCH, Job, StorageTrouble, Store
from storage.unit import Unit

TOO_MUCH = "x" * 1_000_000
Work = Callable[[Unit], Any]


class Watched(Store):
    """The store, telling what it does; its gates let a test look in between."""

    def __init__(self, path: Path, *, busy: timedelta = timedelta(milliseconds=50)) -> None:
        self.batches: list[int] = []
        self.begins = 0
        self.at_begin, self.may_begin = threading.Event(), threading.Event()
        self.at_commit, self.may_commit = threading.Event(), threading.Event()
        self.may_begin.set()
        self.may_commit.set()
        super().__init__(path, busy=busy)

    @override
    def run_batch(self, batch: list[Job]) -> None:
        self.batches.append(len(batch))
        super().run_batch(batch)

    @override
    def _begin(self) -> None:
        self.begins += 1
        self.at_begin.set()
        assert self.may_begin.wait(20)
        super()._begin()

    @override
    def _commit(self) -> None:
        self.at_commit.set()
        assert self.may_commit.wait(20)
        super()._commit()

    def leave_room(self, pages: int | None) -> None:
        """Let the file grow by so many pages only; None takes the limit away."""
        held: int = self._connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        most = held + pages if pages is not None else 1_000_000
        self._connection.exec_driver_sql(f"PRAGMA max_page_count={most}")

    @asynccontextmanager
    async def held(self) -> AsyncIterator[asyncio.Future[None]]:
        """Keep the writer busy with one unit, so that what is queued meanwhile waits together."""
        self.at_begin.clear()
        self.may_begin.clear()
        first = asyncio.ensure_future(self.write(lambda _unit: None))
        await asyncio.to_thread(self.at_begin.wait)
        self.batches.clear()
        try:
            yield first
            await everybody_has_queued()
        finally:
            self.may_begin.set()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    upgrade(tmp_path / "wenha.db")
    return tmp_path / "wenha.db"


@pytest.fixture
def store(path: Path) -> Iterator[Watched]:
    opened = Watched(path)
    yield opened
    opened.close()


async def everybody_has_queued() -> None:
    """Let the tasks that are ready run up to their first wait."""
    await asyncio.to_thread(int)


def note(key: str, value: str = "kept") -> Work:
    return lambda unit: unit.meta.set(key, value)


def refuse(unit: Unit) -> None:
    unit.meta.set("refused", "half done")
    raise Refused("refused.unknown")


async def kept(store: Store, *keys: str) -> list[str | None]:
    return await store.read(lambda unit: [unit.meta.get(key) for key in keys])


def _see(seen: list[str], what: str, _unit: Unit) -> None:
    seen.append(what)


async def together(store: Watched, *works: Work, lane: str | None = None) -> list[Any]:
    """Queue units at once; return what each waiter got, result or error."""
    async with store.held():
        waiting = [asyncio.ensure_future(store.write(work, lane=lane)) for work in works]
    return await asyncio.gather(*waiting, return_exceptions=True)


async def test_units_queued_together_share_one_transaction(store: Watched) -> None:
    assert await together(store, note("a"), note("b"), lambda _unit: "c") == [None, None, "c"]
    assert store.batches == [3]
    assert await kept(store, "a", "b") == ["kept", "kept"]


async def test_a_batch_has_its_limit_and_the_rest_comes_next(store: Watched) -> None:
    works = [note(str(number)) for number in range(BATCH + 3)]
    await together(store, *works)
    assert await kept(store, *map(str, range(BATCH + 3))) == ["kept"] * (BATCH + 3)
    assert max(store.batches) <= BATCH


async def test_an_error_undoes_its_own_unit_and_no_other(store: Watched) -> None:
    first, second, third = await together(store, note("a"), refuse, note("b"))
    assert (first, third) == (None, None)
    assert isinstance(second, Refused)
    assert await kept(store, "a", "refused", "b") == ["kept", None, "kept"]


async def test_nobody_is_answered_before_the_commit(store: Watched) -> None:
    # given a unit that has run, in a transaction that is about to be committed
    store.may_commit.clear()
    store.at_commit.clear()
    waiting = asyncio.ensure_future(store.write(note("a")))
    await asyncio.to_thread(store.at_commit.wait)
    assert not waiting.done()
    assert await kept(store, "a") == [None]
    store.may_commit.set()
    await waiting
    assert await kept(store, "a") == ["kept"]


async def test_a_lane_has_one_unit_in_a_batch_and_keeps_its_order(store: Watched) -> None:
    seen: list[str] = []
    works = [partial(_see, seen, f"chat {number}") for number in range(3)]
    async with store.held():
        waiting = [asyncio.ensure_future(store.write(work, lane="chat")) for work in works]
        other = store.write(partial(_see, seen, "other"), lane="other")
        waiting.append(asyncio.ensure_future(other))
    await asyncio.gather(*waiting)
    assert seen == ["chat 0", "other", "chat 1", "chat 2"]
    assert store.batches == [2, 1, 1]


async def test_a_read_cannot_write(store: Watched) -> None:
    with pytest.raises(StorageTrouble, match="readonly"):
        await store.read(note("a"))
    assert await kept(store, "a") == [None]


async def test_a_read_sees_one_moment_whatever_is_written_meanwhile(store: Watched) -> None:
    looked, go = threading.Event(), threading.Event()

    def look_twice(unit: Unit) -> tuple[str | None, str | None]:
        before = unit.meta.get("a")
        looked.set()
        assert go.wait(20)
        return before, unit.meta.get("a")

    reading = asyncio.ensure_future(store.read(look_twice))
    await asyncio.to_thread(looked.wait)
    await store.write(note("a"))
    go.set()
    assert await reading == (None, None)


async def test_a_disk_full_in_mid_batch_costs_only_the_unit_that_filled_it(
    store: Watched,
) -> None:
    # given three units in one batch, of which the second needs more room than there is
    store.leave_room(0)
    first, second, third = await together(
        store, note("a"), note("big", TOO_MUCH), lambda unit: [note("b")(unit), "done"][1]
    )
    # then SQLite has rolled the batch back, and each ran again in a transaction of its own
    assert store.batches == [3, 1, 1, 1]
    assert (first, third) == (None, "done")
    assert isinstance(second, StorageTrouble)
    assert await kept(store, "a", "big", "b") == ["kept", None, "kept"]
    store.leave_room(None)
    await store.write(note("big", TOO_MUCH))
    assert await kept(store, "big") == [TOO_MUCH]


async def test_a_unit_that_swallows_the_full_disk_keeps_nothing_either(store: Watched) -> None:
    def careless(unit: Unit) -> str:
        unit.meta.set("before", "half done")
        with suppress(DBAPIError):
            unit.meta.set("big", TOO_MUCH)
        unit.meta.set("after", "half done")
        return "all is well"

    store.leave_room(0)
    first, second, third = await together(store, note("a"), careless, note("b"))
    assert (first, third) == (None, None)
    assert isinstance(second, StorageTrouble)
    assert await kept(store, "a", "b") == ["kept", "kept"]
    assert await kept(store, "before", "big", "after") == [None, None, None]


async def test_a_full_disk_leaves_a_lone_unit_whole_or_not_at_all(store: Watched) -> None:
    def two_halves(unit: Unit) -> None:
        unit.meta.set("half", "done")
        unit.meta.set("big", TOO_MUCH)

    store.leave_room(0)
    with pytest.raises(StorageTrouble):
        await store.write(two_halves)
    assert await kept(store, "half") == [None]


async def test_a_locked_database_is_trouble_for_everybody_after_one_wait(
    store: Watched, path: Path
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        # given another process that writes for longer than we wait
        other.execute("BEGIN IMMEDIATE")
        begins = store.begins
        async with store.held() as first:
            waiting = [first, *(asyncio.ensure_future(store.write(note(key))) for key in "abc")]
        # then whoever had queued is told to try again, and the three that waited, at once
        got = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(one) for one in got] == [StorageTrouble] * 4
        assert store.begins == begins + 2
        assert await kept(store, "a") == [None]
        other.execute("ROLLBACK")
    # and afterwards the same units go through
    assert await together(store, *map(note, "abc")) == [None] * 3
    assert await kept(store, "a", "b", "c") == ["kept"] * 3


async def test_who_waits_no_longer_does_not_stop_the_writer(store: Watched) -> None:
    # given units whose waiters gave up before their turn, with nothing else queued
    async with store.held() as first:
        waiting = [asyncio.ensure_future(store.write(note(key))) for key in "ab"]
        await everybody_has_queued()
        for one in waiting:
            one.cancel()
    await first
    # then what comes after them is written, and they are not
    await store.write(note("c"))
    assert await kept(store, "a", "b", "c") == [None, None, "kept"]


async def test_who_gives_up_while_it_is_written_gets_it_written_still(store: Watched) -> None:
    store.may_commit.clear()
    store.at_commit.clear()
    waiting = asyncio.ensure_future(store.write(note("a")))
    await asyncio.to_thread(store.at_commit.wait)
    waiting.cancel()
    store.may_commit.set()
    await store.write(note("b"))
    assert await kept(store, "a", "b") == ["kept", "kept"]


async def test_closing_finishes_what_is_queued_and_refuses_what_comes_later(path: Path) -> None:
    store = Watched(path)
    async with store.held():
        waiting = [asyncio.ensure_future(store.write(note(key))) for key in "abc"]
        await everybody_has_queued()
        closing_it = asyncio.ensure_future(asyncio.to_thread(store.close))
        await everybody_has_queued()
    await asyncio.gather(*waiting, closing_it)
    with pytest.raises(StorageTrouble, match="closed"):
        await store.write(note("d"))
    # then all of it is in the one file, with no log beside it
    assert not path.with_name("wenha.db-wal").exists()
    with closing(sqlite3.connect(path)) as raw:
        assert sorted(raw.execute("SELECT key FROM meta")) == [("a",), ("b",), ("c",)]


async def test_the_file_is_kept_safely(store: Watched) -> None:
    def pragmas(unit: Unit) -> list[Any]:
        asked = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "query_only")
        connection = unit.meta._connection
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]

    full = 2
    assert await store.write(pragmas) == ["wal", full, 1, 1, 0]
    assert await store.read(pragmas) == ["wal", full, 1, 1, 1]
