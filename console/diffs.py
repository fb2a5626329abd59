"""What is different between two texts of an entry? Line by line, under the names of the fields."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from knowledge.model import FaqEntry

FIELDS = ("question", "variants", "answer", "steps", "sources", "category", "review_by",
          "valid_from", "valid_to")  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line that went or came; `field` is the name in `FIELDS`."""

    field: str
    came: bool
    text: str


def diff(before: FaqEntry | None, after: FaqEntry) -> Sequence[Line]:
    """Return every line that differs, in the order of the fields; what went before what came."""
    return [line for field in FIELDS for line in _of(field, before, after)]


def _of(field: str, before: FaqEntry | None, after: FaqEntry) -> Iterator[Line]:
    old, new = _lines(field, before) if before else [], _lines(field, after)
    for tag, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from (Line(field=field, came=False, text=text) for text in old[a:b])
            yield from (Line(field=field, came=True, text=text) for text in new[c:d])


def _lines(field: str, entry: FaqEntry) -> list[str]:
    value = getattr(entry, field)
    if field == "sources":
        return [f"{one.law} 第{one.article}条 核对于{one.checked_on}" for one in value]
    if isinstance(value, tuple):
        return list(value)
    return [] if value is None else [str(value)]
