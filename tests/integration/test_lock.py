"""One process runs the loops on a database; a second is refused with the number of the first."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from base.errors import ConfigError, InUse
from wenha.lock import ProcessLock, holder, is_held

HOLD = """
import sys
from pathlib import Path
from wenha.lock import ProcessLock
with ProcessLock(Path(sys.argv[1])):
    for line in sys.stdin:
        print("still here", flush=True)
"""
DEMO = "import sys; from wenha.cli import main; sys.exit(main(sys.argv[1:]))"


class Holder:
    """A process that holds the lock and answers as long as it lives."""

    def __init__(self, database: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", HOLD, str(database)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.pid = self._process.pid
        self.answer()

    def answer(self) -> str:
        """Ask whether it is still there."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("?\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def end(self, number: signal.Signals) -> int:
        """End it by a signal; return how it ended."""
        self._process.send_signal(number)
        self._process.communicate()
        return self._process.returncode


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "data" / "wenha.db"


@pytest.fixture
def first(database: Path) -> Iterator[Holder]:
    process = Holder(database)
    yield process
    process.end(signal.SIGKILL)


def test_a_second_process_is_refused_with_the_number_of_the_first(
    database: Path, first: Holder
) -> None:
    # when somebody starts the service on a database that is in use
    second = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", DEMO, "demo", "--database", str(database), "--port", "0"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    # then it is told who uses it and what to do, and has touched nothing
    assert second.returncode == 2
    assert f"这个数据库正由另一个进程使用（进程号 {first.pid}），先停掉它" in second.stderr
    assert "Traceback" not in second.stderr
    assert not database.exists()
    # and the first goes on
    assert first.answer() == "still here"
    assert is_held(database)


def test_asking_whether_it_is_held_changes_nothing(database: Path, first: Holder) -> None:
    lock = ProcessLock(database).path
    assert is_held(database)
    assert holder(lock) == f"进程号 {first.pid}"
    first.end(signal.SIGTERM)
    assert not is_held(database)
    assert holder(lock) == f"进程号 {first.pid}"


def test_the_lock_is_gone_with_its_process_however_it_ended(database: Path, first: Holder) -> None:
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    assert not is_held(database)
    with ProcessLock(database) as lock:
        assert holder(lock.path) == f"进程号 {os.getpid()}"
        assert is_held(database)


def test_the_lock_can_be_taken_again_after_it_was_let_go(database: Path) -> None:
    with ProcessLock(database):
        with pytest.raises(InUse, match=str(os.getpid())), ProcessLock(database):
            pass
        assert is_held(database)
    with ProcessLock(database):
        pass
    assert not is_held(database)


def test_nobody_holds_what_was_never_opened(database: Path) -> None:
    assert not is_held(database)
    assert not database.parent.exists()


def test_every_database_has_a_lock_of_its_own(tmp_path: Path) -> None:
    with ProcessLock(tmp_path / "a.db"), ProcessLock(tmp_path / "b.db"):
        assert is_held(tmp_path / "a.db")
        assert not is_held(tmp_path / "c.db")


def test_looking_at_the_same_moment_refuses_no_start(database: Path) -> None:
    # given somebody who does nothing but look
    with ProcessLock(database):
        pass
    over, looked = threading.Event(), threading.Event()

    def look() -> None:
        while not over.is_set():
            is_held(database)
            looked.set()

    looker = threading.Thread(target=look)
    looker.start()
    try:
        assert looked.wait(timeout=60)
        # then every start succeeds all the same
        for _ in range(2000):
            with ProcessLock(database):
                pass
    finally:
        over.set()
        looker.join()


def test_a_place_under_a_file_is_refused_in_words(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("村里的事", "utf-8")
    for database in (notes / "wenha.db", notes / "data" / "wenha.db"):
        with (
            pytest.raises(ConfigError, match=r"notes\.txt 是一个文件，不是目录"),
            ProcessLock(database),
        ):
            pass
    assert notes.read_text("utf-8") == "村里的事"
