"""A village and a hub on web pages, without Telegram: the whole way of a question."""

from pathlib import Path

from base.clock import FrozenClock
from escalation.model import Event, Reason, Status
from tests.fakes import HUB as FAKE_HUB
from tests.fakes import NAME as FAKE
from tests.fakes import PEOPLE, FakeChannel
from tests.fakes import VILLAGE as FAKE_VILLAGE
from tests.journeys.baishi import MONDAY_9AM
from tests.journeys.web_places import HUB, VILLAGE, web_places

QUESTION = "无人机打药把我家茶叶熏坏了，找哪个？"
ANSWER = "12月20日前，到村委会办公室。"


async def test_a_question_goes_up_and_its_answer_arrives_under_it(tmp_path: Path) -> None:
    async with web_places(tmp_path) as places:
        asker = await places.somebody(VILLAGE, "张秀兰")
        liaison = await places.somebody(VILLAGE, "王德贵", second=True)
        lawyer = await places.somebody(HUB, "陈静")

        # when she asks with the one button, the village gets the first word
        await asker.say(QUESTION, call="1")
        await places.settle()
        question = (await places.chat(VILLAGE))[1]
        assert question.text == f"问哈村长，{QUESTION}"
        assert "今天9:30前没人答就转给律师" in (await places.ours(VILLAGE)).text

        # and the liaison passes it on, and a lawyer claims and answers
        await liaison.say("转总群", reply_to=question.id)
        await places.settle()
        assert "【1号工单】白石村 · 待认领" in await lawyer.look()
        await lawyer.press(await places.ours(HUB), "认领")
        await places.settle()
        assert "承办：陈静（律师）" in await lawyer.look()
        await lawyer.say(ANSWER, reply_to=(await places.ours(HUB)).id)
        await places.settle()

        # then it stands under the question, and she can end it
        answer = await places.ours(VILLAGE)
        assert answer.reply_to == question.id
        assert answer.text.startswith(f"张秀兰，律师答复你：\n{ANSWER}")
        assert "已送到村里" in await lawyer.look()
        await asker.press(answer, "解决了")
        await places.settle()
        assert (await places.ticket()).reason is Reason.SOLVED
        assert Event.HANDED_UP in await places.story()


async def test_nobody_answers_in_the_village_and_the_clock_hands_it_up(tmp_path: Path) -> None:
    async with web_places(tmp_path) as places:
        asker = await places.somebody(VILLAGE, "张秀兰")
        await asker.say(QUESTION, call="1")
        await places.settle()
        await places.wait(minutes=30)
        assert (await places.ticket()).state is Status.QUEUED


async def test_only_the_liaisons_link_makes_a_liaison(tmp_path: Path) -> None:
    async with web_places(tmp_path) as places:
        asker = await places.somebody(VILLAGE, "张秀兰")
        neighbour = await places.somebody(VILLAGE, "李大山")
        await asker.say(QUESTION, call="1")
        await places.settle()
        question = (await places.chat(VILLAGE))[1]

        # when a neighbour says what only the liaison may
        await neighbour.say("转总群", reply_to=question.id)
        await places.settle()
        assert (await places.ticket()).state is Status.IN_VILLAGE

        # and when the same browser comes in by the liaison's link
        neighbour.link = places.links[VILLAGE][1]
        page = await neighbour.look()
        assert "从这里进来就是白石村的联络员" in page
        page = await neighbour.enter("李大山")
        assert "您是李大山（村长）" in page
        await neighbour.say("转总群", reply_to=question.id)
        await places.settle()
        assert (await places.ticket()).state is Status.QUEUED


async def test_the_duty_leads_link_makes_a_duty_lead(tmp_path: Path) -> None:
    async with web_places(tmp_path) as places:
        lead = await places.somebody(HUB, "周敏", second=True)
        assert "您是周敏（值班组长）" in await lead.look()
        # and by the other link the same person comes in without another word
        lead.link = places.links[HUB][0]
        assert "您是周敏（值班组长）" in await lead.look()


async def test_a_web_village_with_its_hub_elsewhere(tmp_path: Path) -> None:
    outside = FakeChannel(FrozenClock(MONDAY_9AM))
    async with web_places(tmp_path, {FAKE: outside}) as places:
        # given a village made on the web while the service runs, its hub on another channel
        await places.service.store.write(lambda unit: unit.people.add_hub("外面的群", FAKE_HUB))
        await places.bind("江口村", "外面的群")
        await places.settle()
        asker = await places.somebody("江口村", "张秀兰")

        # when the question goes to that hub and is answered there
        await asker.say(QUESTION, call="1")
        await places.settle()
        await asker.press(await places.ours("江口村"), "转给专家")
        await places.settle()
        card = outside.ours(FAKE_HUB)[0]
        assert card.text.startswith("【1号工单】江口村 · 待认领")
        await places.arrive(outside, outside.writes(PEOPLE["chen"], ANSWER, card.id))

        # then the answer stands under the question on the page
        question, answer = (await places.chat("江口村"))[1], await places.ours("江口村")
        assert (answer.reply_to, ANSWER in answer.text) == (question.id, True)


async def test_a_village_elsewhere_with_its_hub_on_the_web(tmp_path: Path) -> None:
    outside = FakeChannel(FrozenClock(MONDAY_9AM))
    async with web_places(tmp_path, {FAKE: outside}) as places:
        await places.service.store.write(
            lambda unit: unit.people.add_village("外面的村", FAKE_VILLAGE, 1)
        )
        await places.arrive(outside, outside.writes(PEOPLE["zhang"], f"问哈村长，{QUESTION}"))
        receipt = outside.ours(FAKE_VILLAGE)[-1]
        await places.arrive(outside, outside.presses_on(PEOPLE["zhang"], receipt, "转给专家"))
        lawyer = await places.somebody(HUB, "陈静")
        await lawyer.say(ANSWER, reply_to=(await places.ours(HUB)).id)
        await places.settle()
        assert ANSWER in outside.ours(FAKE_VILLAGE)[-1].text
