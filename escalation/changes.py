"""What may a decision change beside tickets: who is who, and which chat is what?"""

from dataclasses import dataclass

from base.messages import ChatRef
from escalation.model import Membership
from escalation.roster import Duty
from escalation.snippet import Quote


@dataclass(frozen=True, kw_only=True, slots=True)
class Pass:
    """What a one-time code opens: a chat may become this village, or this hub.

    Attributes:
        code: the stored hash; the code itself is known only to who was given it.
        hub: id of the hub a village belongs to; None for a pass of a hub.
        replaces: a hub's chat may take the place of the one bound before.
        relayed: the chat will be the desk of a liaison, for a group no bot can enter.
    """

    code: str
    name: str
    hub: int | None = None
    replaces: bool = False
    relayed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Bind:
    """A chat becomes the village or hub of a pass; these people get these parts in it."""

    entry: Pass
    chat: ChatRef
    people: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Appoint:
    """Somebody becomes liaison, responder or duty lead of "village:3" or "hub:1"."""

    person: int
    place: str
    membership: Membership


@dataclass(frozen=True, kw_only=True, slots=True)
class Dismiss:
    """Somebody is nothing in a place any more."""

    person: int
    place: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PutDuties:
    """These are the duties of a hub, in place of all that touch the same time."""

    hub: int
    duties: tuple[Duty, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Profess:
    """Somebody of a hub has said what they are."""

    person: int
    profession: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """A chat goes on under another id."""

    old: ChatRef
    new: ChatRef


@dataclass(frozen=True, kw_only=True, slots=True)
class Greet:
    """A chat that is nobody's has got its one line."""

    chat: ChatRef


@dataclass(frozen=True, kw_only=True, slots=True)
class Listen:
    """A village wants to be answered unasked, or no longer."""

    village: int
    on: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What a pasted piece of a chat was taken apart into, before the liaison has said yes.

    `quotes` are masked; `message` is the liaison's own, with the pasted words.
    """

    id: int
    village: int
    by: int
    quotes: tuple[Quote, ...]
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class KeepDraft:
    """A draft waits for the liaison's word."""

    draft: Draft


@dataclass(frozen=True, kw_only=True, slots=True)
class DropDraft:
    """A draft was asked or dropped; nothing of it is kept."""

    id: int


Change = (
    Bind | Appoint | Profess | Move | Greet | Listen | KeepDraft | DropDraft | Dismiss | PutDuties
)
"""What a decision changes beside tickets: who is who, and which chat is what."""
