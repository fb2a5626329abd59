"""What does a hub or a desk read in the morning? Pure: tickets → one message; none for nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from base.wording import Wording
from bot import rendering
from bot.facts import Dossier
from escalation import clocks, dues, relay
from escalation.deadlines import NEAR
from escalation.lifecycle import IN_HUB
from escalation.model import Status

NAMED = 12  # tickets of a line


@dataclass(frozen=True, kw_only=True, slots=True)
class Lines:
    """The tickets of each line of a digest, by number."""

    waiting: Sequence[int]
    working: Sequence[int]
    asking: Sequence[int]
    late: Sequence[int]
    near: Sequence[int]
    unforwarded: Sequence[int]


def of_hub(files: Sequence[Dossier], answered: int, now: datetime, words: Wording) -> str:
    """Return what waits, what is late, and what was answered; empty where there is nothing."""
    found = _lines(files, now)
    parts = (
        ("waiting", found.waiting), ("working", found.working), ("asking", found.asking),
        ("late", found.late), ("near", found.near),
    )  # fmt: skip
    return _told(parts, answered, now, words)


def of_desk(files: Sequence[Dossier], answered: int, now: datetime, words: Wording) -> str:
    """Return what a liaison has to carry on, and what is still being worked on."""
    found = _lines(files, now)
    hub = sorted({*found.waiting, *found.working})
    parts = (("unforwarded", found.unforwarded), ("asking", found.asking), ("hub", hub))
    return _told(parts, answered, now, words)


def _told(
    parts: Sequence[tuple[str, Sequence[int]]], answered: int, now: datetime, words: Wording
) -> str:
    lines = [
        words(f"digest.{key}", count=len(numbers), numbers=_numbers(numbers, words))
        for key, numbers in parts
        if numbers
    ]
    if answered:
        lines.append(words("digest.answered", count=answered))
    if not lines:
        return ""
    head = words("digest.head", day=rendering.day(rendering.date_of(now)))
    return "\n".join([head, *lines])


def _numbers(numbers: Sequence[int], words: Wording) -> str:
    more = words("hub.and_more") if len(numbers) > NAMED else ""
    return "、".join(f"{number}号" for number in numbers[:NAMED]) + more


def _lines(files: Sequence[Dossier], now: datetime) -> Lines:
    today = rendering.date_of(now)

    def where(*states: Status) -> Sequence[int]:
        return [file.ticket.id for file in files if file.ticket.state in states]

    return Lines(
        waiting=where(Status.QUEUED),
        working=where(Status.CLAIMED),
        asking=where(Status.WAITING_ASKER),
        late=[file.ticket.id for file in files if _late(file)],
        near=[
            file.ticket.id
            for file in files
            if file.ticket.state in IN_HUB
            and any(0 <= one.left(today) <= NEAR for one in relay.deadlines(file.journal))
        ],
        unforwarded=[f.ticket.id for f in files if relay.waits_to_be_forwarded(f.journal)],
    )


def _late(file: Dossier) -> bool:
    """Whether a promise that still stands was broken."""
    running = clocks.running(file.journal)
    wanted = dues.alarms(running, file.ticket, file.policy, file.calendar)
    card = relay.card(file.ticket, file.journal, wanted, file.village.name)
    return any(promise.late for promise in card.promises)
