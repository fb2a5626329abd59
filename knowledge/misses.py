"""Which questions did the FAQ not answer, and which of them ask the same?"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from knowledge.index import Index
from knowledge.model import Verdict
from knowledge.normalize import normalise
from knowledge.terms import KINDS, terms
from knowledge.wordings import shared_out

NEAR = 0.2
"""Probability from where on the entry that is most like two questions makes them one group."""
SAME = 0.4
"""Likeness, 0..1, from where on two questions without such an entry are one group.

docs/adr/0012 says how both were set.
"""


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
    """Questions that ask the same, the first one first; `entry` is most like them, or empty."""

    questions: tuple[Question, ...]
    entry: str = ""

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


def grouped(
    questions: Sequence[Question], index: Index, ask: Callable[[str], Verdict]
) -> Sequence[Group]:
    """Return the questions in groups, those that most people in most villages asked first.

    Questions that are near the same entry of `index`, as `ask` tells, belong together. Another
    one joins the group whose first question it is most like, or begins one.
    """
    ordered = sorted(questions, key=lambda one: one.ticket)
    near: defaultdict[str, list[Question]] = defaultdict(list)
    for question in ordered:
        near[_nearest(ask(question.text))].append(question)
    found = [*_alike(near.pop("", []), index)]
    found += [Group(questions=tuple(group), entry=entry) for entry, group in near.items()]
    return sorted(found, key=lambda one: (-one.people, -len(one.villages), -one.last))


def _nearest(verdict: Verdict) -> str:
    best = verdict.candidates[0] if verdict.candidates else None
    return best.entry.id if best is not None and best.probability >= NEAR else ""


def _alike(questions: Sequence[Question], index: Index) -> Iterator[Group]:
    """Yield groups of questions that read alike."""
    likeness = likenesses([one.text for one in questions], index)
    groups: dict[int, list[Question]] = {}
    for at, question in enumerate(questions):
        firsts = list(groups)
        best = max(firsts, key=lambda first: float(likeness[at, first]), default=None)
        if best is not None and likeness[at, best] >= SAME:
            groups[best].append(question)
        else:
            groups[at] = [question]
    yield from (Group(questions=tuple(group)) for group in groups.values())


def likenesses(texts: Sequence[str], index: Index) -> NDArray[np.float32]:
    """Return how like each two texts are, 0..1: as spelt, as meant, and in what they are about."""
    count, language = len(texts), index.language
    alike = np.zeros((count, count), dtype=np.float32)
    if not count:
        return alike
    own = shared_out(terms([normalise(text, language) for text in texts], language))
    about = index.latent.of_topics(own, np.arange(count, dtype=np.int32), count)
    starts = np.flatnonzero(np.diff(own.codes, prepend=-1))
    for start, end in pairwise([*starts.tolist(), len(own.codes)]):
        heard = KINDS[0] <= own.codes[start] < KINDS[1]
        if end - start > 1 and not heard:
            rows, weights = own.texts[start:end], own.weights[start:end]
            alike[np.ix_(rows, rows)] += np.outer(weights, weights)
    return np.asarray(np.clip((alike + about @ about.T) / 3, 0, 1))
