"""What has been promised and waits to be sent?"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, func, or_, select, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.sqlite import insert

from base.boxes import OutboxItem, OutboxState
from base.messages import ChatRef, Outgoing
from storage.outbox_rows import in_chat, item_of, values_of
from storage.tables import OUTBOX

_PROMISE = insert(OUTBOX).on_conflict_do_nothing(index_elements=["key"])
_LIVE = sql("outbox.state IN ('pending', 'sending')")  # word for word as in ix_outbox_waiting
_RANK = (
    func.row_number()
    .over(
        # a reaction to a press waits for nobody
        partition_by=(OUTBOX.c.channel, OUTBOX.c.chat_id, OUTBOX.c.press.is_not(None)),
        # a row in flight holds its chat: it ranks before everything else
        order_by=(OUTBOX.c.state != OutboxState.SENDING, OUTBOX.c.priority, OUTBOX.c.id),
    )
    .label("rank")
)
_RANKED = select(OUTBOX.c.id, _RANK).where(_LIVE).subquery()
_HEADS = (
    select(OUTBOX)
    .join(_RANKED, _RANKED.c.id == OUTBOX.c.id)
    .where(_RANKED.c.rank == 1, OUTBOX.c.state == OutboxState.PENDING)
    .order_by(OUTBOX.c.priority, OUTBOX.c.id)
)
_IN_FLIGHT = select(OUTBOX).where(_LIVE, OUTBOX.c.state == OutboxState.SENDING)
_BY_ID = select(OUTBOX).where(OUTBOX.c.id == bindparam("item"))
_IN_SLOT = (
    OUTBOX.c.slot == bindparam("in_slot"),
    OUTBOX.c.channel == bindparam("in_channel"),  # a chat that moved has none of the old messages
    OUTBOX.c.chat_id == bindparam("in_chat"),
)
_SLOT = select(OUTBOX).where(*_IN_SLOT)
_SLOT_PENDING = _SLOT.where(OUTBOX.c.state == OutboxState.PENDING)
_SLOT_LATEST = (
    _SLOT.where(OUTBOX.c.state.in_([OutboxState.SENDING, OutboxState.SENT]))
    .order_by(OUTBOX.c.id.desc())
    .limit(1)
)
_SLOT_MESSAGE = (
    select(OUTBOX.c.message_id)
    .where(*_IN_SLOT, OUTBOX.c.state == OutboxState.SENT)
    .order_by(OUTBOX.c.id.desc())
    .limit(1)
)
_SLOT_SAYS = (
    select(OUTBOX.c.text)
    .where(
        *_IN_SLOT,
        OUTBOX.c.state.in_([OutboxState.PENDING, OutboxState.SENDING, OutboxState.SENT]),
    )
    .order_by(OUTBOX.c.id.desc())
    .limit(1)
)
_OF_MESSAGE = (
    select(OUTBOX)
    .where(
        OUTBOX.c.channel == bindparam("in_channel"),
        OUTBOX.c.chat_id == bindparam("in_chat"),
        OUTBOX.c.message_id == bindparam("of_message"),
    )
    .order_by(OUTBOX.c.id.desc())
    .limit(1)
)
_LAST_CHOICE = (
    select(OUTBOX)
    .where(
        OUTBOX.c.ticket == bindparam("of_ticket"),
        OUTBOX.c.channel == bindparam("in_channel"),
        OUTBOX.c.chat_id == bindparam("in_chat"),
        or_(OUTBOX.c.state == OutboxState.SENT, OUTBOX.c.state == OutboxState.PENDING),
        OUTBOX.c.slot.is_not(None),
    )
    .order_by(OUTBOX.c.id.desc())
    .limit(1)
)
_WAITING_OF = select(OUTBOX).where(
    OUTBOX.c.state == OutboxState.PENDING,
    (OUTBOX.c.key + "/").startswith(bindparam("of_whole")),
)
_UPDATE = update(OUTBOX).where(OUTBOX.c.id == bindparam("item"))
_REPLACE = _UPDATE.values(
    text=bindparam("new_text"), buttons=bindparam("new_buttons"), promised_at=bindparam("now")
)
_SENDING = _UPDATE.values(state=OutboxState.SENDING, tries=OUTBOX.c.tries + 1)
_SENT = _UPDATE.values(
    state=OutboxState.SENT,
    sent_at=bindparam("now"),
    message_id=bindparam("sent_as"),
    error=None,
)
_RETRY = _UPDATE.values(
    state=OutboxState.PENDING,
    not_before=bindparam("retry_at"),
    error=bindparam("why"),
)
_END = _UPDATE.values(
    state=bindparam("end_state"),
    error=bindparam("why"),
)
_UNKNOWN = _UPDATE.values(ambiguous=OUTBOX.c.ambiguous + 1)
_MOVE = (
    update(OUTBOX)
    .where(
        OUTBOX.c.channel == bindparam("in_channel"),
        OUTBOX.c.chat_id == bindparam("in_chat"),
        OUTBOX.c.state == OutboxState.PENDING,
    )
    .values(channel=bindparam("new_channel"), chat_id=bindparam("new_chat"), reply_to=None)
)
_TROUBLES = select(
    func.sum(case((OUTBOX.c.state == OutboxState.FAILED, 1), else_=0)),
    func.sum(case((OUTBOX.c.ambiguous > 0, 1), else_=0)),
)
_ALL = select(OUTBOX).order_by(OUTBOX.c.id)


class Outbox:
    """The outbox, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def promise_all(self, messages: Iterable[Outgoing], now: datetime) -> None:
        """Add messages in their order; those that stand for no slot go in together."""
        together: list[dict[str, object]] = []
        for message in messages:
            values = values_of(message, now)
            if values["slot"] in (None, message.key):
                together.append(values)
                continue
            self._add(together)
            together = []
            self.promise(message, now)
        self._add(together)

    def _add(self, rows: Sequence[dict[str, object]]) -> None:
        if rows:
            self._connection.execute(_PROMISE, rows)

    def promise(self, message: Outgoing, now: datetime) -> None:
        """Add a message; promising the same key twice changes nothing.

        A message of a slot takes the place of the one still waiting there; one that says
        exactly what stands there already is not promised at all.
        """
        values = values_of(message, now)
        if values["slot"] not in (None, message.key) and self._replaced(values, now):
            return
        self._connection.execute(_PROMISE, values)

    def _replaced(self, values: dict[str, object], now: datetime) -> bool:
        slot = {"in_slot": values["slot"]}
        slot |= {"in_channel": values["channel"], "in_chat": values["chat_id"]}
        same = (values["text"], values["buttons"])
        waiting = self._connection.execute(_SLOT_PENDING, slot).first()
        if waiting is not None:
            self._connection.execute(
                _REPLACE,
                {"item": waiting.id, "new_text": same[0], "new_buttons": same[1], "now": now},
            )
            return True
        latest = self._connection.execute(_SLOT_LATEST, slot).first()
        return latest is not None and (latest.text, latest.buttons) == same

    def heads(self) -> Sequence[OutboxItem]:
        """Return the next pending message of every chat that has none in flight."""
        return [item_of(row) for row in self._connection.execute(_HEADS)]

    def in_flight(self) -> Sequence[OutboxItem]:
        """Return messages handed to a channel whose fate is not recorded."""
        return [item_of(row) for row in self._connection.execute(_IN_FLIGHT)]

    def get(self, item: int) -> OutboxItem:
        """Return one row as it stands now."""
        return item_of(self._connection.execute(_BY_ID, {"item": item}).one())

    def slot_message(self, slot: str, chat: ChatRef) -> str | None:
        """Return the id of the message that stands for a slot in this chat, once it was sent."""
        of = in_chat(chat) | {"in_slot": slot}
        found: str | None = self._connection.execute(_SLOT_MESSAGE, of).scalar()
        return found

    def said_in(self, slot: str, chat: ChatRef) -> str:
        """Return what the message of a slot says, or will say; empty where there is none."""
        of = in_chat(chat) | {"in_slot": slot}
        found: str | None = self._connection.execute(_SLOT_SAYS, of).scalar()
        return found or ""

    def of_message(self, chat: ChatRef, message_id: str) -> OutboxItem | None:
        """Return what we said last in that message of ours; None if it isn't ours."""
        of = in_chat(chat) | {"of_message": message_id}
        row = self._connection.execute(_OF_MESSAGE, of).first()
        return item_of(row) if row else None

    def last_choice(self, chat: ChatRef, ticket: int) -> OutboxItem | None:
        """Return the newest message about a ticket that lets people choose, in this chat."""
        of = in_chat(chat) | {"of_ticket": ticket}
        row = self._connection.execute(_LAST_CHOICE, of).first()
        return item_of(row) if row else None

    def sending(self, items: Sequence[int]) -> None:
        """Mark rows as handed to the channel; counts a try."""
        self._connection.execute(_SENDING, [{"item": item} for item in items])

    def sent(self, item: int, message_id: str | None, now: datetime) -> None:
        """Mark accepted, at the moment the channel accepted it."""
        self._connection.execute(_SENT, {"item": item, "sent_as": message_id, "now": now})

    def retry(self, item: int, at: datetime, why: str) -> None:
        """Put back, not to be tried before `at`."""
        self._connection.execute(_RETRY, {"item": item, "retry_at": at, "why": why})

    def end(self, item: int, state: OutboxState, why: str) -> None:
        """Give up on a row: failed or expired."""
        self._connection.execute(_END, {"item": item, "end_state": state, "why": why})

    def waiting_of(self, key: str) -> Sequence[OutboxItem]:
        """Return what waits of the message of this key: it, and its parts (bot/parts.py)."""
        rows = self._connection.execute(_WAITING_OF, {"of_whole": f"{key}/"})
        return [item_of(row) for row in rows]

    def count_unknown(self, item: int) -> None:
        """Count that a row was handed over and its fate is unknown: it may arrive twice."""
        self._connection.execute(_UNKNOWN, {"item": item})

    def move(self, old: ChatRef, new: ChatRef) -> None:
        """Let what waits for a chat go to the id it has now; what it replied to stays behind."""
        to = {"new_channel": new.channel, "new_chat": new.chat_id}
        self._connection.execute(_MOVE, in_chat(old) | to)

    def troubles(self) -> tuple[int, int]:
        """Return how many rows failed for good, and how many had an unknown fate."""
        failed, unknown = self._connection.execute(_TROUBLES).one()
        return failed or 0, unknown or 0

    def all(self) -> Sequence[OutboxItem]:
        """Return every row in the order it was promised."""
        return [item_of(row) for row in self._connection.execute(_ALL)]
