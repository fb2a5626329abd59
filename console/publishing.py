"""What would a change do before it is served, and may it be?"""

import asyncio

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
    return await _page(visit, await entry_here(visit))


async def publish(visit: Visit) -> web.Response:
    """Serve the checked text from now on; the running service has it within two seconds."""
    known = await entry_here(visit)
    entry, falls = known.text, await _falls(visit, known)
    lacking = await asyncio.to_thread(visit.house.lacking, entry, await as_they_stand(visit))

    def work(unit: Unit) -> None:
        wish = Wish(
            deed=Deed.PUBLISHED,
            by=visit.staff,
            seen=seen_in(visit),
            why=why_of(visit),
            problems=lacking,
            falls=falls,
            force=visit.form.get("force") == "yes",
        )
        unit.faq.add(curation.decide(unit.faq.standing(entry.id), wish), visit.now)

    try:
        await visit.house.store.write(work)
    except Refused as error:
        problem = visit.words(error.key, **_told(visit, error))
        return await _page(visit, await entry_here(visit), problem=problem)
    return see(f"{AT}/faq/{entry.id}?done={Deed.PUBLISHED}")


async def _page(visit: Visit, known: Standing, problem: str = "") -> web.Response:
    replay = await _replay(visit, known, PAST)
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


async def _falls(visit: Visit, known: Standing) -> str:
    return (await _replay(visit, known, 0)).fall


async def _replay(visit: Visit, known: Standing, most: int) -> Replay:
    past = await visit.house.store.read(lambda unit: unit.misses.asked(most)) if most else []
    texts = [one.text for one in past]
    return await asyncio.to_thread(visit.house.replay, known.text, texts)


def _told(visit: Visit, error: Refused) -> dict[str, str]:
    status = error.facts.get("status", "")
    named = {"status": visit.words(f"entry.{status}")} if status else {}
    return error.facts | named
