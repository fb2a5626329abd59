"""How do entries of a file come into the FAQ? `faq import`: all of them, or nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TextIO

from base.errors import ConfigError
from escalation.calendar import BEIJING
from knowledge.index import updated
from knowledge.model import EntryStatus, FaqEntry
from knowledge.replay import Replay, replay
from storage import migrate
from storage.faq_files import read_faq
from storage.shipped_faq import load_entries
from storage.statutes import load_citations
from storage.store import writing
from wenha.faq import index_of
from wenha.faq_files import entries_of, problems_of, served_by
from wenha.regression import judged_under, regression

SHIPPED, COMMAND = "自带", "导入"
FEW = 40  # entries; of more the whole index is built anew


def import_file(
    path: Path,
    database: Path,
    now: datetime,
    out: TextIO,
    *,
    only_look: bool = False,
    force: bool = False,
) -> int:
    """Put the entries of a file into the database, all or none; return the exit code.

    What the file calls published is served: the operator answers for its being checked.

    Raises:
        ConfigError: Something in the file does not fit, or fewer answers on the regression set
            would be right and `force` does not say so; lists every problem, nothing is changed.
    """
    entries = read_faq(path)
    if database.exists() and not only_look:
        migrate.upgrade(database)
    _check(entries, entries_of(database), now)
    if only_look:
        print(f"{len(entries)}条都没有问题，什么也没有改", file=out)
        return 0
    fall = _fall(served_by(database), entries)
    if fall and not force:
        told = f"回归题的准确率会下降：{fall}。确实要导入，加上 --force，会记录在案"
        raise ConfigError([told])
    why = f"强行导入：{fall}" if fall else ""
    migrate.upgrade(database)
    with writing(database) as unit:
        if unit.faq.newest() == 0:
            unit.faq.put(load_entries(), now, SHIPPED)
        counted = unit.faq.put(entries, now, COMMAND, why)
    print(f"新加{counted.new}条，改了{counted.changed}条，没变{counted.same}条", file=out)
    return 0


def _check(entries: Sequence[FaqEntry], known: Sequence[FaqEntry], now: datetime) -> None:
    """Look at what may be served; a draft may be as it is."""
    mine = {entry.id: entry.status for entry in entries}
    others = [entry for entry in known if entry.id not in mine]
    today = now.astimezone(BEIJING).date()
    wrong = [
        one.told()
        for one in problems_of([*others, *entries], load_citations(), today)
        if one.key != "复核日期" and mine.get(one.entry, EntryStatus.DRAFT) != EntryStatus.DRAFT
    ]
    if wrong:
        raise ConfigError(wrong)


def _fall(served: Sequence[FaqEntry], entries: Sequence[FaqEntry]) -> str:
    """Return how far the precision on the regression set would fall; empty if it does not."""
    before = {entry.id: entry for entry in served}
    after = before | {e.id: e for e in entries if e.status is EntryStatus.PUBLISHED}
    for gone in (e.id for e in entries if e.status is EntryStatus.RETIRED):
        after.pop(gone, None)
    return _replay(before, after).fall if after != before else ""


def _replay(before: Mapping[str, FaqEntry], after: Mapping[str, FaqEntry]) -> Replay:
    index = index_of(list(before.values()))
    changed = [one for one in after.values() if before.get(one.id) != one]
    gone = [one for one in before.values() if one.id not in after]
    if len(changed) + len(gone) > FEW:
        then = index_of(list(after.values()))
        return replay(index, then, [], regression(), judged_under(index))
    then = index
    for one in changed:
        then = updated(then, one)
    for one in gone:
        then = updated(then, one, gone=True)
    return replay(index, then, [], regression(), judged_under(index))
