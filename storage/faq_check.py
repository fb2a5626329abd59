"""What must an FAQ entry have, wherever it is written? Every problem is told at once.

An entry comes as a mapping of the keys below, from YAML, a sheet or the database.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from knowledge.model import (
    ANSWER_LIMIT,
    STEPS_LIMIT,
    Category,
    EntryStatus,
    FaqEntry,
    Source,
)
from storage.faq_content import content_of

SHOWN = 40  # characters of a wrong value that a problem repeats
QUESTION_LIMIT = 60  # characters: a question must fit on a button
STEP_LIMIT = 60
VARIANT_LIMIT = 100
FEWEST_VARIANTS = 5
MOST_LINES = 500  # of one kind, such as wordings
DRAFT_LIMIT = 4_000  # characters: an answer of the hub, not yet shortened
DRAFT_LINES = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much an entry may and must have: characters of texts, numbers of lines."""

    question: int = QUESTION_LIMIT
    variants: int = FEWEST_VARIANTS
    variant: int = VARIANT_LIMIT
    lines: int = MOST_LINES
    answer: int = ANSWER_LIMIT
    steps: int = STEPS_LIMIT
    step: int = STEP_LIMIT
    fewest: int = 1  # characters of the answer, steps, sources


UNSERVED = (EntryStatus.DRAFT, EntryStatus.RETIRED)
SERVED = Limits()
DRAFTED = Limits(
    question=DRAFT_LIMIT, variants=0, variant=DRAFT_LIMIT, answer=DRAFT_LIMIT, steps=DRAFT_LINES,
    step=DRAFT_LIMIT, fewest=0,
)  # fmt: skip

ID = re.compile(r"[A-Z]\d{3,5}")
ENTRY_KEYS = (
    "id", "question", "variants", "answer", "steps", "sources", "category", "review_by", "status"
)  # fmt: skip
OPTIONAL_KEYS = ("valid_from", "valid_to")
_SOURCE_KEYS = ("law", "article", "checked_on")

_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where we are reading, and the problems found so far."""

    file: str
    entry: str
    problems: list[str] = field(repr=False)
    titles: Mapping[str, str] = field(default_factory=dict)  # what readers call the keys

    def wrong(self, key: str, found: object, allowed: str) -> None:
        """Note a problem: what was found under `key`, and what is allowed."""
        shown = "没有写" if found is None else f"写的是 {short(found)}"
        where = " ".join(filter(None, (self.file, self.entry, self.titles.get(key, key))))
        self.problems.append(f"{where}：{shown}，应当是{allowed}")

    def text(self, raw: Mapping[str, Any], key: str, limit: int, fewest: int = 1) -> str:
        """Return the text under `key`."""
        found = raw.get(key, None if fewest else "")
        if not isinstance(found, str) or not fewest <= len(found.strip()) <= limit:
            self.wrong(key, found or None, f"1到{limit}个字的文字")
            return ""
        return found.strip()

    def texts(
        self,
        raw: Mapping[str, Any],
        key: str,
        *,
        fewest: int = 1,
        most: int = MOST_LINES,
        limit: int = STEP_LIMIT,
    ) -> tuple[str, ...]:
        """Return the list of texts under `key`; none twice."""
        found = self.many(raw, key, list, fewest=fewest)
        good = [one.strip() for one in found if isinstance(one, str)]
        if len(good) != len(found) or not all(0 < len(one) <= limit for one in good):
            self.wrong(key, found, f"一列文字，每条1到{limit}个字")
        if found and not fewest <= len(good) <= most:
            self.wrong(key, f"{len(good)}条", f"{fewest}到{most}条")
        where = " ".join(filter(None, (self.file, self.entry)))
        self.problems.extend(repeated(where, self.titles.get(key, key), good))
        return tuple(good)

    def many(
        self, raw: Mapping[str, Any], key: str, kind: type[list[Any]], *, fewest: int = 1
    ) -> list[Any]:
        """Return the list under `key`, empty when there is none."""
        found = raw.get(key, None if fewest else kind())
        if not isinstance(found, kind) or (fewest and not found):
            self.wrong(key, found or None, "一列内容，至少一条")
            return []
        return found

    def day(self, raw: Mapping[str, Any], key: str) -> date:
        """Return the date under `key`."""
        found = raw.get(key)
        if isinstance(found, datetime) or not isinstance(found, date):
            self.wrong(key, found, "日期，写成 2026-11-25 这样")
            return date.max
        return found

    def maybe_day(self, raw: Mapping[str, Any], key: str) -> date | None:
        """Return the date under `key`, None where none is written."""
        return None if raw.get(key) is None else self.day(raw, key)

    def choice(self, raw: Mapping[str, Any], key: str, kind: type[_Choice]) -> _Choice:
        """Return the member of `kind` under `key`."""
        found = raw.get(key)
        if found in tuple(kind):
            return kind(found)
        self.wrong(key, found, "其中之一：" + "、".join(kind))
        return next(iter(kind))


def checked_entry(place: Place, raw: object) -> FaqEntry | None:
    """Return the entry written in `raw`, None where not even its id can be read.

    A draft may still lack what it needs to be served, and so may one that was given up.
    """
    known = mapping(place, raw, (*ENTRY_KEYS, *OPTIONAL_KEYS))
    if not known:
        return None
    before = len(place.problems)
    of = DRAFTED if known.get("status") in UNSERVED else SERVED
    entry = FaqEntry(
        id=_id(place, known),
        question=place.text(known, "question", of.question),
        variants=place.texts(
            known, "variants", fewest=of.variants, most=of.lines, limit=of.variant
        ),
        answer=place.text(known, "answer", of.answer, fewest=of.fewest),
        steps=place.texts(known, "steps", fewest=of.fewest, most=of.steps, limit=of.step),
        sources=_sources(place, known, of.fewest),
        category=place.choice(known, "category", Category),
        review_by=place.day(known, "review_by"),
        status=place.choice(known, "status", EntryStatus),
        valid_from=place.maybe_day(known, "valid_from"),
        valid_to=place.maybe_day(known, "valid_to"),
    )
    if len(place.problems) == before and of is SERVED:
        _check_days(place, entry)
    return entry if entry.id else None


def lacking(entry: FaqEntry, titles: Mapping[str, str]) -> Sequence[str]:
    """Return what an entry lacks to be served, under the names that readers know."""
    problems: list[str] = []
    served = content_of(entry) | {"status": EntryStatus.PUBLISHED.value}
    checked_entry(Place(file="", entry="", problems=problems, titles=titles), served)
    return problems


def _id(place: Place, raw: Mapping[str, Any]) -> str:
    found = raw.get("id")
    if isinstance(found, str) and ID.fullmatch(found):
        return found
    place.wrong("id", found, "一个大写字母加3到5位数字，比如 L002")
    return ""


def _sources(place: Place, raw: Mapping[str, Any], fewest: int) -> tuple[Source, ...]:
    return tuple(_source(place, one) for one in place.many(raw, "sources", list, fewest=fewest))


def _source(place: Place, raw: object) -> Source:
    known = mapping(place, raw, _SOURCE_KEYS)
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


def _check_days(place: Place, entry: FaqEntry) -> None:
    checked = max(source.checked_on for source in entry.sources)
    if entry.review_by <= checked:
        place.wrong("review_by", entry.review_by, f"核对日期 {checked} 之后的日期")
    if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from:
        place.wrong("valid_to", entry.valid_to, f"开始日期 {entry.valid_from} 或以后")


def mapping(place: Place, raw: object, keys: tuple[str, ...]) -> Mapping[str, Any]:
    """Return `raw` where it is a mapping, noting every key that is not among `keys`."""
    if not isinstance(raw, dict) or not raw:
        place.wrong("内容", raw, "这些项目：" + "、".join(keys))
        return {}
    for key in raw:
        if key not in keys:
            place.wrong(str(key), raw[key], "没有这一项；只能写：" + "、".join(keys))
    return raw


def repeated(where: str, key: str, values: Iterable[str]) -> list[str]:
    """Return a problem for each value that is written twice."""
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for value in values:
        if value in seen:
            twice[value] = None
        seen.add(value)
    return [f"{where} {key}：{short(value)} 写了两次，应当只写一次".strip() for value in twice]


def short(value: object) -> str:
    """Return a wrong value as a problem repeats it."""
    text = repr(value) if not isinstance(value, date | str) else str(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
