"""What the bot may say to a question: answer, offer, or nothing."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.calibrate import (
    ANSWER_FROM,
    ANSWER_LEAD,
    ANSWER_TELLING,
    Evidence,
    asks,
    outcome,
    probability,
)
from knowledge.index import build_index
from knowledge.matching import match
from knowledge.model import Category, EntryStatus, FaqEntry, Outcome, Source, Verdict
from knowledge.normalize import Lexicon
from storage.shipped_faq import load_dialect, load_entries

INDEX = build_index(load_entries(), load_dialect())


def an_entry(
    entry_id: str, question: str, status: EntryStatus = EntryStatus.PUBLISHED
) -> FaqEntry:
    return FaqEntry(
        id=entry_id,
        question=question,
        variants=(),
        answer="答",
        steps=(),
        sources=(Source(law="民法典", article=1, checked_on=date(2026, 11, 25)),),
        category=Category.DEBT,
        review_by=date(2027, 11, 25),
        status=status,
    )


def best(verdict: Verdict) -> str | None:
    return verdict.matches[0].entry.id if verdict.matches else None


@pytest.mark.parametrize(
    ("text", "entry_id"),
    [
        ("包工头卷起钱跑了，工钱找哪个要嘛？", "L041"),
        ("狗咬了人，狗主人要赔好多？", "L150"),
        ("没领证，彩礼能不能退？", "L082"),
        ("问哈村长，离婚冷静期是好多天？", "L073"),
        ("儿子不赡养父母怎么办", "L096"),
    ],
)
def test_a_question_in_familiar_words_is_answered(text: str, entry_id: str) -> None:
    verdict = match(INDEX, text)

    assert verdict.outcome is Outcome.ANSWER
    assert best(verdict) == entry_id


@pytest.mark.parametrize(
    ("text", "entry_id"),
    [
        ("我在城头打工，老板两个月没给工资了", "L040"),
        ("嫁到外省去了，娘家的田土还有没得我的", "L004"),
        ("隔壁子把我们那条路挖了，车都过不到", "L140"),
        ("表哥借我一万五，只有微信转账，他不认", "L127"),
        ("请不起律师，镇上有没有免费的？", "L213"),
    ],
)
def test_a_question_in_other_words_finds_its_entry_among_three(text: str, entry_id: str) -> None:
    verdict = match(INDEX, text)

    assert verdict.outcome in {Outcome.ANSWER, Outcome.OFFER}
    assert entry_id in [found.entry.id for found in verdict.matches]
    assert len(verdict.matches) <= 3


@pytest.mark.parametrize(
    "text",
    [
        "今天赶场不",
        "今晚上哪个打麻将，三缺一",
        "明天停水，大家接好水",
        "卖土鸡蛋，一块五一个",
        "祝大家新年快乐，身体健康",
        "收到",
        "谢谢村长",
        "哪个看到我家的猫了",
        "种子补贴的表交到村委会",
        "啷个办",  # a question without a subject
        "要带啥子东西",
        "找哪个部门",
        "你好",
        "🙏",
        "",
    ],
)
def test_chatter_gets_silence(text: str) -> None:
    assert match(INDEX, text) == Verdict(outcome=Outcome.SILENT)


@pytest.mark.parametrize(
    "text",
    [
        "[链接] 被狗咬了怎么赔？律师这样说",  # passed on, not asked
        "【普法】离婚冷静期是多久，怎么协议离婚？",
        "老张家的彩礼都要回来了",  # gossip
    ],
)
def test_what_is_not_asked_is_never_answered(text: str) -> None:
    assert match(INDEX, text).outcome is not Outcome.ANSWER


@pytest.mark.parametrize(
    "text", ["怎么办残疾证", "离婚啷个办", "狗怎么养", "借条掉了咋办", "老板拖欠租金怎么办"]
)
def test_a_topic_in_common_never_makes_an_answer(text: str) -> None:
    assert match(INDEX, text).outcome is not Outcome.ANSWER


def test_a_match_says_which_wording_and_which_words() -> None:
    found = match(INDEX, "包工头跑了，工资找谁要？").matches[0]

    assert found.variant == "工地包工头跑了，工资找谁要？"
    assert "包工头跑了工资找谁要" in found.reasons
    assert 0 < found.probability <= 1


def test_matches_come_best_first() -> None:
    verdict = match(INDEX, "工地上老板欠我们工资不给，找哪个要？")

    likely = [found.probability for found in verdict.matches]
    assert likely == sorted(likely, reverse=True)
    assert {"L040", "L041"} <= {found.entry.id for found in verdict.matches}


@pytest.mark.parametrize("status", [s for s in EntryStatus if s is not EntryStatus.PUBLISHED])
def test_only_published_entries_are_served(status: EntryStatus) -> None:
    index = build_index([an_entry("L900", "鸡被偷了怎么办？", status)], Lexicon())

    assert match(index, "鸡被偷了怎么办？") == Verdict(outcome=Outcome.SILENT)


def test_two_entries_alike_are_offered_in_the_order_of_their_ids_and_never_answered() -> None:
    twins = [an_entry("L902", "鸡被偷了怎么办？"), an_entry("L901", "鸡被偷了怎么办？")]

    verdict = match(build_index(twins, Lexicon()), "鸡被偷了怎么办？")

    assert verdict.outcome is Outcome.OFFER
    assert [found.entry.id for found in verdict.matches] == ["L901", "L902"]


def test_an_index_without_entries_is_silent() -> None:
    assert match(build_index([], load_dialect()), "彩礼退不退？").outcome is Outcome.SILENT


@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "\ud800\udfff",
        "\u202e彩礼能不能要回来？\u202c",
        "彩\u200d礼\u200d能\u200d不\u200d能\u200d要\u200d回\u200d来？",
        "字" * 100_000,
        "彩礼能不能要回来？" + "\n" * 100_000,
        "((((" * 20_000,
        "\ufdfa" * 5_000,
    ],
)
def test_ugly_input_does_no_harm(text: str) -> None:
    verdict = match(INDEX, text)

    assert verdict.outcome is (Outcome.ANSWER if "彩" in text else Outcome.SILENT)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=80))
def test_the_same_question_gets_the_same_verdict_from_an_index_built_anew(text: str) -> None:
    rebuilt = build_index(reversed(load_entries()), load_dialect())

    assert match(rebuilt, text).outcome is match(INDEX, text).outcome
    assert best(match(rebuilt, text)) == best(match(INDEX, text))


SURE = Evidence(
    score=8.0,
    lead=ANSWER_LEAD,
    spelling_lead=0.4,
    foreign=0.0,
    legal=2.0,
    size=2.5,
    telling=ANSWER_TELLING,
    text="怎么办？",
)


def test_probability_rises_with_what_speaks_for_it_and_falls_with_what_is_foreign() -> None:
    weak = replace(SURE, score=0.0)

    assert probability(weak) < probability(replace(weak, score=1.0))
    assert probability(weak) < probability(replace(weak, spelling_lead=0.5))
    assert probability(weak) < probability(replace(weak, legal=2.4))
    assert probability(replace(weak, foreign=1.0)) < probability(weak)


def test_short_of_any_line_even_a_sure_entry_is_only_offered() -> None:
    assert probability(SURE) > ANSWER_FROM
    assert outcome(SURE) is Outcome.ANSWER
    assert outcome(replace(SURE, lead=ANSWER_LEAD - 0.01)) is Outcome.OFFER
    assert outcome(replace(SURE, telling=ANSWER_TELLING - 1)) is Outcome.OFFER
    assert outcome(replace(SURE, text="办了")) is Outcome.OFFER
    assert outcome(replace(SURE, text="【普法】怎么办？")) is Outcome.OFFER


def test_a_question_that_belongs_elsewhere_is_not_answered() -> None:
    entries = [an_entry("L901", "鸡被偷了怎么办？"), an_entry("L902", "鸡被狗咬死了谁赔？")]
    elsewhere = MappingProxyType({"L903": ("鸡被偷了怎么办理保险？",), "L901": ("鸡被偷了？",)})
    alone = match(build_index(entries, Lexicon()), "鸡被偷了怎么办保险？")
    index = build_index(entries, Lexicon(elsewhere=elsewhere))
    beside = match(index, "鸡被偷了怎么办保险？")

    assert [wording.topic for wording in index.wordings] == ["L901", "L902", "L903"]
    assert not beside.matches or beside.matches[0].probability < alone.matches[0].probability


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
