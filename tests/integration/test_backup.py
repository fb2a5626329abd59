"""Does a copy hold everything, is it of one moment, and does it never cover another file?"""

import asyncio
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from base.errors import ConfigError
from storage.store import Store
from storage.unit import Unit
from tests.integration.copies import (
    LATER,
    NO_SECRET_GIVEN,
    break_a_reference,
    config_in,
    copied,
    cut_off,
    damage,
    files,
    installation,
    mode,
    noted,
)
from tests.town import MONDAY_9AM
from wenha.backup import backup, secret_beside
from wenha.cli import main
from wenha.config import Config


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return installation(tmp_path / "old")


@pytest.fixture
def new(tmp_path: Path) -> Config:
    """A new machine: nothing there."""
    return config_in(tmp_path / "new")


async def test_a_copy_made_while_somebody_writes_is_of_one_moment(
    config: Config, tmp_path: Path
) -> None:
    store, written = Store(config.database), 0

    def write(unit: Unit) -> None:
        for key in ("a", "b"):
            unit.meta.set(key, f"{written} " + "x" * 20_000)

    async def keep_writing() -> None:
        nonlocal written
        while True:
            await store.write(write)
            written += 1

    writing = asyncio.create_task(keep_writing())
    try:
        for number in range(5):
            before = written
            copy = await asyncio.to_thread(copied, config, tmp_path / f"{number}.db")
            assert noted(copy, "a") == noted(copy, "b")
            while written == before:
                await asyncio.to_thread(int)
    finally:
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        store.close()
    assert written > 5


def test_a_copy_is_one_private_file_with_the_secret_beside_it(
    config: Config, tmp_path: Path
) -> None:
    copy = copied(config)
    assert copy == config.database.parent / "backups" / "wenha-20261123-090000.db"
    assert files(copy.parent) == [copy.name, f"{copy.name}.secret"]
    assert secret_beside(copy).read_text() == "the old secret"
    assert [mode(path) for path in (copy, secret_beside(copy))] == [0o600, 0o600]
    assert mode(copy.parent) == 0o700


def test_a_folder_gets_a_file_with_the_time_in_its_name(config: Config, tmp_path: Path) -> None:
    assert copied(config, tmp_path).name == "wenha-20261123-090000.db"


def test_a_secret_from_the_environment_is_not_copied(config: Config, tmp_path: Path) -> None:
    out = io.StringIO()
    backup(config, tmp_path / "a.db", LATER, out, environment={"WENHA_SECRET": "given"})
    assert not (tmp_path / "a.db.secret").exists()
    assert "WENHA_SECRET" in out.getvalue()
    assert "given" not in out.getvalue()


@pytest.mark.parametrize("taken", ["a.db", "a.db.secret"])
def test_no_file_is_written_over(config: Config, tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_text("mine")
    with pytest.raises(ConfigError, match="不会覆盖"):
        copied(config, tmp_path / "a.db")
    assert (tmp_path / taken).read_text() == "mine"
    assert files(tmp_path) == [taken, "old"]


def test_the_newest_are_kept_and_nothing_else_is_deleted(config: Config, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    for day in range(4):
        at = MONDAY_9AM + timedelta(days=day)
        backup(config, folder, at, io.StringIO(), keep=2, environment=NO_SECRET_GIVEN)
        (folder / "wenha-before-the-upgrade.db").touch()
    assert files(folder) == [
        "wenha-20261125-090000.db",
        "wenha-20261125-090000.db.secret",
        "wenha-20261126-090000.db",
        "wenha-20261126-090000.db.secret",
        "wenha-before-the-upgrade.db",
    ]


@pytest.mark.parametrize("harm", [damage, cut_off, break_a_reference])
def test_of_a_damaged_database_no_copy_is_left(
    config: Config, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    harm(config.database)
    with pytest.raises(ConfigError, match=r"wenha\.db"):
        copied(config, tmp_path / "a.db")
    assert files(tmp_path) == ["old"]


def test_without_a_database_nothing_is_made(new: Config, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="没有数据库"):
        copied(new, tmp_path / "a.db")
    assert files(new.database.parent) == []


# the commands


def test_the_commands_tell_what_they_did_and_refuse_with_2(
    config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "config.yaml"
    written.write_text(f"database: {config.database}\n")
    wenha = ["--config", str(written)]
    assert main([*wenha, "backup", str(tmp_path / "a.db")]) == 0
    assert "备份好了" in capsys.readouterr().out
    assert main([*wenha, "backup", str(tmp_path / "a.db")]) == 2
    assert main([*wenha, "restore", str(tmp_path / "a.db")]) == 2
    assert "✗ 已经有" in capsys.readouterr().err
    assert main([*wenha, "restore", str(tmp_path / "a.db"), "--replace"]) == 0
    assert "恢复好了" in capsys.readouterr().out
    assert main([*wenha, "doctor"]) == 0
