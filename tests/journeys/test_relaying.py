"""A liaison asks for people no bot can reach, and carries the answers to them."""

import io
from pathlib import Path

import pytest

from escalation.model import ClockKind, Event, Status
from tests.journeys.baishi import Baishi, baishi
from tests.journeys.telegram_town import telegram_town
from tests.journeys.web_places import web_places
from wenha import bind, bind_web

SNIPPET = (
    "张三 2026-11-23 08:12\n合作社不退我的股金\n说没得钱\n"
    "李婆婆 2026-11-23 08:15\n[图片]\n"
    "王老五 2026-11-23 08:16\n我也没退到，13812345678打给我"
)
ANSWER = "章程写了就能退，先写申请。"


async def _said(village: Baishi) -> list[str]:
    return [m.text for m in await village.chat("village") if m.author is None]


async def test_asked_for_somebody_the_answer_comes_as_a_block_to_copy(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        asked = await village.say("wang", "代问 张三：合作社不退他的股金，电话13812345678")
        # it goes to the hub at once, with a promise to the liaison
        assert (await village.ours()).text == (
            "好，替张三问的是1号工单，最迟今天15:00前有答复给您转。"
        )
        card = await village.card()
        assert "合作社不退他的股金，电话〔手机号〕" in card.text
        assert "张三" not in card.text

        # the answer: words to copy, and below them what to do
        await village.say("chen", ANSWER, reply_to=card)
        block, below = (await village.chat("village"))[-2:]
        assert block.text == f"张三，律师答复你（问哈村长1号）：{ANSWER}"
        assert (block.reply_to, block.buttons) == (asked.id, ())
        assert [b.label for b in below.buttons] == ["已转发"]
        assert "送达：正在送" in (await village.card()).text
        assert Event.ANSWER_DELIVERED not in await village.story()

        # only the liaison's word is the delivery
        assert "村长或联络员" in await village.press("li", below, "已转发")
        await village.wait(minutes=20)
        assert await village.press("wang", below, "已转发") == "收到：已转发"
        assert "送达：今天9:20 已送到村里" in (await village.card()).text
        await village.say("wang", "已转发1")  # said once more, it is no second delivery
        assert (await village.ours()).text == "1号现在没有等着转的答复。"
        assert (await village.story()).count(Event.ANSWER_DELIVERED) == 1
        running = await village.service.store.read(lambda unit: unit.timers.of(1))
        assert {t.kind for t in running if t.state == "pending"} == {
            ClockKind.SILENT, ClockKind.FOLLOW_UP, ClockKind.RESOLUTION,
        }  # fmt: skip
        # and the liaison tells what the asker says
        last = (await village.chat("village"))[-3]
        assert last.text.startswith("好，1号的答复转到了。张三看了怎么说？")
        await village.press("wang", last, "解决了")
        assert (await village.ticket()).state is Status.CLOSED


async def test_a_long_answer_comes_in_blocks_any_chat_takes(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("wang", "问哈村长，替张三问：合作社不退他的股金")
        await village.say("chen", "先写申请。" * 90, reply_to=await village.card())
        blocks = [m for m in await village.chat("village") if "先写申请" in m.text]
        assert len(blocks) == 3
        assert all(len(block.text) <= 200 for block in blocks)
        assert "".join(b.text for b in blocks).count("先写申请。") == 90


async def test_a_pasted_piece_of_a_chat_is_shown_before_anything_goes_up(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("wang", f"代问\n{SNIPPET}")
        preview = await village.ours()
        assert preview.text == (
            "看看对不对，一共2个人：\n"
            "1. 张三：合作社不退我的股金 说没得钱\n"
            "2. 王老五：我也没退到，〔手机号〕打给我\n"
            "只转其中几个，就写：只转 1 3\n\n"
            "回复1 都转上去 · 回复2 不转了"
        )
        assert await village.chat("hub") == []

        await village.press("wang", preview, "都转上去")
        assert "合作社不退我的股金\n说没得钱" in (await village.card(1)).text
        assert "我也没退到" in (await village.card(2)).text
        said = await _said(village)
        assert any("替张三问的是1号" in text for text in said)
        assert any("替王老五问的是2号" in text for text in said)
        # pressed once more, or typed later, nothing goes up twice
        await village.say("wang", "只转 1", reply_to=await village.ours())
        assert len(await village.service.store.read(lambda unit: unit.tickets.all())) == 2


@pytest.mark.parametrize(
    ("words", "asked"),
    [("1", 2), ("2", 0), ("只转 2", 1), ("只转1、2", 2), ("只转 3", 0), ("都转上去", 2)],
)
async def test_the_preview_is_answered_by_typing(tmp_path: Path, words: str, asked: int) -> None:
    async with baishi(tmp_path) as village:
        await village.say("wang", f"代问 {SNIPPET}")
        await village.say("wang", words, reply_to=await village.ours())
        assert len(await village.service.store.read(lambda unit: unit.tickets.all())) == asked


@pytest.mark.parametrize(
    ("who", "words", "told"),
    [
        ("li", "代问 张三：欠钱", "代问请村长或联络员来。"),
        ("wang", "代问", "替谁问什么？"),
        ("wang", "已转发", "是哪一条？"),
        ("wang", "已转发9", "是哪一条？"),
        ("wang", "待转发", "没有等着转的答复。"),
        (
            "wang",
            "代问\n" + "\n".join(f"社员{n} 10:0{n % 10}\n退股金" for n in range(50)),
            "这里面有50个人说话，一次最多9个人，请分开粘贴。",
        ),
    ],
)
async def test_what_cannot_be_carried_is_said_in_a_sentence(
    tmp_path: Path, who: str, words: str, told: str
) -> None:
    async with baishi(tmp_path) as village:
        await village.say(who, words)
        assert (await village.ours()).text.startswith(told)
        assert await village.service.store.read(lambda unit: unit.tickets.all()) == []


async def test_what_waits_to_be_carried_is_listed_and_reminded_of(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("wang", "代问 张三：合作社不退他的股金")
        await village.say("wang", "代问 李婆婆：合作社也不退她的股金")
        for number in (1, 2):
            await village.say("chen", ANSWER, reply_to=await village.card(number))
        await village.say("wang", "待转发")
        assert (await village.ours()).text == (
            "还有2条答复没转：\n"
            f"1号给张三：{ANSWER}\n2号给李婆婆：{ANSWER}\n转好了哪一条，就说“已转发”加号。"
        )
        await village.say("wang", "已转发1")
        before = len(await _said(village))
        await village.wait(minutes=60)
        said = await _said(village)
        assert said[before:] == ["2号给李婆婆的答复还没转。请复制转给他，转好了回复“已转发2”。"]
        # the hub, which has answered, is left alone
        await village.wait(hours=8)
        said_there = [m.text for m in await village.chat("hub") if not m.text.startswith("【")]
        assert not [text for text in said_there if "超时" in text]


async def test_the_liaison_speaks_for_the_asker(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        asked = await village.say("wang", "代问 张三：合作社不退他的股金")
        await village.say("chen", "要补充材料：章程", reply_to=await village.card())
        await village.say("wang", "他没有章程", reply_to=asked)
        assert (await village.ticket()).state is Status.CLAIMED
        await village.say("chen", ANSWER, reply_to=await village.card())
        await village.press("wang", await village.ours(), "已转发")
        await village.press("wang", await village.ours(), "还有疑问")
        assert (await village.ticket()).cycle == 2
        await village.say("wang", "撤回", reply_to=asked)
        assert (await village.ticket()).state is Status.CLOSED


async def test_what_the_faq_knows_is_answered_at_once(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("wang", "代问 张三：老板欠工钱不给怎么办？")
        assert [b.label for b in (await village.ours()).buttons] == ["有用", "没帮上忙"]
        await village.press("wang", await village.ours(), "没帮上忙")
        assert (await village.ticket()).state is Status.QUEUED


# a group that no bot can enter: the liaison's own chat with us is the desk


async def test_on_telegram_a_desk_is_a_chat_with_the_liaison_alone(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        out, people = io.StringIO(), town.server.people
        bind.bind_village(town.database, "青岩村", None, town.clock.now(), out, relayed=True)
        code = out.getvalue().split("/bind ")[1].strip()
        desk = people.private(town.wang)
        await town.say(town.wang, desk, f"/bind {code}")
        assert town.ours(desk).text.startswith("这里是青岩村的代问台")

        # a forwarded message is a question of whoever wrote it; so are words with a name
        people.forward(town.wang, desk, "合作社不退我的股金", by="张三")
        await town.settle()
        assert "替张三问的是1号工单" in town.ours(desk).text
        await town.say(town.wang, desk, "李婆婆：合作社也不退我的")
        assert "替李婆婆问的是2号工单" in town.ours(desk).text
        assert town.card(1).text.startswith("【1号工单】青岩村")

        # and the answer is carried on from there
        await town.answer(ANSWER)
        block, below = town.all_ours(desk)[-2:]
        assert block.text == f"张三，值守群答复你（问哈村长1号）：{ANSWER}"
        await town.press(town.wang, desk, below, "已转发")
        assert (await town.story()).count(Event.ANSWER_DELIVERED) == 1
        await town.say(town.wang, desk, "多谢")
        assert "转到了" in town.ours(desk).text  # thanks ask nothing


async def test_a_forwarded_message_in_the_group_is_asked_for_whoever_wrote_it(
    tmp_path: Path,
) -> None:
    async with telegram_town(tmp_path) as town:
        said = town.server.people.forward(town.wang, town.village, "股金不退", by="张三")
        await town.settle()
        await town.say(town.wang, town.village, "代问", said)
        assert "替张三问的是1号工单" in town.ours(town.village).text
        # somebody's own message has its author for an asker, as 转总群 does
        own = await town.say(town.li, town.village, "我家的秧苗遭鸭子吃了")
        await town.say(town.wang, town.village, "代问", own)
        assert "已转给律师和调解员（2号工单）" in town.ours(town.village).text


async def test_on_a_page_a_desk_is_opened_by_the_liaisons_link_alone(tmp_path: Path) -> None:
    async with web_places(tmp_path) as places:
        out = io.StringIO()
        config, now = places.service.config, places.clock.now()
        bind_web.bind_village(
            config, "青岩村", None, replacing=False, now=now, out=out, relayed=True
        )
        assert "给村长、联络员的链接" in out.getvalue()
        assert "给全村的链接" not in out.getvalue()
        (link,) = [line for line in out.getvalue().splitlines() if "/v/" in line]
        places.links["青岩村"] = (link[link.index("/v/") :], "")
        desk = await places.browser("青岩村")
        await desk.enter("王村长")
        for words, told in (
            ("", "这里是青岩村的代问台"),
            ("代问 张三：合作社不退股金", "替张三问的是1号工单"),
            ("待转发", "没有等着转的答复"),
        ):
            if words:
                await desk.say(words)
            await places.settle()
            assert told in await desk.look()


async def test_an_edited_question_asks_nothing_twice_and_names_nobody(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        asked = await town.say(town.wang, town.village, "代问 张三：股金不退")
        town.server.people.edit(asked, "代问 张三：股金退了一半")
        await town.settle()
        assert len(await town.tickets()) == 1
        assert "村长改为" in town.card().text or "提问人改为" in town.card().text
        assert "股金退了一半" in town.card().text
        assert "张三" not in town.card().text


async def test_a_number_under_an_answer_is_no_word_about_the_preview(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("wang", "代问 张三：老板欠工钱不给怎么办？")
        answer = await village.ours()
        await village.say("wang", f"代问\n{SNIPPET}")
        await village.say("wang", "1", reply_to=answer)  # 有用
        assert (await village.ticket(1)).state is Status.CLOSED
        assert len(await village.service.store.read(lambda unit: unit.tickets.all())) == 1


async def test_an_answer_taken_back_is_not_to_be_carried_on(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("wang", "代问 张三：合作社不退他的股金")
        await village.say("chen", ANSWER, reply_to=await village.card())
        await village.say("chen", "撤回", reply_to=await village.card())
        assert "请先不要照着办" in (await village.ours()).text
        await village.say("wang", "待转发")
        assert (await village.ours()).text == "没有等着转的答复。"
        await village.wait(hours=2)
        assert not [text for text in await _said(village) if "还没转" in text]


async def test_at_a_desk_words_that_ask_for_nobody_are_taken_as_they_are(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        out, desk = io.StringIO(), town.server.people.private(town.wang)
        bind.bind_village(town.database, "青岩村", None, town.clock.now(), out, relayed=True)
        await town.say(town.wang, desk, f"/bind {out.getvalue().split('/bind ')[1].strip()}")
        for words in ("进度", "我的问题", "撤回", "问哈村长，关闭旁听", "/help"):
            await town.say(town.wang, desk, words)
        assert await town.tickets() == []
