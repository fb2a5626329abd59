"""On Telegram, too, the hub works together: passed on, given, merged, corrected, taken back."""

from pathlib import Path

from escalation.model import Event, Reason, Status
from tests.journeys.telegram_running import By, both_ways
from tests.journeys.telegram_town import TelegramTown, telegram_town
from tests.telegram_server.view import Seen
from tests.telegram_server.world import Message, User

ANSWER = "先拍照，数清楚蚕子死了好多，找烧火的人赔。"


async def _asked(town: TelegramTown, who: User, text: str) -> Message:
    """A question of somebody in the hub; return it."""
    said = await town.say(who, town.village, text)
    await town.say(town.wang, town.village, "转总群", said)
    return said


def _under(town: TelegramTown, message: Message) -> list[Seen]:
    return [seen for seen in town.all_ours(town.village) if seen.reply_to == message.id]


@both_ways
async def test_a_ticket_goes_from_hand_to_hand(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        await _asked(town, town.zhang, "我家的蚕子遭烟熏死了")
        await town.press(town.chen, town.hub, town.card(), "认领")
        await town.say(town.luo, town.hub, "认领", town.card())
        assert "已由陈静（答复人）认领" in town.ours(town.hub).text
        assert (await town.story()).count(Event.CLAIMED) == 1
        # whoever has worked here is known by name from then on
        await town.say(town.luo, town.hub, "备注：我可以接", town.card())
        await town.say(town.chen, town.hub, "转给罗国安", town.card())
        assert "@罗国安 1号工单转给罗国安" in town.ours(town.hub).text
        await town.say(town.zhou, town.hub, "指派陈静", town.card())
        assert "承办：陈静" in town.card().text
        # an answer over her head is asked about first, and sent by a press
        await town.say(town.luo, town.hub, ANSWER, town.card())
        asked = town.ours(town.hub)
        assert asked.buttons == (("还是发出去", "不发了"),)
        assert not any(ANSWER in text for text in town.texts(town.village))
        await town.press(town.luo, town.hub, asked, "还是发出去")
        assert ANSWER in town.ours(town.village).text


@both_ways
async def test_several_askers_share_an_answer_its_correction_and_its_end(
    tmp_path: Path, by: By
) -> None:
    async with telegram_town(tmp_path, by) as town:
        first = await _asked(town, town.zhang, "我家的蚕子遭烟熏死了")
        second = await _asked(town, town.li, "烧秸秆把我家蚕子熏死了")
        await town.say(town.chen, town.hub, "合并到1", town.card(2))
        answered = await town.say(town.chen, town.hub, ANSWER, town.card(1))
        for message in (first, second):
            assert ANSWER in _under(town, message)[-1].text
        town.server.people.edit(answered, "先报村委会，再拍照。")
        await town.settle()
        for message in (first, second):
            assert "以这一条为准：\n先报村委会" in _under(town, message)[-1].text
        await town.say(town.chen, town.hub, "撤回", town.card(1))
        for message in (first, second):
            assert "请先不要照着办" in _under(town, message)[-1].text
        assert (await town.ticket(1)).state is Status.CLAIMED
        await town.say(town.chen, town.hub, ANSWER, town.card(1))
        await town.press(town.li, town.village, _under(town, second)[-1], "还有疑问")
        assert (await town.ticket(2)).state is Status.QUEUED
        await town.press(town.zhang, town.village, _under(town, first)[-1], "解决了")
        assert (await town.ticket(1)).reason is Reason.SOLVED
