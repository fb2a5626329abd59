"""What does a decision need to know of the people of a hub? Reads, inside the transaction."""

from collections.abc import Sequence

from base.messages import Incoming, NoticeKind
from bot import dossiers, orders
from bot.facts import Dossier, Team
from bot.orders import Do
from bot.ports import Unit
from escalation.model import Hub, Membership, Person


def team(unit: Unit, hub: Hub | None, incoming: Incoming) -> Team:
    """Read as much of the people of a hub as words, or a word of the channel, are about."""
    if hub is None:
        return Team()
    order = orders.read(incoming.text) or orders.of_team(incoming.text)
    do, left = order.do if order else None, _left(unit, incoming)
    named = orders.names_people(incoming.text)
    members = _members(unit, hub, everybody=do is Do.ENABLE) if named else ()
    goes = left is not None or do is Do.DISABLE
    return Team(
        members=members,
        holding=unit.tickets.holding(hub.id),
        left=left,
        held=_held(unit, hub) if goes else (),
        duties=unit.rosters.duties(hub.id) if do is Do.DUTY else (),
        offices=unit.rosters.offices() if do is Do.REFER else (),
    )


def _members(unit: Unit, hub: Hub, *, everybody: bool) -> tuple[Person, ...]:
    """The people of a hub, each once; those sent away only where they may come back."""
    return tuple(
        {
            person.id: person
            for person, part in unit.people.members(f"hub:{hub.id}")
            if everybody or part is not Membership.DISABLED
        }.values()
    )


def _left(unit: Unit, incoming: Incoming) -> Person | None:
    notice = incoming.notice
    if notice is None or notice.kind is not NoticeKind.LEFT or notice.person is None:
        return None
    return unit.people.find(notice.person)


def _held(unit: Unit, hub: Hub) -> Sequence[Dossier]:
    """Everything somebody works on in a hub."""
    found = (dossiers.dossier(unit, number) for number in unit.tickets.held(hub.id))
    return [one for one in found if one is not None]
