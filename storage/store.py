"""How do units of work reach the database, and when are they done?

One writer thread and connection; units queued together share one transaction, a savepoint
each, at most one per lane (chat). Nobody is answered before the outer COMMIT. Readers have
connections of their own that cannot write. Source: docs/adr/0003.
"""

import asyncio
import json
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, Pool, QueuePool

from base.errors import Temporary
from storage.unit import Unit

T = TypeVar("T")
BATCH = 10  # units that may share one commit
BUSY = timedelta(seconds=5)  # how long to wait for another process that is writing
READERS = 2


class StorageTrouble(Temporary):
    """The database could not take it now (locked, full disk); nothing of the unit was kept."""


class _BatchVoided(Exception):
    """SQLite has rolled the whole transaction back, the units before this one included."""


@dataclass(slots=True)
class Job:
    """One unit waiting for the writer; `lane` None shares a batch with anything."""

    work: Callable[[Unit], Any]
    lane: str | None
    future: "Future[Any]" = field(default_factory=Future)
    outcome: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        """Tell whoever waits; only called once the outer transaction is over."""
        if self.error is None:
            self.future.set_result(self.outcome)
        else:
            self.future.set_exception(self.error)


class Store:
    """The one database file; `write` and `read` run plain synchronous units of work."""

    def __init__(self, path: Path, *, busy: timedelta = BUSY) -> None:
        self._writer_engine = _engine(path, query_only=False, busy=busy)
        self._reader_engine = _engine(path, query_only=True, busy=busy)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="wenha-read")
        self._jobs: deque[Job] = deque()
        self._wake = threading.Condition()
        self._closing = False
        event.listen(self._writer_engine, "before_cursor_execute", _only_in_transaction)
        self._connection = self._writer_engine.connect()
        self._thread = threading.Thread(target=self._loop, name="wenha-write", daemon=True)
        self._thread.start()

    async def write(self, work: Callable[[Unit], T], *, lane: str | None = None) -> T:
        """Run `work` in a transaction; return its result after the commit.

        Raises:
            StorageTrouble: the database could not take it; nothing was kept.
        """
        job = Job(work, lane)
        with self._wake:
            if self._closing:
                msg = "the store is closed"
                raise StorageTrouble(msg)
            self._jobs.append(job)
            self._wake.notify()
        result: T = await asyncio.wrap_future(job.future)
        return result

    async def read(self, work: Callable[[Unit], T]) -> T:
        """Run `work` on a connection that cannot write, in one consistent snapshot.

        Raises:
            StorageTrouble: the database cannot be read now.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, partial(self._read, work))

    def close(self) -> None:
        """Finish what is queued, fold the write-ahead log into the file, and let go of it."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join()
        self._readers.shutdown()
        self._connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()
        self._writer_engine.dispose()
        self._reader_engine.dispose()

    def _read(self, work: Callable[[Unit], T]) -> T:
        try:
            with self._reader_engine.connect() as connection:
                connection.exec_driver_sql("BEGIN")
                try:
                    return work(Unit(connection))
                finally:
                    connection.exec_driver_sql("ROLLBACK")
        except DBAPIError as error:
            raise _trouble(error) from error

    def _loop(self) -> None:
        while batch := self._next_batch():
            self.run_batch(batch)
            for job in batch:
                job.settle()

    def _next_batch(self) -> list[Job]:
        """Wait for work and return it; nothing once the store is closing and all is done."""
        with self._wake:
            while True:
                while not self._jobs and not self._closing:
                    self._wake.wait()
                if (batch := self._take()) or self._closing:
                    return batch

    def _take(self) -> list[Job]:
        """Take at most `BATCH` jobs that somebody still waits for, in order, one of each lane."""
        batch: list[Job] = []
        lanes: set[str] = set()
        kept: deque[Job] = deque()
        while self._jobs and len(batch) < BATCH:
            job = self._jobs.popleft()
            if job.lane is not None and job.lane in lanes:
                kept.append(job)
            elif job.future.set_running_or_notify_cancel():
                batch.append(job)
                lanes.update({job.lane} if job.lane else ())
        self._jobs.extendleft(reversed(kept))
        return batch

    def run_batch(self, batch: list[Job]) -> None:
        """Run the jobs in one transaction; when SQLite voids it, each in one of its own."""
        try:
            self._begin()
        except DBAPIError as error:
            for job in batch:
                job.error = _trouble(error)
            return
        try:
            for job in batch:
                self._try(job)
            self._commit()
        except (DBAPIError, _BatchVoided) as error:
            self._rollback()
            if len(batch) == 1:
                batch[0].error = batch[0].error or _trouble(error)
                return
            for job in batch:
                job.outcome = job.error = None
                self.run_batch([job])

    def _try(self, job: Job) -> None:
        """Run one job under its savepoint; its own error undoes it alone.

        Raises:
            _BatchVoided: SQLite has rolled everything back (full disk, I/O error).
        """
        self._connection.exec_driver_sql("SAVEPOINT unit")
        try:
            job.outcome = job.work(Unit(self._connection))
        except Exception as error:
            job.error = _trouble(error)
            if not self._in_transaction():
                raise _BatchVoided from error
            self._connection.exec_driver_sql("ROLLBACK TO unit")
        self._connection.exec_driver_sql("RELEASE unit")

    def _begin(self) -> None:
        self._connection.exec_driver_sql("BEGIN IMMEDIATE")

    def _commit(self) -> None:
        self._connection.exec_driver_sql("COMMIT")

    def _rollback(self) -> None:
        if self._in_transaction():
            self._connection.exec_driver_sql("ROLLBACK")

    def _in_transaction(self) -> bool:
        return cast(
            "sqlite3.Connection", self._connection.connection.driver_connection
        ).in_transaction


def _trouble(error: Exception) -> Exception:
    """Name an operational database error for what it is: try again later."""
    if isinstance(error, DBAPIError) and isinstance(error.orig, sqlite3.OperationalError):
        return StorageTrouble(str(error.orig))
    if isinstance(error, _BatchVoided):
        return StorageTrouble("the whole transaction was rolled back")
    return error


def _only_in_transaction(_conn: object, cursor: sqlite3.Cursor, sql: str, *_more: object) -> None:
    """Refuse what a unit does after SQLite has rolled back: it would commit by itself."""
    if not cursor.connection.in_transaction and not sql.startswith(("BEGIN", "PRAGMA")):
        raise _BatchVoided


def _engine(
    path: Path, *, query_only: bool, busy: timedelta = BUSY, pool: type[Pool] = QueuePool
) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        isolation_level="AUTOCOMMIT",  # transactions are begun and ended by the store alone
        json_serializer=partial(json.dumps, ensure_ascii=False),
        connect_args={"check_same_thread": False, "timeout": busy.total_seconds()},
        poolclass=pool,
    )

    def configure(raw: sqlite3.Connection, _record: object) -> None:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            f"query_only={'ON' if query_only else 'OFF'}",
        ):
            raw.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", configure)
    return engine


def open_connection(path: Path) -> Connection:
    """Return one writing connection for a command that runs beside the loops or before them."""
    return _engine(path, query_only=False, pool=NullPool).connect()  # closed means closed


@contextmanager
def writing(path: Path) -> Iterator[Unit]:
    """One transaction of a command beside the loops: all of it, or nothing where it fails."""
    with closing(open_connection(path)) as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            yield Unit(connection)
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")
