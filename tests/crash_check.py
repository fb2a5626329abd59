"""What became of a day that was killed? Everything there, nothing twice that was not counted."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from base.boxes import InboxState, OutboxItem, OutboxState
from base.messages import Kind
from escalation.lifecycle import fold
from escalation.model import Entry, Event, Ticket, Timer
from storage.store import open_connection
from storage.tables import INBOX
from storage.unit import Unit

MAY_BE_DROPPED = frozenset({Kind.REMINDER, Kind.TOAST})
CHATS = 2  # one message can be on its way to each when a process dies


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How a day ended: what the database says, and how often the world got each message."""

    tickets: dict[int, Ticket]
    journals: dict[int, list[Entry]]
    timers: dict[int, list[Timer]]
    outbox: list[OutboxItem]
    waiting: int
    delivered: Counter[str]
    integrity: tuple[str, int]

    @property
    def unknown(self) -> int:
        """How many sendings were counted as of unknown fate."""
        return sum(row.ambiguous for row in self.outbox)


def outcome(database: Path) -> Outcome:
    """Read how a day ended."""
    world = database.with_suffix(".world").read_text("utf-8").splitlines()
    with closing(sqlite3.connect(database)) as raw:
        ok = raw.execute("PRAGMA integrity_check").fetchone()[0]
        broken = len(raw.execute("PRAGMA foreign_key_check").fetchall())
    with closing(open_connection(database)) as connection:
        unit = Unit(connection)
        tickets = {ticket.id: ticket for ticket in unit.tickets.all()}
        left = connection.execute(INBOX.select().where(INBOX.c.state != InboxState.DONE)).all()
        return Outcome(
            tickets=tickets,
            journals={number: list(unit.tickets.journal(number)) for number in tickets},
            timers={
                number: sorted(unit.timers.of(number), key=lambda t: (t.kind, t.step))
                for number in tickets
            },
            outbox=list(unit.outbox.all()),
            waiting=len(left),
            delivered=Counter(
                line["delivered"] for line in map(json.loads, world) if "delivered" in line
            ),
            integrity=(ok, broken),
        )


def problems(found: Outcome, plain: Outcome, kills: int) -> list[str]:
    """Return what is not as in the day that nobody disturbed."""
    listed = [*_whole(found), *_messages(found, kills)]
    if not gave_up(found):  # else the hub was told, and the day went another way from there
        listed += [*_same(found, plain)]
    return listed


def _whole(found: Outcome) -> Iterator[str]:
    """The database is in order by itself."""
    if found.integrity != ("ok", 0):
        yield f"integrity: {found.integrity}"
    if found.waiting:
        yield f"{found.waiting} things of the inbox were not handled"
    for number, ticket in found.tickets.items():
        if fold(found.journals[number]) != ticket:
            yield f"ticket {number} is not what its journal tells"
        if len(rings := _rings(found, number)) != len(set(rings)):
            yield f"ticket {number}: an alarm rang twice: {rings}"


def _same(found: Outcome, plain: Outcome) -> Iterator[str]:
    """The same tickets, journals, alarms and promises as in the day nobody disturbed."""
    if found.tickets != plain.tickets:
        yield f"other tickets: {found.tickets} instead of {plain.tickets}"
    for number, journal in plain.journals.items():
        if _told(found.journals.get(number, [])) != _told(journal):
            yield f"ticket {number} has another journal: {_told(found.journals.get(number, []))}"
    if found.timers != plain.timers:
        yield "other alarms"
    here, there = ({row.key for row in one.outbox} for one in (found, plain))
    if here != there:
        yield f"promised only here: {here - there}; only there: {there - here}"


def gave_up(found: Outcome) -> bool:
    """Whether a message was given up, which the hub was told."""
    return any(row.state is OutboxState.FAILED for row in found.outbox)


def _rings(found: Outcome, ticket: int) -> list[tuple[object, ...]]:
    return [
        (entry.data["clock"], entry.data["step"], entry.data["gen"])
        for entry in found.journals[ticket]
        if entry.event is Event.FIRED
    ]


def _told(journal: list[Entry]) -> list[Entry]:
    """The journal without the channel's message ids, which count repetitions."""
    return [
        replace(entry, data={key: value for key, value in entry.data.items() if key != "message"})
        for entry in journal
    ]


def _messages(found: Outcome, kills: int) -> Iterator[str]:
    for row in found.outbox:
        times = found.delivered[f"press {row.press}" if row.press else row.key]
        if row.state in (OutboxState.PENDING, OutboxState.SENDING):
            yield f"{row.key} hangs: {row.state}"
        if row.state is OutboxState.SENT and times == 0:
            yield f"{row.key} never arrived"
        if row.state is OutboxState.EXPIRED and (
            row.kind not in MAY_BE_DROPPED or not row.ambiguous
        ):
            yield f"{row.key} was dropped"
        if row.state is OutboxState.FAILED and row.ambiguous < CHATS:
            yield f"{row.key} was given up: {row.error}"
        if times > 1 + row.ambiguous:
            yield f"{row.key} arrived {times} times, {row.ambiguous} counted"
    if found.unknown > CHATS * kills:
        yield f"{found.unknown} sendings counted as unknown after {kills} kills"
