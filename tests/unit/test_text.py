"""Is text harmless once it was cleaned?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.text import clean, clip, units

HARMFUL = st.sampled_from("\x00\r\n\t \u202e\ud800")
ANYTHING = st.lists(st.characters() | HARMFUL).map("".join)


@given(ANYTHING)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(ANYTHING)
def test_clean_text_can_always_be_stored(text: str) -> None:
    assert clean(text).encode("utf-8").decode("utf-8") == clean(text)
    assert "\x00" not in clean(text)


@given(st.lists(st.sampled_from(["路", "占了", " ", "\t", "👨‍👩‍👧", "1"]), min_size=1))
def test_harmless_text_stays_as_it_was_typed(words: list[str]) -> None:
    text = "".join(words).strip()
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("一\n二\n\n三", "一\n二\n\n三"),
        ("一\r\n二\r三", "一\n二\n三"),
        ("一\t二", "一\t二"),
        ("  \n一\n ", "一"),
        ("一\x00二\x07三\x1b[31m", "一二三[31m"),
        ("\u202e反\u202c的\u2066\u2069", "反的"),
        ("零\u200b宽\ufeff", "零宽"),
        ("半个\ud83d字", "半个\ufffd字"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),  # a family is one sign
        ("\x00\u202e\u200b", ""),
    ],
)
def test_line_breaks_stay_and_what_nobody_sees_goes(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text(), st.integers(1, 50))
def test_a_cut_text_keeps_its_beginning_and_says_how_long_it_was(text: str, limit: int) -> None:
    found = clip(text, limit)
    if units(text) <= limit:
        assert found == text
    else:
        kept = found.removesuffix(f"……（共{len(text)}字）")
        assert kept != found
        assert text.startswith(kept)
        assert units(kept) <= limit
