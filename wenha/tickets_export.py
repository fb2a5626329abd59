"""How do tickets leave the house? JSON Lines that anybody can recompute the clocks from; XLSX.

The lines are a fixed contract: {"ticket", "village", "category", "urgent", "policy",
"policy_version", "calendar", "calendar_version", "events", "timers", "state", "reason"}; moments
are ISO 8601 in UTC, people are numbers, words are masked. The calendars go into a file of their
own, in the form that `calendar check` reads.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, TextIO

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from base.errors import ConfigError
from base.wording import Wording
from bot import rendering
from bot.facts import Dossier
from escalation.calendar import WorkCalendar
from escalation.calendar_check import dump_calendars
from escalation.model import Event, Timer
from storage.sheet import write_text
from wenha.tickets import all_dossiers, moment, reading

COLUMNS = (
    ("工单", 8), ("村", 14), ("类别", 14), ("紧急", 6), ("状态", 20), ("提问时间", 18),
    ("问题", 50), ("首次答复送到", 18), ("超时几次", 10), ("办结时间", 18),
)  # fmt: skip


def export(
    database: Path, *, as_json: bool, sheet: Path | None, calendars: Path | None,
    words: Wording, out: TextIO,
) -> int:  # fmt: skip
    """Write every ticket; return the exit code.

    Args:
        database: where the tickets are.
        as_json: one JSON object a line, to `out`.
        sheet: an XLSX file to write.
        calendars: a JSON file to write the calendars to.
        words: the sentences of the sheet.
        out: where the lines go.

    Raises:
        ConfigError: there is nothing to write to or from, or a file can't be written.
    """
    if sheet is None and calendars is None and not as_json:
        raise ConfigError(["写到哪里？加 --json，或写一个 .xlsx 文件名，或 --calendars 文件"])
    with reading(database) as unit:
        files = list(all_dossiers(unit))
    used = {file.calendar.version: file.calendar for file in files}
    in_order = [used[version] for version in sorted(used, key=int)]
    if as_json:
        for file in files:
            print(json.dumps(record(file, in_order), ensure_ascii=False), file=out)
    if calendars is not None:
        text = json.dumps(dump_calendars(in_order), ensure_ascii=False, indent=1)
        _write(calendars, text.encode("utf-8"))
    if sheet is not None:
        _write(sheet, _sheet(files, words))
    return 0


def record(file: Dossier, calendars: Sequence[WorkCalendar]) -> dict[str, Any]:
    """Return one ticket as the contract has it; `calendars` are those of the export."""
    ticket = file.ticket
    return {
        "ticket": ticket.id,
        "village": file.village.name,
        "category": ticket.category,
        "urgent": ticket.urgent_at is not None,
        "policy": _policy(file),
        "policy_version": ticket.policy_version,
        "calendar": _name(file.calendar, calendars),
        "calendar_version": ticket.calendar_version,
        "events": [
            {
                "seq": entry.seq,
                "at": _iso(entry.at),
                "event": entry.event,
                "by": entry.by,
                "role": entry.role,
                "data": dict(entry.data),
            }
            for entry in file.journal
        ],
        "timers": [_timer(timer) for timer in file.timers],
        "state": ticket.state,
        "reason": ticket.reason,
    }


def _policy(file: Dossier) -> dict[str, Any]:
    """All minutes and warnings that the ticket goes by, its category's included."""
    values = asdict(file.policy)
    return {key: one for key, one in values.items() if key not in ("version", "categories")}


def _name(calendar: WorkCalendar, calendars: Sequence[WorkCalendar]) -> str:
    """The name under which `dump_calendars` writes it."""
    newest = [one for one in calendars if one.name == calendar.name][-1]
    plain = newest.version == calendar.version
    return calendar.name if plain else f"{calendar.name}@{calendar.version}"


def _timer(timer: Timer) -> Mapping[str, Any]:
    return {
        "kind": timer.kind,
        "step": timer.step,
        "gen": timer.gen,
        "cycle": timer.cycle,
        "started_at": _iso(timer.started_at),
        "due": _iso(timer.due),
        "provisional": timer.provisional,
        "fired_at": _iso(timer.fired_at),
        "cancelled_at": _iso(timer.cancelled_at),
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def _sheet(files: Sequence[Dossier], words: Wording) -> bytes:
    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = "工单"
    for at, (heading, width) in enumerate(COLUMNS, start=1):
        write_text(sheet.cell(1, at), heading).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(at)].width = width
    for row, file in enumerate(files, start=2):
        for at, text in enumerate(_row(file, words), start=1):
            write_text(sheet.cell(row, at), text)
    sheet.freeze_panes = "B2"
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _row(file: Dossier, words: Wording) -> Sequence[str]:
    ticket, journal = file.ticket, file.journal
    arrived = [entry.at for entry in journal if entry.event is Event.ANSWER_DELIVERED]
    late = sum(entry.event is Event.BREACHED for entry in journal)
    return (
        str(ticket.id),
        file.village.name,
        words(f"category.{ticket.category}") if ticket.category else "",
        "是" if ticket.urgent_at else "",
        rendering.state(ticket, words),
        moment(ticket.opened_at),
        str(journal[0].data["text"]),
        moment(arrived[0]) if arrived else "",
        str(late),
        moment(ticket.closed_at) if ticket.closed_at else "",
    )


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise ConfigError([f"写不了 {path}：{error.strerror}"]) from None
