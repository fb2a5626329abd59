"""Which entries answer this question? Start reading here.

Four steps, each to be replaced on its own: normalise (normalize.py) → recall (pieces in common)
→ rank (likeness.py) → calibrate (calibrate.py). Questions of topics that no entry answers
(lexicon/elsewhere.yaml) take part: they are never shown, they only cast doubt.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from knowledge.calibrate import Evidence, outcome, plausible, probability, score
from knowledge.index import Index, KnownWording, pieces
from knowledge.likeness import Asked, Likeness, likenesses, missing
from knowledge.model import OFFERS_LIMIT, FaqEntry, Match, Outcome, Verdict
from knowledge.normalize import normalise, telling_characters

RECALLED = 120  # wordings that are compared in full
FAR = -12.0  # the score of an entry that has nothing in common


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """An entry for a question, and how well it fits."""

    entry: FaqEntry
    likeness: Likeness
    score: float


def match(index: Index, text: str) -> Verdict:
    """Return what may be said to the question `text`."""
    question = asked(index, text)
    ranked, others = rank(index, question, recall(index, question))
    if not ranked:
        return Verdict(outcome=Outcome.SILENT)
    evidence = evidence_of(index, question, ranked[:OFFERS_LIMIT], others)
    likely = accumulate((probability(own) for own in evidence), min)  # none above its better
    matches = tuple(
        Match(
            entry=candidate.entry,
            probability=own,
            variant=candidate.likeness.wording.text,
            reasons=shared_words(question.readings.standard, candidate.likeness.wording),
        )
        for candidate, own in zip(ranked, likely, strict=False)
    )
    return _verdict(matches, evidence)


def asked(index: Index, text: str) -> Asked:
    """Return the question in both readings, with what each of its pieces tells."""
    readings = normalise(text, index.lexicon)
    own = pieces(readings.standard, index.lexicon)
    return Asked(text=text, readings=readings, pieces=own)


def recall(index: Index, question: Asked) -> tuple[KnownWording, ...]:
    """Return the wordings nearest to the question, best first."""
    shared: defaultdict[int, float] = defaultdict(float)
    for piece, weight in question.pieces.items():
        for position in index.where.get(piece, ()):
            wording = index.wordings[position]
            shared[position] += weight * wording.pieces[piece] / wording.length
    best = sorted(shared, key=lambda position: (-shared[position], position))
    return tuple(index.wordings[position] for position in best[:RECALLED] if shared[position])


def rank(
    index: Index, question: Asked, recalled: tuple[KnownWording, ...]
) -> tuple[tuple[Candidate, ...], tuple[Likeness, ...]]:
    """Return the entries, best first (equal ones in the order of their ids), and the others."""
    found = likenesses(index, question, recalled)
    candidates = [
        Candidate(entry=entry, likeness=likeness, score=score(likeness))
        for likeness in found
        if (entry := likeness.wording.entry)
    ]
    ranked = sorted(candidates, key=lambda candidate: (-candidate.score, candidate.entry.id))
    return tuple(ranked), tuple(one for one in found if one.wording.entry is None)


def evidence_of(
    index: Index,
    question: Asked,
    ranked: Sequence[Candidate],
    others: Sequence[Likeness],
) -> list[Evidence]:
    """Return what speaks for and against each of the best entries."""
    reading = question.readings.standard
    rivals = [*(candidate.score for candidate in ranked[:2]), FAR][:2]
    legal = index.lexicon.background.legal(reading)
    return [
        Evidence(
            score=candidate.score,
            lead=candidate.score - rivals[at == 0],
            spelling_lead=candidate.likeness.spelling - _most(one.spelling for one in others),
            foreign=_foreign(index, question, candidate.entry.id, others),
            legal=legal,
            size=math.log1p(len(set(reading))),
            telling=_telling(index, reading, candidate.entry.id),
            text=question.text,
        )
        for at, candidate in enumerate(ranked)
    ]


def shared_words(reading: str, wording: KnownWording) -> tuple[str, ...]:
    """Return the words of the question that the wording has as well, longest first."""
    runs: list[str] = []
    other, at = wording.readings.standard, 0
    while at < len(reading):
        end = at
        while end < len(reading) and reading[at : end + 1] in other:
            end += 1
        if end - at > 1:
            runs.append(reading[at:end])
        at = max(end, at + 1)
    return tuple(sorted(set(runs), key=lambda run: (-len(run), run)))


def _most(values: Iterable[float]) -> float:
    return max(values, default=0.0)


def _foreign(index: Index, question: Asked, entry_id: str, others: Sequence[Likeness]) -> float:
    outside = missing(index, question, entry_id)
    weights = (
        sum(weight for piece, weight in outside.items() if piece in index.uses[one.wording.topic])
        for one in others
    )
    return math.log1p(_most(weights))


def _telling(index: Index, reading: str, entry_id: str) -> int:
    known = index.uses[entry_id]
    return sum(char in known for char in telling_characters(reading, index.lexicon))


def _verdict(matches: tuple[Match, ...], evidence: list[Evidence]) -> Verdict:
    said = outcome(evidence[0])
    if said is Outcome.SILENT:
        return Verdict(outcome=said)
    if said is Outcome.ANSWER:
        return Verdict(outcome=said, matches=matches)
    kept = tuple(found for found in matches if plausible(found.probability))
    return Verdict(outcome=said, matches=kept)
