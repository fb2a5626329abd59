"""What comes in and what goes out, in our own words, whatever the channel."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatRef:
    """One conversation on some channel, e.g. ("web", "village:1")."""

    channel: str
    chat_id: str

    @property
    def lane(self) -> str:
        """The name under which this chat's things keep their order."""
        return f"{self.channel}:{self.chat_id}"


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRef:
    """Somebody on some channel; `scope` tells apart ids that differ per app or bot."""

    channel: str
    scope: str = ""
    id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class VillageChat:
    """The group chat of a village. Only a `ToVillage` can be addressed to it."""

    ref: ChatRef


@dataclass(frozen=True, kw_only=True, slots=True)
class HubChat:
    """The group chat of a hub. Only a `ToHub` can be addressed to it."""

    ref: ChatRef


class MediaKind(StrEnum):
    """What a message carries beside text; the word for it is in base/wording."""

    VOICE = "voice"
    PHOTO = "photo"
    VIDEO = "video"
    FILE = "file"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT = "contact"
    POLL = "poll"


@dataclass(frozen=True, kw_only=True, slots=True)
class Media:
    """Something we do not carry yet, but name; `seconds` for voice, `link` to the original."""

    kind: MediaKind
    seconds: int = 0
    name: str = ""
    link: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RepliedTo:
    """The message a reply points at, as the channel shows it: nothing need have been stored.

    `forwarded`: who wrote it first, where it was forwarded.
    """

    message_id: str
    author: PersonRef | None
    author_name: str
    text: str
    media: Media | None = None
    forwarded: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    """Somebody pressed a button of ours; `token` is what the button carried."""

    press_id: str
    message_id: str
    token: str


class NoticeKind(StrEnum):
    """What a channel tells about a chat itself."""

    ADDED = "added"  #: somebody added us to the chat
    REMOVED = "removed"  #: we were removed from it
    MOVED = "moved"  #: the chat goes on under another id
    LEFT = "left"  #: somebody left it


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """A channel's word about a chat; `to` is the new chat, `person` the one who left."""

    kind: NoticeKind
    to: ChatRef | None = None
    person: PersonRef | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Incoming:
    """One thing that happened in a chat, exactly once per `key`.

    A message, a press, or a notice of the channel about the chat itself; `direct` means that the
    chat is with one person alone, `edited` that a message says something else now, `forwarded`
    who wrote it first, where it was forwarded.
    """

    key: str
    chat: ChatRef
    sender: PersonRef
    sender_name: str
    message_id: str
    text: str
    at: datetime
    reply_to: RepliedTo | None = None
    press: Press | None = None
    media: Media | None = None
    notice: Notice | None = None
    direct: bool = False
    edited: bool = False
    forwarded: str = ""


class Act(StrEnum):
    """What a button or its typed equivalent asks for; the label is in base/wording."""

    HELPFUL = "ok"  #: 有用
    UNHELPFUL = "no"  #: 没帮上忙
    PICK = "pick"  #: one of the offered questions; `arg` is the entry's id
    NONE_FITS = "none"  #: 都不是
    TO_EXPERT = "expert"  #: 转给专家
    HAND_UP = "up"  #: 转总群
    CLAIM = "claim"  #: 认领
    RELEASE = "release"  #: 退回
    SOLVED = "done"  #: 解决了
    ASK_AGAIN = "again"  #: 还有疑问
    URGENT = "urgent"  #: 紧急
    EXPLAIN = "why"  #: 为什么这时到期
    SEND = "send"  #: an answer to somebody else's ticket is meant; `arg` is its journal line
    KEEP_BACK = "keep"  #: it is not; `arg` likewise
    RELAY = "relay"  #: everything of a pasted piece of a chat goes up; `arg` is its draft
    DROP = "drop"  #: nothing of it does; `arg` likewise
    FORWARDED = "sent"  #: 已转发
    COLLECT = "faq"  #: 收进知识库: the answer becomes a draft of the FAQ
    VARIANT = "var"  #: the question is one more wording; `arg` is the entry's id
    PROFESSION = "prof"  #: what somebody of the hub is; `arg` is its place in the list


@dataclass(frozen=True, kw_only=True, slots=True)
class Button:
    """A button under a message of ours, about one ticket."""

    label: str
    act: Act
    ticket: int
    arg: str = ""


class Kind(StrEnum):
    """Why a message is sent; decides its priority and what happens when its fate is unknown."""

    TOAST = "toast"  #: the short reaction to a press, seen by one person
    ANSWER = "answer"  #: a person's answer to the asker
    COPY = "copy"  #: such an answer for the liaison to carry on
    PART = "part"  #: the beginning of such an answer that is too long for one message
    REPLY = "reply"  #: anything else said to the one who wrote
    CARD = "card"  #: the hub's one message per ticket
    ALERT = "alert"  #: a message because of time that nobody may miss
    REMINDER = "reminder"  #: any other message because of time


class Priority(IntEnum):
    """Who goes first among the waiting messages of one chat."""

    TOAST = 0
    ANSWER = 1
    REMINDER = 2


PRIORITY = {
    Kind.TOAST: Priority.TOAST,
    Kind.ANSWER: Priority.ANSWER,
    Kind.PART: Priority.ANSWER,
    Kind.COPY: Priority.ANSWER,
    Kind.REPLY: Priority.ANSWER,
    Kind.CARD: Priority.ANSWER,
    Kind.ALERT: Priority.ANSWER,
    Kind.REMINDER: Priority.REMINDER,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What is said: the text, its buttons, and the message it stands under or replaces.

    Attributes:
        reply_to: id of the message in the same chat this is a reply to.
        reply_slot: the same for a message of ours whose id need not be known yet.
        slot: messages of one slot are one message, edited in place (a card, an answered offer).
    """

    text: str
    buttons: tuple[Button, ...] = ()
    reply_to: str | None = None
    reply_slot: str | None = None
    slot: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ToVillage:
    """A promised message to a village; `key` makes promising it twice harmless.

    `not_before`: it waits until then, through quiet hours; None for no such wait.
    """

    key: str
    kind: Kind
    chat: VillageChat
    words: Words
    ticket: int | None = None
    by_clock: bool = False
    not_before: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ToHub:
    """A promised message to a hub; `key` makes promising it twice harmless.

    `not_before`: it waits until then, through quiet hours; None for no such wait.
    """

    key: str
    kind: Kind
    chat: HubChat
    words: Words
    ticket: int | None = None
    by_clock: bool = False
    not_before: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Toast:
    """The short reaction to a press, shown only to the one who pressed."""

    key: str
    chat: ChatRef
    press_id: str
    text: str
    kind: Kind = field(default=Kind.TOAST, init=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class ToStranger:
    """A promised message to a chat that is neither a village's nor a hub's."""

    key: str
    chat: ChatRef
    words: Words
    kind: Kind = field(default=Kind.REPLY, init=False)


Outgoing = ToVillage | ToHub | Toast | ToStranger
