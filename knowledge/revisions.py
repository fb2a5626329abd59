"""What is an FAQ entry that people work on? The fold of its revisions. Source: docs/adr/0012."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from knowledge.model import EntryStatus, FaqEntry


class Deed(StrEnum):
    """What somebody does with an entry; each is a revision."""

    IMPORTED = "imported"  # 导入: shipped, or read from a file by the operator
    DRAFTED = "drafted"  # 起草
    SAVED = "saved"  # 修改
    RESTORED = "restored"  # 恢复旧版
    DROPPED = "dropped"  # 放弃草稿: what is served stands again
    SENT_BACK = "sent_back"  # 退回修改
    REVIEWED = "reviewed"  # 审核通过
    PUBLISHED = "published"  # 发布
    RETIRED = "retired"  # 下架
    RECHECK = "recheck"  # 法条变了: to be checked again, served meanwhile
    SUSPENDED = "suspended"  # 法条变了: to be checked again, not served meanwhile


WRITES = frozenset({Deed.DRAFTED, Deed.SAVED, Deed.RESTORED, Deed.RECHECK, Deed.SUSPENDED})
"""After these somebody else has to look: the writer's own eyes do not count."""
ENDS_SERVICE = frozenset({Deed.RETIRED, Deed.SUSPENDED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Revision:
    """What an entry said from a moment on, who made it so, and why; numbers are of all entries."""

    number: int
    entry: FaqEntry
    deed: Deed
    at: datetime
    by: str
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """An entry as it stands.

    Attributes:
        text: what was written last.
        served: what villages are answered with while it is valid; None for nothing.
        writers: who had a hand in the text since somebody else checked it.
        number: of the newest revision.
        recheck: a law it cites has changed since it was checked last.
    """

    text: FaqEntry
    served: FaqEntry | None
    writers: frozenset[str]
    number: int
    recheck: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A revision that is to be added, by whom, and what is served from then on."""

    text: FaqEntry
    served: FaqEntry | None
    deed: Deed
    by: str
    why: str = ""


def after(before: Standing | None, revision: Revision) -> Standing:
    """Return where an entry stands after a revision: the only way it ever changes."""
    return Standing(
        text=revision.entry,
        served=served_after(revision.deed, revision.entry, before),
        writers=_writers(revision, before),
        number=revision.number,
        recheck=_recheck(revision, before),
    )


def fold(history: Iterable[Revision]) -> Standing | None:
    """Return the entry that all its revisions tell; None for none. Equals the stored row."""
    found: Standing | None = None
    for one in history:
        found = after(found, one)
    return found


def served_after(deed: Deed, text: FaqEntry, before: Standing | None) -> FaqEntry | None:
    """Return what is served once a text was written: itself, nothing, or what was before."""
    if text.status is EntryStatus.PUBLISHED:
        return text
    gone = deed in ENDS_SERVICE or text.status is EntryStatus.RETIRED
    return None if gone or before is None else before.served


def _recheck(one: Revision, before: Standing | None) -> bool:
    if one.deed in (Deed.RECHECK, Deed.SUSPENDED):
        return True
    checked = one.entry.status in (EntryStatus.PUBLISHED, EntryStatus.RETIRED)
    return not checked and before is not None and before.recheck


def _writers(one: Revision, before: Standing | None) -> frozenset[str]:
    if one.deed in WRITES:
        return (before.writers if before else frozenset()) | {one.by}
    if one.entry.status in (EntryStatus.PUBLISHED, EntryStatus.RETIRED) or before is None:
        return frozenset()
    return before.writers
