"""Does another process run the loops on this database? A lock file with its number in it."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from base.errors import InUse


class ProcessLock:
    """Held while the loops run; the system lets go of it when the process ends, however."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(database.name + ".lock")
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        """Take the lock.

        Raises:
            InUse: another process holds it; names that process.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise InUse(
                [f"这个数据库正由另一个进程使用（{holder(self.path)}），先停掉它：{self.path}"]
            ) from None
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


def holder(path: Path) -> str:
    """Return who wrote the lock file last, in words."""
    number = path.read_text().strip() if path.exists() else ""
    return f"进程号 {number}" if number else "进程号未知"


def is_held(database: Path) -> bool:
    """Whether a process runs the loops on this database now; changes nothing."""
    path = ProcessLock(database).path
    if not path.exists():
        return False
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
