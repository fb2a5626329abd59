"""Time in which the hub waits for the asker counts for nothing, to the second and beyond."""

import itertools
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.calendar import WorkCalendar
from escalation.clocks import Clock, history, running
from escalation.dues import WHOLE, alarms, at_steps, out_of, promised_span
from escalation.explain import account
from escalation.model import ClockKind, Event, Role
from escalation.policy import SlaPolicy
from escalation.working_time import (
    Due,
    Pause,
    counted,
    due,
    dues_less_pauses,
    moment_less_pauses,
)
from tests.builders import CALENDAR, MONDAY_9AM, POLICY, a_journal, a_ticket, monday
from tests.unit.test_clocks_laws import CALENDARS, MOMENTS, ORACLES

K = ClockKind
HANDED_UP = (Event.HANDED_UP, Role.LIAISON)
OPENED = (Event.OPENED, Role.BOT)
SECONDS = st.integers(0, 3 * 86_400).map(lambda seconds: timedelta(seconds=seconds))
PAUSES = st.lists(st.tuples(SECONDS, SECONDS), max_size=3)


def due_less_pauses(
    calendar: WorkCalendar, start: datetime, minutes: int, pauses: tuple[Pause, ...]
) -> Due | None:
    """The due, worked out together with an earlier one."""
    _, found = dues_less_pauses(calendar, start, [minutes // 2, minutes], pauses)
    return found


def _pauses(start: datetime, spans: list[tuple[timedelta, timedelta]]) -> tuple[Pause, ...]:
    return tuple(
        Pause(since=start + begin, until=start + begin + length) for begin, length in spans
    )


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(sorted(CALENDARS)),
    start=MOMENTS.map(lambda at: at.replace(microsecond=0)),
    minutes=st.integers(1, 400),
    spans=PAUSES,
)
def test_a_due_less_pauses_is_when_counting_second_by_second_says(
    name: str, start: datetime, minutes: int, spans: list[tuple[timedelta, timedelta]]
) -> None:
    pauses = _pauses(start, spans)
    found = due_less_pauses(CALENDARS[name], start, minutes, pauses)
    edges = [(pause.since, pause.until) for pause in pauses if pause.until]
    assert found is not None
    assert found.at == ORACLES[name].due_less(start, minutes, edges)


@settings(max_examples=200, deadline=None)
@given(
    name=st.sampled_from(sorted(CALENDARS)),
    start=MOMENTS,
    minutes=st.integers(1, 600),
    spans=PAUSES,
)
def test_what_is_counted_up_to_the_due_is_the_promise(
    name: str, start: datetime, minutes: int, spans: list[tuple[timedelta, timedelta]]
) -> None:
    pauses = _pauses(start, spans)
    found = due_less_pauses(CALENDARS[name], start, minutes, pauses)
    assert found is not None
    parts = [
        part for day in counted(CALENDARS[name], start, found.at, pauses) for part in day.intervals
    ]
    assert sum((part.closes - part.opens for part in parts), timedelta(0)) == timedelta(
        minutes=minutes
    )
    assert all(one.closes <= other.opens for one, other in itertools.pairwise(parts))
    assert due_less_pauses(CALENDARS[name], start, minutes, ()) == due(
        CALENDARS[name], start, minutes
    )


@given(st.lists(st.tuples(SECONDS, SECONDS), max_size=4), st.integers(1, 5000))
def test_by_day_and_night_a_pause_adds_exactly_its_length(
    spans: list[tuple[timedelta, timedelta]], minutes: int
) -> None:
    pauses = _pauses(MONDAY_9AM, spans)
    at = moment_less_pauses(MONDAY_9AM, timedelta(minutes=minutes), pauses)
    assert at is not None
    stood = timedelta(0)
    reached = MONDAY_9AM
    for pause in sorted(pauses, key=lambda pause: pause.since):
        begin, end = max(pause.since, reached), pause.until or reached
        if begin < at and end > begin:
            stood += min(end, at) - begin
            reached = end
    assert at - stood - MONDAY_9AM == timedelta(minutes=minutes)


@settings(max_examples=200, deadline=None)
@given(
    name=st.sampled_from(sorted(CALENDARS)),
    start=MOMENTS,
    minutes=st.integers(1, 3000),
    spans=PAUSES,
    lasts_after=SECONDS,
)
def test_what_comes_before_a_pause_that_lasts_is_due_as_without_it(
    name: str,
    start: datetime,
    minutes: int,
    spans: list[tuple[timedelta, timedelta]],
    lasts_after: timedelta,
) -> None:
    pauses = _pauses(start, spans)
    lasting = Pause(since=start + lasts_after)
    found = due_less_pauses(CALENDARS[name], start, minutes, (*pauses, lasting))
    usual = due_less_pauses(CALENDARS[name], start, minutes, pauses)
    assert usual is not None
    assert found == (usual if usual.at <= lasting.since else None)


def test_a_pause_that_lasts_keeps_off_what_it_comes_before_and_nothing_else() -> None:
    lasting = (Pause(since=monday("9:30")),)
    assert due_less_pauses(CALENDAR, MONDAY_9AM, 30, lasting) == due(CALENDAR, MONDAY_9AM, 30)
    assert due_less_pauses(CALENDAR, MONDAY_9AM, 31, lasting) is None
    clock = Clock(kind=K.FIRST_ANSWER, cycle=1, started_at=MONDAY_9AM, pauses=lasting)
    policy = SlaPolicy(version=1, first_answer=60)
    found = alarms([clock], a_ticket(), policy, CALENDAR)
    assert [(alarm.step, alarm.due) for alarm in found] == [(50, monday("9:30"))]


def _journal(*, replies: bool) -> tuple[Clock, ...]:
    steps = [
        (*OPENED, monday("9:00")),
        (*HANDED_UP, monday("9:00")),
        (Event.CLAIMED, Role.RESPONDER, monday("9:10")),
        (Event.ASKED_BACK, Role.RESPONDER, monday("9:20")),
    ]
    if replies:
        steps += [
            (Event.ASKER_REPLIED, Role.ASKER, monday("10:20")),
            (Event.ASKED_BACK, Role.RESPONDER, monday("10:21")),
            (Event.ASKER_REPLIED, Role.ASKER, monday("10:21") + timedelta(seconds=20)),
        ]
    return running(a_journal(*steps))


def test_asking_back_stops_answer_and_resolution_until_the_asker_replies() -> None:
    asked_back = {clock.kind: clock for clock in _journal(replies=False)}
    assert asked_back.keys() == {K.FIRST_ANSWER, K.RESOLUTION, K.PAUSE}
    assert asked_back[K.FIRST_ANSWER].pauses == (Pause(since=monday("9:20")),)

    replied = {clock.kind: clock for clock in _journal(replies=True)}
    assert replied.keys() == {K.FIRST_ANSWER, K.RESOLUTION, K.LEASE}
    clock = replied[K.FIRST_ANSWER]
    found = {a.step: a.due for a in alarms([clock], a_ticket(), POLICY, CALENDAR)}
    assert found[WHOLE] == monday("16:00") + timedelta(seconds=20)  # an hour and 20 s later


def test_an_urgent_promise_stands_still_as_well() -> None:
    (clock,) = (one for one in _journal(replies=True) if one.kind is K.FIRST_ANSWER)
    ticket = a_ticket(urgent_at=monday("9:50"))  # in the pause: it counts from its end
    span = promised_span(clock, ticket, POLICY, CALENDAR)
    assert span.around_the_clock
    (found,) = at_steps(span, [WHOLE], CALENDAR)
    assert found is not None
    assert found.at == monday("11:20") + timedelta(seconds=20)


def test_the_chain_follows_the_promise_in_its_own_time() -> None:
    clock = Clock(kind=K.CLAIM, cycle=1, started_at=monday("17:00"))
    usual = {a.step: a.due for a in alarms([clock], a_ticket(), POLICY, CALENDAR)}
    assert [usual[step] for step in (100, 101, 102, 103)] == [
        monday("18:00"), monday("10:00", days=1), monday("11:00", days=1),
        monday("15:00", days=1),
    ]  # fmt: skip
    urgent = a_ticket(urgent_at=monday("17:00"))
    at_night = {a.step: a.due for a in alarms([clock], urgent, POLICY, CALENDAR)}
    assert [at_night[step] for step in (100, 101, 102, 103)] == [
        monday("17:15"), monday("17:30"), monday("17:45"), monday("18:15"),
    ]  # fmt: skip


def test_a_reopening_is_a_new_cycle_and_the_old_clocks_stay_as_they_were() -> None:
    steps = (
        (*OPENED, monday("9:00")),
        (*HANDED_UP, monday("9:00")),
        (Event.CLAIMED, Role.RESPONDER, monday("9:10")),
        (Event.ANSWER_GIVEN, Role.RESPONDER, monday("9:30")),
        (Event.ANSWER_DELIVERED, Role.CHANNEL, monday("9:31")),
        (Event.ASKED_AGAIN, Role.ASKER, monday("10:00")),
    )
    before, after = history(a_journal(*steps[:-1])), history(a_journal(*steps))
    ended = [clock for clock in before if clock.ended_at is not None]
    assert [clock for clock in after if clock in ended] == ended
    both = [clock for clock in after if clock.kind is K.RESOLUTION]
    assert [(clock.cycle, clock.ended_at) for clock in both] == [(1, monday("10:00")), (2, None)]


def test_quiet_hours_end_in_the_morning_and_the_same_twice_means_none() -> None:
    assert out_of(POLICY, monday("20:59")) == monday("20:59")
    assert out_of(POLICY, monday("21:00")) == monday("8:00", days=1)
    assert out_of(POLICY, monday("7:59")) == monday("8:00")
    assert out_of(POLICY, monday("8:00")) == monday("8:00")
    never = SlaPolicy(version=1, quiet_hours=(0, 0))
    assert out_of(never, monday("23:00")) == monday("23:00")
    noon = SlaPolicy(version=1, quiet_hours=(720, 840))
    assert out_of(noon, monday("12:30")) == monday("14:00")


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(sorted(CALENDARS)), start=MOMENTS, spans=PAUSES)
def test_an_account_adds_up_to_what_it_promises(
    name: str, start: datetime, spans: list[tuple[timedelta, timedelta]]
) -> None:
    clock = Clock(kind=K.CLAIM, cycle=1, started_at=start, pauses=_pauses(start, spans))
    far = start + timedelta(days=3000)
    (told,) = account([clock], a_ticket(), POLICY, CALENDARS[name], start + timedelta(days=30))
    assert told.due is not None
    parts = [part for day in told.days for part in day.intervals]
    assert sum((p.closes - p.opens for p in parts), timedelta(0)) == timedelta(minutes=60)
    assert max(part.closes for part in parts) == told.due.due < far
    assert [day.day for day in told.days] == sorted({day.day for day in told.days})


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(sorted(CALENDARS)),
    start=MOMENTS.map(lambda at: at.replace(second=0, microsecond=0)),
    minutes=st.integers(1, 600),
)
def test_each_day_of_an_account_has_the_minutes_that_counting_them_gives(
    name: str, start: datetime, minutes: int
) -> None:
    policy = SlaPolicy(version=1, claim=minutes)
    clock = Clock(kind=K.CLAIM, cycle=1, started_at=start)
    (told,) = account([clock], a_ticket(), policy, CALENDARS[name], start)
    assert told.due is not None
    counts: dict[date, int] = {}
    at = start
    while at < told.due.due:
        owner = ORACLES[name].owner(at)
        if owner:
            counts[owner] = counts.get(owner, 0) + 1
        at += timedelta(minutes=1)
    added = {
        day.day: sum((p.closes - p.opens for p in day.intervals), timedelta(0))
        for day in told.days
    }
    assert {day: timedelta(minutes=count) for day, count in counts.items()} == {
        day: length for day, length in added.items() if length
    }
