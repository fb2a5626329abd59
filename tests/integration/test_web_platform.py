"""Does our own platform keep what people write, and hand on only what concerns the bot?"""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base.errors import NotFound, Permanent, Refused
from base.text import MAX_TEXT
from bot.channels.base import Labelled, Post
from bot.channels.web.channel import WebChannel
from tests.integration.web_stage import (
    HUB,
    VILLAGE,
    WANG,
    ZHANG,
    ZHOU,
    Stage,
    a_stage,
    an_open_question,
    settle_in,
)

A_BUTTON = Labelled(label="认领", token="signed")  # noqa: S106 - what a button carries, no secret
QUESTION = "问哈村长,老板欠我工钱不给怎么办?"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    made = a_stage(tmp_path / "wenha.db")
    await made.store.write(settle_in)
    yield made
    made.store.close()


async def test_chatter_stays_on_the_platform_and_nobody_is_met(stage: Stage) -> None:
    await stage.say(ZHANG, "今天赶场不?")
    assert [message.text for message in await stage.shown(VILLAGE)] == ["今天赶场不?"]
    assert await stage.inbox() == []
    assert await stage.store.read(lambda unit: unit.people.find(ZHANG.ref)) is None


async def test_words_addressed_to_us_arrive_in_the_inbox_as_an_update(stage: Stage) -> None:
    message = await stage.say(ZHANG, QUESTION)
    (item,) = await stage.inbox()
    assert (item.key, item.chat) == (f"web:m{message}", VILLAGE)
    incoming = stage.channel.parse(json.loads(item.raw or ""))
    assert (incoming.key, incoming.chat, incoming.text) == (item.key, VILLAGE, QUESTION)
    assert (incoming.sender, incoming.sender_name) == (ZHANG.ref, "张秀兰")
    assert (incoming.at, incoming.reply_to) == (stage.clock.now(), None)


async def test_passing_on_chatter_carries_the_words_and_their_author(stage: Stage) -> None:
    chatter = await stage.say(ZHANG, "我屋头的田遭占了")
    await stage.say(WANG, "转总群", reply_to=chatter)
    (item,) = await stage.inbox()
    replied = stage.channel.parse(json.loads(item.raw or "")).reply_to
    assert replied is not None
    assert (replied.message_id, replied.author) == (str(chatter), ZHANG.ref)
    assert (replied.author_name, replied.text) == ("张秀兰", "我屋头的田遭占了")


async def test_a_reply_to_our_own_message_names_no_author(stage: Stage) -> None:
    card = await stage.card("认领")
    await stage.store.write(lambda unit: an_open_question(unit, ZHANG, 99))
    await stage.say(ZHOU, "认领1", reply_to=card)
    (item,) = await stage.inbox()
    replied = stage.channel.parse(json.loads(item.raw or "")).reply_to
    assert replied is not None
    assert replied.author is None


async def test_a_reply_to_a_question_we_hold_concerns_us(stage: Stage) -> None:
    question = await stage.say(ZHANG, "田边的路")
    await stage.store.write(lambda unit: an_open_question(unit, ZHANG, question))
    await stage.say(WANG, "我家也是", reply_to=question)
    assert [item.key for item in await stage.inbox()] == [f"web:m{question + 1}"]


async def test_a_typed_choice_concerns_us_only_from_somebody_who_asked(stage: Stage) -> None:
    await stage.store.write(lambda unit: an_open_question(unit, ZHANG, 99))
    await stage.say(WANG, "1")
    assert await stage.inbox() == []
    await stage.say(ZHANG, "1")
    assert len(await stage.inbox()) == 1


async def test_the_same_words_sent_twice_under_a_nonce_are_one_message(stage: Stage) -> None:
    sent = [
        await stage.platform.say(VILLAGE, ZHANG.ref, ZHANG.name, text, nonce="n1")
        for text in (QUESTION, QUESTION, "问哈村长,再补一句")
    ]
    assert sent[0] == sent[1]
    assert [message.text for message in await stage.shown(VILLAGE)] == [
        QUESTION,
        "问哈村长,再补一句",  # other words under an old nonce are not lost
    ]


async def test_a_nonce_can_never_stand_for_a_message_of_ours(stage: Stage) -> None:
    await stage.platform.say(VILLAGE, ZHANG.ref, ZHANG.name, "早", nonce="post:k1")
    await stage.channel.post(Post(key="k1", chat=VILLAGE, text="收到"))
    assert [message.text for message in await stage.shown(VILLAGE)] == ["早", "收到"]


@pytest.mark.parametrize("text", ["", "  \n\t ", "\u0000\u202e\u200b"])
async def test_no_words_are_refused(stage: Stage, text: str) -> None:
    with pytest.raises(Refused, match=r"web\.empty"):
        await stage.say(ZHANG, text)


async def test_a_hundred_kilobytes_are_refused_with_both_numbers(stage: Stage) -> None:
    with pytest.raises(Refused, match=r"web\.too_long") as refused:
        await stage.say(ZHANG, "长" * 33_334)
    assert refused.value.facts == {"length": "33334", "limit": str(MAX_TEXT)}
    assert await stage.shown(VILLAGE) == []
    await stage.say(ZHANG, "长" * MAX_TEXT)


async def test_nul_bidi_and_lone_surrogates_do_no_harm(stage: Stage) -> None:
    nasty = "问哈村长,\u0000工钱\ud800\u202e怎么办\u2066"
    await stage.platform.say(VILLAGE, ZHANG.ref, "张\ud800秀兰", nasty, nonce="\udfff")
    (message,) = await stage.shown(VILLAGE)
    assert (message.text, message.author_name) == ("问哈村长,工钱\ufffd怎么办", "张\ufffd秀兰")
    (item,) = await stage.inbox()
    assert stage.channel.parse(json.loads(item.raw or "")).text == message.text


@pytest.mark.parametrize("reply_to", [77, 0, -1, 2**80])
async def test_a_reply_to_no_message_of_this_chat_is_refused(stage: Stage, reply_to: int) -> None:
    with pytest.raises(Refused, match=r"web\.reply_gone"):
        await stage.say(ZHANG, QUESTION, reply_to=reply_to)
    foreign = await stage.card("认领")
    with pytest.raises(Refused, match=r"web\.reply_gone"):
        await stage.say(ZHANG, QUESTION, reply_to=foreign)


async def test_a_press_arrives_with_what_the_button_carried(stage: Stage) -> None:
    card = await stage.card("认领", "退回")
    press = await stage.platform.press(HUB, ZHOU.ref, ZHOU.name, card, 1)
    (item,) = await stage.inbox()
    incoming = stage.channel.parse(json.loads(item.raw or ""))
    assert (item.key, incoming.key) == (f"web:p{press}", f"web:p{press}")
    assert incoming.press is not None
    assert (incoming.press.token, incoming.press.message_id) == ("token-退回", str(card))
    await stage.channel.react(incoming.press.press_id, "收到:退回")
    pressed = await stage.store.read(lambda unit: unit.web.last_press("zhou"))
    assert pressed is not None
    assert pressed.toast == "收到:退回"


@pytest.mark.parametrize(("message", "index"), [(1, 1), (1, -1), (1, 2**70), (2, 0), (2**70, 0)])
async def test_a_button_that_is_not_there_is_not_found(
    stage: Stage, message: int, index: int
) -> None:
    await stage.card("认领")
    with pytest.raises(NotFound):
        await stage.platform.press(HUB, ZHOU.ref, ZHOU.name, message, index)
    with pytest.raises(NotFound):  # a real button, but of another group's message
        await stage.platform.press(VILLAGE, ZHANG.ref, ZHANG.name, 1, 0)
    assert await stage.inbox() == []


async def test_a_button_that_changed_meanwhile_is_not_pressed_by_mistake(stage: Stage) -> None:
    card = await stage.card("退回")
    with pytest.raises(Refused, match=r"web\.button_changed"):
        await stage.platform.press(HUB, ZHOU.ref, ZHOU.name, card, 0, label="认领")
    assert await stage.inbox() == []


async def test_posting_with_the_same_key_is_the_same_message(stage: Stage) -> None:
    post = Post(key="k1", chat=VILLAGE, text="收到")
    assert await stage.channel.post(post) == await stage.channel.post(post)
    assert len(await stage.shown(VILLAGE)) == 1


async def test_an_edit_changes_our_message_in_place_and_marks_it_only_when_it_differs(
    stage: Stage,
) -> None:
    post = Post(key="k1", chat=HUB, text="待认领", buttons=(A_BUTTON,))
    message = await stage.channel.post(post)
    await stage.channel.edit(message, post)
    assert (await stage.shown(HUB))[0].edited_at is None
    await stage.channel.edit(message, Post(key="k2", chat=HUB, text="办理中"))
    (shown,) = await stage.shown(HUB)
    assert (shown.text, shown.buttons, shown.edited_at) == ("办理中", (), stage.clock.now())


@pytest.mark.parametrize("message_id", ["1", "99", "x", "", "9" * 40])
async def test_only_a_message_of_ours_can_be_edited(stage: Stage, message_id: str) -> None:
    await stage.say(ZHANG, "早")
    with pytest.raises(Permanent):
        await stage.channel.edit(message_id, Post(key="k", chat=VILLAGE, text="改"))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["id", "is_bot", "message_id", "chat", "x"]), inner)
    ),
    max_leaves=5,
)
_FIELDS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        (
            "message_id",
            "id",
            "date",
            "chat",
            "from",
            "text",
            "data",
            "message",
            "reply_to_message",
        ),
        _JSON | st.just({"id": "a", "message_id": 3, "chat": {"id": "v"}}) | st.just(1.5),
    ),
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from(["message", "callback_query"]), _FIELDS | _JSON))
def test_absurd_updates_raise_only_what_the_channel_promises(raw: dict[str, Any]) -> None:
    try:
        WebChannel.parse(_UNWIRED, raw)
    except (ValueError, KeyError):
        return


_UNWIRED = WebChannel.__new__(WebChannel)  # parse is pure: it needs neither store nor clock
