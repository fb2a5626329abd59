"""Which questions ask the same? And a name or a number never comes along."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from escalation.naming import without_names
from knowledge.index import build_index
from knowledge.matching import match
from knowledge.misses import How, Question, Use, grouped, likenesses
from storage.shipped_faq import load_entries
from storage.shipped_lexicon import load_lexicon

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
INDEX = build_index(load_entries(), load_lexicon())
ASK = partial(match, INDEX)
DRONES = ("无人机打药把我家茶叶熏坏了哪个赔", "打药的无人机把我的茶叶熏坏了，哪个来赔？")
WAGES = ("老板两个月没结工钱", "做了半年工，钱一分没见到")


def question(ticket: int, text: str, asker: int = 0, village: str = "白石村") -> Question:
    at = NOW + timedelta(minutes=ticket)
    return Question(ticket=ticket, village=village, asker=asker or ticket, text=text, at=at)


def texts(questions: Sequence[Question]) -> list[list[str]]:
    return [[one.text for one in group.questions] for group in grouped(questions, INDEX, ASK)]


def test_what_reads_alike_is_one_group_and_comes_first_where_most_people_asked() -> None:
    other = "村口的戏台哪天开戏"
    found = texts([question(1, other), question(2, DRONES[0]), question(3, DRONES[1])])
    assert found == [list(DRONES), [other]]


def test_what_is_near_the_same_entry_is_one_group_whatever_the_words() -> None:
    groups = grouped([question(1, WAGES[0]), question(2, WAGES[1])], INDEX, ASK)
    assert [len(group.questions) for group in groups] == [2]
    assert groups[0].entry == "L040"


def test_people_count_not_how_often_one_of_them_asks() -> None:
    loud = [question(n, DRONES[0], asker=7) for n in (1, 2, 3)]
    two = [question(4, WAGES[0], asker=8), question(5, WAGES[1], asker=9, village="黑石村")]
    first, second = grouped([*loud, *two], INDEX, ASK)
    assert (first.people, len(first.villages), second.people) == (2, 2, 1)


def test_what_was_said_to_be_nothing_for_us_stays_closed_when_asked_again() -> None:
    def opened(settled: How | None) -> bool:
        said = Question(ticket=1, village="村", asker=1, text=DRONES[0], at=NOW, settled=settled)
        (group,) = grouped([said, question(2, DRONES[1])], INDEX, ASK)
        return group.open

    assert opened(None)
    assert opened(How.ENTRY)  # somebody asks beyond what became an entry: look again
    assert not opened(How.NOT_OURS)


@given(st.lists(st.sampled_from([*DRONES, *WAGES, "", "？", "啊"]), max_size=8))
def test_every_question_is_in_one_group(asked: list[str]) -> None:
    questions = [question(n, text) for n, text in enumerate(asked, 1)]
    groups = grouped(questions, INDEX, ASK)
    members = sorted(one.ticket for group in groups for one in group.questions)
    assert members == [one.ticket for one in questions]


def test_likeness_is_between_nothing_and_one_both_ways() -> None:
    found = likenesses([*DRONES, *WAGES, ""], INDEX)
    assert found.shape == (5, 5)
    assert (found >= 0).all()
    assert (found <= 1).all()
    assert (abs(found - found.T) < 1e-5).all()
    assert found[0, 1] > found[0, 2]


def test_the_rate_is_of_those_who_said_anything() -> None:
    assert Use(shown=9, helped=3, unhelpful=1).rate == 0.75
    assert Use(shown=9).rate is None


def test_names_go_the_longest_first_and_what_names_nobody_stays() -> None:
    people = ["张秀", "张秀兰", "王", "", "律师"]
    said = without_names("张秀兰说白石村的张秀欠律师钱，王也在", people, "白石村")
    assert said == "〔姓名〕说〔村名〕的〔姓名〕欠律师钱，王也在"
