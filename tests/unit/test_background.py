"""How common a piece of text is, and what the two word files of matching may hold."""

import pytest

from base.errors import ConfigError
from knowledge.background import Background
from storage.shipped_faq import load_dialect, load_entries
from storage.shipped_words import read_background, read_elsewhere

BACKGROUND = load_dialect().background


def test_a_common_character_is_less_rare_than_a_telling_pair() -> None:
    assert BACKGROUND.rarity("的") < 0.2
    assert BACKGROUND.rarity("的") < BACKGROUND.rarity("担保") < BACKGROUND.rarity("野猪") <= 1
    assert Background().rarity("的") == 1


def test_a_legal_question_leans_towards_law_and_a_greeting_does_not() -> None:
    assert BACKGROUND.legal("老板拖欠工资怎么办") > 1
    assert BACKGROUND.legal("今天天气不错") < 0.5
    assert BACKGROUND.legal("") == BACKGROUND.legal("我") == Background().legal("工资") == 0


def test_no_question_with_an_answer_stands_among_those_without() -> None:
    served = {entry.id for entry in load_entries()}

    assert served.isdisjoint(load_dialect().elsewhere)


@pytest.mark.parametrize("line", ["的", "的\t1", "的\t1\tx", "的的的\t1\t2", "的\t1\t2\n的\t1\t2"])
def test_a_broken_count_is_told_with_its_line(line: str) -> None:
    with pytest.raises(ConfigError, match=r"b.tsv 第\d行"):
        read_background("b.tsv", f"# 字\n\n{line}")


@pytest.mark.parametrize(
    "text",
    ["", "- 1", "L001: 问法", "L001: []", "L001: [1]", "l1: [问法]", "5: [问法]", "{", "\x00"],
)
def test_broken_questions_without_an_answer_are_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"e.yaml"):
        read_elsewhere("e.yaml", text)
