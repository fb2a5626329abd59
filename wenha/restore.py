"""How does a copy become the database again? Checked, brought up to date, the old one kept."""

import os
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TextIO

from base.errors import ConfigError
from escalation.calendar import BEIJING
from storage import migrate
from wenha.backup import (
    check,
    copy_whole,
    hand_over,
    place,
    place_secret,
    readable,
    refuse_existing,
    scratch,
    secret_beside,
)
from wenha.config import SECRET_ENV, Config
from wenha.lock import ProcessLock, holder, is_held


def restore(
    config: Config,
    copy: Path,
    now: datetime,
    out: TextIO,
    *,
    replacing: bool = False,
    environment: Mapping[str, str] = os.environ,
) -> int:
    """Make `copy` the database, with the secret beside it; return the exit code.

    Raises:
        InUse: the service runs on the database.
        ConfigError: the copy is bad, not ours or newer, or something would be lost that
            `replacing` was not given for; nothing has changed.
    """
    with ProcessLock(config.database) as lock, readable(copy):
        hand_over(lock.path, config.database.parent)
        given = bool(environment.get(SECRET_ENV))
        _refuse_unfit(copy, config.database)
        changes_secret = not given and _differs(secret_beside(copy), config.secret_path)
        in_the_way = [config.database, *([config.secret_path] if changes_secret else [])]
        _refuse_losing([path for path in in_the_way if path.exists()], replacing=replacing)
        with scratch(config.database) as temporary:
            _take_over(copy, temporary)
            for kept in _put_aside(config, now, with_secret=changes_secret):
                print(f"原来的留在：{kept}", file=out)
            if changes_secret:
                place_secret(secret_beside(copy), config.secret_path)
            place(temporary, config.database)
    print(f"恢复好了：{config.database}，来自 {copy}", file=out)
    print(_about_secret(config, given=given), file=out)
    print("接下来运行 wenha doctor，没有 ✗ 就可以启动服务", file=out)
    return 0


def _refuse_unfit(copy: Path, database: Path) -> None:
    """Refuse what cannot be a copy at rest."""
    if not copy.is_file():
        raise ConfigError([f"没有这个备份：{copy}"])
    if database.exists() and copy.samefile(database):
        raise ConfigError([f"{copy} 就是正在用的数据库，不是备份"])
    if is_held(copy):
        who = holder(ProcessLock(copy).path)
        raise ConfigError([f"{copy} 正由另一个进程使用（{who}），请用 wenha backup 做一份备份"])


def _refuse_losing(there: list[Path], *, replacing: bool) -> None:
    if there and not replacing:
        raise ConfigError(
            [f"已经有 {path}。要换掉它，请加 --replace，原来的会改名留着" for path in there]
        )


def _differs(given: Path, mine: Path) -> bool:
    """Whether there is a secret to restore, and it is not the one that is here."""
    return given.exists() and (not mine.exists() or given.read_bytes() != mine.read_bytes())


def _take_over(copy: Path, temporary: Path) -> None:
    """Work on a copy of the copy: check it and bring it up to date; the given file stays as is.

    Raises:
        ConfigError: it is damaged, not ours, or written by a newer version.
    """
    with scratch(temporary) as draft:
        for suffix in ("", "-wal"):  # a log beside it belongs to it
            given = copy.with_name(copy.name + suffix)
            if given.exists():
                shutil.copyfile(given, draft.with_name(draft.name + suffix))
        check(draft, named=copy)
        try:
            migrate.upgrade(draft)  # what it puts aside goes with the draft
        except ConfigError as error:
            told = [problem.replace(str(draft), str(copy)) for problem in error.problems]
            raise ConfigError(told) from None
        copy_whole(draft, temporary)
    check(temporary, named=copy)


def _put_aside(config: Config, now: datetime, *, with_secret: bool) -> list[Path]:
    """Rename what is there, its log first: left behind, it would be read into the new file."""
    mark = f"replaced-{now.astimezone(BEIJING):%Y%m%d-%H%M%S}"
    old, secret = config.database, config.secret_path
    kept = old.with_name(f"{old.stem}.{mark}{old.suffix}")
    moves = {
        old.with_name(old.name + log): kept.with_name(kept.name + log) for log in ("-wal", "-shm")
    } | {old: kept}
    if with_secret:
        moves[secret] = secret.with_name(f"{secret.name}.{mark}")
    done = {source: target for source, target in moves.items() if source.exists()}
    refuse_existing(*done.values())
    for source, target in done.items():
        source.rename(target)
    return list(done.values())


def _about_secret(config: Config, *, given: bool) -> str:
    if given:
        return f"按钮的密钥用环境变量 {SECRET_ENV}；要和备份那时的一样，以前的按钮才管用"
    if config.secret_path.exists():
        return f"按钮的密钥：{config.secret_path}"
    return "备份旁边没有 .secret 文件：以前发出去的按钮不再管用，请大家打字"
