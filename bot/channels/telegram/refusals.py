"""What do Telegram's refusals mean for us? Official words and exceptions → our errors.

Source: descriptions of the Bot API server (tdlib/telegram-bot-api, Client.cpp), and the exceptions
python-telegram-bot raises for them.
"""

from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from base.errors import (
    Ambiguous,
    ChatMoved,
    MessageGone,
    Permanent,
    RateLimited,
    Temporary,
    WenhaError,
)

NOT_MODIFIED = "message is not modified"
_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message identifier is not specified",
)
_REASONS = {
    "kicked": "why.removed",
    "not a member": "why.removed",
    "was blocked": "why.blocked",
    "deactivated": "why.blocked",
    "was deleted": "why.gone",
    "chat not found": "why.gone",
    "not enough rights": "why.rights",
    "have no rights": "why.rights",
    "chat_write_forbidden": "why.rights",
}
"""Refusals for good that people are told in their own words (base/wording)."""
TOO_OLD = "query is too old"
_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)
"""Failures of the transport before anything reached the server: safe to send again."""


def ours(error: TelegramError) -> WenhaError:
    """Return our error for one of Telegram's: try later, perhaps accepted, or never."""
    match error:
        case RetryAfter():
            found: WenhaError = RateLimited(_wait(error))
        case ChatMigrated():
            found = ChatMoved(str(error.new_chat_id))
        case BadRequest() if any(words in error.message.lower() for words in _GONE):
            found = MessageGone(error.message)
        case BadRequest() | Forbidden():
            found = Permanent(_reason(error.message))
        case InvalidToken():  # its message holds the token
            found = Temporary("Telegram does not know the token")
        case Conflict():
            found = Temporary("another process receives with the same token")
        case NetworkError():
            found = _network(error)
        case _:
            found = Ambiguous(error.message)
    return found


def _reason(official: str) -> str:
    """The key of our words for a refusal, else the official ones."""
    known = (key for words, key in _REASONS.items() if words in official.lower())
    return next(known, official)


def _network(error: NetworkError) -> WenhaError:
    """A refused status is no, readable or not; a broken connection only before anything was sent.

    An unreadable refusal comes from a proxy in front of Telegram, which may refuse for minutes:
    it is waited out like any other, not counted as an unknown fate.
    """
    cause = error.__cause__
    refused = cause is None or isinstance(cause, TelegramError)
    if isinstance(cause, _NOT_SENT) or (refused and not isinstance(error, TimedOut)):
        return Temporary(error.message)
    return Ambiguous(error.message)


def _wait(error: RetryAfter) -> timedelta:
    """What `retry_after` says, to the letter."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
