"""What is a channel? Few verbs and a frozen description of what it can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from base.messages import ChatRef, Incoming, PersonRef


@dataclass(frozen=True, kw_only=True, slots=True)
class Capabilities:
    """What a channel can do; rates bound how fast we send.

    Attributes:
        chat_pause_ms: least time between two messages to one chat.
        group_per_minute: messages to one group within any minute; 0 means no limit.
        token_per_second: messages of the whole channel within any second; 0 means no limit.
        idempotent: the same `Post.key` twice is one message.
    """

    edits: bool
    idempotent: bool
    chat_pause_ms: int
    group_per_minute: int = 0
    token_per_second: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Labelled:
    """A button ready for a channel: its label, and the signed token a press sends back."""

    label: str
    token: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """A message ready for a channel; `key` is the same when it is sent once more."""

    key: str
    chat: ChatRef
    text: str
    buttons: tuple[Labelled, ...] = ()
    reply_to: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Admin:
    """Somebody who administers a chat on the channel."""

    ref: PersonRef
    name: str


class Channel(Protocol):
    """One adapter.

    `post`, `edit` and `react` raise RateLimited or Temporary (not accepted, later perhaps),
    Ambiguous (perhaps accepted) or Permanent (never); base/errors.py.
    """

    name: str
    capabilities: Capabilities

    def parse(self, raw: Mapping[str, Any]) -> Incoming:
        """Translate a stored raw update; pure. Raises ValueError or KeyError on a bad one."""

    async def post(self, post: Post) -> str:
        """Send a message; return the channel's id of it."""

    async def edit(self, message_id: str, post: Post) -> None:
        """Change a message sent before."""

    async def admins(self, chat: ChatRef) -> Sequence[Admin]:
        """Return who administers a group, as the channel says."""

    async def react(self, press_id: str, text: str) -> None:
        """Show the short reaction to a press to the one who pressed."""
