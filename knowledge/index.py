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
    """A question or variant of an entry, prepared for comparison."""

    entry: FaqEntry
    text: str
    readings: Readings
    pieces: Pieces  # weighted
    length: float  # Euclidean, of the weighted pieces


@dataclass(frozen=True, kw_only=True, slots=True)
class Index:
    """All served wordings; built once, never changed."""

    lexicon: Lexicon
    wordings: tuple[KnownWording, ...]
    where: Mapping[str, tuple[int, ...]]  # piece → positions in wordings
    rarity: Pieces  # 0 (in every wording) .. 1 (in none)
    by_entry: Mapping[str, frozenset[str]]  # entry id → pieces of all its wordings


def build_index(entries: Iterable[FaqEntry], lexicon: Lexicon) -> Index:
    """Return the index of the published entries."""
    found = [
        (entry, text, normalise(text, lexicon))
        for entry in entries
        if entry.status is EntryStatus.PUBLISHED
        for text in (entry.question, *entry.variants)
    ]
    raw = [pieces(readings.standard, lexicon) for _, _, readings in found]
    rarity = _rarity(raw)
    wordings = tuple(
        _wording(entry, text, readings, weighted(own, rarity))
        for (entry, text, readings), own in zip(found, raw, strict=True)
    )
    return Index(
        lexicon=lexicon,
        wordings=wordings,
        where=_where(wordings),
        rarity=rarity,
        by_entry=_by_entry(wordings),
    )


def pieces(reading: str, lexicon: Lexicon) -> Pieces:
    """Return the characters and pairs of a reading; framing words count for little.

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
    return found


def weighted(raw: Pieces, rarity: Pieces) -> Pieces:
    """Return the pieces with their rarity counted in; a piece never seen is the rarest."""
    return {piece: weight * rarity.get(piece, 1.0) for piece, weight in raw.items()}


def length(of: Pieces) -> float:
    """Return the Euclidean length of weighted pieces."""
    return math.sqrt(sum(weight * weight for weight in of.values()))


def _keep(found: dict[str, float], piece: str, weight: float) -> None:
    found[piece] = max(weight, found.get(piece, 0.0))


def _wording(entry: FaqEntry, text: str, readings: Readings, own: Pieces) -> KnownWording:
    return KnownWording(
        entry=entry,
        text=text,
        readings=readings,
        pieces=MappingProxyType(dict(own)),
        length=length(own),
    )


def _rarity(raw: list[Pieces]) -> Pieces:
    rarest = math.log(2 * (len(raw) + 1))
    seen = Counter(piece for own in raw for piece in own)
    return MappingProxyType(
        {
            piece: max(0.0, math.log((len(raw) + 1) / (count + 0.5)) / rarest)
            for piece, count in seen.items()
        }
    )


def _where(wordings: tuple[KnownWording, ...]) -> Mapping[str, tuple[int, ...]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for position, wording in enumerate(wordings):
        for piece in wording.pieces:
            found[piece].append(position)
    return MappingProxyType({piece: tuple(positions) for piece, positions in found.items()})


def _by_entry(wordings: tuple[KnownWording, ...]) -> Mapping[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for wording in wordings:
        found[wording.entry.id].update(wording.pieces)
    return MappingProxyType({entry: frozenset(own) for entry, own in found.items()})
