"""What do the tests of backup and restore stand on? Installations, and ways to harm them."""

import io
import sqlite3
import stat
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from storage import migrate
from tests.town import MONDAY_9AM
from wenha.backup import backup
from wenha.config import Config
from wenha.restore import restore

LATER = MONDAY_9AM + timedelta(days=1)
NO_SECRET_GIVEN: dict[str, str] = {}


def config_in(folder: Path) -> Config:
    folder.mkdir(exist_ok=True)
    return Config(database=folder / "wenha.db")


def installation(folder: Path) -> Config:
    """An empty installation, with its secret."""
    made = config_in(folder)
    migrate.upgrade(made.database)
    made.secret_path.write_text("the old secret")
    note(made.database, "who", "old")
    return made


def note(database: Path, key: str, value: str) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
        connection.commit()


def noted(database: Path, key: str) -> str | None:
    with closing(sqlite3.connect(database)) as connection:
        row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None


def copied(config: Config, target: Path | None = None, *, at: datetime = MONDAY_9AM) -> Path:
    """Make a backup; return the file."""
    out = io.StringIO()
    assert backup(config, target, at, out, environment=NO_SECRET_GIVEN) == 0
    return Path(out.getvalue().split("：")[1].rsplit("（", 1)[0])


def restored(config: Config, copy: Path, *, replacing: bool = False) -> str:
    """Restore; return what was said."""
    out = io.StringIO()
    code = restore(config, copy, LATER, out, replacing=replacing, environment=NO_SECRET_GIVEN)
    assert code == 0
    return out.getvalue()


def files(folder: Path) -> list[str]:
    """What is in a folder, hidden files too; without what belongs to an open database."""
    passing = (".lock", "-wal", "-shm")
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(passing))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def at_rest(database: Path) -> None:
    """Let the file hold everything that its log holds."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def damage(database: Path) -> None:
    """Write noise over pages in the middle."""
    at_rest(database)
    content = bytearray(database.read_bytes())
    content[4096 * 4 : 4096 * 8] = b"\xa5" * 4096 * 4
    database.write_bytes(content)


def cut_off(database: Path) -> None:
    """Lose the second half."""
    at_rest(database)
    database.write_bytes(database.read_bytes()[: database.stat().st_size // 2 + 100])


def break_a_reference(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            "INSERT INTO village (id, name, channel, chat_id, hub_id)"
            " VALUES (1, 'a', 'web', '1', 77)"
        )
        connection.commit()
