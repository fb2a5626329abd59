"""How do updates come from Telegram? By long polling or by webhook; committed, then confirmed."""

import hashlib
import hmac
import json
import logging
from datetime import datetime, timedelta
from time import monotonic

from aiohttp import web
from telegram.error import Conflict

from base.errors import RateLimited, Temporary
from bot.channels.telegram.adapter import TelegramChannel
from bot.intake import Intake

logger = logging.getLogger(__name__)
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
LARGEST_BODY = 1024 * 1024
AFTER_TROUBLE = timedelta(seconds=5)
AFTER_NOTHING = timedelta(seconds=0.5)
QUICK = 0.5  # seconds; a long poll that finds nothing takes longer
HASTY = 3


class Poller:
    """Long polling: the offset moves only after the commit.

    An empty answer says that everything before the offset is confirmed. The offset is forgotten
    then: after a quiet week the ids start anew at random, perhaps below it.
    A server that answers at once where it should wait for updates is not asked without a pause.
    """

    def __init__(self, channel: TelegramChannel, intake: Intake) -> None:
        self._channel = channel
        self._intake = intake
        self._offset = 0
        self._hasty = 0  # empty answers in a row that did not wait
        self.reached = True  # whether the last call was answered

    async def step(self, now: datetime) -> datetime:
        """Wait for updates and commit them; return when to ask again."""
        asked = monotonic()
        try:
            raws = await self._channel.updates(self._offset)
            await self._intake.take(raws)
        except Temporary as error:
            self.reached = False
            _complain(error)
            return now + rest(error)
        self.reached = True
        numbers = [raw["update_id"] for raw in raws if isinstance(raw.get("update_id"), int)]
        self._offset = max(numbers) + 1 if numbers else 0
        self._hasty = 0 if raws or monotonic() - asked > QUICK else self._hasty + 1
        return now + AFTER_NOTHING if self._hasty >= HASTY else now


def rest(error: Temporary) -> timedelta:
    """Return how long to wait before asking again: what we were told, else a moment."""
    return error.wait if isinstance(error, RateLimited) else AFTER_TROUBLE


def _complain(error: Temporary) -> None:
    """Log why nothing could be received."""
    if isinstance(error.__cause__, Conflict):
        logger.error("another process polls with this token, stop it: nothing is received here")
    else:
        logger.warning("polling failed: %s", error)


def webhook_secret(secret: bytes) -> str:
    """Return the word Telegram must send with every update, made from our own secret."""
    return hmac.new(secret, b"telegram webhook", hashlib.sha256).hexdigest()


def webhook_route(path: str, secret: bytes, intake: Intake) -> web.RouteDef:
    """Return the route Telegram posts to: 200 only after the commit."""
    expected = webhook_secret(secret).encode()

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, expected):
            return web.Response(status=web.HTTPUnauthorized.status_code)
        if (request.content_length or 0) > LARGEST_BODY:
            return web.Response(status=web.HTTPRequestEntityTooLarge.status_code)
        try:
            raw = json.loads(await request.read())
        except ValueError:
            return web.Response(status=web.HTTPBadRequest.status_code)
        if not isinstance(raw, dict):
            return web.Response(status=web.HTTPBadRequest.status_code)
        try:
            await intake.take([raw])
        except Temporary:
            return web.Response(status=web.HTTPServiceUnavailable.status_code)
        return web.Response()

    return web.post(path, receive)
