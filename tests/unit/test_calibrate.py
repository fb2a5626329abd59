"""How far the best entry is trusted, and what may be said on the strength of it."""

from dataclasses import replace

import pytest

from knowledge.calibrate import ANSWER_FROM, Evidence, asks, outcome, probability
from knowledge.model import Mode, Outcome

SURE = Evidence(
    share=1.0,
    lead=4.0,
    stranger_lead=6.0,
    meant_cover=1.0,
    ratio=0.9,
    special=1.0,
    votes=1.0,
    uncovered=0.0,
    size=3.6,
    same=False,
    strange=False,
    asks=True,
    excluded=False,
)


def test_probability_rises_with_what_speaks_for_it_and_falls_with_what_is_uncovered() -> None:
    weak = replace(SURE, ratio=0.3, votes=0.3, meant_cover=0.3)

    assert probability(weak) < probability(replace(weak, lead=4.0, ratio=0.5))
    assert probability(weak) < probability(replace(weak, votes=0.8))
    assert probability(replace(weak, stranger_lead=-2.0)) < probability(weak)
    assert probability(replace(weak, uncovered=4.0)) < probability(weak)


def test_short_of_any_line_even_a_sure_entry_is_only_offered() -> None:
    assert probability(SURE) > ANSWER_FROM
    assert outcome(SURE, Mode.ADDRESSED) is Outcome.ANSWER
    assert outcome(replace(SURE, asks=False), Mode.ADDRESSED) is Outcome.OFFER
    assert outcome(replace(SURE, excluded=True), Mode.ADDRESSED) is Outcome.OFFER


def test_whoever_was_not_asked_answers_or_keeps_silent_but_offers_nothing() -> None:
    assert outcome(SURE, Mode.LISTENING) is Outcome.ANSWER
    assert outcome(replace(SURE, asks=False), Mode.LISTENING) is Outcome.SILENT
    assert outcome(replace(SURE, excluded=True), Mode.LISTENING) is Outcome.SILENT


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("啷个办", True),
        ("退得到不", True),
        ("退得到不🙏", True),
        ("能退吗", True),
        ("彩礼退不退", True),
        ("我不去", False),
        ("他走了", False),
        ("点了个链接，钱没得了，啷个办", True),
        ("[链接] 怎么办？", False),
        ("https://example.org 怎么办？", False),
    ],
)
def test_asking_is_told_from_telling(text: str, asked: bool) -> None:
    assert asks(text) is asked
