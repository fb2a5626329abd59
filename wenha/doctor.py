"""Is everything in order? Every problem in one list, each with what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TextIO

from sqlalchemy.exc import DBAPIError

from base.clock import Clock, SystemClock
from base.errors import ConfigError
from escalation.calendar import BEIJING
from escalation.holidays import Holidays, unpublished_years
from storage import migrate
from storage.shipped import load_holidays
from storage.shipped_faq import load_dialect, load_entries
from storage.store import open_connection
from storage.unit import Unit
from wenha.config import Config, load
from wenha.lock import ProcessLock, holder, is_held


class Level(StrEnum):
    """How bad a finding is; the sign it is printed with."""

    GOOD = "✓"
    SOON = "!"  #: works today, needs somebody before long
    BAD = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `fix` says what to do, where it is not in order."""

    what: str
    fix: str = ""
    soon: bool = False

    @property
    def level(self) -> Level:
        """Good without anything to fix, else bad, or soon to be."""
        if not self.fix:
            return Level.GOOD
        return Level.SOON if self.soon else Level.BAD


def run(path: Path | None, out: TextIO, clock: Clock | None = None) -> int:
    """Look at everything, print it, return 0 when nothing is wrong today, else 1."""
    today = (clock or SystemClock()).now().astimezone(BEIJING).date()
    findings = list(_findings(path, today))
    for finding in findings:
        print(f"{finding.level} {finding.what}", file=out)
        if finding.fix:
            print(f"  → {finding.fix}", file=out)
    return 1 if any(finding.level is Level.BAD for finding in findings) else 0


def _findings(path: Path | None, today: date) -> Iterator[Finding]:
    holidays = load_holidays()
    try:
        config = load(path, holidays)
    except ConfigError as error:
        for problem in error.problems:
            yield Finding(f"配置：{problem}", "改好配置文件里的这一处")
        config = Config()
    else:
        yield Finding("配置：没有问题")
    yield from _calendar(config.hours.holidays(holidays), today)
    yield _faq()
    yield _lock(config.database)
    yield from _database(config.database)


def _calendar(holidays: Holidays, today: date) -> Iterator[Finding]:
    missing = unpublished_years(holidays, today)
    for year in missing:
        yield Finding(
            f"日历：还没有 {year} 年的放假安排，{year} 年的到期时间是暂定的",
            "国务院办公厅公布后，把放假和调休的日子写进配置的 hours.days_off 和 "
            "hours.makeup_days，再把 hours.known_through 改成这一年；或升级到带新日历的版本",
            soon=year > today.year,
        )
    if not missing:
        yield Finding(f"日历：放假安排到 {holidays.last_known_year} 年")


def _faq() -> Finding:
    try:
        entries = load_entries()
        load_dialect()
    except ConfigError as error:
        return Finding(f"问答库：{error}", "改好这几处，或恢复自带的问答库")
    return Finding(f"问答库：{len(entries)} 条，都有依据")


def _lock(database: Path) -> Finding:
    if is_held(database):
        who = holder(ProcessLock(database).path)
        return Finding(f"锁文件：服务正在运行（{who}）")
    return Finding("锁文件：没有服务在用这个数据库")


def _database(database: Path) -> Iterator[Finding]:
    if not database.exists():
        yield Finding(f"数据库：{database} 还没有，第一次启动时会建好")
        return
    try:
        revision = migrate.revision(database)
        if revision != migrate.head():
            yield Finding(
                f"数据库：版本是 {revision}，这个程序要 {migrate.head()}", "运行 wenha db upgrade"
            )
            return
        yield from _contents(database)
    except (DBAPIError, sqlite3.DatabaseError) as error:
        why = error.orig if isinstance(error, DBAPIError) else error
        yield Finding(f"数据库：打不开（{why}）", "检查文件权限和磁盘；文件坏了就恢复最近的备份")


def _contents(database: Path) -> Iterator[Finding]:
    with closing(open_connection(database)) as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
        result = connection.exec_driver_sql("PRAGMA quick_check").scalar()
        if result != "ok":
            yield Finding(f"数据库：检查没通过（{result}）", "停下服务，恢复最近的备份")
            return
        unit = Unit(connection)
        yield Finding(f"数据库：完好，版本 {migrate.head()}")
        for number, error in unit.inbox.parked():
            yield Finding(f"收件箱：第 {number} 件处理三次都失败（{error}）", "把这一行报给开发者")
        for ticket, error in unit.timers.parked():
            yield Finding(f"闹钟：{ticket} 号的闹钟响不了（{error}）", "把这一行报给开发者")
        failed, unknown = unit.outbox.troubles()
        if failed:
            yield Finding(f"发件箱：{failed} 条没发出去", "看工单卡片上的原因，请人转告")
        if unknown:
            yield Finding(f"发件箱：{unknown} 条发过两次或不知道到没到，都记着数")
