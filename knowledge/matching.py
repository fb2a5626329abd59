"""Which entries answer this question? Start reading here.

Four steps, each to be replaced on its own: normalise (normalize.py) → recall (pieces in common)
→ rank (rapidfuzz and shared weight) → calibrate (calibrate.py).
"""

from collections import defaultdict
from dataclasses import dataclass

from rapidfuzz import fuzz

from knowledge.calibrate import Evidence, outcome, plausible, probability
from knowledge.index import Index, KnownWording, Pieces, length, pieces, weighted
from knowledge.model import OFFERS_LIMIT, Match, Outcome, Verdict
from knowledge.normalize import Readings, normalise, telling_characters

RECALLED = 60  # wordings that are compared in full

# How the score of a wording is made of its four likenesses, each 0..1. By hand, on the
# development questions: other mixes gave the same ranking within a question or two.
SHARED, SPELLING, WORDING_FOUND, QUESTION_FOUND = 0.40, 0.20, 0.15, 0.25


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question, prepared for comparison."""

    text: str  # as it was asked
    readings: Readings
    pieces: Pieces  # weighted


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """The best wording of one entry for a question."""

    wording: KnownWording
    score: float  # 0..1


def match(index: Index, text: str) -> Verdict:
    """Return what may be said to the question `text`."""
    question = asked(index, text)
    ranked = rank(index, question, recall(index, question))
    if not ranked:
        return Verdict(outcome=Outcome.SILENT)
    rivals = [*(candidate.score for candidate in ranked[:2]), 0.0, 0.0]
    evidence = [
        _evidence(index, question, candidate, rivals) for candidate in ranked[:OFFERS_LIMIT]
    ]
    matches = tuple(
        Match(
            entry=candidate.wording.entry,
            probability=probability(own),
            variant=candidate.wording.text,
            reasons=shared_words(question.readings.standard, candidate.wording),
        )
        for candidate, own in zip(ranked, evidence, strict=False)
    )
    return _verdict(matches, evidence)


def asked(index: Index, text: str) -> Asked:
    """Return the question in both readings, with what each of its pieces tells."""
    readings = normalise(text, index.lexicon)
    own = pieces(readings.standard, index.lexicon)
    return Asked(text=text, readings=readings, pieces=weighted(own, index.rarity))


def recall(index: Index, question: Asked) -> tuple[KnownWording, ...]:
    """Return the wordings that share most with the question, best first."""
    shared: defaultdict[int, float] = defaultdict(float)
    for piece, weight in question.pieces.items():
        for position in index.where.get(piece, ()):
            shared[position] += weight * index.wordings[position].pieces[piece]
    best = sorted(shared, key=lambda position: (-shared[position], position))
    return tuple(index.wordings[position] for position in best[:RECALLED] if shared[position])


def rank(
    index: Index, question: Asked, recalled: tuple[KnownWording, ...]
) -> tuple[Candidate, ...]:
    """Return one candidate per entry, best first; equal scores in the order of the ids."""
    best: dict[str, Candidate] = {}
    for wording in recalled:
        covered = _covered(question, index.by_entry[wording.entry.id])
        score = _likeness(question, wording) + QUESTION_FOUND * covered
        known = best.get(wording.entry.id)
        if known is None or score > known.score:
            best[wording.entry.id] = Candidate(wording=wording, score=score)
    return tuple(sorted(best.values(), key=lambda found: (-found.score, found.wording.entry.id)))


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


def _likeness(question: Asked, wording: KnownWording) -> float:
    common = question.pieces.keys() & wording.pieces.keys()
    product = sum(question.pieces[piece] * wording.pieces[piece] for piece in sorted(common))
    lengths = length(question.pieces) * wording.length
    found = sum(wording.pieces[piece] for piece in sorted(common)) / sum(wording.pieces.values())
    spelling = max(
        fuzz.ratio(question.readings.plain, wording.readings.plain),
        fuzz.ratio(question.readings.standard, wording.readings.standard),
    )
    cosine = product / lengths if lengths else 0.0
    return SHARED * cosine + SPELLING * spelling / 100 + WORDING_FOUND * found


def _covered(question: Asked, known: frozenset[str]) -> float:
    total = sum(question.pieces.values())
    inside = sum(weight for piece, weight in question.pieces.items() if piece in known)
    return inside / total if total else 0.0


def _evidence(
    index: Index, question: Asked, candidate: Candidate, rivals: list[float]
) -> Evidence:
    first, second = rivals[:2]
    telling = telling_characters(question.readings.standard, index.lexicon)
    common = sum(char in index.by_entry[candidate.wording.entry.id] for char in telling)
    return Evidence(
        score=candidate.score,
        margin=candidate.score - (second if candidate.score == first else first),
        common=common,
        familiar=common / len(telling) if telling else 0.0,
        text=question.text,
    )


def _verdict(matches: tuple[Match, ...], evidence: list[Evidence]) -> Verdict:
    said = outcome(evidence[0])
    if said is Outcome.SILENT:
        return Verdict(outcome=said)
    if said is Outcome.ANSWER:
        return Verdict(outcome=said, matches=matches)
    kept = tuple(found for found in matches if plausible(found.probability))
    return Verdict(outcome=said, matches=kept)
