"""Edited messages: nothing that was read is changed, everybody concerned sees what is new."""

from pathlib import Path

from escalation.model import Event
from tests.journeys.telegram_town import TelegramTown, telegram_town
from tests.telegram_server.world import Message

FIRST, PUT_RIGHT = "一年之内都可以申请。", "从受伤那天算，一年之内申请。"


async def _edit(town: TelegramTown, message: Message, text: str) -> None:
    town.server.people.edit(message, text)
    await town.settle()


async def test_an_edited_question_reaches_the_hub_beside_what_it_said(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        asked = await town.in_hub()
        await town.press(town.chen, town.hub, town.card(), "认领")
        await _edit(town, asked, "问哈村长，我家的蚕子是农药熏死的")
        assert "提问人改了话，现在是：我家的蚕子是农药熏死的" in town.ours(town.hub).text
        card = town.card().text
        assert "我家的蚕子遭烟熏死了" in card
        assert "提问人改为（今天12:00）：我家的蚕子是农药熏死的" in card
        assert (await town.story()).count(Event.EDITED) == 1
        # the same text once more, as when a link gets its preview, says nothing new
        before = len(town.all_ours(town.hub))
        await _edit(town, asked, "问哈村长，我家的蚕子是农药熏死的")
        assert len(town.all_ours(town.hub)) == before
        assert (await town.story()).count(Event.EDITED) == 1


async def test_an_edited_answer_is_a_correction_in_sight(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        asked = await town.in_hub()
        said = await town.say(town.chen, town.hub, FIRST, town.card())
        await _edit(town, said, PUT_RIGHT)
        texts = town.texts(town.village)
        assert f"以这一条为准：\n{PUT_RIGHT}" in texts[-1]
        assert town.ours(town.village).reply_to == asked.id
        assert any(FIRST in text for text in texts)
        assert (await town.story()).count(Event.CORRECTED) == 1
        before = len(town.all_ours(town.village))
        await _edit(town, said, PUT_RIGHT)  # a link that got its preview says nothing new
        assert len(town.all_ours(town.village)) == before
        # nor does an answer become an act by being edited
        for words in ("备注：我再问问", "转给罗国安"):
            await _edit(town, said, words)
        assert len(town.all_ours(town.village)) == before
        # and again, as often as it is edited
        await _edit(town, said, FIRST + "带上病历。")
        assert "带上病历。" in town.texts(town.village)[-1]


async def test_an_edited_remark_stays_in_the_hub(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        await town.in_hub()
        said = await town.say(town.chen, town.hub, "备注：问过养蚕站", town.card())
        before = len(town.all_ours(town.village))
        await _edit(town, said, "问过养蚕站，下周来")
        assert len(town.all_ours(town.village)) == before
        assert (await town.story()).count(Event.EDITED) == 1


async def test_edited_so_that_it_calls_us_a_message_is_a_question(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        said = await town.say(town.zhang, town.village, "我家的蚕子遭烟熏死了，没得赔")
        await _edit(town, said, "问哈村长，我家的蚕子遭烟熏死了，没得赔")
        assert "先请村长和乡亲看看" in town.ours(town.village).text
        assert town.ours(town.village).reply_to == said.id


async def test_chatter_that_is_edited_is_not_kept(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        said = await town.say(town.zhang, town.village, "今天赶场不")
        before = len(town.all_ours(town.village))
        await _edit(town, said, "今天赶场去不去")
        assert len(town.all_ours(town.village)) == before
        assert await town.service.store.read(lambda unit: unit.tickets.all()) == []
