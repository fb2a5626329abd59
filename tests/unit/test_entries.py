"""The shipped entries hold what a village may rely on; broken files say everything at once."""

from collections import Counter

import pytest

from base.errors import ConfigError
from base.wording import Wording
from knowledge.index import build_index
from knowledge.language import Language
from knowledge.matching import match
from knowledge.model import ANSWER_LIMIT, STEPS_LIMIT, Category, EntryStatus, FaqEntry, Outcome
from knowledge.normalize import normalise
from storage.shipped_faq import load_entries, read_entries
from storage.shipped_lexicon import load_lexicon, read_dialect

ENTRIES = load_entries()
LEXICON = load_lexicon()
LANGUAGE = Language(LEXICON)
INDEX = build_index(ENTRIES, LEXICON)
WORDINGS = [(entry, text) for entry in ENTRIES for text in (entry.question, *entry.variants)]

GOOD = """
- id: L900
  question: 鸡被偷了怎么办？
  variants: [鸡遭偷了, 鸡不见了, 哪个偷了我的鸡, 鸡被摸走了, 鸡圈空了]
  answer: 打110报警。
  steps: [先不要动现场]
  sources: [{law: 民法典, article: 238, checked_on: 2026-11-25}]
  category: neighbours
  review_by: 2027-11-25
  status: published
"""


def test_the_order_is_that_of_the_ids() -> None:
    assert [entry.id for entry in ENTRIES] == sorted({entry.id for entry in ENTRIES})


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_an_entry_is_short_sourced_and_due_for_review_later(entry: FaqEntry) -> None:
    assert entry.status is EntryStatus.PUBLISHED
    assert 0 < len(entry.answer) <= ANSWER_LIMIT
    assert 0 < len(entry.steps) <= STEPS_LIMIT
    assert len(entry.variants) >= 8
    assert entry.sources
    assert all(source.checked_on < entry.review_by for source in entry.sources)


@pytest.mark.parametrize("category", Category)
def test_every_topic_is_served_and_has_a_word_for_the_hub(category: Category) -> None:
    assert category in {entry.category for entry in ENTRIES}
    assert Wording().has(f"category.{category}")


DANGEROUS = {"L109", "L112", "L239"}
DANGER = [e for e in ENTRIES if e.category is Category.VIOLENCE or e.id in DANGEROUS]


@pytest.mark.parametrize("entry", DANGER, ids=lambda entry: entry.id)
def test_violence_is_sent_to_the_police_and_never_to_a_mediator(entry: FaqEntry) -> None:
    said = entry.answer + "".join(entry.steps)

    assert "110" in said
    assert "调解" not in said
    assert "说和" not in said


def test_no_two_wordings_are_the_same_once_normalised() -> None:
    counted = Counter(normalise(text, LANGUAGE).standard for _, text in WORDINGS)

    assert [text for text, count in counted.items() if count > 1] == []


def test_every_wording_is_answered_by_its_own_entry() -> None:
    said = [(entry.id, text, match(INDEX, text)) for entry, text in WORDINGS]
    wrong = [
        (own, text)
        for own, text, verdict in said
        if verdict.outcome is not Outcome.ANSWER or verdict.matches[0].entry.id != own
    ]

    assert wrong == []


def test_a_good_file_is_read() -> None:
    (entry,) = read_entries({"a.yaml": GOOD})

    assert entry.id == "L900"
    assert entry.sources[0].article == 238


def test_all_problems_are_told_at_once_with_file_entry_key_found_and_allowed() -> None:
    bad = (
        GOOD.replace("category: neighbours", "category: chicken")
        .replace("打110报警。", "长" * 121)
        .replace("review_by: 2027-11-25", "review_by: 明年")
        .replace("鸡被摸走了", "鸡遭偷了")
        .replace("status: published", "status: published\n  colour: red")
    )

    with pytest.raises(ConfigError) as caught:
        read_entries({"a.yaml": bad, "b.yaml": "- [1", "c.yaml": "id: L901"})

    told = "\n".join(caught.value.problems)
    assert "a.yaml L900 category：写的是 chicken，应当是其中之一：land、wages" in told
    assert "a.yaml L900 answer：" in told
    assert "应当是1到120个字的文字" in told
    assert "a.yaml L900 review_by：写的是 明年" in told
    assert "a.yaml L900 variants：鸡遭偷了 写了两次" in told
    assert "a.yaml L900 colour：" in told
    assert "b.yaml 第" in told
    assert "c.yaml 整个文件" in told
    assert len(caught.value.problems) == 7


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("id: L900", "id: 900", "id"),
        ("id: L900", "id: l900", "id"),
        ("  question: 鸡被偷了怎么办？\n", "", "question"),
        ("checked_on: 2026-11-25", "checked_on: 2026-11-25 10:00:00", "checked_on"),
        ("article: 238", "article: 0", "sources.article"),
        ("article: 238", "article: true", "sources.article"),
        ("law: 民法典, ", "", "law"),
        ("sources: [{", "sources: []\n  note: [{", "sources"),
        ("[先不要动现场]", "[一, 二, 三, 四]", "steps"),
        ("[先不要动现场]", "[1, 二]", "steps"),
        ("review_by: 2027-11-25", "review_by: 2026-11-25", "review_by"),
        ("鸡圈空了]", "'']", "variants"),
    ],
)
def test_each_rule_has_its_problem(old: str, new: str, key: str) -> None:
    assert old in GOOD

    with pytest.raises(ConfigError, match=f" {key}："):
        read_entries({"a.yaml": GOOD.replace(old, new)})


@pytest.mark.parametrize(
    "text", ["", "null", "3", "[]", "- 5", "- {}", "- [x]", "\ud800", "a: \x00"]
)
def test_odd_files_are_refused_without_a_crash(text: str) -> None:
    if text == "[]":
        assert read_entries({"a.yaml": text}) == ()
    else:
        with pytest.raises(ConfigError):
            read_entries({"a.yaml": text})


def test_an_id_in_two_files_is_told() -> None:
    with pytest.raises(ConfigError, match="L900 写了两次"):
        read_entries({"a.yaml": GOOD, "b.yaml": GOOD})


def test_a_word_list_with_a_form_twice_is_refused() -> None:
    text = """
dialect: [{standard: 甲, forms: [子]}, {standard: 乙, forms: [子]}]
fillers: [你好]
framing: [什么]
"""
    with pytest.raises(ConfigError, match="forms：子 写了两次"):
        read_dialect("d.yaml", text)
    assert read_dialect("d.yaml", text.replace("乙, forms: [子]", "乙, forms: [丑]")).dialect


@pytest.mark.parametrize("text", ["", "- 1", "dialect: x", "dialect: [1]", "fillers: {", "\x00"])
def test_a_broken_word_list_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        read_dialect("d.yaml", text)
