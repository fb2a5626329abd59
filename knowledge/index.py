"""Which wordings do we know, and how much does each piece of them tell?"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from knowledge.model import EntryStatus, FaqEntry
from knowledge.normalize import Lexicon, Readings, framing_positions, normalise

Pieces = Mapping[str, float]  # single characters and pairs of them → how much they may count

SINGLE = 0.5  # a lone character tells half as much as a pair
# A pair with 0, 1, 2 characters from words any question may have ("怎么办", "找哪个部门").
FRAMING_PAIR = (1.0, 0.6, 0.15)
FRAMING_SINGLE = (1.0, 0.15)


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownWording:
    """A question or variant of an entry, or of a topic that no entry answers."""

    topic: str  # id of the entry or of the topic
    entry: FaqEntry | None  # None: we know the question, we have no answer
    text: str
    readings: Readings
    pieces: Pieces  # weighted
    length: float  # Euclidean, of the weighted pieces


@dataclass(frozen=True, kw_only=True, slots=True)
class Index:
    """All wordings we know; built once, never changed."""

    lexicon: Lexicon
    wordings: tuple[KnownWording, ...]
    where: Mapping[str, tuple[int, ...]]  # piece → positions in wordings
    uses: Mapping[str, Mapping[str, int]]  # topic → piece → in how many of its wordings
    spread: Mapping[str, int]  # piece → in how many topics


def build_index(entries: Iterable[FaqEntry], lexicon: Lexicon) -> Index:
    """Return the index of the published entries, and of what belongs to none of them."""
    served = [entry for entry in entries if entry.status is EntryStatus.PUBLISHED]
    wordings = tuple(
        _wording(entry.id, entry, text, lexicon)
        for entry in served
        for text in (entry.question, *entry.variants)
    ) + _elsewhere(lexicon, {entry.id for entry in served})
    uses = _uses(wordings)
    return Index(
        lexicon=lexicon,
        wordings=wordings,
        where=_where(wordings),
        uses=uses,
        spread=MappingProxyType(Counter(piece for own in uses.values() for piece in own)),
    )


def pieces(reading: str, lexicon: Lexicon) -> Pieces:
    """Return the characters and pairs of a reading; common and framing ones count for little.

    A reading of framing words alone ("怎么办") speaks of nothing and has no pieces.
    """
    framing = framing_positions(reading, lexicon)
    if len(framing) == len(reading):
        return {}
    found: dict[str, float] = {}
    for at, char in enumerate(reading):
        here, after = at in framing, at + 1 in framing
        _keep(found, char, SINGLE * FRAMING_SINGLE[here])
        if at + 1 < len(reading):
            _keep(found, reading[at : at + 2], FRAMING_PAIR[here + after])
    rarity = lexicon.background.rarity
    return {piece: weight * rarity(piece) for piece, weight in found.items()}


def length(of: Pieces) -> float:
    """Return the Euclidean length of weighted pieces."""
    return math.sqrt(sum(weight * weight for weight in of.values()))


def _keep(found: dict[str, float], piece: str, weight: float) -> None:
    found[piece] = max(weight, found.get(piece, 0.0))


def _elsewhere(lexicon: Lexicon, served: set[str]) -> tuple[KnownWording, ...]:
    return tuple(
        _wording(topic, None, text, lexicon)
        for topic, texts in sorted(lexicon.elsewhere.items())
        if topic not in served
        for text in texts
    )


def _wording(topic: str, entry: FaqEntry | None, text: str, lexicon: Lexicon) -> KnownWording:
    readings = normalise(text, lexicon)
    own = pieces(readings.standard, lexicon)
    return KnownWording(
        topic=topic,
        entry=entry,
        text=text,
        readings=readings,
        pieces=MappingProxyType(dict(own)),
        length=length(own),
    )


def _where(wordings: tuple[KnownWording, ...]) -> Mapping[str, tuple[int, ...]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for position, wording in enumerate(wordings):
        for piece in wording.pieces:
            found[piece].append(position)
    return MappingProxyType({piece: tuple(positions) for piece, positions in found.items()})


def _uses(wordings: tuple[KnownWording, ...]) -> Mapping[str, Mapping[str, int]]:
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for wording in wordings:
        found[wording.topic].update(wording.pieces.keys())
    return MappingProxyType({topic: MappingProxyType(own) for topic, own in found.items()})
