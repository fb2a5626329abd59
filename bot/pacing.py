"""When may the next message go? Budgets per chat and per channel, counted with the one clock.

The numbers are advice, not contract: what a channel answers (429, retry_after) always wins.
Source: Telegram's Bot FAQ: about 1 message a second to a chat, 20 a minute to a group, 30 a
second in all; the configured values stay below.
"""

from collections import defaultdict, deque
from datetime import datetime, timedelta

from base.messages import ChatRef
from bot.channels.base import Capabilities

TOKEN_WIDE = 3  # so many chats told to wait at once mean the token
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


class Pace:
    """Remembers what was sent within the last minute; starts empty."""

    def __init__(self) -> None:
        self._chats: dict[str, deque[datetime]] = defaultdict(deque)
        self._channels: dict[str, deque[datetime]] = defaultdict(deque)
        self._halts: dict[str, datetime] = {}
        self._halted: dict[str, datetime] = {}

    def spend(self, chat: ChatRef, now: datetime) -> None:
        """Count one message to a chat."""
        self._chats[chat.lane].append(now)
        self._channels[chat.channel].append(now)

    def halt(self, chat: ChatRef, until: datetime, now: datetime) -> None:
        """Nothing goes to this chat before `until`, whatever the budgets say.

        A channel does not say whether a chat or the whole token is told to wait; when several
        chats are at once, it is taken for the token, and every chat waits.
        """
        self._halts = {lane: at for lane, at in self._halts.items() if at > now}
        self._halts[chat.lane] = until
        told = [at for lane, at in self._halts.items() if lane.startswith(f"{chat.channel}:")]
        if len(told) >= TOKEN_WIDE:
            self._halted[chat.channel] = max(told)

    def free_at(self, chat: ChatRef, limits: Capabilities, now: datetime) -> datetime:
        """Return when the next message to a chat may go: `now` or later."""
        sent = self._recent(self._chats, chat.lane, now, MINUTE)
        whole = self._recent(self._channels, chat.channel, now, SECOND)
        moments = [now, self._halts.get(chat.lane, now), self._halted.get(chat.channel, now)]
        if sent:
            moments.append(sent[-1] + timedelta(milliseconds=limits.chat_pause_ms))
        if limits.group_per_minute and len(sent) >= limits.group_per_minute:
            moments.append(sent[-limits.group_per_minute] + MINUTE)
        if limits.token_per_second and len(whole) >= limits.token_per_second:
            moments.append(whole[-limits.token_per_second] + SECOND)
        return max(moments)

    def _recent(
        self, table: dict[str, deque[datetime]], key: str, now: datetime, span: timedelta
    ) -> deque[datetime]:
        """What was sent within the last `span`; what is older is forgotten."""
        sent = table[key]
        while sent and sent[0] <= now - span:
            sent.popleft()
        if not sent:
            table.pop(key)
            return deque()
        return sent
