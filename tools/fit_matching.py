"""Which constants fit matching to labelled questions, and how well do they do on unseen ones?

    python tools/fit_matching.py QUESTIONS.jsonl …

Prints figures of five folds (everything is fitted on four and measured on the fifth), then the
constants fitted on all lines, to be copied into knowledge/calibrate.py.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.calibrate import Evidence, terms_of
from knowledge.evaluation import Labelled
from knowledge.index import Index, build_index
from knowledge.likeness import FEATURES, Asked, Likenesses, asked, likenesses
from knowledge.matching import evidence_of, rank
from storage.shipped_faq import load_entries
from storage.shipped_lexicon import load_lexicon
from wenha.faq_eval import read

FOLDS = 5
RANK_RIDGE, TRUST_RIDGE = 1.0, 1.0  # on standardised numbers
ROUNDS = 25

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Line:
    """A labelled question with what it has in common with the topics."""

    label: Labelled
    question: Asked
    found: Likenesses | None
    served: NDArray[np.bool_]  # row of the likenesses → whether its topic is an entry
    right: NDArray[np.bool_]  # row of the likenesses → whether its topic answers


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The best entry for a line, and whether it is right."""

    line: Line
    ids: list[str]  # best first
    evidence: Evidence


def lines_of(index: Index, questions: Sequence[Labelled]) -> list[Line]:
    """Return every question with its likenesses."""
    lines = []
    for label in questions:
        question = asked(index, label.text)
        found = likenesses(index, question)
        topics = found.topics.tolist() if found else []
        entries = [index.topics[topic].entry for topic in topics]
        lines.append(
            Line(
                label=label,
                question=question,
                found=found,
                served=np.array([entry is not None for entry in entries], dtype=bool),
                right=np.array(
                    [entry is not None and entry.id in label.right for entry in entries],
                    dtype=bool,
                ),
            )
        )
    return lines


def fit_rank(lines: Sequence[Line]) -> Floats:
    """Return the weights of a conditional logistic regression: right entries above the others."""
    usable = [
        (line.found.features[line.served], line.right[line.served])
        for line in lines
        if line.found and line.right.any()
    ]
    spread = np.concatenate([rows - rows.mean(0) for rows, _ in usable]).std(0) + 1e-9
    weights = np.zeros(len(FEATURES))
    weights[0] = 1.0
    for _ in range(ROUNDS):
        slope, curve = -RANK_RIDGE * weights, np.diag(np.full(len(weights), RANK_RIDGE))
        for rows, right in usable:
            scaled = rows / spread
            likely = _softmax(scaled @ weights)
            among_right = likely * right / max((likely * right).sum(), 1e-300)
            mean = likely @ scaled
            slope = slope + among_right @ scaled - mean
            curve = curve + (scaled * likely[:, None]).T @ scaled - np.outer(mean, mean)
        step = np.linalg.solve(curve, slope)
        weights = weights + step * min(1.0, 1.5 / float(np.abs(step).max()))
    return np.asarray(weights / spread)


def judge(index: Index, line: Line, weights: Floats) -> Judged | None:
    """Return the best entries for a line under `weights`, None where nothing is in common."""
    if line.found is None:
        return None
    fits = line.found.features @ weights
    ranked = rank(index, line.found, fits)
    if not ranked:
        return None
    evidence = evidence_of(index, line.question, line.found, fits, ranked)
    return Judged(line=line, ids=[one.entry.id for one in ranked[:3]], evidence=evidence)


def fit_trust(judged: Sequence[Judged]) -> tuple[float, Floats]:
    """Return base and weights of a logistic regression: is the best entry right?"""
    rows = np.array([list(terms_of(one.evidence).values()) for one in judged])
    hits = np.array([float(one.ids[0] in one.line.label.right) for one in judged])
    mean, spread = rows.mean(0), rows.std(0) + 1e-9
    scaled = np.c_[np.ones(len(rows)), (rows - mean) / spread]
    ridge = np.r_[1e-6, np.full(rows.shape[1], TRUST_RIDGE)]
    weights = np.zeros(scaled.shape[1])
    for _ in range(ROUNDS):
        likely = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (hits - likely) - ridge * weights
        curve = (scaled * (likely * (1 - likely))[:, None]).T @ scaled + np.diag(ridge)
        weights = weights + np.linalg.solve(curve, slope)
    plain = weights[1:] / spread
    return float(weights[0] - mean @ plain), plain


def trusted(judged: Judged, base: float, weights: Floats) -> float:
    """Return how likely the best entry is right."""
    numbers = np.array(list(terms_of(judged.evidence).values()))
    return float(1 / (1 + np.exp(-(base + numbers @ weights))))


def report(lines: Sequence[Line], found: Sequence[tuple[Line, Judged | None, float]]) -> None:
    """Print what unseen lines get: rank, and for several thresholds what would be answered."""
    for kind in sorted({_kind(line) for line in lines}):
        asked_ones = [
            (j, line) for line, j, _ in found if _kind(line) == kind and line.label.right
        ]
        if asked_ones:
            first = np.mean([bool(j) and j.ids[0] in line.label.right for j, line in asked_ones])
            three = np.mean([bool(j and line.label.right & set(j.ids)) for j, line in asked_ones])
            print(f"{kind}: first {first:.1%}, among three {three:.1%} of {len(asked_ones)}")
    for least in (0.05, 0.12, 0.2, 0.3, 0.8, 0.85, 0.88, 0.9, 0.91, 0.92, 0.94, 0.96):
        said = [
            (line, j)
            for line, j, likely in found
            if j and likely >= least and j.evidence.asks and not j.evidence.excluded
        ]
        right = np.mean([j.ids[0] in line.label.right for line, j in said]) if said else 1.0
        shares = ", ".join(
            f"{kind} {sum(_kind(line) == kind for line, _ in said) / total:.1%}"
            for kind, total in _totals(lines).items()
        )
        print(f"  from {least}: {len(said)} answers, {right:.1%} right; of {shares}")


def main(files: Sequence[Path]) -> None:
    """Print figures and constants."""
    index = build_index(load_entries(), load_lexicon())
    lines = lines_of(index, read(files))
    np.random.default_rng(1).shuffle(lines)  # type: ignore[arg-type]  # any sequence will do
    found: list[tuple[Line, Judged | None, float]] = []
    for fold in range(FOLDS):
        known = [line for at, line in enumerate(lines) if at % FOLDS != fold]
        weights = fit_rank(known)
        base, trust = fit_trust([j for j in (judge(index, one, weights) for one in known) if j])
        for line in lines[fold::FOLDS]:
            judged = judge(index, line, weights)
            found.append((line, judged, trusted(judged, base, trust) if judged else 0.0))
    report(lines, found)
    weights = fit_rank(lines)
    base, trust = fit_trust([j for j in (judge(index, one, weights) for one in lines) if j])
    print("RANK =", {name: round(float(w), 2) for name, w in zip(FEATURES, weights, strict=True)})
    print(f"TRUST_BASE = {base:.2f}")
    print(
        "TRUST =", {name: round(float(w), 2) for name, w in zip(TRUST_NAMES, trust, strict=True)}
    )


def _softmax(fits: Floats) -> Floats:
    worth = np.exp(fits - fits.max())
    return np.asarray(worth / worth.sum())


def _kind(line: Line) -> str:
    kind = line.label.group.split(" ")[0]
    return kind if line.label.right else f"{kind} (none)"


def _totals(lines: Sequence[Line]) -> dict[str, int]:
    kinds = [_kind(line) for line in lines]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


TRUST_NAMES = (
    "share", "lead", "stranger_lead", "meant_cover", "ratio", "special", "votes", "uncovered",
    "size", "asks",
)  # fmt: skip

if __name__ == "__main__":
    main([Path(one) for one in sys.argv[1:]])
