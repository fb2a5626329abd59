"""What comes in wrongly: twice, out of order, unreadable, unknown, with media, polled by two."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.channels.telegram.receive import Poller
from escalation.model import Event, Status
from tests.journeys.telegram_running import By, both_ways
from tests.journeys.telegram_town import ANSWER, RARE, WAGES, TelegramTown, telegram_town
from tests.telegram_server import faults
from tests.telegram_server.world import Chat, User
from wenha.serve import telegram_channel


def _raw_chat(chat: Chat) -> dict[str, Any]:
    return {"id": chat.id, "type": "supergroup", "title": chat.title}


def _poison(town: TelegramTown, chat: Chat, who: User) -> dict[str, Any]:
    """A message addressed to us without the date that every message has."""
    sender = {"id": who.id, "is_bot": False, "first_name": who.first_name}
    said = {"message_id": 900, "chat": _raw_chat(chat), "from": sender, "text": RARE}
    return {"message": said}


@both_ways
async def test_poison_is_parked_after_three_tries_and_the_next_one_handled(
    tmp_path: Path, by: By
) -> None:
    async with telegram_town(tmp_path, by) as town:
        # given an update nobody can read, and a question behind it in the same chat
        town.odd(_poison(town, town.village, town.li))
        await town.settle()
        await town.ask(WAGES)
        assert await town.tickets() == []

        # then other chats go on meanwhile
        await town.press(town.chen, town.hub, town.hub_welcome(), "律师")

        # and after three tries the question has its turn
        await town.wait(seconds=10)
        assert await town.parked() == ["KeyError"]
        assert town.ours(town.village).text.startswith("老板必须付清")


BROKEN: tuple[dict[str, Any], ...] = (
    {"callback_query": {"id": "7", "from": {"id": 1, "is_bot": False, "first_name": "李"}}},
    {"callback_query": 5},
    {"message": "words"},
    {"message": {"chat": {"id": "no number"}, "text": RARE}},
    {"my_chat_member": {}},
    {"message": {"text": ["问哈村长"], "reply_to_message": [1], "from": "me"}},
    {},
)


@both_ways
async def test_no_update_however_broken_stops_the_others(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        for number, body in enumerate(BROKEN, 1):
            town.odd(body)
            await town.ask(WAGES)
            await town.wait(seconds=10)
            assert len(await town.tickets()) == number
            assert town.ours(town.village).text.startswith("老板必须付清")
        assert 1 <= len(await town.parked()) <= len(BROKEN)


@both_ways
async def test_kinds_we_do_not_know_are_counted_and_not_kept(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        kept = len(await town.kept())
        for kind in ("paid_shiny_thing", "paid_shiny_thing", "channel_post"):
            town.odd({kind: {"words": RARE}})
        await town.settle()
        assert town.running.intake.ignored["paid_shiny_thing"] == 2
        assert town.running.intake.ignored["channel_post"] == 1
        assert len(await town.kept()) == kept


async def test_the_same_update_again_changes_nothing(tmp_path: Path) -> None:
    async with telegram_town(tmp_path, By.WEBHOOK) as town:
        hook = town.server.bot.hook
        assert hook is not None
        hook.repeats = 1
        await town.in_hub()
        hook.repeats = 1
        await town.press(town.chen, town.hub, town.card(), "认领")
        hook.repeats = 1
        await town.answer()
        assert len([text for text in town.texts(town.village) if ANSWER in text]) == 1
        assert len(await town.tickets()) == 1
        story = await town.story()
        assert story.count(Event.CLAIMED) == story.count(Event.ANSWER_GIVEN) == 1


async def test_a_batch_that_comes_again_by_polling_changes_nothing(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        # given updates taken twice, as after a stop between commit and confirmation
        await town.server.poll_held()
        await town.running.stop()
        town.server.people.say(town.zhang, town.village, RARE)
        raws = [update.shown() for update in town.server.bot.queue.waiting]
        await town.running.start()
        await town.settle()
        await town.running.intake.take(raws)
        await town.running.done()
        assert len(await town.tickets()) == 1
        assert len(town.all_ours(town.village)) == 3  # the greeting, the welcome, the receipt


async def test_a_reply_that_comes_before_its_question_is_not_lost_for_good(
    tmp_path: Path,
) -> None:
    async with telegram_town(tmp_path) as town:
        # given a press that overtakes the asker's further words
        await town.ask()
        receipt = town.ours(town.village)
        people = town.server.people
        people.say(town.zhang, town.village, "还有，桥也断了", reply_to=receipt.id)
        people.press(town.zhang, town.village, receipt.id, "转给专家")
        waiting = town.server.bot.queue.waiting
        waiting.reverse()
        await town.settle()

        # then both have their effect
        assert (await town.ticket()).state is Status.QUEUED
        assert "补充（今天12:00）：还有，桥也断了" in town.card().text


@both_ways
async def test_what_we_do_not_carry_is_named_on_the_card_with_its_place(
    tmp_path: Path, by: By
) -> None:
    async with telegram_town(tmp_path, by) as town:
        asked = await town.in_hub()
        people, media = town.server.people, town.server.people.media
        sent = {
            "[语音 12 秒]": media.voice(12),
            "[照片]": media.photo("这是挖的地方"),
            "[文件 合同.pdf]": media.document("合同.pdf"),
            "[视频 5 秒]": media.video(5),
            "[位置]": media.location(29.3, 107.7),
        }
        for content in sent.values():
            people.send(town.zhang, town.village, content, reply_to=asked)
        await town.settle()
        card = town.card().text
        link = f"https://t.me/c/{str(town.village.id)[4:]}/"
        for name in sent:
            assert f"{name} {link}" in card
        assert "这是挖的地方" in card


@both_ways
async def test_an_album_names_every_part(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        asked = await town.in_hub()
        people = town.server.people
        for photo in people.media.album(3, "三张照片"):
            people.send(town.zhang, town.village, photo, reply_to=asked)
        await town.settle()
        assert town.card().text.count("[照片] https://t.me/c/") == 3
        assert await town.parked() == []


async def test_a_photo_may_be_the_question(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        people = town.server.people
        people.send_photo(town.zhang, town.village, RARE)
        await town.settle()
        await town.press(town.zhang, town.village, town.ours(town.village), "转给专家")
        assert "[照片] https://t.me/c/" in town.card().text

        voice = people.send_voice(town.li, town.village, 20)
        await town.say(town.wang, town.village, "转总群", voice)
        assert "问：[语音 20 秒] https://t.me/c/" in town.card(2).text


async def test_a_basic_group_has_no_links_and_names_it_all_the_same(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        people = town.server.people
        chat = people.group("青龙村", owner=town.li, members=(town.zhang,))
        town.invite(chat, by=town.li)
        await town.say(town.li, chat, f"/bind {town.code_for_village('青龙村')}")
        people.send_photo(town.zhang, chat, RARE)
        await town.settle()
        await town.say(town.zhang, chat, "转给专家")
        assert "[照片]\n" in town.card().text


async def test_media_of_neighbours_that_nobody_asked_for_is_not_kept(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        kept = len(await town.kept())
        people = town.server.people
        for send in (people.send_voice, people.send_sticker, people.send_photo):
            send(town.li, town.village)
        people.send_album(town.li, town.village)
        people.send_document(town.chen, town.hub, "诉状.pdf")
        await town.settle()
        assert len(await town.kept()) == kept
        assert await town.parked() == []


@both_ways
async def test_a_voice_answer_of_the_hub_is_refused_with_a_sentence(
    tmp_path: Path, by: By
) -> None:
    async with telegram_town(tmp_path, by) as town:
        await town.in_hub()
        before = len(town.read(town.village))
        people = town.server.people
        voice = people.media.voice(30)
        people.send(town.chen, town.hub, voice, reply_to=town.card().id)
        await town.settle()
        assert town.ours(town.hub).text.startswith("语音、照片还带不到村里，这条没有发出去。")
        assert len(town.read(town.village)) == before
        assert (await town.ticket()).state is Status.QUEUED


async def test_a_sticker_under_an_answer_is_no_new_question(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        await town.in_hub()
        await town.answer()
        people = town.server.people
        answer = town.ours(town.village)
        people.send(town.zhang, town.village, people.media.sticker("👍"), reply_to=answer.id)
        await town.settle()
        assert (await town.ticket()).state is Status.ANSWERED


async def test_two_pollers_are_told_apart_and_one_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with telegram_town(tmp_path) as town, aiohttp.ClientSession() as session:
        # when somebody else begins to poll with the same token
        await town.server.poll_held()
        bot, ours = town.server.bot, town.server.bot.poll
        url = f"{town.server.base_url}{town.server.bot.token}/getUpdates?timeout=50"
        other = asyncio.create_task(_poll(session, url))
        await town.server.until(lambda: bot.poll not in (None, ours))

        # then the other one goes on
        town.server.people.say(town.zhang, town.village, RARE)
        (update,) = (await other)["result"]
        assert update["message"]["text"] == RARE

        # and ours as well, once it has waited; nothing was lost or taken twice
        await town.wait(seconds=5)
        await town.settle()
        assert "another process polls with this token" in caplog.text
        assert len(await town.tickets()) == 1


async def test_polling_waits_as_long_as_it_is_told(tmp_path: Path) -> None:
    async with telegram_town(tmp_path, By.WEBHOOK) as town:
        channel = telegram_channel(town.running.config, town.server.bot.token)
        town.server.faults.next(faults.too_many_requests(37), method="getUpdates")
        now = town.clock.now()
        again = await Poller(channel, town.running.intake).step(now)
        await channel.close()
        assert again - now == timedelta(seconds=37)


async def _poll(session: aiohttp.ClientSession, url: str) -> Any:
    async with session.get(url) as answer:
        return json.loads(await answer.text())


async def test_a_press_with_a_forged_or_foreign_token_does_nothing(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        await town.in_hub()
        card = town.hub.messages[town.card().id]
        genuine = str(card.buttons[0][0]["callback_data"])
        welcome = town.village.messages[town.all_ours(town.village)[0].id]
        people = town.server.people
        forged = [
            people.press_raw(town.luo, card, genuine.replace("claim.1", "claim.2")),
            people.press_raw(town.luo, card, "claim.1..AAAAAAAAAAAAAAAA"),
            people.press_raw(town.luo, card, "字" * 20),
            people.press_raw(town.li, welcome, genuine),  # the hub's token in the village
        ]
        await town.settle()
        assert [(press.text or "")[:8] for press in forged] == ["这个按钮用不了。"] * 4
        assert (await town.ticket()).state is Status.QUEUED
