"""Where does the database file lie, and who may read it? Its folder, and that it is ours alone."""

import os
from pathlib import Path

from base.errors import ConfigError

OURS_ALONE = 0o600  # villagers' words: nobody else on the machine reads them


def obstacle(database: Path) -> str:
    """Return what stands in the way of a file at this path, in words; empty where nothing does."""
    for folder in database.absolute().parents:
        if not os.path.exists(folder):  # unlike Path.exists, False where we may not look
            continue
        if not folder.is_dir():
            return f"{folder} 是一个文件，不是目录"
        return "" if os.access(folder, os.W_OK | os.X_OK) else f"{folder} 里不能写"
    return ""


def make_folder(database: Path) -> None:
    """Make the folder of the database where there is none yet.

    Raises:
        ConfigError: there can be none; says what stands in the way.
    """
    why = obstacle(database)
    try:
        if not why:
            database.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = str(error.strerror)
    if why:
        raise ConfigError([f"数据库不能放在 {database}：{why}。请换一个位置。"])


def make_private(path: Path) -> None:
    """Make an empty file that is ours alone; one that is there already becomes so."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, OURS_ALONE)
    try:
        os.fchmod(descriptor, OURS_ALONE)
    finally:
        os.close(descriptor)


def readable_by_others(path: Path) -> bool:
    """Whether somebody else on the machine may read a file."""
    return bool(path.stat().st_mode & 0o077)
