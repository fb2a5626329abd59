"""Who may work on a ticket, and who is asked to? Pure: journal → people."""

from collections.abc import Iterable, Sequence

from escalation.model import Entry, Event, Role, Status

HELD = frozenset({Status.CLAIMED, Status.WAITING_ASKER})
"""The states in which somebody works on a ticket."""
INTO = HELD | {Status.QUEUED, Status.ANSWERED}
"""The states of a ticket that others may be merged into."""
_ANSWERS = frozenset({Event.ANSWER_GIVEN, Event.CORRECTED})
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


def joined(journal: Iterable[Entry]) -> frozenset[int]:
    """Return the tickets that were merged into this one and have not parted from it."""
    found: set[int] = set()
    for entry in journal:
        number = entry.data.get("ticket")
        if isinstance(number, int) and entry.event is Event.JOINED:
            found.add(number)
        elif isinstance(number, int) and entry.event is Event.PARTED:
            found.discard(number)
    return frozenset(found)


def merged_into(journal: Sequence[Entry]) -> int | None:
    """Return the ticket that this one was merged into last."""
    for entry in reversed(journal):
        into = entry.data.get("into")
        if entry.event is Event.MERGED and isinstance(into, int):
            return into
    return None


def last_answer(journal: Sequence[Entry]) -> Entry | None:
    """Return the last answer of a person that stands; None if it was taken back."""
    for entry in reversed(journal):
        if entry.event in _ANSWERS:
            return entry
        if entry.event is Event.RETRACTED:
            return None
    return None


def answer_in(journal: Sequence[Entry], message: str) -> Entry | None:
    """Return the answer that a message of the hub was, as it reads now."""
    for entry in reversed(journal):
        if entry.event in _ANSWERS and entry.data.get("message") == message:
            return entry
    return None


def collectable(journal: Sequence[Entry]) -> Entry | None:
    """Return the answer of the hub that could become an entry of the FAQ; None once it has."""
    answer = last_answer(journal)
    if answer is None or answer.role is Role.LIAISON or collected(journal) is not None:
        return None
    return answer


def collected(journal: Iterable[Entry]) -> str | None:
    """Return the draft that an answer became; None before."""
    found = (str(one.data["entry"]) for one in journal if one.event is Event.COLLECTED)
    return next(found, None)
