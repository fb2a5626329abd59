"""What is left of a question once noise is taken away, and how would it read in plain Chinese?

The plain reading keeps the asker's own words; the standard reading is added beside it, with
dialect words turned into everyday Chinese. Neither replaces the other.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from opencc import OpenCC

from knowledge.finding import Finder, Span
from knowledge.language import CONCEPTS_FROM, Language

CONSIDERED = 2000  # characters of a text that are looked at; nobody asks a longer question
_SETTLED = 8  # rounds after which a text that keeps changing is taken as it is

_SIMPLIFIED = OpenCC("t2s")
_NO_LETTER = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"[0-9]{7,}x?")  # of a phone, a card, an identity: no matter of law


@dataclass(frozen=True, kw_only=True, slots=True)
class Readings:
    """A question as it was said and as it would be said in plain Chinese."""

    plain: str
    standard: str
    meant: str  # every word of a concept replaced by the sign of the concept


def normalise(text: str, language: Language) -> Readings:
    """Return both readings of `text`; both are empty when nothing but noise was said."""
    plain = _settled(text, lambda one: _without(letters_and_digits(one), language.fillers))
    standard = _replaced(plain, language)
    return Readings(plain=plain, standard=standard, meant=_meant(standard, language))


def letters_and_digits(text: str) -> str:
    """Return the first characters of `text`: width, case and script folded, no other signs.

    Punctuation, emoji, NUL, lone surrogates, zero-width and bidi marks all go, and numbers of
    seven digits or more.
    """
    return _settled(text[:CONSIDERED], _folded)


def _folded(text: str) -> str:
    folded = _NO_LETTER.sub("", unicodedata.normalize("NFKC", text).casefold())
    folded = _NUMBER.sub("", folded)
    simplified: str = _SIMPLIFIED.convert(folded)
    return simplified[:CONSIDERED]


def _settled(text: str, change: Callable[[str], str]) -> str:
    for _ in range(_SETTLED):
        changed = change(text)
        if changed == text:
            break
        text = changed
    return text


def _without(text: str, words: Finder) -> str:
    return _with_spans(text, words.find(text), lambda _: "")


def _replaced(text: str, language: Language) -> str:
    spans = language.dialect.find(text)
    return _with_spans(text, spans, lambda meant: language.standards[meant])


def _meant(text: str, language: Language) -> str:
    spans = language.concepts.find(text)
    said = _with_spans(text, spans, lambda meant: chr(CONCEPTS_FROM + meant))
    heard = language.sounded.find(language.spoken(said))
    return _with_spans(said, heard, lambda meant: chr(CONCEPTS_FROM + meant))


def _with_spans(text: str, spans: list[Span], said: Callable[[int], str]) -> str:
    if not spans:
        return text
    pieces, at = [], 0
    for meant, start, end in spans:
        pieces += [text[at:start], said(meant)]
        at = end
    return "".join(pieces) + text[at:]
