"""What has arrived and waits to be handled?"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, bindparam, func, literal_column, select, update
from sqlalchemy.dialects.sqlite import insert

from base.boxes import InboxItem, InboxState
from base.messages import ChatRef
from storage.tables import INBOX

MAX_TRIES = 3
RETRY_AFTER = timedelta(seconds=2)

_PUT = insert(INBOX).on_conflict_do_nothing(index_elements=["key"])
_ALL_HEADS = (
    select(func.min(INBOX.c.id))
    .where(INBOX.c.state == InboxState.WAITING)
    .group_by(INBOX.c.channel, INBOX.c.chat_id)
)
_HEADS = select(INBOX).where(INBOX.c.id.in_(_ALL_HEADS)).order_by(INBOX.c.id)
_WAITING = select(INBOX).where(
    INBOX.c.id == bindparam("item"), INBOX.c.state == InboxState.WAITING
)
_OF_CHAT = (
    select(INBOX.c.id)
    .where(
        INBOX.c.channel == bindparam("channel"),
        INBOX.c.chat_id == bindparam("chat_id"),
        INBOX.c.state == literal_column(f"'{InboxState.WAITING}'"),  # else no partial index
    )
    .limit(1)
)
_UPDATE = update(INBOX).where(INBOX.c.id == bindparam("item"))
_DONE = _UPDATE.values(state=InboxState.DONE, handled_at=bindparam("now"), error=None)
_DROPPED = _DONE.values(raw=None)
_FAILED = _UPDATE.values(
    tries=bindparam("tries"),
    error=bindparam("error"),
    state=bindparam("state"),
    not_before=bindparam("not_before"),
)
_KEPT = select(INBOX).where(INBOX.c.raw.is_not(None)).order_by(INBOX.c.id)
_PARKED = select(INBOX.c.id, INBOX.c.error).where(INBOX.c.state == InboxState.PARKED)


class Inbox:
    """The inbox, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, key: str, chat: ChatRef, raw: str, now: datetime) -> bool:
        """Store one raw update; False when this key is there already and nothing changed."""
        result = self._connection.execute(
            _PUT,
            {
                "key": key,
                "channel": chat.channel,
                "chat_id": chat.chat_id,
                "raw": raw,
                "received_at": now,
                "not_before": now,
                "state": InboxState.WAITING,
            },
        )
        return result.rowcount == 1

    def heads(self, now: datetime) -> tuple[Sequence[InboxItem], datetime | None]:
        """Return the oldest waiting item of every chat, and when the next held-back one is due."""
        rows = self._connection.execute(_HEADS).all()
        held = [row.not_before for row in rows if row.not_before > now]
        return [_item(row) for row in rows if row.not_before <= now], min(held, default=None)

    def waiting(self, item: int) -> InboxItem | None:
        """Return the item if it still waits."""
        row = self._connection.execute(_WAITING, {"item": item}).one_or_none()
        return _item(row) if row else None

    def waits(self, chat: ChatRef) -> bool:
        """Whether anything of this chat still waits to be handled."""
        of_chat = {"channel": chat.channel, "chat_id": chat.chat_id}
        return self._connection.execute(_OF_CHAT, of_chat).first() is not None

    def done(self, item: int, now: datetime, *, keep: bool) -> None:
        """Mark handled; a thing that was not ours loses its payload."""
        self._connection.execute(_DONE if keep else _DROPPED, {"item": item, "now": now})

    def failed(self, item: InboxItem, error: str, now: datetime) -> bool:
        """Count a failed try; True when that was the last one and the item is parked."""
        parked = item.tries + 1 >= MAX_TRIES
        self._connection.execute(
            _FAILED,
            {
                "item": item.id,
                "tries": item.tries + 1,
                "error": error,
                "state": InboxState.PARKED if parked else InboxState.WAITING,
                "not_before": now + RETRY_AFTER,
            },
        )
        return parked

    def parked(self) -> Sequence[tuple[int, str]]:
        """Return number and error of everything parked."""
        return [(row.id, row.error) for row in self._connection.execute(_PARKED)]

    def kept(self) -> Sequence[InboxItem]:
        """Return everything whose payload is still there, in the order it came."""
        return [_item(row) for row in self._connection.execute(_KEPT)]


def _item(row: Row[tuple[object, ...]]) -> InboxItem:
    return InboxItem(
        id=row.id,
        key=row.key,
        chat=ChatRef(channel=row.channel, chat_id=row.chat_id),
        raw=row.raw,
        received_at=row.received_at,
        tries=row.tries,
    )
