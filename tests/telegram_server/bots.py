"""What does the server know of a bot: its account, its settings, its queue, its presses?"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.telegram_server.errors import ApiError
from tests.telegram_server.spec import Json, fields_of, type_problems
from tests.telegram_server.updates import MESSAGE_LIFE, Queue, Update
from tests.telegram_server.world import Chat, Press, User

KINDS = frozenset(fields_of("Update")) - {"update_id"}
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class BrokenAnswer(AssertionError):
    """The server itself would have broken the specification: a bug in it, not in the bot."""


@dataclass(eq=False)
class Poll:
    """A long poll that is being held; `ended` is why it is over early."""

    ended: ApiError | None = None


@dataclass(kw_only=True, eq=False)
class Hook:
    """Where updates are posted to."""

    url: str
    secret: str | None
    max_connections: int
    last_error: str | None = None
    last_error_at: datetime | None = None
    repeats: int = 0  # scripted: deliver so many once more although they were confirmed


@dataclass(kw_only=True, eq=False)
class Bot:
    """A bot's account. `privacy` is what BotFather says now; see Member.reads_all."""

    user: User
    token: str
    queue: Queue
    privacy: bool
    joins_groups: bool = True
    allowed: frozenset[str] = KINDS - NOT_BY_DEFAULT
    poll: Poll | None = None
    hook: Hook | None = None
    privates: dict[int, Chat] = field(default_factory=dict)
    presses: dict[str, Press] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)

    @property
    def username(self) -> str:
        """Its name in mentions."""
        return self.user.username or ""

    def allow(self, kinds: list[str] | None) -> None:
        """Choose the kinds of updates; None keeps the choice, an empty list means the default."""
        if kinds is not None:
            chosen = frozenset(kind.lower() for kind in kinds) & KINDS
            self.allowed = chosen or KINDS - NOT_BY_DEFAULT

    def notify(
        self, kind: str, content: Json, *, lane: str, life: timedelta = MESSAGE_LIFE
    ) -> Update | None:
        """Let an update wait, if this kind is wanted; the choice counts now, not at delivery.

        Raises:
            BrokenAnswer: It is no valid Update.
        """
        if kind not in self.allowed:
            return None
        update = self.queue.add({kind: content}, lane=lane, life=life)
        if problems := type_problems("Update", update.shown()):
            raise BrokenAnswer("; ".join(problem.words() for problem in problems))
        return update

    def notify_unchecked(self, body: Json, *, lane: str = "odd") -> Update:
        """Let an update wait that is broken, or of a kind unknown, on purpose."""
        return self.queue.add(body, lane=lane, life=MESSAGE_LIFE, checked=False)

    def end_poll(self, why: ApiError) -> None:
        """End the poll that is being held, if any."""
        if self.poll is not None:
            self.poll.ended, self.poll = why, None
