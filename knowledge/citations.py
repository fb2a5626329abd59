"""Does the law that an entry cites exist, and was it in force when somebody checked it?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from knowledge.model import Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Law:
    """A law by its short name: since when this version is in force, and its articles."""

    name: str  # in full
    effective: date | None  # None: not known to us, long in force
    articles: frozenset[str]  # "27", "17之一"


Laws = Mapping[str, Law]  # short name → law


def wrong_with(source: Source, laws: Laws) -> str | None:
    """Return what is wrong with a citation, None for nothing."""
    law = _named(source.law, laws)
    if law is None:
        return f"没有收录叫“{source.law}”的法律"
    if article_name(source.article) not in law.articles:
        return f"{source.law}没有第{source.article}条"
    if law.effective is not None and source.checked_on < law.effective:
        return f"{source.law}从{law.effective}起才施行，核对日期{source.checked_on}时还不能引用"
    return None


def article_name(article: int | str) -> str:
    """Return how an article is written in the index: 27, "27", "第27条" and "17-1" alike."""
    text = str(article).strip().removeprefix("第").replace("条", "")
    number, dash, place = text.partition("-")
    return (
        f"{number}之{'〇一二三四五六七八九'[int(place)]}"
        if dash and place in "123456789"
        else text
    )


def _named(name: str, laws: Laws) -> Law | None:
    plain = name.strip().strip("《》")
    found = laws.get(plain) or laws.get(plain.removeprefix("中华人民共和国"))
    return found or next((law for law in laws.values() if law.name == plain), None)
