"""Which word lists do we ship with matching? Read once, at start (knowledge/lexicon/)."""

from dataclasses import replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from base.errors import ConfigError
from knowledge.background import Background
from knowledge.language import DialectWord, Lexicon
from storage.faq_check import STEP_LIMIT, Place, mapping, repeated
from storage.shipped_faq import parsed
from storage.shipped_words import (
    read_concepts,
    read_counts,
    read_elsewhere,
    read_latent,
    read_sounds,
)

_LEXICON_KEYS = ("dialect", "fillers", "framing")
_DIALECT_KEYS = ("standard", "forms")


@cache
def load_lexicon() -> Lexicon:
    """The shipped word lists, one file after the other.

    Raises:
        ConfigError: Something in a file does not fit; lists every problem of that file.
    """
    folder = resources.files("knowledge") / "lexicon"
    text = _texts(folder)
    concepts = read_concepts(_texts(folder / "concepts"))
    return replace(
        read_dialect("dialect.yaml", text["dialect.yaml"]),
        background=Background(
            pieces=read_counts("pieces.tsv", text["pieces.tsv"]),
            words=read_counts("words.tsv", text["words.tsv"]),
        ),
        sounds=read_sounds("sounds.tsv", text["sounds.tsv"]),
        latent=read_latent("latent.tsv", text["latent.tsv"]),
        concepts=concepts.concepts,
        contrasts=concepts.contrasts,
        elsewhere=read_elsewhere(_texts(folder / "elsewhere")),
    )


def _texts(folder: Traversable) -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.is_file()}


def read_dialect(name: str, text: str) -> Lexicon:
    """Return the word lists written in `text`.

    Raises:
        ConfigError: Something does not fit; lists every problem.
    """
    problems: list[str] = []
    place = Place(file=name, entry="词表", problems=problems)
    raw = mapping(place, parsed(name, text, problems), _LEXICON_KEYS)
    words = tuple(_dialect_word(place, word) for word in place.many(raw, "dialect", list))
    lexicon = Lexicon(
        dialect=words,
        fillers=place.texts(raw, "fillers"),
        framing=place.texts(raw, "framing"),
    )
    problems += repeated(name, "forms", (form for word in words for form in word.forms))
    if problems:
        raise ConfigError(problems)
    return lexicon


def _dialect_word(place: Place, raw: object) -> DialectWord:
    known = mapping(place, raw, _DIALECT_KEYS)
    if not known:
        return DialectWord(standard="", forms=())
    return DialectWord(
        standard=place.text(known, "standard", STEP_LIMIT), forms=place.texts(known, "forms")
    )
