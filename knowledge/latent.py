"""What is a text about, whatever its words? A direction from the company that words keep.

Latent semantic analysis (Deerwester et al. 1990): terms that stand in the same topics point the
same way, so a question can be near an entry with which it shares few words. The directions of
terms are shipped (tools/build_latent.py); entries and questions are sums of them, so that a FAQ
nobody has seen before has directions too.
"""

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from knowledge.background import PAIR, Codes
from knowledge.language import CONCEPTS_FROM, Language
from knowledge.terms import MEANT, Numbers, Terms

Places = NDArray[np.int64]
Directions = NDArray[np.float32]  # a row of LATENT numbers each, of length one or all zero

LATENT = 64  # numbers of a direction
_CHUNK = 8_192  # postings summed up at once; so few stay in the processor's cache
_UNIT = re.compile(r"\{([^{}]+)\}|(.)")


class Latent:
    """The directions of terms, ready to be summed up."""

    def __init__(self, shipped: Mapping[str, bytes], language: Language) -> None:
        """Take the directions by term; one with a concept that `language` lacks is left out."""
        signs = {name: chr(CONCEPTS_FROM + at) for at, name in enumerate(language.names)}
        known = sorted(
            (code, values)
            for term, values in shipped.items()
            if (code := _code(term, signs)) is not None
        )
        self.codes = np.array([code for code, _ in known], dtype=np.int64)
        joined = b"".join(values for _, values in known)
        self._directions = np.frombuffer(joined, dtype=np.int8).reshape(-1, LATENT)
        self._directions = self._directions.astype(np.float32)

    def of_text(self, own: Terms) -> Directions:
        """Return the direction of one text."""
        known, rows = self._known(own)
        return _normed(own.weights[known] @ self._directions[rows])

    def of_topics(self, postings: Terms, topic_of: Numbers, topics: int) -> Directions:
        """Return the direction of each topic: the sum over the terms of its texts."""
        known, rows = self._known(postings)
        topic = topic_of[postings.texts[known]]
        order = np.argsort(topic, kind="stable")
        sums = np.zeros((topics, LATENT), dtype=np.float32)
        for start in range(0, len(order), _CHUNK):
            part = order[start : start + _CHUNK]
            weighed = self._directions[rows[part]] * postings.weights[known[part], None]
            begins = np.flatnonzero(np.diff(topic[part], prepend=-1))
            sums[topic[part[begins]]] += np.add.reduceat(weighed, begins)
        return _normed(sums)

    def _known(self, own: Terms) -> tuple[Places, Places]:
        """Return which terms have a direction, and the row of each."""
        if not len(self.codes):
            return np.array([], dtype=np.int64), np.array([], dtype=np.int64)
        rows = np.searchsorted(self.codes, own.codes)
        rows[rows == len(self.codes)] = 0
        known = np.flatnonzero(self.codes[rows] == own.codes)
        return known, rows[known]


def _normed(sums: Directions) -> Directions:
    lengths = np.sqrt(np.square(sums).sum(-1, keepdims=True))
    return np.asarray(sums / np.maximum(lengths, np.float32(1e-9)))


def _code(term: str, signs: Mapping[str, str]) -> int | None:
    """Return the number of a term written as "地", "地租" or "{劳动合同}签"."""
    units = [signs.get(name, "") if name else char for name, char in _UNIT.findall(term)]
    if "" in units:
        return None
    numbers = [ord(unit) for unit in units]
    return MEANT + (numbers[0] if len(numbers) == 1 else numbers[0] * PAIR + numbers[1])


def written(code: int, language: Language) -> str:
    """Return the term of a number as the file of directions has it."""
    units: Codes = np.array([code] if code < PAIR else [code // PAIR, code % PAIR])
    return "".join(
        f"{{{language.names[unit - CONCEPTS_FROM]}}}" if unit >= CONCEPTS_FROM else chr(unit)
        for unit in units.tolist()
    )
