"""How full are the boxes, and how late are we? Counts and ages; nothing about anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from base.boxes import OutboxState
from base.messages import Kind


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxGauge:
    """What has arrived and is not handled; `oldest_at` is when the oldest of it came."""

    waiting: int
    parked: int
    oldest_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OutboxGauge:
    """What is promised and not sent, and what became of the rest.

    Attributes:
        live: pending and sending rows by state and kind; absent means none.
        oldest_at: when the oldest of these was promised.
        unknown: rows whose fate was unknown at least once: they may be there twice.
        sent: rows accepted since the moment that was asked about, among the newest ones.
    """

    live: Mapping[tuple[OutboxState, Kind], int]
    oldest_at: datetime | None
    failed: int
    unknown: int
    sent: int


@dataclass(frozen=True, kw_only=True, slots=True)
class TimerGauge:
    """Alarms that are set; `earliest_due` is the due of the one that rings first."""

    pending: int
    parked: int
    earliest_due: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Gauges:
    """Everything that is counted in the database, in one snapshot."""

    inbox: InboxGauge
    outbox: OutboxGauge
    timers: TimerGauge
