"""Does a bot get to see a message of a group?"""

import re

from tests.telegram_server.bots import Bot
from tests.telegram_server.spec import Json
from tests.telegram_server.world import (
    ANONYMOUS_ADMIN,
    IN_CHARGE,
    INSIDE,
    Kind,
    Message,
)

_MARKS = (
    ("bot_command", re.compile(r"(?<![\w/@])/[A-Za-z0-9_]{1,32}(?:@\w+)?")),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z]\w{3,31}")),
    ("url", re.compile(r"https?://[^\s,。;)]+")),
)


def entities_in(text: str) -> list[Json]:
    """Return what Telegram marks by itself; offsets count UTF-16 units."""
    found = [
        {"type": kind, "offset": _units(text[: match.start()]), "length": _units(match[0])}
        for kind, pattern in _MARKS
        for match in pattern.finditer(text)
    ]
    return sorted(found, key=lambda entity: int(str(entity["offset"])))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def sees(bot: Bot, message: Message) -> bool:
    """Say whether a message becomes an update for a bot."""
    chat, member = message.chat, message.chat.members.get(bot.user.id)
    if member is None or _from_a_bot(message):
        return False
    if message.service:
        return True  # the news of its own leaving too
    if member.status not in INSIDE:
        return False
    if chat.kind is Kind.PRIVATE or member.status in IN_CHARGE or member.reads_all:
        return True
    return _is_meant(bot, message)


def _from_a_bot(message: Message) -> bool:
    sender = message.sender
    return sender is not None and sender.is_bot and sender.id != ANONYMOUS_ADMIN


def _is_meant(bot: Bot, message: Message) -> bool:
    """A command for it, or a reply to it; `/cmd` alone only if it was the last bot to write."""
    replied = message.reply_to
    if replied is not None and replied.sender is bot.user:
        return True
    command = re.match(r"/[A-Za-z0-9_]{1,32}(?:@(\w+))?(?!\w)", message.text or "")
    if command is None:
        return False
    if command[1]:
        return command[1].lower() == bot.username.lower()
    return message.chat.last_bot == bot.user.id
