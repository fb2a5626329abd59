"""What is known about one ticket? Reads, inside a transaction."""

from collections.abc import Mapping

from base.messages import ChatRef, Incoming
from bot import merging, orders
from bot.facts import Dossier
from bot.orders import Do
from bot.ports import Unit
from escalation import claiming
from escalation.model import Entry, LinkRole, Membership, Person, Reason, Ticket


def dossier(unit: Unit, number: int) -> Dossier | None:
    """Read everything known about a ticket; None if there is no such ticket."""
    ticket = unit.tickets.find(number)
    if ticket is None:
        return None
    journal = tuple(unit.tickets.journal(number))
    merged = (dossier(unit, one) for one in sorted(claiming.joined(journal)))
    village, hub = unit.people.village(ticket.village), unit.people.hub(ticket.hub)
    return Dossier(
        ticket=ticket,
        journal=journal,
        timers=tuple(unit.timers.of(number)),
        village=village,
        hub=hub,
        above=unit.people.hub(hub.above) if hub.above is not None else None,
        leads_above=leads(unit, hub.above) if hub.above is not None else (),
        duties=unit.rosters.duties(hub.id),
        question=_question(unit, number, village.chat.ref),
        people=_people(unit, ticket, journal),
        leads=leads(unit, ticket.hub),
        policy=unit.rules.policy(ticket.policy_version).of(ticket.category),
        calendar=unit.rules.calendar(ticket.calendar_version),
        merged=tuple(one for one in merged if one is not None),
    )


def other(unit: Unit, incoming: Incoming, number: int | None) -> Dossier | None:
    """Read the ticket that words name to merge into, or that this one was merged into."""
    order = orders.read(incoming.text)
    if order is not None and order.do is Do.MERGE:
        into = merging.number_in(order.rest)
    else:
        ticket = unit.tickets.find(number) if number is not None else None
        merged = ticket is not None and ticket.reason is Reason.MERGED
        into = claiming.merged_into(unit.tickets.journal(ticket.id)) if merged and ticket else None
    return dossier(unit, into) if into is not None else None


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
