"""What does 收进知识库 need to know of the FAQ? Reads, inside the transaction that will write."""

from base.messages import Act, Incoming
from bot import routing
from bot.facts import Collecting, Facts
from bot.ports import Unit
from escalation import claiming
from escalation.model import Event
from knowledge import curation
from knowledge.model import Verdict


def collects(incoming: Incoming) -> bool:
    """Whether a message may ask for 收进知识库: what it is about is looked up in the FAQ."""
    if incoming.press is not None:
        return incoming.press.token.startswith(f"{Act.COLLECT}.")
    return routing.typed(incoming.text) is Act.COLLECT


def question(unit: Unit, incoming: Incoming) -> str | None:
    """Return the question that 收进知识库 is about; None where it is about none."""
    message = incoming.press.message_id if incoming.press else None
    message = incoming.reply_to.message_id if incoming.reply_to else message
    number = unit.tickets.by_message(incoming.chat, message) if message else None
    if number is None:
        return None
    return str(unit.tickets.journal(number)[0].data["text"])


def collecting(unit: Unit, facts: Facts, verdict: Verdict | None) -> Collecting | None:
    """Read what an entry could be made of; None where none is wanted."""
    file = facts.dossier
    if facts.hub is None or file is None or claiming.last_answer(file.journal) is None:
        return None
    people = (person.name for person, _ in unit.people.members(f"village:{file.village.id}"))
    named = {str(one.data["entry"]) for one in file.journal if one.event is Event.COLLECTED}
    offered = facts.said.buttons if facts.said else ()
    named |= {one.arg for one in offered if one.act is Act.VARIANT}
    named |= {facts.pressed.arg} if facts.pressed else set()
    known = ((entry, unit.faq.standing(entry)) for entry in named)
    return Collecting(
        next_id=curation.next_id(unit.faq.ids()),
        nearest=verdict.candidates if verdict else (),
        standings={entry: found for entry, found in known if found is not None},
        names=tuple(people),
    )
