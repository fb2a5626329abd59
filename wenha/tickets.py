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
from console.ports import TicketLine
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
            print(_told(line(file, words, now)), file=out)
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
        print(_told(line(file, words, now)), file=out)
        for when, what in story(file, words):
            print(f"{when}  {what}", file=out)
    return 0


def explain(database: Path, number: int, words: Wording, now: datetime, out: TextIO) -> int:
    """Print how every clock of a ticket was counted.

    Raises:
        ConfigError: there is no such ticket.
    """
    with reading(database) as unit:
        for told_ in explaining.whole(dossier(unit, number), now, words):
            print(told_, file=out)
    return 0


def story(file: Dossier, words: Wording) -> Iterator[tuple[str, str]]:
    """Return when and what happened, alarms left out; what people said stands with it."""
    names = {one.id: cards.hub_name(one, words) for one in file.people.values()}
    for entry in file.journal:
        if entry.event not in UNSEEN:
            yield moment(entry.at), told(entry, names, words)


def told(entry: Entry, names: dict[int, str], words: Wording) -> str:
    """Return one thing that happened, with the words said."""
    text = str(entry.data.get("text", ""))
    return cards.event(entry, names, words) + (f"：{text}" if text else "")


def moment(at: datetime) -> str:
    """Return a moment as records have it: 2026-11-23 09:30, in Beijing."""
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def line(file: Dossier, words: Wording, now: datetime) -> TicketLine:
    """Return a ticket as a list has it: state, what is due next, the question."""
    ticket = file.ticket
    running = clocks.running(file.journal)
    promised = [
        alarm
        for alarm in dues.alarms(running, ticket, file.policy, file.calendar)
        if alarm.step == dues.WHOLE and alarm.kind in clocks.PROMISES
    ]
    first = min(promised, key=lambda alarm: alarm.due, default=None)
    late = first is not None and first.due <= now
    due = f"{words(f'clock.{first.kind}')}最迟{moment(first.due)}" if first else ""
    return TicketLine(
        number=ticket.id,
        village=file.village.name,
        hub=file.hub.name,
        state=rendering.state(ticket, words),
        due=due + words("card.late") if late else due,
        late=late,
        question=clip(str(file.journal[0].data["text"]), TEXT_SHOWN),
    )


def _told(one: TicketLine) -> str:
    parts = (f"{one.number}号", one.village, one.state, one.due, one.question)
    return "  ".join(part for part in parts if part)
