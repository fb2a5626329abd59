"""Which questions did the FAQ not answer, and what does a curator make of them?"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

from aiohttp import web

from base.errors import NotFound, Refused
from base.text import one_line
from console import forms
from console.editing import LOOKED_AT_AGAIN
from console.ports import Unit
from console.visit import AT, Visit, see
from escalation.calendar import BEIJING
from escalation.masking import mask
from knowledge import curation
from knowledge.curation import Wish
from knowledge.index import Index
from knowledge.matching import match
from knowledge.misses import Group, How, Question, Settled, grouped
from knowledge.model import Category, EntryStatus, FaqEntry, Match, Verdict
from knowledge.revisions import Deed

NEWEST = 1_000  # questions that are looked at
SHOWN = 25  # groups
PICKED = 100  # questions of a group
NEAR = 0.05  # probability of an entry that is worth a look


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A group, and what would be said to its first question now."""

    group: Group
    now: Verdict

    @property
    def near(self) -> Sequence[Match]:
        """The entries that are worth a look."""
        return [one for one in self.now.candidates if one.probability >= NEAR]

    @property
    def open(self) -> Sequence[tuple[str, str, int]]:
        """What a curator has said nothing about yet: text, its tickets, how many they are."""
        tickets: dict[str, list[str]] = {}
        for one in self.group.questions:
            if not one.settled:
                tickets.setdefault(one.text, []).append(str(one.ticket))
        return [(text, ",".join(of), len(of)) for text, of in tickets.items()][:PICKED]


async def listed(visit: Visit) -> web.Response:
    """Show the open groups, what most people asked first."""
    missed = await visit.house.store.read(lambda unit: unit.misses.missed(NEWEST))
    found, shown = await asyncio.to_thread(_groups, visit.house.index(), missed)
    done = visit.request.query.get("done")
    return visit.html(
        "misses.html",
        shown=shown,
        count=len(found),
        questions=sum(len(one.questions) for one in found),
        done=done if done in tuple(How) else "",
    )


def _groups(index: Index, missed: Sequence[Question]) -> tuple[Sequence[Group], Sequence[Shown]]:
    ask = lru_cache(maxsize=None)(partial(match, index))
    found = [one for one in grouped(missed, index, ask) if one.open]
    shown = [Shown(group=one, now=ask(_first(one).text)) for one in found[:SHOWN]]
    return found, shown


def _first(group: Group) -> Question:
    """Return the first question that a curator has said nothing about."""
    return next(one for one in group.questions if not one.settled)


async def settle(visit: Visit) -> web.Response:
    """Make a group an entry, or wordings of one, or nothing."""
    how = visit.form.get("how", "")
    if how not in tuple(How):
        raise Refused("console.bad_form")
    deeds = {How.ENTRY: _entry, How.VARIANT: _variant, How.NOT_OURS: _not_ours}
    made = await visit.house.store.write(lambda unit: deeds[How(how)](visit, unit))
    return see(f"{AT}/faq/{made}?done={Deed.DRAFTED}" if made else f"{AT}/misses?done={how}")


def _entry(visit: Visit, unit: Unit) -> str:
    """Begin a draft with the questions as they were asked; return its id."""
    questions = _named(visit, unit)
    first, *more = _wordings(questions)
    today = visit.now.astimezone(BEIJING).date()
    category = visit.form.get("category", "")
    draft = FaqEntry(
        id=curation.next_id(unit.faq.ids()),
        question=first,
        variants=tuple(more),
        answer="",
        steps=(),
        sources=(),
        category=Category(category) if category in tuple(Category) else Category.COURT,
        review_by=date.fromordinal(today.toordinal() + LOOKED_AT_AGAIN.days),
        status=EntryStatus.DRAFT,
    )
    wish = Wish(deed=Deed.DRAFTED, by=visit.staff, text=draft, why=_why(visit, questions))
    unit.faq.add(curation.decide(None, wish), visit.now)
    _settle(visit, unit, questions, How.ENTRY, draft.id)
    return draft.id


def _variant(visit: Visit, unit: Unit) -> str:
    """Add the questions to the wordings of an entry; return nothing, the list goes on.

    Raises:
        Refused: there is no such entry, it is off the shelf, or knows them all.
    """
    questions = _named(visit, unit)
    entry = forms.text(visit.form, "entry").upper()
    known = unit.faq.standing(entry)
    if known is None:
        raise Refused("curation.nothing_there", {"entry": entry[:20]})
    texts = _wordings(questions)
    written = curation.more_variants(known, texts, visit.staff.name, _why(visit, questions))
    unit.faq.add(written, visit.now)
    _settle(visit, unit, questions, How.VARIANT, entry)
    return ""


def _not_ours(visit: Visit, unit: Unit) -> str:
    """Say that the questions are nothing for the FAQ."""
    _settle(visit, unit, _named(visit, unit), How.NOT_OURS)
    return ""


def _named(visit: Visit, unit: Unit) -> Sequence[Question]:
    """Return the questions that the form names, of those that were not answered.

    Raises:
        NotFound: there is none among them.
    """
    picked = ",".join(visit.form.getall("ticket", []))
    wanted = {forms.number(one) for one in picked.split(",")}
    found = [one for one in unit.misses.missed(NEWEST) if one.ticket in wanted]
    if not found:
        raise NotFound
    return sorted(found, key=lambda one: one.ticket)


def _wordings(questions: Sequence[Question]) -> Sequence[str]:
    """Return what was asked, each wording once and on one line."""
    return list(dict.fromkeys(one_line(mask(one.text).text) for one in questions))


def _settle(
    visit: Visit, unit: Unit, questions: Sequence[Question], how: How, entry: str = ""
) -> None:
    by = visit.staff.name
    settled = (Settled(ticket=one.ticket, how=how, entry=entry, by=by) for one in questions)
    unit.misses.settle(settled, visit.now)


def _why(visit: Visit, questions: Sequence[Question]) -> str:
    tickets = "、".join(str(one.ticket) for one in questions)
    return visit.words("curation.from_miss", tickets=tickets)
