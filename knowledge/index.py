"""In which wordings does a term stand?"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.background import Codes
from knowledge.language import Elsewhere, Language, Lexicon
from knowledge.model import EntryStatus, FaqEntry
from knowledge.normalize import Readings
from knowledge.terms import Numbers
from knowledge.wordings import Topic, Wordings, collected, with_topic, without_topic

USUAL = 0.3  # share of a topic's wordings from where on a concept belongs to the topic


@dataclass(frozen=True, kw_only=True, slots=True)
class Index(Wordings):
    """The wordings, ready to be asked."""

    codes: Codes  # the different terms, in order
    starts: NDArray[np.int64]  # term → its first posting; one more than there are terms
    spread: Numbers  # term → in how many topics
    exact: Mapping[str, int]  # a whole wording, as plainly read → the one topic that has it

    def usual(self, topic: int) -> frozenset[int]:
        """Return the concepts that many of the topic's wordings speak of."""
        own = [
            set(self.language.concept_numbers(self.readings[wording].meant))
            for wording in np.flatnonzero(self.topic_of == topic).tolist()
        ]
        counted = Counter(concept for concepts in own for concept in concepts)
        return frozenset(
            concept for concept, count in counted.items() if count >= USUAL * len(own)
        )


def build_index(entries: Iterable[FaqEntry], lexicon: Lexicon) -> Index:
    """Return the index of the published entries, and of what belongs to none of them."""
    language = Language(lexicon)
    served = sorted(filter(_served, entries), key=lambda entry: entry.id)
    topics = [*map(_topic, served), *map(_nobodys, language.elsewhere)]
    return _index(collected(topics, language, lexicon))


def updated(index: Index, entry: FaqEntry, *, gone: bool = False) -> Index:
    """Return the index with `entry` in place of the one with its id, or without it."""
    known = _wordings(index)
    for number, topic in enumerate(index.topics):
        if topic.entry and topic.entry.id == entry.id:
            known = without_topic(known, number)
            break
    if _served(entry) and not gone:
        known = with_topic(known, _topic(entry))
    return _index(known)


def _index(known: Wordings) -> Index:
    postings = known.postings
    fresh = _changes(postings.codes)
    starts = np.flatnonzero(fresh)
    fresh |= _changes(known.topic_of[postings.texts])
    spread = np.add.reduceat(fresh, starts, dtype=np.int32) if len(starts) else starts
    return Index(
        **_parts(known),
        codes=postings.codes[starts],
        starts=np.append(starts, len(fresh)),
        spread=spread.astype(np.int32),
        exact=_exact(known.readings, known.topic_of),
    )


def _changes(values: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Return where a value differs from the one before; the first does."""
    changes = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=changes[1:])
    return changes


def _wordings(index: Index) -> Wordings:
    return Wordings(**_parts(index))


def _parts(known: Wordings) -> dict[str, Any]:
    return {field.name: getattr(known, field.name) for field in fields(Wordings)}


def _exact(readings: Sequence[Readings], topic_of: Numbers) -> Mapping[str, int]:
    """Return the topic of every wording that only one topic has."""
    found: dict[str, int] = {}
    shared: set[str] = set()
    for reading, topic in zip(readings, topic_of.tolist(), strict=True):
        if found.setdefault(reading.plain, topic) != topic:
            shared.add(reading.plain)
    return MappingProxyType({k: topic for k, topic in found.items() if k and k not in shared})


def _served(entry: FaqEntry) -> bool:
    return entry.status is EntryStatus.PUBLISHED


def _topic(entry: FaqEntry) -> Topic:
    return Topic(entry=entry, wordings=(entry.question, *entry.variants))


def _nobodys(question: Elsewhere) -> Topic:
    return Topic(entry=None, wordings=(question.question, *question.variants))
