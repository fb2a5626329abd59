"""How well does the matcher do on labelled questions, and which constants would fit them?

    python tools/fit_matching.py QUESTIONS

Prints cross-validated figures (five folds by line, then by entry: everything is fitted on four
folds and measured on the fifth), the same for plain rapidfuzz, the shipped constants on all
lines, and the constants fitted on all lines, to be copied into knowledge/calibrate.py.
"""

import hashlib
import json
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz

from knowledge.calibrate import (
    ANSWER_FROM,
    ANSWER_LEAD,
    ANSWER_TELLING,
    LEGAL_LIMIT,
    OFFER_FROM,
    SIZE_LEAST,
    asks,
)
from knowledge.index import Index, build_index
from knowledge.matching import FAR, asked, evidence_of, match, rank, recall
from knowledge.model import FaqEntry, Outcome
from storage.shipped_faq import load_dialect, load_entries

FOLDS = 5
RIDGE = 1.0  # on standardised features

Row = Sequence[float]
Features = dict[str, tuple[list[float], list[float], int]]  # entry → likeness, evidence, telling


@dataclass(frozen=True, kw_only=True)
class Line:
    """One labelled question: where it is from, and the shipped entries that answer it."""

    kind: str
    text: str
    right: frozenset[str]
    features: Features


@dataclass(frozen=True, kw_only=True)
class Guess:
    """What is said to a line."""

    outcome: Outcome
    ids: list[str]


def read(folder: Path, index: Index, served: set[str]) -> list[Line]:
    """Return the lines of the four development files."""
    lines = []
    for kind in ("written", "real", "outside", "silence"):
        for raw in (folder / f"{kind}_dev.jsonl").read_text("utf-8").splitlines():
            row = json.loads(raw)
            right = row.get("match", [row["id"]] if "id" in row else [])
            found = frozenset(right) & served
            features = features_of(index, row["text"])
            lines.append(Line(kind=kind, text=row["text"], right=found, features=features))
    return lines


def features_of(index: Index, text: str) -> Features:
    """Return the numbers of every entry that shares anything with the question."""
    question = asked(index, text)
    ranked, others = rank(index, question, recall(index, question))
    evidence = evidence_of(index, question, ranked, others)
    return {
        one.entry.id: (
            [one.likeness.spelling, one.likeness.covered, one.likeness.special],
            [
                own.spelling_lead,
                own.foreign,
                min(own.legal, LEGAL_LIMIT),
                max(own.size, SIZE_LEAST),
            ],
            own.telling,
        )
        for one, own in zip(ranked, evidence, strict=True)
    }


def logistic(rows: list[Row], hits: list[bool]) -> list[float]:
    """Return base and weights of a ridge logistic regression, by Newton's method."""
    width = len(rows[0])
    means = [sum(row[at] for row in rows) / len(rows) for at in range(width)]
    spreads = [
        math.sqrt(sum((row[at] - means[at]) ** 2 for row in rows) / len(rows)) or 1.0
        for at in range(width)
    ]
    scaled = [
        [1.0, *((v - m) / s for v, m, s in zip(row, means, spreads, strict=True))] for row in rows
    ]
    weights = [0.0] * (width + 1)
    for _ in range(12):
        weights = [w + d for w, d in zip(weights, _newton(scaled, hits, weights), strict=True)]
    plain = [w / s for w, s in zip(weights[1:], spreads, strict=True)]
    return [weights[0] - sum(w * m for w, m in zip(plain, means, strict=True)), *plain]


def _newton(rows: list[list[float]], hits: list[bool], weights: list[float]) -> list[float]:
    size = len(weights)
    slope = [0.0] + [-RIDGE * w for w in weights[1:]]
    curve = [[RIDGE if i == j and i else 0.0 for j in range(size)] for i in range(size)]
    for row, hit in zip(rows, hits, strict=True):
        likely = sigmoid(sum(w * v for w, v in zip(weights, row, strict=True)))
        for i, value in enumerate(row):
            slope[i] += (hit - likely) * value
            for j in range(size):
                curve[i][j] += likely * (1 - likely) * value * row[j]
    return solved(curve, slope)


def solved(left: list[list[float]], right: list[float]) -> list[float]:
    """Return x of left · x = right, by elimination."""
    rows = [[*line, value] for line, value in zip(left, right, strict=True)]
    for at in range(len(rows)):
        best = max(range(at, len(rows)), key=lambda row: abs(rows[row][at]))
        rows[at], rows[best] = rows[best], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for other in range(len(rows)):
            if other != at:
                share = rows[other][at]
                rows[other] = [a - share * b for a, b in zip(rows[other], rows[at], strict=True)]
    return [row[-1] for row in rows]


def sigmoid(logit: float) -> float:
    """Return the probability of a logit."""
    return 1 / (1 + math.exp(-max(-500.0, min(500.0, logit))))


def linear(weights: Row, row: Row) -> float:
    """Return base + weights · row."""
    return weights[0] + sum(w * v for w, v in zip(weights[1:], row, strict=True))


def fitted(lines: list[Line]) -> tuple[list[float], list[float]]:
    """Return the constants of the score and those of the probability."""
    pairs = [
        (own[0], entry in line.right) for line in lines for entry, own in line.features.items()
    ]
    fit = logistic([row for row, _ in pairs], [hit for _, hit in pairs])
    firsts = [(line, order(line, fit)[0]) for line in lines if line.features]
    rows: list[Row] = [[score, *line.features[entry][1]] for line, (score, entry) in firsts]
    return fit, logistic(rows, [entry in line.right for line, (_, entry) in firsts])


def order(line: Line, fit: Row) -> list[tuple[float, str]]:
    """Return the entries with their scores, best first."""
    scores = [(linear(fit, own[0]), entry) for entry, own in line.features.items()]
    return sorted(scores, key=lambda one: (-one[0], one[1]))


def guess(line: Line, fit: Row, trust: Row) -> Guess:
    """Return what constants fitted elsewhere say to a line."""
    if not line.features:
        return Guess(outcome=Outcome.SILENT, ids=[])
    ranked = order(line, fit)
    score, entry = ranked[0]
    lead = score - (ranked[1][0] if len(ranked) > 1 else FAR)
    likely = sigmoid(linear(trust, [score, *line.features[entry][1]]))
    ids = [name for _, name in ranked[:3]]
    clear = lead >= ANSWER_LEAD and line.features[entry][2] >= ANSWER_TELLING
    if likely >= ANSWER_FROM and clear and asks(line.text):
        return Guess(outcome=Outcome.ANSWER, ids=ids)
    return Guess(outcome=Outcome.OFFER if likely >= OFFER_FROM else Outcome.SILENT, ids=ids)


def crossed(lines: list[Line], fold_of: Callable[[Line], str]) -> list[Guess]:
    """Return a guess per line, each by constants that have not seen its fold."""
    folds = [int(hashlib.sha256(fold_of(line).encode()).hexdigest(), 16) % FOLDS for line in lines]
    constants = [
        fitted([line for line, fold in zip(lines, folds, strict=True) if fold != held])
        for held in range(FOLDS)
    ]
    return [guess(line, *constants[fold]) for line, fold in zip(lines, folds, strict=True)]


def report(name: str, lines: list[Line], guesses: list[Guess]) -> None:
    """Print what the guesses are worth."""
    both = list(zip(lines, guesses, strict=True))
    positive = [(line, said) for line, said in both if line.right]
    answers = [(line, said) for line, said in both if said.outcome is Outcome.ANSWER]
    right = sum(said.ids[0] in line.right for line, said in answers)
    first = sum(bool(said.ids) and said.ids[0] in line.right for line, said in positive)
    shown = sum(
        said.outcome is not Outcome.SILENT and bool(line.right & set(said.ids))
        for line, said in positive
    )
    print(f"{name}: ANSWER {right} right of {len(answers)}, {len(positive)} to be found")
    print(f"  right entry first {first}, shown among three {shown}")
    for kind in ("written", "real", "outside", "silence"):
        none = [said for line, said in both if line.kind == kind and not line.right]
        told = [said.outcome for said in none]
        print(
            f"  nothing to be found, {kind} {len(none)}:"
            f" ANSWER {told.count(Outcome.ANSWER)}, OFFER {told.count(Outcome.OFFER)}"
        )


def plain(
    lines: list[Line], entries: Sequence[FaqEntry], shown: int, answered: int
) -> list[Guess]:
    """Return what rapidfuzz alone would say as often as we do."""
    ranked = []
    for line in lines:
        scores = [
            (max(fuzz.ratio(line.text, text) for text in (one.question, *one.variants)), one.id)
            for one in entries
        ]
        ranked.append(sorted(scores, key=lambda one: (-one[0], one[1]))[:3])
    best = sorted((one[0][0] for one in ranked), reverse=True)
    said = {True: Outcome.ANSWER, False: Outcome.OFFER}
    return [
        Guess(
            outcome=said[one[0][0] >= best[answered - 1]]
            if one[0][0] >= best[shown - 1]
            else Outcome.SILENT,
            ids=[name for _, name in one],
        )
        for one in ranked
    ]


def main(folder: Path) -> None:
    """Print everything."""
    entries = load_entries()
    index = build_index(entries, load_dialect())
    lines = read(folder, index, {entry.id for entry in entries})
    by_line = crossed(lines, lambda line: line.text)
    report("held out by line", lines, by_line)
    report("held out by entry", lines, crossed(lines, lambda line: min(line.right or {line.text})))
    counts = [said.outcome for said in by_line]
    answered = counts.count(Outcome.ANSWER)
    shown = answered + counts.count(Outcome.OFFER)
    report("plain rapidfuzz, as often", lines, plain(lines, entries, shown, answered))
    verdicts = [match(index, line.text) for line in lines]
    shipped = [Guess(outcome=v.outcome, ids=[m.entry.id for m in v.matches]) for v in verdicts]
    report("shipped constants, fitted on these lines", lines, shipped)
    fit, trust = fitted(lines)
    print("FIT_BASE, SPELLING, COVERED, SPECIAL:", [round(value, 2) for value in fit])
    print("TRUST_BASE, SCORE, SPELLING_LEAD, FOREIGN, LEGAL, SIZE:", [round(v, 2) for v in trust])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
