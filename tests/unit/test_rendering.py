"""How does it read, in the village and in the hub?"""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.messages import Act
from bot import cards, rendering
from escalation.lifecycle import TABLE
from escalation.model import ClockKind, Entry, Event, Json, Reason, Role, Status, Ticket
from escalation.relay import Card, Delivery, Promise, Said
from knowledge.model import Category
from tests.builders import (
    ASKER,
    LAWYER,
    LIAISON,
    MINUTE,
    MONDAY_9AM,
    NEIGHBOUR,
    PEOPLE,
    a_ticket,
    an_entry,
    likely,
    monday,
)
from tests.story import WORDS

NAMES = {one.id: cards.hub_name(one, WORDS) for one in PEOPLE.values()}


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("at", "now", "said"),
    [
        ("2026-11-23T10:30", "2026-11-23T09:00", "今天10:30"),
        ("2026-11-23T09:05", "2026-11-23T09:00", "今天9:05"),
        ("2026-11-23T00:00", "2026-11-23T23:59", "今天0:00"),
        ("2026-11-24T00:00", "2026-11-23T23:59", "明天0:00"),
        ("2026-11-24T09:00", "2026-11-23T00:00", "明天9:00"),
        ("2026-11-22T18:00", "2026-11-23T09:00", "昨天18:00"),
        ("2026-11-25T09:00", "2026-11-23T09:00", "周三（11月25日）9:00"),
        ("2026-11-29T09:00", "2026-11-23T09:00", "周日（11月29日）9:00"),
        ("2026-11-30T09:00", "2026-11-23T09:00", "11月30日9:00"),  # next week's Monday
        ("2026-11-21T09:00", "2026-11-23T09:00", "11月21日9:00"),
        ("2027-01-01T09:00", "2026-12-31T09:00", "明天9:00"),  # over the year's edge
        ("2027-01-04T09:00", "2026-12-31T09:00", "周一（1月4日）9:00"),
        ("2026-12-31T09:00", "2027-01-01T09:00", "昨天9:00"),
    ],
)
def test_a_moment_is_said_as_people_say_it(at: str, now: str, said: str) -> None:
    assert rendering.when(beijing(at), beijing(now)) == said


def test_a_day_is_beijings_day_wherever_the_moment_was_written_down() -> None:
    late = datetime.fromisoformat("2026-11-22T16:30+00:00")  # 0:30 on Monday in Beijing
    assert rendering.when(late, monday("9:00")) == "今天0:30"


@given(st.timedeltas(timedelta(0), timedelta(days=2)))
def test_words_never_promise_less_time_than_there_is_nor_a_minute_more(after: timedelta) -> None:
    due = MONDAY_9AM + after
    told = rendering.up_to_minute(due)
    assert timedelta(0) <= told - due < MINUTE
    assert (told.second, told.microsecond) == (0, 0)


def test_a_choice_of_one_is_no_list_of_firsts() -> None:
    one, three = (
        rendering.offer(likely(1).matches, 1, WORDS),
        rendering.offer(likely(3).matches, 1, WORDS),
    )
    assert [b.label for b in one.buttons] == ["就是这个", "都不是"]
    assert [b.label for b in three.buttons] == ["第1个", "第2个", "第3个", "都不是"]
    assert "回复4 都不是" in three.text


def test_every_button_stands_in_the_text_with_its_number() -> None:
    buttons = rendering.buttons_for(1, [Act.SOLVED, Act.ASK_AGAIN, Act.URGENT], WORDS)
    for number, button in enumerate(buttons, 1):
        assert f"回复{number} {button.label}" in rendering.choices_line(buttons, WORDS)


def test_a_choice_that_was_made_stands_where_the_choices_stood() -> None:
    offered = rendering.offer(likely(3).matches, 1, WORDS)
    text = rendering.chosen(offered.text, "都不是", WORDS)
    assert text.endswith("\n\n✓ 都不是")
    assert "回复" not in text
    assert "老板欠工钱不给怎么办？" in text


def a_card(ticket: Ticket, *, last: Entry | None = None, delivery: Delivery | None = None) -> Card:
    return Card(
        ticket=ticket,
        village="白石村",
        question="隔壁占了我家的路",
        said=tuple(
            Said(role=role, at=MONDAY_9AM, text="说的话")
            for role in (Role.ASKER, Role.NEIGHBOUR, Role.LIAISON)
        ),
        promises=tuple(
            Promise(kind=kind, due=MONDAY_9AM, provisional=True, late=True)
            for kind in (ClockKind.CLAIM, ClockKind.FIRST_ANSWER, ClockKind.NEXT_ANSWER)
        ),
        last=last or an_entry(Event.HANDED_UP, Role.LIAISON, by=LIAISON.id),
        delivery=delivery,
    )


def _states() -> list[tuple[Status, Reason | None]]:
    is_open = [(status, None) for status in Status if status is not Status.CLOSED]
    return [*is_open, *((Status.CLOSED, reason) for reason in Reason)]


@pytest.mark.parametrize(("state", "reason"), _states())
@pytest.mark.parametrize(
    "delivery", [None, Delivery(), Delivery(at=MONDAY_9AM), Delivery(error="群已解散")]
)
def test_every_state_has_a_card(
    state: Status, reason: Reason | None, delivery: Delivery | None
) -> None:
    ticket = a_ticket(state=state, reason=reason, assignee=LAWYER.id, urgent_at=MONDAY_9AM)
    text = cards.card(a_card(ticket, delivery=delivery), NAMES, monday("10:00"), WORDS).text
    assert text.startswith("【1号工单】白石村 · ")
    assert " · 紧急" in text
    assert "隔壁占了我家的路" in text
    assert "{" not in text


@pytest.mark.parametrize(
    ("state", "labels"),
    [(Status.QUEUED, ["认领", "为什么这时到期"]), (Status.CLAIMED, ["退回", "为什么这时到期"])],
)
def test_a_card_offers_what_can_be_done(state: Status, labels: list[str]) -> None:
    ticket = a_ticket(state=state)
    found = cards.card(a_card(ticket), NAMES, MONDAY_9AM, WORDS)
    assert [button.label for button in found.buttons] == labels


@pytest.mark.parametrize("category", Category)
def test_every_topic_of_the_faq_has_a_name_on_the_card(category: Category) -> None:
    ticket = a_ticket(state=Status.QUEUED, category=category)
    assert "类别：" in cards.card(a_card(ticket), NAMES, MONDAY_9AM, WORDS).text


def test_no_card_names_anybody_of_the_village_whatever_happened_last() -> None:
    data: dict[str, Json] = {"clock": "claim", "step": 50, "text": "话", "error": "x"}
    for row in TABLE:
        for role in row.by:
            by = {Role.ASKER: ASKER, Role.NEIGHBOUR: NEIGHBOUR, Role.LIAISON: LIAISON}.get(role)
            last = an_entry(row.event, role, by=by.id if by else LAWYER.id, data=data)
            ticket = a_ticket(state=Status.CLAIMED, assignee=LAWYER.id)
            text = cards.card(a_card(ticket, last=last), NAMES, MONDAY_9AM, WORDS).text
            for person in (ASKER, NEIGHBOUR, LIAISON):
                assert person.name not in text, (row.event, role)
            assert "{" not in text


def test_a_long_question_is_cut_and_says_so() -> None:
    long = Card(
        ticket=a_ticket(state=Status.QUEUED),
        village="白石村",
        question="路" * 5000,
        said=(),
        promises=(),
        last=an_entry(Event.HANDED_UP, Role.LIAISON),
        delivery=None,
    )
    text = cards.card(long, NAMES, MONDAY_9AM, WORDS).text
    assert len(text) < 1300
    assert "（共5000字）" in text


def test_a_refusal_without_any_way_on_says_how_to_begin_anew() -> None:
    nothing, hub = WORDS("refused.nothing_possible"), WORDS("refused.nothing_possible.hub")
    assert rendering.possible([], WORDS, in_hub=False) == nothing
    assert rendering.possible([], WORDS, in_hub=True) == hub
    assert rendering.possible(["claimed", "merged"], WORDS, in_hub=True) == "现在可以：认领。"
