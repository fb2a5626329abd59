"""How is a spreadsheet of an office read and written (XLSX, openpyxl)?

Cells are text: nothing written here is a formula, and a file with formulas is refused.
"""

import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from base.errors import ConfigError

Column = tuple[str, str, int]  # key, title, width
MOST_ROWS, LARGEST_FILE, LARGEST_CONTENT = 20_000, 20_000_000, 200_000_000
SPARE = 10  # columns beyond ours that are read, to tell of unknown ones
# What openpyxl raises on a file that is broken inside.
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, IndexError, SyntaxError, OSError)


def write_text(cell: Any, text: str) -> Any:
    """Write text that no program takes for a formula."""
    cell.value = text or None
    if text:
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(("=", "+", "-", "@", "\t", "\r"))
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def write(
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    notes: Sequence[str] = (),
) -> bytes:
    """Return a sheet of text with its headings as an XLSX file, and one of notes beside it."""
    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = title
    for at, (_, heading, width) in enumerate(columns, start=1):
        write_text(sheet.cell(1, at), heading).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(at)].width = width
    for row, cells in enumerate(rows, start=2):
        for at, text in enumerate(cells, start=1):
            write_text(sheet.cell(row, at), text)
    sheet.freeze_panes = "B2"
    if notes:
        beside = book.create_sheet("说明")
        beside.column_dimensions["A"].width = 100
        for row, line in enumerate(notes, start=1):
            write_text(beside.cell(row, 1), line)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def read(
    name: str, data: bytes, columns: Sequence[Column]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the number and the values by key of every row that holds something.

    Raises:
        ConfigError: it is no such sheet, or holds formulas; lists every problem with its place.
    """
    lines = rows(name, data, len(columns))
    problems: list[str] = []
    required = [key for key, _, _ in columns]
    places = headings(name, next(lines, ()), columns, required, problems)
    found = []
    for at, cells in enumerate(lines if places else (), start=2):
        values = {}
        for place, key in places.items():
            cell = cells[place] if place < len(cells) else None
            if cell is None or cell.value is None:
                continue
            if cell.data_type == "f":
                problems.append(f"{name} 第{at}行第{place + 1}列：要写文字，不能是公式")
            values[key] = cell.value
        if values:
            found.append((at, values))
    if problems:
        raise ConfigError(problems)
    yield from found


def rows(name: str, data: bytes, width: int) -> Iterator[Sequence[Cell | MergedCell]]:
    """Return the rows of the first sheet of a file.

    Raises:
        ConfigError: it is no XLSX file, or far too large.
    """
    _refuse_bomb(name, data)
    try:
        sheet = load_workbook(BytesIO(data), data_only=False).worksheets[0]
        many = sheet.max_row > MOST_ROWS
        found = iter(() if many else list(sheet.iter_rows(max_col=width + SPARE)))
    except _BROKEN:
        raise ConfigError([f"{name}：不是正确的 XLSX 文件，请用表格软件另存一次再试"]) from None
    if many:
        raise ConfigError([f"{name}：行数太多，最多{MOST_ROWS}行"])
    return found


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


def headings(
    name: str,
    heading: Sequence[Cell | MergedCell],
    columns: Sequence[Column],
    required: Collection[str],
    problems: list[str],
) -> dict[int, str]:
    """Return place → key of the known columns; a missing or repeated one is a problem."""
    known = {title.split("（")[0]: key for key, title, _ in columns}
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
        title for title, key in known.items() if key in required and key not in found.values()
    ]
    if missing:
        problems.append(f"{name} 第1行：缺少这些列：{'、'.join(missing)}")
        return {}
    return found
