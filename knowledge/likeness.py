"""How like are a question and the topics we know? A row of numbers for each likely topic.

The numbers come from the terms that question and wordings share (postings.py, telling.py), and
from spelling, which rapidfuzz compares.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rapidfuzz import fuzz, process

from knowledge.index import Index
from knowledge.normalize import Readings, normalise
from knowledge.postings import Floats, Places, Shared, kinds, shared
from knowledge.telling import told
from knowledge.terms import Numbers, Terms, terms
from knowledge.wordings import shared_out

RECALLED = 120  # wordings that are compared in full
COMPARED = 3  # wordings of a topic whose spelling is compared
KIND_WORTH = (1.0, 0.4, 0.8)  # of spelt, heard, meant terms for recall

# Each is 0 for nothing in common; what it counts stands where it is computed.
FEATURES = (
    "spelt", "heard", "meant", "three", "spelt_reverse", "meant_reverse",
    "title_spelt", "title_meant",
    "spelt_cover", "heard_cover", "meant_cover", "spelt_rare", "meant_rare",
    "spelt_usual", "meant_usual", "spelt_special", "meant_special",
    "spelt_likely", "meant_likely", "missing",
    "ratio", "title_ratio", "latent",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question, prepared for comparison."""

    text: str  # as it was asked
    readings: Readings
    terms: Terms  # with what each tells
    shares: Terms  # the same, each kind scaled to a length of one


@dataclass(frozen=True, kw_only=True, slots=True)
class Likenesses:
    """The topics most like a question, a row each."""

    topics: Places
    wordings: Places  # the wording of the topic that is most alike
    features: Floats  # in the order of FEATURES
    uses: Places  # in how many wordings of the topic (column) a term of the question (row) stands


@dataclass(frozen=True, kw_only=True, slots=True)
class _Recalled:
    """The wordings most alike, best first, and what belongs to which topic."""

    wordings: Places
    topics: Places  # the different topics of the wordings
    of: Places  # wording → place of its topic
    titles: Places  # topic → its first wording, the question of the entry


def asked(index: Index, text: str) -> Asked:
    """Return the question `text`, ready to be compared."""
    readings = normalise(text, index.language)
    own = terms([readings], index.language)
    return Asked(text=text, readings=readings, terms=own, shares=shared_out(own))


def likenesses(index: Index, question: Asked) -> Likenesses | None:
    """Return what the likely topics have in common with the question, None for nothing."""
    found = shared(index, question.terms)
    if found is None:
        return None
    cosines, reverse = _per_wording(index, question, found)
    total = np.asarray(np.dot(KIND_WORTH, np.stack(cosines)))
    recalled = _recalled(index, total)
    if not len(recalled.wordings):
        return None
    uses = _uses(index, question, found, recalled.topics)
    features = [
        *_best_wording(recalled, cosines, reverse, total),
        *told(index, question.terms, found, uses, index.sizes[recalled.topics]),
        *_spellings(index, question.readings, recalled),
        index.directions[recalled.topics] @ index.latent.of_text(question.terms),
    ]
    _, first = np.unique(recalled.of, return_index=True)
    return Likenesses(
        topics=recalled.topics,
        wordings=recalled.wordings[first],
        features=np.stack(features, axis=1),
        uses=uses,
    )


def _per_wording(
    index: Index, question: Asked, found: Shared
) -> tuple[list[Floats], list[Floats]]:
    """Return for each kind of term the cosine with every wording, and how much of it we ask."""
    mine = question.shares.weights[found.terms]
    bounds = np.searchsorted(found.terms, kinds(question.terms))
    cosines, reverse = [], []
    for start, end in pairwise(bounds):
        wordings, shares = found.wordings[start:end], found.shares[start:end]
        size = len(index.wordings)
        cosines.append(_sums(wordings, shares * mine[start:end], size))
        reverse.append(_sums(wordings, np.square(shares), size))
    return cosines, reverse


def _sums(places: Numbers, values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(places, values, minlength=size), dtype=np.float64)


def _recalled(index: Index, total: Floats) -> _Recalled:
    """Return the wordings with the highest total, equal ones by their number."""
    count = min(RECALLED, len(total))
    best = np.argpartition(-total, count - 1)[:count]
    best = best[total[best] > 0]
    best = best[np.lexsort((best, -total[best]))]
    topics, of = np.unique(index.topic_of[best].astype(np.int64), return_inverse=True)
    titles = np.searchsorted(index.topic_of, topics)
    return _Recalled(wordings=best, topics=topics, of=of, titles=titles)


def _best_wording(
    recalled: _Recalled, cosines: list[Floats], reverse: list[Floats], total: Floats
) -> list[Floats]:
    """Return each topic's highest cosines, mean of its best three, and share that is asked."""
    few = _first_few(recalled.of, COMPARED)
    best = total[recalled.wordings[few]]
    three = np.bincount(recalled.of[few], weights=best, minlength=len(recalled.topics))
    return [
        *(_most(recalled, kind[recalled.wordings]) for kind in cosines),
        three / COMPARED,
        _most(recalled, reverse[0][recalled.wordings]),
        _most(recalled, reverse[2][recalled.wordings]),
        cosines[0][recalled.titles],
        cosines[2][recalled.titles],
    ]


def _most(recalled: _Recalled, values: Floats) -> Floats:
    """Return the highest value of each topic's wordings."""
    highest = np.zeros(len(recalled.topics))
    np.maximum.at(highest, recalled.of, values)
    return highest


def _uses(index: Index, question: Asked, found: Shared, topics: Places) -> Places:
    place = np.full(len(index.topics), -1)
    place[topics] = np.arange(len(topics))
    of = place[index.topic_of[found.wordings]]
    likely = of >= 0
    cells = found.terms[likely] * len(topics) + of[likely]
    size = len(question.terms.codes) * len(topics)
    return np.bincount(cells, minlength=size).reshape(-1, len(topics))


def _first_few(of: Places, few: int) -> Places:
    """Return the places of the first few of each topic."""
    order = np.argsort(of, kind="stable")
    ranked = of[order]
    begins = np.searchsorted(ranked, ranked)
    return np.sort(order[np.arange(len(order)) - begins < few])


def _spellings(index: Index, mine: Readings, recalled: _Recalled) -> list[Floats]:
    """Return each topic's best ratio: of the whole, of a part, and with its question."""
    few = _first_few(recalled.of, COMPARED)
    of = recalled.of[few]
    others = [index.readings[wording] for wording in recalled.wordings[few].tolist()]
    titles = [index.readings[title] for title in recalled.titles.tolist()]
    standard = [one.standard for one in others]
    plain = _ratios(fuzz.ratio, mine.plain, [one.plain for one in others])
    values = np.maximum(plain, _ratios(fuzz.ratio, mine.standard, standard))
    highest = np.zeros(len(recalled.topics))
    np.maximum.at(highest, of, values)
    return [
        highest,
        _ratios(fuzz.ratio, mine.standard, [one.standard for one in titles]),
    ]


def _ratios(scorer: Callable[..., float], mine: str, others: list[str]) -> Floats:
    return np.asarray(process.cdist([mine], others, scorer=scorer, dtype=np.float64)[0] / 100)
