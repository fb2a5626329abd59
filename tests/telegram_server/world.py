"""Who and what is there? People, bots, chats, members and messages, as plain state."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count

from tests.telegram_server.clock import MovingClock
from tests.telegram_server.spec import Json

ANONYMOUS_ADMIN = 1087968824
LINKED_CHANNEL = 777000
_SERVICE = frozenset(
    {"new_chat_members", "left_chat_member", "migrate_to_chat_id", "migrate_from_chat_id"}
)


class Kind(StrEnum):
    """The type of a chat."""

    PRIVATE = "private"
    GROUP = "group"  # basic group
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Status(StrEnum):
    """What somebody is in a chat."""

    OWNER = "creator"
    ADMIN = "administrator"
    MEMBER = "member"
    LEFT = "left"
    KICKED = "kicked"


INSIDE = frozenset({Status.OWNER, Status.ADMIN, Status.MEMBER})
IN_CHARGE = frozenset({Status.OWNER, Status.ADMIN})


@dataclass(kw_only=True, eq=False)
class User:
    """A person, or the account of a bot."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    deactivated: bool = False


@dataclass(kw_only=True, eq=False)
class Member:
    """Somebody in a chat, or no longer in it."""

    user: User
    status: Status
    rights: frozenset[str] = frozenset()
    anonymous: bool = False
    reads_all: bool = True  # of a bot: its privacy setting at the time it was added


@dataclass(kw_only=True, eq=False)
class Chat:
    """A conversation; of a private one, `id` is that of the person."""

    id: int
    kind: Kind
    title: str | None = None
    username: str | None = None
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, "Message"] = field(default_factory=dict)
    upgraded_to: int | None = None
    deleted: bool = False
    muted: bool = False  # only who is in charge may write
    linked_channel: "Chat | None" = None
    last_bot: int | None = None  # which bot wrote last
    last_id: int = 0

    def status(self, user: User) -> Status:
        """Return what somebody is here."""
        member = self.members.get(user.id)
        return Status.LEFT if member is None else member.status


@dataclass(kw_only=True, eq=False)
class Message:
    """What stands in a chat; `content` is what is neither text nor frame, in the API's shape."""

    id: int
    chat: Chat
    date: int
    sender: User | None
    text: str | None = None
    entities: list[Json] = field(default_factory=list)
    content: Json = field(default_factory=dict)
    sender_chat: Chat | None = None
    reply_to: "Message | None" = None
    buttons: list[list[Json]] = field(default_factory=list)
    edit_date: int | None = None
    deleted: bool = False

    @property
    def service(self) -> bool:
        """Say whether it tells of something that happened, rather than being written."""
        return not _SERVICE.isdisjoint(self.content)


@dataclass(kw_only=True, eq=False)
class Press:
    """A pressed button: what it was told, once it was answered."""

    id: str
    user: User
    message: Message
    date: int
    answered: bool = False
    text: str = ""
    alert: bool = False


@dataclass(eq=False)
class World:
    """Everything there is, and the numbers given out so far."""

    clock: MovingClock
    chance: random.Random
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)  # all but the private ones
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _account_messages: Iterator[int] = field(default_factory=lambda: count(1))

    def seconds(self) -> int:
        """Return the time as the API writes it."""
        return int(self.clock.now().timestamp())

    def user(
        self,
        first_name: str,
        *,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = None,
        is_bot: bool = False,
    ) -> User:
        """Let somebody join Telegram."""
        user = User(
            id=5_000_000_000 + self.number(),
            first_name=first_name,
            last_name=last_name,
            username=username,
            language_code=language_code,
            is_bot=is_bot,
        )
        self.users[user.id] = user
        return user

    def number(self) -> int:
        """Return a number not given out before."""
        return next(self._numbers)

    def chat(self, kind: Kind, title: str) -> Chat:
        """Open a chat that is not private."""
        number = self.number()
        low = -4_000_000_000 if kind is Kind.GROUP else -1_002_000_000_000
        chat = Chat(id=low - number, kind=kind, title=title)
        self.chats[chat.id] = chat
        return chat

    def message_id(self, chat: Chat) -> int:
        """Return the next message id: per supergroup, or per account for all other chats."""
        if chat.kind in (Kind.SUPERGROUP, Kind.CHANNEL):
            chat.last_id += 1
        else:
            chat.last_id = next(self._account_messages)
        return chat.last_id
