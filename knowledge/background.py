"""How common is a piece of text among people, and is a word a legal one?"""

import math
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

# The counts come from 10115 legal questions and 40000 lines of chat: a legal question counts
# twice, so that both weigh about alike.
_LEGAL_TEXTS, _CHAT_TEXTS = 10_115, 40_000
_SEEN_FOR_SURE = 3  # a piece that was counted seldom was not listed
_RAREST = math.log(50_000 / _SEEN_FOR_SURE)

PAIR = 1 << 21  # a pair of characters is the first one's number times this plus the second's

Counts = tuple[int, int]  # legal questions, chat lines
Codes = NDArray[np.int64]
Weights = NDArray[np.float32]
Floats = NDArray[np.float64]


class Background:
    """How many texts hold a character, a pair of characters, or a word."""

    def __init__(
        self, pieces: Mapping[str, Counts] | None = None, words: Mapping[str, Counts] | None = None
    ) -> None:
        self.words = dict(words or {})
        numbered = sorted((number(piece), *counts) for piece, counts in (pieces or {}).items())
        self._codes = np.array([row[0] for row in numbered], dtype=np.int64)
        counts = np.array([row[1:] for row in numbered], dtype=np.float64).reshape(-1, 2)
        rarities = _rarity(counts[:, 0], counts[:, 1])
        self._rarities = np.append(rarities, 1.0).astype(np.float32)

    def rarities(self, codes: Codes) -> Weights:
        """Return 1 for a piece that is not listed, about 0 for one that every text holds."""
        return self._rarities[self._rows(codes)]

    def rarity_of_any(self, words: Iterable[str]) -> float:
        """Return the rarity of a text that holds one of `words`."""
        found = [self.words.get(word, (0, 0)) for word in words]
        counts = np.array([found], dtype=np.float64).sum(1)
        return float(_rarity(counts[:, 0], counts[:, 1])[0])

    def leaning(self, word: str) -> float:
        """Return how much more often a legal question holds `word` than chat: a logarithm."""
        legal, chat = self.words.get(word, (0, 0))
        return math.log((legal + 1) / _LEGAL_TEXTS * _CHAT_TEXTS / (chat + 2))

    def _rows(self, codes: Codes) -> Codes:
        """Return the row of each code, the last one for a code that is not listed."""
        at = np.searchsorted(self._codes, codes)
        if not len(self._codes):
            return at
        known = self._codes[np.minimum(at, len(self._codes) - 1)] == codes
        return np.where(known, at, len(self._codes))


def number(piece: str) -> int:
    """Return the number that stands for a character or a pair of characters."""
    return ord(piece) if len(piece) == 1 else ord(piece[0]) * PAIR + ord(piece[1])


def _rarity(legal: Floats, chat: Floats) -> Floats:
    seen = 2 * legal + chat + _SEEN_FOR_SURE
    return np.asarray(np.maximum(0.0, np.log(50_000 / seen) / _RAREST))
