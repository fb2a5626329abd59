"""How does the FAQ look as a spreadsheet? One entry a row, for offices (XLSX, openpyxl).

Cells are text: nothing written here is a formula, and a file with formulas is refused.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl.cell import Cell, MergedCell

from base.errors import ConfigError
from knowledge.model import FaqEntry
from storage import sheet
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
SOURCE_PARTS = 3  # law, article, day
HELP = (
    "一行是一条问答。改好保存，再用 wenha faq import 导入；有问题会一次列全。",
    "问法、办法、依据：在一个格子里，一行写一个（Alt+Enter 换行）。",
    "依据写成：民法典 188 2026-11-26（法的简称、条号、核对法条的日期，中间空一格）。",
    "一行是一条问答。改好保存，再导入：wenha faq import。有问题会一次列全，不会只改一半。",
)


def write_sheet(entries: Iterable[FaqEntry]) -> bytes:
    """Return the entries as an XLSX file."""
    cells = (
        [_shown(key, content_of(entry).get(key)) for key, _, _ in COLUMNS] for entry in entries
    )
    return sheet.write("问答", COLUMNS, cells, HELP)


def read_sheet(name: str, data: bytes) -> tuple[FaqEntry, ...]:
    """Return the entries of an XLSX file, in the order of its rows.

    Raises:
        ConfigError: Something does not fit; lists every problem with row and column.
    """
    rows = sheet.rows(name, data, len(COLUMNS))
    problems: list[str] = []
    columns = sheet.headings(name, next(rows, ()), COLUMNS, ENTRY_KEYS, problems)
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


def _shown(key: str, value: Any) -> str:
    if key == "sources":
        return "\n".join(f"{s['law']} {_article(s['article'])} {s['checked_on']}" for s in value)
    if key in LISTS:
        return "\n".join(value)
    return "" if value is None else str(value)


def _article(article: int | str) -> str:
    """Return the article; one written as text stays text when it is read again."""
    return f"“{article}”" if isinstance(article, str) and article.isdigit() else str(article)


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
