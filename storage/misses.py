"""Which questions did the FAQ not answer, what became of them, and how is each entry used?"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, literal_column, select
from sqlalchemy.dialects.sqlite import insert

from escalation import naming
from escalation.model import Event, Reason
from knowledge.misses import How, Question, Settled, Use
from storage.tables import JOURNAL, PERSON, TICKET, VILLAGE
from storage.tables_faq import FAQ_MISS

_MORE = (Event.UNHELPFUL, Event.NONE_FITS, Event.HANDED_UP, Event.ASKED_AGAIN)
_OTHERS = (Reason.NOT_LEGAL, Reason.WITHDRAWN)


def _happened(*events: Event) -> Any:
    """Whether one of these happened to the ticket."""
    entry = JOURNAL.alias()
    return (
        select(literal_column("1"))
        .where(entry.c.ticket == TICKET.c.id, entry.c.event.in_(events))
        .correlate(TICKET)
        .exists()
    )


_QUESTIONS: Select[Any] = (
    select(
        TICKET.c.id,
        VILLAGE.c.name,
        TICKET.c.asker,
        PERSON.c.name.label("asker_name"),
        JOURNAL.c.data,
        TICKET.c.opened_at,
        FAQ_MISS.c.settled,
    )
    .join(VILLAGE, VILLAGE.c.id == TICKET.c.village)
    .join(PERSON, PERSON.c.id == TICKET.c.asker)
    .join(JOURNAL, (JOURNAL.c.ticket == TICKET.c.id) & (JOURNAL.c.seq == 1))
    .outerjoin(FAQ_MISS, FAQ_MISS.c.ticket == TICKET.c.id)
    .order_by(TICKET.c.id.desc())
    .limit(bindparam("most"))
)
_MISSED = _QUESTIONS.where(
    TICKET.c.urgent_at.is_(None),
    TICKET.c.reason.is_(None) | TICKET.c.reason.not_in(_OTHERS),
    TICKET.c.faq.is_(None) | _happened(*_MORE),
)
_USES = select(
    TICKET.c.faq,
    func.count().label("shown"),
    func.count().filter(_happened(Event.HELPED)).label("helped"),
    func.count().filter(_happened(Event.UNHELPFUL, Event.HANDED_UP)).label("unhelpful"),
).where(TICKET.c.faq.is_not(None))
_SETTLE_INSERT = insert(FAQ_MISS)
_SETTLE = _SETTLE_INSERT.on_conflict_do_update(
    index_elements=["ticket"],
    set_={name: _SETTLE_INSERT.excluded[name] for name in ("settled", "entry", "at", "by")},
)


class Misses:
    """What was asked, seen from the FAQ, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def asked(self, most: int) -> Sequence[Question]:
        """Return the newest questions of all villages."""
        return [_question(row) for row in self._connection.execute(_QUESTIONS, {"most": most})]

    def missed(self, most: int) -> Sequence[Question]:
        """Return the newest questions that the FAQ did not answer, or not well enough.

        Urgent ones are left out, and those that were taken back or are no matter of law.
        """
        return [_question(row) for row in self._connection.execute(_MISSED, {"most": most})]

    def uses(self) -> Mapping[str, Use]:
        """Return how each entry was used, by its id; none for one that was never shown."""
        rows = self._connection.execute(_USES.group_by(TICKET.c.faq))
        return {row.faq: Use(row.shown, row.helped, row.unhelpful) for row in rows}

    def settle(self, settled: Iterable[Settled], now: datetime) -> None:
        """Keep what a curator said about questions; the last word counts."""
        for one in settled:
            row = {"ticket": one.ticket, "settled": one.how, "entry": one.entry, "at": now}
            self._connection.execute(_SETTLE, row | {"by": one.by})


def _question(row: Any) -> Question:
    return Question(
        ticket=row.id,
        village=row.name,
        asker=row.asker,
        text=naming.without_names(str(row.data["text"]), [row.asker_name], row.name),
        at=row.opened_at,
        settled=How(row.settled) if row.settled else None,
    )
