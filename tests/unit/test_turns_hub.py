"""What follows in the hub from words and presses? Decisions as pure values."""

from dataclasses import replace

import pytest

from base.messages import Act, Button, Kind, Toast, ToHub, ToStranger, ToVillage
from bot.facts import NOT_OURS
from escalation.model import Event, Person
from tests.builders import (
    ASKER,
    HUB_CHAT,
    LAWYER,
    LEAD,
    LIAISON,
    MEDIATOR,
    a_message,
)
from tests.story import WORDS, Story, journalled, texts


def queued() -> Story:
    """A question on the hub's table."""
    story = Story()
    story.says(ASKER, "问哈村长，隔壁占了我家的路")
    story.says(LIAISON, "转总群")
    return story


def claimed() -> Story:
    """A question the lawyer works on, since 9:10."""
    story = queued()
    story.waits(minutes=10)
    story.presses(LAWYER, Act.CLAIM)
    return story


def test_the_card_in_the_hub_offers_to_claim_and_shows_no_villagers_name() -> None:
    card = queued().decision.outgoing[0]
    assert isinstance(card, ToHub)
    assert (card.kind, card.words.slot) == (Kind.CARD, "card:1")
    assert [b.label for b in card.words.buttons] == ["认领", "为什么这时到期"]
    assert "隔壁占了我家的路" in card.words.text
    assert ASKER.name not in card.words.text


@pytest.mark.parametrize("text", ["认领", "认领1", "认领 #1", "认领１号", "1", "回复1"])
def test_a_card_is_claimed_by_press_or_by_typing(text: str) -> None:
    story = queued()
    assert journalled(story.says(LAWYER, text)) == ["claimed"]
    assert story.file.ticket.assignee == LAWYER.id
    assert "承办：陈静（律师）" in texts(story.decision, ToHub)[0]


def test_a_press_is_answered_with_a_toast_and_typing_with_the_card_alone() -> None:
    story = queued()
    assert texts(story.presses(LAWYER, Act.CLAIM), Toast) == ["收到：认领"]
    assert len(queued().says(LAWYER, "认领").outgoing) == 1


def test_the_second_to_claim_is_told_who_was_first_and_when() -> None:
    story = claimed()
    story.waits(hours=24)
    decision = story.presses(MEDIATOR, Act.CLAIM)
    assert texts(decision) == ["1号工单昨天9:10已由陈静（律师）认领。"]
    assert decision.ticket is None
    assert story.file.ticket.assignee == LAWYER.id


def test_claiming_twice_is_not_refused_as_somebody_elses() -> None:
    assert texts(claimed().presses(LAWYER, Act.CLAIM)) == [
        WORDS("refused.claimed_by_you", ticket=1)
    ]


def test_an_answer_arrives_under_the_question_with_the_profession_and_not_the_name() -> None:
    story = claimed()
    decision = story.says(LAWYER, "路是大家的。")
    assert journalled(decision) == ["answer_given"]
    answer = decision.outgoing[1]
    assert isinstance(answer, ToVillage)
    assert (answer.kind, answer.words.reply_to) == (Kind.ANSWER, story.file.question)
    assert answer.words.text.startswith("张秀兰，律师答复你：\n路是大家的。")
    assert LAWYER.name not in answer.words.text
    assert [b.label for b in answer.words.buttons] == ["解决了", "还有疑问"]


def test_answering_an_unclaimed_ticket_claims_it() -> None:
    story = queued()
    assert journalled(story.says(MEDIATOR, "我来调解")) == ["claimed", "answer_given"]
    assert story.file.ticket.assignee == MEDIATOR.id


@pytest.mark.parametrize("who", [MEDIATOR, LEAD])
def test_an_answer_by_somebody_else_is_sent_only_once_its_author_says_it_is_meant(
    who: Person,
) -> None:
    story = claimed()
    decision = story.says(who, "我看不对")
    assert journalled(decision) == ["noted"]
    assert not texts(decision, ToVillage)
    asked = decision.outgoing[-1]
    assert isinstance(asked, ToHub)
    assert "1号工单由陈静（律师）承办" in asked.words.text
    send, drop = asked.words.buttons
    assert (send.label, drop.label) == ("还是发出去", "不发了")

    # nobody else can send it
    assert texts(story.presses_on(LAWYER, send)) == [WORDS("refused.not_your_answer")]

    # its author can, once
    sent = story.presses_on(who, send)
    assert journalled(sent) == ["answer_given"]
    assert f"{who.profession}答复你：\n我看不对" in texts(sent, ToVillage)[0]
    assert texts(story.presses_on(who, send)) == [WORDS("refused.not_your_answer")]


def test_an_answer_kept_back_may_be_dropped_by_typing() -> None:
    story = claimed()
    story.says(MEDIATOR, "我看不对")
    dropped = story.says(MEDIATOR, "2")
    assert journalled(dropped) == ["noted"]
    assert not texts(dropped, ToVillage)


def test_a_second_answer_is_an_addition() -> None:
    story = claimed()
    story.says(LAWYER, "路是大家的。")
    story.delivered()
    decision = story.says(LAWYER, "还要带上土地证。")
    assert "律师补充" in texts(decision, ToVillage)[0]
    assert story.state == "answered"


def test_a_note_stays_in_the_hub() -> None:
    story = claimed()
    decision = story.says(MEDIATOR, "备注：这家人去年闹过")
    assert journalled(decision) == ["noted"]
    assert not texts(decision, ToVillage)
    assert story.state == "claimed"


@pytest.mark.parametrize(
    "label", ["有用", "没帮上忙", "都不是", "转给专家", "转总群", "解决了", "还有疑问"]
)
def test_the_villages_own_choices_are_none_of_the_hubs(label: str) -> None:
    decision = claimed().says(LAWYER, label)
    assert not texts(decision, ToVillage)
    assert decision.ticket is None
    assert len(texts(decision, ToHub)) == 1


def test_thanks_in_the_hub_are_no_answer() -> None:
    assert claimed().says(LAWYER, "收到，谢谢") == NOT_OURS


@pytest.mark.parametrize(("who", "allowed"), [(LAWYER, True), (LEAD, True), (MEDIATOR, False)])
def test_only_the_assignee_or_the_duty_lead_gives_a_ticket_back(
    who: Person, allowed: bool
) -> None:
    story = claimed()
    decision = story.says(who, "退回")
    if allowed:
        assert journalled(decision) == ["released"]
        assert "上次承办：陈静（律师）" in texts(decision, ToHub)[0]
    else:
        assert texts(decision) == [
            WORDS("refused.only_holder", ticket=1, who="陈静（律师）", what="退回")
        ]
    assert (story.state == "queued") == allowed


def test_urgent_in_the_hub_alerts_the_leads() -> None:
    story = queued()
    decision = story.says(LAWYER, "紧急1")
    assert journalled(decision) == ["marked_urgent"]
    assert texts(decision, ToHub)[1].startswith("@周组长 1号工单标为紧急")
    assert texts(story.says(MEDIATOR, "紧急1")) == [WORDS("refused.already_urgent", ticket=1)]


def test_urgent_in_the_hub_skips_the_village_window_too() -> None:
    story = Story()
    story.says(ASKER, "问哈村长，隔壁占了我家的路")
    story.says(LAWYER, "紧急1")
    assert story.state == "queued"


def test_a_forged_button_does_nothing_and_says_so() -> None:
    decision = queued().presses_on(LAWYER, None)
    assert texts(decision, Toast) == [WORDS("refused.forged")]
    assert decision.ticket is None


def test_a_ticket_of_another_hub_is_not_worked_here() -> None:
    story = queued()
    elsewhere = replace(story.file.ticket, hub=2)
    story.dossier = replace(story.file, ticket=elsewhere)
    assert texts(story.says(LAWYER, "认领1")) == [WORDS("refused.not_in_hub", ticket=1)]


def test_a_number_that_names_no_ticket_is_told_so_and_other_talk_is_not_ours() -> None:
    assert texts(Story().says(LAWYER, "认领99")) == [WORDS("refused.unknown")]
    assert Story().says(LAWYER, "今天哪个值班？") == NOT_OURS


def test_a_number_beyond_the_cards_buttons_is_refused() -> None:
    assert texts(queued().says(LAWYER, "3")) == [WORDS("refused.no_such_choice", number=3)]


def test_a_closed_ticket_takes_no_answer() -> None:
    story = claimed()
    story.says(ASKER, "解决了")
    decision = story.says(LAWYER, "路是大家的。")
    assert decision.ticket is None
    assert not texts(decision, ToVillage)
    assert "已办结" in texts(decision, ToHub)[0]


def test_what_the_asker_adds_is_told_to_who_works_on_it() -> None:
    decision = claimed().says(ASKER, "他还骂人")
    assert journalled(decision) == ["asker_added"]
    assert texts(decision, ToHub)[1] == "@陈静 1号工单提问人补充：他还骂人"
    assert not texts(decision, ToVillage)


def test_the_card_tells_how_far_the_answer_got() -> None:
    story = claimed()
    story.says(LAWYER, "路是大家的。")
    assert "送达：正在送" in texts(story.decision, ToHub)[0]
    story.delivered()
    assert "送达：今天9:10 已送到村里" in texts(story.decision, ToHub)[0]


def test_an_answer_the_channel_will_not_take_is_told_to_who_gave_it() -> None:
    story = claimed()
    story.says(LAWYER, "路是大家的。")
    card, alert = texts(story.undelivered("群已解散"), ToHub)
    assert "送达：没送到（群已解散）" in card
    assert alert.startswith("@陈静 1号工单答复没送到村里（群已解散）")
    assert story.file.journal[-1].event is Event.DELIVERY_FAILED
    assert story.armed()  # the promise runs on: nobody has been answered


def test_a_button_of_the_hub_pressed_in_the_village_does_nothing() -> None:
    story = queued()
    decision = story.presses_on(ASKER, Button(label="认领", act=Act.CLAIM, ticket=1))
    assert texts(decision, Toast) == [WORDS("refused.unknown")]


def test_a_chat_that_is_neither_village_nor_hub_gets_one_line_and_then_silence() -> None:
    story = queued()
    message = a_message("认领1", by=LAWYER, chat=replace(HUB_CHAT, chat_id="elsewhere"))
    given = replace(story.facts(message, LAWYER), hub=None)
    first = story.decides(given)
    assert [type(said) for said in first.outgoing] == [ToStranger]
    assert (first.ours, first.ticket) == (False, None)
    assert story.decides(replace(given, greeted=True)) == NOT_OURS
