"""How is the database copied while it is used? Whole, checked, private, over no other file."""

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from base.errors import ConfigError
from escalation.calendar import BEIJING
from wenha.config import SECRET_ENV, Config

FOLDER = "backups"  # beside the database, where the operator names no other place
OURS = frozenset({"alembic_version", "ticket", "journal", "timer", "inbox", "outbox"})
PRIVATE = 0o600
_NAME = re.compile(r"wenha-\d{8}-\d{6}\.db")  # a name we gave; only such copies are ever deleted


def backup(
    config: Config,
    target: Path | None,
    now: datetime,
    out: TextIO,
    *,
    keep: int | None = None,
    environment: Mapping[str, str] = os.environ,
) -> int:
    """Copy the database and its secret, beside whoever uses it; return the exit code.

    Args:
        config: which database.
        target: a file to make, or a folder for one with the time in its name.
        now: the time for the name.
        out: where to say what was made.
        keep: how many copies with the time in their names to keep in the folder.
        environment: whether the secret comes from WENHA_SECRET and is not ours to copy.

    Raises:
        ConfigError: there is nothing to copy, something is there already, or the copy is bad.
    """
    if target is None or target.is_dir() or keep is not None:
        target = _named(target or config.database.parent / FOLDER, now)
    given = bool(environment.get(SECRET_ENV))
    with readable(config.database):
        _write(config, target, with_secret=not given)
        size = target.stat().st_size / 1024 / 1024
        for old in _too_many(target.parent, keep):
            _delete(old)
    print(f"备份好了：{target}（{size:.1f} MB）", file=out)
    print(_about_secret(target, given=given), file=out)
    return 0


def _write(config: Config, copy: Path, *, with_secret: bool) -> None:
    """Make the copy; the secret first, so that no copy is ever without it."""
    if not config.database.exists():
        raise ConfigError([f"没有数据库可以备份：{config.database}"])
    refuse_existing(copy, secret_beside(copy))
    copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with scratch(copy) as temporary:
        copy_whole(config.database, temporary)
        check(temporary, named=config.database)
        if with_secret and config.secret_path.exists():
            place_secret(config.secret_path, secret_beside(copy))
        place(temporary, copy)


def secret_beside(copy: Path) -> Path:
    """Where the signing secret of a copy is kept."""
    return copy.with_name(copy.name + ".secret")


def _named(folder: Path, now: datetime) -> Path:
    return folder / f"wenha-{now.astimezone(BEIJING):%Y%m%d-%H%M%S}.db"


def _about_secret(copy: Path, *, given: bool) -> str:
    if given:
        return f"按钮的密钥在环境变量 {SECRET_ENV} 里，不在备份里，请另外保管"
    if secret_beside(copy).exists():
        return f"按钮的密钥在旁边：{secret_beside(copy)}。两个文件要放在一起，都不要给别人看"
    return "还没有按钮的密钥：服务还没有启动过"


def _too_many(folder: Path, keep: int | None) -> list[Path]:
    if keep is None:
        return []
    ours = sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    return ours[: max(len(ours) - keep, 0)]


def _delete(old: Path) -> None:
    old.unlink()
    secret_beside(old).unlink(missing_ok=True)


# what restoring uses as well


def refuse_existing(*paths: Path) -> None:
    """Refuse to write over a file.

    Raises:
        ConfigError: names every file that is in the way.
    """
    there = [path for path in paths if path.exists()]
    if there:
        raise ConfigError([f"已经有这个文件，不会覆盖，请换个名字：{path}" for path in there])


def copy_whole(source: Path, target: Path) -> None:
    """Copy one consistent state, whoever writes meanwhile, as one file that needs no other."""
    uri = f"{source.absolute().as_uri()}?mode=rw"
    with (
        closing(sqlite3.connect(uri, uri=True)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.execute("PRAGMA query_only=ON")
        live.backup(copy)  # in one step: writers go on, the copy is of one moment
        copy.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def scratch(target: Path) -> Iterator[Path]:
    """A file to work on, of the name of `target`, in a private folder beside it; then gone."""
    with TemporaryDirectory(prefix=f".{target.name}-part-", dir=target.parent) as folder:
        yield Path(folder) / target.name


@contextmanager
def readable(named: Path) -> Iterator[None]:
    """Turn what SQLite and the system complain about into a sentence about that file.

    Raises:
        ConfigError: the file is no database, damaged, or there is no room.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise ConfigError([f"{named} 读不了或写不下（{error}）"]) from None
    except OSError as error:
        raise ConfigError([f"{error.filename or named}：{error.strerror}"]) from None


def check(copy: Path, *, named: Path) -> None:
    """Look at every page and every reference of a copy.

    Raises:
        ConfigError: it is damaged or not of our making; names the file it was made from.
    """
    with closing(sqlite3.connect(copy)) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
        if found != ["ok"]:
            raise ConfigError([f"{named} 坏了：{problem}" for problem in found])
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if (
            not tables >= OURS
            or not connection.execute("SELECT * FROM alembic_version").fetchall()
        ):
            raise ConfigError([f"{named} 不是问哈村长的数据库"])
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise ConfigError([f"{named} 有 {len(broken)} 处引用断了"])


def place_secret(source: Path, target: Path) -> None:
    """Put a private copy of a secret in its place."""
    with scratch(target) as temporary:
        shutil.copyfile(source, temporary)
        place(temporary, target)


def place(temporary: Path, target: Path) -> None:
    """Put a finished file in its place at once, safe from a power cut, for nobody else to read."""
    temporary.chmod(PRIVATE)
    hand_over(temporary, target.parent)
    _sync(temporary)
    temporary.replace(target)
    _sync(target.parent)


def hand_over(path: Path, folder: Path) -> None:
    """Give what root has made to the owner of the folder, who runs the service."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
