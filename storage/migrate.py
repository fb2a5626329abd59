"""Does the database have today's tables, and how does it get them?

Alembic runs on a connection of its own, with foreign keys off before BEGIN and checked before
COMMIT, after a copy was put aside (batch mode with foreign keys on deletes child rows).
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from base.errors import ConfigError
from storage.store import open_connection


def upgrade(path: Path) -> Path | None:
    """Bring the tables up to date; return the copy that was made before, if there was need.

    Raises:
        ConfigError: the file was written by a newer version, is no database of ours, or a step
            would have broken references; the file is as it was before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    behind = revision(path)
    if behind == head():
        return None
    _refuse_unknown(path, behind)
    copy = _copy(path, behind) if behind else None
    with closing(open_connection(path)) as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            connection.exec_driver_sql("ROLLBACK")
            raise ConfigError(
                [f"数据库升级会弄断 {len(broken)} 处引用，已放弃，文件没有变：{path}"]
            )
        connection.exec_driver_sql("COMMIT")
    return copy


def revision(path: Path) -> str | None:
    """Return the revision of the file's tables; None for a file that is not there or empty."""
    if not path.exists() or path.stat().st_size == 0:
        return None
    with closing(open_connection(path)) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """Return the revision this version of the program wants."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    if found is None:
        msg = "no migrations are shipped"
        raise RuntimeError(msg)
    return found


def _refuse_unknown(path: Path, behind: str | None) -> None:
    known = {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}
    if behind is not None and behind not in known:
        raise ConfigError(
            [f"数据库 {path} 由更新的版本写成（{behind}），请用那个版本运行，或恢复旧备份。"]
        )


def _copy(path: Path, behind: str | None) -> Path:
    copy = path.with_name(f"{path.stem}.before-{head()}-from-{behind}{path.suffix}")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
