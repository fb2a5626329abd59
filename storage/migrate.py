"""Does the database have today's tables, and how does it get them?

Alembic runs on a connection of its own, with foreign keys off before BEGIN and checked before
COMMIT, after a copy was put aside (batch mode with foreign keys on deletes child rows).
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from base.errors import ConfigError
from storage.place import make_folder, make_private
from storage.store import open_connection

STEPS = Path(__file__).parent / "migrations"


def upgrade(path: Path, *, steps: Path = STEPS) -> Path | None:
    """Bring the tables up to date; return the copy that was made before, if there was need.

    Raises:
        ConfigError: the file was written by a newer version, is no database of ours, cannot be
            there or be opened, or a step would have broken references; it is as it was before.
    """
    make_folder(path)
    try:
        behind = revision(path)
        if behind == head(steps):
            return None
        _refuse_unknown(path, behind, steps)
        copy = _copy(path, behind, steps) if behind else None
        if not path.exists():
            make_private(path)
        _run(path, steps)
    except (DBAPIError, sqlite3.DatabaseError) as error:
        why = error.orig if isinstance(error, DBAPIError) else error
        raise ConfigError(
            [f"数据库 {path} 打不开（{why}）。检查文件权限和磁盘；文件坏了就恢复最近的备份。"]
        ) from None
    return copy


def revision(path: Path) -> str | None:
    """Return the revision of the file's tables; None where there are none of ours."""
    if "alembic_version" not in _tables(path):
        return None
    with closing(sqlite3.connect(path)) as raw:
        row: tuple[str] | None = raw.execute("SELECT version_num FROM alembic_version").fetchone()
    return row[0] if row else None


def head(steps: Path = STEPS) -> str:
    """Return the revision this version of the program wants."""
    found = ScriptDirectory.from_config(_config(steps)).get_current_head()
    if found is None:
        msg = "no migrations are shipped"
        raise RuntimeError(msg)
    return found


def is_known(found: str, steps: Path = STEPS) -> bool:
    """Whether a revision is one of ours; any other was written by a newer version."""
    script = ScriptDirectory.from_config(_config(steps))
    return found in {step.revision for step in script.walk_revisions()}


def is_foreign(path: Path) -> bool:
    """Whether a file holds tables, but none of ours."""
    return revision(path) is None and bool(_tables(path))


def _run(path: Path, steps: Path) -> None:
    with closing(open_connection(path)) as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        config = _config(steps)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            connection.exec_driver_sql("ROLLBACK")
            raise ConfigError(
                [f"数据库升级会弄断 {len(broken)} 处引用，已放弃，文件没有变：{path}"]
            )
        connection.exec_driver_sql("COMMIT")


def _tables(path: Path) -> set[str]:
    """The tables of a file, looked at without changing anything; none where there is no file."""
    if not path.exists():
        return set()
    with closing(sqlite3.connect(path)) as raw:
        return {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}


def _refuse_unknown(path: Path, behind: str | None, steps: Path) -> None:
    if is_foreign(path):
        raise ConfigError([f"{path} 不是问哈村长的数据库，没有动它。请在配置里换一个文件名。"])
    if behind is not None and not is_known(behind, steps):
        raise ConfigError(
            [f"数据库 {path} 由更新的版本写成（{behind}），请用那个版本运行，或恢复旧备份。"]
        )


def _copy(path: Path, behind: str, steps: Path) -> Path:
    copy = path.with_name(f"{path.stem}.before-{head(steps)}-from-{behind}{path.suffix}")
    make_private(copy)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


def _config(steps: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(steps))
    config.set_main_option("path_separator", "os")
    return config
