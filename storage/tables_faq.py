"""Which tables hold the FAQ, and who works on it at the staff pages?"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from storage.tables import METADATA


class FaqEntryRow(SQLModel, table=True):
    """An FAQ entry: its revisions, folded. Checked when it is written and when it is read.

    `content` is what was written last, `served` what villages get, `writers` whose text nobody
    else has checked yet, `revision` the newest one, `recheck` whether a law has changed since.
    """

    __tablename__ = "faq_entry"
    id: str = Field(primary_key=True)
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    served: dict[str, Any] | None = Field(sa_column=Column(JSON(none_as_null=True)))
    writers: list[str] = Field(sa_column=Column(JSON, nullable=False, server_default=sql("'[]'")))
    revision: int = Field(sa_column_kwargs={"server_default": sql("0")})
    recheck: bool = Field(sa_column_kwargs={"server_default": sql("0")})


class FaqRevisionRow(SQLModel, table=True):
    """What an FAQ entry said from a moment on, who made it so and why: added, never changed."""

    __tablename__ = "faq_revision"
    id: int | None = Field(default=None, primary_key=True)
    entry: str = Field(index=True)
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    deed: str = Field(sa_column_kwargs={"server_default": sql("'imported'")})
    serves: bool = Field(sa_column_kwargs={"server_default": sql("1")})  # changes what is served
    at: datetime
    by: str
    why: str = Field(sa_column_kwargs={"server_default": sql("''")})


class FaqMissRow(SQLModel, table=True):
    """What a curator has decided about a question that the FAQ did not answer."""

    __tablename__ = "faq_miss"
    ticket: int = Field(foreign_key="ticket.id", primary_key=True)
    settled: str
    entry: str  # the entry made of it, or that got it as a variant; empty for none
    at: datetime
    by: str


class StaffRow(SQLModel, table=True):
    """Somebody who may sign in at the staff pages; of the password only its hash."""

    __tablename__ = "staff"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    roles: list[str] = Field(sa_column=Column(JSON, nullable=False))
    password: str
    created_at: datetime
    disabled_at: datetime | None = None
    tries: int = 0  # wrong passwords since `tried_at`
    tried_at: datetime | None = None


class StaffSessionRow(SQLModel, table=True):
    """A browser that somebody has signed in with; of its secret only the hash."""

    __tablename__ = "staff_session"
    secret: str = Field(primary_key=True)
    staff: int = Field(foreign_key="staff.id", index=True)
    began_at: datetime
    used_at: datetime


__all__ = ["FAQ_ENTRY", "FAQ_MISS", "FAQ_REVISION", "METADATA", "STAFF", "STAFF_SESSION"]
FAQ_ENTRY, FAQ_REVISION, FAQ_MISS, STAFF, STAFF_SESSION = (
    METADATA.tables[name]
    for name in ("faq_entry", "faq_revision", "faq_miss", "staff", "staff_session")
)
