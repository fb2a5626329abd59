"""Which wordings do we know, and what does each consist of?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from knowledge.language import Language, Lexicon
from knowledge.latent import Directions, Latent
from knowledge.model import FaqEntry
from knowledge.normalize import Readings, normalise
from knowledge.terms import KINDS, Numbers, Terms, terms

PORTION = 512  # wordings taken apart at once; more of them need much memory for a moment


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """An entry, or a question that no entry answers: we know it, and have no answer."""

    entry: FaqEntry | None
    wordings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wordings:
    """All wordings we know, by number; never changed, new ones are made instead."""

    language: Language
    latent: Latent
    topics: tuple[Topic, ...]
    wordings: tuple[str, ...]  # as written
    readings: tuple[Readings, ...]
    topic_of: Numbers  # wording → topic; those of one topic stand together
    sizes: Numbers  # topic → number of its wordings
    directions: Directions  # topic → what it is about
    postings: Terms  # every term of every wording; weights are shares of the wording's kind


def collected(topics: Sequence[Topic], language: Language, lexicon: Lexicon) -> Wordings:
    """Return the wordings of `topics`."""
    wordings = tuple(text for topic in topics for text in topic.wordings)
    readings = tuple(normalise(text, language) for text in wordings)
    sizes = np.array([len(topic.wordings) for topic in topics], dtype=np.int32)
    topic_of = np.repeat(np.arange(len(topics), dtype=np.int32), sizes)
    postings = _postings(readings, language)
    latent = Latent(lexicon.latent, language)
    return Wordings(
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


def with_topic(known: Wordings, topic: Topic) -> Wordings:
    """Return `known` with one topic more; its wordings have the highest numbers."""
    readings = tuple(normalise(text, known.language) for text in topic.wordings)
    own = shared_out(terms(readings, known.language))
    at = np.searchsorted(known.postings.codes, own.codes, side="right")
    texts = own.texts + np.int32(len(known.wordings))
    number = np.full(len(readings), len(known.topics), dtype=np.int32)
    direction = known.latent.of_topics(own, np.zeros(len(readings), dtype=np.int32), 1)
    return replace(
        known,
        topics=(*known.topics, topic),
        wordings=known.wordings + topic.wordings,
        readings=known.readings + readings,
        topic_of=np.append(known.topic_of, number),
        sizes=np.append(known.sizes, np.int32(len(readings))),
        directions=np.concatenate([known.directions, direction]),
        postings=Terms(
            codes=np.insert(known.postings.codes, at, own.codes),
            texts=np.insert(known.postings.texts, at, texts),
            weights=np.insert(known.postings.weights, at, own.weights),
        ),
    )


def without_topic(known: Wordings, topic: int) -> Wordings:
    """Return `known` without one topic; everything behind it moves up."""
    start, end = np.searchsorted(known.topic_of, (topic, topic + 1)).tolist()
    texts = known.postings.texts
    stays = (texts < start) | (texts >= end)
    texts = texts[stays]
    topic_of = np.delete(known.topic_of, slice(start, end))
    return replace(
        known,
        topics=known.topics[:topic] + known.topics[topic + 1 :],
        wordings=known.wordings[:start] + known.wordings[end:],
        readings=known.readings[:start] + known.readings[end:],
        topic_of=topic_of - (topic_of > topic),
        sizes=np.delete(known.sizes, topic),
        directions=np.delete(known.directions, topic, axis=0),
        postings=Terms(
            codes=known.postings.codes[stays],
            texts=texts - np.where(texts >= end, np.int32(end - start), np.int32(0)),
            weights=known.postings.weights[stays],
        ),
    )


def shared_out(found: Terms) -> Terms:
    """Return the terms with the weights of each kind of a text scaled to a length of one."""
    kind = np.searchsorted(KINDS, found.codes, side="right")
    group = found.texts * (len(KINDS) + 1) + kind
    lengths = np.sqrt(np.bincount(group, weights=np.square(found.weights)))
    shares = found.weights / np.maximum(lengths[group], 1e-9)
    return Terms(codes=found.codes, texts=found.texts, weights=shares.astype(np.float32))


def _postings(readings: Sequence[Readings], language: Language) -> Terms:
    """Return the terms of all texts in the order of their numbers."""
    parts = []
    for start in range(0, max(1, len(readings)), PORTION):
        part = shared_out(terms(readings[start : start + PORTION], language))
        parts.append(replace(part, texts=part.texts + np.int32(start)))
    codes = np.concatenate([part.codes for part in parts])
    order = np.argsort(codes, kind="stable")
    return Terms(
        codes=codes[order],
        texts=np.concatenate([part.texts for part in parts])[order],
        weights=np.concatenate([part.weights for part in parts])[order],
    )
