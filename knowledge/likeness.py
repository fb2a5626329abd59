"""How like are a question and a topic we know? Three numbers, each 0 for nothing in common."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from knowledge.index import Index, KnownWording, Pieces
from knowledge.normalize import Readings

USUAL = 3  # wordings of a topic that share a piece, from where on it counts in full


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question, prepared for comparison."""

    text: str  # as it was asked
    readings: Readings
    pieces: Pieces  # weighted


@dataclass(frozen=True, kw_only=True, slots=True)
class Likeness:
    """What a question and one topic have in common."""

    wording: KnownWording  # the one spelt most alike
    spelling: float  # its rapidfuzz ratio, 0..1
    covered: float  # 0..1, the share of the question that the topic's wordings know
    special: float  # logarithm of 1 + weight of the pieces that few other topics have


def likenesses(
    index: Index, question: Asked, recalled: Iterable[KnownWording]
) -> tuple[Likeness, ...]:
    """Return one likeness per topic of the recalled wordings."""
    by_topic: defaultdict[str, list[KnownWording]] = defaultdict(list)
    for wording in recalled:
        by_topic[wording.topic].append(wording)
    return tuple(_likeness(index, question, by_topic[topic]) for topic in sorted(by_topic))


def missing(index: Index, question: Asked, topic: str) -> Pieces:
    """Return the pieces of the question that no wording of the topic has."""
    known = index.uses[topic]
    return {piece: weight for piece, weight in question.pieces.items() if piece not in known}


def _likeness(index: Index, question: Asked, wordings: list[KnownWording]) -> Likeness:
    spellings = [_spelling(question.readings, wording.readings) for wording in wordings]
    best = max(range(len(wordings)), key=lambda at: (spellings[at], -at))
    topic = wordings[best].topic
    return Likeness(
        wording=wordings[best],
        spelling=spellings[best],
        covered=_covered(index, question, topic),
        special=_special(index, question, topic),
    )


def _spelling(one: Readings, other: Readings) -> float:
    return max(fuzz.ratio(one.plain, other.plain), fuzz.ratio(one.standard, other.standard)) / 100


def _covered(index: Index, question: Asked, topic: str) -> float:
    total = sum(question.pieces.values())
    outside = sum(missing(index, question, topic).values())
    return 1 - outside / total if total else 0.0


def _special(index: Index, question: Asked, topic: str) -> float:
    uses = index.uses[topic]
    return math.log1p(
        sum(
            weight * min(1.0, uses[piece] / USUAL) / index.spread[piece]
            for piece, weight in question.pieces.items()
            if piece in uses
        )
    )
