"""How are the word lists of matching written? Each kind of file is read into values here."""

import re
from base64 import b64decode
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import yaml

from base.errors import ConfigError
from knowledge.background import Counts
from knowledge.language import Concept, Elsewhere
from knowledge.latent import LATENT
from storage.yaml_text import load_yaml

SHOWN = 40  # characters of a wrong value that a problem repeats

_LINE = re.compile(r"(\S+)\t(\d{1,6})\t(\d{1,6})")


class Concepts(NamedTuple):
    """The concepts of all files, and which of them exclude each other."""

    concepts: tuple[Concept, ...]
    contrasts: tuple[tuple[str, ...], ...]


def read_counts(name: str, text: str) -> Mapping[str, Counts]:
    """Return the counts written in `text`: piece, legal questions, chat lines, by tabs.

    Raises:
        ConfigError: Something does not fit; lists every problem.
    """
    counts: dict[str, Counts] = {}
    problems: list[str] = []
    for at, line in _lines(text):
        found = _LINE.fullmatch(line)
        if found and found[1] not in counts:
            counts[found[1]] = (int(found[2]), int(found[3]))
        else:
            problems.append(f"{name} 第{at}行，应当是一个词和两个数，用制表符隔开，不重复")
    if problems:
        raise ConfigError(problems)
    return MappingProxyType(counts)


def read_sounds(name: str, text: str) -> Mapping[str, int]:
    """Return the sound of each character, as a number from 1: one line a sound.

    Raises:
        ConfigError: Something does not fit; lists every problem.
    """
    sounds: dict[str, int] = {}
    problems: list[str] = []
    for number, (at, line) in enumerate(_lines(text), start=1):
        _, tab, characters = line.partition("\t")
        if not tab or not characters or any(char in sounds for char in characters):
            problems.append(f"{name} 第{at}行，应当是读音和读这个音的字，用制表符隔开，不重复")
        sounds |= dict.fromkeys(characters, number)
    if problems:
        raise ConfigError(problems)
    return MappingProxyType(sounds)


def read_latent(name: str, text: str) -> Mapping[str, bytes]:
    """Return the direction of each term: LATENT signed bytes, written in base64.

    Raises:
        ConfigError: Something does not fit; lists every problem.
    """
    directions: dict[str, bytes] = {}
    problems: list[str] = []
    for at, line in _lines(text):
        term, _, coded = line.partition("\t")
        try:
            direction = b64decode(coded, validate=True)
        except ValueError:
            direction = b""
        if len(direction) != LATENT or term in directions:
            problems.append(f"{name} 第{at}行，应当是一个词和{LATENT}个数，用制表符隔开，不重复")
        directions[term] = direction
    if problems:
        raise ConfigError(problems)
    return MappingProxyType(directions)


def read_concepts(files: Mapping[str, str]) -> Concepts:
    """Return the concepts written in `files` (name → text); those of one name are one.

    Raises:
        ConfigError: Something does not fit; lists every problem of every file.
    """
    problems: list[str] = []
    words: dict[str, dict[str, None]] = {}
    contrasts: list[tuple[str, ...]] = []
    for name in sorted(files):
        raw = _parsed(files[name])
        if not isinstance(raw, dict) or not set(raw) <= {"concepts", "contrasts"}:
            problems.append(f"{name}：应当有 concepts（概念），可以有 contrasts（不能混的概念）")
            continue
        for one in raw.get("concepts") or []:
            concept = _worded(one, "name", "words")
            if concept is None:
                problems.append(f"{name} concepts：{_short(one)} 应当有 name 和一列 words")
            else:
                words.setdefault(concept[0], {}).update(dict.fromkeys(concept[1]))
        contrasts += _contrasts(name, raw.get("contrasts") or [], problems)
    problems += [
        f"contrasts：没有叫 {name} 的概念"
        for name in sorted({name for names in contrasts for name in names} - set(words))
    ]
    if problems:
        raise ConfigError(problems)
    concepts = tuple(Concept(name=name, words=tuple(own)) for name, own in sorted(words.items()))
    return Concepts(concepts=concepts, contrasts=tuple(contrasts))


def _contrasts(name: str, raw: list[Any], problems: list[str]) -> list[tuple[str, ...]]:
    wrong = [names for names in raw if not _texts(names) or len(names) == 1]
    problems += [f"{name} contrasts：{_short(one)} 应当是两个以上的概念名" for one in wrong]
    return [tuple(names) for names in raw if names not in wrong]


def read_elsewhere(files: Mapping[str, str]) -> tuple[Elsewhere, ...]:
    """Return the questions without an answer written in `files` (name → text).

    Raises:
        ConfigError: Something does not fit; lists every problem of every file.
    """
    problems: list[str] = []
    found: list[Elsewhere] = []
    for name in sorted(files):
        raw = _parsed(files[name])
        if not isinstance(raw, list):
            problems.append(f"{name}：应当是一列问题，每条有 question 和 variants")
            continue
        for one in raw:
            question = _worded(one, "question", "variants")
            if question is None:
                problems.append(f"{name}：{_short(one)} 应当有 question 和一列 variants")
            else:
                found.append(Elsewhere(question=question[0], variants=question[1]))
    if problems:
        raise ConfigError(problems)
    return tuple(found)


def _lines(text: str) -> Iterable[tuple[int, str]]:
    """Return the lines that are neither empty nor a comment, with their numbers."""
    numbered = enumerate(text.splitlines(), start=1)
    return [(at, line) for at, line in numbered if line and not line.startswith("#")]


def _parsed(text: str) -> object:
    try:
        return load_yaml(text)
    except yaml.YAMLError:
        return None


def _worded(raw: object, key: str, texts: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the text under `key` and the texts under `texts`, None where one is missing."""
    if not isinstance(raw, dict) or set(raw) != {key, texts}:
        return None
    name, own = raw[key], raw[texts]
    if not isinstance(name, str) or not name.strip() or not _texts(own):
        return None
    return name.strip(), tuple(one.strip() for one in own)


def _texts(found: Any) -> bool:
    return (
        isinstance(found, list)
        and bool(found)
        and all(isinstance(one, str) and one.strip() for one in found)
    )


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
