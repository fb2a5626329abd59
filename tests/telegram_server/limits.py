"""Which limits does the prose of the specification set on a value?

`api.json` has names and types as structure; lengths, ranges and character sets stand in the
descriptions only. Characters are code points: what Telegram counts is written nowhere.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

_NUMBER = r"(\d[\d,]*)"
_SETS = (
    ("Only characters A-Z, a-z, 0-9, _ and - are allowed", r"[A-Za-z0-9_-]*"),
    ("only lowercase English letters, digits and underscores", r"[a-z0-9_]*"),
)


class Limit(Protocol):
    """One rule about one value."""

    def complaint(self, value: Any) -> str | None:
        """Say what is wrong; None when nothing is, or when the rule is about another type."""


@dataclass(frozen=True, slots=True)
class Characters:
    """So many code points; a text "after entities parsing" is trimmed first."""

    low: int
    high: int
    trimmed: bool

    def complaint(self, value: Any) -> str | None:
        """Say what is wrong with the length."""
        if not isinstance(value, str):
            return None
        length = len(value.strip() if self.trimmed else value)
        return _outside(length, self.low, self.high, "characters")


@dataclass(frozen=True, slots=True)
class Bytes:
    """So many bytes of UTF-8."""

    low: int
    high: int

    def complaint(self, value: Any) -> str | None:
        """Say what is wrong with the size."""
        if not isinstance(value, str):
            return None
        return _outside(len(value.encode()), self.low, self.high, "bytes")


@dataclass(frozen=True, slots=True)
class Items:
    """So many items in a list."""

    low: int
    high: int

    def complaint(self, value: Any) -> str | None:
        """Say what is wrong with the number of items."""
        if not isinstance(value, list):
            return None
        return _outside(len(value), self.low, self.high, "items")


@dataclass(frozen=True, slots=True)
class Range:
    """A number between two numbers."""

    low: int
    high: int

    def complaint(self, value: Any) -> str | None:
        """Say what is wrong with the number."""
        if isinstance(value, bool) or not isinstance(value, int):
            return None
        return _outside(value, self.low, self.high, "as value")


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Only certain characters."""

    pattern: str

    def complaint(self, value: Any) -> str | None:
        """Say which text has a character too many."""
        if not isinstance(value, str) or re.fullmatch(self.pattern, value):
            return None
        return f"{value!r} has unallowed characters"


@dataclass(frozen=True, slots=True)
class Increasing:
    """Numbers in strictly increasing order."""

    def complaint(self, value: Any) -> str | None:
        """Say that the order is wrong."""
        if not isinstance(value, list) or value == sorted(set(value)):
            return None
        return "not in strictly increasing order"


@cache
def limits_of(description: str) -> Sequence[Limit]:
    """Return the limits that a field's description sets."""
    found: list[Limit] = []
    found += _characters(description)
    if match := re.search(f"{_NUMBER}-{_NUMBER} bytes", description):
        found.append(Bytes(*_pair(match)))
    if match := re.search(f"(?:must include|list of) {_NUMBER}-{_NUMBER}\\b", description):
        found.append(Items(*_pair(match)))
    if match := re.search(f"[Aa]t most {_NUMBER} \\w+ can be specified", description):
        found.append(Items(0, _number(match[1])))
    found += _range(description)
    found += [Alphabet(pattern) for words, pattern in _SETS if words in description]
    if "strictly increasing order" in description:
        found.append(Increasing())
    return tuple(found)


def _characters(description: str) -> list[Limit]:
    match = re.search(f"{_NUMBER}-{_NUMBER} characters( after entit)?", description)
    return [Characters(*_pair(match), trimmed=bool(match[3]))] if match else []


def _range(description: str) -> list[Limit]:
    for words in (
        f"[Vv]alues between {_NUMBER}-{_NUMBER}",
        f"(?:must|should) be between {_NUMBER} and {_NUMBER}",
        f"for update delivery, {_NUMBER}-{_NUMBER}",
    ):
        if match := re.search(words, description):
            return [Range(*_pair(match))]
    return []


def _pair(match: re.Match[str]) -> tuple[int, int]:
    return _number(match[1]), _number(match[2])


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _outside(size: int, low: int, high: int, unit: str) -> str | None:
    return None if low <= size <= high else f"{size} {unit}, want {low} to {high}"
