"""What do people do on Telegram? The users' side of the server, as one object."""

from dataclasses import dataclass, field

from tests.telegram_server.bots import Bot
from tests.telegram_server.media import Media
from tests.telegram_server.platform import Platform
from tests.telegram_server.privacy import entities_in
from tests.telegram_server.shapes import (
    ADMIN_RIGHTS,
    shown_chat,
    shown_press,
    shown_user,
)
from tests.telegram_server.spec import Json
from tests.telegram_server.updates import PRESS_LIFE
from tests.telegram_server.view import Seen, read
from tests.telegram_server.world import (
    ANONYMOUS_ADMIN,
    IN_CHARGE,
    INSIDE,
    LINKED_CHANNEL,
    Chat,
    Kind,
    Member,
    Message,
    Press,
    Status,
    User,
)


class Impossible(Exception):
    """Telegram would not let this person do that: the test asks for what can't happen."""


@dataclass(eq=False)
class People:
    """Everything people can do; what a person may not do raises Impossible.

    Where a bot is meant and none is named, it is the server's first one.
    """

    platform: Platform
    bot: Bot
    media: Media = field(default_factory=Media)

    def person(
        self, first_name: str, *, username: str | None = None, last_name: str | None = None
    ) -> User:
        """Let somebody join Telegram."""
        return self.platform.world.user(
            first_name, username=username, last_name=last_name, language_code="zh-hans"
        )

    def group(self, title: str, *, owner: User, members: tuple[User, ...] = ()) -> Chat:
        """Open a basic group."""
        return self._open(Kind.GROUP, title, owner, members)

    def supergroup(
        self,
        title: str,
        *,
        owner: User,
        members: tuple[User, ...] = (),
        username: str | None = None,
    ) -> Chat:
        """Open a supergroup; with a username it is public."""
        chat = self._open(Kind.SUPERGROUP, title, owner, members)
        chat.username = username
        return chat

    def _open(self, kind: Kind, title: str, owner: User, members: tuple[User, ...]) -> Chat:
        chat = self.platform.world.chat(kind, title)
        chat.members[owner.id] = Member(user=owner, status=Status.OWNER)
        for user in members:
            chat.members[user.id] = Member(user=user, status=Status.MEMBER)
        return chat

    def add(self, chat: Chat, user: User, *, by: User) -> None:
        """Add somebody to a group."""
        self._must(chat.status(by) in INSIDE, "only who is in a group can add to it")
        self.platform.change_member(chat, user, Status.MEMBER, by=by)
        content = {"new_chat_members": [shown_user(user)]}
        self.platform.post(chat, by, content=content)

    def add_bot(self, chat: Chat, *, by: User, bot: Bot | None = None) -> None:
        """Add the bot to a group; its privacy setting of now counts until it is added again."""
        self.add(chat, (bot or self.bot).user, by=by)

    def kick(self, chat: Chat, user: User, *, by: User) -> None:
        """Throw somebody out of a group."""
        self._must(chat.status(by) in IN_CHARGE, "only admins can throw out")
        self._go(chat, user, Status.KICKED, by)

    def kick_bot(self, chat: Chat, *, by: User, bot: Bot | None = None) -> None:
        """Throw the bot out of a group."""
        self.kick(chat, (bot or self.bot).user, by=by)

    def leave(self, chat: Chat, user: User) -> None:
        """Let somebody leave a group."""
        self._must(chat.status(user) in INSIDE, "who is not in a group can't leave it")
        self._go(chat, user, Status.LEFT, user)

    def _go(self, chat: Chat, user: User, status: Status, by: User) -> None:
        self.platform.change_member(chat, user, status, by=by)
        content = {"left_chat_member": shown_user(user)}
        self.platform.post(chat, by, content=content)

    def make_admin(
        self,
        chat: Chat,
        user: User,
        *,
        by: User,
        anonymous: bool = False,
        rights: tuple[str, ...] = tuple(ADMIN_RIGHTS),
    ) -> None:
        """Make somebody, or a bot's `user`, an admin."""
        self._must(chat.status(by) in IN_CHARGE, "only admins can appoint admins")
        self.platform.change_member(
            chat, user, Status.ADMIN, by=by, rights=frozenset(rights), anonymous=anonymous
        )

    def unmake_admin(self, chat: Chat, user: User, *, by: User) -> None:
        """Make an admin a plain member again."""
        self._must(chat.status(by) in IN_CHARGE, "only admins can dismiss admins")
        self.platform.change_member(chat, user, Status.MEMBER, by=by)

    def private(self, user: User, bot: Bot | None = None) -> Chat:
        """Return the private chat of somebody with the bot, opened if need be; sends nothing."""
        own = bot or self.bot
        if user.id not in own.privates:
            chat = Chat(id=user.id, kind=Kind.PRIVATE)
            for one in (user, own.user):
                chat.members[one.id] = Member(user=one, status=Status.MEMBER)
            own.privates[user.id] = chat
        return own.privates[user.id]

    def start(self, user: User, bot: Bot | None = None, *, payload: str = "") -> Message:
        """Press "start" in the private chat."""
        return self.say(user, self.private(user, bot), f"/start {payload}".strip())

    def block(self, user: User, bot: Bot | None = None) -> None:
        """Block the bot in the private chat."""
        own = (bot or self.bot).user
        self.platform.change_member(self.private(user, bot), own, Status.KICKED, by=user)

    def unblock(self, user: User, bot: Bot | None = None) -> None:
        """Lift the block."""
        own = (bot or self.bot).user
        self.platform.change_member(self.private(user, bot), own, Status.MEMBER, by=user)

    def say(
        self,
        user: User,
        chat: Chat,
        text: str,
        *,
        reply_to: Message | int | None = None,
        anonymous: bool = False,
    ) -> Message:
        """Write a text; as an anonymous admin, if asked."""
        return self._write(user, chat, {}, text, reply_to=reply_to, anonymous=anonymous)

    def send(
        self, user: User, chat: Chat, content: Json, *, reply_to: Message | int | None = None
    ) -> Message:
        """Send what is not text: `people.media` makes it, or a test by hand."""
        return self._write(user, chat, content, None, reply_to=reply_to)

    def send_voice(self, user: User, chat: Chat, seconds: int = 12) -> Message:
        """Send a voice message."""
        return self.send(user, chat, self.media.voice(seconds))

    def send_photo(self, user: User, chat: Chat, caption: str | None = None) -> Message:
        """Send a photo."""
        return self.send(user, chat, self.media.photo(caption))

    def send_sticker(self, user: User, chat: Chat, emoji: str = "👍") -> Message:
        """Send a sticker."""
        return self.send(user, chat, self.media.sticker(emoji))

    def send_document(
        self, user: User, chat: Chat, name: str, caption: str | None = None
    ) -> Message:
        """Send a file."""
        return self.send(user, chat, self.media.document(name, caption))

    def send_album(
        self, user: User, chat: Chat, count: int = 3, caption: str | None = None
    ) -> list[Message]:
        """Send photos that belong together: one update each."""
        return [self.send(user, chat, photo) for photo in self.media.album(count, caption)]

    def _write(
        self,
        user: User,
        chat: Chat,
        content: Json,
        text: str | None,
        *,
        reply_to: Message | int | None,
        anonymous: bool = False,
    ) -> Message:
        self._must(chat.status(user) in INSIDE, "who is not in a chat can't write in it")
        self._must(chat.upgraded_to is None and not chat.deleted, "the chat is gone")
        sender, sender_chat = user, None
        if anonymous:
            self._must(chat.status(user) in IN_CHARGE, "only admins can be anonymous")
            sender, sender_chat = self.platform.world.users[ANONYMOUS_ADMIN], chat
        replied = chat.messages[reply_to] if isinstance(reply_to, int) else reply_to
        return self.platform.post(
            chat, sender, text, reply_to=replied, content=content, sender_chat=sender_chat
        )

    def channel_post(self, chat: Chat, text: str) -> Message:
        """Let a post of the linked channel appear in the group, as Telegram forwards it."""
        if chat.linked_channel is None:
            chat.linked_channel = self.platform.world.chat(Kind.CHANNEL, f"{chat.title} 频道")
        channel = chat.linked_channel
        number, date = self.platform.world.message_id(channel), self.platform.world.seconds()
        about = {"chat": shown_chat(channel), "message_id": number}
        origin = {"type": "channel", "date": date, **about}
        content = {"is_automatic_forward": True, "forward_origin": origin}
        sender = self.platform.world.users[LINKED_CHANNEL]
        return self.platform.post(chat, sender, text, content=content, sender_chat=channel)

    def forward(self, who: User, chat: Chat, text: str, *, by: str) -> Message:
        """Forward words of somebody whose account is hidden, as most people's are."""
        date = self.platform.world.seconds()
        origin = {"type": "hidden_user", "date": date, "sender_user_name": by}
        return self.platform.post(chat, who, text, content={"forward_origin": origin})

    def edit(self, message: Message, text: str) -> None:
        """Change an own text."""
        message.text, message.entities = text, entities_in(text)
        self.touch(message)

    def touch(self, message: Message) -> None:
        """Let Telegram report an edit; without a change before it, it is the false one."""
        message.edit_date = self.platform.world.seconds()
        self.platform.tell("edited_message", message)

    def delete(self, chat: Chat, message_id: int) -> None:
        """Delete a message; no bot is told, ever."""
        chat.messages[message_id].deleted = True

    def press(self, user: User, chat: Chat, message_id: int, label: str) -> Press:
        """Press a button that is there, by its label.

        Returns:
            The press: `answered`, `text` and `alert` are there once the bot answered.
        """
        message = chat.messages[message_id]
        self._must(chat.status(user) in INSIDE, "who is not in a chat can't press in it")
        found = [button for row in message.buttons for button in row if button["text"] == label]
        labels = [button["text"] for row in message.buttons for button in row]
        self._must(len(found) == 1, f"{label!r} is not one of {labels}")
        return self.press_raw(user, message, str(found[0]["callback_data"]))

    def press_raw(self, user: User, message: Message, data: str) -> Press:
        """Press with any data, on any message: old clients and forgers do."""
        platform = self.platform
        (bot,) = (bot for bot in platform.bots.values() if bot.user is message.sender)
        number = f"{platform.chance.randrange(10**17, 10**18)}"
        press = Press(id=number, user=user, message=message, date=platform.world.seconds())
        bot.presses[press.id] = press
        bot.notify(
            "callback_query", shown_press(press, data), lane=f"user {user.id}", life=PRESS_LIFE
        )
        platform.bell.ring()
        return press

    def upgrade(self, chat: Chat, *, by: User, announced: bool = True) -> Chat:
        """Turn a basic group into a supergroup; unannounced, the two service messages never come.

        Returns:
            The new chat, with a new id; messages stay behind in the old one.
        """
        self._must(chat.kind is Kind.GROUP, "only a basic group can be upgraded")
        return self.platform.upgrade(chat, by=by, announced=announced)

    def delete_group(self, chat: Chat) -> None:
        """Delete a group; nobody is told."""
        chat.deleted = True

    def read(self, chat: Chat) -> list[Seen]:
        """Return what stands in a chat, in order."""
        return read(chat)

    def last(self, chat: Chat) -> Seen:
        """Return the newest message of a chat."""
        return read(chat)[-1]

    def _must(self, true: bool, words: str) -> None:
        if not true:
            raise Impossible(words)
