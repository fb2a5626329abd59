"""Several villages and one hub, on one channel or two; a group that goes on under a new id."""

from functools import partial
from pathlib import Path

import pytest

from base.messages import ChatRef, PersonRef
from base.webchat import WebMessage
from escalation.model import Reason, Status, Village
from storage.unit import Unit
from tests.journeys.telegram_running import By, both_ways
from tests.journeys.telegram_town import ANSWER, RARE, WAGES, TelegramTown, telegram_town
from tests.telegram_server.world import Chat

WEB_VILLAGE = ChatRef(channel="web", chat_id="village:qinglong")
WEB_HUB = ChatRef(channel="web", chat_id="hub")
MA = PersonRef(channel="web", id="ma")


async def _second_village(town: TelegramTown) -> Chat:
    """青龙村, bound by 李大山, with 张秀兰 in it too."""
    chat = town.server.people.supergroup("青龙村", owner=town.li, members=(town.zhang,))
    town.invite(chat, by=town.li)
    await town.say(town.li, chat, f"/bind {town.code_for_village('青龙村')}")
    return chat


@both_ways
async def test_each_village_gets_its_own_answer_from_the_one_hub(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        other = await _second_village(town)
        await town.in_hub()
        asked = await town.say(town.zhang, other, "问哈村长，我家的牛遭隔壁的狗咬了，要得赔不？")
        await town.say(town.zhang, other, "转给专家")
        assert town.card(1).text.startswith("【1号工单】白石村")
        assert town.card(2).text.startswith("【2号工单】青龙村")

        await town.answer("狗的主人要赔。", ticket=2)
        assert town.ours(other).reply_to == asked.id
        assert "狗的主人要赔。" in town.ours(other).text
        assert not any("狗" in text for text in town.texts(town.village))

        # and 解决了 typed in one village means the question of that village
        await town.say(town.zhang, other, "解决了")
        assert (await town.ticket(2)).reason is Reason.SOLVED
        assert (await town.ticket(1)).state is Status.QUEUED


async def test_a_liaison_speaks_for_the_own_village_only(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        other = await _second_village(town)
        town.server.people.add(other, town.wang, by=town.li)
        words = await town.say(town.zhang, other, "隔壁把我家地边边挖了半米")
        await town.say(town.wang, other, "转总群", words)
        assert town.ours(other).text.startswith("转总群请村长来转。")


async def _web_chat(town: TelegramTown, chat: ChatRef) -> list[WebMessage]:
    work = partial(_latest, chat=chat)
    return list(await town.service.store.read(work))


def _latest(unit: Unit, chat: ChatRef) -> list[WebMessage]:
    return list(unit.web.latest(chat.chat_id, 100))


async def _web_says(town: TelegramTown, chat: ChatRef, text: str, reply_to: int | None) -> None:
    await town.service.platform.say(chat, MA, "马大爷", text, reply_to=reply_to)
    await town.running.done()


async def test_a_web_village_has_its_hub_on_telegram(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:

        def move_in(unit: Unit) -> Village:
            return unit.people.add_village("青龙村", WEB_VILLAGE, unit.people.hubs()[0].id)

        await town.service.store.write(move_in)
        await _web_says(town, WEB_VILLAGE, RARE, None)
        await _web_says(town, WEB_VILLAGE, "转给专家", None)
        assert town.card().text.startswith("【1号工单】青龙村 · 待认领")
        await town.press(town.chen, town.hub, town.card(), "认领")
        await town.answer()

        asked = (await _web_chat(town, WEB_VILLAGE))[0]
        answer = (await _web_chat(town, WEB_VILLAGE))[-1]
        assert (answer.reply_to, answer.author) == (asked.id, None)
        assert ANSWER in answer.text
        assert "已送到村里" in town.card().text
        await town.service.platform.press(WEB_VILLAGE, MA, "马大爷", answer.id, 1)
        await town.running.done()
        assert (await town.ticket()).cycle == 2
        assert any(text.startswith("@陈静 1号工单提问人还有疑问") for text in town.texts(town.hub))


async def test_a_telegram_village_has_its_hub_on_the_web(tmp_path: Path) -> None:
    async with telegram_town(tmp_path, bound=False) as town:

        def move_in(unit: Unit) -> None:
            unit.people.add_hub("值守群", WEB_HUB)

        await town.service.store.write(move_in)
        town.invite(town.village, by=town.wang)
        await town.say(town.wang, town.village, f"/bind {town.code_for_village()}")
        asked = await town.in_hub()

        (card,) = await _web_chat(town, WEB_HUB)
        assert card.text.startswith("【1号工单】白石村 · 待认领")
        await _web_says(town, WEB_HUB, ANSWER, card.id)
        assert town.ours(town.village).reply_to == asked.id
        assert ANSWER in town.ours(town.village).text
        assert "已送到村里" in (await _web_chat(town, WEB_HUB))[0].text
        await town.press(town.zhang, town.village, town.ours(town.village), "解决了")
        assert (await town.ticket()).reason is Reason.SOLVED


async def _basic_groups(town: TelegramTown) -> None:
    """Village and hub as basic groups, which can be upgraded."""
    people = town.server.people
    town.village = people.group("白石村", owner=town.wang, members=(town.zhang, town.li))
    town.hub = people.group("值守群", owner=town.zhou, members=(town.chen, town.luo))
    await town.bind()


@both_ways
@pytest.mark.parametrize("announced", [True, False], ids=["announced", "unannounced"])
async def test_a_village_goes_on_under_its_new_id(tmp_path: Path, by: By, announced: bool) -> None:
    async with telegram_town(tmp_path, by, bound=False) as town:
        await _basic_groups(town)
        await town.in_hub()

        # when the group becomes a supergroup before the answer
        old = town.village
        town.village = town.server.people.upgrade(old, by=town.wang, announced=announced)
        for _ in range(
            max(old.messages)
        ):  # so that every old message id means another message now
            town.server.people.say(town.li, town.village, "赶场去")
        await town.settle()
        await town.answer()

        # then the answer is there, under nobody's message, and its buttons work
        answer = town.ours(town.village)
        assert ANSWER in answer.text
        assert answer.reply_to is None
        assert "已送到村里" in town.card().text
        await town.press(town.zhang, town.village, answer, "还有疑问")
        assert (await town.ticket()).cycle == 2

        # and new questions are heard; the old place is told nothing
        await town.say(town.li, town.village, WAGES)
        assert town.ours(town.village).text.startswith("老板必须付清")
        assert not any(text.startswith("我只在") for text in town.texts(town.village))


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "unannounced"])
async def test_a_hub_goes_on_under_its_new_id(tmp_path: Path, announced: bool) -> None:
    async with telegram_town(tmp_path, bound=False) as town:
        await _basic_groups(town)
        asked = await town.in_hub()
        old = town.hub
        town.hub = town.server.people.upgrade(old, by=town.zhou, announced=announced)
        for _ in range(max(old.messages)):
            town.server.people.say(town.luo, town.hub, "下午开庭")
        await town.settle()

        # when the next thing happens, the card is said anew there and works as before
        await town.say(town.zhang, town.village, "桥也断了。", asked)
        assert "补充（今天12:00）：桥也断了。" in town.card().text
        assert town.card().reply_to is None
        await town.press(town.chen, town.hub, town.card(), "认领")
        assert town.card().edited
        await town.answer()
        assert ANSWER in town.ours(town.village).text


async def test_a_message_in_the_new_id_may_come_before_the_word_of_the_move(
    tmp_path: Path,
) -> None:
    async with telegram_town(tmp_path, bound=False) as town:
        await _basic_groups(town)
        town.village = town.server.people.upgrade(town.village, by=town.wang)
        # given that only the new id tells of it, and a question right behind
        town.server.bot.queue.waiting = town.server.bot.queue.waiting[-1:]
        town.server.people.say(town.zhang, town.village, WAGES)
        await town.settle()
        assert town.texts(town.village)[-1].startswith("老板必须付清")


async def test_an_old_button_in_the_old_id_gets_a_word_and_no_greeting(tmp_path: Path) -> None:
    async with telegram_town(tmp_path, bound=False) as town:
        await _basic_groups(town)
        await town.ask()
        old = town.village
        receipt = old.messages[town.ours(old).id]
        data = str(receipt.buttons[0][0]["callback_data"])
        town.village = town.server.people.upgrade(old, by=town.wang)
        await town.settle()
        press = town.server.people.press_raw(town.zhang, receipt, data)
        await town.settle()
        assert (press.text or "").startswith("这个按钮用不了。")
        assert town.texts(town.village) == []
