"""Which wordings do we know, and in which of them does a term stand?"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from knowledge.background import Codes
from knowledge.language import Elsewhere, Language, Lexicon
from knowledge.latent import Directions, Latent
from knowledge.model import EntryStatus, FaqEntry
from knowledge.normalize import Readings, normalise
from knowledge.terms import KINDS, Numbers, Terms, terms

USUAL = 0.3  # share of a topic's wordings from where on a concept belongs to the topic

_Value = TypeVar("_Value")


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """An entry, or a question that no entry answers: we know it, and have no answer."""

    entry: FaqEntry | None
    wordings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Index:
    """All wordings we know, by number; never changed, a new one is made instead."""

    language: Language
    latent: Latent
    topics: tuple[Topic, ...]
    wordings: tuple[str, ...]  # as written
    readings: tuple[Readings, ...]
    topic_of: Numbers  # wording → topic
    sizes: Numbers  # topic → number of its wordings
    directions: Directions  # topic → what it is about
    postings: Terms  # every term of every wording; weights are shares of the wording's kind
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
    wordings = tuple(text for topic in topics for text in topic.wordings)
    readings = tuple(normalise(text, language) for text in wordings)
    sizes = np.array([len(topic.wordings) for topic in topics], dtype=np.int32)
    latent = Latent(lexicon.latent, language)
    topic_of = np.repeat(np.arange(len(topics), dtype=np.int32), sizes)
    postings = shared_out(terms(readings, language))
    return _index(
        language=language,
        latent=latent,
        topics=tuple(topics),
        wordings=wordings,
        readings=readings,
        topic_of=topic_of,
        sizes=sizes,
        directions=latent.of_topics(postings, topic_of, len(topics)),
        postings=postings,
    )


def updated(index: Index, entry: FaqEntry, *, gone: bool = False) -> Index:
    """Return the index with `entry` in place of the one with its id, or without it."""
    numbers = [at for at, topic in enumerate(index.topics) if _id(topic) == entry.id]
    kept = _without(index, numbers[0]) if numbers else index
    return kept if gone or not _served(entry) else _with(kept, _topic(entry))


def shared_out(found: Terms) -> Terms:
    """Return the terms with the weights of each kind of a text scaled to a length of one."""
    kind = np.searchsorted(KINDS, found.codes, side="right")
    group = found.texts * (len(KINDS) + 1) + kind
    lengths = np.sqrt(np.bincount(group, weights=np.square(found.weights)))
    shares = found.weights / np.maximum(lengths[group], 1e-9)
    return Terms(codes=found.codes, texts=found.texts, weights=shares.astype(np.float32))


def _index(
    *,
    language: Language,
    latent: Latent,
    topics: tuple[Topic, ...],
    wordings: tuple[str, ...],
    readings: tuple[Readings, ...],
    topic_of: Numbers,
    sizes: Numbers,
    directions: Directions,
    postings: Terms,
) -> Index:
    fresh = np.diff(postings.codes, prepend=-1) != 0
    starts = np.flatnonzero(fresh)
    fresh |= np.diff(topic_of[postings.texts], prepend=-1) != 0
    spread = np.add.reduceat(fresh, starts, dtype=np.int32) if len(starts) else starts
    return Index(
        language=language,
        latent=latent,
        topics=topics,
        wordings=wordings,
        readings=readings,
        topic_of=topic_of,
        sizes=sizes,
        directions=directions,
        postings=postings,
        codes=postings.codes[starts],
        starts=np.append(starts, len(fresh)),
        spread=spread.astype(np.int32),
        exact=_exact(readings, topic_of),
    )


def _exact(readings: Sequence[Readings], topic_of: Numbers) -> Mapping[str, int]:
    """Return the topic of every wording that only one topic has."""
    found: dict[str, int] = {}
    shared: set[str] = set()
    for reading, topic in zip(readings, topic_of.tolist(), strict=True):
        if found.setdefault(reading.plain, topic) != topic:
            shared.add(reading.plain)
    return MappingProxyType({k: topic for k, topic in found.items() if k and k not in shared})


def _with(index: Index, topic: Topic) -> Index:
    """Return the index with one topic more; its wordings have the highest numbers."""
    readings = tuple(normalise(text, index.language) for text in topic.wordings)
    own = shared_out(terms(readings, index.language))
    at = np.searchsorted(index.postings.codes, own.codes, side="right")
    texts = own.texts + np.int32(len(index.wordings))
    postings = Terms(
        codes=np.insert(index.postings.codes, at, own.codes),
        texts=np.insert(index.postings.texts, at, texts),
        weights=np.insert(index.postings.weights, at, own.weights),
    )
    number = np.full(len(readings), len(index.topics), dtype=np.int32)
    direction = index.latent.of_topics(own, np.zeros(len(readings), dtype=np.int32), 1)
    return _index(
        language=index.language,
        latent=index.latent,
        topics=(*index.topics, topic),
        wordings=index.wordings + topic.wordings,
        readings=index.readings + readings,
        topic_of=np.append(index.topic_of, number),
        sizes=np.append(index.sizes, np.int32(len(readings))),
        directions=np.concatenate([index.directions, direction]),
        postings=postings,
    )


def _without(index: Index, topic: int) -> Index:
    """Return the index without one topic; everything behind it moves up."""
    kept = index.topic_of != topic
    number = np.cumsum(kept, dtype=np.int32) - np.int32(1)
    stays = kept[index.postings.texts]
    topic_of = index.topic_of[kept]
    return _index(
        language=index.language,
        latent=index.latent,
        topics=index.topics[:topic] + index.topics[topic + 1 :],
        wordings=_kept(index.wordings, kept),
        readings=_kept(index.readings, kept),
        topic_of=topic_of - (topic_of > topic),
        sizes=np.delete(index.sizes, topic),
        directions=np.delete(index.directions, topic, axis=0),
        postings=Terms(
            codes=index.postings.codes[stays],
            texts=number[index.postings.texts[stays]],
            weights=index.postings.weights[stays],
        ),
    )


def _kept(values: Sequence[_Value], kept: NDArray[np.bool_]) -> tuple[_Value, ...]:
    return tuple(value for value, stays in zip(values, kept.tolist(), strict=True) if stays)


def _served(entry: FaqEntry) -> bool:
    return entry.status is EntryStatus.PUBLISHED


def _topic(entry: FaqEntry) -> Topic:
    return Topic(entry=entry, wordings=(entry.question, *entry.variants))


def _id(topic: Topic) -> str | None:
    return topic.entry.id if topic.entry else None


def _nobodys(question: Elsewhere) -> Topic:
    return Topic(entry=None, wordings=(question.question, *question.variants))
