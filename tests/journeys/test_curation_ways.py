"""Other ways an entry goes: a wording instead of a draft, a law that changed, two at once."""

from pathlib import Path

from knowledge.model import EntryStatus
from knowledge.revisions import Deed
from storage.shipped_faq import load_entries
from tests.journeys.baishi import Baishi
from tests.journeys.staff_room import GOOD, StaffRoom, staff_room

MISSED = "问哈村长，隔壁打农药飘过来我屋头的茶叶都焦了"
WAGES = "问哈村长，老板差我三个月工钱不给啷个办？"
L177 = next(one for one in load_entries() if one.id == "L177")


async def an_answered_ticket(village: Baishi) -> None:
    await village.say("zhang", MISSED)
    offered = await village.ours()
    await village.press("zhang", offered, next(
        b.label for b in offered.buttons if b.label in ("都不是", "转给专家")
    ))  # fmt: skip
    await village.say("chen", "找卖药的和打药的一起赔，先留样。", reply_to=await village.card())


async def deeds(room: StaffRoom, entry: str) -> list[Deed]:
    store = room.village.service.store
    return [one.deed for one in await store.read(lambda unit: unit.faq.revisions(entry))]


async def test_a_question_becomes_a_wording_where_the_entry_is_there_already(
    tmp_path: Path,
) -> None:
    async with staff_room(tmp_path) as room:
        village = room.village
        await an_answered_ticket(village)
        await village.press("chen", await village.card(), "收进知识库")
        shown = await village.ours("hub")
        assert "L177" in shown.text

        # when the one who took it in sees that it is an old question in new words
        told = await village.press("chen", shown, "算L177的问法")

        # then the draft is given up, and the entry has a draft with one more wording
        assert told
        known = await room.standing("L177")
        assert known.text.status is EntryStatus.DRAFT
        assert known.served == L177
        assert known.text.variants[:-1] == L177.variants
        assert "打农药飘过来" in known.text.variants[-1]
        assert (await room.standing("C001")).text.status is EntryStatus.RETIRED
        assert await deeds(room, "C001") == [Deed.DRAFTED, Deed.RETIRED]
        # and the questions that nobody answered are one less
        assert "打农药" not in await (await room.clerk("王芳")).look("/misses")

        # when somebody else checks and publishes it
        zhao = await room.clerk("赵敏")
        assert (await zhao.deed("L177", "reviewed"))[0] == 200
        status, page = await zhao.post("/faq/L177/publish", "/faq/L177/publish", {})
        assert status == 200, page
        await room.served()
        await village.say("li", MISSED)
        assert (await village.ours()).text.startswith(L177.answer)


async def test_what_is_not_an_answer_of_the_hub_is_not_taken_in(tmp_path: Path) -> None:
    async with staff_room(tmp_path) as room:
        village = room.village
        await village.say("zhang", MISSED)
        await village.say("zhang", "转给专家")
        card = await village.card()
        assert "收进知识库" not in [one.label for one in card.buttons]
        await village.say("chen", "收进知识库", reply_to=card)
        assert "还没有值守群的答复" in (await village.ours("hub")).text

        # typed works as well as pressed, and only once
        await village.say("chen", "先留样，找村里见证。", reply_to=card)
        await village.say("luo", "收进知识库", reply_to=card)
        assert "草稿C001" in (await village.ours("hub")).text
        await village.say("chen", "收进知识库", reply_to=card)
        assert "已经收进问答库了（C001）" in (await village.ours("hub")).text
        # in the village the words mean nothing
        await village.say("li", "收进知识库")
        assert len(await room.village.service.store.read(lambda unit: unit.faq.ids())) == 253


async def test_the_longest_question_and_answer_are_taken_in_shortened(tmp_path: Path) -> None:
    async with staff_room(tmp_path) as room:
        village = room.village
        await village.say("zhang", "问哈村长，" + "茶叶焦了赔不赔，" * 400)
        await village.say("zhang", "转给专家")
        await village.say("chen", "先留样，张秀兰莫急。" * 400, reply_to=await village.card())
        await village.press("chen", await village.card(), "收进知识库")
        draft = (await room.standing("C001")).text
        assert draft.answer.startswith("先留样，〔姓名〕莫急。")
        assert len(draft.question) < 600
        assert "审核之前还差" in await (await room.clerk("王芳")).look("/faq/C001")


async def test_an_answer_that_was_not_right_sends_its_draft_back(tmp_path: Path) -> None:
    async with staff_room(tmp_path) as room:
        village, wang = room.village, await room.clerk("王芳")
        await an_answered_ticket(village)
        await village.press("chen", await village.card(), "收进知识库")
        await village.say("chen", "更正：找打药的赔，张秀兰。", reply_to=await village.card())
        assert "1号工单的答复更正了：找打药的赔，〔姓名〕。" in await wang.look("/faq/C001")
        await village.say("chen", "撤回", reply_to=await village.card())
        assert "答复撤回了" in await wang.look("/faq/C001")
        assert await deeds(room, "C001") == [Deed.DRAFTED, Deed.SENT_BACK, Deed.SENT_BACK]


async def test_a_draft_that_a_curator_works_on_is_not_given_up_by_the_hub(tmp_path: Path) -> None:
    async with staff_room(tmp_path) as room:
        village = room.village
        await an_answered_ticket(village)
        await village.press("chen", await village.card(), "收进知识库")
        shown = await village.ours("hub")
        wang = await room.clerk("王芳")
        assert (await wang.save("C001"))[0] == 200

        told = await village.press("chen", shown, "算L177的问法")

        assert "有人在改" in told
        assert (await room.standing("C001")).text.answer == GOOD["answer"]
        assert (await room.standing("L177")).text == L177


async def test_a_changed_law_puts_entries_into_review_and_off_the_shelf_if_so_marked(
    tmp_path: Path,
) -> None:
    async with staff_room(tmp_path) as room:
        village, zhao = room.village, await room.clerk("赵敏")
        wang = await room.clerk("王芳")
        law, article = "保障农民工工资支付条例", "10"
        page = await zhao.look(f"/laws?law={law}&article={article}")
        assert "L040" in page

        # given it is marked to be checked again: villages are answered meanwhile
        fields = {"law": law, "article": article, "why": "2027年修正"}
        status, page = await zhao.post(f"/laws?law={law}&article={article}", "/laws", fields)
        assert (status, "放进了待办" in page) == (200, True)
        await room.served()
        await village.say("zhang", WAGES)
        assert (await village.ours()).text.startswith("老板必须付清")
        assert "法条变了" in await wang.look("/faq?q=L040")
        assert (await wang.deed("L040", "dropped"))[0] == 422

        # when the answer is said to be wrong until then
        status, _ = await zhao.post("/laws", "/laws", {**fields, "off": "yes"})
        assert status == 200
        await room.served()
        await village.say("li", WAGES)
        assert "老板必须付清" not in (await village.ours()).text
        assert await deeds(room, "L040") == [Deed.IMPORTED, Deed.RECHECK, Deed.SUSPENDED]

        # then only another person's eyes bring it back
        assert (await zhao.deed("L040", "reviewed"))[0] == 422
        assert "L040" in await wang.look("/review")
        qian = await room.clerk("钱进")
        assert (await qian.deed("L040", "reviewed"))[0] == 200
        status, page = await qian.post("/faq/L040/publish", "/faq/L040/publish", {})
        assert status == 200, page
        await room.served()
        await village.say("wang", WAGES)
        assert (await village.ours()).text.startswith("老板必须付清")


async def test_whoever_saves_second_is_told_and_loses_nothing(tmp_path: Path) -> None:
    async with staff_room(tmp_path) as room:
        wang, zhao = await room.clerk("王芳"), await room.clerk("赵敏")
        await wang.post("/faq/new", "/faq/new", GOOD)
        old = (await room.standing("C001")).number
        assert (await zhao.save("C001", answer="赵敏改的。"))[0] == 200

        status, page = await wang.save("C001", answer="王芳改的。", seen=str(old))

        assert status == 422
        assert "别人改过" in page
        assert "王芳改的。" in page
        assert (await room.standing("C001")).text.answer == "赵敏改的。"
        # a form that saw nothing overwrites nothing either
        assert (await wang.save("C001", answer="王芳改的。", seen=""))[0] == 422


async def test_an_older_text_comes_back_as_a_draft_and_a_draft_is_given_up(
    tmp_path: Path,
) -> None:
    async with staff_room(tmp_path) as room:
        wang = await room.clerk("王芳")
        assert (await wang.save("L177"))[0] == 200
        history = await wang.look("/faq/L177/history")
        assert L177.answer in history
        first = await room.village.service.store.read(
            lambda unit: unit.faq.revisions("L177")[0].number
        )
        page = await wang.look(f"/faq/L177/history?rev={first}")
        assert "把这一版恢复成草稿" in page
        assert (await wang.deed("L177", "restored", revision=str(first)))[0] == 200
        assert (await room.standing("L177")).text.answer == L177.answer

        assert (await wang.deed("L177", "dropped"))[0] == 200
        known = await room.standing("L177")
        assert (known.text, known.served) == (L177, L177)
        assert await deeds(room, "L177") == [
            Deed.IMPORTED, Deed.SAVED, Deed.RESTORED, Deed.DROPPED
        ]  # fmt: skip


async def test_an_entry_that_takes_anothers_questions_needs_force(tmp_path: Path) -> None:
    async with staff_room(tmp_path) as room:
        wang, zhao = await room.clerk("王芳"), await room.clerk("赵敏")
        greedy = (
            "娃儿上户口没得出生证咋上\n上得了户不\n没得出生证的娃咋上户\n上户要出生证不\n娃上户"
        )
        stolen = "娃在家里生的，没得出生证，上得了户不"
        fields = {**GOOD, "question": stolen, "variants": greedy}
        assert (await wang.post("/faq/new", "/faq/new", fields))[0] == 200
        assert (await zhao.deed("C001", "reviewed"))[0] == 200
        page = await zhao.look("/faq/C001/publish")
        assert "准确率会下降" in page

        status, page = await zhao.post("/faq/C001/publish", "/faq/C001/publish", {})
        assert (status, "强行发布" in page) == (422, True)
        assert (await room.standing("C001")).served is None

        fields = {"force": "yes", "why": "镇上急用"}
        status, page = await zhao.post("/faq/C001/publish", "/faq/C001/publish", fields)
        assert status == 200
        assert "镇上急用；强行发布：100.0% →" in await zhao.look("/faq/C001/history")


async def test_misses_are_grouped_and_become_entries_wordings_or_nothing(tmp_path: Path) -> None:
    async with staff_room(tmp_path) as room:
        village, wang = room.village, await room.clerk("王芳")
        for who, text in (
            ("zhang", "问哈村长，戏台哪天唱戏"),
            ("li", "问哈村长，戏台\n哪天唱戏嘛"),
            ("wang", "问哈村长，隔壁打农药飘过来我屋头的茶叶都焦了"),
        ):
            await village.say(who, text)
        page = await wang.look("/misses")
        assert "3个问题，合成2组" in page
        assert "2个人问过" in page

        status, _ = await wang.post(
            "/misses", "/misses", {"ticket": ["1", "2"], "how": "not_ours"}
        )
        assert status == 200
        assert "1个问题，合成1组" in await wang.look("/misses")
        # asked again, it stays away
        await village.say("wang", "问哈村长，戏台哪天唱戏啊")
        assert "戏台" not in await wang.look("/misses")

        wording = {"ticket": "3", "how": "variant", "entry": "l177"}
        assert (await wang.post("/misses", "/misses", wording))[0] == 200
        known = await room.standing("L177")
        assert "茶叶都焦了" in known.text.variants[-1]
        assert known.writers == {"王芳"}
        assert "没有没答上的问题" in await wang.look("/misses")
        nowhere = {"ticket": "3", "how": "variant", "entry": "X999"}
        assert (await wang.post("/misses", "/misses", nowhere))[0] == 422


async def test_what_did_not_help_is_a_miss_and_counts_against_its_entry(tmp_path: Path) -> None:
    async with staff_room(tmp_path) as room:
        village, wang = room.village, await room.clerk("王芳")
        for who, label in (("zhang", "没帮上忙"), ("li", "有用")):
            await village.say(who, WAGES)
            await village.press(who, await village.ours(), label)
        assert "老板差我三个月工钱" in await wang.look("/misses")
        assert "1个问题，合成1组" in await wang.look("/misses")
        await village.say("li", "那要等好久才拿得到？", reply_to=await village.ours())
        assert "2个问题，合成1组" in await wang.look("/misses")  # asked again: it was not enough
        page = await wang.look("/faq?q=L040")
        assert "2次" in page
        assert "50%（1比1）" in page
        assert "找到1条" in await wang.look("/faq?rate=low")
        assert "找到1条" in await wang.look("/faq?used=some")
        assert "占100%" in await wang.look("/faq?used=most")
        assert "找到251条" in await wang.look("/faq?used=never")
        made = {"ticket": "1", "how": "entry", "category": "wages"}
        status, page = await wang.post("/misses", "/misses", made)
        assert (status, "C001" in page) == (200, True)
