"""Which tables hold the way of a question? None validates: that is done before.

The FAQ and its people are in tables_faq.py, the built-in channel in tables_web.py.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, MetaData, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA: MetaData = SQLModel.metadata
LANE = ("channel", "chat_id", "priority", "id")  # what the sender asks for, in this order


class Meta(SQLModel, table=True):
    """Single facts of this installation: the sandbox clock's offset, the revision."""

    key: str = Field(primary_key=True)
    value: str


class Rules(SQLModel, table=True):
    """Every policy and calendar that was ever in force; tickets name their versions."""

    kind: str = Field(primary_key=True)
    version: str = Field(primary_key=True)
    body: str
    since: datetime


class HubRow(SQLModel, table=True):
    """A hub and its chat."""

    __tablename__ = "hub"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    channel: str
    chat_id: str
    above_id: int | None = Field(default=None, foreign_key="hub.id")
    __table_args__ = (UniqueConstraint("channel", "chat_id"),)


class VillageRow(SQLModel, table=True):
    """A village and its chat."""

    __tablename__ = "village"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    channel: str
    chat_id: str
    hub_id: int = Field(foreign_key="hub.id")
    listening: bool = Field(default=False, sa_column_kwargs={"server_default": sql("0")})
    relayed: bool = Field(default=False, sa_column_kwargs={"server_default": sql("0")})
    __table_args__ = (UniqueConstraint("channel", "chat_id"),)


class PersonRow(SQLModel, table=True):
    """Somebody we have met, with the name the channel showed last."""

    __tablename__ = "person"
    id: int | None = Field(default=None, primary_key=True)
    channel: str
    scope: str
    external_id: str
    name: str
    profession: str = ""
    __table_args__ = (UniqueConstraint("channel", "scope", "external_id"),)


class MemberRow(SQLModel, table=True):
    """What somebody is in a village or a hub."""

    __tablename__ = "member"
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    place: str = Field(primary_key=True)  # "village:3" or "hub:1"
    membership: str = Field(primary_key=True)


class PassRow(SQLModel, table=True):
    """A one-time code that lets a chat become a village's or a hub's; only its hash."""

    __tablename__ = "pass"
    code: str = Field(primary_key=True)
    name: str
    hub_id: int | None = Field(default=None, foreign_key="hub.id")
    replaces: bool
    relayed: bool = Field(default=False, sa_column_kwargs={"server_default": sql("0")})
    expires_at: datetime
    used_at: datetime | None = None


class GreetedRow(SQLModel, table=True):
    """A chat that is nobody's and has got its one line."""

    __tablename__ = "greeted"
    channel: str = Field(primary_key=True)
    chat_id: str = Field(primary_key=True)
    at: datetime


class TicketRow(SQLModel, table=True):
    """A ticket: its journal, folded."""

    __tablename__ = "ticket"
    id: int = Field(primary_key=True)
    village: int = Field(foreign_key="village.id", index=True)
    hub: int = Field(foreign_key="hub.id")
    asker: int = Field(foreign_key="person.id", index=True)
    state: str = Field(index=True)
    opened_at: datetime
    policy_version: int
    calendar_version: str
    reason: str | None = None
    urgent_at: datetime | None = None
    category: str = ""
    faq: str | None = None
    assignee: int | None = Field(default=None, foreign_key="person.id")
    last_assignee: int | None = Field(default=None, foreign_key="person.id")
    cycle: int
    closed_at: datetime | None = None
    seq: int


class JournalRow(SQLModel, table=True):
    """One event of a ticket; only ever appended."""

    __tablename__ = "journal"
    ticket: int = Field(foreign_key="ticket.id", primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime
    event: str
    role: str
    by: int | None = Field(default=None, foreign_key="person.id")
    data: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    source: str | None = None


class DraftRow(SQLModel, table=True):
    """A pasted piece of a chat, taken apart and masked, until its liaison has said yes or no."""

    __tablename__ = "draft"
    id: int = Field(primary_key=True)
    village: int = Field(foreign_key="village.id")
    by: int = Field(foreign_key="person.id")
    at: datetime
    quotes: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    message: str


class DutyRow(SQLModel, table=True):
    """Somebody of a hub is on duty from `starts` until before `ends`."""

    __tablename__ = "duty"
    hub: int = Field(foreign_key="hub.id", primary_key=True)
    person: int = Field(foreign_key="person.id", primary_key=True)
    starts: datetime = Field(primary_key=True)
    ends: datetime


class OfficeRow(SQLModel, table=True):
    """An office that a question may be sent to, and what somebody needs to know to go there."""

    __tablename__ = "office"
    name: str = Field(primary_key=True)
    what: str
    place: str
    hours: str
    phone: str


class TimerRow(SQLModel, table=True):
    """An alarm of a ticket; re-arming raises `gen` in the same row.

    `not_before` is the due, or later after a try that failed; `state` parked waits for a human.
    """

    __tablename__ = "timer"
    ticket: int = Field(foreign_key="ticket.id", primary_key=True)
    kind: str = Field(primary_key=True)
    step: int = Field(primary_key=True)
    gen: int
    cycle: int
    started_at: datetime
    due: datetime
    provisional: bool
    state: str
    fired_at: datetime | None = None
    cancelled_at: datetime | None = None
    tries: int = 0
    error: str | None = None
    not_before: datetime
    __table_args__ = (
        Index("ix_timer_pending", "not_before", sqlite_where=sql("state = 'pending'")),
    )


class LinkRow(SQLModel, table=True):
    """A message that belongs to a ticket."""

    __tablename__ = "relay_link"
    channel: str = Field(primary_key=True)
    chat_id: str = Field(primary_key=True)
    message_id: str = Field(primary_key=True)
    ticket: int = Field(foreign_key="ticket.id", primary_key=True, index=True)
    role: str


class InboxRow(SQLModel, table=True):
    """A raw update, stored before anybody looks at it; unique by key."""

    __tablename__ = "inbox"
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    channel: str
    chat_id: str
    raw: str | None
    received_at: datetime
    state: str
    tries: int = 0
    error: str | None = None
    not_before: datetime
    handled_at: datetime | None = None
    __table_args__ = (
        Index(
            "ix_inbox_waiting", "channel", "chat_id", "id", sqlite_where=sql("state = 'waiting'")
        ),
    )


class OutboxRow(SQLModel, table=True):
    """A promised message; unique by key, so that promising twice changes nothing."""

    __tablename__ = "outbox"
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    priority: int
    channel: str
    chat_id: str
    text: str
    buttons: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    reply_to: str | None = None
    reply_slot: str | None = None
    slot: str | None = Field(default=None, index=True)
    press: str | None = None
    ticket: int | None = Field(default=None, index=True)
    by_clock: bool
    state: str
    tries: int = 0
    ambiguous: int = 0
    promised_at: datetime
    not_before: datetime
    sent_at: datetime | None = None
    message_id: str | None = None
    error: str | None = None
    __table_args__ = (
        Index("ix_outbox_waiting", *LANE, sqlite_where=sql("state IN ('pending', 'sending')")),
        Index("ix_outbox_message", "channel", "chat_id", "message_id"),
    )


(
    META, RULES, HUB, VILLAGE, PERSON, MEMBER, PASS, GREETED, TICKET, JOURNAL, TIMER, LINK,
    INBOX, OUTBOX, DRAFT, DUTY, OFFICE,
) = (
    METADATA.tables[name]
    for name in (
        "meta", "rules", "hub", "village", "person", "member", "pass", "greeted", "ticket",
        "journal", "timer", "relay_link", "inbox", "outbox", "draft", "duty", "office",
    )
)  # fmt: skip
