"""What holds for every alarm? Random starts and promises against the minute-by-minute oracle."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.calendar import BEIJING
from escalation.calendar_check import parse_calendars
from escalation.clocks import Clock
from escalation.dues import WHOLE, Alarm, alarms, reconcile
from escalation.model import ClockKind, Timer, TimerState
from escalation.policy import SlaPolicy
from storage.shipped import load_holidays
from tests.builders import MINUTE, MONDAY_9AM, a_ticket
from tests.oracle import Oracle

DATA = Path(__file__).parents[1] / "data"
FORM: dict[str, Any] = json.loads((DATA / "business_hours_calendars.json").read_text("utf-8"))
EXPECTED = frozenset(load_holidays().expected)
CALENDARS = parse_calendars(FORM, EXPECTED)
ORACLES = {name: Oracle(FORM, name, frozenset(map(str, EXPECTED))) for name in CALENDARS}

K = ClockKind
PROMISED = (K.CLAIM, K.FIRST_ANSWER, K.NEXT_ANSWER, K.RESOLUTION)
QUIET = (K.OFFER, K.WINDOW, K.SILENT)
MOMENTS = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis wants bounds without a zone
    max_value=datetime(2027, 2, 28),  # noqa: DTZ001 - the same
    timezones=st.just(BEIJING),
)
PERCENTS = st.lists(st.integers(1, 99), max_size=3, unique=True).map(sorted).map(tuple)
MINUTES = st.integers(1, 600)
POLICIES = st.builds(
    SlaPolicy,
    version=st.just(1),
    claim=MINUTES,
    first_answer=MINUTES,
    next_answer=MINUTES,
    resolution=MINUTES,
    village_window=MINUTES,
    offer=MINUTES,
    silent=MINUTES,
    quiet=st.integers(1, 3000),
    urgent_claim=MINUTES,
    urgent_first_answer=MINUTES,
    urgent_next_answer=MINUTES,
    warnings=PERCENTS,
    chain=st.just(()),
    urgent_chain=st.just(()),
)


def _clock(kind: ClockKind, started_at: datetime) -> Clock:
    return Clock(kind=kind, cycle=1, started_at=started_at)


def _in_policy(policy: SlaPolicy, kind: ClockKind) -> int:
    name = "village_window" if kind is K.WINDOW else str(kind)
    minutes: int = getattr(policy, name)
    return minutes


def _up(minutes: int, percent: int) -> int:
    whole, rest = divmod(minutes * percent, 100)
    return whole + (1 if rest else 0)


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted(CALENDARS)),
    kind=st.sampled_from(PROMISED + QUIET),
    start=MOMENTS,
    policy=POLICIES,
)
def test_every_warning_and_breach_is_due_when_counting_minute_by_minute_says(
    name: str, kind: ClockKind, start: datetime, policy: SlaPolicy
) -> None:
    found = alarms([_clock(kind, start)], a_ticket(), policy, CALENDARS[name])
    steps = (*policy.warnings, WHOLE) if kind in PROMISED else (WHOLE,)
    assert [alarm.step for alarm in found] == list(steps)
    for alarm in found:
        minutes = _up(_in_policy(policy, kind), alarm.step)
        assert (alarm.due, alarm.provisional) == ORACLES[name].due(start, minutes)


@settings(max_examples=100, deadline=None)
@given(
    name=st.sampled_from(sorted(CALENDARS)),
    kind=st.sampled_from(PROMISED[:3]),
    start=MOMENTS,
    marked_after=st.integers(-600, 900),
    policy=POLICIES,
)
def test_an_urgent_promise_is_the_earlier_of_the_old_one_and_the_urgent_one(
    name: str, kind: ClockKind, start: datetime, marked_after: int, policy: SlaPolicy
) -> None:
    marked = start + marked_after * MINUTE
    urgent_minutes: int = getattr(policy, f"urgent_{kind}")
    if marked_after <= 0:  # marked before this clock began
        expected = start + urgent_minutes * MINUTE
    else:
        old, _ = ORACLES[name].due(start, _in_policy(policy, kind))
        expected = min(old, marked + urgent_minutes * MINUTE)
    ticket = a_ticket(urgent_at=marked)
    found = alarms([_clock(kind, start)], ticket, policy, CALENDARS[name])
    assert found[-1].due == expected
    dues = [alarm.due for alarm in found]
    assert dues == sorted(dues)  # no warning after its promise


@settings(max_examples=50, deadline=None)
@given(start=MOMENTS, policy=POLICIES, urgent=st.none() | MOMENTS)
def test_a_faq_answer_may_be_objected_to_for_the_same_time_day_and_night(
    start: datetime, policy: SlaPolicy, urgent: datetime | None
) -> None:
    ticket = a_ticket(urgent_at=urgent)
    (found,) = alarms([_clock(K.QUIET, start)], ticket, policy, CALENDARS["night"])
    assert found.due == start + timedelta(minutes=policy.quiet)
    assert not found.provisional


KEYS = tuple((kind, step) for kind in (K.CLAIM, K.WINDOW) for step in (50, WHOLE))
TIMES = st.integers(0, 3).map(lambda n: MONDAY_9AM + n * MINUTE)
WANTED = st.lists(
    st.builds(
        lambda key, start, due: Alarm(
            kind=key[0], step=key[1], cycle=1, started_at=start, due=due, provisional=False
        ),
        st.sampled_from(KEYS),
        TIMES,
        TIMES,
    ),
    unique_by=lambda alarm: (alarm.kind, alarm.step),
    max_size=4,
)
Rows = dict[tuple[ClockKind, int], Timer]


def _applied(rows: Rows, changes: tuple[tuple[Timer, ...], tuple[Timer, ...]]) -> Rows:
    arm, cancel = changes
    return rows | {(t.kind, t.step): t for t in (*cancel, *arm)}


def _rung(rows: Rows, now: datetime) -> Rows:
    """Let everything due ring: at its due, not before."""
    return {
        key: replace(row, state=TimerState.FIRED)
        if row.state is TimerState.PENDING and row.due <= now
        else row
        for key, row in rows.items()
    }


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(WANTED, TIMES), min_size=1, max_size=8))
def test_exactly_what_is_wanted_will_ring_and_nothing_rings_twice(
    turns: list[tuple[list[Alarm], datetime]],
) -> None:
    rows: Rows = {}
    for wanted, now in turns:
        before = rows
        rows = _applied(rows, reconcile(1, wanted, tuple(rows.values()), now))
        # what is set is what is wanted and has not rung, each at its own moment
        pending = {
            (t.kind, t.step, t.started_at, t.due)
            for t in rows.values()
            if t.state is TimerState.PENDING
        }
        rang = {
            (t.kind, t.step, t.started_at) for t in before.values() if t.state is TimerState.FIRED
        }
        assert pending == {
            (a.kind, a.step, a.started_at, a.due)
            for a in wanted
            if (a.kind, a.step, a.started_at) not in rang
        }
        # asking once more changes nothing
        assert reconcile(1, wanted, tuple(rows.values()), now) == ((), ())
        # setting anew raises the generation, nothing else does
        for key, row in rows.items():
            old = before.get(key)
            anew = row.state is TimerState.PENDING and row != old
            assert row.gen == (old.gen if old else 0) + anew
        rows = _rung(rows, now)
