"""Which offices can a question be sent to, and what does somebody need to know to go there?"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """An office: what it decides, where it is, when it is open, its number."""

    name: str
    what: str
    place: str
    hours: str
    phone: str


def named(offices: Sequence[Office], name: str) -> tuple[Office, ...]:
    """Return the office of this name, or those whose names hold it."""
    bare = "".join(name.split())
    exact = tuple(one for one in offices if one.name == bare)
    return exact or tuple(one for one in offices if bare and bare in one.name)
