"""How full are the boxes? Counts and ages for monitoring, in one snapshot."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy import text as sql

from base.boxes import InboxState, OutboxState
from base.gauges import Gauges, InboxGauge, OutboxGauge, TimerGauge
from base.messages import Kind
from storage.tables import INBOX, OUTBOX, TIMER
from storage.timers import PARKED

NEWEST = 2000  # so many rows are looked at for what was sent lately; budgets allow fewer a minute

# the conditions stand word for word as in the partial indexes, or SQLite would not use them
_WAITING = select(func.count(), func.min(INBOX.c.received_at)).where(sql("state = 'waiting'"))
_INBOX_PARKED = select(func.count()).where(INBOX.c.state == InboxState.PARKED)
_LIVE = (
    select(OUTBOX.c.state, OUTBOX.c.kind, func.count(), func.min(OUTBOX.c.promised_at))
    .where(sql("state IN ('pending', 'sending')"))
    .group_by(OUTBOX.c.state, OUTBOX.c.kind)
)
_FAILED = select(func.count()).where(OUTBOX.c.state == OutboxState.FAILED)
_UNKNOWN = select(func.count()).where(OUTBOX.c.ambiguous > 0)
_LATEST = select(OUTBOX.c.sent_at).order_by(OUTBOX.c.id.desc()).limit(NEWEST).subquery()
_SENT = select(func.count()).where(_LATEST.c.sent_at >= bindparam("since"))
_PENDING = select(func.count(), func.min(TIMER.c.due)).where(sql("state = 'pending'"))
_TIMERS_PARKED = select(func.count()).where(TIMER.c.state == PARKED)


class GaugeReader:
    """The counts, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, since: datetime) -> Gauges:
        """Return every count; `since` bounds what counts as sent lately."""
        return Gauges(inbox=self._inbox(), outbox=self._outbox(since), timers=self._timers())

    def _inbox(self) -> InboxGauge:
        waiting, oldest_at = self._connection.execute(_WAITING).one()
        parked = self._connection.execute(_INBOX_PARKED).scalar_one()
        return InboxGauge(waiting=waiting, parked=parked, oldest_at=oldest_at)

    def _outbox(self, since: datetime) -> OutboxGauge:
        rows = self._connection.execute(_LIVE).all()
        return OutboxGauge(
            live={(OutboxState(state), Kind(kind)): count for state, kind, count, _ in rows},
            oldest_at=min((oldest for _, _, _, oldest in rows), default=None),
            failed=self._connection.execute(_FAILED).scalar_one(),
            unknown=self._connection.execute(_UNKNOWN).scalar_one(),
            sent=self._connection.execute(_SENT, {"since": since}).scalar_one(),
        )

    def _timers(self) -> TimerGauge:
        pending, due = self._connection.execute(_PENDING).one()
        parked = self._connection.execute(_TIMERS_PARKED).scalar_one()
        return TimerGauge(pending=pending, parked=parked, earliest_due=due)
