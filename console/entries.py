"""Which entry is the page about, beside which others, and what does its form say of it?"""

from collections.abc import Sequence

from base.errors import NotFound
from console import forms
from console.visit import Visit
from knowledge.model import FaqEntry
from knowledge.revisions import Standing

REASON = 500  # characters


async def entry_here(visit: Visit) -> Standing:
    """Return the entry of the address.

    Raises:
        NotFound: there is none of this id.
    """
    entry = visit.request.match_info["entry"]
    found = await visit.house.store.read(lambda unit: unit.faq.standing(entry))
    if found is None:
        raise NotFound
    return found


async def as_they_stand(visit: Visit) -> Sequence[FaqEntry]:
    """Return every entry as it stands."""
    standings = await visit.house.store.read(lambda unit: unit.faq.standings())
    return [one.served or one.text for one in standings]


def seen_in(visit: Visit) -> int:
    """Return the newest revision that the form was made of; one without it saw none."""
    return forms.number(visit.form.get("seen")) or 0


def why_of(visit: Visit) -> str:
    """Return the reason that was typed."""
    return forms.text(visit.form, "why")[:REASON]
