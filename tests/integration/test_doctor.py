"""wenha doctor: every problem in one list, each with what to do; 0 only when nothing is wrong."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from io import StringIO
from pathlib import Path

import pytest

from base.clock import FrozenClock
from escalation.calendar import BEIJING
from knowledge.model import EntryStatus
from storage import migrate
from storage.shipped_faq import load_entries
from storage.store import writing
from tests.fakes import GONE, VILLAGE
from tests.town import MONDAY_9AM, a_town, to_village
from wenha import doctor
from wenha.lock import ProcessLock

SUMMER = datetime(2026, 7, 1, 9, 0, tzinfo=BEIJING)
STEP = '''"""A step of tomorrow."""

revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    pass
'''


def examine(folder: Path, more: str = "", at: datetime = SUMMER) -> tuple[int, str]:
    """What the doctor says about a database in `folder`."""
    config = folder / "config.yaml"
    config.write_text(f"database: {folder / 'wenha.db'}\n{more}", "utf-8")
    out = StringIO()
    code = doctor.run(config, out, FrozenClock(at), {})
    return code, out.getvalue()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def bad(said: str) -> list[str]:
    return [line for line in said.splitlines() if line.startswith("✗")]


async def test_a_healthy_service_is_found_healthy(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        await town.answer(await town.in_hub())
    code, said = examine(tmp_path)
    assert code == 0
    assert bad(said) == []
    assert "✓ 配置：没有问题" in said
    assert f"✓ 数据库：完好，版本 {migrate.head()}" in said
    assert "✓ 日历：放假安排到 2026 年" in said
    assert "✓ 锁文件：没有服务在用这个数据库" in said


def test_before_the_first_start_there_is_nothing_to_repair(tmp_path: Path) -> None:
    code, said = examine(tmp_path)
    assert code == 0
    assert "还没有，第一次启动时会建好" in said
    assert not (tmp_path / "wenha.db").exists()


def test_three_mistakes_in_the_configuration_are_named_at_once(tmp_path: Path) -> None:
    code, said = examine(tmp_path, "clocks: {claim: 0}\nweb: {port: many}\nhours: {days: never}\n")
    assert code == 1
    found = bad(said)
    assert len(found) == 3
    for key in ("clocks.claim", "web.port", "hours.days"):
        assert any(key in line for line in found), key
    # and each says what to do
    assert said.count("→") == 3


def test_a_configuration_that_is_no_yaml_is_said_so(tmp_path: Path) -> None:
    code, said = examine(tmp_path, "clocks: [")
    assert code == 1
    assert "不是正确的 YAML" in said


def test_tables_behind_the_program_are_named_with_the_command(tmp_path: Path) -> None:
    # given the tables of the first version
    steps = Path(shutil.copytree(migrate.STEPS, tmp_path / "steps"))
    for later in (steps / "versions").glob("000[2-9]*.py"):
        later.unlink()
    migrate.upgrade(tmp_path / "wenha.db", steps=steps)
    code, said = examine(tmp_path)
    assert code == 1
    assert f"数据库：版本是 0001，这个程序要 {migrate.head()}" in bad(said)[0]
    assert "停下服务，运行 wenha db upgrade" in said


def test_tables_ahead_of_the_program_are_named_without_the_command(tmp_path: Path) -> None:
    # given a database of a newer version, which no upgrade can bring back
    steps = Path(shutil.copytree(migrate.STEPS, tmp_path / "steps"))
    (steps / "versions" / "tomorrow.py").write_text(STEP.format(head=migrate.head()), "utf-8")
    migrate.upgrade(tmp_path / "wenha.db", steps=steps)
    code, said = examine(tmp_path)
    assert code == 1
    assert f"数据库：版本是 9999，这个程序要 {migrate.head()}" in bad(said)[0]
    assert "请用更新的版本运行，或恢复旧备份" in said
    assert "db upgrade" not in said


def test_tables_that_are_not_ours_are_named(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "wenha.db")) as raw:
        raw.execute("CREATE TABLE books (title TEXT)")
    code, said = examine(tmp_path)
    assert code == 1
    assert "不是问哈村长的" in bad(said)[0]


def test_an_empty_file_is_nothing_to_repair(tmp_path: Path) -> None:
    (tmp_path / "wenha.db").touch()
    code, said = examine(tmp_path)
    assert code == 0
    assert "还是空的，启动时会建好" in said


def test_a_place_that_is_under_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("村里的事", "utf-8")
    config = tmp_path / "config.yaml"
    config.write_text(f"database: {tmp_path / 'notes.txt' / 'wenha.db'}\n", "utf-8")
    out = StringIO()
    assert doctor.run(config, out, FrozenClock(SUMMER), {}) == 1
    assert "notes.txt 是一个文件，不是目录" in bad(out.getvalue())[0]


def test_a_file_that_others_may_read_is_named(tmp_path: Path) -> None:
    migrate.upgrade(tmp_path / "wenha.db")
    (tmp_path / "wenha.db").chmod(0o644)
    code, said = examine(tmp_path)
    assert code == 0
    assert "! 数据库：这台机器上别的用户也能读村民的话" in said
    assert f"chmod 600 {tmp_path / 'wenha.db'}" in said


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "wenha.db").write_bytes(b"\x00garbage\xff" * 1000)
    code, said = examine(tmp_path)
    assert code == 1
    assert "数据库：打不开（file is not a database）" in bad(said)[0]
    assert "恢复最近的备份" in said


@pytest.mark.parametrize("part", [0.3, 0.5, 0.7])
async def test_a_database_damaged_inside_is_named(tmp_path: Path, part: float) -> None:
    async with a_town(tmp_path) as town:
        await town.answer(await town.in_hub())
    path = tmp_path / "wenha.db"
    whole = bytearray(path.read_bytes())
    pages = slice(int(len(whole) * part), int(len(whole) * part) + 20_000)
    whole[pages] = b"\xa5" * len(whole[pages])
    path.write_bytes(whole)
    code, said = examine(tmp_path)
    assert code == 1
    assert "数据库：" in bad(said)[0]
    assert "恢复最近的备份" in said


async def test_what_waits_for_a_human_is_listed(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        # given a thing nobody can read and a message nobody takes
        now = town.clock.now()
        await town.write(lambda unit: unit.inbox.put("bad", VILLAGE, "{}", now))
        town.channel.then(VILLAGE, GONE)
        await town.promise(to_village("一"))
        await town.wait(minutes=1)
    code, said = examine(tmp_path)
    assert code == 1
    assert "✗ 收件箱：第 1 件处理三次都失败（KeyError）" in said
    # what was not sent stays there for ever: to be seen to, and no reason to call all bad
    assert "! 发件箱：1 条没发出去" in said


@pytest.mark.parametrize(
    ("at", "code", "sign"),
    [
        (datetime(2026, 10, 31, 23, 59, tzinfo=BEIJING), 0, ""),
        (MONDAY_9AM, 0, "! 日历：还没有 2027 年的放假安排"),
        (datetime(2027, 1, 1, 0, 0, tzinfo=BEIJING), 1, "✗ 日历：还没有 2027 年的放假安排"),
    ],
)
def test_a_year_without_published_holidays_is_told_from_november_on(
    tmp_path: Path, at: datetime, code: int, sign: str
) -> None:
    found, said = examine(tmp_path, at=at)
    assert found == code
    assert sign in said
    assert ("2027" in said) == bool(sign)


def test_a_running_service_is_named_with_its_number(tmp_path: Path) -> None:
    with ProcessLock(tmp_path / "wenha.db"):
        code, said = examine(tmp_path)
    assert code == 0
    assert "✓ 锁文件：服务正在运行（进程号" in said


async def test_looking_changes_nothing(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        await town.in_hub()
    with closing(sqlite3.connect(tmp_path / "wenha.db")) as raw:
        before = list(raw.iterdump())
    files = names(tmp_path)
    examine(tmp_path)
    with closing(sqlite3.connect(tmp_path / "wenha.db")) as raw:
        assert list(raw.iterdump()) == before
    assert names(tmp_path) == files | {"config.yaml"}


def test_the_entries_in_use_are_counted_and_late_reviews_named(tmp_path: Path) -> None:
    database = tmp_path / "wenha.db"
    migrate.upgrade(database)
    late, gone, *_ = load_entries()
    old = tuple(replace(source, checked_on=date(2025, 1, 1)) for source in late.sources)
    late = replace(late, sources=old, review_by=date(2026, 1, 1))
    gone = replace(gone, status=EntryStatus.RETIRED)
    with writing(database) as unit:
        unit.faq.put([late, gone], SUMMER, "")

    code, said = examine(tmp_path)

    assert "✓ 问答库：1 条在用，都有依据" in said
    assert f"! 问答库：1 条过了复核日期（{late.id}）" in said
    assert code == 0
