"""What does a decision about a liaison's desk, or the own questions, need to know? Reads."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from base.messages import Act, PersonRef
from bot import dossiers, relaying, routing
from bot.facts import Desk, Dossier, Facts
from bot.ports import Unit
from escalation import relay
from escalation.changes import Draft
from escalation.model import Membership, Person, Village
from escalation.snippet import Quote

KEPT_FOR = timedelta(hours=1)  # a preview that nobody answered means nothing any more
CHANNEL = "relay"  # of people that no bot can reach


def desk(unit: Unit, facts: Facts, now: datetime) -> Desk:
    """Read what a liaison's words or press may be about; nothing for anybody else."""
    village = facts.village
    if village is None or Membership.LIAISON not in facts.memberships:
        return Desk()
    quotes, pasted = _quotes(facts, village)
    draft = _draft(unit, facts, village, now - KEPT_FOR)
    named = (*quotes[: relaying.MOST], *(draft.quotes if draft else ()))
    return Desk(
        quotes=quotes,
        pasted=pasted,
        draft=draft,
        next_draft=unit.drafts.next_id(),
        askers={one.name: _asker(unit, village, one.name) for one in named},
        unforwarded=_unforwarded(unit, village, facts.incoming.text),
    )


def _quotes(facts: Facts, village: Village) -> tuple[tuple[Quote, ...], bool]:
    incoming = facts.incoming
    rest, replied = routing.relayed(incoming.text), incoming.reply_to
    if incoming.press is not None or (rest is None and not village.relayed):
        return (), False
    text = routing.without_call(incoming.text) if rest is None else rest
    by = incoming.forwarded
    if not text and replied is not None:
        text, by = replied.text, replied.forwarded
    return relaying.quotes_of(text, by, facts.words("desk.somebody"))


def _asker(unit: Unit, village: Village, name: str) -> Person:
    """Somebody known by name alone, in this village."""
    ref = PersonRef(channel=CHANNEL, scope=f"village:{village.id}", id=name)
    return unit.people.meet(ref, name)


def _draft(unit: Unit, facts: Facts, village: Village, since: datetime) -> Draft | None:
    """The draft a button or a reply is about, or the liaison's own newest one."""
    pressed, said = facts.pressed, facts.said
    offered = (pressed,) if pressed else (said.buttons if said is not None else ())
    meant = next((one.arg for one in offered if one.act in (Act.RELAY, Act.DROP)), "")
    if meant:
        return unit.drafts.find(int(meant), village.id)
    if pressed is not None or said is not None or facts.incoming.reply_to is not None:
        return None  # it is about something else
    return unit.drafts.latest(village.id, facts.person.id, since)


def _unforwarded(unit: Unit, village: Village, text: str) -> Sequence[Dossier]:
    if not routing.lists_unforwarded(text):
        return ()
    numbers = unit.tickets.relayed(village.id, CHANNEL)
    found = (dossiers.dossier(unit, number) for number in numbers)
    return [one for one in found if one and relay.waits_to_be_forwarded(one.journal)]


def own(unit: Unit, facts: Facts) -> Sequence[Dossier]:
    """Read the newest questions of whoever asks about them, the oldest first."""
    village, text = facts.village, facts.incoming.text
    if village is None or routing.about_own(text) is None or facts.incoming.reply_to is not None:
        return ()
    numbers = unit.tickets.of_asker(village.id, facts.person.id)
    return [one for number in numbers if (one := dossiers.dossier(unit, number)) is not None]
