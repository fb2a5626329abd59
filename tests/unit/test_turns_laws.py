"""What holds whatever people and time do? Random stories; each step is looked at (tests.story).

After every step: the row is its journal, exactly the alarms wanted are set, the card is told, no
village reads the hub's words, and no number of a villager leaves the village.
"""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from base.messages import Act, Kind
from bot.facts import NOT_OURS, Decision
from escalation.model import ClockKind, Event, Role, Status, TimerState
from tests.builders import (
    ASKER,
    LAWYER,
    LEAD,
    LIAISON,
    MEDIATOR,
    NEIGHBOUR,
    a_message_of,
    certain,
    likely,
)
from tests.story import BANK_CARD, ID_NUMBER, PHONE, Story

VILLAGERS, HUB_PEOPLE = (ASKER, NEIGHBOUR, LIAISON), (LAWYER, MEDIATOR, LEAD)
SAID_IN_VILLAGE = (
    f"他电话{PHONE}，还没给",
    f"身份证{ID_NUMBER}，怎么办？",
    f"卡号{BANK_CARD}",
    "谢谢",
    "解决了",
    "还有疑问",
    "转给专家",
    "转总群",
    "紧急",
    "1",
    "回复2",
    "都不是",
    "撤回",
    "没帮上忙",
    "问哈村长，又来了",
)
SAID_IN_HUB = (
    "认领",
    "退回",
    "紧急1",
    "1",
    "先找村里调解，带上土地证。",
    "还要去一趟司法所。",
    "备注：去年闹过",
    "补充材料",
    "转给调解员",
    "回避：同村",
    "更正：带上户口簿。",
    "撤回",
    "取消合并",
    "收到",
)
Action = Callable[[Story], Decision]


def _says(story: Story, choice: int) -> Decision:
    if choice % 2:
        who = VILLAGERS[choice // 2 % 3]
        return story.says(who, SAID_IN_VILLAGE[choice // 6 % len(SAID_IN_VILLAGE)])
    return story.says(HUB_PEOPLE[choice // 2 % 3], SAID_IN_HUB[choice // 6 % len(SAID_IN_HUB)])


def _presses(story: Story, choice: int) -> Decision:
    who = (*VILLAGERS, *HUB_PEOPLE)[choice % 6]
    act = list(Act)[choice // 6 % len(Act)]
    return story.presses(who, act, "wages-late" if act is Act.PICK else "")


def _rings(story: Story, choice: int) -> Decision:
    """The next alarm rings, at its due or after a while without electricity."""
    pending = [t for t in story.file.timers if t.state is TimerState.PENDING]
    if not pending:
        return NOT_OURS
    due = min(pending, key=lambda t: (t.due, t.kind, t.step))
    story.now = max(story.now, due.due)
    story.waits(minutes=choice % 90 if choice % 3 == 0 else 0)
    return story.rings(due.kind, due.step)


def _arrives(story: Story, choice: int) -> Decision:
    """The channel's word about the oldest answer it has not spoken of."""
    journal = story.file.journal
    given = sum(e.event is Event.ANSWER_GIVEN for e in journal)
    spoken = sum(e.event in (Event.ANSWER_DELIVERED, Event.DELIVERY_FAILED) for e in journal)
    if given == spoken:
        return NOT_OURS
    return story.undelivered("群已解散") if choice % 4 == 0 else story.delivered()


DOES = (_says, _says, _presses, _rings, _arrives)
STEPS = st.lists(st.integers(0, 10**9), min_size=15, max_size=25)
BEGINS = st.sampled_from(
    [
        lambda story: story.says(ASKER, f"问哈村长，欠钱的是{PHONE}"),
        lambda story: story.says(ASKER, f"问哈村长，工钱，{ID_NUMBER}", verdict=certain()),
        lambda story: story.says(ASKER, "问哈村长，工钱", verdict=likely()),
        lambda story: story.says(
            LIAISON, "转总群", to=a_message_of(ASKER, f"卡{BANK_CARD}"), author=ASKER
        ),
        lambda story: story.says(
            NEIGHBOUR, "紧急", to=a_message_of(ASKER, "打起来了"), author=ASKER
        ),
    ]
)


def _play(begin: Action, steps: list[int]) -> tuple[Story, list[Decision]]:
    """A whole story, and every decision of it."""
    story = Story()
    decisions = [begin(story)]
    for choice in steps:
        story.waits(minutes=choice % 7)
        does = DOES[choice % len(DOES)]
        decisions.append(does(story, choice // len(DOES)))
    return story, decisions


@settings(max_examples=150, deadline=None)
@given(BEGINS, STEPS)
def test_no_story_leaves_a_ticket_half_told(begin: Action, steps: list[int]) -> None:
    story, _ = _play(begin, steps)  # the story itself looks at every step
    assert story.file.ticket.seq == len(story.file.journal)


@settings(max_examples=100, deadline=None)
@given(BEGINS, STEPS)
def test_nobody_waits_in_the_hub_without_a_promise(begin: Action, steps: list[int]) -> None:
    story = Story()
    begin(story)
    for choice in steps:
        DOES[choice % len(DOES)](story, choice // len(DOES))
        if story.file.ticket.state in (Status.QUEUED, Status.CLAIMED):
            kinds = {t.kind for t in story.file.timers if t.state is not TimerState.CANCELLED}
            assert kinds & {"first_answer", "next_answer"}
        if story.file.ticket.state is Status.CLOSED:
            assert set(story.armed()) <= {ClockKind.FOLLOW_UP}


@settings(max_examples=100, deadline=None)
@given(BEGINS, STEPS)
def test_a_refusal_says_something_and_changes_nothing(begin: Action, steps: list[int]) -> None:
    for decision in _play(begin, steps)[1]:
        if decision.ticket is None and decision.ours:
            assert not decision.entries
            assert not decision.timers
            assert not decision.links
            assert all(m.key.endswith(":refused") for m in decision.outgoing)


@settings(max_examples=100, deadline=None)
@given(BEGINS, STEPS)
def test_only_an_answer_of_the_assignee_or_the_liaison_reaches_the_village_as_one(
    begin: Action, steps: list[int]
) -> None:
    story, decisions = _play(begin, steps)
    for decision in decisions:
        answers = [m for m in decision.outgoing if m.kind is Kind.ANSWER]
        carried = (Event.ANSWER_GIVEN, Event.CORRECTED)
        given_by = [e for e in decision.entries if e.event in carried]
        hub_gave = [e for e in given_by if e.role is not Role.LIAISON]
        assert len(answers) == len(hub_gave)
        for entry in hub_gave:
            owners = [
                e
                for e in story.file.journal
                if e.seq < entry.seq and e.event in (Event.CLAIMED, Event.RELEASED)
            ]
            assert owners[-1].event is Event.CLAIMED
            meant = "kept" in entry.data  # its author was asked, and said so
            if entry.event is Event.ANSWER_GIVEN:
                assert meant or owners[-1].by == entry.by
