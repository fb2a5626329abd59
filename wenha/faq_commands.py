"""Which `wenha faq …` commands are there, and what do they take?"""

import argparse
import io
import sys
from pathlib import Path

from base.clock import SystemClock
from escalation.calendar import BEIJING
from knowledge.index import Index
from knowledge.model import FaqEntry, Mode
from storage.faq_files import read_faq
from storage.shipped import load_holidays
from wenha import faq, faq_eval, faq_files, faq_import
from wenha.config import load

FAQ_HELP = "只用这个文件里的条目（YAML 或 JSON）"


def add(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add every command about the FAQ."""
    _add_match(actions.add_parser("match", help="这样问，问答库会怎么答：每行读一个问题"))
    _add_eval(actions.add_parser("eval", help="拿标好答案的问题量一量答得准不准"))
    _add_lint(actions.add_parser("lint", help="检查全部条目：依据、难懂的话、打架的问法、电话"))
    taking = actions.add_parser(
        "import", help="把文件里的条目放进问答库：全部放进去，或什么也不改"
    )
    taking.add_argument("file", type=Path, metavar="文件", help=".yaml 或 .xlsx")
    taking.add_argument("--dry-run", action="store_true", help="只检查，不改")
    taking.add_argument("--force", action="store_true", help="回归题准确率下降也导入，记录在案")
    taking.set_defaults(run=_import)
    giving = actions.add_parser("export", help="把问答库写成文件")
    giving.add_argument("file", type=Path, metavar="文件", help=".yaml 或 .xlsx")
    giving.set_defaults(run=_export)


def _add_match(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", nargs="*", help="问题；不写就从标准输入读，一行一个")
    parser.add_argument("--faq", type=Path, metavar="文件", help=FAQ_HELP)
    parser.add_argument(
        "--mode",
        type=Mode,
        choices=list(Mode),
        default=Mode.ADDRESSED,
        help="addressed：有人问我们；listening：没人问我们，拿得准才答",
    )
    parser.add_argument("--json", action="store_true", help="每行一个 JSON 对象")
    parser.add_argument("--explain", action="store_true", help="说明为什么")
    parser.set_defaults(run=_match)


def _add_eval(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="文件.jsonl")
    parser.add_argument("--faq", type=Path, metavar="文件", help=FAQ_HELP)
    parser.add_argument("--json", action="store_true", help="一个 JSON 对象")
    parser.set_defaults(run=_eval)


def _add_lint(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--faq", type=Path, metavar="文件", help="检查这个文件（.yaml 或 .xlsx）")
    parser.add_argument("--statutes", type=Path, metavar="文件", help="用这份法条核对依据")
    parser.set_defaults(run=_lint)


def _match(parsed: argparse.Namespace) -> int:
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    return faq.run(
        parsed.question or sys.stdin,
        _index(parsed),
        mode=parsed.mode,
        as_json=parsed.json,
        explained=parsed.explain,
        out=sys.stdout,
    )


def _eval(parsed: argparse.Namespace) -> int:
    return faq_eval.run(parsed.files, _index(parsed), as_json=parsed.json, out=sys.stdout)


def _lint(parsed: argparse.Namespace) -> int:
    entries = read_faq(parsed.faq) if parsed.faq else _entries(parsed)
    today = SystemClock().now().astimezone(BEIJING).date()
    return faq_files.lint_all(entries, parsed.statutes, today, sys.stdout)


def _import(parsed: argparse.Namespace) -> int:
    now = SystemClock().now()
    return faq_import.import_file(
        parsed.file,
        _database(parsed),
        now,
        sys.stdout,
        only_look=parsed.dry_run,
        force=parsed.force,
    )


def _export(parsed: argparse.Namespace) -> int:
    return faq_files.export_file(parsed.file, _database(parsed), sys.stdout)


def _index(parsed: argparse.Namespace) -> Index:
    """The index of the file alone, or of what is served today."""
    if parsed.faq:
        return faq.index_of_file(parsed.faq)
    today = SystemClock().now().astimezone(BEIJING).date()
    return faq.index_of([entry for entry in _entries(parsed) if entry.served_on(today)])


def _entries(parsed: argparse.Namespace) -> tuple[FaqEntry, ...]:
    return faq_files.entries_of(_database(parsed))


def _database(parsed: argparse.Namespace) -> Path:
    return load(parsed.config, load_holidays()).database
