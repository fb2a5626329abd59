"""Which FAQ entries does this installation have, and how did they come to be?"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from base.errors import ConfigError
from knowledge import curation, revisions
from knowledge.model import FaqEntry
from knowledge.revisions import Deed, Revision, Standing, Written
from storage.faq_check import Place, checked_entry
from storage.faq_content import content_of, with_days, with_text_days
from storage.tables_faq import FAQ_ENTRY, FAQ_REVISION

_ALL = select(FAQ_ENTRY).order_by(FAQ_ENTRY.c.id)
_ONE = select(FAQ_ENTRY).where(FAQ_ENTRY.c.id == bindparam("of_id"))
_IDS = select(FAQ_ENTRY.c.id)
_SERVED = (
    select(FAQ_ENTRY.c.served).where(FAQ_ENTRY.c.served.is_not(None)).order_by(FAQ_ENTRY.c.id)
)
_PUT_INSERT = upsert(FAQ_ENTRY)
_PUT = _PUT_INSERT.on_conflict_do_update(
    index_elements=["id"],
    set_={
        column.name: _PUT_INSERT.excluded[column.name]
        for column in FAQ_ENTRY.c
        if column.name != "id"
    },
)
_ADD = insert(FAQ_REVISION)
_NEWEST = select(func.max(FAQ_REVISION.c.id))
_NEWEST_SERVED = _NEWEST.where(FAQ_REVISION.c.serves)
_OF = (
    select(FAQ_REVISION)
    .where(FAQ_REVISION.c.entry == bindparam("of_id"))
    .order_by(FAQ_REVISION.c.id)
)


class Counted(NamedTuple):
    """How many entries an import added, changed, and found as they were."""

    new: int
    changed: int
    same: int


class Faq:
    """The FAQ entries and their revisions, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def entries(self) -> tuple[FaqEntry, ...]:
        """Return every entry as it stands, in the order of the ids: what is served, else the text.

        Raises:
            ConfigError: Somebody wrote something else into the table; lists every problem.
        """
        return tuple(one.served or one.text for one in self.standings())

    def served(self) -> tuple[FaqEntry, ...]:
        """Return every entry that villages may get while it is valid, in the order of the ids.

        Raises:
            ConfigError: Somebody wrote something else into the table; lists every problem.
        """
        return _read(self._connection.execute(_SERVED).scalars())

    def standings(self) -> Sequence[Standing]:
        """Return where every entry stands, in the order of the ids.

        Raises:
            ConfigError: Somebody wrote something else into the table; lists every problem.
        """
        return [_standing(row) for row in self._connection.execute(_ALL)]

    def standing(self, entry: str) -> Standing | None:
        """Return where one entry stands; None if there is none of this id."""
        row = self._connection.execute(_ONE, {"of_id": entry}).first()
        return _standing(row) if row else None

    def ids(self) -> Sequence[str]:
        """Return the ids of all entries."""
        return list(self._connection.execute(_IDS).scalars())

    def put(self, entries: Iterable[FaqEntry], now: datetime, by: str, why: str = "") -> Counted:
        """Take entries in as they are; each that changes anything is a revision.

        One that says what is served already leaves a draft of it alone.
        """
        counted = {"new": 0, "changed": 0, "same": 0}
        for entry in entries:
            known = self.standing(entry.id)
            same = known is not None and entry in (known.served, known.text)
            kind = "new" if known is None else "same" if same else "changed"
            counted[kind] += 1
            if not same:
                self.add(curation.imported(known, entry, by, why), now)
        return Counted(**counted)

    def newest(self) -> int:
        """Return the number of the newest revision: it grows with every change; 0 for none."""
        found: int | None = self._connection.execute(_NEWEST).scalar()
        return found or 0

    def newest_served(self) -> int:
        """Return the number of the newest revision that changed what is served; 0 for none."""
        found: int | None = self._connection.execute(_NEWEST_SERVED).scalar()
        return found or 0

    def revisions(self, entry: str) -> Sequence[Revision]:
        """Return what the entry said, oldest first."""
        return [
            Revision(
                number=row.id,
                entry=_read([row.content])[0],
                deed=Deed(row.deed),
                at=row.at,
                by=row.by,
                why=row.why,
            )
            for row in self._connection.execute(_OF, {"of_id": entry})
        ]

    def add(self, written: Written, now: datetime) -> Standing:
        """Write down a revision that was decided about; return where its entry stands then."""
        known, text = self.standing(written.text.id), written.text
        done: dict[str, Any] = {
            "deed": written.deed, "at": now, "by": written.by, "why": written.why
        }  # fmt: skip
        serves = written.served != (known.served if known else None)
        added = {"entry": text.id, "content": _written(text), "serves": serves} | done
        key = self._connection.execute(_ADD, added).inserted_primary_key
        after = revisions.after(known, Revision(number=key[0] if key else 0, entry=text, **done))
        row = {
            "id": text.id,
            "content": added["content"],
            "served": _written(after.served) if after.served else None,
            "writers": sorted(after.writers),
            "revision": after.number,
            "recheck": after.recheck,
        }
        self._connection.execute(_PUT, row)
        return after


def _written(entry: FaqEntry) -> dict[str, Any]:
    """Return the entry as it is stored.

    Raises:
        ConfigError: it could not be read again; lists every problem.
    """
    content = content_of(entry)
    problems: list[str] = []
    checked_entry(Place(file="", entry=entry.id, problems=problems), content)
    if problems:
        raise ConfigError(problems)
    return with_text_days(content)


def _standing(row: Row[tuple[Any, ...]]) -> Standing:
    text, *served = _read([row.content, *([row.served] if row.served else [])])
    return Standing(
        text=text,
        served=served[0] if served else None,
        writers=frozenset(row.writers),
        number=row.revision,
        recheck=row.recheck,
    )


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
