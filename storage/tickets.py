"""Which tickets are there, what happened to them, and which messages belong to them?"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, func, select
from sqlalchemy.dialects.sqlite import insert

from base.messages import ChatRef
from escalation.model import Entry, Event, LinkRole, Reason, RelayLink, Role, Status, Ticket
from storage.tables import JOURNAL, LINK, PERSON, TICKET

_INSERT = insert(TICKET)
_SAVE = _INSERT.on_conflict_do_update(
    index_elements=["id"],
    set_={
        column.name: _INSERT.excluded[column.name] for column in TICKET.c if column.name != "id"
    },
)
_APPEND = insert(JOURNAL)
_LINK = insert(LINK).on_conflict_do_nothing()
_NEXT_ID = select(func.coalesce(func.max(TICKET.c.id), 0) + 1)
_BY_ID = select(TICKET).where(TICKET.c.id == bindparam("of_ticket"))
_ALL = select(TICKET).order_by(TICKET.c.id)
_JOURNAL = (
    select(JOURNAL).where(JOURNAL.c.ticket == bindparam("of_ticket")).order_by(JOURNAL.c.seq)
)
_LINKS_OF = select(LINK).where(LINK.c.ticket == bindparam("of_ticket"))
_BY_MESSAGE = (
    select(LINK.c.ticket)
    .where(
        LINK.c.channel == bindparam("in_channel"),
        LINK.c.chat_id == bindparam("in_chat"),
        LINK.c.message_id == bindparam("of_message"),
    )
    .order_by(LINK.c.ticket.desc())
)
_LIVELY = (
    select(TICKET.c.id)
    .where(TICKET.c.village == bindparam("of_village"), TICKET.c.state != Status.CLOSED)
    .order_by(TICKET.c.id.desc())
    .limit(1)
)
_OPEN_UNDER_OTHER = (
    select(TICKET.c.id)
    .where(TICKET.c.state != Status.CLOSED, TICKET.c.calendar_version != bindparam("calendar"))
    .order_by(TICKET.c.id)
)
_OF_ASKER = (
    select(TICKET.c.id)
    .where(TICKET.c.village == bindparam("of_village"), TICKET.c.asker == bindparam("of_asker"))
    .order_by(TICKET.c.id.desc())
    .limit(10)
)
_OPEN_IN = (
    select(TICKET.c.id)
    .where(TICKET.c.hub == bindparam("of_hub"), TICKET.c.state != Status.CLOSED)
    .order_by(TICKET.c.id)
    .limit(500)
)
_ANSWERED = (
    select(func.count(func.distinct(JOURNAL.c.ticket)))
    .join(TICKET, TICKET.c.id == JOURNAL.c.ticket)
    .where(
        TICKET.c.hub == bindparam("of_hub"),
        JOURNAL.c.event == Event.ANSWER_DELIVERED,
        JOURNAL.c.at >= bindparam("since"),
        JOURNAL.c.at < bindparam("until"),
    )
)
_HELD = select(TICKET.c.id).where(
    TICKET.c.state.in_([Status.CLAIMED, Status.WAITING_ASKER]), TICKET.c.hub == bindparam("of_hub")
)
_RELAYED = (
    select(TICKET.c.id)
    .join(PERSON, PERSON.c.id == TICKET.c.asker)
    .where(
        TICKET.c.village == bindparam("of_village"),
        PERSON.c.channel == bindparam("in_channel"),
        TICKET.c.state.in_([Status.ANSWERED, Status.CLOSED]),
    )
    .order_by(TICKET.c.id.desc())
    .limit(100)
)
_HOLDING = (
    select(TICKET.c.assignee, func.count())
    .where(TICKET.c.state == Status.CLAIMED, TICKET.c.hub == bindparam("of_hub"))
    .group_by(TICKET.c.assignee)
)
_LIVELY_OF = _LIVELY.where(TICKET.c.asker == bindparam("of_asker"))


_NEWEST = (
    select(TICKET)
    .where(TICKET.c.id < bindparam("before"))
    .order_by(TICKET.c.id.desc())
    .limit(bindparam("most"))
)
_NEWEST_IN = {
    "open": _NEWEST.where(TICKET.c.state != Status.CLOSED),
    "closed": _NEWEST.where(TICKET.c.state == Status.CLOSED),
}
_BEYOND = 2**62  # above every number a ticket can have


class Tickets:
    """Tickets, their journals and their relay links, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_id(self) -> int:
        """Return the number a new ticket gets: from 1, without gaps, per installation."""
        found: int = self._connection.execute(_NEXT_ID).scalar_one()
        return found

    def find(self, ticket: int) -> Ticket | None:
        """Return one ticket; None if there is none of this number."""
        row = self._connection.execute(_BY_ID, {"of_ticket": ticket}).first()
        return _ticket(row) if row else None

    def all(self) -> Sequence[Ticket]:
        """Return every ticket in order of its number."""
        return [_ticket(row) for row in self._connection.execute(_ALL)]

    def newest(self, *, state: str, before: int | None, most: int) -> Sequence[Ticket]:
        """Return the newest tickets below a number; `state` is open, closed, or empty for all."""
        of = {"before": before or _BEYOND, "most": most}
        found = self._connection.execute(_NEWEST_IN.get(state, _NEWEST), of)
        return [_ticket(row) for row in found]

    def journal(self, ticket: int) -> Sequence[Entry]:
        """Return what happened to a ticket, in order."""
        rows = self._connection.execute(_JOURNAL, {"of_ticket": ticket})
        return [_entry(row) for row in rows]

    def save(self, ticket: Ticket, entries: Sequence[Entry]) -> None:
        """Store the ticket as it is now and append what happened to it."""
        self._connection.execute(_SAVE, _columns(ticket))
        if entries:
            self._connection.execute(_APPEND, [_columns(entry) for entry in entries])

    def link(self, link: RelayLink) -> None:
        """Remember that a message belongs to a ticket, for as long as the ticket is kept."""
        self._connection.execute(
            _LINK,
            {
                "channel": link.chat.channel,
                "chat_id": link.chat.chat_id,
                "message_id": link.message_id,
                "ticket": link.ticket,
                "role": link.role,
            },
        )

    def links(self, ticket: int) -> Sequence[RelayLink]:
        """Return every message that belongs to a ticket."""
        return [
            RelayLink(
                chat=ChatRef(channel=row.channel, chat_id=row.chat_id),
                message_id=row.message_id,
                ticket=row.ticket,
                role=LinkRole(row.role),
            )
            for row in self._connection.execute(_LINKS_OF, {"of_ticket": ticket})
        ]

    def by_message(self, chat: ChatRef, message_id: str) -> int | None:
        """Return the ticket a message belongs to, the newest where there are several."""
        found: int | None = self._connection.execute(
            _BY_MESSAGE,
            {"in_channel": chat.channel, "in_chat": chat.chat_id, "of_message": message_id},
        ).scalar()
        return found

    def open_under_other(self, calendar: str) -> Sequence[int]:
        """Return the open tickets whose calendar is of another version than this."""
        found = self._connection.execute(_OPEN_UNDER_OTHER, {"calendar": calendar})
        return list(found.scalars())

    def of_asker(self, village: int, asker: int) -> Sequence[int]:
        """Return the newest ten tickets of an asker in a village, the oldest first."""
        of = {"of_village": village, "of_asker": asker}
        return sorted(self._connection.execute(_OF_ASKER, of).scalars())

    def open_in(self, hub: int) -> Sequence[int]:
        """Return the open tickets of a hub, at most 500."""
        return list(self._connection.execute(_OPEN_IN, {"of_hub": hub}).scalars())

    def answered(self, hub: int, since: datetime, until: datetime) -> int:
        """Return how many tickets of a hub got an answer delivered in a time, half-open."""
        of = {"of_hub": hub, "since": since, "until": until}
        found: int = self._connection.execute(_ANSWERED, of).scalar_one()
        return found

    def held(self, hub: int) -> Sequence[int]:
        """Return the tickets of a hub that somebody works on."""
        return sorted(self._connection.execute(_HELD, {"of_hub": hub}).scalars())

    def relayed(self, village: int, channel: str) -> Sequence[int]:
        """Return the newest answered tickets of people a liaison asks for, at most 100."""
        of = {"of_village": village, "in_channel": channel}
        return sorted(self._connection.execute(_RELAYED, of).scalars())

    def holding(self, hub: int) -> Mapping[int, int]:
        """Return how many tickets of a hub each person works on, by the person's id."""
        rows = self._connection.execute(_HOLDING, {"of_hub": hub})
        return {person: count for person, count in rows if person is not None}

    def lively(self, village: int, asker: int | None = None) -> int | None:
        """Return the newest open ticket of a village, or of one asker in it."""
        statement = _LIVELY if asker is None else _LIVELY_OF
        values = {"of_village": village} | ({} if asker is None else {"of_asker": asker})
        found: int | None = self._connection.execute(statement, values).scalar()
        return found


def _columns(value: Ticket | Entry) -> dict[str, object]:
    """The fields of a frozen value by name; unlike `asdict` nothing is copied."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _ticket(row: Row[tuple[object, ...]]) -> Ticket:
    values = dict(row._mapping)
    values["state"] = Status(row.state)
    values["reason"] = Reason(row.reason) if row.reason else None
    return Ticket(**values)


def _entry(row: Row[tuple[object, ...]]) -> Entry:
    return Entry(
        ticket=row.ticket,
        seq=row.seq,
        at=row.at,
        event=Event(row.event),
        role=Role(row.role),
        by=row.by,
        data=row.data,
        source=row.source,
    )
