"""What has become of the questions? `wenha tickets list | show`, `wenha explain`."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO

from base.errors import ConfigError
from base.text import clip
from base.wording import Wording
from bot import cards, dossiers, explaining, rendering
from bot.facts import Dossier
from escalation import clocks, dues
from escalation.calendar import BEIJING
from escalation.model import Entry, Event
from storage import migrate
from storage.store import open_connection
from storage.unit import Unit

TEXT_SHOWN = 24  # characters of a question in a list
UNSEEN = frozenset({Event.ARMED, Event.FIRED, Event.CANCELLED})


@contextmanager
def reading(database: Path) -> Iterator[Unit]:
    """Read the database beside a running service.

    Raises:
        ConfigError: there is none yet, or its tables are of another version.
    """
    if not database.exists():
        raise ConfigError([f"还没有数据库 {database}：先运行 wenha serve"])
    if migrate.revision(database) != migrate.head():
        raise ConfigError(["数据库不是这个版本的：先运行 wenha db upgrade"])
    with closing(open_connection(database)) as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
        yield Unit(connection)


def all_dossiers(unit: Unit) -> Iterator[Dossier]:
    """Return every ticket with everything known about it, in order."""
    for ticket in unit.tickets.all():
        found = dossiers.dossier(unit, ticket.id)
        if found is not None:
            yield found


def dossier(unit: Unit, number: int) -> Dossier:
    """Return one ticket with everything known about it.

    Raises:
        ConfigError: there is no such ticket.
    """
    found = dossiers.dossier(unit, number)
    if found is None:
        raise ConfigError([f"没有{number}号工单"])
    return found


def list_all(database: Path, words: Wording, now: datetime, out: TextIO) -> int:
    """Print a line a ticket: number, village, state, what is due next, the question."""
    with reading(database) as unit:
        count = 0
        for file in all_dossiers(unit):
            print(_line(file, words, now), file=out)
            count += 1
    if not count:
        print("还没有工单", file=out)
    return 0


def show(database: Path, number: int, words: Wording, now: datetime, out: TextIO) -> int:
    """Print what happened to a ticket, line by line.

    Raises:
        ConfigError: there is no such ticket.
    """
    with reading(database) as unit:
        file = dossier(unit, number)
        print(_line(file, words, now), file=out)
        for line in story(file, words):
            print(line, file=out)
    return 0


def explain(database: Path, number: int, words: Wording, now: datetime, out: TextIO) -> int:
    """Print how every clock of a ticket was counted.

    Raises:
        ConfigError: there is no such ticket.
    """
    with reading(database) as unit:
        for line in explaining.whole(dossier(unit, number), now, words):
            print(line, file=out)
    return 0


def story(file: Dossier, words: Wording) -> Iterator[str]:
    """Return what happened, a line each, alarms left out; what people said stands with it."""
    names = {one.id: cards.hub_name(one, words) for one in file.people.values()}
    for entry in file.journal:
        if entry.event not in UNSEEN:
            yield f"{moment(entry.at)}  {told(entry, names, words)}"


def told(entry: Entry, names: dict[int, str], words: Wording) -> str:
    """Return one thing that happened, with the words said."""
    text = str(entry.data.get("text", ""))
    return cards.event(entry, names, words) + (f"：{text}" if text else "")


def moment(at: datetime) -> str:
    """Return a moment as records have it: 2026-11-23 09:30, in Beijing."""
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def _line(file: Dossier, words: Wording, now: datetime) -> str:
    ticket = file.ticket
    running = clocks.running(file.journal)
    promised = [
        alarm
        for alarm in dues.alarms(running, ticket, file.policy, file.calendar)
        if alarm.step == dues.WHOLE and alarm.kind in clocks.PROMISES
    ]
    due = ""
    if promised:
        first = min(promised, key=lambda alarm: alarm.due)
        late = words("card.late") if first.due <= now else ""
        due = f"{words(f'clock.{first.kind}')}最迟{moment(first.due)}{late}"
    question = clip(str(file.journal[0].data["text"]), TEXT_SHOWN)
    parts = (f"{ticket.id}号", file.village.name, rendering.state(ticket, words), due, question)
    return "  ".join(part for part in parts if part)
