"""What may monitoring know of us? Counts, ages and times; no label names a chat or a person."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector
from typing_extensions import override

from base.gauges import Gauges, InboxGauge, OutboxGauge, TimerGauge
from wenha.runtime import Turns

_KIND = re.compile(r"[a-z_]{1,32}")  # a kind of update; anything else is counted as one


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """What is known at one moment; `gauges` is None when the database cannot be read."""

    now: datetime
    gauges: Gauges | None
    turns: Mapping[str, Turns]
    turned_at: datetime
    ignored: Mapping[str, int]
    connected: Mapping[str, bool]
    budgets: Mapping[str, int]


def exposition(snapshot: Snapshot) -> bytes:
    """Return the text Prometheus reads, from a registry of its own."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(_Reader(snapshot))
    return generate_latest(registry)


class _Reader(Collector):
    """Turns a snapshot into metrics."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._seen = snapshot

    @override
    def collect(self) -> Iterator[Metric]:
        """Return every metric."""
        yield from _service(self._seen)
        gauges = self._seen.gauges
        if gauges is not None:
            yield from _inbox(gauges.inbox, self._seen.now)
            yield from _outbox(gauges.outbox, self._seen.now)
            yield from _timers(gauges.timers, self._seen.now)


def _service(seen: Snapshot) -> Iterator[Metric]:
    yield _labelled("wenha_build", "1; the version is the label", "version", {version("wenha"): 1})
    readable = int(seen.gauges is not None)
    yield _gauge("wenha_database_readable", "1 while the database can be read", readable)
    yield _labelled(
        "wenha_channel_connected", "1 while the channel answers", "channel", seen.connected
    )
    yield _labelled(
        "wenha_send_budget", "How much may be sent, as configured", "budget", seen.budgets
    )
    age = _age(seen.turned_at, seen.now)
    yield _gauge("wenha_loops_age_seconds", "Time since the loops turned last", age)
    took = SummaryMetricFamily("wenha_step_seconds", "How long steps took", labels=["step"])
    failed = CounterMetricFamily("wenha_step_failures", "Steps that failed", labels=["step"])
    for name, turns in seen.turns.items():
        took.add_metric([name], count_value=turns.calls, sum_value=turns.seconds)
        failed.add_metric([name], turns.failures)
    ignored = CounterMetricFamily(
        "wenha_updates_ignored", "Updates that were not kept, by kind", labels=["kind"]
    )
    for kind, count in _by_known_kind(seen.ignored).items():
        ignored.add_metric([kind], count)
    yield from (took, failed, ignored)


def _by_known_kind(ignored: Mapping[str, int]) -> Mapping[str, int]:
    """The counts by kind; what does not look like one is `other`, so that labels stay few."""
    counts: Counter[str] = Counter()
    for kind, count in ignored.items():
        counts[kind if _KIND.fullmatch(kind) else "other"] += count
    return counts


def _inbox(inbox: InboxGauge, now: datetime) -> Iterator[Metric]:
    yield _gauge("wenha_inbox_waiting", "Updates not handled yet", inbox.waiting)
    yield _gauge(
        "wenha_inbox_oldest_seconds", "Age of the oldest of them", _age(inbox.oldest_at, now)
    )
    yield _gauge("wenha_inbox_parked", "Updates that failed three times", inbox.parked)


def _outbox(outbox: OutboxGauge, now: datetime) -> Iterator[Metric]:
    live = GaugeMetricFamily(
        "wenha_outbox_messages", "Messages promised and not sent", labels=["state", "kind"]
    )
    for (state, kind), count in outbox.live.items():
        live.add_metric([state, kind], count)
    yield live
    yield _gauge(
        "wenha_outbox_oldest_seconds", "Age of the oldest of them", _age(outbox.oldest_at, now)
    )
    yield _gauge("wenha_outbox_failed", "Messages given up", outbox.failed)
    yield _gauge(
        "wenha_outbox_unknown",
        "Messages whose fate was unknown once: perhaps sent twice",
        outbox.unknown,
    )
    yield _gauge("wenha_outbox_sent_last_minute", "Messages accepted lately", outbox.sent)


def _timers(timers: TimerGauge, now: datetime) -> Iterator[Metric]:
    yield _gauge("wenha_timers_pending", "Alarms that are set", timers.pending)
    yield _gauge("wenha_timers_parked", "Alarms that failed three times", timers.parked)
    late = _age(timers.earliest_due, now)
    yield _gauge("wenha_timers_overdue_seconds", "Lateness of the most overdue alarm", late)


def _age(since: datetime | None, now: datetime) -> float:
    """Seconds since a moment; 0 for none and for one still to come."""
    return max((now - since).total_seconds(), 0.0) if since else 0.0


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value=value)


def _labelled(name: str, about: str, label: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, about, labels=[label])
    for of, value in values.items():
        family.add_metric([of], value)
    return family
