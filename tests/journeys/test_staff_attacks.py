"""What somebody with bad intentions tries at the staff pages, and what comes of it: nothing."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest

from knowledge.model import EntryStatus
from tests.journeys.staff_room import GOOD, Clerk, staff_room

EVIL = "\"><script>alert(1)</script><img src=x onerror=alert(2)>{{7777*7}}'"
TEXT_FIELDS = ("question", "answer", "steps", "variants", "law", "article", "why")
PAGES = ("/faq/C001", "/faq/C001/history", "/review", "/faq?q=script", "/laws?law=")


async def a_draft(clerk: Clerk, **fields: str) -> None:
    """Write C001."""
    status, page = await clerk.post("/faq/new", "/faq/new", {**GOOD, **fields})
    assert status == 200, page


def harmless(page: str) -> bool:
    """Whether nothing of what was typed became a tag; templates were not filled in again."""
    return "<script>alert" not in page and "<img src=x" not in page and "54439" not in page


async def raw(clerk: Clerk, path: str) -> str:
    answer = await clerk.client.get(f"/console{path}")
    return await answer.text()


async def test_tags_in_every_field_stay_text_on_every_page(tmp_path: Path) -> None:
    async with staff_room(tmp_path) as room:
        wang = await room.clerk("王芳")
        evil = dict.fromkeys(TEXT_FIELDS, EVIL) | {"law": EVIL[:60], "article": EVIL[:20]}
        await a_draft(wang, **evil)
        for path in PAGES:
            page = await raw(wang, path)
            assert harmless(page), path
        page = await raw(wang, "/faq/C001")
        assert "&lt;script&gt;alert(1)" in page

        # nor in what is refused and shown again, in a trial, or in the address
        bad = {**GOOD, **evil, "category": EVIL, "review_by": EVIL}
        answer = await wang.client.post("/console/faq/C001", data={**bad, **await tokens(wang)})
        assert answer.status == 422
        assert harmless(await answer.text())
        tried = {**GOOD, **evil, "asked": EVIL, "fragment": "1"}
        answer = await wang.client.post(
            "/console/faq/C001/try", data={**tried, **await tokens(wang)}
        )
        assert harmless(await answer.text())
        for query in (f"?q={EVIL}", f"?done={EVIL}", f"?status={EVIL}", f"?page={EVIL}"):
            assert harmless(await raw(wang, "/faq" + query))


async def tokens(clerk: Clerk) -> dict[str, str]:
    """What the forms of the editor carry."""
    page = await clerk.look("/faq/C001")
    found = dict(re.findall(r'name="(token|seen)" value="([^"]+)"', page))
    assert found.keys() == {"token", "seen"}
    return found


async def test_tags_of_villagers_stay_text_for_curators_and_leads(tmp_path: Path) -> None:
    async with staff_room(tmp_path) as room:
        await room.village.say("zhang", f"问哈村长，{EVIL} 这个咋办？")
        boss = await room.clerk("运维")
        for path in ("/misses", "/tickets", "/tickets/1"):
            page = await raw(boss, path)
            assert harmless(page), path
            assert "&lt;script&gt;" in page


async def test_a_form_of_another_page_or_session_changes_nothing(tmp_path: Path) -> None:
    async with staff_room(tmp_path) as room:
        wang, zhao = await room.clerk("王芳"), await room.clerk("赵敏")
        await a_draft(wang)
        own = await tokens(wang)
        changed = {**GOOD, "answer": "被改了。", **own}
        for fields, headers in (
            ({**changed, "token": ""}, {}),
            ({**changed, "token": "0" * 64}, {}),
            ({**changed, "token": (await tokens(zhao))["token"]}, {}),
            (changed, {"Sec-Fetch-Site": "cross-site"}),
            (changed, {"Sec-Fetch-Site": "same-site"}),
            (changed, {"Origin": "https://evil.example"}),
            (changed, {"Origin": "null"}),
        ):
            answer = await wang.client.post("/console/faq/C001", data=fields, headers=headers)
            assert answer.status == 403
        answer = await wang.client.post("/console/faq/C001", json=changed)
        assert answer.status == 422
        assert (await room.standing("C001")).text.answer == GOOD["answer"]


@pytest.mark.parametrize(
    ("name", "path", "status"),
    [
        ("王芳", "/tickets/1", 403),
        ("赵敏", "/tickets", 403),
        ("孙丽", "/misses", 403),
        ("孙丽", "/faq/new", 403),
        ("孙丽", "/faq", 200),
        ("孙丽", "/tickets/1", 200),
        ("孙丽", "/tickets/99", 404),
        ("王芳", "/faq/L999", 404),
        ("王芳", "/faq/L001/history?rev=999999", 200),
        ("王芳", "/static/../auth.py", 404),
        ("王芳", "/static/%2e%2e%2fauth.py", 404),
        ("王芳", "/static/..%5cauth.py", 404),
        ("王芳", "/faq/..%2f..%2fetc", 404),
    ],
)
async def test_everybody_sees_what_is_theirs_and_no_file(
    tmp_path: Path, name: str, path: str, status: int
) -> None:
    async with staff_room(tmp_path) as room:
        await room.village.say("zhang", "问哈村长，茶叶遭人偷采了咋办？")
        clerk = await room.clerk(name)
        assert (await clerk.get(path))[0] == status


async def test_nobody_does_by_a_hand_made_form_what_the_page_does_not_offer(
    tmp_path: Path,
) -> None:
    async with staff_room(tmp_path) as room:
        await room.village.say("zhang", "问哈村长，茶叶遭人偷采了咋办？")
        wang, sun = await room.clerk("王芳"), await room.clerk("孙丽")
        await a_draft(wang)

        # a curator checks and publishes nothing, whatever the form says
        for deed in ("reviewed", "sent_back", "retired", "published", "imported", "recheck"):
            status, _ = await wang.deed("C001", deed, why="就要")
            assert status == 422, deed
        assert (await wang.post("/faq/C001", "/faq/C001/publish", {"force": "yes"}))[0] == 422
        assert (await wang.post("/faq", "/laws", {"law": "民法典", "why": "改了"}))[0] == 422
        assert (await room.standing("C001")).text.status is EntryStatus.DRAFT

        # a revision of another entry is not restored here, nor are other tickets used
        page = await wang.look("/faq/L040/history")
        (other,) = re.findall(r"rev=(\d+)", page)
        assert (await wang.deed("C001", "restored", revision=other))[0] == 404
        made = {"ticket": ["77", "x", "-1"], "how": "entry"}
        assert (await wang.post("/misses", "/misses", made))[0] == 404

        # a duty lead writes nothing at all
        for where in ("/faq/C001", "/faq/C001/do", "/misses", "/laws", "/faq/new"):
            status, _ = await sun.post("/faq", where, {**GOOD, "deed": "dropped"})
            assert status == 403, where


async def test_a_session_left_alone_is_over_and_what_was_typed_is_shown(tmp_path: Path) -> None:
    async with staff_room(tmp_path) as room:
        wang = await room.clerk("王芳")
        await a_draft(wang)
        own = await tokens(wang)
        room.village.clock.move_to(room.village.clock.now() + timedelta(hours=12))
        typed = {**GOOD, "answer": "写了半天的答复。", **own}
        answer = await wang.client.post("/console/faq/C001", data=typed)
        page = await answer.text()
        assert answer.status == 403
        assert "写了半天的答复。" in page
        assert own["token"] not in page
        assert (await room.standing("C001")).text.answer == GOOD["answer"]


async def test_far_too_much_and_nonsense_are_refused_with_a_sentence(tmp_path: Path) -> None:
    async with staff_room(tmp_path) as room:
        wang = await room.clerk("王芳")
        await a_draft(wang)
        for fields in (
            {"variants": "问\n" * 10 + "\n".join(f"第{n}种问法" for n in range(501))},
            {"answer": "长" * 4_001},
            {"question": ""},
            {"checked_on": "昨天"},
            {"article": "0"},
            {"review_by": ""},
        ):
            status, page = await wang.save("C001", **fields)
            assert status == 422, fields
            assert "没有保存" in page
        answer = await wang.client.post(
            "/console/faq/C001",
            data=io.BytesIO(b"answer=" + b"x" * 1_100_000),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert answer.status == 422
        assert "太长" in await answer.text()
        assert (await room.standing("C001")).text.answer == GOOD["answer"]
        status, _ = await wang.save("C001", question="\x00\u202e问题", answer="好\x00。")
        assert status == 200
        assert (await room.standing("C001")).text.answer == "好。"
