"""What the bot may say to a question: answer, offer, or nothing."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.guards import contradicts
from knowledge.index import build_index, updated
from knowledge.language import Concept, Elsewhere, Lexicon
from knowledge.likeness import asked, likenesses
from knowledge.matching import match
from knowledge.model import Category, EntryStatus, FaqEntry, Outcome, Source, Verdict
from knowledge.reasons import explain
from storage.shipped_faq import load_entries
from storage.shipped_lexicon import load_lexicon

INDEX = build_index(load_entries(), load_lexicon())
REBUILT = build_index(reversed(load_entries()), load_lexicon())


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


def told(verdict: Verdict) -> tuple[Outcome, list[tuple[str, float]]]:
    likely = [(found.entry.id, round(found.probability, 6)) for found in verdict.candidates]
    return verdict.outcome, likely


def best(verdict: Verdict) -> str | None:
    return verdict.matches[0].entry.id if verdict.matches else None


@pytest.mark.parametrize(
    ("text", "entry_id"),
    [
        ("包工头卷起钱跑了，工钱找哪个要嘛？", "L041"),
        ("问哈村长，一方不同意离婚，怎么起诉，要啥子条件？", "L074"),
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
    verdict = match(INDEX, text)

    assert verdict.outcome is Outcome.SILENT
    assert verdict.matches == ()


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


def test_a_match_says_which_wording() -> None:
    found = match(INDEX, "包工头跑了，工资找谁要？").matches[0]

    assert found.variant == "工地包工头跑了，工资找谁要？"
    assert 0 < found.probability <= 1


def test_matches_come_best_first() -> None:
    verdict = match(INDEX, "工地上老板欠我们工资不给，找哪个要？")

    likely = [found.probability for found in verdict.candidates]
    assert likely == sorted(likely, reverse=True)
    assert {"L040", "L041"} <= {found.entry.id for found in verdict.candidates}


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
    assert match(build_index([], load_lexicon()), "彩礼退不退？").outcome is Outcome.SILENT


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
    assert told(match(REBUILT, text)) == told(match(INDEX, text))


def test_another_grade_is_never_answered() -> None:
    entries = [an_entry("L901", "工伤九级伤残能赔多少钱？"), an_entry("L902", "鸡被偷了怎么办？")]
    index = build_index(entries, load_lexicon())

    assert match(index, "工伤九级伤残能赔多少钱？").outcome is Outcome.ANSWER
    assert match(index, "工伤十级伤残能赔多少钱？").outcome is Outcome.OFFER


def test_the_other_side_of_a_contrast_is_never_answered() -> None:
    sides = (Concept(name="律师费", words=("律师费",)), Concept(name="诉讼费", words=("诉讼费",)))
    lexicon = replace(load_lexicon(), concepts=sides, contrasts=(("律师费", "诉讼费"),))
    index = build_index([an_entry("L901", "打官司的诉讼费要交多少钱？")], lexicon)

    assert match(index, "打官司的诉讼费要交多少钱？").outcome is Outcome.ANSWER
    other = asked(index, "打官司的律师费要交多少钱？")
    found = likenesses(index, other)
    assert found is not None
    assert contradicts(index, other.terms, found.uses[:, 0], int(found.topics[0]))
    assert match(index, other.text).outcome is not Outcome.ANSWER


def test_a_question_nobody_answers_is_never_shown() -> None:
    entries = [an_entry("L901", "鸡被偷了怎么办？"), an_entry("L902", "鸡被狗咬死了谁赔？")]
    strange = (Elsewhere(question="鸡被偷了怎么办理保险？", variants=("偷鸡的保险",)),)
    beside = match(build_index(entries, Lexicon(elsewhere=strange)), "鸡被偷了怎么办保险？")

    assert {found.entry.id for found in beside.candidates} == {"L901", "L902"}


def test_an_updated_index_says_what_one_built_anew_says() -> None:
    old, new = an_entry("L901", "鸡被偷了怎么办？"), an_entry("L901", "鸭子丢了找谁？")
    others = [an_entry("L900", "猪病了谁管？"), an_entry("L902", "牛踩了庄稼谁赔？")]
    index = updated(build_index([*others, old], load_lexicon()), new)
    anew = build_index([*others, new], load_lexicon())

    for text in ("鸡被偷了怎么办？", "鸭子丢了找谁？", "猪病了谁管？", "牛踩庄稼"):
        assert told(match(index, text)) == told(match(anew, text))
    without = updated(index, replace(new, status=EntryStatus.RETIRED))
    never = build_index(others, load_lexicon())
    assert told(match(without, "鸭子丢了找谁？")) == told(match(never, "鸭子丢了找谁？"))


def test_the_words_of_a_question_nobody_answers_are_not_answered() -> None:
    asked = Elsewhere(question="鸡被偷了怎么办？", variants=("偷鸡",))
    index = build_index([an_entry("L901", "鸡被偷了怎么办啊？")], Lexicon(elsewhere=(asked,)))

    assert match(index, "鸡被偷了怎么办？").outcome is Outcome.SILENT


def test_an_exact_variant_makes_its_text_answer() -> None:
    text = "我家那头小水牛翻坎跑到隔壁组头去了咋个要得回来"
    (old,) = (entry for entry in load_entries() if entry.id == "L188")
    with_it = updated(INDEX, replace(old, variants=(*old.variants, text)))

    assert best(match(with_it, text)) == "L188"
    assert match(with_it, text).outcome is Outcome.ANSWER


def test_the_three_best_are_told_whatever_the_outcome() -> None:
    for text in ("彩礼能不能要回来？", "离婚", "隔壁"):
        ids = [found.entry.id for found in match(INDEX, text).candidates]
        assert len(ids) == len(set(ids)) == 3


def test_an_explanation_names_shared_words_meanings_sounds_and_what_the_best_has_more() -> None:
    first, second, _ = explain(INDEX, "成包地村里要收回去，得行不")

    told = " ".join(first.told)
    assert first.entry.id == match(INDEX, "成包地村里要收回去，得行不").candidates[0].entry.id
    assert "相同的字词：" in told
    assert "同一个意思：" in told
    assert "读音相同：" in told
    assert any(reason.startswith("第一个条目多说到：") for reason in second.told)
    assert explain(INDEX, "\x00") == ()
