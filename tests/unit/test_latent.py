"""Directions from the company words keep: near where words differ, the same however summed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.errors import ConfigError
from knowledge.index import build_index, updated
from knowledge.language import Language
from knowledge.latent import LATENT, Latent, written
from knowledge.likeness import asked
from knowledge.terms import MEANT
from storage.shipped_faq import load_entries
from storage.shipped_lexicon import load_lexicon
from storage.shipped_words import read_latent

ENTRIES = load_entries()
INDEX = build_index(ENTRIES, load_lexicon())
CHARACTERS = st.text(st.sampled_from("离婚工资地租老人娃儿打官司欠钱的了"), max_size=40)


def along(text: str, entry: str) -> float:
    """Return the cosine between a question and an entry."""
    (topic,) = (at for at, one in enumerate(INDEX.topics) if one.entry and one.entry.id == entry)
    return float(INDEX.directions[topic] @ INDEX.latent.of_text(asked(INDEX, text).terms))


def test_a_question_points_to_the_entry_of_its_matter() -> None:
    (wages,) = (entry.id for entry in ENTRIES if entry.question == "老板拖欠工资怎么办？")
    (bride,) = (entry.id for entry in ENTRIES if entry.question == "彩礼能不能要回来？")

    assert along("工头不给血汗钱", wages) > along("工头不给血汗钱", bride) + 0.3
    assert (
        along("女方反悔了，送的钱退不退", bride) > along("女方反悔了，送的钱退不退", wages) + 0.3
    )


@given(CHARACTERS)
def test_a_direction_has_length_one_or_none(text: str) -> None:
    length = float(np.linalg.norm(INDEX.latent.of_text(asked(INDEX, text).terms)))

    assert length == pytest.approx(1, abs=1e-5) or length == 0


@given(st.lists(CHARACTERS, min_size=1, max_size=5))
def test_the_direction_of_a_topic_is_that_of_its_one_wording(texts: list[str]) -> None:
    for text in texts:
        own = asked(INDEX, text).terms
        alone = INDEX.latent.of_topics(own, np.zeros(1, dtype=np.int32), 1)[0]
        assert np.allclose(alone, INDEX.latent.of_text(own), atol=1e-5)


def test_an_updated_index_has_the_directions_of_one_built_anew() -> None:
    again = updated(INDEX, ENTRIES[7])
    order = {one.entry.id: at for at, one in enumerate(again.topics) if one.entry}

    for at, topic in enumerate(INDEX.topics):
        if topic.entry:
            same = again.directions[order[topic.entry.id]]
            assert np.allclose(same, INDEX.directions[at], atol=1e-5)


def test_every_term_of_the_file_is_known_and_written_as_it_is_read() -> None:
    lexicon = load_lexicon()
    language = Language(lexicon)
    assert len(lexicon.latent) > 1000
    for term in list(lexicon.latent)[:200]:
        one = Latent({term: lexicon.latent[term]}, language)
        assert [written(int(code) - MEANT, language) for code in one.codes] == [term]
    assert not len(Latent({"{没有的概念}": bytes(LATENT)}, language).codes)


@pytest.mark.parametrize("line", ["地", "地\tAAAA", "地\t不是编码", "地\t" + "A" * 87 + "!"])
def test_a_broken_direction_is_told_with_its_line(line: str) -> None:
    with pytest.raises(ConfigError, match=r"d.tsv 第3行"):
        read_latent("d.tsv", f"# 头\n\n{line}")


def test_a_direction_given_twice_is_told() -> None:
    good = "地\t" + "A" * 84 + "AA=="
    assert read_latent("d.tsv", good) == {"地": bytes(LATENT)}
    with pytest.raises(ConfigError, match="第2行"):
        read_latent("d.tsv", f"{good}\n{good}")
