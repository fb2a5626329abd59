"""How do curators take the FAQ out, put it back and check it? `faq import | export | lint`."""

from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

from base.errors import ConfigError
from escalation.calendar import BEIJING
from knowledge.citations import Laws
from knowledge.language import Language
from knowledge.lint import Problem, lint
from knowledge.model import FaqEntry
from knowledge.normalize import normalise
from storage import migrate
from storage.faq_files import read_faq, write_faq
from storage.shipped_faq import load_entries
from storage.shipped_lexicon import load_lexicon
from storage.statutes import load_citations, read_statutes
from storage.store import open_connection
from storage.unit import Unit

COMMAND = "导入"


def entries_of(database: Path) -> tuple[FaqEntry, ...]:
    """Return the entries of the database; the shipped ones where there are none.

    Raises:
        ConfigError: its tables are of another version.
    """
    if not database.exists() or migrate.revision(database) is None:
        return load_entries()
    if migrate.revision(database) != migrate.head():
        raise ConfigError(["数据库不是这个版本的：先运行 wenha db upgrade"])
    with closing(open_connection(database)) as connection:
        return Unit(connection).faq.entries() or load_entries()


def import_file(
    path: Path, database: Path, now: datetime, out: TextIO, *, only_look: bool = False
) -> int:
    """Put the entries of a file into the database, all or none; return the exit code.

    Raises:
        ConfigError: Something in the file does not fit; lists every problem, nothing is changed.
    """
    entries = read_faq(path)
    if database.exists() and not only_look:
        migrate.upgrade(database)
    mine = {entry.id for entry in entries}
    others = [entry for entry in entries_of(database) if entry.id not in mine]
    today = now.astimezone(BEIJING).date()
    problems = problems_of([*others, *entries], load_citations(), today)
    wrong = [one.told() for one in problems if one.entry in mine and one.key != "复核日期"]
    if wrong:
        raise ConfigError(wrong)
    if only_look:
        print(f"{len(entries)}条都没有问题，什么也没有改", file=out)
        return 0
    migrate.upgrade(database)
    with closing(open_connection(database)) as connection, connection.begin():
        unit = Unit(connection)
        if unit.faq.newest() == 0:
            unit.faq.put(load_entries(), now, "自带")
        counted = unit.faq.put(entries, now, COMMAND)
    print(f"新加{counted.new}条，改了{counted.changed}条，没变{counted.same}条", file=out)
    return 0


def export_file(path: Path, database: Path, out: TextIO) -> int:
    """Write the entries of the database to a file; return the exit code.

    Raises:
        ConfigError: The file can't be written.
    """
    entries = entries_of(database)
    write_faq(path, entries)
    print(f"{len(entries)}条写进了 {path}", file=out)
    return 0


def lint_all(entries: Sequence[FaqEntry], statutes: Path | None, today: date, out: TextIO) -> int:
    """Print everything that is wrong with the entries; return 1 if anything is.

    Raises:
        ConfigError: The statutes file can't be read.
    """
    problems = problems_of(
        entries, read_statutes(statutes) if statutes else load_citations(), today
    )
    for problem in problems:
        print(f"✗ {problem.told()}", file=out)
    print(f"{len(entries)}条问答，{len(problems)}个问题", file=out)
    return 1 if problems else 0


def problems_of(entries: Sequence[FaqEntry], laws: Laws, today: date) -> list[Problem]:
    """Return what is wrong with the entries; equal wordings are found once normalised."""
    language = Language(load_lexicon())
    return lint(entries, laws, today, lambda text: normalise(text, language).standard)
