"""Both readings of a question, and the ugly things people send."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.language import Concept, DialectWord, Language, Lexicon
from knowledge.normalize import CONSIDERED, letters_and_digits, normalise
from storage.shipped_lexicon import load_lexicon

LANGUAGE = Language(load_lexicon())


def test_dialect_is_added_and_the_own_words_stay() -> None:
    readings = normalise("老板不给工钱啷个办", LANGUAGE)

    assert readings.plain == "老板不给工钱啷个办"
    assert readings.standard == "老板不给工资怎么办"


def test_the_longer_dialect_word_wins() -> None:
    lexicon = Lexicon(
        dialect=(
            DialectWord(standard="怎么", forms=("啷个",)),
            DialectWord(standard="怎么办", forms=("啷个整",)),
        )
    )

    assert normalise("啷个整", Language(lexicon)).standard == "怎么办"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("问哈村长，彩礼退不退？", "彩礼退不退"),  # the wake word
        ("你好，请问 彩礼 退不退！！谢谢", "彩礼退不退"),  # politeness
        ("彩礼退不退", "彩礼退不退"),
        ("彩\u200b礼\u202e退\ufeff不退", "彩礼退不退"),  # zero-width and bidi marks
        ("彩礼\x00退不退\ud800", "彩礼退不退"),  # NUL and a lone surrogate
        ("ＡＢＣ１２３", "abc123"),  # full width
        ("🙏🙏😭", ""),
        ("你好", ""),
        ("", ""),
    ],
)
def test_noise_goes_and_the_question_stays(text: str, left: str) -> None:
    assert normalise(text, LANGUAGE).plain == left


def test_only_the_first_characters_are_considered() -> None:
    assert len(letters_and_digits("地" * 100_000)) == CONSIDERED
    assert len(letters_and_digits("\ufdfa" * 100_000)) <= CONSIDERED  # one sign, 18 letters


def test_an_empty_lexicon_changes_nothing() -> None:
    readings = normalise("请问啷个办", Language(Lexicon()))

    assert readings.plain == readings.standard == readings.meant == "请问啷个办"


def test_traditional_characters_are_read_as_simplified_ones() -> None:
    assert normalise("離婚冷靜期是幾天", LANGUAGE) == normalise("离婚冷静期是几天", LANGUAGE)


def test_words_of_one_concept_mean_the_same_however_they_are_spelt_or_heard() -> None:
    concepts = (Concept(name="承包地", words=("承包地", "责任田")),)
    sounds = {char: at for at, char in enumerate("承包地责任田", start=1)} | {"成": 1}
    language = Language(Lexicon(concepts=concepts, sounds=sounds))

    meant = {normalise(text, language).meant for text in ("收承包地", "收责任田", "收成包地")}

    assert len(meant) == 1


def test_a_sign_that_has_no_sound_is_not_heard_as_another() -> None:
    language = Language(Lexicon(concepts=(Concept(name="补偿", words=("n+1",)),)))

    assert normalise("abc", language).meant == "abc"


@given(st.text(alphabet=st.characters(codec=None), max_size=200))
def test_whatever_is_sent_only_letters_and_digits_are_left(text: str) -> None:
    readings = normalise(text, LANGUAGE)

    assert all(unicodedata.category(char)[0] in "LN" for char in readings.plain)
    assert normalise(readings.plain, LANGUAGE) == readings
    assert len(readings.plain) <= CONSIDERED
