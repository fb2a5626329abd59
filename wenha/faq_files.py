"""How do curators take the FAQ out and check it? `faq export | lint`."""

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import TextIO

from base.errors import ConfigError
from knowledge.citations import Laws
from knowledge.language import Language
from knowledge.lint import Problem, lint, lint_one
from knowledge.model import FaqEntry
from knowledge.normalize import normalise
from storage import faq_check, migrate
from storage.faq import Faq
from storage.faq_files import write_faq
from storage.faq_sheet import COLUMNS
from storage.shipped_faq import load_entries
from storage.shipped_lexicon import load_lexicon
from storage.statutes import load_citations, read_statutes
from storage.store import open_connection
from storage.unit import Unit


def entries_of(database: Path) -> tuple[FaqEntry, ...]:
    """Return the entries of the database; the shipped ones where there are none.

    Raises:
        ConfigError: its tables are of another version.
    """
    return _read(database, lambda faq: faq.entries())


def served_by(database: Path) -> tuple[FaqEntry, ...]:
    """Return the entries that villages get while they are valid.

    Raises:
        ConfigError: its tables are of another version.
    """
    return _read(database, lambda faq: faq.served())


def _read(database: Path, ask: Callable[[Faq], tuple[FaqEntry, ...]]) -> tuple[FaqEntry, ...]:
    """Return what the database says; the shipped entries where it has none yet."""
    if not database.exists() or migrate.revision(database) is None:
        return load_entries()
    if migrate.revision(database) != migrate.head():
        raise ConfigError(["数据库不是这个版本的：先运行 wenha db upgrade"])
    with closing(open_connection(database)) as connection:
        faq = Unit(connection).faq
        return ask(faq) if faq.newest() else load_entries()


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


def lacking(entry: FaqEntry, others: Sequence[FaqEntry], today: date) -> Sequence[str]:
    """Return what an entry lacks to be served, and what is wrong with it beside the others."""
    missing = faq_check.lacking(entry, {key: title.split("（")[0] for key, title, _ in COLUMNS})
    beside = [one for one in others if one.id != entry.id]
    found = lint_one(entry, beside, load_citations(), today, same)
    return [*missing, *(f"{one.key}：{one.what}" for one in found)]


@cache
def _language() -> Language:
    return Language(load_lexicon())


@lru_cache(maxsize=100_000)
def same(text: str) -> str:
    """Return what a wording is compared by: two with the same would fight."""
    return normalise(text, _language()).standard


def problems_of(entries: Sequence[FaqEntry], laws: Laws, today: date) -> list[Problem]:
    """Return what is wrong with the entries; equal wordings are found once normalised."""
    return lint(entries, laws, today, same)
