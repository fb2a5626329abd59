"""How does the FAQ look as a spreadsheet? One entry a row, for offices (XLSX, openpyxl).

Cells are text: nothing written here is a formula, and a file with formulas is refused.
"""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from base.errors import ConfigError
from knowledge.model import FaqEntry
from storage.faq_check import ENTRY_KEYS, Place, checked_entry
from storage.faq_content import content_of

COLUMNS = (
    ("id", "编号", 8), ("category", "类别", 12), ("status", "状态", 11), ("question", "问题", 30),
    ("variants", "问法（一行一个）", 50), ("answer", "答复（最多120字）", 50),
    ("steps", "办法（一行一个，最多3个）", 40), ("sources", "依据（一行一个）", 34),
    ("review_by", "复核日期", 12), ("valid_from", "从哪天起用", 12), ("valid_to", "用到哪天", 12),
)  # fmt: skip
LISTS = ("variants", "steps", "sources")
DAYS = ("review_by", "valid_from", "valid_to")
MOST_ROWS, LARGEST_FILE, LARGEST_CONTENT = 20_000, 20_000_000, 200_000_000
SPARE = 10  # columns beyond ours that are read, to tell of unknown ones
SOURCE_PARTS = 3  # law, article, day
# What openpyxl raises on a file that is broken inside.
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, IndexError, SyntaxError, OSError)
HELP = (
    "一行是一条问答。改好保存，再用 wenha faq import 导入；有问题会一次列全。",
    "问法、办法、依据：在一个格子里，一行写一个（Alt+Enter 换行）。",
    "依据写成：民法典 188 2026-11-26（法的简称、条号、核对法条的日期，中间空一格）。",
    "一行是一条问答。改好保存，再导入：wenha faq import。有问题会一次列全，不会只改一半。",
)


def write_sheet(entries: Iterable[FaqEntry]) -> bytes:
    """Return the entries as an XLSX file."""
    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = "问答"
    for at, (_, heading, width) in enumerate(COLUMNS, start=1):
        write_text(sheet.cell(1, at), heading).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(at)].width = width
    for row, entry in enumerate(entries, start=2):
        for at, (key, _, _) in enumerate(COLUMNS, start=1):
            write_text(sheet.cell(row, at), _shown(key, content_of(entry).get(key)))
    sheet.freeze_panes = "B2"
    notes = book.create_sheet("说明")
    notes.column_dimensions["A"].width = 100
    for row, line in enumerate(HELP, start=1):
        write_text(notes.cell(row, 1), line)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def read_sheet(name: str, data: bytes) -> tuple[FaqEntry, ...]:
    """Return the entries of an XLSX file, in the order of its rows.

    Raises:
        ConfigError: Something does not fit; lists every problem with row and column.
    """
    rows = _rows(name, data)
    problems: list[str] = []
    columns = _columns(name, next(rows, ()), problems)
    found: list[FaqEntry] = []
    for at, cells in enumerate(rows if columns else (), start=2):
        place = Place(file=name, entry=f"第{at}行", problems=problems)
        raw = _mapping(place, columns, cells)
        if raw:
            entry = checked_entry(place, raw)
            found += [entry] if entry else []
    if problems:
        raise ConfigError(problems)
    return tuple(found)


def write_text(cell: Any, text: str) -> Any:
    """Write text that no program takes for a formula."""
    cell.value = text or None
    if text:
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(("=", "+", "-", "@", "\t", "\r"))
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _shown(key: str, value: Any) -> str:
    if key == "sources":
        return "\n".join(f"{s['law']} {_article(s['article'])} {s['checked_on']}" for s in value)
    if key in LISTS:
        return "\n".join(value)
    return "" if value is None else str(value)


def _article(article: int | str) -> str:
    """Return the article; one written as text stays text when it is read again."""
    return f"“{article}”" if isinstance(article, str) and article.isdigit() else str(article)


def _rows(name: str, data: bytes) -> Iterator[Sequence[Cell | MergedCell]]:
    _refuse_bomb(name, data)
    try:
        sheet = load_workbook(BytesIO(data), data_only=False).worksheets[0]
        many = sheet.max_row > MOST_ROWS
        rows = iter(() if many else list(sheet.iter_rows(max_col=len(COLUMNS) + SPARE)))
    except _BROKEN:
        raise ConfigError([f"{name}：不是正确的 XLSX 文件，请用表格软件另存一次再试"]) from None
    if many:
        raise ConfigError([f"{name}：行数太多，最多{MOST_ROWS}行"])
    return rows


def _refuse_bomb(name: str, data: bytes) -> None:
    """Refuse a file that unpacks to more than a sheet of ours can be; sizes are not believed."""
    if len(data) > LARGEST_FILE:
        raise ConfigError([f"{name}：文件太大，最多{LARGEST_FILE // 1_000_000}MB"])
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            left = LARGEST_CONTENT
            for member in packed.infolist():
                with packed.open(member) as content:
                    while piece := content.read(min(left, 1_000_000) + 1):
                        left -= len(piece)
                        if left < 0:
                            raise ConfigError([f"{name}：解开来太大，不像一张问答表"])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise ConfigError([f"{name}：不是 XLSX 文件"]) from None


def _columns(
    name: str, heading: Sequence[Cell | MergedCell], problems: list[str]
) -> dict[int, str]:
    """Return place → key of the known columns; a missing or repeated one is a problem."""
    known = {title.split("（")[0]: key for key, title, _ in COLUMNS}
    found: dict[int, str] = {}
    for at, cell in enumerate(heading):
        title = str(cell.value or "").split("（")[0].strip()
        if not title:
            continue
        if title not in known:
            problems.append(f"{name} 第1行第{at + 1}列：不认识“{title}”这一列")
        elif known[title] in found.values():
            problems.append(f"{name} 第1行第{at + 1}列：“{title}”这一列出现了两次")
        else:
            found[at] = known[title]
    missing = [
        t.split("（")[0]
        for key, t, _ in COLUMNS
        if key in ENTRY_KEYS and key not in found.values()
    ]
    if missing:
        problems.append(f"{name} 第1行：缺少这些列：{'、'.join(missing)}")
        return {}
    return found


def _mapping(
    place: Place, columns: dict[int, str], cells: Sequence[Cell | MergedCell]
) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for at, key in columns.items():
        cell = cells[at] if at < len(cells) else None
        if cell is None or cell.value is None:
            continue
        if cell.data_type == "f":
            place.wrong(_title(key), cell.value, "文字，不能是公式")
            continue
        raw[key] = _value(place, key, cell.value)
    return raw


def _value(place: Place, key: str, value: Any) -> Any:
    if key in DAYS:
        return _day(value)
    text = str(value)
    if key == "sources":
        return [_source(place, line) for line in text.splitlines() if line.strip()]
    if key in LISTS:
        return [line for line in text.split("\n") if line.strip()]
    return text


def _day(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date()
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        return str(value)


def _source(place: Place, line: str) -> dict[str, Any]:
    parts = line.split()
    if len(parts) != SOURCE_PARTS:
        place.wrong(
            _title("sources"), line, "法、条号、核对日期，中间空一格，如：民法典 188 2026-11-26"
        )
        return {"law": line, "article": 1, "checked_on": date.min}
    law, article, day = parts
    number = int(article) if article.isdigit() else article.strip("“”")
    return {"law": law, "article": number, "checked_on": _day(day)}


def _title(key: str) -> str:
    return next(title.split("（")[0] for known, title, _ in COLUMNS if known == key)
