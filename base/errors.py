"""What can go wrong, named by what the caller should do. Anything else at the top is a bug.

WenhaError
├── Refused             a rule says no: tell the person why, do not retry
│   └── TransitionRefused
├── NotFound            the thing named does not exist (any more)
├── Temporary           try again later, without a human
│   └── RateLimited
├── Ambiguous           may have happened: count it, repeat only what must not be lost
├── Permanent           trying again cannot help: a human must look
│   ├── MessageGone     the message to edit is not there any more: say it anew
│   └── ChatMoved       the chat goes on under another id: send it there
└── ConfigError         the operator must correct something before we start
    └── InUse           another process holds this database
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta


class WenhaError(Exception):
    """Base of every error this service raises on purpose."""


class Refused(WenhaError):
    """A rule says no; carries the key of the sentence (base/wording) and its facts."""

    def __init__(self, key: str, facts: Mapping[str, str] | None = None) -> None:
        super().__init__(key)
        self.key = key
        self.facts = dict(facts or {})


class TransitionRefused(Refused):
    """The ticket is not in a state that allows this event."""


class NotFound(WenhaError):
    """The named ticket, entry or chat does not exist."""


class Temporary(WenhaError):
    """An outside party failed for now; the outbox keeps the message and retries."""


class RateLimited(Temporary):
    """The channel told us to slow down; `wait` is how long it asked for."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"channel asks to wait {wait.total_seconds():.0f} s")
        self.wait = wait


class Ambiguous(WenhaError):
    """The channel gave no clear answer: the message may or may not have been accepted."""


class Permanent(WenhaError):
    """The channel will never accept this message (kicked, chat deleted, bad request)."""


class MessageGone(Permanent):
    """The message to edit is not there any more."""


class ChatMoved(Permanent):
    """The chat goes on under another id, `chat_id`, of the same channel."""

    def __init__(self, chat_id: str) -> None:
        super().__init__(f"chat moved to {chat_id}")
        self.chat_id = chat_id


class ConfigError(WenhaError):
    """Something the operator wrote or set up does not fit; lists every problem at once."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class InUse(ConfigError):
    """Another process holds this database."""
