"""Which entries are there, which are looked for, and which wait to be checked?"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from aiohttp import web

from console.ports import Unit
from console.visit import Visit
from escalation.calendar import BEIJING
from knowledge.curation import short_name
from knowledge.misses import Use
from knowledge.model import Category, EntryStatus
from knowledge.revisions import Standing

PAGE = 40  # entries shown at once
SOON = timedelta(days=30)
LOW = 0.6  # a share of 有用 that is worth a look


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """What is looked for; an empty field asks for nothing."""

    words: str = ""
    status: str = ""
    category: str = ""
    due: str = ""  # over, soon
    used: str = ""  # never, some, most: those used most come first
    rate: str = ""  # low

    def fits(self, one: Standing, use: Use, today: date) -> bool:
        """Whether an entry is what is looked for."""
        return (
            self._says(one)
            and self.status in ("", one.text.status, _served(one))
            and self.category in ("", one.text.category)
            and self._due(one.text.review_by, today)
            and self.used in (("", "some", "most") if use.shown else ("", "never"))
            and (self.rate != "low" or (use.rate is not None and use.rate < LOW))
        )

    def _says(self, one: Standing) -> bool:
        entry = one.text
        said = (entry.id, entry.question, entry.answer, *entry.variants)
        cited = (f"{short_name(source.law)}{source.article}" for source in entry.sources)
        everything = "\n".join((*said, *cited)).casefold()
        return all(word in everything for word in self.words.casefold().split())

    def _due(self, review_by: date, today: date) -> bool:
        if self.due == "over":
            return review_by < today
        return self.due != "soon" or today <= review_by <= today + SOON


def _served(one: Standing) -> str:
    """An entry that is served counts as published, whatever is being written on it."""
    return EntryStatus.PUBLISHED if one.served else ""


async def listed(visit: Visit) -> web.Response:
    """Show the entries that are looked for, a page of them."""
    query, today = visit.request.query, visit.now.astimezone(BEIJING).date()
    wanted = _wanted(query)
    standings, uses = await visit.house.store.read(_all)
    found = [one for one in standings if wanted.fits(one, _use(uses, one), today)]
    if wanted.used == "most":
        found.sort(key=lambda one: -_use(uses, one).shown)
    page = _page(query.get("page"), len(found))
    shown = found[(page - 1) * PAGE : page * PAGE]
    return visit.html(
        "faq_list.html",
        wanted=wanted,
        rows=[(one, _use(uses, one)) for one in shown],
        count=len(found),
        answered=sum(use.shown for use in uses.values()),
        number=page,
        pages=max(1, -(-len(found) // PAGE)),
        today=today,
        query={name: value for name, value in query.items() if name != "page" and value},
    )


def _wanted(query: Mapping[str, str]) -> Filter:
    """Return what the address asks for; what it can't ask for is left out."""
    return Filter(
        words=query.get("q", "").strip()[:100],
        status=_one_of(query.get("status"), tuple(EntryStatus)),
        category=_one_of(query.get("category"), tuple(Category)),
        due=_one_of(query.get("due"), ("over", "soon")),
        used=_one_of(query.get("used"), ("never", "some", "most")),
        rate=_one_of(query.get("rate"), ("low",)),
    )


async def queue(visit: Visit) -> web.Response:
    """Show what waits: drafts to be checked, drafts that lack something, what to publish."""
    standings, _ = await visit.house.store.read(_all)
    others = [one.served or one.text for one in standings]
    drafts = [one for one in standings if one.text.status is EntryStatus.DRAFT]
    lacking = await asyncio.to_thread(
        lambda: {one.text.id: visit.house.lacking(one.text, others) for one in drafts}
    )
    return visit.html(
        "review.html",
        ready=[one for one in drafts if not lacking[one.text.id]],
        unready=[(one, lacking[one.text.id]) for one in drafts if lacking[one.text.id]],
        reviewed=[one for one in standings if one.text.status is EntryStatus.REVIEWED],
    )


def _all(unit: Unit) -> tuple[Sequence[Standing], Mapping[str, Use]]:
    return unit.faq.standings(), unit.misses.uses()


def _use(uses: Mapping[str, Use], one: Standing) -> Use:
    return uses.get(one.text.id, Use())


def _one_of(given: str | None, known: Sequence[str]) -> str:
    return str(given) if given in known else ""


def _page(given: str | None, count: int) -> int:
    plain = given or "1"
    wanted = int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < PAGE else 1
    return max(1, min(wanted, -(-count // PAGE)))
