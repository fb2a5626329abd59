"""Who may work on a ticket, and who is asked to? Pure: journal → people."""

from collections.abc import Iterable, Sequence

from escalation.model import Entry, Event, Status

HELD = frozenset({Status.CLAIMED, Status.WAITING_ASKER})
"""The states in which somebody works on a ticket."""
_TAKES = frozenset({Event.CLAIMED, Event.ASSIGNED, Event.ANSWER_GIVEN})


def recused(journal: Iterable[Entry]) -> frozenset[int]:
    """Return who must not work on a ticket: those who stepped back for a reason."""
    return frozenset(
        entry.by for entry in journal if entry.event is Event.RECUSED and entry.by is not None
    )


def sought(journal: Sequence[Entry]) -> Entry | None:
    """Return the transfer that names who is asked to take a ticket; None once somebody did."""
    for entry in reversed(journal):
        if entry.event in _TAKES:
            return None
        if entry.event is Event.TRANSFERRED:
            return entry
    return None
