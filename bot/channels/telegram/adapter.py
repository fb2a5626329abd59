"""How do we speak on Telegram? Our posts → Bot API calls; one token, one adapter."""

import json
import os
import ssl
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.error import BadRequest, TelegramError
from telegram.request import HTTPXRequest

from base.errors import Ambiguous, Temporary
from base.messages import ChatRef, Incoming, PersonRef
from bot.channels.base import Admin, Capabilities, Labelled, Post
from bot.channels.telegram import refusals, updates
from bot.channels.telegram.commands import SCOPES, in_scope
from bot.routing import named

os.environ.setdefault("PTB_TIMEDELTA", "1")  # durations as timedelta, without a warning
T = TypeVar("T")
MAX_TOAST = 200
SEND_SECONDS = 20.0
POLL_SECONDS = 25
ROW = 3  # buttons side by side


class TelegramChannel:
    """The adapter; `connect` before the first call, `close` after the last."""

    name = updates.CHANNEL

    def __init__(self, token: str, base_url: str, pace: Capabilities) -> None:
        trust = {"verify": _trust()}
        request = HTTPXRequest(
            httpx_kwargs=trust,
            connection_pool_size=16,
            read_timeout=SEND_SECONDS,
            write_timeout=SEND_SECONDS,
            connect_timeout=SEND_SECONDS,
            pool_timeout=SEND_SECONDS,
        )
        polling = HTTPXRequest(
            httpx_kwargs=trust,
            connection_pool_size=2,
            read_timeout=POLL_SECONDS + SEND_SECONDS,
        )
        self._bot = Bot(token, base_url=base_url, request=request, get_updates_request=polling)
        self._request = request
        self._polling = polling
        self.capabilities = pace
        self.mention = ""

    async def connect(self) -> None:
        """Learn our own name.

        Raises:
            Temporary: Telegram cannot be reached, or does not know the token.
        """
        await _ask(self._bot.initialize())
        self.mention = f"@{self._bot.username}"

    async def close(self) -> None:
        """Close the connections, also of a channel that never learned its name."""
        await self._bot.shutdown()
        await self._request.shutdown()
        await self._polling.shutdown()

    def parse(self, raw: Mapping[str, Any]) -> Incoming:
        """Translate a stored raw update; our name on Telegram becomes our own."""
        incoming = updates.parse(raw)
        return replace(incoming, text=named(incoming.text, self.mention))

    def key(self, raw: Mapping[str, Any]) -> str:
        """Return what makes an update unique."""
        return updates.key(raw)

    def kind(self, raw: Mapping[str, Any]) -> str:
        """Return the kind of an update."""
        return updates.kind(raw)

    def chat_of(self, raw: Mapping[str, Any]) -> ChatRef | None:
        """Return the chat it belongs to, None where it names none."""
        return updates.chat_of(raw)

    def handles(self, kind: str) -> bool:
        """Whether we handle updates of this kind at all."""
        return kind in updates.KINDS

    async def updates(self, offset: int) -> Sequence[Mapping[str, Any]]:
        """Wait for raw updates from `offset` on, which confirms everything before it.

        Raises:
            Temporary: not reachable, or another process polls with the same token (409).
        """
        asked = urlencode(
            {
                "offset": offset,
                "timeout": POLL_SECONDS,
                "allowed_updates": json.dumps(updates.KINDS),
            }
        )
        url = f"{self._bot.base_url}/getUpdates?{asked}"
        found: object = await _ask(self._polling.post(url))
        if not isinstance(found, list):
            msg = "getUpdates did not answer with a list"
            raise Temporary(msg)
        return found

    async def set_webhook(self, url: str, secret: str) -> None:
        """Ask Telegram to post updates to `url`; an empty one means we poll."""
        if url:
            await _ask(
                self._bot.set_webhook(
                    url, secret_token=secret, allowed_updates=list(updates.KINDS)
                )
            )
        else:
            await _ask(self._bot.delete_webhook())

    async def set_commands(self, commands: Mapping[str, str]) -> None:
        """Show these commands, each in the chats it is for: name and Chinese description."""
        for scope in SCOPES:
            chosen = in_scope(scope, commands)
            listed = [BotCommand(name, about) for name, about in chosen.items()]
            if listed:
                await _ask(self._bot.set_my_commands(listed, scope=BotCommandScope(scope)))

    async def post(self, post: Post) -> str:
        """Send a message as a reply where it is one; return its id."""
        sent: Message = await _call(
            self._bot.send_message(
                int(post.chat.chat_id),
                post.text,
                reply_markup=_keyboard(post.buttons),
                reply_parameters=_under(post.reply_to),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )
        return str(sent.message_id)

    async def edit(self, message_id: str, post: Post) -> None:
        """Change text and buttons of a message; that it says so already is success."""
        try:
            await self._bot.edit_message_text(
                post.text,
                chat_id=int(post.chat.chat_id),
                message_id=int(message_id),
                reply_markup=_keyboard(post.buttons),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except BadRequest as error:
            if refusals.NOT_MODIFIED not in error.message.lower():
                raise refusals.ours(error) from error
        except TelegramError as error:
            raise refusals.ours(error) from error

    async def react(self, press_id: str, text: str) -> None:
        """Answer a press; one too old to be answered has been seen to anyway."""
        try:
            await self._bot.answer_callback_query(press_id, text[:MAX_TOAST])
        except BadRequest as error:
            if refusals.TOO_OLD not in error.message.lower():
                raise refusals.ours(error) from error
        except TelegramError as error:
            raise refusals.ours(error) from error

    async def admins(self, chat: ChatRef) -> Sequence[Admin]:
        """Return the administrators of a group.

        Read raw: of every right of an admin we need none, and older servers leave some out.
        """
        asked = urlencode({"chat_id": chat.chat_id})
        url = f"{self._bot.base_url}/getChatAdministrators?{asked}"
        found: object = await _ask(self._bot.request.post(url))
        users = [one.get("user") for one in _objects(found)]
        return [
            Admin(
                ref=PersonRef(channel=self.name, id=str(user["id"])),
                name=updates.full_name(user),
            )
            for user in _objects(users)
            if "id" in user and user.get("is_bot") is not True
        ]


def _objects(found: object) -> Sequence[Mapping[str, Any]]:
    """The objects of a list; nothing of what is none."""
    rows = found if isinstance(found, list) else []
    return [row for row in rows if isinstance(row, Mapping)]


@cache
def _trust() -> ssl.SSLContext:
    """Whom we trust; reading the list of authorities takes long, so it is read once."""
    return httpx.create_ssl_context()


async def _call(call: Awaitable[T]) -> T:
    """Make one call; Telegram's errors become ours."""
    try:
        return await call
    except TelegramError as error:
        raise refusals.ours(error) from error


async def _ask(call: Awaitable[T]) -> T:
    """Make a call that may as well be made twice: of unknown fate means once more, later."""
    try:
        return await _call(call)
    except Ambiguous as error:
        raise Temporary(str(error)) from error


def _under(reply_to: str | None) -> ReplyParameters | None:
    """A reply that is sent even when the message replied to is gone."""
    if reply_to is None or not reply_to.isdecimal():
        return None
    return ReplyParameters(int(reply_to), allow_sending_without_reply=True)


def _keyboard(buttons: Sequence[Labelled]) -> InlineKeyboardMarkup | None:
    if not buttons:
        return None
    row = [InlineKeyboardButton(one.label, callback_data=one.token) for one in buttons]
    return InlineKeyboardMarkup([row[at : at + ROW] for at in range(0, len(row), ROW)])
