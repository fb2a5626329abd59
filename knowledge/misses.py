"""Which questions did the FAQ not answer, and which of them ask the same?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np

from knowledge.language import Language
from knowledge.normalize import normalise
from knowledge.terms import KINDS, Terms, terms
from knowledge.wordings import shared_out

SAME = 0.42
"""Likeness, 0..1, from where on two questions are one group; docs/adr/0012 says how it was set."""
WORTH = (1.0, 0.0, 1.0)  # of spelt, heard and meant terms


class How(StrEnum):
    """What became of a question that the FAQ did not answer."""

    ENTRY = "entry"  # a draft was made of it
    VARIANT = "variant"  # it became a wording of an entry
    NOT_OURS = "not_ours"  # it is nothing for the FAQ


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A question of this installation, without names and numbers; who asked is only counted."""

    ticket: int
    village: str
    asker: int
    text: str
    at: datetime
    settled: How | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """A curator's word about a question; `entry` is empty where there is none."""

    ticket: int
    how: How
    entry: str = ""
    by: str


@dataclass(frozen=True, slots=True)
class Use:
    """How often an entry was shown as the answer, and what the askers said to it."""

    shown: int = 0
    helped: int = 0
    unhelpful: int = 0

    @property
    def rate(self) -> float | None:
        """The share of 有用, 0..1, of those who said anything; None where nobody did."""
        said = self.helped + self.unhelpful
        return self.helped / said if said else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Questions that ask the same, the first one first."""

    questions: tuple[Question, ...]

    @property
    def people(self) -> int:
        """How many people asked."""
        return len({one.asker for one in self.questions})

    @property
    def villages(self) -> Sequence[str]:
        """In which villages it was asked."""
        return sorted({one.village for one in self.questions})

    @property
    def last(self) -> int:
        """The newest ticket of those who asked."""
        return self.questions[-1].ticket

    @property
    def open(self) -> bool:
        """Whether a curator still has to say something about it.

        Once it was said to be nothing for the FAQ, asking again changes nothing.
        """
        said = {one.settled for one in self.questions}
        return None in said and How.NOT_OURS not in said


def grouped(questions: Sequence[Question], language: Language) -> Sequence[Group]:
    """Return the questions in groups, those that most people in most villages asked first.

    A question joins the group whose first question it is most like, or begins one.
    """
    ordered = sorted(questions, key=lambda one: one.ticket)
    groups: list[list[Question]] = []
    firsts: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
    for question, own in zip(ordered, _worths(ordered, language), strict=True):
        group = _nearest(own, firsts)
        if group is None:
            for code, weight in own.items():
                firsts[code].append((len(groups), weight))
            groups.append([question])
        else:
            groups[group].append(question)
    found = [Group(questions=tuple(group)) for group in groups]
    return sorted(
        found, key=lambda one: (-one.people, -len(one.villages), -one.questions[-1].ticket)
    )


def likeness(one: str, other: str, language: Language) -> float:
    """Return how like two questions are, 0..1."""
    first, second = (_weighed([text], language)[0] for text in (one, other))
    return sum(weight * second[code] for code, weight in first.items() if code in second)


def _nearest(
    own: Mapping[int, float], firsts: Mapping[int, Sequence[tuple[int, float]]]
) -> int | None:
    scores: defaultdict[int, float] = defaultdict(float)
    for code, weight in own.items():
        for group, other in firsts.get(code, ()):
            scores[group] += weight * other
    best = max(scores, key=lambda group: (scores[group], -group), default=None)
    return best if best is not None and scores[best] >= SAME else None


def _worths(questions: Iterable[Question], language: Language) -> Sequence[Mapping[int, float]]:
    return _weighed([one.text for one in questions], language)


def _weighed(texts: Sequence[str], language: Language) -> Sequence[Mapping[int, float]]:
    """Return the terms of each text, weighed so that a text is 1 like itself."""
    if not texts:
        return []
    shares = _scaled(shared_out(terms([normalise(text, language) for text in texts], language)))
    found: list[dict[int, float]] = [{} for _ in texts]
    rows = zip(shares.codes.tolist(), shares.texts.tolist(), shares.weights.tolist(), strict=True)
    for code, text, weight in rows:
        if weight:
            found[text][code] = weight
    return found


def _scaled(shares: Terms) -> Terms:
    kind = np.searchsorted(KINDS, shares.codes, side="right")
    worth = np.sqrt(np.array(WORTH) / sum(WORTH))[kind]
    return Terms(codes=shares.codes, texts=shares.texts, weights=shares.weights * worth)
