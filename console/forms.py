"""What did the page send, and how does an entry look in the fields of a form?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from multidict import MultiMapping

from base.errors import Refused
from base.text import clean, clip
from base.wording import Wording
from knowledge.model import Category, EntryStatus, FaqEntry, Source

OUR_OWN = ("same-origin", "none")  # of Sec-Fetch-Site; "none" is a typed address
QUESTION, ANSWER, LINE, LINES = 4_000, 4_000, 4_000, 500
STEPS, SOURCES = 30, 30
LAW, ARTICLE = 60, 20  # characters
SPARE_ROWS = 2  # empty rows for more sources
LONGEST_NUMBER = 9  # digits


async def read(request: web.Request) -> MultiMapping[str]:
    """Return the fields of a posted form.

    Raises:
        Refused: another site sent it, it is no form we can read, or far too long.
    """
    origin = request.headers.get("Origin")
    elsewhere = origin is not None and urlsplit(origin).netloc != request.host
    if elsewhere or request.headers.get("Sec-Fetch-Site", "none") not in OUR_OWN:
        raise Refused("console.stale")
    if request.content_type != "application/x-www-form-urlencoded":
        raise Refused("console.bad_form")
    try:
        fields = await request.post()
    except web.HTTPRequestEntityTooLarge:
        raise Refused("console.too_big") from None
    except (ValueError, LookupError, HttpProcessingError):
        raise Refused("console.bad_form") from None
    return fields  # type: ignore[return-value] # urlencoded forms carry text alone


def text(form: Mapping[str, str], name: str) -> str:
    """Return a field as harmless text; empty where it is missing."""
    return clean(form.get(name) or "")


def number(given: str | None) -> int | None:
    """Return a whole number; None for an empty field and for anything else."""
    plain = (given or "").strip()
    whole = plain.isascii() and plain.isdecimal() and len(plain) <= LONGEST_NUMBER
    return int(plain) if whole else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """An entry as it stands in the fields, whatever was typed: nothing of it is lost."""

    question: str = ""
    variants: str = ""  # one a line
    answer: str = ""
    steps: str = ""  # one a line
    sources: tuple[tuple[str, str, str], ...] = ()  # law, article, checked on
    category: str = Category.COURT.value
    review_by: str = ""
    valid_from: str = ""
    valid_to: str = ""

    @property
    def rows(self) -> Sequence[tuple[str, str, str]]:
        """The sources, and empty rows for more."""
        return (*self.sources, *[("", "", "")] * SPARE_ROWS)


def typed(form: MultiMapping[str]) -> Typed:
    """Return what stands in the fields of the editor."""
    columns = [form.getall(name, []) for name in ("law", "article", "checked_on")]
    rows = zip(*columns, strict=False)
    return Typed(
        question=text(form, "question"),
        variants=text(form, "variants"),
        answer=text(form, "answer"),
        steps=text(form, "steps"),
        sources=tuple((clean(a), clean(b), clean(c)) for a, b, c in rows if a or b),
        category=text(form, "category"),
        review_by=text(form, "review_by"),
        valid_from=text(form, "valid_from"),
        valid_to=text(form, "valid_to"),
    )


def shown(entry: FaqEntry) -> Typed:
    """Return how an entry stands in the fields."""
    return Typed(
        question=entry.question,
        variants="\n".join(entry.variants),
        answer=entry.answer,
        steps="\n".join(entry.steps),
        sources=tuple((s.law, str(s.article), s.checked_on.isoformat()) for s in entry.sources),
        category=entry.category.value,
        review_by=entry.review_by.isoformat(),
        valid_from=entry.valid_from.isoformat() if entry.valid_from else "",
        valid_to=entry.valid_to.isoformat() if entry.valid_to else "",
    )


def entry_of(given: Typed, id_: str, words: Wording) -> FaqEntry:
    """Return the draft that the fields make.

    Raises:
        Refused: something can't be kept as it was typed; names every such thing.
    """
    problems = list(_problems(given, words))
    if problems:
        raise Refused("console.cannot_keep", {"problems": "；".join(problems)})
    variants, steps = _lines(given.variants), _lines(given.steps)
    return FaqEntry(
        id=id_,
        question=given.question,
        variants=tuple(variants),
        answer=given.answer,
        steps=tuple(steps),
        sources=tuple(
            Source(law=law, article=_article(article), checked_on=date.fromisoformat(day))
            for law, article, day in given.sources
        ),
        category=Category(given.category),
        review_by=date.fromisoformat(given.review_by),
        status=EntryStatus.DRAFT,
        valid_from=_day(given.valid_from),
        valid_to=_day(given.valid_to),
    )


def tried(given: Typed, id_: str) -> FaqEntry | None:
    """Return the entry to try out while it is written; None where it asks nothing yet."""
    if not given.question:
        return None
    known = given.category in tuple(Category)
    return FaqEntry(
        id=id_,
        question=given.question,
        variants=tuple(line for line in _lines(given.variants)[:LINES]),
        answer=given.answer,
        steps=(),
        sources=(),
        category=Category(given.category) if known else Category.COURT,
        review_by=date.max,
        status=EntryStatus.PUBLISHED,
    )


def _problems(given: Typed, words: Wording) -> Iterator[str]:
    if not 0 < len(given.question) <= QUESTION:
        yield words("console.form.question", most=QUESTION)
    if len(given.answer) > ANSWER:
        yield words("console.form.answer", most=ANSWER)
    for name, lines, most in (("variants", given.variants, LINES), ("steps", given.steps, STEPS)):
        if len(_lines(lines)) > most or any(len(line) > LINE for line in _lines(lines)):
            label = words(f"console.field.{name}")
            yield words("console.form.lines", name=label, most=most, line=LINE)
    if given.category not in tuple(Category):
        yield words("console.form.category")
    yield from _source_problems(given.sources, words)
    for name, day, needed in (
        ("review_by", given.review_by, True),
        ("valid_from", given.valid_from, False),
        ("valid_to", given.valid_to, False),
    ):
        if (day or needed) and _day(day) is None:
            yield words("console.form.day", name=words(f"console.field.{name}"), day=day)


def _source_problems(sources: Sequence[tuple[str, str, str]], words: Wording) -> Iterator[str]:
    if len(sources) > SOURCES:
        yield words("console.form.sources", most=SOURCES)
    for law, article, day in sources:
        zero = article.isdecimal() and int(article[:LONGEST_NUMBER]) == 0
        long = len(law) > LAW or len(article) > ARTICLE
        if not law or not article or zero or long or _day(day) is None:
            told = clip(f"{law} {article} {day}", LAW)
            yield words("console.form.source", source=told, law=LAW, article=ARTICLE)


def _lines(given: str) -> list[str]:
    """Return the lines that say something, each once."""
    return list(dict.fromkeys(line for one in given.split("\n") if (line := one.strip())))


def _article(given: str) -> int | str:
    return int(given) if given.isascii() and given.isdecimal() else given


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None
