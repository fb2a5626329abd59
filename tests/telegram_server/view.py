"""What do people see in a chat?"""

from dataclasses import dataclass

from tests.telegram_server.world import Chat, Message


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A message as people see it now; `buttons` are the labels, row by row."""

    id: int
    author: str
    author_id: int
    text: str
    buttons: tuple[tuple[str, ...], ...] = ()
    reply_to: int | None = None
    edited: bool = False
    service: bool = False


def seen(message: Message) -> Seen:
    """Return a message as people see it."""
    author = message.sender_chat or message.sender
    name = getattr(author, "title", None) or getattr(author, "first_name", "")
    return Seen(
        id=message.id,
        author=str(name),
        author_id=author.id if author is not None else 0,
        text=message.text or str(message.content.get("caption", "")),
        buttons=tuple(tuple(str(button["text"]) for button in row) for row in message.buttons),
        reply_to=None if message.reply_to is None else message.reply_to.id,
        edited=message.edit_date is not None,
        service=message.service,
    )


def read(chat: Chat) -> list[Seen]:
    """Return what stands in a chat, in order; deleted messages do not."""
    return [seen(message) for message in chat.messages.values() if not message.deleted]
