"""Long text: cut at lines and between what people see as characters, never losing a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.text import clip, parts, units

FAMILY, FLAG, ACCENT, THUMB = "👨‍👩‍👧", "🇨🇳", "é", "👍🏽"


@pytest.mark.parametrize("sign", [FAMILY, FLAG, ACCENT, THUMB, "字", "𠮷"])
def test_no_cut_goes_through_what_is_seen_as_one_character(sign: str) -> None:
    for limit in range(20, 40):
        found = parts(sign * 30, limit)
        assert "".join(found) == sign * 30
        assert all(units(part) <= limit for part in found)
        assert all(part.replace(sign, "") == "" for part in found)


def test_a_line_end_within_reach_is_where_the_cut_goes() -> None:
    assert parts("一二三四\n五六七八\n九", 10) == ("一二三四\n五六七八", "九")


def test_a_line_end_far_away_is_not() -> None:
    assert parts("一\n" + "二" * 20, 10)[0] == "一\n" + "二" * 8


def test_more_marks_than_any_letter_has_are_cut_all_the_same() -> None:
    flood = "e" + "\u0301" * 500
    found = parts(flood, 100)
    assert "".join(found) == flood
    assert max(map(units, found)) <= 100


def test_blank_parts_are_left_out() -> None:
    found = parts("甲" + " " * 50 + "乙", 10)
    assert [part.strip() for part in found] == ["甲", "乙"]


@given(st.text(), st.integers(min_value=2, max_value=50))
def test_parts_keep_every_word_and_their_order(text: str, limit: int) -> None:
    found = parts(text, limit)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(units(part) <= limit for part in found) or not text.strip()


def test_a_clipped_text_says_how_long_it_was() -> None:
    assert clip("字" * 20, 5) == "字字字字字……（共20字）"
    assert clip(FAMILY * 3, 9) == FAMILY + "……（共15字）"
    assert clip("短", 5) == "短"
