"""Which `wenha tickets …` commands are there, and what do they take?"""

import argparse
import sys
from pathlib import Path

from base.clock import SystemClock
from base.errors import ConfigError
from base.wording import Wording
from storage.shipped import load_holidays
from wenha import tickets, tickets_export, tickets_record
from wenha.config import Config, load


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add every command about tickets."""
    actions = commands.add_parser("tickets", help="工单：看、导出").add_subparsers(
        required=True, metavar="动作"
    )
    actions.add_parser("list", help="一行一个工单").set_defaults(run=_list)
    showing = actions.add_parser("show", help="一个工单从头到尾")
    showing.add_argument("ticket", type=int, metavar="工单号")
    showing.add_argument("--html", type=Path, metavar="文件.html", help="写成可打印的咨询记录")
    showing.set_defaults(run=_show)
    giving = actions.add_parser("export", help="导出全部工单")
    giving.add_argument("file", nargs="?", type=Path, metavar="文件.xlsx", help="写成表格")
    giving.add_argument("--json", action="store_true", help="每行一个 JSON 对象")
    giving.add_argument("--calendars", type=Path, metavar="文件.json", help="把用到的日历写进去")
    giving.set_defaults(run=_export)
    explaining = commands.add_parser("explain", help="一个工单的每个时限是怎么算出来的")
    explaining.add_argument("ticket", type=int, metavar="工单号")
    explaining.set_defaults(run=_explain)


def _list(parsed: argparse.Namespace) -> int:
    config = _config(parsed)
    return tickets.list_all(config.database, _words(config), SystemClock().now(), sys.stdout)


def _show(parsed: argparse.Namespace) -> int:
    config, now = _config(parsed), SystemClock().now()
    if parsed.html is not None:
        return tickets_record.write(
            config.database,
            parsed.ticket,
            parsed.html,
            words=_words(config),
            now=now,
            out=sys.stdout,
        )
    return tickets.show(config.database, parsed.ticket, _words(config), now, sys.stdout)


def _export(parsed: argparse.Namespace) -> int:
    if parsed.file is not None and parsed.file.suffix.lower() != ".xlsx":
        raise ConfigError([f"{parsed.file}：只会写 .xlsx；要 JSON，加 --json"])
    config = _config(parsed)
    return tickets_export.export(
        config.database,
        as_json=parsed.json,
        sheet=parsed.file,
        calendars=parsed.calendars,
        words=_words(config),
        out=sys.stdout,
    )


def _explain(parsed: argparse.Namespace) -> int:
    config, now = _config(parsed), SystemClock().now()
    return tickets.explain(config.database, parsed.ticket, _words(config), now, sys.stdout)


def _config(parsed: argparse.Namespace) -> Config:
    return load(parsed.config, load_holidays())


def _words(config: Config) -> Wording:
    return Wording(config.wording)
