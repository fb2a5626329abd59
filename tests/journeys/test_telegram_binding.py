"""Who may connect a Telegram group, who is who in it, and what a stranger's group hears."""

from pathlib import Path

import pytest

from base.errors import ConfigError
from base.messages import ChatRef, HubChat
from escalation.model import Status
from tests.journeys.telegram_running import By
from tests.journeys.telegram_town import RARE, TelegramTown, telegram_town
from tests.telegram_server.world import Chat

STRANGER = "我只在已经登记的村群里答话。想给村里开通，请联系当地司法所。"


def _other_group(town: TelegramTown, title: str = "青龙村") -> Chat:
    """A group of 李大山's own, with the bot in it as an admin."""
    chat = town.server.people.supergroup(title, owner=town.li, members=(town.zhang,))
    town.invite(chat, by=town.li)
    return chat


def _ref(chat: Chat) -> ChatRef:
    return ChatRef(channel="telegram", chat_id=str(chat.id))


async def test_the_first_word_in_a_village_says_how_to_ask_and_what_is_kept(
    tmp_path: Path,
) -> None:
    async with telegram_town(tmp_path) as town:
        for part in ("问哈村长", "只存问我的话", "都遮住", "有人身危险先打110"):
            assert part in town.ours(town.village).text


async def test_a_strangers_group_gets_one_line_and_nothing_else(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        chat = _other_group(town)
        await town.settle()
        await town.say(town.li, chat, RARE)
        await town.say(town.li, chat, "/help")
        await town.say(town.li, chat, "紧急")
        assert town.texts(chat) == [STRANGER]

        # also when we are thrown out and added again
        people, bot = town.server.people, town.server.bot.user
        people.kick_bot(chat, by=town.li)
        await town.settle()
        town.invite(chat, by=town.li)
        people.unmake_admin(chat, bot, by=town.li)
        await town.say(town.li, chat, f"@wenha_test_bot {RARE}")
        assert town.texts(chat) == [STRANGER]
        assert await town.tickets() == []
        assert all("蚕子" not in raw for raw in await town.kept())


async def test_a_private_chat_is_told_how_to_ask_once_an_hour(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        town.server.people.start(town.zhang)
        await town.settle()
        private = town.server.people.private(town.zhang)
        await town.say(town.zhang, private, RARE)
        await town.say(town.zhang, private, RARE)
        # the first line answers /start, the second what was written without a command
        assert [text[:6] for text in town.texts(private)] == ["我在村群里答"] * 2
        assert await town.service.store.read(lambda unit: unit.tickets.all()) == []


async def test_a_code_binds_by_any_spelling_of_the_command(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        for number, command in enumerate(("/bind", "/绑定", "/bind@wenha_test_bot")):
            chat = _other_group(town)
            code = town.code_for_village(f"青龙{number}村")
            await town.say(town.li, chat, f"{command} {code.lower()}")
            assert town.ours(chat).text.startswith("我是问哈村长。")


async def test_a_wrong_code_opens_nothing(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        chat = _other_group(town)
        town.code_for_village("青龙村")
        for number, wrong in enumerate(("", "ABCDEFGHJK", "' OR 1=1 --", "口令"), 1):
            await town.say(town.li, chat, f"/bind {wrong}")
            refused = [text for text in town.texts(chat) if text.startswith("口令不对，或者用过")]
            assert len(refused) == number
        assert await town.villages() == ["白石村"]


async def test_a_code_of_yesterday_opens_nothing(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        chat = _other_group(town)
        code = town.code_for_village("青龙村")
        await town.wait(hours=24)
        await town.say(town.li, chat, f"/bind {code}")
        assert town.ours(chat).text.startswith("口令不对，或者用过了、过期了。")


async def test_a_code_works_once(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        code = town.code_for_village("青龙村")
        first, second = _other_group(town), _other_group(town, "别的群")
        await town.say(town.li, first, f"/bind {code}")
        await town.say(town.li, second, f"/bind {code}")
        await town.say(town.li, first, f"/bind {code}")
        assert town.ours(second).text.startswith("口令不对，或者用过了、过期了。")
        assert town.ours(first).text.startswith("口令不对，或者用过了、过期了。")
        assert await town.villages() == ["白石村", "青龙村"]


async def test_two_codes_for_one_village_bind_one_group(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        # given a code that got lost, and another one
        codes = [town.code_for_village("青龙村") for _ in range(2)]
        first, second = _other_group(town), _other_group(town, "别的群")
        await town.say(town.li, first, f"/bind {codes[1]}")

        # when somebody finds the first one
        await town.say(town.li, second, f"/bind {codes[0]}")

        # then it is refused, and the chat goes on being heard
        assert town.ours(second).text.startswith("“青龙村”已经绑定了另一个群。")
        assert await town.parked() == []
        await town.say(town.li, first, RARE)
        assert (await town.ticket()).state is Status.IN_VILLAGE


async def test_only_an_admin_binds(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        chat = _other_group(town)
        code = town.code_for_village("青龙村")
        await town.say(town.zhang, chat, f"/bind {code}")
        assert town.ours(chat).text == "只有这个群的管理员能绑定。请管理员来输入。"
        await town.say(town.li, chat, f"/bind {code}")
        assert town.ours(chat).text.startswith("我是问哈村长。")


async def test_an_anonymous_admin_is_asked_to_show_himself(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        chat = _other_group(town)
        code = town.code_for_village("青龙村")
        town.server.people.say(town.li, chat, f"/bind {code}", anonymous=True)
        await town.settle()
        assert town.ours(chat).text.startswith("匿名管理员认不出是谁。")
        await town.say(town.li, chat, f"/bind {code}")
        assert town.ours(chat).text.startswith("我是问哈村长。")


async def test_a_bound_group_is_not_bound_again(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        code = town.code_for_village("青龙村")
        await town.say(town.wang, town.village, f"/bind {code}")
        assert town.ours(town.village).text.startswith("这个群已经绑定过了。")
        await town.say(town.zhou, town.hub, f"/bind {code}")
        assert town.ours(town.hub).text.startswith("这个群已经绑定过了。")


async def test_a_second_hub_never_replaces_the_first_by_itself(tmp_path: Path) -> None:
    async with telegram_town(tmp_path, bound=False) as town:
        # given two codes made before there was any hub
        town.invite(town.hub, by=town.zhou)
        codes = [town.code_for_hub() for _ in range(2)]
        await town.say(town.zhou, town.hub, f"/bind {codes[0]}")
        with pytest.raises(ConfigError, match="--replace"):
            town.code_for_hub()

        # when the other one is typed in a group of somebody else
        chat = _other_group(town)
        await town.say(town.li, chat, f"/bind {codes[1]}")

        # then the hub is where it was
        assert town.ours(chat).text.startswith("“值守群”已经绑定了另一个群。")
        hub = await town.service.store.read(lambda unit: unit.people.hub_named("值守群"))
        assert hub is not None
        assert hub.chat == HubChat(ref=_ref(town.hub))


async def test_a_replaced_hub_hears_nothing_more_and_the_new_one_works(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        # given a ticket in the hub, claimed
        asked = await town.in_hub()
        await town.press(town.chen, town.hub, town.card(), "认领")
        before = len(town.read(town.hub))

        # when the operator replaces the hub
        chat = _other_group(town, "新值守群")
        town.server.people.add(chat, town.chen, by=town.li)
        await town.say(town.li, chat, f"/bind {town.code_for_hub(replacing=True)}")
        assert "请每个人点一下自己的身份" in town.ours(chat).text

        # then a word of the asker brings the card there, and only there
        await town.say(town.zhang, town.village, "要不要报警？", asked)
        card = town.card(hub=chat)
        assert "补充（今天12:00）：要不要报警？" in card.text
        await town.say(town.chen, chat, "先报警。", card)
        assert "先报警。" in town.ours(town.village).text

        # and what is pressed or said in the old one does nothing
        told = await town.press(town.luo, town.hub, town.card(), "退回")
        assert told.startswith("这个按钮用不了。")
        await town.say(town.luo, town.hub, "我来答！", town.card())
        assert [seen.text for seen in town.read(town.hub)[before:]] == ["我来答！"]


async def test_who_types_the_code_speaks_for_the_village_and_appoints_others(
    tmp_path: Path,
) -> None:
    async with telegram_town(tmp_path) as town:
        words = await town.say(town.li, town.village, "隔壁老周把我家地边边挖了半米")

        # when a villager appoints himself, he is told who may
        mine = await town.say(town.zhang, town.village, "大家好")
        await town.say(town.li, town.village, "任命联络员", mine)
        assert town.ours(town.village).text.startswith("任命、撤销联络员，请现在的联络员")

        # when the liaison does it, by replying
        await town.say(town.wang, town.village, "任命联络员", mine)
        assert town.ours(town.village).text.startswith("张秀兰从现在起是本村联络员")

        # then the new one may pass on
        await town.say(town.zhang, town.village, "转总群", words)
        assert "问：隔壁老周把我家地边边挖了半米" in town.card().text


async def test_a_duty_lead_of_the_hub_appoints_in_a_village(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        mine = await town.say(town.zhang, town.village, "大家好")
        town.server.people.add(town.village, town.zhou, by=town.wang)
        await town.say(town.zhou, town.village, "任命联络员", mine)
        assert town.ours(town.village).text.startswith("张秀兰从现在起是本村联络员")


async def test_a_profession_is_chosen_once_by_button_and_named_in_the_answer(
    tmp_path: Path,
) -> None:
    async with telegram_town(tmp_path) as town:
        welcome = town.hub_welcome()
        labels = [label for row in welcome.buttons for label in row]
        assert labels == ["律师", "调解员", "法援", "公证", "鉴定", "志愿者", "普法办"]
        assert await town.press(town.chen, town.hub, welcome, "公证") == "陈静登记为公证。"
        told = await town.press(town.chen, town.hub, welcome, "律师")
        assert told.startswith("您已登记为公证。")
        await town.in_hub()
        await town.answer()
        assert town.ours(town.village).text.startswith("张秀兰，公证答复你：")


async def test_the_admins_of_the_hub_are_its_duty_leads(tmp_path: Path) -> None:
    async with telegram_town(tmp_path, bound=False) as town:
        town.server.people.make_admin(town.hub, town.luo, by=town.zhou)
        await town.bind()
        await town.in_hub()
        await town.press(town.chen, town.hub, town.card(), "认领")

        # a duty lead gives back what somebody else claimed
        await town.say(town.luo, town.hub, "退回", town.card())
        assert (await town.ticket()).state is Status.QUEUED
        await town.wait(hours=3)
        assert town.ours(town.hub).text == "@周敏 @罗国安 1号工单超时没人认领，请安排人。"


async def test_binding_works_by_webhook_too(tmp_path: Path) -> None:
    async with telegram_town(tmp_path, By.WEBHOOK, bound=False) as town:
        await town.bind()
        assert town.ours(town.village).text.startswith("我是问哈村长。")
