"""Does another process run the loops on this database? A lock file with its number in it.

The file is locked by flock for as long as the loops run. Who only looks has to lock it, too, for a
moment; so that this moment refuses nobody, whoever looks holds a lock on the folder meanwhile, and
whoever was refused waits for that one and tries once more.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from base.errors import ConfigError, InUse
from storage.place import OURS_ALONE, make_folder


class ProcessLock:
    """Held while the loops run; the system lets go of it when the process ends, however."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self.path = database.with_name(database.name + ".lock")
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        """Take the lock.

        Raises:
            InUse: another process holds it; names that process.
            ConfigError: there can be no file at this place.
        """
        make_folder(self._database)
        descriptor = self._open()
        if not _taken(descriptor) and not self._taken_unwatched(descriptor):
            os.close(descriptor)
            raise InUse(
                [f"这个数据库正由另一个进程使用（{holder(self.path)}），先停掉它：{self.path}"]
            )
        os.truncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        self._descriptor = descriptor
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the lock; the file stays, an unlocked file locks nobody out."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _open(self) -> int:
        try:
            return os.open(self.path, os.O_RDWR | os.O_CREAT, OURS_ALONE)
        except OSError as error:
            raise ConfigError([f"锁文件 {self.path} 打不开（{error.strerror}）"]) from None

    def _taken_unwatched(self, descriptor: int) -> bool:
        """Try once more while nobody looks: was it really somebody who runs the loops?"""
        with _folder_locked(self.path.parent, fcntl.LOCK_EX):
            return _taken(descriptor)


def _taken(descriptor: int, how: int = fcntl.LOCK_EX) -> bool:
    """Lock a file unless somebody else has; whether that went well."""
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _folder_locked(folder: Path, how: int) -> Iterator[None]:
    """Wait for a lock on the folder; it is only ever held for a moment."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def holder(path: Path) -> str:
    """Return who wrote the lock file last, in words."""
    number = path.read_text().strip() if path.exists() else ""
    return f"进程号 {number}" if number else "进程号未知"


def is_held(database: Path) -> bool:
    """Whether a process runs the loops on this database now; changes nothing, refuses nobody."""
    path = ProcessLock(database).path
    if not path.exists():
        return False
    with _folder_locked(path.parent, fcntl.LOCK_SH):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            return not _taken(descriptor, fcntl.LOCK_SH)
        finally:
            os.close(descriptor)
