"""From a question that nobody could answer to an entry that does: over the running service."""

from pathlib import Path

from knowledge.model import EntryStatus
from knowledge.revisions import Deed
from tests.journeys.staff_room import GOOD, staff_room

QUESTION = "问哈村长，无人机打药把我家茶叶熏坏了哪个赔？我是张秀兰，电话13812345678"
ANSWER = "张秀兰，你的茶叶让飞防队赔，先拍照留样，请白石村王村长作证。打我电话13912345678。"


async def test_a_miss_becomes_an_entry_that_answers_the_next_time(tmp_path: Path) -> None:
    async with staff_room(tmp_path) as room:
        village = room.village
        # given a question that the FAQ does not know, answered by the hub
        asked = await village.say("zhang", QUESTION)
        await village.press("zhang", await village.ours(), "转给专家")
        await village.say("chen", ANSWER, reply_to=await village.card())

        # when somebody of the hub takes it into the FAQ, in one tap
        told = await village.press("chen", await village.card(), "收进知识库")

        # then the nearest entries are shown, and the draft holds no number and no name
        assert told
        shown = (await village.ours("hub")).text
        assert "草稿C001" in shown
        assert "最像的条目" in shown
        draft = (await room.standing("C001")).text
        assert draft.status is EntryStatus.DRAFT
        told = draft.question + draft.answer
        for personal in ("138", "139", "张秀兰", "王村长", "白石村"):
            assert personal not in told
        assert "〔姓名〕，你的茶叶" in draft.answer
        assert "收进知识库" not in [b.label for b in (await village.card()).buttons]

        # when a curator writes it, another person checks it, and it is published after a replay
        wang, zhao = await room.clerk("王芳"), await room.clerk("赵敏")
        assert "C001" in await wang.look("/review")
        status, page = await wang.save("C001")
        assert status == 200, page
        status, page = await wang.deed("C001", "reviewed")
        assert status == 422
        assert "找审核人" in page
        status, page = await zhao.deed("C001", "reviewed")
        assert status == 200, page
        page = await zhao.look("/faq/C001/publish")
        assert "1</b> 会答了" in page
        status, page = await zhao.post("/faq/C001/publish", "/faq/C001/publish", {})
        assert status == 200, page
        assert "做好了：发布" in page

        # then the same question is answered the next time, and the old one stays as it was
        await room.served()
        await village.say("li", QUESTION)
        assert (await village.ours()).text.startswith(GOOD["answer"])
        assert asked.id
        history = await room.village.service.store.read(lambda unit: unit.faq.revisions("C001"))
        assert [(one.deed, one.by) for one in history] == [
            (Deed.DRAFTED, "陈静"),
            (Deed.SAVED, "王芳"),
            (Deed.REVIEWED, "赵敏"),
            (Deed.PUBLISHED, "赵敏"),
        ]


async def test_only_what_is_served_reaches_the_running_service(tmp_path: Path) -> None:
    async with staff_room(tmp_path) as room:
        wang, zhao, shelf = await room.clerk("王芳"), await room.clerk("赵敏"), room.shelf
        before = shelf.faq
        await wang.post("/faq/new", "/faq/new", GOOD)
        await zhao.deed("C001", "reviewed")
        await room.served()
        assert shelf.faq is before  # a draft is nobody's business yet: nothing is indexed anew

        await zhao.post("/faq/C001/publish", "/faq/C001/publish", {})
        await room.served()
        assert shelf.faq.entries.keys() - before.entries.keys() == {"C001"}
