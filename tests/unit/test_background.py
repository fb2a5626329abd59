"""How common a piece of text is, and what the word files of matching may hold."""

import numpy as np
import pytest

from base.errors import ConfigError
from knowledge.background import Background, number
from storage.shipped_lexicon import load_lexicon
from storage.shipped_words import read_concepts, read_counts, read_elsewhere, read_sounds

BACKGROUND = load_lexicon().background


def rarity(piece: str, background: Background = BACKGROUND) -> float:
    return float(background.rarities(np.array([number(piece)], dtype=np.int64))[0])


def test_a_common_character_is_less_rare_than_a_telling_pair() -> None:
    assert rarity("的") < 0.2
    assert rarity("的") < rarity("担保") < rarity("野猪") <= 1
    assert rarity("的", Background()) == 1
    assert BACKGROUND.rarity_of_any(("的", "担保")) < BACKGROUND.rarity_of_any(("担保",)) < 1


def test_a_legal_word_leans_towards_law_and_one_of_chat_does_not() -> None:
    assert BACKGROUND.leaning("起诉") > 2
    assert BACKGROUND.leaning("哈哈") < 0


@pytest.mark.parametrize("line", ["的", "的\t1", "的\t1\tx", "的\t1\t2\n的\t1\t2"])
def test_a_broken_count_is_told_with_its_line(line: str) -> None:
    with pytest.raises(ConfigError, match=r"b.tsv 第\d行"):
        read_counts("b.tsv", f"# 字\n\n{line}")


@pytest.mark.parametrize("line", ["a", "a\t", "a\t啊\nb\t啊"])
def test_a_broken_sound_is_told_with_its_line(line: str) -> None:
    with pytest.raises(ConfigError, match=r"s.tsv 第\d行"):
        read_sounds("s.tsv", line)


@pytest.mark.parametrize("text", ["", "a: 1", "- {}", "- {question: x}", "- [1]", "{", "\x00"])
def test_broken_questions_without_an_answer_are_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"e.yaml"):
        read_elsewhere({"e.yaml": text})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- 1",
        "other: []",
        "concepts: [{name: 甲}]",
        "concepts: [{name: 甲, words: []}]",
        "concepts: [{name: 甲, words: [甲]}]\ncontrasts: [[甲]]",
        "concepts: [{name: 甲, words: [甲]}]\ncontrasts: [[甲, 乙]]",
    ],
)
def test_broken_concepts_are_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        read_concepts({"c.yaml": text})


def test_a_concept_in_two_files_is_one() -> None:
    found = read_concepts(
        {
            "a.yaml": "concepts: [{name: 工资, words: [工资]}]",
            "b.yaml": "concepts: [{name: 工资, words: [工钱]}]",
        }
    )

    assert [concept.words for concept in found.concepts] == [("工资", "工钱")]


def test_no_word_means_two_concepts() -> None:
    words = [word for concept in load_lexicon().concepts for word in concept.words]

    assert len(words) == len(set(words))
