"""How is an entry written, tried out, checked, sent back, restored, taken off?"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from aiohttp import web

from base.errors import NotFound, Refused
from console import forms
from console.diffs import diff
from console.entries import as_they_stand, entry_here, seen_in, why_of
from console.forms import Typed
from console.ports import Unit
from console.visit import AT, REFUSED, Visit, see
from escalation.calendar import BEIJING
from knowledge import curation
from knowledge.curation import Wish
from knowledge.index import Index, updated
from knowledge.matching import match
from knowledge.model import EntryStatus, FaqEntry, Match, Verdict
from knowledge.reasons import explain
from knowledge.revisions import Deed, Revision, Standing

NEW = "new"
LOOKED_AT_AGAIN = timedelta(days=365)
ASKED = 500  # characters of a question that is tried out
BY_HAND = (Deed.REVIEWED, Deed.SENT_BACK, Deed.RETIRED, Deed.DROPPED, Deed.RESTORED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """What would be said to a question with the entry as it is being written."""

    asked: str
    verdict: Verdict
    reasons: Sequence[tuple[Match, Sequence[str]]]


async def new(visit: Visit) -> web.Response:
    """Show an empty editor."""
    today = visit.now.astimezone(BEIJING).date()
    again = date.fromordinal(today.toordinal() + LOOKED_AT_AGAIN.days)
    return await _editor(visit, None, Typed(review_by=again.isoformat()))


async def create(visit: Visit) -> web.Response:
    """Keep a new draft under the next free id."""
    typed = forms.typed(visit.form)

    def work(unit: Unit) -> str:
        entry = forms.entry_of(typed, curation.next_id(unit.faq.ids()), visit.words)
        wish = Wish(deed=Deed.DRAFTED, by=visit.staff, text=entry, why=why_of(visit))
        return unit.faq.add(curation.decide(None, wish), visit.now).text.id

    try:
        entry = await visit.house.store.write(work)
    except Refused as error:
        return await _editor(visit, None, typed, problem=visit.words(error.key, **error.facts))
    return see(f"{AT}/faq/{entry}?done={Deed.DRAFTED}")


async def show(visit: Visit) -> web.Response:
    """Show an entry: what is written, what is served, what could be done."""
    known = await entry_here(visit)
    return await _editor(visit, known, forms.shown(known.text))


async def save(visit: Visit) -> web.Response:
    """Keep what was typed as the newest draft; what can't be kept stays in the fields."""
    known, typed = await entry_here(visit), forms.typed(visit.form)

    def work(unit: Unit) -> None:
        entry = forms.entry_of(typed, known.text.id, visit.words)
        wish = Wish(
            deed=Deed.SAVED, by=visit.staff, seen=seen_in(visit), text=entry, why=why_of(visit)
        )
        unit.faq.add(curation.decide(unit.faq.standing(entry.id), wish), visit.now)

    try:
        await visit.house.store.write(work)
    except Refused as error:
        known = await entry_here(visit)
        return await _editor(visit, known, typed, problem=visit.words(error.key, **error.facts))
    return see(f"{AT}/faq/{known.text.id}?done={Deed.SAVED}")


async def do(visit: Visit) -> web.Response:
    """Do something with an entry as it is: check it, send it back, take it off, give it up."""
    known, deed = await entry_here(visit), visit.form.get("deed", "")
    revision = forms.number(visit.form.get("revision"))
    if deed not in BY_HAND or (deed == Deed.RESTORED and revision is None):
        raise Refused("console.bad_form")
    entry, others = known.text.id, await as_they_stand(visit)
    lacking = await asyncio.to_thread(visit.house.lacking, known.text, others)

    def work(unit: Unit) -> None:
        found = unit.faq.standing(entry)
        wish = Wish(
            deed=Deed(deed),
            by=visit.staff,
            seen=seen_in(visit),
            text=_old_text(unit.faq.revisions(entry), revision),
            why=why_of(visit),
            problems=lacking,
        )
        unit.faq.add(curation.decide(found, wish), visit.now)

    await visit.house.store.write(work)
    return see(f"{AT}/faq/{entry}?done={deed}")


def _old_text(history: Sequence[Revision], number: int | None) -> FaqEntry | None:
    """Return what an entry said in a revision of its own.

    Raises:
        NotFound: a revision is asked for that it never had.
    """
    if number is None:
        return None
    found = next((one.entry for one in history if one.number == number), None)
    if found is None:
        raise NotFound
    return replace(found, status=EntryStatus.DRAFT)


async def try_out(visit: Visit) -> web.Response:
    """Show what would be said to a question, were the fields served; beside the editor."""
    typed, asked = forms.typed(visit.form), forms.text(visit.form, "asked")[:ASKED]
    id_ = visit.request.match_info.get("entry", NEW)
    entry = forms.tried(typed, id_)
    trial = await asyncio.to_thread(_trial, visit.house.index(), entry, asked)
    if visit.form.get("fragment"):
        return visit.html("trial.html", trial=trial, mine=id_)
    known = None if id_ == NEW else await entry_here(visit)
    return await _editor(visit, known, typed, trial=trial)


def _trial(index: Index, entry: FaqEntry | None, asked: str) -> Trial | None:
    if entry is None or not asked:
        return None
    with_it = updated(index, entry)
    verdict = match(with_it, asked)
    why = {one.entry.id: one.told for one in explain(with_it, asked)}
    reasons = [(one, why.get(one.entry.id, ())) for one in verdict.candidates]
    return Trial(asked=asked, verdict=verdict, reasons=reasons)


async def history(visit: Visit) -> web.Response:
    """Show every revision, and what one of them changed."""
    known = await entry_here(visit)
    revisions = await visit.house.store.read(lambda unit: unit.faq.revisions(known.text.id))
    chosen = forms.number(visit.request.query.get("rev"))
    at = next((n for n, one in enumerate(revisions) if one.number == chosen), len(revisions) - 1)
    before = revisions[at - 1].entry if at else None
    return visit.html(
        "history.html",
        known=known,
        revisions=list(reversed(revisions)),
        chosen=revisions[at],
        changed=diff(before, revisions[at].entry),
        since=diff(revisions[at].entry, known.text),
        can=curation.possible(known, visit.staff),
    )


async def _editor(
    visit: Visit,
    known: Standing | None,
    typed: Typed,
    *,
    problem: str = "",
    trial: Trial | None = None,
) -> web.Response:
    others = await as_they_stand(visit)
    lacking = await asyncio.to_thread(visit.house.lacking, known.text, others) if known else []
    newest = await visit.house.store.read(
        lambda unit: unit.faq.revisions(known.text.id)[-1] if known else None
    )
    drafted = known is not None and known.text.status in (EntryStatus.DRAFT, EntryStatus.REVIEWED)
    return visit.html(
        "editor.html",
        status=REFUSED if problem else 200,
        known=known,
        id=known.text.id if known else NEW,
        typed=typed,
        problem=problem,
        seen=seen_in(visit) if problem else known.number if known else None,
        lacking=lacking,
        newest=newest,
        changed=diff(known.served, known.text) if known and drafted and known.served else [],
        can=curation.possible(known, visit.staff) if known else frozenset({Deed.DRAFTED}),
        trial=trial,
        asked=trial.asked if trial else "",
        laws=sorted({source.law for one in others for source in one.sources}),
        done=_done(visit),
    )


def _done(visit: Visit) -> str:
    """Return what was just done, where the address says so."""
    done = visit.request.query.get("done")
    return visit.words(f"deed.{done}") if done in tuple(Deed) else ""
