"""How does a bot get its updates? getUpdates and the three webhook methods."""

from datetime import timedelta
from urllib.parse import urlsplit

from tests.telegram_server.bots import KINDS, NOT_BY_DEFAULT, Hook, Poll
from tests.telegram_server.call import Call, Described, Methods
from tests.telegram_server.errors import OTHER_POLL, WEBHOOK_ACTIVE, bad_request, refused
from tests.telegram_server.spec import Json

LONGEST_POLL = 50  # seconds; a longer wish is cut down
_HERE = frozenset({"127.0.0.1", "localhost", "::1"})


async def get_updates(call: Call) -> list[Json]:
    """Return what waits, or wait for it on the server's clock."""
    bot, params = call.bot, call.params
    if bot.hook is not None:
        raise refused(409, WEBHOOK_ACTIVE)
    bot.allow(params.get("allowed_updates"))
    bot.end_poll(refused(409, OTHER_POLL))
    call.platform.bell.ring()
    bot.queue.take(params.get("offset", 0), 0)  # confirms now, so that the wait is for the rest
    await _wait(call)
    taken = bot.queue.take(max(params.get("offset", 0), 0), params.get("limit", 100))
    return [update.shown() for update in taken]


async def _wait(call: Call) -> None:
    """Hold the poll until something waits, the time is over, or somebody else ends it."""
    bot, platform = call.bot, call.platform
    seconds = min(max(call.params.get("timeout", 0), 0), LONGEST_POLL)
    until = platform.clock.now() + timedelta(seconds=seconds)
    offset = max(call.params.get("offset", 0), 0)

    def over() -> bool:
        now = platform.clock.now()
        return poll.ended is not None or now >= until or bool(bot.queue.take(offset, 1))

    poll = Poll()
    if over():
        return
    bot.poll = poll
    platform.bell.ring()
    try:
        await platform.bell.until(over)
    finally:
        if bot.poll is poll:
            bot.poll = None
    if poll.ended is not None:
        raise poll.ended


async def set_webhook(call: Call) -> Described:
    """Have updates posted to an address; an empty one means no longer."""
    call.refuse_what_is_not_played(
        "url", "secret_token", "max_connections", "allowed_updates", "drop_pending_updates"
    )
    if not call.params["url"]:
        return await delete_webhook(call)
    bot, url = call.bot, _checked(call.params["url"])
    if call.params.get("drop_pending_updates"):
        bot.queue.clear()
    bot.allow(call.params.get("allowed_updates"))
    before = bot.hook
    secret, most = call.params.get("secret_token"), call.params.get("max_connections", 40)
    bot.hook = Hook(url=url, secret=secret, max_connections=most)
    bot.end_poll(refused(409, "terminated by setWebhook request"))
    call.platform.bell.ring()
    same = before is not None and (before.url, before.secret) == (url, secret)
    return Described(result=True, description=f"Webhook {'is already' if same else 'was'} set")


async def delete_webhook(call: Call) -> Described:
    """Stop posting updates."""
    bot = call.bot
    if call.params.get("drop_pending_updates"):
        bot.queue.clear()
    had, bot.hook = bot.hook, None
    bot.end_poll(refused(409, "terminated by setWebhook request"))
    call.platform.bell.ring()
    return Described(result=True, description=f"Webhook {'was' if had else 'is already'} deleted")


async def get_webhook_info(call: Call) -> Json:
    """Tell where updates go and how that went lately."""
    bot, hook = call.bot, call.bot.hook
    bot.queue.prune()
    info: Json = {"url": "", "has_custom_certificate": False}
    info["pending_update_count"] = len(bot.queue.waiting)
    if bot.allowed != KINDS - NOT_BY_DEFAULT:
        info["allowed_updates"] = sorted(bot.allowed)
    if hook is None:
        return info
    info |= {"url": hook.url, "max_connections": hook.max_connections, "ip_address": "127.0.0.1"}
    if hook.last_error_at is not None:
        info["last_error_date"] = int(hook.last_error_at.timestamp())
        info["last_error_message"] = hook.last_error
    return info


METHODS: Methods = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}


def _checked(url: str) -> str:
    """Only https, as the official server wants it; plain http on this machine, for tests."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE):
        return url
    raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
