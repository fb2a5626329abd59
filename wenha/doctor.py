"""Is everything in order? Every problem in one list, each with what to do."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TextIO

from sqlalchemy.exc import DBAPIError

from base.clock import Clock, SystemClock
from base.errors import ConfigError
from escalation.calendar import BEIJING
from escalation.holidays import Holidays, unpublished_years
from knowledge.model import FaqEntry
from storage import migrate
from storage.place import obstacle, readable_by_others
from storage.shipped import load_holidays
from storage.shipped_faq import load_entries
from storage.shipped_lexicon import load_lexicon
from storage.store import open_connection
from storage.unit import Unit
from wenha import doctor_telegram
from wenha import doctor_telegram_words as say
from wenha.config import TOKEN_ENV, Config, load
from wenha.doctor_telegram import Patient
from wenha.doctor_telegram_words import Place
from wenha.faq_files import entries_of
from wenha.findings import Finding, Level
from wenha.lock import ProcessLock, holder, is_held

SHOWN = 5  # entries that are named; `wenha faq lint` names all


def run(
    path: Path | None,
    out: TextIO,
    clock: Clock | None = None,
    environment: Mapping[str, str] = os.environ,
    patience: float = doctor_telegram.PATIENCE,
) -> int:
    """Look at everything, print it, return 0 when nothing is wrong today, else 1.

    Args:
        path: the configuration, None for the usual place.
        out: where to print.
        clock: what the time is; Telegram's is compared with it.
        environment: where the token of the bot may stand.
        patience: seconds to wait for one answer of Telegram.
    """
    clock = clock or SystemClock()
    config, findings = _config(path)
    findings += _local(config, clock.now().astimezone(BEIJING).date())
    findings += _telegram(config, clock, environment.get(TOKEN_ENV, ""), patience)
    for finding in findings:
        print(f"{finding.level} {finding.what}", file=out)
        if finding.fix:
            print(f"  → {finding.fix}", file=out)
    return 1 if any(finding.level is Level.BAD for finding in findings) else 0


def _config(path: Path | None) -> tuple[Config, list[Finding]]:
    """The configuration, or what is wrong with it and the defaults."""
    try:
        return load(path, load_holidays()), [Finding("配置：没有问题")]
    except ConfigError as error:
        fix = "改好配置文件里的这一处"
        return Config(), [Finding(f"配置：{problem}", fix) for problem in error.problems]


def _local(config: Config, today: date) -> Iterator[Finding]:
    yield from _calendar(config.hours.holidays(load_holidays()), today)
    yield from _faq(config.database, today)
    yield _lock(config.database)
    yield from _database(config.database)


def _telegram(config: Config, clock: Clock, token: str, patience: float) -> Iterable[Finding]:
    """Everything about Telegram; nothing where it is not used."""
    places = _places(config.database)
    if not token:
        return [say.not_looked(len(places))] if places else []
    return doctor_telegram.examine(
        Patient(
            config=config,
            token=token,
            places=places,
            running=_runs(config.database),
            clock=clock,
            patience=patience,
        )
    )


def _places(database: Path) -> Sequence[Place]:
    """The groups that are bound; none where the database can't tell, which is said elsewhere."""
    try:
        if not database.exists() or migrate.revision(database) != migrate.head():
            return []
        with closing(open_connection(database)) as connection:
            return doctor_telegram.places(Unit(connection))
    except (DBAPIError, sqlite3.DatabaseError, OSError):
        return []


def _runs(database: Path) -> bool:
    """Whether the service runs; where we may not look, some other user's does."""
    try:
        return is_held(database)
    except OSError:
        return True


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


def _faq(database: Path, today: date) -> Iterator[Finding]:
    try:
        load_lexicon()
        entries = _entries(database)
    except ConfigError as error:
        fix = "改好这几处：wenha faq export 写成文件，改好 wenha faq import 放回去"
        yield Finding(f"问答库：{error}", fix)
        return
    served = [entry for entry in entries if entry.served_on(today)]
    late = [entry.id for entry in served if entry.review_by < today]
    yield Finding(f"问答库：{len(served)} 条在用，都有依据")
    if late:
        what = f"问答库：{len(late)} 条过了复核日期（{'、'.join(late[:SHOWN])}）"
        yield Finding(what, "运行 wenha faq lint 看全部；重新核对法条，改好再放回去", soon=True)


def _entries(database: Path) -> Sequence[FaqEntry]:
    """Return the entries in use; the shipped ones where the database can't tell."""
    try:
        known = database.exists() and migrate.revision(database) == migrate.head()
        return entries_of(database) if known else load_entries()
    except (DBAPIError, sqlite3.DatabaseError, OSError):
        return load_entries()


def _lock(database: Path) -> Finding:
    try:
        if is_held(database):
            who = holder(ProcessLock(database).path)
            return Finding(f"锁文件：服务正在运行（{who}）")
    except OSError as error:
        return Finding(f"锁文件：不许看（{error.strerror}）", "用运行服务的那个用户来运行")
    return Finding("锁文件：没有服务在用这个数据库")


def _database(database: Path) -> Iterator[Finding]:
    try:
        if (said := _place(database) or _version(database)) is not None:
            yield said
        else:
            yield from _contents(database)
    except (DBAPIError, sqlite3.DatabaseError, OSError) as error:
        why = error.orig if isinstance(error, DBAPIError) else error
        yield Finding(f"数据库：打不开（{why}）", "检查文件权限和磁盘；文件坏了就恢复最近的备份")


def _place(database: Path) -> Finding | None:
    """What is to be said of where the file lies; None where there is one to look into."""
    if why := obstacle(database):
        return Finding(f"数据库：不能放在 {database}（{why}）", "在配置里给 database 换一个位置")
    if not database.exists():
        return Finding(f"数据库：{database} 还没有，第一次启动时会建好")
    return None


def _version(database: Path) -> Finding | None:
    """What is to be said of the version of the tables; None where it is ours."""
    found, wanted = migrate.revision(database), migrate.head()
    if found == wanted:
        return None
    if migrate.is_foreign(database):
        return Finding(f"数据库：{database} 不是问哈村长的", "在配置里给 database 换一个文件名")
    if found is None:
        return Finding(f"数据库：{database} 还是空的，启动时会建好")
    what = f"数据库：版本是 {found}，这个程序要 {wanted}"
    if migrate.is_known(found):
        return Finding(what, "停下服务，运行 wenha db upgrade")
    return Finding(what, "它由更新的版本写成：请用更新的版本运行，或恢复旧备份")


def _contents(database: Path) -> Iterator[Finding]:
    with closing(open_connection(database)) as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
        result = connection.exec_driver_sql("PRAGMA quick_check").scalar()
        if result != "ok":
            yield Finding(f"数据库：检查没通过（{result}）", "停下服务，恢复最近的备份")
            return
        unit = Unit(connection)
        yield Finding(f"数据库：完好，版本 {migrate.head()}")
        if readable_by_others(database):
            fix = f"运行 chmod 600 {database}"
            yield Finding("数据库：这台机器上别的用户也能读村民的话", fix, soon=True)
        for number, error in unit.inbox.parked():
            yield Finding(f"收件箱：第 {number} 件处理三次都失败（{error}）", "把这一行报给开发者")
        for ticket, error in unit.timers.parked():
            yield Finding(f"闹钟：{ticket} 号的闹钟响不了（{error}）", "把这一行报给开发者")
        failed, unknown = unit.outbox.troubles()
        if failed:
            fix = "看工单卡片上的原因，请人转告"
            yield Finding(f"发件箱：{failed} 条没发出去", fix, soon=True)  # they stay for ever
        if unknown:
            yield Finding(f"发件箱：{unknown} 条发过两次或不知道到没到，都记着数")
