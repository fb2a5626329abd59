"""What is one call of a method, and what may it answer?"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.telegram_server.access import chat_of
from tests.telegram_server.bots import Bot
from tests.telegram_server.errors import strict
from tests.telegram_server.platform import Platform
from tests.telegram_server.spec import Json
from tests.telegram_server.world import Chat


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose parameters keep to the specification."""

    platform: Platform
    bot: Bot
    method: str
    params: Json

    def chat(self, *, write: bool) -> Chat:
        """Return the chat that `chat_id` means, if the bot may do this there."""
        return chat_of(self.platform, self.bot, self.params["chat_id"], write=write)

    def refuse_what_is_not_played(self, *played: str) -> None:
        """Refuse a parameter that this server does not act upon, rather than ignore it."""
        if odd := sorted(self.params.keys() - set(played)):
            raise strict(f"{self.method}: not played by this server: {', '.join(odd)}")


@dataclass(frozen=True, slots=True)
class Described:
    """A result that comes with a description."""

    result: Any
    description: str


Method = Callable[[Call], Awaitable[Any]]
Methods = Mapping[str, Method]
