"""Why does an entry look like the answer? What `faq match --explain` tells."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.calibrate import scores
from knowledge.index import Index
from knowledge.likeness import Asked, Likenesses, asked, likenesses
from knowledge.matching import rank
from knowledge.model import OFFERS_LIMIT, FaqEntry
from knowledge.normalize import Readings
from knowledge.terms import KINDS

LONGEST = 6  # reasons of one kind that are told


@dataclass(frozen=True, kw_only=True, slots=True)
class Reasons:
    """Why an entry is among the three best, in the order of the verdict's candidates."""

    entry: FaqEntry
    told: tuple[str, ...]


def explain(index: Index, text: str) -> tuple[Reasons, ...]:
    """Return the reasons of the three best entries for `text`."""
    question = asked(index, text)
    found = likenesses(index, question)
    if found is None:
        return ()
    ranked = rank(index, found, scores(found.features))[:OFFERS_LIMIT]
    return tuple(
        Reasons(entry=one.entry, told=_reasons(index, question, found, one.row, ranked[0].row))
        for one in ranked
    )


def _reasons(
    index: Index, question: Asked, found: Likenesses, row: int, best: int
) -> tuple[str, ...]:
    """Return what the question shares with an entry and lacks there; why it is not the best."""
    wording = index.readings[int(found.wordings[row])]
    told = [
        ("相同的字词", shared_words(question.readings.standard, wording.standard)),
        ("同一个意思", _concepts(index, question.readings, wording)),
        ("读音相同", _heard(question.readings, wording, index)),
        ("条目没有说到", _said(index, question, found.uses[:, row] == 0)),
    ]
    if row != best:
        beyond = (found.uses[:, row] == 0) & (found.uses[:, best] > 0)
        told.append(("第一个条目多说到", _said(index, question, beyond)))
    return tuple(f"{name}：{'、'.join(words)}" for name, words in told if words)


def shared_words(reading: str, other: str) -> tuple[str, ...]:
    """Return the words of the reading that the other has as well, longest first."""
    runs: list[str] = []
    at = 0
    while at < len(reading):
        end = at
        while end < len(reading) and reading[at : end + 1] in other:
            end += 1
        if end - at > 1:
            runs.append(reading[at:end])
        at = max(end, at + 1)
    return tuple(sorted(set(runs), key=lambda run: (-len(run), run)))[:LONGEST]


def _concepts(index: Index, mine: Readings, other: Readings) -> tuple[str, ...]:
    names = index.language.names
    own = index.language.concept_numbers(mine.meant)
    known = set(index.language.concept_numbers(other.meant))
    return tuple(dict.fromkeys(names[one] for one in own if one in known))[:LONGEST]


def _heard(mine: Readings, other: Readings, index: Index) -> tuple[str, ...]:
    """Return the pairs of characters that only sound like a pair of the wording."""
    spoken = index.language.spoken
    heard = spoken(other.standard)
    pairs = (mine.standard[at : at + 2] for at in range(len(mine.standard) - 1))
    return tuple(
        dict.fromkeys(p for p in pairs if p not in other.standard and spoken(p) in heard)
    )[:LONGEST]


def _said(index: Index, question: Asked, which: NDArray[np.bool_]) -> tuple[str, ...]:
    """Return the most telling of those things meant, as words."""
    first = int(np.searchsorted(question.terms.codes, KINDS[-1]))
    order = np.argsort(-question.terms.weights[first:], kind="stable") + first
    shown = []
    for place in order.tolist():
        if which[place]:
            word = index.language.word_of(int(question.terms.codes[place]) - KINDS[-1])
            shown += [word] if len(word) > 1 else []
    return tuple(dict.fromkeys(shown))[:LONGEST]
