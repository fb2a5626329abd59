"""Rosters, directories and the hub above: what an operator brings in from the office's tables."""

import argparse
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from base.clock import SystemClock
from base.errors import ConfigError
from base.text import clean
from escalation import roster
from escalation.calendar import BEIJING
from escalation.directory import Office
from escalation.model import Hub
from storage import sheet
from storage.shipped import load_holidays
from storage.unit import Unit
from wenha.bind import hub_of, in_one_transaction
from wenha.config import load
from wenha.tickets import reading

T = TypeVar("T")
ROSTER = (("day", "日期", 14), ("opens", "开始", 10), ("closes", "结束", 10), ("name", "姓名", 16))
OFFICES = (
    ("name", "名称", 24), ("what", "管什么", 40), ("place", "地址", 40), ("hours", "时间", 24),
    ("phone", "电话", 18),
)  # fmt: skip
LONGEST = 200  # characters of a cell


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands about rosters, the directory, and which hub is above which."""
    rosters = commands.add_parser("roster", help="值班表").add_subparsers(
        required=True, metavar="动作"
    )
    bringing = rosters.add_parser("import", help="用表格（.xlsx）换掉这些天的班")
    bringing.add_argument("file", type=Path, metavar="文件.xlsx")
    bringing.add_argument("--hub", help="哪个值守群，只有一个时不用写")
    bringing.set_defaults(run=_import_roster)
    listing = rosters.add_parser("list", help="看值班表")
    listing.add_argument("--hub", help="哪个值守群，只有一个时不用写")
    listing.set_defaults(run=_list_roster)
    offices = commands.add_parser("directory", help="转介用的单位名录").add_subparsers(
        required=True, metavar="动作"
    )
    taking = offices.add_parser("import", help="用表格（.xlsx）换掉整个名录")
    taking.add_argument("file", type=Path, metavar="文件.xlsx")
    taking.set_defaults(run=_import_offices)
    giving = offices.add_parser("export", help="写成表格，改好再导入")
    giving.add_argument("file", type=Path, metavar="文件.xlsx")
    giving.set_defaults(run=_export_offices)
    offices.add_parser("list", help="看名录").set_defaults(run=_list_offices)


def put_above(database: Path, below: str, above: str) -> int:
    """Let the hub `above` go on with what the hub `below` can't; return the exit code.

    Raises:
        ConfigError: there is no such hub, or each would stand above the other.
    """

    def work(unit: Unit) -> None:
        lower, upper = hub_of(unit, below), hub_of(unit, above)
        hubs = {hub.id: hub for hub in unit.people.hubs()}
        seen: Hub | None = upper
        while seen is not None:
            if seen.id == lower.id:
                raise ConfigError([f"“{above}”已经在“{below}”下面了，不能互为上级"])
            seen = hubs.get(seen.above) if seen.above is not None else None
        unit.people.put_above(lower.id, upper.id)

    in_one_transaction(database, work)
    print(f"“{below}”到时间还没办的，转到“{above}”。")
    return 0


def _import_roster(parsed: argparse.Namespace) -> int:
    today = SystemClock().now().astimezone(BEIJING).date()
    rows = _rows_of(parsed.file)

    def work(unit: Unit) -> int:
        hub = hub_of(unit, parsed.hub)
        members = {one.id: one for one, _ in unit.people.members(f"hub:{hub.id}")}
        duties = roster.checked(rows, roster.by_name(members.values()), today)
        unit.rosters.put(hub.id, duties)
        return len(duties)

    count = in_one_transaction(load(parsed.config, load_holidays()).database, work)
    print(f"记下了{count}个班")
    return 0


def _rows_of(path: Path) -> Sequence[roster.Row]:
    found = []
    for number, values in sheet.read(path.name, _bytes(path), ROSTER):
        day = values.get("day", "")
        texts = {key: _clock(values.get(key, "")) for key in ("opens", "closes")}
        found.append(
            roster.Row(
                place=f"{path.name} 第{number}行",
                day=day if isinstance(day, date) else str(day),
                name=clean(str(values.get("name", ""))),
                **texts,
            )
        )
    return found


def _clock(value: object) -> str:
    """A time of day: as text, or as the spreadsheet's own kind of time (9:00:00)."""
    text = clean(str(value))
    return text.removesuffix(":00") if text.count(":") > 1 else text


def _list_roster(parsed: argparse.Namespace) -> int:
    def work(unit: Unit) -> None:
        for one in unit.rosters.duties(hub_of(unit, parsed.hub).id):
            starts, ends = one.starts.astimezone(BEIJING), one.ends.astimezone(BEIJING)
            print(f"{starts:%Y-%m-%d %H:%M}–{ends:%H:%M}  {one.person.name}")

    return _reading(parsed, work)


def _import_offices(parsed: argparse.Namespace) -> int:
    problems: list[str] = []
    found: dict[str, Office] = {}
    for number, values in sheet.read(parsed.file.name, _bytes(parsed.file), OFFICES):
        cells = {key: clean(str(values.get(key, ""))) for key, _, _ in OFFICES}
        place = f"{parsed.file.name} 第{number}行"
        if not cells["name"]:
            problems.append(f"{place} 名称：不能是空的")
        elif cells["name"] in found:
            problems.append(f"{place} 名称：“{cells['name']}”写了两次")
        problems += [
            f"{place} {title}：太长，最多{LONGEST}个字"
            for key, title, _ in OFFICES
            if len(cells[key]) > LONGEST
        ]
        found[cells["name"]] = Office(**cells)
    if problems:
        raise ConfigError(problems)
    database = load(parsed.config, load_holidays()).database
    in_one_transaction(database, lambda unit: unit.rosters.put_offices(list(found.values())))
    print(f"名录里有{len(found)}个单位")
    return 0


def _export_offices(parsed: argparse.Namespace) -> int:
    def work(unit: Unit) -> None:
        rows = [[o.name, o.what, o.place, o.hours, o.phone] for o in unit.rosters.offices()]
        try:
            parsed.file.write_bytes(sheet.write("名录", OFFICES, rows))
        except OSError as error:
            raise ConfigError([f"{parsed.file}：写不了（{error.strerror}）"]) from None
        print(f"{len(rows)}个单位写进了 {parsed.file}")

    return _reading(parsed, work)


def _list_offices(parsed: argparse.Namespace) -> int:
    def work(unit: Unit) -> None:
        for one in unit.rosters.offices():
            print("  ".join(filter(None, (one.name, one.what, one.place, one.hours, one.phone))))

    return _reading(parsed, work)


def _reading(parsed: argparse.Namespace, work: Callable[[Unit], None]) -> int:
    with reading(load(parsed.config, load_holidays()).database) as unit:
        work(unit)
    return 0


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError([f"{path}：读不了（{error.strerror}）"]) from None
