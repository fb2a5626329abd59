"""Which FAQ entries and word lists do we ship? Read and checked once, at start.

Every problem of every file is reported at once, in the words of the people who edit the files.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, TypeVar

import yaml

from base.errors import ConfigError
from knowledge.model import (
    ANSWER_LIMIT,
    STEPS_LIMIT,
    Category,
    EntryStatus,
    FaqEntry,
    Source,
)
from knowledge.normalize import DialectWord, Lexicon
from storage.shipped_words import read_background, read_elsewhere

SHOWN = 40  # characters of a wrong value that a problem repeats
QUESTION_LIMIT = 60  # characters: a question must fit on a button
STEP_LIMIT = 60
FEWEST_VARIANTS = 5

_ID = re.compile(r"[A-Z]\d{3,5}")
_ENTRY_KEYS = (
    "id", "question", "variants", "answer", "steps", "sources", "category", "review_by", "status"
)  # fmt: skip
_SOURCE_KEYS = ("law", "article", "checked_on")
_LEXICON_KEYS = ("dialect", "fillers", "framing")
_DIALECT_KEYS = ("standard", "forms")

_Choice = TypeVar("_Choice", bound=StrEnum)


@cache
def load_entries() -> tuple[FaqEntry, ...]:
    """The shipped entries (knowledge/entries/*.yaml), in the order of their ids.

    Raises:
        ConfigError: Something in the files does not fit; lists every problem.
    """
    folder = resources.files("knowledge") / "entries"
    files = {
        file.name: file.read_text("utf-8")
        for file in folder.iterdir()
        if file.name.endswith(".yaml")
    }
    return read_entries(files)


@cache
def load_dialect() -> Lexicon:
    """The shipped word lists (knowledge/lexicon/), one file after the other.

    Raises:
        ConfigError: Something in a file does not fit; lists every problem of that file.
    """
    folder = resources.files("knowledge") / "lexicon"
    text = {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.is_file()}
    return replace(
        read_dialect("dialect.yaml", text["dialect.yaml"]),
        background=read_background("background.tsv", text["background.tsv"]),
        elsewhere=read_elsewhere("elsewhere.yaml", text["elsewhere.yaml"]),
    )


def read_entries(files: Mapping[str, str]) -> tuple[FaqEntry, ...]:
    """Return the entries written in `files` (name → text), in the order of their ids.

    Raises:
        ConfigError: Something does not fit; lists every problem of every file.
    """
    problems: list[str] = []
    found: list[FaqEntry] = []
    for name in sorted(files):
        for at, raw in enumerate(_list_in(name, files[name], problems), start=1):
            entry = _entry(_Place(file=name, entry=_name_of(raw, at), problems=problems), raw)
            found += [entry] if entry else []
    problems += _repeated("编号", "id", (entry.id for entry in found))
    if problems:
        raise ConfigError(problems)
    return tuple(sorted(found, key=lambda entry: entry.id))


def read_dialect(name: str, text: str) -> Lexicon:
    """Return the word lists written in `text`.

    Raises:
        ConfigError: Something does not fit; lists every problem.
    """
    problems: list[str] = []
    place = _Place(file=name, entry="词表", problems=problems)
    raw = _mapping(place, _parsed(name, text, problems), _LEXICON_KEYS)
    words = tuple(_dialect_word(place, word) for word in place.many(raw, "dialect", list))
    lexicon = Lexicon(
        dialect=words,
        fillers=place.texts(raw, "fillers"),
        framing=place.texts(raw, "framing"),
    )
    problems += _repeated(name, "forms", (form for word in words for form in word.forms))
    if problems:
        raise ConfigError(problems)
    return lexicon


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """Where we are reading, and the problems found so far."""

    file: str
    entry: str
    problems: list[str] = field(repr=False)

    def wrong(self, key: str, found: object, allowed: str) -> None:
        """Note a problem: what was found under `key`, and what is allowed."""
        shown = "没有写" if found is None else f"写的是 {_short(found)}"
        self.problems.append(f"{self.file} {self.entry} {key}：{shown}，应当是{allowed}")

    def text(self, raw: Mapping[str, Any], key: str, limit: int) -> str:
        """Return the text under `key`."""
        found = raw.get(key)
        if not isinstance(found, str) or not 0 < len(found.strip()) <= limit:
            self.wrong(key, found, f"1到{limit}个字的文字")
            return ""
        return found.strip()

    def texts(
        self,
        raw: Mapping[str, Any],
        key: str,
        *,
        fewest: int = 1,
        most: int = 500,
        limit: int = 60,
    ) -> tuple[str, ...]:
        """Return the list of texts under `key`; none twice."""
        found = self.many(raw, key, list)
        good = [one.strip() for one in found if isinstance(one, str)]
        if len(good) != len(found) or not all(0 < len(one) <= limit for one in good):
            self.wrong(key, found, f"一列文字，每条1到{limit}个字")
        if not fewest <= len(good) <= most:
            self.wrong(key, f"{len(good)}条", f"{fewest}到{most}条")
        self.problems.extend(_repeated(f"{self.file} {self.entry}", key, good))
        return tuple(good)

    def many(self, raw: Mapping[str, Any], key: str, kind: type[list[Any]]) -> list[Any]:
        """Return the list under `key`, empty when there is none."""
        found = raw.get(key)
        if not isinstance(found, kind) or not found:
            self.wrong(key, found, "一列内容，至少一条")
            return []
        return found

    def day(self, raw: Mapping[str, Any], key: str) -> date:
        """Return the date under `key`."""
        found = raw.get(key)
        if isinstance(found, datetime) or not isinstance(found, date):
            self.wrong(key, found, "日期，写成 2026-11-25 这样")
            return date.max
        return found

    def choice(self, raw: Mapping[str, Any], key: str, kind: type[_Choice]) -> _Choice:
        """Return the member of `kind` under `key`."""
        found = raw.get(key)
        if found in tuple(kind):
            return kind(found)
        self.wrong(key, found, "其中之一：" + "、".join(kind))
        return next(iter(kind))


def _entry(place: _Place, raw: object) -> FaqEntry | None:
    known = _mapping(place, raw, _ENTRY_KEYS)
    if not known:
        return None
    before = len(place.problems)
    entry = FaqEntry(
        id=_id(place, known),
        question=place.text(known, "question", QUESTION_LIMIT),
        variants=place.texts(known, "variants", fewest=FEWEST_VARIANTS),
        answer=place.text(known, "answer", ANSWER_LIMIT),
        steps=place.texts(known, "steps", most=STEPS_LIMIT, limit=STEP_LIMIT),
        sources=tuple(_source(place, source) for source in place.many(known, "sources", list)),
        category=place.choice(known, "category", Category),
        review_by=place.day(known, "review_by"),
        status=place.choice(known, "status", EntryStatus),
    )
    if len(place.problems) == before:
        _check_review(place, entry)
    return entry if entry.id else None


def _id(place: _Place, raw: Mapping[str, Any]) -> str:
    found = raw.get("id")
    if isinstance(found, str) and _ID.fullmatch(found):
        return found
    place.wrong("id", found, "一个大写字母加3到5位数字，比如 L002")
    return ""


def _source(place: _Place, raw: object) -> Source:
    known = _mapping(place, raw, _SOURCE_KEYS)
    article = known.get("article")
    good_number = isinstance(article, int) and not isinstance(article, bool) and article > 0
    good_text = isinstance(article, str) and article.strip() != ""
    if known and not (good_number or good_text):
        place.wrong("sources.article", article, "条号，比如 27 或者 17之一")
    return Source(
        law=place.text(known, "law", QUESTION_LIMIT) if known else "",
        article=article if isinstance(article, int | str) else 0,
        checked_on=place.day(known, "checked_on") if known else date.max,
    )


def _check_review(place: _Place, entry: FaqEntry) -> None:
    checked = max(source.checked_on for source in entry.sources)
    if entry.review_by <= checked:
        place.wrong("review_by", entry.review_by, f"核对日期 {checked} 之后的日期")


def _dialect_word(place: _Place, raw: object) -> DialectWord:
    known = _mapping(place, raw, _DIALECT_KEYS)
    if not known:
        return DialectWord(standard="", forms=())
    return DialectWord(
        standard=place.text(known, "standard", STEP_LIMIT), forms=place.texts(known, "forms")
    )


def _mapping(place: _Place, raw: object, keys: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(raw, dict) or not raw:
        place.wrong("内容", raw, "这些项目：" + "、".join(keys))
        return {}
    for key in raw:
        if key not in keys:
            place.wrong(str(key), raw[key], "没有这一项；只能写：" + "、".join(keys))
    return raw


def _list_in(name: str, text: str, problems: list[str]) -> list[Any]:
    raw = _parsed(name, text, problems)
    if raw is _BROKEN or isinstance(raw, list):
        return raw if isinstance(raw, list) else []
    _Place(file=name, entry="整个文件", problems=problems).wrong("内容", raw, "一列问答条目")
    return []


_BROKEN: dict[str, Any] = {}  # what is read from a file that is no YAML; already reported


def _parsed(name: str, text: str, problems: list[str]) -> object:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"第{mark.line + 1}行" if mark else "某一行"
        problems.append(f"{name} {line} 不是正确的 YAML，请检查缩进、冒号和引号")
        return _BROKEN


def _repeated(where: str, key: str, values: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for value in values:
        if value in seen:
            twice[value] = None
        seen.add(value)
    return [f"{where} {key}：{_short(value)} 写了两次，应当只写一次" for value in twice]


def _name_of(raw: object, at: int) -> str:
    found = raw.get("id") if isinstance(raw, dict) else None
    return str(found) if found else f"第{at}条"


def _short(value: object) -> str:
    text = repr(value) if not isinstance(value, date | str) else str(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
