"""Which tables has the built-in channel? It is the platform of its chats."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from storage.tables_faq import METADATA


class WebMessageRow(SQLModel, table=True):
    """A message on the built-in channel, which is the platform of its chats."""

    __tablename__ = "web_message"
    id: int | None = Field(default=None, primary_key=True)
    chat_id: str = Field(index=True)
    at: datetime
    author: str | None  # the platform's person id; None for the bot
    author_name: str
    text: str
    buttons: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    reply_to: int | None = None
    edited_at: datetime | None = None
    nonce: str | None = Field(default=None, unique=True)


class WebPressRow(SQLModel, table=True):
    """A pressed button on the built-in channel, and the reaction its presser sees."""

    __tablename__ = "web_press"
    id: int | None = Field(default=None, primary_key=True)
    chat_id: str
    message_id: int
    author: str
    at: datetime
    toast: str | None = None


class WebDoorRow(SQLModel, table=True):
    """A secret link of a chat on the built-in channel; only the hash of the secret."""

    __tablename__ = "web_door"
    secret: str = Field(primary_key=True)
    chat_id: str = Field(index=True)
    part: str  # what it makes of whoever opens it; empty for anybody


__all__ = ["METADATA", "WEB_DOOR", "WEB_MESSAGE", "WEB_PRESS"]
WEB_MESSAGE, WEB_PRESS, WEB_DOOR = (
    METADATA.tables[name] for name in ("web_message", "web_press", "web_door")
)
