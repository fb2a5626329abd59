"""Which labelled questions go with the FAQ, and what would a change do to them and to the past?"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from importlib import resources

from typing_extensions import override

from knowledge.evaluation import Judged, Labelled
from knowledge.index import Index, updated
from knowledge.model import EntryStatus, FaqEntry
from knowledge.replay import Replay, judged, replay
from wenha.faq_eval import read


@cache
def regression() -> Sequence[Labelled]:
    """The shipped regression set (knowledge/regression/lines.jsonl), our own questions."""
    folder = resources.files("knowledge") / "regression"
    with resources.as_file(folder / "lines.jsonl") as path:
        return read([path])


def with_served(index: Index, entries: Iterable[FaqEntry]) -> Index:
    """Return the index as it would be if these entries were served as they are written."""
    for entry in entries:
        index = updated(index, replace(entry, status=EntryStatus.PUBLISHED))
    return index


def replayed(before: Index, entries: Iterable[FaqEntry], past: Iterable[str]) -> Replay:
    """Return what serving these entries would change for past questions and the regression set."""
    return replay(before, with_served(before, entries), past, regression(), judged_under(before))


def judged_under(index: Index) -> Sequence[Judged]:
    """Return how right the answers on the regression set are; asked once of an index."""
    return _judged_under(_Same(index))


class _Same:
    """An index as a key: equal to itself alone, for it is far too large to compare."""

    def __init__(self, index: Index) -> None:
        self.index = index

    @override
    def __hash__(self) -> int:
        return id(self.index)

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.index is other.index


@lru_cache(maxsize=2)
def _judged_under(same: _Same) -> Sequence[Judged]:
    return judged(same.index, regression())
