"""How much of a question does a topic know, and how much of that is its own?"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from knowledge.index import Index
from knowledge.postings import Floats, Places, Shared, kinds
from knowledge.terms import Numbers, Terms

USUAL = 3  # wordings of a topic that share a term, from where on it counts in full
DOUBT = 2.0  # wordings that a topic is thought to have beside its own, speaking like everybody


def told(index: Index, own: Terms, found: Shared, uses: Places, sizes: Numbers) -> list[Floats]:
    """Return, each by topic: covers, rare covers, usual covers, special, likely, missing.

    Covers are shares of the question that the topic knows, 0..1; rare ones count most what few
    topics have, usual ones what many of the topic's wordings have. Special is the logarithm of 1
    + weight of what few topics have; likely the mean logarithm of how much more often the topic
    says it than others; missing the rarest thing meant that the topic lacks, 0..1.
    """
    spread, common = _in_general(index, own, found)
    bounds = kinds(own)
    spelt, heard, meant = (
        _Kind(
            weights=own.weights[start:end, None].astype(np.float64),
            uses=uses[start:end],
            spread=spread[start:end, None],
            common=common[start:end, None],
        )
        for start, end in pairwise(bounds)
    )
    rare = np.square(np.log1p(len(index.topics) / spread) / np.log1p(len(index.topics)))[:, None]
    spelt_rare, meant_rare = rare[: bounds[1]], rare[bounds[2] :]
    return [
        spelt.cover(1.0), heard.cover(1.0), meant.cover(1.0),
        spelt.cover(spelt_rare), meant.cover(meant_rare),
        spelt.usual(spelt_rare, sizes), meant.usual(meant_rare, sizes),
        spelt.special(sizes), meant.special(sizes),
        spelt.likely(sizes), meant.likely(sizes), meant.missing(),
    ]  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kind:
    """The terms of one kind, a row each; topics are columns."""

    weights: Floats
    uses: Places
    spread: Floats  # in how many topics the term stands
    common: Floats  # in what share of all wordings

    def cover(self, worth: Floats | float) -> Floats:
        weights = self.weights * worth
        return self._part((weights * (self.uses > 0)).sum(0), weights)

    def usual(self, worth: Floats, sizes: Numbers) -> Floats:
        weights = self.weights * worth
        return self._part((weights * self._often(sizes)).sum(0), weights)

    def special(self, sizes: Numbers) -> Floats:
        special = (self.weights * self._often(sizes) / self.spread).sum(0)
        return np.asarray(np.log1p(special))

    def likely(self, sizes: Numbers) -> Floats:
        often = np.log((self.uses + DOUBT * self.common) / (sizes + DOUBT) / self.common)
        return self._part((self.weights * often).sum(0), self.weights)

    def missing(self) -> Floats:
        return np.asarray((self.weights * (self.uses == 0)).max(0, initial=0.0))

    def _often(self, sizes: Numbers) -> Floats:
        return np.minimum(1.0, self.uses / np.minimum(USUAL, sizes))

    @staticmethod
    def _part(part: Floats, weights: Floats) -> Floats:
        return np.asarray(part / (weights.sum() or 1.0))


def _in_general(index: Index, own: Terms, found: Shared) -> tuple[Floats, Floats]:
    """Return in how many topics each term stands, and in what share of all wordings."""
    spread, wordings = np.ones(len(own.codes)), np.full(len(own.codes), 0.5)
    spread[found.known] = index.spread[found.rows]
    wordings[found.known] = index.starts[found.rows + 1] - index.starts[found.rows]
    return spread, (wordings + 0.5) / (len(index.wordings) + 1)
