"""Which alarms are set, and which are due?"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, and_, bindparam, func, not_, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from escalation.model import ClockKind, Timer, TimerState
from storage.tables import TIMER

MAX_TRIES = 3
RETRY_AFTER = timedelta(seconds=30)
PARKED = "parked"

_INSERT = insert(TIMER)
_PUT = _INSERT.on_conflict_do_update(
    index_elements=["ticket", "kind", "step"],
    set_={
        name: _INSERT.excluded[name]
        for name in (
            "gen",
            "cycle",
            "started_at",
            "due",
            "provisional",
            "state",
            "fired_at",
            "cancelled_at",
            "tries",
            "error",
            "not_before",
        )
    },
)
_KNOWN = TIMER.c.kind.in_(tuple(ClockKind))  # another kind is a newer version's; it never rings
_OF = select(TIMER).where(TIMER.c.ticket == bindparam("of_ticket"), _KNOWN)
_DUE = (
    select(TIMER)
    .where(TIMER.c.state == TimerState.PENDING, TIMER.c.not_before <= bindparam("now"), _KNOWN)
    .order_by(TIMER.c.not_before, TIMER.c.ticket, TIMER.c.step)
    .limit(bindparam("at_most"))
)
_NEXT = select(func.min(TIMER.c.not_before)).where(TIMER.c.state == TimerState.PENDING, _KNOWN)
_FAILED = (
    update(TIMER)
    .where(
        TIMER.c.ticket == bindparam("of_ticket"),
        TIMER.c.kind == bindparam("of_kind"),
        TIMER.c.step == bindparam("of_step"),
    )
    .values(
        tries=TIMER.c.tries + 1,
        error=bindparam("error"),
        not_before=bindparam("not_before"),
    )
    .returning(TIMER.c.tries)
)
_PARK = (
    update(TIMER)
    .where(
        TIMER.c.state == TimerState.PENDING,
        TIMER.c.tries >= MAX_TRIES,
    )
    .values(state=PARKED)
)
_PARKED = select(TIMER.c.ticket, func.coalesce(TIMER.c.error, TIMER.c.kind).label("error")).where(
    or_(TIMER.c.state == PARKED, and_(TIMER.c.state == TimerState.PENDING, not_(_KNOWN)))
)


class Timers:
    """The alarms, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, ticket: int) -> Sequence[Timer]:
        """Return the alarms of one ticket, whatever their state."""
        return [_timer(row) for row in self._connection.execute(_OF, {"of_ticket": ticket})]

    def put(self, timers: Sequence[Timer]) -> None:
        """Store alarms as given: set, fired or cancelled."""
        if timers:
            self._connection.execute(_PUT, [_values(timer) for timer in timers])

    def due(self, now: datetime, limit: int) -> Sequence[Timer]:
        """Return pending alarms due at or before `now`, earliest first."""
        rows = self._connection.execute(_DUE, {"now": now, "at_most": limit})
        return [_timer(row) for row in rows]

    def next_due(self) -> datetime | None:
        """Return when the next pending alarm wants attention."""
        found: datetime | None = self._connection.execute(_NEXT).scalar_one()
        return found

    def failed(self, timer: Timer, error: str, now: datetime) -> None:
        """Count a failed try; after the third the alarm is parked and the others go on."""
        self._connection.execute(
            _FAILED,
            {
                "of_ticket": timer.ticket,
                "of_kind": timer.kind,
                "of_step": timer.step,
                "error": error,
                "not_before": now + RETRY_AFTER,
            },
        )
        self._connection.execute(_PARK)

    def parked(self) -> Sequence[tuple[int, str]]:
        """Return ticket and error of every parked alarm; the kind of one we do not know."""
        return [(row.ticket, row.error) for row in self._connection.execute(_PARKED)]


def _values(timer: Timer) -> dict[str, object]:
    return {
        "ticket": timer.ticket,
        "kind": timer.kind,
        "step": timer.step,
        "gen": timer.gen,
        "cycle": timer.cycle,
        "started_at": timer.started_at,
        "due": timer.due,
        "provisional": timer.provisional,
        "state": timer.state,
        "fired_at": timer.fired_at,
        "cancelled_at": timer.cancelled_at,
        "tries": 0,
        "error": None,
        "not_before": timer.due,
    }


def _timer(row: Row[tuple[object, ...]]) -> Timer:
    return Timer(
        ticket=row.ticket,
        kind=ClockKind(row.kind),
        step=row.step,
        gen=row.gen,
        cycle=row.cycle,
        started_at=row.started_at,
        due=row.due,
        provisional=row.provisional,
        # a parked alarm counts as taken back: set anew it is the next generation
        state=TimerState.CANCELLED if row.state == PARKED else TimerState(row.state),
        fired_at=row.fired_at,
        cancelled_at=row.cancelled_at,
    )
