"""Does this concern us, and what is it? The whole decision table, row by row."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.messages import Act
from bot import routing
from bot.sieve import Known, concerns_us

NOBODY = Known()
ASKED = Known(has_open=True)
HELD = Known(replies_to_held=True)
HUB = Known(is_hub=True)
UNSETTLED = Known(unsettled=True)
HUB_HELD = Known(is_hub=True, replies_to_held=True)


def a_raw(text: str = "", *, reply_to: int | None = None) -> dict[str, Any]:
    """A raw update with a message, as channels send it."""
    message: dict[str, Any] = {"message_id": 1, "from": {"id": 7}, "text": text}
    if reply_to is not None:
        message["reply_to_message"] = {"message_id": reply_to}
    return {"update_id": 1, "message": message}


PRESS = {"update_id": 1, "callback_query": {"id": "9", "from": {"id": 7}, "data": "x"}}


@pytest.mark.parametrize(
    ("text", "reply_to", "known", "ours"),
    [
        # what the village talks about among itself
        ("今天赶场不？", None, NOBODY, False),
        ("", None, NOBODY, False),
        ("我去问哈村长再说", None, NOBODY, False),  # the words, but not at the start
        ("村长在不在？", None, NOBODY, False),
        ("紧急通知：明天停水", None, NOBODY, False),
        ("紧急集合", None, NOBODY, False),
        ("认领", None, NOBODY, False),
        ("1", None, NOBODY, False),
        ("谢谢", None, NOBODY, False),
        ("好的", 5, NOBODY, False),  # a reply to somebody's chatter
        ("解决了", 5, NOBODY, False),
        # what it belongs to may not be handled yet
        ("先找村委会", 5, UNSETTLED, True),
        ("转给专家", None, UNSETTLED, True),
        ("今天赶场不？", None, UNSETTLED, False),
        # called by a wake word, also as voice input writes it
        ("问哈村长，老板欠我工钱", None, NOBODY, True),
        ("问哈 老板欠我工钱", None, NOBODY, True),
        ("问哈村长", None, NOBODY, True),
        ("文哈村长，老板欠我工钱", None, NOBODY, True),
        ("文哈，老板欠我工钱", None, NOBODY, True),
        ("问一哈，老板欠我工钱", None, NOBODY, True),
        ("问下村长，老板欠我工钱", None, NOBODY, True),
        ("闻哈村长，老板欠我工钱", None, NOBODY, True),
        ("问蛤村长，老板欠我工钱", None, NOBODY, True),
        ("  \n问哈村长，老板欠我工钱", None, NOBODY, True),
        ("\u202e问哈村长，老板欠我工钱", None, NOBODY, True),  # a bidi mark in front
        # called by name
        ("老板欠我工钱 @问哈村长", None, NOBODY, True),
        ("@问哈村长 老板欠我工钱", None, NOBODY, True),
        # urgent is heard from anybody, anywhere
        ("紧急", None, NOBODY, True),
        ("紧急！", None, NOBODY, True),
        ("【紧急】", None, NOBODY, True),
        ("紧急", 5, NOBODY, True),
        # the gesture that passes on what was never addressed to us
        ("转总群", 5, NOBODY, True),
        ("转总群。", 5, NOBODY, True),
        ("问哈村长", 5, NOBODY, True),
        ("转总群", None, NOBODY, False),  # nothing is pointed at, nothing is open
        # a reply to what we hold or said
        ("他还骂人", 5, HELD, True),
        ("谢谢", 5, HELD, True),
        # a typed choice of somebody who was asked to choose
        ("1", None, ASKED, True),
        ("１", None, ASKED, True),
        ("回复2", None, ASKED, True),
        ("解决了", None, ASKED, True),
        ("转给专家", None, ASKED, True),
        ("12", None, ASKED, False),
        ("今天赶场不？", None, ASKED, False),
        # the hub: replies to cards and numbered acts, no chatter, no questions
        ("先找村里调解", 5, HUB_HELD, True),
        ("认领3", None, HUB, True),
        ("认领 #3", None, HUB, True),
        ("退回3号", None, HUB, True),
        ("认领", None, HUB, False),
        ("今天哪个值班？", None, HUB, False),
        ("今天哪个值班？", 5, HUB, False),
        ("问哈村长，这个怎么办", None, HUB, False),
        ("1", None, HUB, False),
    ],
)
def test_only_what_is_meant_for_us_is_kept(
    text: str, reply_to: int | None, known: Known, ours: bool
) -> None:
    assert concerns_us(a_raw(text, reply_to=reply_to), known) is ours


@pytest.mark.parametrize("known", [NOBODY, HUB])
def test_a_press_is_always_ours(known: Known) -> None:
    assert concerns_us(PRESS, known)


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"update_id": 1},
        {"message": None},
        {"message": "text"},
        {"edited_message": "改了"},
        {"callback_query": None, "message": 3},
    ],
)
def test_what_cannot_be_read_is_kept_to_be_sure(raw: dict[str, Any]) -> None:
    assert concerns_us(raw, NOBODY)


@pytest.mark.parametrize(
    "message",
    [
        {"text": None},
        {"text": 7, "from": None},
        {"text": ["问哈村长"], "from": "7"},
        {"photo": [{}]},
        {"text": "好", "reply_to_message": None},
    ],
)
def test_a_message_without_readable_words_is_no_call(message: dict[str, Any]) -> None:
    assert not concerns_us({"message": message}, NOBODY)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("今天赶场不？" * 17_000, False),  # more than 100 kB
        ("问哈村长，" + "我家的路遭占了。" * 5_000, True),
        ("谢谢" * 25_000, False),
        ("@" * 100_000, False),
        ("\x00问哈村长\x00，钱没给", True),
        ("\ud800问哈村长，钱没给", False),  # a lone surrogate in front is another sign
        ("问哈村长，\udfff钱没给", True),
        ("\u2066问\u200b哈村长\u2069，钱没给", True),
        ("\x00\u202e\ud83d", False),
    ],
)
def test_broken_and_endless_texts_are_judged_like_any_other(text: str, ours: bool) -> None:
    raw = json.loads(json.dumps(a_raw(text)))
    assert concerns_us(raw, NOBODY) is ours


@given(st.text())
def test_no_words_make_it_stumble(text: str) -> None:
    for known in (NOBODY, ASKED, HUB):
        assert concerns_us(a_raw(text), known) in (True, False)
        assert concerns_us(a_raw(text, reply_to=5), known) in (True, False)
    assert routing.says_nothing(text) in (True, False)
    assert routing.without_call(routing.without_call(text)) is not None


@given(st.text(alphabet="谢多感好的嗯你了收到要得晓知道么，。！ok👍", max_size=300))
def test_thanks_are_told_from_words_at_once_however_they_are_mixed(text: str) -> None:
    assert routing.says_nothing(text) in (True, False)


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("谢谢", True),
        ("谢谢您！", True),
        ("多谢村长", True),
        ("好的，谢谢律师", True),
        ("谢谢陈律师！", True),
        ("多谢罗调解员，辛苦了", True),
        ("好，请律师", False),
        ("要得，找陈律师", False),
        ("谢谢，向律师", False),
        ("嗯嗯", True),
        ("OK", True),
        ("👍👍", True),
        ("谢谢，钱还没给", False),
        ("谢谢，怎么办？", False),
        ("好，几时来？", False),
        ("不好", False),
        ("收到一张传票", False),
        ("谢" * 60 + "但是钱还没给", False),
    ],
)
def test_thanks_say_nothing_unless_something_follows(text: str, nothing: bool) -> None:
    assert routing.says_nothing(text) is nothing


@pytest.mark.parametrize(
    ("text", "act", "ticket"),
    [
        ("认领", Act.CLAIM, None),
        ("认领3", Act.CLAIM, 3),
        ("认领 # 3 号", Act.CLAIM, 3),
        ("认领３号工单", Act.CLAIM, 3),
        ("退回12。", Act.RELEASE, 12),
        ("紧急1号", Act.URGENT, 1),
        ("“解决了”", Act.SOLVED, None),
        ("解决了没", None, None),
        ("认领吧", None, None),
        ("认领1234567890", None, None),
        ("解决了3", None, None),
    ],
)
def test_a_label_is_typed_alone_or_with_its_tickets_number(
    text: str, act: Act | None, ticket: int | None
) -> None:
    assert (routing.typed(text), routing.ticket_number(text)) == (act, ticket)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("９", 9),
        ("①", 1),
        ("回复 2", 2),
        ("选3。", 3),
        ("0", None),
        ("10", None),
        ("1个", None),
    ],
)
def test_a_choice_is_typed_as_its_number(text: str, number: int | None) -> None:
    assert routing.number(text) == number


@pytest.mark.parametrize(
    ("text", "solved"),
    [
        ("人走了，解决了", True),
        ("解决了！", True),
        ("没解决了", False),
        ("解决了吗？", False),
        ("还未解决了", False),
        ("解决了再说", False),
    ],
)
def test_words_that_end_by_saying_it_is_settled_settle_it(text: str, solved: bool) -> None:
    assert routing.says_solved(text) is solved


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("问哈村长，老板欠钱", "老板欠钱"),
        ("问哈村长：问哈", "问哈"),
        ("老板欠钱@问哈村长", "老板欠钱"),
        ("问哈村长！！", ""),
        ("我问哈村长", "我问哈村长"),
    ],
)
def test_the_question_is_what_remains_without_the_call(text: str, asked: str) -> None:
    assert routing.without_call(text) == asked
