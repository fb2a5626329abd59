"""Does a copy become the service again, and is nothing lost on the way?"""

import io
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config as AlembicConfig

from base.errors import ConfigError, InUse
from escalation.model import Event, Status
from storage import migrate
from storage.store import open_connection
from tests.fakes import BUSY, HUB, VILLAGE
from tests.integration.copies import (
    LATER,
    break_a_reference,
    config_in,
    copied,
    cut_off,
    damage,
    files,
    installation,
    mode,
    note,
    noted,
    restored,
)
from tests.town import a_town
from wenha.backup import secret_beside
from wenha.config import Config
from wenha.lock import ProcessLock
from wenha.restore import restore

QUESTION = "问哈村长，无人机打药把我家茶叶熏坏了，找哪个？"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return installation(tmp_path / "old")


@pytest.fixture
def new(tmp_path: Path) -> Config:
    """A new machine: nothing there."""
    return config_in(tmp_path / "new")


async def test_alarms_boxes_and_old_buttons_go_on_from_a_copy_on_a_new_machine(
    tmp_path: Path, new: Config
) -> None:
    # given a question in the village, an answer that could not be sent, and an unread message
    old = config_in(tmp_path / "old")
    async with a_town(tmp_path / "old") as town:
        await town.say("zhang", QUESTION)
        await town.settle()
        (ours,) = town.channel.ours(VILLAGE)
        town.channel.then(VILLAGE, BUSY)
        await town.press("zhang", ours, "转给专家")
        await town.settle()
        await town.say("wang", QUESTION)
        promised = [item.key for item in await town.outbox()]
        # when it is copied while it runs, and restored elsewhere
        copy = copied(old, tmp_path / "copy.db")
        channel = town.channel
    restored(new, copy)
    # then everything promised is there, and what waits is handled and sent
    async with a_town(tmp_path / "new", channel=channel) as town:
        assert [item.key for item in await town.outbox()] == promised
        await town.wait(seconds=10)
        assert len(await town.tickets()) == 2
        assert {item.state for item in await town.outbox()} == {"sent"}
        # and alarms ring at their due
        await town.wait(hours=2)
        assert Event.BREACHED in await town.story(1)
        # and a button of an old card is still ours
        card = next(one for one in channel.shown(HUB) if one.author == "bot" and one.buttons)
        await town.press("chen", card, "认领")
        await town.settle()
        claimed = [one for one in await town.tickets() if one.state is Status.CLAIMED]
        assert len(claimed) == 1


def test_a_restored_database_is_private_and_says_what_comes_next(
    config: Config, new: Config
) -> None:
    said = restored(new, copied(config))
    assert noted(new.database, "who") == "old"
    assert new.secret_path.read_text() == "the old secret"
    assert [mode(path) for path in (new.database, new.secret_path)] == [0o600, 0o600]
    assert "wenha doctor" in said
    assert files(new.database.parent) == ["secret", "wenha.db"]


def test_a_copy_of_an_older_version_is_brought_up_to_date(tmp_path: Path, new: Config) -> None:
    older = tmp_path / "older.db"
    steps = AlembicConfig()
    steps.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    steps.set_main_option("path_separator", "os")
    with closing(open_connection(older)) as connection:
        steps.attributes["connection"] = connection
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        command.upgrade(steps, "0001")
        connection.exec_driver_sql("INSERT INTO meta VALUES ('who', 'older')")
        connection.exec_driver_sql("COMMIT")
    restored(new, older)
    assert migrate.revision(new.database) == migrate.head()
    assert noted(new.database, "who") == "older"
    assert migrate.revision(older) == "0001"  # the given file stays as it was
    assert [
        name for name in files(new.database.parent) if "part" in name or "before" in name
    ] == []


def test_nothing_is_lost_unless_it_was_asked_for(config: Config, new: Config) -> None:
    copy = copied(config)
    migrate.upgrade(new.database)
    note(new.database, "who", "new")
    new.secret_path.write_text("the new secret")
    with pytest.raises(ConfigError, match="--replace") as refused:
        restored(new, copy)
    assert len(refused.value.problems) == 2  # the database and the secret
    assert noted(new.database, "who") == "new"
    assert new.secret_path.read_text() == "the new secret"


def test_what_is_replaced_is_kept_with_its_log(config: Config, new: Config) -> None:
    copy = copied(config)
    # given a database that was killed: its last words are in the log beside it
    migrate.upgrade(new.database)
    store = open_connection(new.database)
    store.exec_driver_sql("INSERT INTO meta VALUES ('who', 'new')")
    killed = config_in(new.database.parent.parent / "killed")
    for log in ("", "-wal"):
        shutil.copyfile(f"{new.database}{log}", f"{killed.database}{log}")
    store.close()
    killed.secret_path.write_text("the new secret")
    # when another one is restored over it
    restored(killed, copy, replacing=True)
    # then the log was not read into the new one, and the old one is whole
    assert noted(killed.database, "who") == "old"
    assert killed.secret_path.read_text() == "the old secret"
    kept = killed.database.with_name("wenha.replaced-20261124-090000.db")
    assert noted(kept, "who") == "new"
    secret = killed.secret_path.with_name("secret.replaced-20261124-090000")
    assert secret.read_text() == "the new secret"


def test_without_a_secret_beside_the_copy_the_present_one_stays(
    config: Config, new: Config
) -> None:
    copy = copied(config)
    secret_beside(copy).unlink()
    assert "不再管用" in restored(new, copy)
    new.secret_path.write_text("the new secret")
    assert str(new.secret_path) in restored(new, copy, replacing=True)
    assert new.secret_path.read_text() == "the new secret"


def test_a_secret_from_the_environment_is_not_touched(config: Config, new: Config) -> None:
    out = io.StringIO()
    given = {"WENHA_SECRET": "given"}
    restore(new, copied(config), LATER, out, environment=given)
    assert not new.secret_path.exists()
    assert "WENHA_SECRET" in out.getvalue()


def test_what_root_restores_belongs_to_the_owner_of_the_folder(
    config: Config, new: Config
) -> None:
    owner = 12345 if os.geteuid() == 0 else os.geteuid()
    os.chown(new.database.parent, owner, -1)
    restored(new, copied(config))
    assert {path.stat().st_uid for path in new.database.parent.iterdir()} == {owner}


def test_a_running_service_is_not_replaced(config: Config, new: Config) -> None:
    copy = copied(config)
    with ProcessLock(new.database), pytest.raises(InUse, match="进程号"):
        restored(new, copy, replacing=True)
    assert not new.database.exists()


def test_the_database_of_a_running_service_is_no_copy(config: Config, new: Config) -> None:
    with ProcessLock(config.database), pytest.raises(ConfigError, match="wenha backup"):
        restored(new, config.database)


def test_the_database_itself_is_no_copy(config: Config) -> None:
    with pytest.raises(ConfigError, match="不是备份"):
        restored(config, config.database, replacing=True)
    assert noted(config.database, "who") == "old"


def written_by_a_newer_version(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def somebody_else_s(copy: Path) -> None:
    copy.unlink()
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("CREATE TABLE ticket (id)")


def without_a_version(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("DELETE FROM alembic_version")
        connection.commit()


UNFIT: list[Callable[[Path], object]] = [
    damage,
    cut_off,
    break_a_reference,
    written_by_a_newer_version,
    somebody_else_s,
    without_a_version,
    Path.unlink,
    lambda copy: copy.write_bytes(b""),
    lambda copy: copy.write_text("问哈村长" * 1000),
]


@pytest.mark.parametrize("harm", UNFIT)
def test_what_is_unfit_is_refused_and_nothing_changes(
    config: Config, new: Config, harm: Callable[[Path], object]
) -> None:
    copy = copied(config)
    migrate.upgrade(new.database)
    note(new.database, "who", "new")
    harm(copy)
    with pytest.raises(ConfigError) as refused:
        restored(new, copy, replacing=True)
    assert all(
        str(copy) in problem and "part" not in problem for problem in refused.value.problems
    )
    assert noted(new.database, "who") == "new"
    assert files(new.database.parent) == ["wenha.db"]
