"""What is a message, and a pressed button, on the built-in channel?"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class WebButton:
    """A button as the page shows it; `token` is what a press sends back."""

    label: str
    token: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WebMessage:
    """One message of a chat.

    Attributes:
        author: the platform's id of who wrote it; None for the bot.
    """

    id: int
    chat_id: str
    at: datetime
    author: str | None
    author_name: str
    text: str
    buttons: tuple[WebButton, ...] = ()
    reply_to: int | None = None
    edited_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WebPress:
    """One pressed button, and the reaction its presser gets to see."""

    id: int
    chat_id: str
    message_id: int
    author: str
    at: datetime
    toast: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WebDoor:
    """What a secret link of a chat opens.

    Attributes:
        part: what whoever comes in by it becomes there; empty for anybody of the village.
    """

    chat_id: str
    part: str = ""
