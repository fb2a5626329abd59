"""How do we stand with Telegram? Questions that change nothing, for `wenha doctor`.

Raw answers, looked at leniently: an examination must not fail on what it examines. Every question
is bounded by `patience`, and no error carries the token.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

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
from telegram.request import HTTPXRequest

from base.clock import Clock
from base.messages import ChatRef
from bot.channels.telegram.commands import SCOPES

IN_CHARGE = frozenset({"creator", "administrator"})
Json = Mapping[str, Any]


class Why(StrEnum):
    """Why a question got no answer."""

    TOKEN = "token"  # noqa: S105 - Telegram does not know the token
    UNREACHABLE = "unreachable"  # no connection
    SLOW = "slow"  # a connection, no answer in time
    WAIT = "wait"  # too many requests: asked to wait
    ODD = "odd"  # an answer that is none of the Bot API's
    CONFLICT = "conflict"  # somebody else receives with this token
    MOVED = "moved"  # the chat goes on under another id
    REFUSED = "refused"  # no, in Telegram's words


class Unanswered(Exception):
    """A question got no answer; `words` are Telegram's own, of a refusal."""

    def __init__(self, why: Why, words: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.words = words


@dataclass(frozen=True, kw_only=True, slots=True)
class Myself:
    """Who we are to Telegram, and what @BotFather has set."""

    id: int
    username: str
    hears_all: bool
    may_join_groups: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Webhook:
    """Where Telegram posts to; `host` alone, an address may hold secrets. Empty: nowhere."""

    url: str
    pending: int
    error: str
    error_at: datetime | None

    @property
    def host(self) -> str:
        """The machine the address names."""
        return urlsplit(self.url).hostname or "?"


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What we are in a chat; `status` is the Bot API's word."""

    status: str
    may_send: bool

    @property
    def in_charge(self) -> bool:
        """Whether we are an admin, who hears everything."""
        return self.status in IN_CHARGE


class Checkup:
    """Asks, as a context manager; `skew` is our clock less Telegram's, once it has answered."""

    def __init__(self, token: str, base_url: str, clock: Clock, patience: float) -> None:
        self._root = f"{base_url}{token}"
        self._clock = clock
        self._patience = patience
        self.skew: timedelta | None = None
        self._request = HTTPXRequest(
            connection_pool_size=8,
            connect_timeout=patience,
            read_timeout=patience,
            write_timeout=patience,
            pool_timeout=patience,
            httpx_kwargs={"event_hooks": {"response": [self._look_at_clock]}},
        )

    async def __aenter__(self) -> Self:
        """Open the connections."""
        await self._request.initialize()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        await self._request.shutdown()

    async def myself(self) -> Myself:
        """Return who we are."""
        found = await self._ask("getMe")
        return Myself(
            id=_number(found.get("id")),
            username=str(found.get("username", "")),
            hears_all=bool(found.get("can_read_all_group_messages", False)),
            may_join_groups=bool(found.get("can_join_groups", True)),
        )

    async def webhook(self) -> Webhook:
        """Return where updates are posted to, and how that went."""
        found = await self._ask("getWebhookInfo")
        failed = _number(found.get("last_error_date"))
        return Webhook(
            url=str(found.get("url", "")),
            pending=_number(found.get("pending_update_count")),
            error=str(found.get("last_error_message", "")),
            error_at=datetime.fromtimestamp(failed, UTC) if failed else None,
        )

    async def commands(self) -> Mapping[str, Mapping[str, str]]:
        """Return the commands people are offered: by scope, name and description."""
        found = {}
        for scope in SCOPES:
            listed = await self._call("getMyCommands", {"scope": json.dumps({"type": scope})})
            rows = [row for row in _list(listed) if isinstance(row, Mapping)]
            found[scope] = {row.get("command", ""): row.get("description", "") for row in rows}
        return found

    async def standing(self, chat: ChatRef, me: int) -> Standing:
        """Return what we are in a group.

        Raises:
            Unanswered: refused, in Telegram's words: no such chat, thrown out …
        """
        whole = await self._ask("getChat", chat_id=chat.chat_id)
        member = await self._ask("getChatMember", chat_id=chat.chat_id, user_id=me)
        status = str(member.get("status", ""))
        if status == "restricted" and not member.get("is_member", True):
            status = "left"
        everybody = whole.get("permissions")
        rights = member if status == "restricted" else everybody
        muted = isinstance(rights, Mapping) and rights.get("can_send_messages") is False
        return Standing(status=status, may_send=status in IN_CHARGE or not muted)

    async def somebody_else_polls(self, seconds: int) -> bool:
        """Whether a poll of so many seconds is ended by another one; confirms no update."""
        asked = {"timeout": seconds, "limit": 1}
        try:
            await self._call("getUpdates", asked, patience=seconds + self._patience)
        except Unanswered as error:
            if error.why is Why.CONFLICT:
                return True
            raise
        return False

    async def _ask(self, method: str, **asked: object) -> Json:
        """Ask for one object."""
        found = await self._call(method, asked)
        if not isinstance(found, Mapping):
            raise Unanswered(Why.ODD)
        return found

    async def _call(self, method: str, asked: Json, patience: float | None = None) -> object:
        url, longest = f"{self._root}/{method}?{urlencode(asked)}", patience or self._patience
        try:
            async with asyncio.timeout(longest):  # the client's own count for each part alone
                return await self._request.post(url, read_timeout=longest)
        except TimeoutError:
            raise Unanswered(Why.SLOW) from None
        except TelegramError as error:
            raise _unanswered(error) from None  # what it carries may hold the token

    async def _look_at_clock(self, response: httpx.Response) -> None:
        """Compare our clock with the date every answer carries, to the second."""
        try:
            theirs = parsedate_to_datetime(response.headers.get("Date", ""))
        except ValueError:
            return
        self.skew = self._clock.now() - (theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC))


def _number(found: object) -> int:
    return found if isinstance(found, int) else 0


def _list(found: object) -> list[Any]:
    return found if isinstance(found, list) else []


def _unanswered(error: TelegramError) -> Unanswered:
    match error:
        case ChatMigrated():
            why, words = Why.MOVED, ""
        case BadRequest() | Forbidden():
            why, words = Why.REFUSED, error.message
        case _:
            why, words = _reason(error), ""
    return Unanswered(why, words)


def _reason(error: TelegramError) -> Why:
    match error:
        case RetryAfter():
            return Why.WAIT
        case InvalidToken():
            return Why.TOKEN
        case Conflict():
            return Why.CONFLICT
        case TimedOut():
            slow = not isinstance(error.__cause__, httpx.ConnectTimeout)
            return Why.SLOW if slow else Why.UNREACHABLE
        case NetworkError() if isinstance(error.__cause__, httpx.HTTPError):
            return Why.UNREACHABLE
        case _:
            return Why.ODD
