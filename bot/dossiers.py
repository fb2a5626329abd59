"""What is known about one ticket? Reads, inside a transaction."""

from collections.abc import Mapping

from base.messages import ChatRef
from bot.facts import Dossier
from bot.ports import Unit
from escalation import claiming
from escalation.model import Entry, LinkRole, Membership, Person, Ticket


def dossier(unit: Unit, number: int) -> Dossier | None:
    """Read everything known about a ticket; None if there is no such ticket."""
    ticket = unit.tickets.find(number)
    if ticket is None:
        return None
    journal = tuple(unit.tickets.journal(number))
    village = unit.people.village(ticket.village)
    return Dossier(
        ticket=ticket,
        journal=journal,
        timers=tuple(unit.timers.of(number)),
        village=village,
        hub=unit.people.hub(ticket.hub),
        question=_question(unit, number, village.chat.ref),
        people=_people(unit, ticket, journal),
        leads=leads(unit, ticket.hub),
        policy=unit.rules.policy(ticket.policy_version).of(ticket.category),
        calendar=unit.rules.calendar(ticket.calendar_version),
    )


def _question(unit: Unit, number: int, chat: ChatRef) -> str | None:
    """The asker's message, unless it stayed behind in a chat that goes on under another id."""
    links = (link for link in unit.tickets.links(number) if link.chat == chat)
    return next((link.message_id for link in links if link.role is LinkRole.QUESTION), None)


def _people(unit: Unit, ticket: Ticket, journal: tuple[Entry, ...]) -> Mapping[int, Person]:
    named = {entry.by for entry in journal} | {ticket.assignee, ticket.last_assignee}
    asked = claiming.sought(journal)
    named |= {_number(asked.data.get("person"))} if asked else set()
    return {number: unit.people.get(number) for number in named if number is not None}


def leads(unit: Unit, hub: int) -> tuple[str, ...]:
    """Return the names of a hub's duty leads."""
    members = unit.people.members(f"hub:{hub}")
    return tuple(person.name for person, part in members if part is Membership.DUTY_LEAD)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
