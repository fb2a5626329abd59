"""Which word lists does matching need, and how are they made ready for finding?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from knowledge.background import PAIR, Background, Codes
from knowledge.finding import Finder

SOUNDS_FROM = 0xE000  # sounds are written as characters of the private use area
CONCEPTS_FROM = 0xF0000  # concepts are written as characters of another private use area
SOUNDED_LENGTH = 3  # characters: shorter words sound like too many others


@dataclass(frozen=True, kw_only=True, slots=True)
class DialectWord:
    """A standard word, and what people here say for it."""

    standard: str
    forms: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Concept:
    """One meaning, and the everyday, dialect and technical words for it."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Elsewhere:
    """A question that no entry answers, and other wordings of it."""

    question: str
    variants: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lexicon:
    """The word lists of matching, as curators write them."""

    dialect: tuple[DialectWord, ...] = ()
    fillers: tuple[str, ...] = ()  # greetings and politeness: removed
    framing: tuple[str, ...] = ()  # words any question may have: kept, but worth little
    concepts: tuple[Concept, ...] = ()
    contrasts: tuple[tuple[str, ...], ...] = ()  # names of concepts that exclude each other
    sounds: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    latent: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    background: Background = field(default_factory=Background)
    elsewhere: tuple[Elsewhere, ...] = ()


class Language:
    """A lexicon made ready: built once, never changed."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.background = lexicon.background
        self.elsewhere = lexicon.elsewhere
        self.fillers = Finder(dict.fromkeys(lexicon.fillers, 0))
        self.framing = Finder(dict.fromkeys(lexicon.framing, 0))
        self.dialect = Finder(
            {form: at for at, word in enumerate(lexicon.dialect) for form in word.forms}
        )
        self.standards = tuple(word.standard for word in lexicon.dialect)
        self._signs = {ord(char): SOUNDS_FROM + sound for char, sound in lexicon.sounds.items()}
        self._sounds = np.zeros(SOUNDS_FROM, dtype=np.int64)
        for char, sound in lexicon.sounds.items():
            self._sounds[ord(char)] = sound
        said = {word: at for at, concept in enumerate(lexicon.concepts) for word in concept.words}
        self.names = tuple(concept.name for concept in lexicon.concepts)
        self.concepts = Finder(said)
        self.sounded = Finder(
            {self.spoken(word): at for word, at in said.items() if len(word) >= SOUNDED_LENGTH}
        )
        self.rarities = np.array(
            [lexicon.background.rarity_of_any(c.words) for c in lexicon.concepts], dtype=np.float32
        )
        self.words = Finder({word: at for at, word in enumerate(lexicon.background.words)})
        self.leaning = tuple(map(lexicon.background.leaning, lexicon.background.words))
        at = {name: number for number, name in enumerate(self.names)}
        self.contrasts = tuple(_contrasts(lexicon.contrasts, at))

    def sounds_of(self, chars: Codes) -> Codes:
        """Return a number for the sound of each character, 0 for one we don't know."""
        return self._sounds[np.minimum(chars, len(self._sounds) - 1)]

    def concept_numbers(self, meant: str) -> list[int]:
        """Return the concepts whose signs stand in a text, as numbers."""
        return [ord(sign) - CONCEPTS_FROM for sign in meant if ord(sign) >= CONCEPTS_FROM]

    def word_of(self, unit: int) -> str:
        """Return a unit of a meant reading as people would say it; a pair with a dot between."""
        chars = [unit] if unit < PAIR else [unit // PAIR, unit % PAIR]
        named = any(char >= CONCEPTS_FROM for char in chars)
        words = [self.names[c - CONCEPTS_FROM] if c >= CONCEPTS_FROM else chr(c) for c in chars]
        return ("·" if named else "").join(words)

    def spoken(self, text: str) -> str:
        """Return `text` with every character whose sound we know replaced by the sound's sign."""
        return text.translate(self._signs)


def _contrasts(
    contrasts: Iterable[tuple[str, ...]], at: Mapping[str, int]
) -> Iterable[frozenset[int]]:
    for names in contrasts:
        known = frozenset(at[name] for name in names if name in at)
        if len(known) > 1:
            yield known
