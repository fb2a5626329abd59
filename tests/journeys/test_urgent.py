"""紧急, typed by anyone: no window, urgent clocks, the numbers at once."""

from datetime import datetime, timedelta
from pathlib import Path

from escalation.calendar import BEIJING
from escalation.model import Status
from tests.journeys.baishi import baishi

QUESTION = "问哈村长，有人把我堵在屋头要账，不还钱不准出门"
SATURDAY_NIGHT = datetime(2026, 11, 21, 23, 0, tzinfo=BEIJING)


async def test_a_neighbours_urgent_skips_the_window_day_and_night(tmp_path: Path) -> None:
    async with baishi(tmp_path, SATURDAY_NIGHT) as village:
        question = await village.say("li", QUESTION)

        # when a neighbour replies 紧急
        await village.say("zhang", "紧急！", reply_to=question)

        # then it is in the hub, marked, and its clocks run through the night
        card = await village.card()
        assert card.text.startswith("【1号工单】白石村 · 待认领 · 紧急")
        assert "认领：最迟今天23:15" in card.text
        assert "首次答复：最迟明天0:00" in card.text
        assert any(
            "先打110，受伤打120" in message.text for message in await village.chat("village")
        )
        assert any(
            message.text.startswith("@周敏 1号工单标为紧急") for message in await village.both()
        )


async def test_an_unclaimed_urgent_question_alerts_the_duty_lead_in_a_quarter_of_an_hour(
    tmp_path: Path,
) -> None:
    async with baishi(tmp_path, SATURDAY_NIGHT) as village:
        await village.say("li", QUESTION)
        await village.press("li", await village.ours(), "紧急")
        await village.wait(minutes=15)
        assert (await village.ours("hub")).text == "@周敏 1号工单超时没人认领，请安排人。"


async def test_urgent_on_a_message_never_addressed_to_us_makes_it_the_question(
    tmp_path: Path,
) -> None:
    async with baishi(tmp_path) as village:
        words = await village.say("li", "隔壁两口子打起来了，拿刀了")
        await village.say("zhang", "紧急", reply_to=words)
        assert (await village.ticket()).state is Status.QUEUED
        assert "问：隔壁两口子打起来了，拿刀了" in (await village.card()).text


async def test_urgent_alone_means_the_question_that_is_open(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("li", QUESTION)
        await village.say("zhang", "紧急")
        assert (await village.ticket()).urgent_at is not None


async def test_urgent_with_no_question_at_all_names_the_numbers(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("zhang", "紧急")
        assert "有人身危险先打110" in (await village.ours()).text


async def test_urgent_about_what_is_closed_or_nobodys_names_the_numbers_too(
    tmp_path: Path,
) -> None:
    async with baishi(tmp_path) as village:
        # given a question that is closed
        asked = await village.say("li", QUESTION)
        await village.say("li", "撤回", reply_to=asked)

        # when somebody replies 紧急 to it
        await village.say("zhang", "紧急", reply_to=asked)
        assert (await village.ours()).text.startswith(
            "有人身危险先打110，受伤打120。1号工单已经办结"
        )

        # or to a message of ours that belongs to no question
        await village.say("zhang", "紧急", reply_to=await village.ours())
        assert "有人身危险先打110" in (await village.ours()).text


async def test_an_earlier_promise_is_kept_when_a_question_becomes_urgent(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        # given a question five minutes before its claim is due
        await village.say("li", QUESTION)
        await village.press("li", await village.ours(), "转给专家")
        await village.wait(minutes=55)

        # when it becomes urgent
        await village.say("chen", "紧急", reply_to=await village.card())

        # then the claim is still due when it was, the answer within the hour
        card = await village.card()
        assert "认领：最迟今天10:00" in card.text
        assert "首次答复：最迟今天10:55" in card.text
        ticket = await village.ticket()
        assert ticket.urgent_at == village.clock.now() == ticket.opened_at + timedelta(minutes=55)


async def test_a_notice_that_begins_with_the_word_is_none_of_our_business(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("wang", "紧急通知：明天上午停水，大家先接点水。")
        assert await village.inbox() == 0
        assert len(await village.chat("village")) == 1


async def test_urgent_after_our_name_means_the_question_that_is_open(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("li", QUESTION)
        await village.say("li", "问哈村长，紧急")
        assert (await village.ticket()).urgent_at is not None
        assert await village.service.store.read(lambda unit: unit.tickets.find(2)) is None


async def test_a_question_that_begins_with_the_word_is_urgent_at_once(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("li", "问哈村长，紧急！老板又来打人了，工钱不给")
        card = await village.card()
        assert "· 待认领 · 紧急" in card.text
        assert "问：紧急！老板又来打人了" in card.text


async def test_an_urgent_notice_under_our_name_is_a_question_like_any_other(
    tmp_path: Path,
) -> None:
    async with baishi(tmp_path) as village:
        await village.say("li", "问哈村长，紧急情况下拆别个的墙算不算违法")
        assert (await village.ticket()).urgent_at is None
