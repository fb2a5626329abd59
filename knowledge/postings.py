"""In which wordings do the terms of a question stand?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.index import Index
from knowledge.terms import KINDS, Terms

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

READ = 400_000  # postings at most; the most telling terms come first


@dataclass(frozen=True, kw_only=True, slots=True)
class Shared:
    """The postings of the question's terms, one after the other."""

    known: Places  # terms of the question that any wording has, by their place
    rows: Places  # the same, by their place in the index
    terms: Places  # posting → term of the question
    wordings: NDArray[np.int32]  # posting → wording
    shares: Floats  # posting → share of the term in the wording


def shared(index: Index, own: Terms) -> Shared | None:
    """Return the postings of the terms, None where no wording has any."""
    rows = np.searchsorted(index.codes, own.codes)
    rows[rows == len(index.codes)] = 0
    known = np.flatnonzero(index.codes[rows] == own.codes) if len(index.codes) else rows[:0]
    known = _affordable(index, own, known, rows)
    if not len(known):
        return None
    rows = rows[known]
    counts = index.starts[rows + 1] - index.starts[rows]
    ends = np.cumsum(counts)
    at = np.arange(ends[-1]) + np.repeat(index.starts[rows] - (ends - counts), counts)
    wordings, shares = index.postings.texts[at], index.postings.weights[at].astype(np.float64)
    of = np.repeat(known, counts)
    return Shared(known=known, rows=rows, terms=of, wordings=wordings, shares=shares)


def _affordable(index: Index, own: Terms, known: Places, rows: Places) -> Places:
    """Return the known terms, without the least telling ones where there is too much to read."""
    counts = index.starts[rows[known] + 1] - index.starts[rows[known]]
    if counts.sum() <= READ:
        return known
    order = np.lexsort((known, -own.weights[known]))
    return np.sort(known[order][np.cumsum(counts[order]) <= READ])


def kinds(own: Terms) -> list[int]:
    """Return where the terms of each kind begin, and where the last one ends."""
    return [0, *np.searchsorted(own.codes, KINDS).tolist(), len(own.codes)]
