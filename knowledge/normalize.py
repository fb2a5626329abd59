"""What is left of a question once noise is taken away, and how would it read in plain Chinese?

The plain reading keeps the asker's own words; the standard reading is added beside it, with
dialect words turned into everyday Chinese. Neither replaces the other.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from knowledge.background import Background

CONSIDERED = 2000  # characters of a text that are looked at; nobody asks a longer question


@dataclass(frozen=True, kw_only=True, slots=True)
class DialectWord:
    """A standard word, and what people here say for it."""

    standard: str
    forms: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lexicon:
    """The word lists of matching."""

    dialect: tuple[DialectWord, ...] = ()
    fillers: tuple[str, ...] = ()  # greetings and politeness: removed
    framing: tuple[str, ...] = ()  # words any question may have: kept, but worth little
    background: Background = field(default_factory=Background)
    # questions that no entry answers yet: id of the topic → wordings
    elsewhere: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, kw_only=True, slots=True)
class Readings:
    """A question as it was said and as it would be said in plain Chinese."""

    plain: str
    standard: str


def normalise(text: str, lexicon: Lexicon) -> Readings:
    """Return both readings of `text`; both are empty when nothing but noise was said."""
    plain = _without_fillers(letters_and_digits(text), lexicon)
    words = _standard_words(lexicon.dialect)
    if not words:
        return Readings(plain=plain, standard=plain)
    standard = any_of(tuple(words)).sub(lambda found: words[found[0]], plain)
    return Readings(plain=plain, standard=standard)


def letters_and_digits(text: str) -> str:
    """Return the first characters of `text`, width and case folded, letters and digits only.

    Punctuation, emoji, NUL, lone surrogates, zero-width and bidi marks all go.
    """
    folded = unicodedata.normalize("NFKC", text[:CONSIDERED]).casefold()[:CONSIDERED]
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LN")


def framing_positions(reading: str, lexicon: Lexicon) -> frozenset[int]:
    """Return the positions in `reading` that belong to words any question may have."""
    if not lexicon.framing:
        return frozenset()
    spans = any_of(lexicon.framing).finditer(reading)
    return frozenset(position for span in spans for position in range(*span.span()))


def telling_characters(reading: str, lexicon: Lexicon) -> str:
    """Return `reading` without the words any question may have."""
    framing = framing_positions(reading, lexicon)
    return "".join(char for at, char in enumerate(reading) if at not in framing)


@lru_cache(maxsize=8)
def any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern that finds any of the words, longer ones first."""
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=_longest_first)))


def _longest_first(word: str) -> tuple[int, str]:
    return -len(word), word


def _without_fillers(text: str, lexicon: Lexicon) -> str:
    return any_of(lexicon.fillers).sub("", text) if lexicon.fillers else text


@lru_cache(maxsize=8)
def _standard_words(dialect: tuple[DialectWord, ...]) -> dict[str, str]:
    return {form: word.standard for word in dialect for form in word.forms}
