"""What follows from time alone? Alarms as pure values."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from base.messages import Kind, ToHub, ToVillage
from bot import alarms
from bot.facts import Decision
from escalation.model import ClockKind, Event, Reason, Timer, TimerState
from knowledge.model import Verdict
from tests.builders import ASKER, LAWYER, LIAISON, MINUTE, certain, likely, monday
from tests.story import LISTED, WORDS, Story, journalled, texts

K = ClockKind
QUESTION = "问哈村长，隔壁占了我家的路"


def asked() -> Story:
    """A question the village sees first, from 9:00 to 9:30."""
    story = Story()
    story.says(ASKER, QUESTION)
    return story


def queued() -> Story:
    """A question in the hub since 9:00."""
    story = asked()
    story.says(LIAISON, "转总群")
    return story


def test_when_the_window_ends_the_question_goes_to_the_hub_and_the_asker_hears_it() -> None:
    story = asked()
    story.now = monday("9:30")  # exactly at its due
    decision = story.rings(K.WINDOW)
    assert journalled(decision) == ["handed_up"]
    assert texts(decision, ToVillage)[0].startswith("村里还没人答，已转给律师和调解员（1号工单）")
    assert story.armed() == {
        K.CLAIM: monday("10:30"),
        K.FIRST_ANSWER: monday("15:30"),
        K.RESOLUTION: monday("16:30", days=7),
    }
    assert all(m.by_clock for m in decision.outgoing if isinstance(m, ToVillage | ToHub))


def test_an_alarm_noticed_late_counts_from_its_due_and_not_from_now() -> None:
    story = asked()
    story.now = monday("16:00")  # the service was down
    story.rings(K.WINDOW)
    assert story.armed()[K.CLAIM] == monday("10:30")
    handed_up = next(e for e in story.file.journal if e.event is Event.HANDED_UP)
    assert handed_up.at == monday("9:30")
    # and what it leads to rings next, at its own due
    story.rings(K.CLAIM)
    breach = next(e for e in story.file.journal if e.event is Event.BREACHED)
    assert breach.at == monday("10:30")


def test_an_alarm_says_when_it_really_rang() -> None:
    story = asked()
    story.now = monday("9:41")
    story.rings(K.WINDOW)
    assert story.timer(K.WINDOW).state is TimerState.FIRED
    assert story.timer(K.WINDOW).fired_at == monday("9:41")
    assert story.timer(K.WINDOW).due == monday("9:30")


@pytest.mark.parametrize(
    "stale",
    [
        pytest.param(lambda t: replace(t, gen=t.gen - 1), id="an older generation"),
        pytest.param(lambda t: replace(t, gen=t.gen + 1), id="one never set"),
        pytest.param(lambda t: replace(t, step=33), id="a step never set"),
    ],
)
def test_an_alarm_of_another_generation_does_nothing(stale: Callable[[Timer], Timer]) -> None:
    story = queued()
    timer = stale(story.timer(K.CLAIM))
    assert alarms.ring(timer, story.file, WORDS, monday("10:00"), LISTED) == Decision()


def test_an_alarm_set_anew_meanwhile_does_not_ring_for_its_old_moment() -> None:
    story = queued()
    old = story.timer(K.CLAIM)
    story.waits(minutes=5)
    story.says(LAWYER, "认领")
    story.says(LAWYER, "退回")  # a new hour begins
    assert story.timer(K.CLAIM).gen > old.gen
    assert alarms.ring(old, story.file, WORDS, monday("10:00"), LISTED) == Decision()


@pytest.mark.parametrize("state", [TimerState.FIRED, TimerState.CANCELLED])
def test_an_alarm_that_rang_or_was_taken_back_does_not_ring_again(state: TimerState) -> None:
    story = queued()
    timer = story.timer(K.CLAIM)
    rows = tuple(replace(t, state=state) if t == timer else t for t in story.file.timers)
    file = replace(story.file, timers=rows)
    assert alarms.ring(timer, file, WORDS, monday("10:00"), LISTED) == Decision()


@pytest.mark.parametrize(("step", "at"), [(50, "9:30"), (80, "9:48")])
def test_the_hub_is_warned_before_a_promise_is_broken(step: int, at: str) -> None:
    story = queued()
    story.now = monday(at)
    decision = story.rings(K.CLAIM, step)
    assert journalled(decision) == ["warned"]
    assert texts(decision, ToHub)[1] == (f"1号工单还没人认领，时间过了{step}%，最迟今天10:00。")
    assert decision.outgoing[1].kind is Kind.REMINDER
    assert not texts(decision, ToVillage)


def test_a_broken_promise_is_told_to_the_duty_leads_and_stays_on_the_card() -> None:
    story = queued()
    story.now = monday("10:00")
    decision = story.rings(K.CLAIM)
    assert journalled(decision) == ["breached"]
    card, alert = texts(decision, ToHub)
    assert alert == "@周组长 1号工单超时没人认领，请安排人。"
    assert "认领：最迟今天10:00（已超时）" in card
    assert not texts(decision, ToVillage)
    assert story.state == "queued"  # lateness alone changes nothing


def test_a_breach_names_who_works_on_it() -> None:
    story = queued()
    story.says(LAWYER, "认领")
    story.now = monday("15:00")
    assert texts(story.rings(K.FIRST_ANSWER), ToHub)[1] == (
        "@周组长 1号工单超时还没答复。承办：@陈静"
    )


def test_an_offer_nobody_picked_goes_to_the_village() -> None:
    story = Story()
    story.says(ASKER, "问哈村长，工钱", verdict=likely())
    story.now = monday("9:10")
    decision = story.rings(K.OFFER)
    assert story.state == "in_village"
    assert story.armed() == {K.WINDOW: monday("9:40")}
    assert "今天9:40前没人答" in texts(decision, ToVillage)[0]


@pytest.mark.parametrize("verdict", [certain(), None])
def test_silence_after_an_answer_closes_it_without_a_word(verdict: Verdict | None) -> None:
    story = asked()
    kind = K.SILENT
    if verdict is not None:
        story, kind = Story(), K.QUIET
        story.says(ASKER, "问哈村长，老板欠我工钱", verdict=verdict)
    else:
        story.says(LIAISON, "我明天去看")
    story.now = story.armed()[kind]
    decision = story.rings(kind)
    assert story.file.ticket.reason is Reason.ASSUMED_SOLVED
    assert story.file.ticket.closed_at == story.now
    assert decision.outgoing == ()
    assert set(story.armed()) == (set() if verdict else {K.FOLLOW_UP})


def test_a_promise_is_told_rounded_up_to_the_minute() -> None:
    story = Story(now=monday("9:00") + timedelta(seconds=1))
    assert "今天9:31前没人答" in texts(story.says(ASKER, QUESTION))[0]
    assert story.armed()[K.WINDOW] == monday("9:30") + timedelta(seconds=1)


def test_marking_urgent_brings_the_promise_forward_and_takes_the_old_alarm_back() -> None:
    story = queued()
    old = story.timer(K.CLAIM)
    story.waits(minutes=5)
    story.says(ASKER, "紧急")
    assert story.timer(K.CLAIM).due == monday("9:20")
    assert alarms.ring(old, story.file, WORDS, old.due, LISTED) == Decision()


def test_a_warning_of_the_old_promise_that_rang_does_not_silence_the_urgent_one() -> None:
    story = queued()
    story.now = monday("9:30")
    story.rings(K.CLAIM, 50)
    story.says(ASKER, "紧急")
    assert story.timer(K.CLAIM, 50).due == monday("9:37") + MINUTE / 2
    assert story.timer(K.CLAIM, 50).state is TimerState.PENDING
