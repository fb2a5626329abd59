"""The whole way once more, on Telegram: from the village to the lawyer and back."""

from pathlib import Path

from escalation.model import Event, Reason, Status
from tests.journeys.telegram_running import By, both_ways
from tests.journeys.telegram_town import RARE, telegram_town

pytestmark = both_ways


async def test_a_bound_village_is_told_how_to_ask(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        assert town.ours(town.village).text.startswith("我是问哈村长。")
        assert "有人身危险先打110" in town.ours(town.village).text
        assert "请每个人点一下自己的身份" in town.ours(town.hub).text


async def test_the_faq_answers_under_the_question(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        asked = await town.say(
            town.zhang, town.village, "问哈村长，老板差我三个月工钱不给啷个办？"
        )
        answer = town.ours(town.village)
        assert answer.reply_to == asked.id
        assert answer.text.startswith("老板必须付清")
        assert await town.press(town.zhang, town.village, answer, "有用") == "收到：有用"
        assert (await town.ticket()).reason is Reason.SOLVED


async def test_an_answer_comes_back_under_the_villagers_own_message(
    tmp_path: Path, by: By
) -> None:
    async with telegram_town(tmp_path, by) as town:
        # given a question that goes to the hub
        asked = await town.say(town.zhang, town.village, RARE)
        await town.press(town.zhang, town.village, town.ours(town.village), "转给专家")
        await town.press(town.chen, town.hub, town.hub_welcome(), "律师")

        # when the lawyer claims and answers by replying to the card
        await town.press(town.chen, town.hub, town.card(), "认领")
        await town.say(town.chen, town.hub, "可以要求赔，先拍照。", town.card())

        # then it stands under the question, and the one card shows that it arrived
        answer = town.ours(town.village)
        assert answer.reply_to == asked.id
        assert answer.text.startswith("张秀兰，律师答复你：\n可以要求赔，先拍照。")
        assert "已送到村里" in town.card().text
        assert town.card().edited
        await town.press(town.zhang, town.village, answer, "解决了")
        assert (await town.story())[-1] is Event.CONFIRMED


async def test_chatter_leaves_no_trace(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        before = len(town.read(town.village))
        await town.say(town.li, town.village, "今天赶场不？")
        await town.say(town.li, town.village, "哈哈，老板欠钱的多了")
        assert len(town.read(town.village)) == before + 2
        kept = await town.service.store.read(lambda unit: unit.inbox.kept())
        assert all("赶场" not in (item.raw or "") for item in kept)
        assert (await town.service.store.read(lambda unit: unit.tickets.all())) == []


async def test_a_mention_by_our_telegram_name_calls_us(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        name = f"@{town.server.bot.user.username}"
        await town.say(town.li, town.village, f"{name} 我家的蚕子遭烟熏死了，没得赔")
        assert (await town.ticket()).state is Status.IN_VILLAGE
