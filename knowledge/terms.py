"""What do texts consist of, for the index: their terms as numbers, and what each tells.

Terms of three kinds stand for a text: its characters and pairs of them as they are spelt, the
pairs as they sound, and the same once every word of a concept is replaced by the concept's sign.
Each kind has its own range of numbers, so that all live in one index.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.background import PAIR, Codes, Weights
from knowledge.language import CONCEPTS_FROM, Language
from knowledge.normalize import Readings

Numbers = NDArray[np.int32]

SOUND = 1 << 50
MEANT = 1 << 51
KINDS = (SOUND, MEANT)  # spelt terms are below both

SINGLE = 0.5  # a lone character tells half as much as a pair
# A pair with 0, 1, 2 characters from words any question may have ("怎么办", "找哪个部门").
FRAMING_PAIR = np.array([1.0, 0.6, 0.15], dtype=np.float32)
FRAMING_SINGLE = np.array([1.0, 0.15], dtype=np.float32)
MEANT_PAIR = 0.5  # a pair with a concept in it, of the mean of its two


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """The different terms of texts, in the order of their numbers, and how much each tells."""

    codes: Codes
    texts: Numbers  # which text the term is of
    weights: Weights


def terms(readings: Sequence[Readings], language: Language) -> Terms:
    """Return the terms of texts; one of framing words alone speaks of nothing and has none."""
    standard = _units([one.standard for one in readings], language)
    other = [one.plain if one.plain != one.standard else "" for one in readings]
    parts = [_spelt(standard, language), _heard(standard, language)]
    if any(other):
        plain = _units(other, language)
        parts += [_spelt(plain, language), _heard(plain, language)]
    parts.append(_meant(_units([one.meant for one in readings], language), language))
    return _merged(parts)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Units:
    """The characters of texts, one after the other, and the places where two stand together."""

    chars: Codes
    texts: Numbers
    framed: NDArray[np.int8]  # 1 where the character belongs to a word any question may have
    pairs: Codes  # places whose character and the next are of one text


def _units(texts: Sequence[str], language: Language) -> _Units:
    joined = "\0".join(texts) + "\0"
    chars = _codepoints(joined)
    ends = chars == 0
    number = np.cumsum(ends, dtype=np.int32) - ends
    framed = np.zeros(len(chars), dtype=np.int8)
    for _, start, end in language.framing.find(joined):
        framed[start:end] = 1
    telling = np.bincount(number, weights=(framed == 0) & ~ends) > 0
    inside = ~ends & telling[number]
    chars, number, framed = chars[inside], number[inside], framed[inside]
    pairs = np.flatnonzero(number[:-1] == number[1:])
    return _Units(chars=chars, texts=number.astype(np.int32), framed=framed, pairs=pairs)


def _spelt(units: _Units, language: Language) -> Terms:
    first, second = units.chars[units.pairs], units.chars[units.pairs + 1]
    codes = np.concatenate([units.chars, first * PAIR + second])
    worth = np.concatenate([SINGLE * FRAMING_SINGLE[units.framed], _pair_worth(units)])
    return Terms(
        codes=codes,
        texts=np.concatenate([units.texts, units.texts[units.pairs]]),
        weights=worth * language.background.rarities(codes),
    )


def _heard(units: _Units, language: Language) -> Terms:
    first, second = units.chars[units.pairs], units.chars[units.pairs + 1]
    sounds = language.sounds_of(first) * PAIR + language.sounds_of(second)
    rarity = language.background.rarities(first * PAIR + second)
    return Terms(
        codes=SOUND + sounds, texts=units.texts[units.pairs], weights=_pair_worth(units) * rarity
    )


def _meant(units: _Units, language: Language) -> Terms:
    concept = units.chars >= CONCEPTS_FROM
    rarity = language.background.rarities(units.chars)
    rarity[concept] = language.rarities[units.chars[concept] - CONCEPTS_FROM]
    first, second = units.pairs, units.pairs + 1
    pairs = units.chars[first] * PAIR + units.chars[second]
    pair_rarity = np.where(
        concept[first] | concept[second],
        MEANT_PAIR * (rarity[first] + rarity[second]) / 2,
        language.background.rarities(pairs),
    )
    worth = np.where(concept, np.float32(1), SINGLE * FRAMING_SINGLE[units.framed])
    return Terms(
        codes=MEANT + np.concatenate([units.chars, pairs]),
        texts=np.concatenate([units.texts, units.texts[units.pairs]]),
        weights=np.concatenate([worth * rarity, _pair_worth(units) * pair_rarity]),
    )


def _pair_worth(units: _Units) -> Weights:
    framed = units.framed[units.pairs] + units.framed[units.pairs + 1]
    return np.asarray(FRAMING_PAIR[framed])


def _merged(parts: Sequence[Terms]) -> Terms:
    """Return all terms in order; one that stands in several parts keeps its highest weight."""
    codes = np.concatenate([part.codes for part in parts])
    texts = np.concatenate([part.texts for part in parts])
    weights = np.concatenate([part.weights for part in parts]).astype(np.float32)
    order = np.lexsort((texts, codes))
    codes, texts, weights = codes[order], texts[order], weights[order]
    first = np.flatnonzero(np.diff(codes, prepend=-1) | np.diff(texts, prepend=-1))
    if not len(first):
        return Terms(codes=codes, texts=texts, weights=weights)
    highest = np.maximum.reduceat(weights, first)
    return Terms(codes=codes[first], texts=texts[first], weights=highest)


def _codepoints(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
