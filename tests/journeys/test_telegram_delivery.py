"""What goes wrong on the way out: told to wait, cut off, unknown, refused, moved, gone."""

from datetime import timedelta
from pathlib import Path

import pytest

from base.boxes import OutboxState
from base.messages import Kind
from bot.sender import MAX_TRIES
from escalation.model import Event, Status
from tests.journeys.telegram_town import ANSWER, RARE, WAGES, TelegramTown, telegram_town
from tests.telegram_server import faults
from tests.telegram_server.world import Chat

REPEATED = "（网络不稳，这条可能重复了）"


def _answers(town: TelegramTown, chat: Chat | None = None) -> list[str]:
    return [text for text in town.texts(chat or town.village) if ANSWER in text]


async def test_a_wait_is_kept_to_the_letter_and_only_in_that_chat(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        await town.in_hub()
        town.server.faults.next(faults.too_many_requests(37), chat_id=town.village.id)
        refused_at = town.clock.now()
        await town.answer()

        # then the hub is served at once, the village not before its time
        assert "送达：正在送" in town.card().text
        await town.wait(seconds=36.9)
        assert _answers(town) == []
        await town.wait(seconds=0.2)
        assert len(_answers(town)) == 1
        tries = [call.at for call in town.sends(town.village) if ANSWER in call.text]
        assert [at - refused_at for at in tries] == [timedelta(0), timedelta(seconds=37)]
        assert "已送到村里" in town.card().text


async def test_a_storm_of_waits_loses_nothing(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        await town.in_hub()
        storm = 3 * MAX_TRIES
        wait = faults.too_many_requests
        town.server.faults.often(lambda: wait(5), times=storm, chat_id=town.village.id)
        await town.answer()
        await town.say(town.li, town.village, WAGES)
        await town.wait(seconds=5 * storm + 5)
        assert len(_answers(town)) == 1
        assert any(text.startswith("老板必须付清") for text in town.texts(town.village))
        assert (await town.story())[-1] is Event.ANSWER_DELIVERED
        assert {item.state for item in await town.outbox()} == {OutboxState.SENT}


async def test_an_hour_without_telegram_loses_no_answer(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        await town.in_hub()
        town.server.people.say(town.chen, town.hub, ANSWER, reply_to=town.card().id)
        await town.server.confirmed()
        async with town.server.unreachable():
            await town.wait(hours=1)
            assert _answers(town) == []
        await town.wait(minutes=15)
        assert _answers(town) == [_answers(town)[0]]
        assert REPEATED not in _answers(town)[0]
        assert "已送到村里" in town.card().text


async def test_an_answer_of_unknown_fate_comes_twice_at_most_and_says_so(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        await town.in_hub()
        town.server.faults.next(faults.dropped(), chat_id=town.village.id)
        await town.answer()
        first, second = _answers(town)
        assert second == first + "\n" + REPEATED
        assert await town.service.store.read(lambda unit: unit.outbox.troubles()) == (0, 1)
        # and buttons of either work
        one = next(seen for seen in town.read(town.village) if seen.text == first)
        assert await town.press(town.zhang, town.village, one, "解决了") == "收到：解决了"


async def test_replies_to_the_copy_we_never_learned_of_find_the_ticket(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        # given a card and an answer that stand twice, the first ones unknown to us
        town.server.faults.next(faults.dropped(), chat_id=town.hub.id)
        await town.in_hub()
        first_card = next(
            seen for seen in town.read(town.hub) if seen.text.startswith("【1号工单】")
        )
        assert first_card.id < town.card().id
        town.server.faults.next(faults.dropped(), chat_id=town.village.id)
        await town.say(town.chen, town.hub, ANSWER, first_card)
        first, _second = (seen for seen in town.all_ours(town.village) if ANSWER in seen.text)

        # when the asker replies to the first answer
        await town.say(town.zhang, town.village, "拍了发给哪个？", first)

        # then it is heard
        assert (await town.ticket()).cycle == 2
        assert "@陈静 1号工单提问人还有疑问：拍了发给哪个？" in town.texts(town.hub)


async def test_after_two_unknown_fates_it_is_given_up_and_the_hub_is_told(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        await town.in_hub()
        town.server.faults.often(faults.dropped, times=5, chat_id=town.village.id)
        await town.answer()
        assert len(_answers(town)) == 2
        assert (await town.story())[-1] is Event.DELIVERY_FAILED
        assert any("1号工单答复没送到村里" in text for text in town.texts(town.hub))


@pytest.mark.parametrize(
    "fault",
    [faults.bad_gateway(performed=True), faults.garbage(), faults.server_error(performed=True)],
    ids=["502", "half an answer", "500"],
)
async def test_a_broken_answer_to_a_performed_call_repeats_at_most_once(
    tmp_path: Path, fault: faults.Fault
) -> None:
    async with telegram_town(tmp_path) as town:
        await town.in_hub()
        town.server.faults.next(fault, chat_id=town.village.id)
        await town.answer()
        await town.wait(minutes=1)
        assert len(_answers(town)) == 2
        assert (await town.story())[-1] is Event.ANSWER_DELIVERED


async def test_a_reminder_of_unknown_fate_is_dropped(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        await town.in_hub()
        await town.wait(hours=2)
        town.server.faults.next(faults.dropped(performed=False), chat_id=town.hub.id)
        await town.wait(minutes=30)
        assert not any("时间过了50%" in text for text in town.texts(town.hub))
        (reminder,) = [item for item in await town.outbox() if item.kind is Kind.REMINDER]
        assert (reminder.state, reminder.ambiguous) == (OutboxState.EXPIRED, 1)
        await town.wait(minutes=18)
        assert any("时间过了80%" in text for text in town.texts(town.hub))


async def test_an_edit_that_was_performed_after_all_is_a_success(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        await town.in_hub()
        town.server.faults.next(faults.dropped(), method="editMessageText", chat_id=town.hub.id)
        await town.press(town.chen, town.hub, town.card(), "认领")
        edits = [call.heard for call in town.server.calls if call.method == "editMessageText"]
        assert any("message is not modified" in heard for heard in edits)
        assert "承办：陈静（答复人）" in town.card().text
        assert len([text for text in town.texts(town.hub) if text.startswith("【1号")]) == 1
        assert (await town.outbox())[-1].state is OutboxState.SENT


async def test_a_deleted_card_is_said_anew_and_works(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        await town.in_hub()
        gone = town.card()
        town.server.people.delete(town.hub, gone.id)
        await town.say(town.chen, town.hub, "认领1")
        card = town.card()
        assert card.id > gone.id
        assert "承办：陈静（答复人）" in card.text
        await town.say(town.chen, town.hub, ANSWER, card)
        assert len(_answers(town)) == 1


async def test_a_deleted_question_is_answered_all_the_same(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        asked = await town.in_hub()
        town.server.people.delete(town.village, asked.id)
        await town.answer()
        assert len(_answers(town)) == 1
        assert town.ours(town.village).text.startswith("张秀兰，")


@pytest.mark.parametrize("how", ["kicked", "left", "deleted", "muted"])
async def test_a_village_that_does_not_take_the_answer_is_shown_to_the_hub(
    tmp_path: Path, how: str
) -> None:
    async with telegram_town(tmp_path) as town:
        await town.in_hub()
        people, bot = town.server.people, town.server.bot.user
        if how == "kicked":
            people.kick_bot(town.village, by=town.wang)
        elif how == "left":
            people.leave(town.village, bot)
        elif how == "deleted":
            people.delete_group(town.village)
        else:
            words = "not enough rights to send text messages to the chat"
            town.server.faults.next(faults.refusal(400, words), chat_id=town.village.id)
        await town.settle()
        await town.answer()

        assert (await town.story())[-1] is Event.DELIVERY_FAILED
        assert (await town.ticket()).state is Status.ANSWERED
        assert "送达：没送到（" in town.card().text
        assert "Forbidden" not in town.card().text
        assert "Bad Request" not in town.card().text
        assert "请打电话或请村长转告。" in town.ours(town.hub).text
        tried = [call for call in town.sends(town.village) if ANSWER in call.text]
        assert len(tried) == 1


async def test_the_hub_hears_when_a_village_throws_us_out(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        town.server.people.kick_bot(town.village, by=town.wang)
        await town.settle()
        assert town.ours(town.hub).text.startswith("白石村的群把我移出去了")

        # and when it takes us in again, all goes on
        town.invite(town.village, by=town.wang)
        await town.in_hub()
        await town.answer()
        assert len(_answers(town)) == 1


async def test_a_dead_hub_never_silences_the_village(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        town.server.people.delete_group(town.hub)
        await town.in_hub()
        await town.say(town.li, town.village, WAGES)
        assert town.ours(town.village).text.startswith("老板必须付清")
        assert await town.parked() == []


async def test_a_revoked_token_stops_the_intake_but_not_the_clocks(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with telegram_town(tmp_path) as town:
        await town.ask(RARE)
        bots = town.server.platform.bots
        token = town.server.bot.token
        await town.server.poll_held()
        revoked = bots.pop(token)
        await town.wait(hours=2, minutes=30)
        assert (await town.ticket()).state is Status.QUEUED
        assert "Telegram does not know the token" in caplog.text
        assert token not in caplog.text

        # when the operator has put it right, what was promised arrives
        bots[token] = revoked
        await town.wait(minutes=15)
        assert town.card().text.startswith("【1号工单】白石村")
        assert any("已转给律师和调解员（1号工单）" in text for text in town.texts(town.village))
