"""Which entries does a change of the law touch, and how do they come to be checked again?"""

from aiohttp import web

from base.errors import Refused
from console import forms
from console.entries import why_of
from console.ports import Unit
from console.visit import AT, Visit, see
from knowledge import curation
from knowledge.curation import Wish
from knowledge.revisions import Deed

LONGEST = 60  # characters of a law's name, or of an article


async def affected(visit: Visit) -> web.Response:
    """Show the entries that cite an article, and the form that puts them into review."""
    query = visit.request.query
    law, article = query.get("law", "").strip()[:LONGEST], query.get("article", "").strip()
    standings = await visit.house.store.read(lambda unit: unit.faq.standings())
    laws = sorted({source.law for one in standings for source in one.text.sources})
    return visit.html(
        "laws.html",
        law=law,
        article=article[:LONGEST],
        found=curation.affected(standings, law, article) if law else [],
        laws=laws,
        marked=forms.number(query.get("marked")),
    )


async def mark(visit: Visit) -> web.Response:
    """Put every entry that cites the article into review; off the shelf where that is asked."""
    law, article = forms.text(visit.form, "law"), forms.text(visit.form, "article")
    deed = Deed.SUSPENDED if visit.form.get("off") == "yes" else Deed.RECHECK
    if not law:
        raise Refused("console.bad_form")

    def work(unit: Unit) -> int:
        found = curation.affected(unit.faq.standings(), law, article)
        for one in found:
            wish = Wish(deed=deed, by=visit.staff, why=why_of(visit))
            unit.faq.add(curation.decide(one, wish), visit.now)
        return len(found)

    count = await visit.house.store.write(work)
    return see(f"{AT}/laws?marked={count}")
