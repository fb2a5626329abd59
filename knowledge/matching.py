"""Which entries answer this question? Start reading here.

Steps, each to be replaced on its own: normalise (normalize.py) → terms (terms.py) → recall and
compare (likeness.py) → rank and weigh up (calibrate.py), with what speaks against the best
(guards.py). Questions that no entry answers (lexicon/elsewhere/) take part: they are never
shown, they only cast doubt.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.calibrate import (
    Evidence,
    asks,
    beside,
    outcome,
    plausible,
    probability,
    scores,
    shares,
    votes,
)
from knowledge.guards import contradicts, other_grade, uncovered
from knowledge.index import Index
from knowledge.likeness import FEATURES, Asked, Likenesses, asked, likenesses
from knowledge.model import OFFERS_LIMIT, FaqEntry, Match, Mode, Outcome, Verdict
from knowledge.postings import Floats

FAR = 6.0  # the lead over an entry or a stranger that is not there


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """An entry for a question, and how well it fits."""

    entry: FaqEntry
    row: int  # of the likenesses
    score: float


def match(index: Index, text: str, mode: Mode = Mode.ADDRESSED) -> Verdict:
    """Return what may be said to `text`."""
    question = asked(index, text)
    found = likenesses(index, question)
    if found is None:
        return Verdict(outcome=Outcome.SILENT)
    fits = scores(found.features)
    ranked = rank(index, found, fits, index.exact.get(question.readings.plain))
    if not ranked:
        return Verdict(outcome=Outcome.SILENT)
    evidence = evidence_of(index, question, found, fits, ranked)
    candidates = _matches(index, found, ranked, evidence)
    said = outcome(evidence, mode)
    shown = {
        Outcome.ANSWER: candidates[:1],
        Outcome.OFFER: tuple(one for one in candidates if plausible(one.probability)),
        Outcome.SILENT: (),
    }
    return Verdict(outcome=said, matches=shown[said], candidates=candidates)


def rank(
    index: Index, found: Likenesses, fits: Floats, same: int | None = None
) -> Sequence[Candidate]:
    """Return the three best entries among the likely topics, equal ones by their ids.

    The entry of the topic `same` comes first, however it fits.
    """
    likely = [
        (entry, row, float(fits[row]))
        for row, topic in enumerate(found.topics.tolist())
        if (entry := index.topics[topic].entry)
    ]
    first = None if same is None else index.topics[same].entry
    likely.sort(key=lambda one: (one[0] is not first, -one[2], one[0].id))
    return [
        Candidate(entry=entry, row=row, score=score) for entry, row, score in likely[:OFFERS_LIMIT]
    ]


def evidence_of(
    index: Index,
    question: Asked,
    found: Likenesses,
    fits: Floats,
    ranked: Sequence[Candidate],
) -> Evidence:
    """Return what speaks for the best entry, and what against it."""
    best = ranked[0]
    topic, uses = int(found.topics[best.row]), found.uses[:, best.row]
    same = index.exact.get(question.readings.plain)
    strangers = [
        float(fits[row])
        for row, other in enumerate(found.topics.tolist())
        if index.topics[other].entry is None
    ]
    own = dict(zip(FEATURES, found.features[best.row].tolist(), strict=True))
    return Evidence(
        share=float(shares(fits)[best.row]),
        lead=best.score - ranked[1].score if len(ranked) > 1 else FAR,
        stranger_lead=best.score - max(strangers) if strangers else FAR,
        meant_cover=own["meant_cover"],
        ratio=own["ratio"],
        special=own["spelt_special"],
        votes=votes(found.features, best.row),
        uncovered=uncovered(index, question.readings, question.terms, uses),
        size=float(np.log1p(len(set(question.readings.standard)))),
        excluded=contradicts(index, question.terms, uses, topic)
        or other_grade(index, question.readings, topic),
        same=same == topic,
        strange=same is not None and index.topics[same].entry is None,
        asks=asks(question.text),
    )


def _matches(
    index: Index, found: Likenesses, ranked: Sequence[Candidate], evidence: Evidence
) -> tuple[Match, ...]:
    """Return the three best with their probabilities; none is likelier than its better."""
    best = probability(evidence)
    return tuple(
        Match(
            entry=candidate.entry,
            probability=best * beside(candidate.score - ranked[0].score),
            variant=index.wordings[int(found.wordings[candidate.row])],
        )
        for candidate in ranked[:OFFERS_LIMIT]
    )
