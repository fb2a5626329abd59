"""Which chat does a call mean, and may the bot do this there?"""

import re

from tests.telegram_server.bots import Bot
from tests.telegram_server.errors import bad_request, refused
from tests.telegram_server.platform import Platform
from tests.telegram_server.world import INSIDE, Chat, Kind, Status


def chat_of(platform: Platform, bot: Bot, chat_id: int | str, *, write: bool) -> Chat:
    """Return the chat; `write` asks for the right to change something in it.

    Raises:
        ApiError: There is no such chat for this bot, or it may not; in the official words.
    """
    chat = _found(platform, bot, chat_id)
    if chat.kind is Kind.PRIVATE:
        _check_private(chat, bot, write=write)
    elif chat.kind is Kind.GROUP:
        _check_group(chat, bot, write=write)
    else:
        _check_supergroup(chat, bot, write=write)
    return chat


def _found(platform: Platform, bot: Bot, chat_id: int | str) -> Chat:
    if isinstance(chat_id, str):
        return _by_name(platform, chat_id)
    if chat_id in bot.privates:
        return bot.privates[chat_id]
    user = platform.world.users.get(chat_id)
    if user is not None and user.is_bot:
        raise refused(403, "bots can't send messages to bots")
    if user is not None and _have_met(platform, bot, chat_id):
        raise refused(403, "bot can't initiate conversation with a user")
    chat = platform.world.chats.get(chat_id)
    if chat is None or bot.user.id not in chat.members:
        raise bad_request("chat not found")
    return chat


def _by_name(platform: Platform, name: str) -> Chat:
    if not name:
        raise bad_request("chat_id is empty")
    if not re.fullmatch(r"@[A-Za-z]\w{3,31}", name):
        raise bad_request("chat not found")
    for chat in platform.world.chats.values():
        if chat.username is not None and f"@{chat.username}".lower() == name.lower():
            return chat
    raise bad_request("chat not found")


def _have_met(platform: Platform, bot: Bot, user_id: int) -> bool:
    return any(
        {bot.user.id, user_id} <= chat.members.keys() for chat in platform.world.chats.values()
    )


def _check_private(chat: Chat, bot: Bot, *, write: bool) -> None:
    if not write:
        return
    if chat.members[chat.id].user.deactivated:
        raise refused(403, "user is deactivated")
    if chat.status(bot.user) is Status.KICKED:
        raise refused(403, "bot was blocked by the user")


def _check_group(chat: Chat, bot: Bot, *, write: bool) -> None:
    """A basic group can be read from outside; to write, one must be in it, and it must live."""
    if not write:
        return
    if chat.upgraded_to is not None:
        words = "group chat was upgraded to a supergroup chat"
        raise refused(400, words, migrate_to_chat_id=chat.upgraded_to)
    if chat.deleted:
        raise refused(403, "the group chat was deleted")
    if chat.status(bot.user) is Status.KICKED:
        raise refused(403, "bot was kicked from the group chat")
    if chat.status(bot.user) is Status.LEFT:
        raise refused(403, "bot is not a member of the group chat")


def _check_supergroup(chat: Chat, bot: Bot, *, write: bool) -> None:
    """A deleted supergroup looks to a bot like one it was thrown out of."""
    if chat.deleted or chat.status(bot.user) is Status.KICKED:
        raise refused(403, f"bot was kicked from the {chat.kind} chat")
    if chat.status(bot.user) not in INSIDE and (write or chat.username is None):
        raise refused(403, f"bot is not a member of the {chat.kind} chat")
