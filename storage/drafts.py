"""Which pasted pieces of a chat wait for the word of the liaison who pasted them?"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from escalation.changes import Draft, DropDraft, KeepDraft
from escalation.snippet import Quote
from storage.tables import DRAFT

KEPT_FOR = timedelta(days=1)
_ADD = insert(DRAFT)
_DROP = delete(DRAFT).where(DRAFT.c.id == bindparam("of_draft"))
_FORGET = delete(DRAFT).where(DRAFT.c.at < bindparam("before"))
_NEXT = select(func.coalesce(func.max(DRAFT.c.id), 0) + 1)
_FIND = select(DRAFT).where(
    DRAFT.c.id == bindparam("of_draft"), DRAFT.c.village == bindparam("of_village")
)
_LATEST = (
    select(DRAFT)
    .where(
        DRAFT.c.village == bindparam("of_village"),
        DRAFT.c.by == bindparam("of_person"),
        DRAFT.c.at >= bindparam("since"),
    )
    .order_by(DRAFT.c.id.desc())
    .limit(1)
)


class Drafts:
    """Drafts of liaisons, inside one transaction; masked, and gone after a day."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_id(self) -> int:
        """Return the number a new draft gets."""
        found: int = self._connection.execute(_NEXT).scalar_one()
        return found

    def find(self, draft: int, village: int) -> Draft | None:
        """Return a draft of this village; None once it was asked, dropped or forgotten."""
        of = {"of_draft": draft, "of_village": village}
        row = self._connection.execute(_FIND, of).first()
        return _draft(row) if row else None

    def latest(self, village: int, person: int, since: datetime) -> Draft | None:
        """Return the newest draft of a liaison, if it is not older than `since`."""
        of = {"of_village": village, "of_person": person, "since": since}
        row = self._connection.execute(_LATEST, of).first()
        return _draft(row) if row else None

    def change(self, change: KeepDraft | DropDraft, now: datetime) -> None:
        """Keep a new draft, or drop one; what nobody answered for a day goes as well."""
        self._connection.execute(_FORGET, {"before": now - KEPT_FOR})
        if isinstance(change, DropDraft):
            self._connection.execute(_DROP, {"of_draft": change.id})
            return
        draft = change.draft
        quotes = [{"name": one.name, "text": one.text} for one in draft.quotes]
        values = {"id": draft.id, "village": draft.village, "by": draft.by, "at": now}
        more = {"quotes": quotes, "message": draft.message}
        self._connection.execute(_ADD, values | more)


def _draft(row: Row[tuple[object, ...]]) -> Draft:
    quotes = tuple(Quote(name=one["name"], text=one["text"]) for one in row.quotes)
    return Draft(id=row.id, village=row.village, by=row.by, quotes=quotes, message=row.message)
