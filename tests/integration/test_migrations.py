"""Migrations: today's tables are what the steps build, and no step loses a row."""

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from base.errors import ConfigError
from base.messages import ChatRef
from base.staff import StaffRole
from base.webchat import WebDoor
from escalation.changes import Greet, Pass
from escalation.directory import Office
from escalation.roster import Duty
from knowledge.misses import How, Settled
from knowledge.model import EntryStatus
from knowledge.revisions import Deed
from storage import migrate
from storage.shipped_faq import load_entries
from storage.store import open_connection, writing
from storage.tables_web import METADATA
from storage.unit import Unit
from tests.fakes import PEOPLE, VILLAGE
from tests.town import MONDAY_9AM, a_town

HEAD = migrate.head()
TOMORROW = MONDAY_9AM + timedelta(days=1)
STEP = '''"""A step of tomorrow."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    {body}
'''
# the ticket table is built anew, as SQLite needs it for most changes
REBUILD = """with op.batch_alter_table("ticket", recreate="always") as table:
        table.add_column(sa.Column("grade", sa.Integer(), nullable=True))"""
LOSE_TICKETS = 'op.execute("DELETE FROM ticket")'
BREAK_OFF = 'op.execute("UPDATE ticket SET state = \'gone\'"); op.execute("SELECT nonsense")'


def steps(folder: Path, body: str) -> Path:
    """The shipped steps and one of tomorrow."""
    copied = Path(shutil.copytree(migrate.STEPS, folder / "steps"))
    text = STEP.format(head=HEAD, body=body)
    (copied / "versions" / "tomorrow.py").write_text(text, "utf-8")
    return copied


async def a_lived_in_database(folder: Path) -> Path:
    """A database with rows in every table."""
    async with a_town(folder) as town:
        question = await town.say("zhang", "问哈村长，无人机打药把我家茶叶熏坏了？")
        await town.settle()
        await town.press("zhang", town.channel.ours(VILLAGE)[-1], "转给专家")
        await town.wait(hours=2)
        await town.say("li", "我屋头也是", reply_to=question)
        await town.settle()
        await town.say("wang", "代问\n张三 2026-11-23 10:02\n茶叶熏坏了哪个赔")
        await town.settle()
        web = town.service.platform
        member = PEOPLE["zhang"]
        said = await web.say(member.chat, member.ref, member.name, "问哈村长")
        await town.write(lambda unit: unit.meta.set("note", "kept"))
        await town.write(_connect)
        await town.write(lambda unit: unit.doors.open("hash", WebDoor(chat_id="village:1")))
        await town.write(
            lambda unit: unit.web.press(
                chat_id=member.chat.chat_id, message=said, author="zhang", at=town.clock.now()
            )
        )
    return folder / "wenha.db"


def _connect(unit: Unit) -> None:
    """A code that was given out, and a chat that was greeted."""
    unit.people.issue_pass(Pass(code="0" * 64, name="青龙村", hub=1), TOMORROW)
    unit.people.change(Greet(chat=ChatRef(channel="fake", chat_id="elsewhere")), TOMORROW)
    on_duty = Duty(person=unit.people.get(1), starts=TOMORROW, ends=TOMORROW + timedelta(hours=3))
    unit.rosters.put(1, [on_duty])
    unit.rosters.put_offices([Office(name="法院", what="", place="", hours="", phone="")])
    unit.staff.add("赵敏", {StaffRole.REVIEWER}, "hash", TOMORROW)
    account = unit.staff.named("赵敏")
    assert account is not None
    unit.staff.begin("0" * 64, account.staff, TOMORROW)
    unit.misses.settle([Settled(ticket=1, how=How.NOT_OURS, by="赵敏")], TOMORROW)


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the file, by table."""
    with closing(sqlite3.connect(path)) as raw:
        return {
            name: sorted(raw.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)  # noqa: S608 - our own table names
            for name in METADATA.tables
        }


def test_the_steps_build_exactly_the_tables_we_have(tmp_path: Path) -> None:
    path = tmp_path / "wenha.db"
    migrate.upgrade(path)
    with closing(open_connection(path)) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


async def test_upgrading_what_is_up_to_date_changes_nothing(tmp_path: Path) -> None:
    path = await a_lived_in_database(tmp_path)
    before = rows(path)
    assert all(before.values()), [name for name, found in before.items() if not found]
    assert migrate.upgrade(path) is None
    assert rows(path) == before
    assert migrate.revision(path) == HEAD


async def test_a_step_that_builds_a_table_anew_loses_no_row_of_any(tmp_path: Path) -> None:
    path = await a_lived_in_database(tmp_path)
    before = rows(path)

    # when a step of tomorrow rebuilds the table that journal, timers and links point at
    copy = migrate.upgrade(path, steps=steps(tmp_path, REBUILD))

    # then every row is still there
    after = rows(path)
    assert [row[:-1] for row in after.pop("ticket")] == before["ticket"]
    assert after == {name: found for name, found in before.items() if name != "ticket"}
    assert len(after["journal"]) > len(before["ticket"])
    # and the file as it was lies beside it
    assert copy == tmp_path / f"wenha.before-9999-from-{HEAD}.db"
    assert rows(copy) == before
    assert migrate.revision(copy) == HEAD


async def test_a_step_that_would_break_references_is_given_up(tmp_path: Path) -> None:
    path = await a_lived_in_database(tmp_path)
    before = rows(path)
    with pytest.raises(ConfigError, match="弄断"):
        migrate.upgrade(path, steps=steps(tmp_path, LOSE_TICKETS))
    assert rows(path) == before
    assert migrate.revision(path) == HEAD


async def test_a_step_that_breaks_off_in_the_middle_leaves_the_file_as_it_was(
    tmp_path: Path,
) -> None:
    path = await a_lived_in_database(tmp_path)
    before = rows(path)
    with pytest.raises(ConfigError, match="nonsense"):
        migrate.upgrade(path, steps=steps(tmp_path, BREAK_OFF))
    assert rows(path) == before
    # and whoever comes next can write
    async with a_town(tmp_path, at=MONDAY_9AM + timedelta(days=1)) as town:
        await town.write(lambda unit: unit.meta.set("note", "again"))


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = await a_lived_in_database(tmp_path)
    migrate.upgrade(path, steps=steps(tmp_path, REBUILD))
    before = path.read_bytes()
    with pytest.raises(ConfigError, match="由更新的版本写成（9999）"):
        migrate.upgrade(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(b"Dear village, " * 400)
    with pytest.raises(ConfigError, match="打不开"):
        migrate.upgrade(path)
    assert path.read_bytes() == b"Dear village, " * 400


def test_a_database_of_somebody_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "accounts.db"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE account (owner TEXT)")
    before = path.read_bytes()
    with pytest.raises(ConfigError, match="不是问哈村长的数据库"):
        migrate.upgrade(path)
    assert path.read_bytes() == before


BEFORE_CURATION = (
    "DROP TABLE faq_miss", "DROP TABLE staff_session", "DROP TABLE staff",
    *(
        f"ALTER TABLE faq_entry DROP COLUMN {name}"
        for name in ("served", "writers", "revision", "recheck")
    ),
    *(f"ALTER TABLE faq_revision DROP COLUMN {name}" for name in ("deed", "serves", "why")),
    "UPDATE alembic_version SET version_num = '0007'",
)  # fmt: skip


def test_what_was_published_before_there_were_drafts_is_what_is_served(tmp_path: Path) -> None:
    path = tmp_path / "wenha.db"
    migrate.upgrade(path)
    shown, hidden = load_entries()[0], replace(load_entries()[1], status=EntryStatus.DRAFT)
    with writing(path) as unit:
        unit.faq.put([shown, hidden], MONDAY_9AM, "导入")
    with closing(sqlite3.connect(path)) as raw:
        for statement in BEFORE_CURATION:
            raw.execute(statement)
        raw.commit()

    migrate.upgrade(path)

    with closing(open_connection(path)) as connection:
        faq = Unit(connection).faq
        assert faq.served() == (shown,)
        assert [(one.text, one.served, one.number) for one in faq.standings()] == [
            (shown, shown, 1),
            (hidden, None, 2),
        ]
        assert [one.deed for one in faq.revisions(shown.id)] == [Deed.IMPORTED]
        assert faq.newest_served() == 2


def test_an_empty_file_is_a_new_database(tmp_path: Path) -> None:
    path = tmp_path / "wenha.db"
    path.touch()
    assert migrate.upgrade(path) is None
    assert migrate.revision(path) == HEAD


def test_what_villagers_wrote_can_be_read_by_nobody_else(tmp_path: Path) -> None:
    # given a machine on which new files may be read by everybody
    before = os.umask(0o022)
    try:
        migrate.upgrade(tmp_path / "wenha.db")
        with closing(open_connection(tmp_path / "wenha.db")) as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            found = modes(tmp_path)
        copy = migrate.upgrade(tmp_path / "wenha.db", steps=steps(tmp_path, "pass"))
    finally:
        os.umask(before)
    # then database, write-ahead log and the copy made before an upgrade are ours alone
    assert found.keys() >= {"wenha.db", "wenha.db-wal"}
    assert set(found.values()) == {"0o600"}
    assert copy is not None
    assert modes(tmp_path)[copy.name] == "0o600"


def modes(folder: Path) -> dict[str, str]:
    """Who may read which file."""
    return {path.name: oct(path.stat().st_mode & 0o777) for path in folder.iterdir()}


def test_a_database_under_a_file_is_refused_in_words(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("村里的事", "utf-8")
    with pytest.raises(ConfigError, match=r"notes\.txt 是一个文件，不是目录"):
        migrate.upgrade(notes / "wenha.db")
