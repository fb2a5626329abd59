"""What do the commands of curators and operators say, and what do they change?"""

import io
import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from base.errors import ConfigError
from base.staff import StaffRole
from base.wording import Wording
from knowledge import revisions
from knowledge.model import EntryStatus
from knowledge.revisions import Deed
from storage.migrate import upgrade
from storage.shipped_faq import load_entries
from storage.store import open_connection, writing
from storage.unit import Unit
from tests.fakes import PEOPLE
from tests.town import a_town
from wenha import curation
from wenha.cli import main

NOW = datetime(2026, 11, 26, 4, tzinfo=UTC)
WORDS = Wording()
L040 = next(one for one in load_entries() if one.id == "L040")
CHECKED = replace(
    L040, status=EntryStatus.REVIEWED, variants=(*L040.variants, "喂猪的王二把工钱吞了啷个整")
)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The shipped FAQ, one entry checked and waiting, and two people."""
    path = tmp_path / "w.db"
    upgrade(path)
    with writing(path) as unit:
        unit.faq.put(load_entries(), NOW, "自带")
        unit.faq.put([CHECKED], NOW, "导入")
        unit.staff.add("王芳", {StaffRole.CURATOR}, "x", NOW)
        unit.staff.add("赵敏", {StaffRole.REVIEWER}, "x", NOW)
    return path


def publish(database: Path, *ids: str, by: str = "赵敏", force: bool = False) -> str:
    out = io.StringIO()
    curation.publish(
        database, ids, by=by, why="", force=force, words=WORDS, now=NOW, out=out
    )  # fmt: skip
    return out.getvalue()


def test_a_checked_entry_is_published_after_its_replay_was_told(database: Path) -> None:
    told = publish(database, "L040")
    assert "重新问一遍" in told
    assert told.endswith("发布了1条：L040\n")
    with closing(open_connection(database)) as connection:
        faq = Unit(connection).faq
        assert CHECKED.variants[-1] in {t for e in faq.served() for t in e.variants}
        assert faq.revisions("L040")[-1].deed is Deed.PUBLISHED


@pytest.mark.parametrize(
    ("ids", "by", "said"),
    [
        (("L040",), "王芳", "找审核人"),
        (("L040",), "谁也不是", "没有叫“谁也不是”的账号"),
        (("L040", "L999"), "赵敏", "没有 L999 这一条"),
        (("L040", "L001"), "赵敏", "L001：这一条现在是“已发布”"),
    ],
)
def test_what_may_not_be_published_is_told_and_nothing_is(
    database: Path, ids: tuple[str, ...], by: str, said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        publish(database, *ids, by=by)
    with closing(open_connection(database)) as connection:
        assert Unit(connection).faq.standing("L040").text == CHECKED  # type: ignore[union-attr] # it is there


def test_the_replay_of_what_waits_is_told_and_changes_nothing(database: Path) -> None:
    out = io.StringIO()
    assert curation.show_replay(database, [], WORDS, NOW, out, as_json=False) == 0
    assert "要发布的：L040" in out.getvalue()
    assert "答的里对的 100.0% → 100.0%" in out.getvalue()
    out = io.StringIO()
    curation.show_replay(database, ["L001"], WORDS, NOW, out, as_json=True)
    assert json.loads(out.getvalue())["changed"] == []


def test_a_change_of_the_law_finds_its_entries_and_marks_them(database: Path) -> None:
    out = io.StringIO()
    law = "保障农民工工资支付条例"
    curation.affected(database, f"《{law}》", "10", WORDS, out)
    assert "L040  已审核" in out.getvalue()
    assert out.getvalue().endswith(f"条引用了《{law}》第10条\n")

    def mark(by: str) -> str:
        told = io.StringIO()
        curation.mark(
            database, law, "10", why="改了", off=True, by=by, words=WORDS, now=NOW, out=told
        )  # fmt: skip
        return told.getvalue()

    with pytest.raises(ConfigError, match="找审核人"):
        mark("王芳")
    assert "核对之前停用" in mark("赵敏")
    with closing(open_connection(database)) as connection:
        standing = Unit(connection).faq.standing("L040")
    assert standing is not None
    assert (standing.text.status, standing.served) == (EntryStatus.DRAFT, None)


async def test_misses_of_a_village_are_grouped_without_its_people(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        await town.say("zhang", "问哈村长，戏台哪天唱戏？我是张秀兰，13812345678")
        await town.say("li", "问哈村长，戏台哪天唱戏嘛")
        await town.settle()
        out = io.StringIO()
        curation.misses(tmp_path / "wenha.db", NOW, out, as_json=False)
        assert out.getvalue().startswith("2人 1村  戏台哪天唱戏")
        out = io.StringIO()
        curation.misses(tmp_path / "wenha.db", NOW, out, as_json=True)
        (group,) = map(json.loads, out.getvalue().splitlines())
        assert group["tickets"] == [1, 2]
        assert PEOPLE["zhang"].name not in out.getvalue()
        assert "138" not in out.getvalue()


def test_accounts_are_opened_changed_closed_and_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(f"database: {tmp_path / 'w.db'}\n", "utf-8")

    def wenha(*words: str, typed: str = "") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main(["--config", str(config), "console", *words])
        said = capsys.readouterr()
        return code, said.out + said.err

    assert wenha("users") == (0, "还没有账号：wenha console add-user 名字 --role curator\n")
    code, said = wenha("add-user", "王芳", "--role", "curator", typed="短\n")
    assert (code, "密码要10到200个字" in said) == (2, True)
    assert "还没有账号" in wenha("users")[1]
    good = "山高路远坑深大军\n"
    code, said = wenha(
        "add-user", "王芳", "--role", "curator", "--role", "duty_lead", typed=f"{good[:8]}二连三\n"
    )
    assert (code, "/console" in said) == (0, True)
    assert "已经有叫“王芳”的账号" in wenha("add-user", "王芳", "--role", "operator")[1]
    weak = wenha("add-user", "钱进", "--role", "curator", typed="钱进钱进钱进钱进钱进\n")
    assert "密码太简单" in weak[1]
    assert "没有叫“王方”的账号；有的是：王芳" in wenha("passwd", "王方", typed=good)[1]
    assert wenha("roles", "王芳", "--role", "operator") == (0, "王芳现在是：运维\n")
    assert wenha("disable", "王芳")[1] == "王芳停用了，各处都退出了\n"
    assert "王芳  运维  停用" in wenha("users")[1]
    assert wenha("enable", "王芳")[0] == 0
    assert wenha("passwd", "王芳", typed="山高路远坑深大军纵横\n")[0] == 0
    with closing(open_connection(tmp_path / "w.db")) as connection:
        kept = Unit(connection).staff.named("王芳")
    assert kept is not None
    assert kept.password.startswith("$argon2id$")


def test_the_stored_row_is_the_fold_of_the_revisions(database: Path) -> None:
    with closing(open_connection(database)) as connection:
        faq = Unit(connection).faq
        for standing in faq.standings():
            history = faq.revisions(standing.text.id)
            assert revisions.fold(history) == standing
