"""What happens when something happens? Messages, edits and membership, and who is told."""

import random
from dataclasses import dataclass, field
from typing import TypedDict, Unpack

from tests.telegram_server.bots import Bot
from tests.telegram_server.clock import Bell, MovingClock
from tests.telegram_server.privacy import entities_in, sees
from tests.telegram_server.shapes import shown_change, shown_message
from tests.telegram_server.spec import Json
from tests.telegram_server.updates import Queue
from tests.telegram_server.world import (
    ANONYMOUS_ADMIN,
    IN_CHARGE,
    LINKED_CHANNEL,
    Chat,
    Kind,
    Member,
    Message,
    Status,
    User,
    World,
)


class More(TypedDict, total=False):
    """What a message may have besides its text."""

    reply_to: Message | None
    content: Json
    sender_chat: Chat | None
    buttons: list[list[Json]]
    entities: list[Json]


@dataclass(eq=False)
class Platform:
    """The world with its bots; every change goes through here, and the bell rings after it."""

    clock: MovingClock
    seed: int = 1
    bots: dict[str, Bot] = field(default_factory=dict)
    deleted_can_be_quoted: bool = False  # the official server's deletion cache
    answer_seconds: int = 15  # how long a press waits for its answer; documented nowhere

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311 - repeatable on purpose
        self.world = World(self.clock, self.chance)
        group = User(id=ANONYMOUS_ADMIN, first_name="Group", username="GroupAnonymousBot")
        group.is_bot = True
        for user in (group, User(id=LINKED_CHANNEL, first_name="Telegram")):
            self.world.users[user.id] = user

    @property
    def bell(self) -> Bell:
        """What rings after every change."""
        return self.clock.bell

    def new_bot(self, name: str, username: str, *, privacy: bool = True) -> Bot:
        """Create a bot; its token has the official form."""
        user = self.world.user(name, username=username, is_bot=True)
        token = f"{user.id}:{'A' * 30}{len(self.bots):05}"
        queue = Queue(clock=self.clock, chance=self.chance)
        bot = Bot(user=user, token=token, queue=queue, privacy=privacy)
        self.bots[token] = bot
        return bot

    def post(
        self, chat: Chat, sender: User, text: str | None = None, **more: Unpack[More]
    ) -> Message:
        """Put a message into a chat and tell every bot that may see it."""
        message = Message(
            id=self.world.message_id(chat),
            chat=chat,
            date=self.world.seconds(),
            sender=sender,
            text=text,
            **more,
        )
        if "entities" not in more:
            message.entities = entities_in(text or "")
        chat.messages[message.id] = message
        self.tell("message", message)
        return message

    def tell(self, kind: str, message: Message) -> None:
        """Tell every bot that may see it about a message, new or edited."""
        for bot in self.bots.values():
            if sees(bot, message):
                bot.notify(kind, shown_message(message), lane=f"chat {message.chat.id}")
        self.bell.ring()

    def change_member(
        self,
        chat: Chat,
        user: User,
        status: Status,
        *,
        by: User,
        rights: frozenset[str] = frozenset(),
        anonymous: bool = False,
    ) -> Member:
        """Make somebody something in a chat and tell the bots whose business it is."""
        before = chat.members.get(user.id) or Member(user=user, status=Status.LEFT)
        after = Member(user=user, status=status, rights=rights, anonymous=anonymous)
        after.reads_all = self._reads_all(before, user)
        chat.members[user.id] = after
        change = shown_change(chat, before, after, by=by, date=self.world.seconds())
        for bot in self.bots.values():
            if bot.user is user:
                bot.notify("my_chat_member", change, lane=f"me {chat.id}")
            elif chat.kind is not Kind.PRIVATE and chat.status(bot.user) in IN_CHARGE:
                bot.notify("chat_member", change, lane=f"members {chat.id}")
        self.bell.ring()
        return after

    def _reads_all(self, before: Member, user: User) -> bool:
        """A bot's privacy setting counts when it is added; a change waits for the next time."""
        if before.status in (Status.LEFT, Status.KICKED):
            own = [bot for bot in self.bots.values() if bot.user is user]
            return not any(bot.privacy for bot in own)
        return before.reads_all

    def upgrade(self, group: Chat, *, by: User, announced: bool) -> Chat:
        """Turn a basic group into a supergroup with a new id; both say so unless told not to."""
        chat = self.world.chat(Kind.SUPERGROUP, group.title or "")
        chat.members = dict(group.members)
        chat.last_bot = group.last_bot
        group.upgraded_to = chat.id
        if announced:
            content = {"migrate_to_chat_id": chat.id}
            self.post(group, by, content=content)
            self.post(chat, by, content={"migrate_from_chat_id": group.id})
        self.bell.ring()
        return chat
