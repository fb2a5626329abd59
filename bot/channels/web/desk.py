"""What does the sandbox consist of: who may be played, in which rooms, on which service?"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from base.errors import Refused
from base.messages import ChatRef, PersonRef
from bot.channels.web.platform import Platform
from bot.ports import SandboxHost, Store
from escalation.calendar import WorkCalendar


class Words(Protocol):
    """The sentences in force (base/wording), by key."""

    def __call__(self, key: str, **facts: object) -> str:
        """Return the sentence with its facts filled in."""


class RoomKind(StrEnum):
    """Which of the two groups."""

    VILLAGE = "village"  #: where people ask
    HUB = "hub"  #: where experts answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """One of the two groups of the sandbox, e.g. 白石村."""

    chat: ChatRef
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Persona:
    """Somebody a newcomer can be.

    Attributes:
        title: what this person is, e.g. 村民.
        chat: the one group this person speaks in.
        tries: first words, offered above the input.
    """

    ref: PersonRef
    name: str
    title: str
    chat: ChatRef
    tries: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Sandbox:
    """Everything the sandbox pages need; `token` is new with every run."""

    platform: Platform
    store: Store
    host: SandboxHost
    calendar: WorkCalendar
    words: Words
    personas: tuple[Persona, ...]
    village: Room
    hub: Room
    steps: Sequence[str] = ()
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    def room(self, kind: RoomKind) -> Room:
        """Return the group of this kind."""
        return self.village if kind is RoomKind.VILLAGE else self.hub

    def home(self, persona: Persona) -> RoomKind:
        """Return the group a persona speaks in."""
        return RoomKind.HUB if persona.chat == self.hub.chat else RoomKind.VILLAGE

    def find(self, who: str | None) -> Persona | None:
        """Return the persona of this id."""
        return next((one for one in self.personas if one.ref.id == who), None)

    def persona(self, who: str | None) -> Persona:
        """Return the persona of this id.

        Raises:
            Refused: there is none.
        """
        found = self.find(who)
        if found is None:
            raise Refused("web.who")
        return found
