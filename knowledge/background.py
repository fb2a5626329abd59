"""How common is a piece of text among people, and does it sound like a legal question?"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

# The counts come from 10115 legal questions and 40000 lines of chat: a legal question counts
# twice, so that both weigh about alike.
_LEGAL_TEXTS, _CHAT_TEXTS = 10_115, 40_000
_SEEN_FOR_SURE = 3  # a piece that was counted seldom was not listed
_RAREST = math.log(50_000 / _SEEN_FOR_SURE)

Counts = tuple[int, int]  # legal questions, chat lines


@dataclass(frozen=True, kw_only=True, slots=True)
class Background:
    """How many texts hold a character or a pair of characters."""

    counts: Mapping[str, Counts] = field(default_factory=lambda: MappingProxyType({}))

    def rarity(self, piece: str) -> float:
        """Return 1 for a piece that is not listed, about 0 for one that every text holds."""
        legal, chat = self.counts.get(piece, (0, 0))
        return max(0.0, math.log(50_000 / (2 * legal + chat + _SEEN_FOR_SURE)) / _RAREST)

    def legal(self, reading: str) -> float:
        """Return how much more the pairs of `reading` belong to legal questions than to chat.

        The mean of natural logarithms: 0 undecided, 1 about three times as often.
        """
        pairs = sorted({reading[at : at + 2] for at in range(len(reading) - 1)})
        if not pairs or not self.counts:
            return 0.0
        return sum(self._leaning(pair) for pair in pairs) / len(pairs)

    def _leaning(self, pair: str) -> float:
        legal, chat = self.counts.get(pair, (0, 0))
        return math.log((legal + 1) / _LEGAL_TEXTS * _CHAT_TEXTS / (chat + 2))
