"""Which message does a reminder go into, and when may it be read? Pure.

Reminders of one hub that come close together are one message, edited: a list with one line a
ticket, the newest below. An urgent ticket has a message of its own, at once.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from base.messages import Kind, ToHub, Words
from base.wording import Wording
from bot.facts import Dossier
from bot.turn import Turn
from escalation.dues import out_of

TOGETHER = timedelta(minutes=30)  # an edited message rings no bell: after this long a new one
LINES = 30  # of a list; a message has room for so many
SLOT = "alerts:"
_START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """The hub's list of reminders that a new one joins, and what it says so far."""

    slot: str
    text: str = ""


def slot(file: Dossier, now: datetime) -> str:
    """Return the list that a reminder belongs to."""
    at = out_of(file.policy, now)
    return f"{SLOT}{file.hub.id}:{(at - _START) // TOGETHER}"


def tell(turn: Turn, text: str, listed: Listed) -> None:
    """Promise a reminder: to be read at once where it is urgent, else after quiet hours."""
    file = turn.file
    card = f"card:{file.ticket.id}"
    if file.ticket.urgent_at is not None:
        turn.tell_hub(Words(text=text, reply_slot=card), Kind.ALERT)
        return
    joined = _joined(listed.text, text, file.ticket.id, turn.words)
    turn.say(
        ToHub(
            key=turn.next_key(),
            kind=Kind.REMINDER,
            chat=file.hub.chat,
            words=Words(text=joined, slot=listed.slot, reply_slot=None if listed.text else card),
            by_clock=turn.by_clock,
            not_before=out_of(file.policy, turn.now),
        )
    )


def _joined(before: str, line: str, ticket: int, words: Wording) -> str:
    """Return the list with a line more; an older one of the same ticket gives way."""
    head, own = words("hub.alerts"), words("hub.alerts.ticket", ticket=ticket)
    lines = [one for one in before.splitlines() if one and one != head]
    kept = [one for one in lines if not _names(one, own)][-(LINES - 1) :]
    return "\n".join([head, *kept, line]) if kept else line


def _names(line: str, own: str) -> bool:
    """Whether a line is about this ticket: 3号工单, not 13号工单."""
    at = line.find(own)
    return at >= 0 and not line[max(0, at - 1) : at].isdigit()
