"""Which FAQ entries does this installation have, and how did they come to be?"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from base.errors import ConfigError
from knowledge.model import FaqEntry
from storage.faq_check import Place, checked_entry
from storage.faq_content import content_of, with_days, with_text_days
from storage.tables import FAQ_ENTRY, FAQ_REVISION

_ALL = select(FAQ_ENTRY.c.content).order_by(FAQ_ENTRY.c.id)
_CONTENT = select(FAQ_ENTRY.c.content).where(FAQ_ENTRY.c.id == bindparam("of_id"))
_PUT_INSERT = upsert(FAQ_ENTRY)
_PUT = _PUT_INSERT.on_conflict_do_update(
    index_elements=["id"], set_={"content": _PUT_INSERT.excluded.content}
)
_ADD = insert(FAQ_REVISION)
_NEWEST = select(func.max(FAQ_REVISION.c.id))
_OF = (
    select(FAQ_REVISION.c.content, FAQ_REVISION.c.at, FAQ_REVISION.c.by)
    .where(FAQ_REVISION.c.entry == bindparam("of_id"))
    .order_by(FAQ_REVISION.c.id)
)


class Counted(NamedTuple):
    """How many entries an import added, changed, and found as they were."""

    new: int
    changed: int
    same: int


class Revision(NamedTuple):
    """What an entry said from a moment on, and who wrote it."""

    entry: FaqEntry
    at: datetime
    by: str


class Faq:
    """The FAQ entries, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def entries(self) -> tuple[FaqEntry, ...]:
        """Return every entry, whatever its status, in the order of the ids.

        Raises:
            ConfigError: Somebody wrote something else into the table; lists every problem.
        """
        return _read(self._connection.execute(_ALL).scalars())

    def put(self, entries: Iterable[FaqEntry], now: datetime, by: str) -> Counted:
        """Add or replace entries; each that changes anything is a revision."""
        counted = {"new": 0, "changed": 0, "same": 0}
        for entry in entries:
            content = with_text_days(content_of(entry))
            known = self._connection.execute(_CONTENT, {"of_id": entry.id}).scalar()
            kind = "new" if known is None else "same" if known == content else "changed"
            counted[kind] += 1
            if kind != "same":
                self._connection.execute(_PUT, {"id": entry.id, "content": content})
                added = {"entry": entry.id, "content": content, "at": now, "by": by}
                self._connection.execute(_ADD, added)
        return Counted(**counted)

    def newest(self) -> int:
        """Return the number of the newest revision: it grows with every change; 0 for none."""
        found: int | None = self._connection.execute(_NEWEST).scalar()
        return found or 0

    def revisions(self, entry: str) -> Sequence[Revision]:
        """Return what the entry said, oldest first."""
        rows = self._connection.execute(_OF, {"of_id": entry}).all()
        return [Revision(_read([row.content])[0], row.at, row.by) for row in rows]


def _read(contents: Iterable[dict[str, Any]]) -> tuple[FaqEntry, ...]:
    problems: list[str] = []
    found = []
    for content in contents:
        place = Place(file="数据库", entry=str(content.get("id")), problems=problems)
        entry = checked_entry(place, with_days(content))
        found += [entry] if entry else []
    if problems:
        raise ConfigError(problems)
    return tuple(found)
