"""Which labelled questions go with the FAQ, and what would a change do to them and to the past?"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

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


class Replayer:
    """Tells what serving entries would change; of what is served now it asks only once."""

    def __init__(self) -> None:
        self._latest: tuple[Index, Sequence[Judged]] | None = None

    def replayed(self, before: Index, entries: Iterable[FaqEntry], past: Iterable[str]) -> Replay:
        """Return what would change for past questions and the regression set."""
        latest = self._latest
        if latest is None or latest[0] is not before:
            latest = self._latest = before, judged(before, regression())
        return replay(before, with_served(before, entries), past, regression(), latest[1])
