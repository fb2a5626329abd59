"""Which promises run when, and when does each alarm ring?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import pytest

from escalation.calendar import Days
from escalation.clocks import Clock, running
from escalation.dues import WHOLE, Alarm, alarms, reconcile
from escalation.model import ClockKind, Event, Role, Ticket, Timer, TimerState
from escalation.policy import SlaPolicy
from tests.builders import (
    CALENDAR,
    MINUTE,
    MONDAY_9AM,
    POLICY,
    a_calendar,
    a_journal,
    a_ticket,
    monday,
)

K = ClockKind
OFFERED = (Event.OFFERED, Role.BOT)
FAQ_ANSWERED = (Event.FAQ_ANSWERED, Role.BOT)
OPENED = (Event.OPENED, Role.BOT)
HANDED_UP = (Event.HANDED_UP, Role.LIAISON)
CLAIMED = (Event.CLAIMED, Role.RESPONDER)
RELEASED = (Event.RELEASED, Role.RESPONDER)
ANSWERED = (Event.ANSWER_GIVEN, Role.RESPONDER)
DELIVERED = (Event.ANSWER_DELIVERED, Role.CHANNEL)
UNDELIVERED = (Event.DELIVERY_FAILED, Role.CHANNEL)
AGAIN = (Event.ASKED_AGAIN, Role.ASKER)
RETRACTED = (Event.RETRACTED, Role.RESPONDER)
WHOLE_WAY = (OPENED, HANDED_UP, CLAIMED, ANSWERED, DELIVERED)
ASKED_BACK = (Event.ASKED_BACK, Role.RESPONDER)
WAITS = (OPENED, HANDED_UP, CLAIMED, ASKED_BACK)
RUN = (K.RESOLUTION,)

Step = tuple[Event, Role]


@pytest.mark.parametrize(
    ("steps", "kinds"),
    [
        ((), set()),
        ((OFFERED,), {K.OFFER}),
        ((OFFERED, (Event.PICKED, Role.ASKER)), {K.QUIET}),
        ((OFFERED, (Event.NONE_FITS, Role.ASKER)), {K.CLAIM, K.FIRST_ANSWER, *RUN}),
        ((OFFERED, (Event.OFFER_LAPSED, Role.CLOCK)), {K.WINDOW}),
        ((FAQ_ANSWERED,), {K.QUIET}),
        ((FAQ_ANSWERED, (Event.HELPED, Role.ASKER)), set()),
        ((FAQ_ANSWERED, (Event.UNHELPFUL, Role.ASKER)), {K.CLAIM, K.FIRST_ANSWER, *RUN}),
        ((OPENED,), {K.WINDOW}),
        ((OPENED, (Event.NEIGHBOUR_SAID, Role.NEIGHBOUR)), {K.WINDOW}),  # stops nothing
        ((OPENED, (Event.CONFIRMED, Role.ASKER)), set()),
        ((OPENED, (Event.ANSWER_GIVEN, Role.LIAISON), DELIVERED), {K.SILENT, K.FOLLOW_UP}),
        ((OPENED, HANDED_UP), {K.CLAIM, K.FIRST_ANSWER, *RUN}),
        ((OPENED, HANDED_UP, CLAIMED), {K.FIRST_ANSWER, K.LEASE, *RUN}),
        ((OPENED, HANDED_UP, CLAIMED, RELEASED), {K.CLAIM, K.FIRST_ANSWER, *RUN}),
        ((OPENED, HANDED_UP, (Event.NOTED, Role.RESPONDER)), {K.CLAIM, K.FIRST_ANSWER, *RUN}),
        (WHOLE_WAY[:-1], {K.FIRST_ANSWER, *RUN}),  # given, but not yet in the asker's chat
        ((*WHOLE_WAY[:-1], UNDELIVERED), {K.FIRST_ANSWER, *RUN}),  # nor will it be
        (WHOLE_WAY, {K.SILENT, K.FOLLOW_UP, *RUN}),
        ((*WHOLE_WAY, (Event.RATED, Role.ASKER)), {K.SILENT, *RUN}),
        ((*WHOLE_WAY, AGAIN), {K.CLAIM, K.NEXT_ANSWER, *RUN}),
        ((*WHOLE_WAY, AGAIN, CLAIMED), {K.NEXT_ANSWER, K.LEASE, *RUN}),
        ((*WHOLE_WAY, AGAIN, CLAIMED, ANSWERED, DELIVERED), {K.SILENT, K.FOLLOW_UP, *RUN}),
        ((*WHOLE_WAY, (Event.CONFIRMED, Role.ASKER)), set()),
        ((*WHOLE_WAY, (Event.CONFIRMED, Role.ASKER), AGAIN), {K.CLAIM, K.NEXT_ANSWER, *RUN}),
        ((*WHOLE_WAY, (Event.SILENT, Role.CLOCK)), {K.FOLLOW_UP}),
        ((*WHOLE_WAY, (Event.FOLLOWED_UP, Role.CLOCK)), {K.SILENT, *RUN}),
        ((*WHOLE_WAY, (Event.SILENT, Role.CLOCK), (Event.RATED, Role.ASKER)), set()),
        ((*WHOLE_WAY, RETRACTED), {K.NEXT_ANSWER, K.LEASE, *RUN}),
        ((*WAITS,), {K.FIRST_ANSWER, K.PAUSE, *RUN}),
        ((*WAITS, (Event.ASKER_REPLIED, Role.ASKER)), {K.FIRST_ANSWER, K.LEASE, *RUN}),
        ((*WAITS, (Event.PAUSE_ENDED, Role.CLOCK)), {K.FIRST_ANSWER, K.LEASE, *RUN}),
        ((*WAITS, ANSWERED, DELIVERED), {K.SILENT, K.FOLLOW_UP, *RUN}),
        ((OPENED, HANDED_UP, (Event.WITHDRAWN, Role.ASKER)), set()),
        ((OPENED, HANDED_UP, (Event.WITHDRAWN, Role.ASKER), DELIVERED), set()),
    ],
)
def test_a_clock_runs_exactly_while_somebody_waits_for_it(
    steps: Sequence[Step], kinds: set[ClockKind]
) -> None:
    assert {clock.kind for clock in running(a_journal(*steps))} == kinds


def _started(kind: ClockKind, *steps: tuple[Event, Role, datetime]) -> datetime:
    return next(c.started_at for c in running(a_journal(*steps)) if c.kind is kind)


def test_an_answer_clock_goes_on_while_the_ticket_changes_hands() -> None:
    steps = (
        (*OPENED, monday("9:00")),
        (*HANDED_UP, monday("9:30")),
        (*CLAIMED, monday("9:40")),
        (*RELEASED, monday("10:10")),
    )
    assert _started(K.FIRST_ANSWER, *steps) == monday("9:30")
    assert _started(K.CLAIM, *steps) == monday("10:10")


def test_the_time_to_object_counts_from_the_last_answer_that_arrived() -> None:
    steps = (
        (*OPENED, monday("9:00")),
        (*HANDED_UP, monday("9:30")),
        (*CLAIMED, monday("9:40")),
        (*ANSWERED, monday("10:00")),
        (*DELIVERED, monday("10:01")),
        (*ANSWERED, monday("11:00")),  # an addition
        (*DELIVERED, monday("11:02")),
    )
    assert _started(K.SILENT, *steps[:5]) == monday("10:01")
    assert _started(K.SILENT, *steps) == monday("11:02")


def test_an_answer_that_arrives_after_the_asker_asked_again_leaves_somebody_promised() -> None:
    journal = a_journal(OPENED, HANDED_UP, CLAIMED, ANSWERED, AGAIN, DELIVERED)
    assert K.CLAIM in {clock.kind for clock in running(journal)}
    assert {K.FIRST_ANSWER, K.NEXT_ANSWER} & {clock.kind for clock in running(journal)}


def _dues(
    clock: Clock, ticket: Ticket | None = None, policy: SlaPolicy = POLICY
) -> dict[int, datetime]:
    found = alarms([clock], ticket or a_ticket(), policy, CALENDAR)
    return {alarm.step: alarm.due for alarm in found if alarm.step <= WHOLE}


def _clock(kind: ClockKind, started_at: datetime = MONDAY_9AM) -> Clock:
    return Clock(kind=kind, cycle=1, started_at=started_at)


@pytest.mark.parametrize(
    ("kind", "dues"),
    [
        (K.CLAIM, {50: "9:30", 80: "9:48", WHOLE: "10:00"}),
        (K.FIRST_ANSWER, {50: "11:00", 80: "14:12", WHOLE: "15:00"}),  # lunch does not count
        (K.NEXT_ANSWER, {50: "11:00", 80: "14:12", WHOLE: "15:00"}),
        (K.WINDOW, {WHOLE: "9:30"}),
        (K.OFFER, {WHOLE: "9:10"}),
        (K.QUIET, {WHOLE: "33:00"}),  # a day later, on the wall clock
        (K.SILENT, {WHOLE: "66:00"}),  # three working days: Wednesday 18:00
    ],
)
def test_promises_are_warned_of_and_quiet_times_just_end(
    kind: ClockKind, dues: dict[int, str]
) -> None:
    assert _dues(_clock(kind)) == {step: monday(clock) for step, clock in dues.items()}


def test_a_promise_that_ends_at_closing_time_is_due_then_and_not_next_morning() -> None:
    assert _dues(_clock(K.CLAIM, monday("17:00")))[WHOLE] == monday("18:00")
    assert _dues(_clock(K.CLAIM, monday("17:01")))[WHOLE] == monday("9:01", days=1)


def test_a_fraction_of_a_working_minute_is_rounded_up_for_a_warning() -> None:
    odd = replace(POLICY, claim=15, warnings=(50,))
    assert _dues(_clock(K.CLAIM), policy=odd) == {50: monday("9:08"), WHOLE: monday("9:15")}


@pytest.mark.parametrize(
    ("started", "marked", "due"),
    [
        ("9:00", "9:00", "9:15"),  # urgent from the start
        ("9:00", "9:30", "9:45"),  # the urgent promise counts from when it was marked
        ("9:00", "9:44", "9:59"),
        ("9:00", "9:45", "10:00"),
        ("9:00", "9:50", "10:00"),  # the old promise was earlier: it stays
        ("11:55", "11:58", "12:13"),  # day and night, also over lunch
        ("20:00", "20:00", "20:15"),
        ("9:20", "9:00", "9:35"),  # marked before this clock began: counts from its start
    ],
)
def test_an_urgent_ticket_keeps_the_earlier_of_both_promises(
    started: str, marked: str, due: str
) -> None:
    ticket = a_ticket(urgent_at=monday(marked))
    assert _dues(_clock(K.CLAIM, monday(started)), ticket)[WHOLE] == monday(due)


def test_urgent_warnings_belong_to_the_promise_that_counts() -> None:
    ticket = a_ticket(urgent_at=monday("9:30"))
    found = _dues(_clock(K.CLAIM), ticket)
    assert found[50] == monday("9:37") + MINUTE / 2
    assert found[80] == monday("9:42")
    kept = _dues(_clock(K.CLAIM), a_ticket(urgent_at=monday("9:50")))
    assert kept[50] == monday("9:30")


@pytest.mark.parametrize("kind", [K.OFFER, K.QUIET, K.WINDOW, K.SILENT])
def test_a_quiet_time_is_no_promise_and_urgency_does_not_shorten_it(kind: ClockKind) -> None:
    assert _dues(_clock(kind), a_ticket(urgent_at=MONDAY_9AM)) == _dues(_clock(kind))


def test_a_make_up_sunday_counts_and_a_holiday_does_not() -> None:
    sunday, tuesday = date(2026, 11, 29), date(2026, 11, 24)
    given = a_calendar(makeup_days=frozenset({sunday}), days_off=frozenset({tuesday}))
    cn = replace(given, days=Days.CN)

    def due(started_at: datetime) -> datetime:
        found = alarms([_clock(K.CLAIM, started_at)], a_ticket(), POLICY, cn)
        return next(alarm.due for alarm in found if alarm.step == WHOLE)

    assert due(monday("17:30", days=4)) == monday("9:30", days=6)  # Friday → Sunday
    assert due(monday("17:30")) == monday("9:30", days=2)  # Monday → Wednesday


def test_a_promise_that_counts_an_unpublished_year_is_provisional() -> None:
    cn = replace(a_calendar(last_known_year=2026), days=Days.CN)
    last_hour = datetime.fromisoformat("2026-12-31T17:30+08:00")
    unchained = replace(POLICY, chain=())
    found = alarms([_clock(K.CLAIM, last_hour)], a_ticket(), unchained, cn)
    assert {alarm.step: alarm.provisional for alarm in found} == {50: False, 80: True, 100: True}


def _alarm(step: int = WHOLE, due: datetime = MONDAY_9AM, kind: ClockKind = K.CLAIM) -> Alarm:
    start = MONDAY_9AM - 60 * MINUTE
    return Alarm(kind=kind, step=step, cycle=1, started_at=start, due=due, provisional=False)


def _row(alarm: Alarm, state: TimerState = TimerState.PENDING, gen: int = 1) -> Timer:
    return Timer(
        ticket=1,
        kind=alarm.kind,
        step=alarm.step,
        gen=gen,
        cycle=alarm.cycle,
        started_at=alarm.started_at,
        due=alarm.due,
        state=state,
    )


def test_what_is_wanted_and_not_set_is_set() -> None:
    arm, cancel = reconcile(1, [_alarm(50), _alarm()], [], MONDAY_9AM)
    assert [(timer.step, timer.gen) for timer in arm] == [(50, 1), (WHOLE, 1)]
    assert cancel == ()


@pytest.mark.parametrize("state", [TimerState.PENDING, TimerState.FIRED])
def test_what_is_set_or_rang_already_is_not_set_again(state: TimerState) -> None:
    assert reconcile(1, [_alarm()], [_row(_alarm(), state)], MONDAY_9AM) == ((), ())


def test_what_is_no_longer_wanted_is_taken_back_and_what_rang_stays_rung() -> None:
    rows = [_row(_alarm(50), TimerState.FIRED), _row(_alarm())]
    arm, cancel = reconcile(1, [], rows, monday("9:10"))
    assert arm == ()
    taken_back = replace(rows[1], state=TimerState.CANCELLED, cancelled_at=monday("9:10"))
    assert cancel == (taken_back,)


def test_an_alarm_that_rang_is_not_set_again_though_its_clock_is_due_elsewhere_now() -> None:
    moved = _alarm(due=monday("9:05"))
    assert reconcile(1, [moved], [_row(_alarm(), TimerState.FIRED)], MONDAY_9AM) == ((), ())


@pytest.mark.parametrize("state", [TimerState.PENDING, TimerState.CANCELLED])
def test_an_alarm_whose_moment_moved_is_set_anew_with_the_next_generation(
    state: TimerState,
) -> None:
    moved = _alarm(due=monday("9:05"))
    arm, cancel = reconcile(1, [moved], [_row(_alarm(), state, gen=3)], MONDAY_9AM)
    assert arm == (_row(moved, gen=4),)
    assert bool(cancel) == (state is TimerState.PENDING)


def test_an_alarm_that_was_taken_back_and_is_wanted_again_is_a_new_generation() -> None:
    arm, _ = reconcile(1, [_alarm()], [_row(_alarm(), TimerState.CANCELLED)], MONDAY_9AM)
    assert [timer.gen for timer in arm] == [2]
