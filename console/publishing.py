"""What would a change do before it is served, and may it be?"""

import asyncio
from dataclasses import replace

from aiohttp import web

from base.errors import Refused
from console.entries import as_they_stand, entry_here, seen_in, why_of
from console.ports import Unit
from console.visit import AT, REFUSED, Visit, see
from knowledge import curation
from knowledge.curation import Wish
from knowledge.replay import Effect, Replay
from knowledge.revisions import Deed, Standing

PAST = 1_000  # newest questions that are asked again here; the command takes all
SHOWN = 60  # changed ones that are listed


async def ask(visit: Visit) -> web.Response:
    """Show what would change, and the button that does it."""
    known = await entry_here(visit)
    return _page(visit, known, await _replay(visit, known))


async def publish(visit: Visit) -> web.Response:
    """Serve the checked text from now on; the running service has it within two seconds.

    Raises:
        Refused: it may not be published, whatever it would change.
    """
    known = await entry_here(visit)
    wish = await _wish(visit, known)
    curation.decide(known, wish)
    replay = await _replay(visit, known)
    wish = replace(wish, falls=replay.fall, force=visit.form.get("force") == "yes")

    def work(unit: Unit) -> None:
        unit.faq.add(curation.decide(unit.faq.standing(known.text.id), wish), visit.now)

    try:
        await visit.house.store.write(work)
    except Refused as error:
        if error.key != "curation.falls":
            raise
        return _page(visit, known, replay, problem=visit.words(error.key, **error.facts))
    return see(f"{AT}/faq/{known.text.id}?done={Deed.PUBLISHED}")


async def _wish(visit: Visit, known: Standing) -> Wish:
    others = await as_they_stand(visit)
    return Wish(
        deed=Deed.PUBLISHED,
        by=visit.staff,
        seen=seen_in(visit),
        why=why_of(visit),
        problems=await asyncio.to_thread(visit.house.lacking, known.text, others),
    )


async def _replay(visit: Visit, known: Standing) -> Replay:
    past = await visit.house.store.read(lambda unit: unit.misses.asked(PAST))
    texts = [one.text for one in past]
    return await asyncio.to_thread(visit.house.replay, known.text, texts)


def _page(visit: Visit, known: Standing, replay: Replay, problem: str = "") -> web.Response:
    return visit.html(
        "publish.html",
        status=REFUSED if problem else 200,
        known=known,
        replay=replay,
        counts=[(effect, replay.count(effect)) for effect in Effect],
        changed=replay.changed[:SHOWN],
        problem=problem,
        can=curation.possible(known, visit.staff),
        most=PAST,
    )
