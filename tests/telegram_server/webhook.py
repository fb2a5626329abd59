"""How do updates reach a bot's webhook? One in flight per lane; only a 2xx confirms."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import aiohttp

from tests.telegram_server.bots import Bot, Hook
from tests.telegram_server.platform import Platform
from tests.telegram_server.updates import Update

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
PATIENCE = timedelta(seconds=60)  # on the server's clock
LONGEST_RETRY_AFTER = 3600  # seconds
_LONGEST_DELAY = (60, 120)  # seconds; the cap is drawn from here each time

Lane = tuple[str, str]  # token, lane


class Failed(Exception):
    """A delivery that was not confirmed, in the official words."""

    def __init__(self, words: str, retry_after: int = 0) -> None:
        super().__init__(words)
        self.retry_after = retry_after


@dataclass(eq=False)
class Flight:
    """One delivery under way."""

    task: asyncio.Task[None]
    since: datetime


@dataclass(eq=False)
class Courier:
    """Posts what waits to the bots that have a webhook."""

    platform: Platform
    flights: dict[Lane, Flight] = field(default_factory=dict)
    _session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Deliver from now on, whenever the bell rings."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        self.platform.bell.listen(self.pump)

    async def stop(self) -> None:
        """Drop what is under way."""
        session, self._session = self._session, None
        tasks = [flight.task for flight in self.flights.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if session is not None:
            await session.close()

    def idle(self) -> bool:
        """Say whether nothing is under way; what waits for its time does not count."""
        return not self.flights and not any(self._due())

    def pump(self) -> None:
        """Send what is due, give up what takes too long."""
        if self._session is None:
            return
        now = self.platform.clock.now()
        for flight in self.flights.values():
            if now - flight.since >= PATIENCE:
                flight.task.cancel()
        for lane, bot, hook, update in list(self._due()):
            if self._under_way(bot) < hook.max_connections:
                task = asyncio.create_task(self._fly(lane, bot, hook, update))
                self.flights[lane] = Flight(task, now)

    def _due(self) -> Iterator[tuple[Lane, Bot, Hook, Update]]:
        now = self.platform.clock.now()
        for bot in self.platform.bots.values():
            bot.queue.prune()
            fronts: dict[str, Update] = {}
            for update in bot.queue.waiting:
                fronts.setdefault(update.lane, update)
            for name, front in fronts.items():
                lane = bot.token, name
                if bot.hook is not None and lane not in self.flights and front.wake_at <= now:
                    yield lane, bot, bot.hook, front

    def _under_way(self, bot: Bot) -> int:
        return sum(token == bot.token for token, _ in self.flights)

    async def _fly(self, lane: Lane, bot: Bot, hook: Hook, update: Update) -> None:
        """Deliver one update and note what became of it."""
        try:
            await self._post(hook, update)
        except (Failed, aiohttp.ClientError, asyncio.CancelledError) as error:
            self._failed(bot, hook, update, error)
        else:
            self._confirmed(bot, hook, update)
        finally:
            del self.flights[lane]
        self.platform.bell.ring()

    async def _post(self, hook: Hook, update: Update) -> None:
        if self._session is None:
            raise Failed("Connection closed")
        headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
        async with self._session.post(
            hook.url, json=update.shown(), headers=headers, allow_redirects=False
        ) as answer:
            await answer.read()
        if not 200 <= answer.status <= 299:
            words = f"Wrong response from the webhook: {answer.status} {answer.reason}"
            after = answer.headers.get("Retry-After", "0")
            raise Failed(words, int(after) if after.isdigit() else 0)

    def _confirmed(self, bot: Bot, hook: Hook, update: Update) -> None:
        if hook.repeats > 0:
            hook.repeats -= 1
            return
        bot.queue.remove(update)

    def _failed(self, bot: Bot, hook: Hook, update: Update, error: BaseException) -> None:
        """Try again at once the first time, then after 2, 4, 8 ... seconds; too late: dropped."""
        hook.last_error_at = now = self.platform.clock.now()
        words = str(error) if isinstance(error, Failed) else type(error).__name__
        hook.last_error = words
        wait = min(getattr(error, "retry_after", 0), LONGEST_RETRY_AFTER)
        if wait == 0 and update.fails > 0:
            update.delay = min(self.platform.chance.randint(*_LONGEST_DELAY), update.delay * 2)
            wait = update.delay
        update.fails += 1
        update.wake_at = now + timedelta(seconds=wait)
        if update.wake_at > update.expires:
            bot.queue.remove(update)
