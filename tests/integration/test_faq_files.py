"""Taking the FAQ out, putting it back, and everything a file may be wrong about."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from base.errors import ConfigError
from knowledge.model import Category, EntryStatus, FaqEntry, Source
from storage import sheet as xlsx
from storage.faq_content import content_of
from storage.faq_files import read_faq, write_faq
from storage.shipped_faq import load_entries
from wenha.cli import main
from wenha.faq_files import entries_of
from wenha.faq_import import import_file

NOW = datetime(2026, 11, 26, 4, tzinfo=UTC)
_CHARS = st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="“”")
_TEXT = st.text(_CHARS, min_size=1, max_size=30)
_LINE = st.one_of(
    _TEXT, st.sampled_from(["=1+1", "+860", "-1", "@SUM(A1)", "00123", "1.50", "是"])
)
_DAY = st.dates(min_value=date(2000, 1, 2), max_value=date(2090, 1, 1))


def entries() -> st.SearchStrategy[FaqEntry]:
    """Any entry that may be imported."""
    sources = st.builds(
        Source,
        law=st.text(st.characters(codec="gb2312", categories=["Lo"]), min_size=1, max_size=10),
        article=st.one_of(st.integers(1, 1500), st.sampled_from(["17之一", "276之一", "12"])),
        checked_on=st.just(date(2000, 1, 1)),
    )
    return st.builds(
        FaqEntry,
        id=st.from_regex(r"[A-Z][0-9]{3,5}", fullmatch=True),
        question=_LINE,
        variants=st.lists(_LINE, min_size=5, max_size=8, unique=True).map(tuple),
        answer=_LINE,
        steps=st.lists(_LINE, min_size=1, max_size=3, unique=True).map(tuple),
        sources=st.lists(sources, min_size=1, max_size=3).map(tuple),
        category=st.sampled_from(Category),
        review_by=_DAY,
        status=st.sampled_from(EntryStatus),
        valid_from=st.one_of(st.none(), st.just(date(2026, 1, 1))),
        valid_to=st.one_of(st.none(), _DAY.filter(lambda day: day >= date(2026, 1, 1))),
    )


def unready(entry: FaqEntry) -> FaqEntry:
    """The same as a draft that lacks nearly everything."""
    bare = replace(entry, status=EntryStatus.DRAFT, answer="", steps=(), sources=())
    return replace(bare, variants=entry.variants[:1] if len(entry.question) > 1 else ())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(entries(), entries().map(unready)),
        max_size=4,
        unique_by=lambda entry: entry.id,
    )
)
@pytest.mark.parametrize("ending", [".yaml", ".xlsx"])
def test_what_is_written_is_read_without_loss(
    ending: str, tmp_path_factory: pytest.TempPathFactory, written: list[FaqEntry]
) -> None:
    path = tmp_path_factory.mktemp("faq") / f"faq{ending}"

    write_faq(path, written)

    assert sorted(read_faq(path), key=_by_id) == sorted(written, key=_by_id)


def _by_id(entry: FaqEntry) -> str:
    return entry.id


def test_a_cell_is_text_whatever_it_begins_with(tmp_path: Path) -> None:
    entry = replace(load_entries()[0], question="=HYPERLINK(1)", answer="@甲", steps=("+1",))

    write_faq(tmp_path / "a.xlsx", [entry])

    row = load_workbook(tmp_path / "a.xlsx").worksheets[0][2]
    assert {cell.data_type for cell in row if cell.value} == {"s"}
    quoted = {cell.value for cell in row if cell.quotePrefix}
    assert quoted == {"=HYPERLINK(1)", "@甲", "+1"}


def test_all_entries_go_out_and_come_back_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("all.yaml", "all.xlsx"):
        assert main(["faq", "export", name]) == 0
        assert read_faq(tmp_path / name) == load_entries()
        assert main(["faq", "import", name]) == 0
    assert "新加0条，改了0条，没变252条" in capsys.readouterr().out


def test_an_import_changes_what_differs_and_keeps_what_was_said_before(tmp_path: Path) -> None:
    database, old = tmp_path / "w.db", load_entries()[0]
    new = replace(old, answer="新的说法。")
    write_faq(tmp_path / "one.yaml", [new])

    assert import_file(tmp_path / "one.yaml", database, NOW, out := io.StringIO()) == 0

    assert out.getvalue() == "新加0条，改了1条，没变0条\n"
    kept = {entry.id: entry for entry in entries_of(database)}
    assert kept == {entry.id: entry for entry in load_entries()} | {new.id: new}


def test_looking_only_changes_nothing(tmp_path: Path) -> None:
    write_faq(tmp_path / "one.yaml", [replace(load_entries()[0], answer="新的说法。")])

    import_file(tmp_path / "one.yaml", tmp_path / "w.db", NOW, io.StringIO(), only_look=True)

    assert not (tmp_path / "w.db").exists()


def refused(path: Path) -> tuple[str, ...]:
    """The problems of importing a file; the database must stay as it was."""
    database = path.parent / "w.db"
    with pytest.raises(ConfigError) as caught:
        import_file(path, database, NOW, io.StringIO())
    assert not database.exists()
    return caught.value.problems


def test_a_thousand_problems_are_all_told_and_nothing_is_applied(tmp_path: Path) -> None:
    good = content_of(load_entries()[0])
    rows = "".join(f"- id: L{at}\n  colour: red\n" for at in range(100, 1100))
    (tmp_path / "b.yaml").write_text(rows, "utf-8")

    problems = refused(tmp_path / "b.yaml")

    assert len(problems) > 1_000
    assert "b.yaml L100 colour：" in problems[0]
    assert good["id"] == "L001"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"variants": load_entries()[1].variants[:5]}, "两条会打架"),
        (
            {"sources": (Source(law="不存在法", article=1, checked_on=date(2026, 1, 1)),)},
            "没有收录",
        ),
        (
            {"sources": (Source(law="民法典", article=1261, checked_on=date(2026, 1, 1)),)},
            "第1261条",
        ),
        ({"sources": (Source(law="民法典", article=1, checked_on=date(2020, 1, 1)),)}, "才施行"),
        ({"answer": "当事人可以主张。"}, "大白话"),
        ({"answer": "拨打12399。"}, "名单"),
    ],
)
def test_an_entry_that_would_mislead_is_refused(
    change: dict[str, object], said: str, tmp_path: Path
) -> None:
    write_faq(tmp_path / "b.yaml", [replace(load_entries()[0], **change)])  # type: ignore[arg-type]  # any field

    assert any(said in problem for problem in refused(tmp_path / "b.yaml"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("b.yaml", "- id: 甲".encode("gbk"), "UTF-8"),
        ("b.yaml", b"a: &a [x]\nb: [*a, *a]", "引用"),
        ("b.yaml", b"", "一列"),
        ("b.yaml", b"[" * 50_000, "YAML"),
        ("b.xlsx", b"PK nothing", "XLSX"),
        ("b.csv", b"id", "结尾"),
    ],
)
def test_what_is_no_faq_file_is_refused(
    name: str, content: bytes, said: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)

    assert said in refused(tmp_path / name)[0]


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").mkdir()

    assert "读不到" in refused(tmp_path / "none.yaml")[0]
    assert "读不到" in refused(tmp_path / "f.yaml")[0]


def test_a_bomb_is_refused_before_it_goes_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "LARGEST_CONTENT", 1_000_000)
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 5_000_000)

    assert "太大" in refused(tmp_path / "b.xlsx")[0]


def sheet(tmp_path: Path, *rows: list[object]) -> Path:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "b.xlsx")
    return tmp_path / "b.xlsx"


HEADINGS: list[object] = [
    "编号",
    "类别",
    "状态",
    "问题",
    "问法",
    "答复",
    "办法",
    "依据",
    "复核日期",
]


def test_formulas_are_told_with_row_and_column(tmp_path: Path) -> None:
    row: list[object] = ["L900", "debt", "draft", "=1+1", "", "答", "办", "民法典 1 2026-01-01"]

    problems = refused(sheet(tmp_path, HEADINGS, [*row, "2027-01-01"]))

    assert any("b.xlsx 第2行 问题" in problem and "公式" in problem for problem in problems)


@pytest.mark.parametrize(
    ("headings", "said"),
    [
        (HEADINGS[:-1], "缺少这些列：复核日期"),
        ([*HEADINGS, "编号"], "出现了两次"),
        ([*HEADINGS, "颜色"], "不认识“颜色”"),
        ([], "缺少这些列"),
    ],
)
def test_odd_columns_are_told(headings: list[object], said: str, tmp_path: Path) -> None:
    assert any(said in problem for problem in refused(sheet(tmp_path, headings)))


def test_the_shipped_entries_have_no_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(["faq", "lint"]) == 0, capsys.readouterr().out
    assert "252条问答，0个问题" in capsys.readouterr().out


def test_lint_takes_a_statutes_file_and_tells_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    law = '{"law": "甲法", "short": "甲法", "effective": null, "article": "第一条", "number": 1}'
    (tmp_path / "s.jsonl").write_text(law, "utf-8")

    assert main(["faq", "lint", "--statutes", "s.jsonl"]) == 1
    assert "没有收录叫“农村土地承包法”的法律" in capsys.readouterr().out
    (tmp_path / "s.jsonl").write_text("{}", "utf-8")
    assert main(["faq", "lint", "--statutes", "s.jsonl"]) == 2
