"""What follows in the village from words and presses? Decisions as pure values."""

from datetime import timedelta

import pytest

from base.messages import Act, Toast, ToHub, ToVillage
from bot.facts import NOT_OURS
from escalation.model import ClockKind, Event, Person
from tests.builders import (
    ASKER,
    LAWYER,
    LIAISON,
    MEDIATOR,
    NEIGHBOUR,
    a_message_of,
    certain,
    likely,
    monday,
)
from tests.story import BANK_CARD, ID_NUMBER, PHONE, WORDS, Story, journalled, texts

QUESTION = "问哈村长，隔壁占了我家的路"
FENCE = a_message_of(NEIGHBOUR, "我家的界石遭人挪了")


def asked() -> Story:
    """A question the village sees first."""
    story = Story()
    story.says(ASKER, QUESTION)
    return story


def answered() -> Story:
    """A question a lawyer answered, and the answer has arrived."""
    story = asked()
    story.says(LIAISON, "转总群")
    story.says(LAWYER, "路是大家的，先找村里调解。")
    story.delivered()
    return story


def test_a_question_the_faq_is_sure_of_is_answered_under_it() -> None:
    story = Story()
    decision = story.says(ASKER, "问哈村长，老板欠我工钱", verdict=certain())
    assert journalled(decision) == ["asked", "faq_answered"]
    (reply,) = decision.outgoing
    assert isinstance(reply, ToVillage)
    assert reply.words.reply_to == story.file.question == "101"
    assert [b.label for b in reply.words.buttons] == ["有用", "没帮上忙"]
    assert "能要回来。" in reply.words.text
    assert "依据：《劳动法》第50条" in reply.words.text
    assert set(story.armed()) == {ClockKind.QUIET}


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_likely_question_is_offered_with_up_to_three_candidates(count: int) -> None:
    story = Story()
    decision = story.says(ASKER, "问哈村长，工钱", verdict=likely(count))
    (reply,) = decision.outgoing
    assert isinstance(reply, ToVillage)
    assert [b.act for b in reply.words.buttons] == [Act.PICK] * count + [Act.NONE_FITS]
    assert story.armed() == {ClockKind.OFFER: monday("9:10")}


def test_what_the_asker_picks_is_answered_and_the_offer_shows_it() -> None:
    story = Story()
    story.says(ASKER, "问哈村长，工钱", verdict=likely(3))
    decision = story.says(ASKER, "回复2")
    assert story.file.ticket.faq == "wages-contract"
    answer, edited = texts(decision)
    assert "能要回来。" in answer
    assert edited.endswith("✓ 没签合同怎么要工钱？")


def test_none_fits_goes_to_the_hub_with_a_promise() -> None:
    story = Story()
    story.says(ASKER, "问哈村长，工钱", verdict=likely(3))
    decision = story.presses(ASKER, Act.NONE_FITS)
    assert story.state == "queued"
    assert "最迟今天15:00前有人回你" in texts(decision, ToVillage)[0]
    assert texts(decision, Toast) == ["收到：都不是"]


def test_a_question_nobody_knows_goes_to_the_village_first() -> None:
    story = Story()
    (reply,) = story.says(ASKER, QUESTION).outgoing
    assert isinstance(reply, ToVillage)
    assert reply.words.text.startswith("收到。先请村长和乡亲看看，今天9:30前没人答就转给律师。")
    assert "有人身危险先打110" in reply.words.text
    assert [b.label for b in reply.words.buttons] == ["转给专家", "紧急"]
    assert story.armed() == {ClockKind.WINDOW: monday("9:30")}


def test_a_liaison_makes_any_message_the_question_and_its_author_the_asker() -> None:
    story = Story()
    decision = story.says(LIAISON, "转总群", to=FENCE, author=NEIGHBOUR)
    assert journalled(decision) == ["asked", "handed_up"]
    assert story.file.ticket.asker == NEIGHBOUR.id
    assert story.file.question == FENCE.message_id
    card, promise = decision.outgoing
    assert isinstance(card, ToHub)
    assert "我家的界石遭人挪了" in card.words.text
    assert isinstance(promise, ToVillage)
    assert promise.words.reply_to == FENCE.message_id


def test_a_neighbour_may_not_pass_on_what_somebody_else_said() -> None:
    decision = Story().says(ASKER, "转总群", to=FENCE, author=NEIGHBOUR)
    assert texts(decision) == [WORDS("refused.only_liaison")]
    assert decision.ticket is None


def test_anybody_may_call_us_under_a_message_and_the_village_sees_it_first() -> None:
    story = Story()
    story.says(ASKER, "问哈村长", to=FENCE, author=NEIGHBOUR)
    assert (story.state, story.file.ticket.asker) == ("in_village", NEIGHBOUR.id)


@pytest.mark.parametrize(
    ("author", "text", "key"),
    [(None, "收到。", "refused.nobodys_message"), (NEIGHBOUR, "", "refused.empty_question")],
)
def test_what_is_no_question_of_anybody_cannot_be_passed_on(
    author: Person | None, text: str, key: str
) -> None:
    decision = Story().says(LIAISON, "转总群", to=a_message_of(author, text), author=author)
    assert texts(decision) == [WORDS(key)]


@pytest.mark.parametrize("who", [ASKER, NEIGHBOUR, LIAISON])
def test_anybody_may_say_it_is_urgent_and_the_window_is_skipped(who: Person) -> None:
    story = asked()
    decision = story.says(who, "紧急")
    assert journalled(decision) == ["marked_urgent", "handed_up"]
    assert story.armed() == {
        ClockKind.CLAIM: monday("9:15"),
        ClockKind.FIRST_ANSWER: monday("10:00"),
        ClockKind.RESOLUTION: monday("16:00", days=7),
    }
    assert "110，受伤打120" in texts(decision, ToVillage)[0]
    card, alert = texts(decision, ToHub)
    assert "紧急" in card
    assert alert == "@周组长 1号工单标为紧急，最迟今天10:00前要有人答。"


def test_urgent_under_a_message_never_addressed_to_us_makes_it_the_question() -> None:
    story = Story()
    story.says(ASKER, "紧急", to=FENCE, author=NEIGHBOUR)
    assert (story.state, story.file.ticket.asker) == ("queued", NEIGHBOUR.id)


def test_urgent_once_is_enough() -> None:
    story = asked()
    story.says(NEIGHBOUR, "紧急")
    decision = story.says(ASKER, "紧急！")
    assert texts(decision) == [WORDS("refused.already_urgent", ticket=1)]
    assert decision.ticket is None


@pytest.mark.parametrize("text", ["紧急", "问哈村长", "问哈村长，紧急"])
def test_a_call_without_a_question_is_told_how_to_ask(text: str) -> None:
    decision = Story().says(ASKER, text)
    assert texts(decision) == [WORDS("village.how_to_ask")]
    assert "110" in texts(decision)[0]
    assert decision.ticket is None


@pytest.mark.parametrize("act", [Act.SOLVED, Act.ASK_AGAIN, Act.HELPFUL])
def test_the_asker_alone_decides_about_the_answer(act: Act) -> None:
    decision = answered().presses(NEIGHBOUR, act)
    assert texts(decision, Toast) == [WORDS("refused.only_asker")]
    assert decision.ticket is None


def test_a_neighbour_may_not_hand_up_somebody_elses_question() -> None:
    assert texts(asked().presses(NEIGHBOUR, Act.TO_EXPERT)) == [
        WORDS("refused.only_asker_or_liaison")
    ]


def test_a_forged_button_does_nothing_and_says_so() -> None:
    decision = answered().presses_on(ASKER, None)
    assert texts(decision, Toast) == [WORDS("refused.forged")]
    assert decision.ticket is None


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("解决了", Event.CONFIRMED),
        ("解决了。", Event.CONFIRMED),
        ("问哈村长，解决了", Event.CONFIRMED),
        ("1", Event.CONFIRMED),
        ("１", Event.CONFIRMED),
        ("回复1", Event.CONFIRMED),
        ("人走了，解决了", Event.CONFIRMED),
        ("还有疑问", Event.ASKED_AGAIN),
        ("2", Event.ASKED_AGAIN),
        ("回复2", Event.ASKED_AGAIN),
        ("选２", Event.ASKED_AGAIN),
        ("撤回", Event.WITHDRAWN),
        ("还没解决了嘛？", Event.ASKED_AGAIN),  # words, and no 解决了
    ],
)
def test_every_button_can_be_typed(text: str, event: Event) -> None:
    assert journalled(answered().says(ASKER, text)) == [event]


def test_a_number_that_is_no_choice_is_refused() -> None:
    decision = answered().says(ASKER, "回复3")
    assert texts(decision) == [WORDS("refused.no_such_choice", number=3)]


@pytest.mark.parametrize("text", ["谢谢", "谢谢村长！", "要得，晓得了", "👍", "好的好的", "7"])
def test_thanks_and_stray_numbers_change_nothing(text: str) -> None:
    story = answered()
    story.choices.clear()
    assert story.says(ASKER, text) == NOT_OURS


@pytest.mark.parametrize("text", ["谢谢，钱还没给", "好，怎么办？", "他还是不让我过"])
def test_the_askers_words_after_an_answer_ask_again(text: str) -> None:
    story = answered()
    decision = story.says(ASKER, text)
    assert journalled(decision) == ["asked_again"]
    ticket = story.file.ticket
    assert (ticket.state, ticket.cycle, ticket.last_assignee) == ("queued", 2, LAWYER.id)
    assert texts(decision, ToHub)[1] == f"@陈静 1号工单提问人还有疑问：{text}"
    assert texts(decision, ToVillage) == ["好，律师接着看（1号工单），最迟今天15:00前回你。"]
    assert set(story.armed()) == {ClockKind.CLAIM, ClockKind.NEXT_ANSWER, ClockKind.RESOLUTION}


def test_what_a_neighbour_says_is_kept_for_the_hub_and_stops_nothing() -> None:
    story = asked()
    decision = story.says(NEIGHBOUR, "这条路早就有了")
    assert journalled(decision) == ["neighbour_said"]
    assert decision.outgoing == ()
    assert story.armed() == {ClockKind.WINDOW: monday("9:30")}
    card = story.says(LIAISON, "转总群").outgoing[0]
    assert isinstance(card, ToHub)
    assert "乡亲说（今天9:00）：这条路早就有了" in card.words.text
    assert NEIGHBOUR.name not in card.words.text


def test_a_liaisons_words_answer_while_the_village_has_the_first_word() -> None:
    story = asked()
    decision = story.says(LIAISON, "明天我去看")
    assert journalled(decision) == ["answer_given", "answer_delivered"]
    assert story.state == "answered"
    assert set(story.armed()) == {ClockKind.SILENT, ClockKind.FOLLOW_UP}
    (reply,) = decision.outgoing
    assert isinstance(reply, ToVillage)
    assert [b.label for b in reply.words.buttons] == ["解决了", "还有疑问"]


def test_the_askers_solved_ends_the_window() -> None:
    story = asked()
    story.says(ASKER, "解决了")
    assert (story.state, story.file.ticket.reason) == ("closed", "solved")
    assert story.armed() == {}


def test_an_act_the_state_does_not_allow_is_told_what_is_possible_instead() -> None:
    decision = asked().says(ASKER, "还有疑问")
    assert texts(decision) == [
        "1号工单现在是“村里先看”，这一步做不了。现在可以：转给专家、解决了、撤回。"
    ]
    assert decision.ticket is None


def test_a_question_closed_long_ago_is_asked_anew() -> None:
    story = answered()
    story.says(ASKER, "解决了")
    story.now += timedelta(days=30)
    assert story.says(ASKER, "又来占了").ticket is not None
    story = answered()
    story.says(ASKER, "解决了")
    story.now += timedelta(days=31)
    decision = story.says(ASKER, "又来占了")
    assert texts(decision) == [WORDS("refused.too_late_to_reopen", ticket=1)]


@pytest.mark.parametrize("text", ["今天赶场不？", "紧急通知：明天停水", "", "认领"])
def test_chatter_is_none_of_our_business(text: str) -> None:
    assert Story().says(ASKER, text) == NOT_OURS


def test_numbers_of_people_stay_in_the_village() -> None:
    story = Story()
    story.says(ASKER, f"问哈村长，{PHONE}这个人欠钱，身份证{ID_NUMBER}")
    story.says(NEIGHBOUR, f"打到{BANK_CARD}")
    story.says(ASKER, f"我的电话{PHONE}")
    decision = story.says(LIAISON, "转总群")  # the story itself looks for them everywhere
    card = texts(decision, ToHub)[0]
    assert "〔手机号〕这个人欠钱，身份证〔身份证号〕" in card
    assert "打到〔银行卡号〕" in card
    story.says(MEDIATOR, "认领1")
    assert "我的卡〔银行卡号〕" in texts(story.says(ASKER, f"我的卡{BANK_CARD}"), ToHub)[1]
