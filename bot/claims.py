"""Who works on a ticket: 认领, 退回, 转给, 指派, 回避? Pure."""

from collections.abc import Iterable

from base.errors import Refused
from bot import cards, rendering
from bot.facts import Decision, Facts
from bot.strangers import PROFESSIONS
from bot.turn import Turn
from escalation import claiming, roster
from escalation.model import Event, Membership, Person, Role, Status

NAMES_TOLD = 12  # of a hub's people, in a refusal


def role_of(facts: Facts) -> Role:
    """Everybody of the hub is a responder; its duty leads are known as such."""
    lead = Membership.DUTY_LEAD in facts.memberships
    return Role.DUTY_LEAD if lead else Role.RESPONDER


def assignee(turn: Turn) -> str:
    """Return who works on the ticket, as the hub reads it."""
    person = turn.file.people.get(turn.ticket.assignee or 0)
    return cards.hub_name(person, turn.words) if person else turn.words("who.somebody")


def only_holder(facts: Facts, turn: Turn, what: str) -> None:
    """Keep an act to whoever works on the ticket and the duty lead; while nobody does, to all.

    Raises:
        Refused: somebody else works on it.
    """
    holder = turn.ticket.assignee
    if holder in (None, facts.person.id) or role_of(facts) is Role.DUTY_LEAD:
        return
    told = {"ticket": str(turn.ticket.id), "who": assignee(turn), "what": what}
    raise Refused("refused.only_holder", told)


def claim(facts: Facts, turn: Turn) -> Decision:
    """认领: nobody else has it, and the one who takes it does not hold too many.

    Raises:
        Refused: why not.
    """
    _refuse_if_claimed(facts, turn)
    may_take(facts, turn, facts.person)
    turn.record(Event.CLAIMED, role_of(facts), facts.person)
    turn.toast(facts.incoming, turn.words("toast.done", label=turn.words("label.claim")))
    return turn.done()


def may_take(facts: Facts, turn: Turn, person: Person) -> None:
    """Refuse a ticket to somebody who stepped back from it, or who holds as many as may be.

    Raises:
        Refused: this is so.
    """
    may_answer(turn, person)
    held, most = facts.team.holding.get(person.id, 0), turn.file.policy.load_cap
    if held >= most:
        raise Refused("refused.holds_enough", {"name": person.name, "count": str(held)})


def may_answer(turn: Turn, person: Person) -> None:
    """Keep somebody who stepped back from a ticket away from it.

    Raises:
        Refused: 回避 was said before.
    """
    if person.id in claiming.recused(turn.file.journal):
        raise Refused("refused.recused", {"name": person.name, "ticket": str(turn.ticket.id)})


def _refuse_if_claimed(facts: Facts, turn: Turn) -> None:
    """A second 认领 is told who was first, and when."""
    ticket = turn.ticket
    if ticket.state is not Status.CLAIMED or ticket.assignee is None:
        return
    if ticket.assignee == facts.person.id:
        raise Refused("refused.claimed_by_you", {"ticket": str(ticket.id)})
    taken = (Event.CLAIMED, Event.ASSIGNED)
    at = next(e.at for e in reversed(turn.file.journal) if e.event in taken)
    raise Refused(
        "refused.claimed_by",
        {
            "ticket": str(ticket.id),
            "time": rendering.when(at, turn.now),
            "who": assignee(turn),
        },
    )


def release(facts: Facts, turn: Turn) -> Decision:
    """退回, by whoever works on it or the duty lead."""
    only_holder(facts, turn, turn.words("label.release"))
    turn.record(Event.RELEASED, role_of(facts), facts.person)
    turn.toast(facts.incoming, turn.words("toast.done", label=turn.words("label.release")))
    return turn.done()


def transfer(facts: Facts, turn: Turn, to: str) -> Decision:
    """转给: everybody may still take it, those named are asked to.

    Raises:
        Refused: `to` is no profession and nobody of the hub, or somebody else works on it.
    """
    only_holder(facts, turn, turn.words("do.transferred"))
    profession = _profession(to, turn)
    if profession:
        turn.record(Event.TRANSFERRED, role_of(facts), facts.person, profession=profession)
        asked = [one for one in facts.team.members if one.profession == profession]
    else:
        person = somebody(facts, turn, to)
        may_answer(turn, person)
        turn.record(Event.TRANSFERRED, role_of(facts), facts.person, person=person.id)
        turn.know(person)
        asked = [person]
    turn.tell_hub(cards.transferred(turn.file, asked, profession, turn.words))
    return turn.done()


def assign(facts: Facts, turn: Turn, to: str) -> Decision:
    """指派, by the duty lead: somebody works on it from now on, whoever did before.

    Raises:
        Refused: by somebody else, to nobody of the hub, or to one who holds too many.
    """
    if role_of(facts) is not Role.DUTY_LEAD:
        raise Refused("refused.only_lead_assigns")
    person = somebody(facts, turn, to)
    if turn.ticket.assignee == person.id:
        told = {"ticket": str(turn.ticket.id), "name": person.name}
        raise Refused("refused.assigned_already", told)
    may_take(facts, turn, person)
    if turn.ticket.state in claiming.HELD:
        turn.record(Event.RELEASED, Role.DUTY_LEAD, facts.person)
    turn.record(Event.ASSIGNED, Role.DUTY_LEAD, facts.person, to=person.id)
    turn.know(person)
    turn.tell_hub(cards.assigned(turn.file, turn.words))
    return turn.done()


def recuse(facts: Facts, turn: Turn, why: str) -> Decision:
    """回避: whoever must not work on it gives it back, and can't take it again."""
    role, reason = role_of(facts), why or turn.words("hub.recused.why")
    may_answer(turn, facts.person)
    if turn.ticket.assignee == facts.person.id and turn.ticket.state in claiming.HELD:
        turn.record(Event.RELEASED, role, facts.person, reason=reason)
    turn.record(Event.RECUSED, role, facts.person, reason=reason)
    return turn.done()


def _profession(name: str, turn: Turn) -> str:
    """The profession of this name, as people say it; empty where it is none."""
    known = [turn.words(f"profession.{one}") for one in PROFESSIONS]
    return name if name in known else ""


def somebody(facts: Facts, turn: Turn, name: str) -> Person:
    """The one of the hub's people who has this name.

    Raises:
        Refused: nobody has, or several.
    """
    found = [one for one in facts.team.members if roster.bare(one.name) == roster.bare(name)]
    if len(found) == 1:
        return found[0]
    told = {"name": name, "known": _names(facts.team.members, turn)}
    if found:
        raise Refused("refused.several_of_name", told)
    raise Refused("refused.nobody_of_name" if name else "refused.whom", told)


def _names(people: Iterable[Person], turn: Turn) -> str:
    names = list(dict.fromkeys(one.name for one in people))
    more = turn.words("hub.and_more") if len(names) > NAMES_TOLD else ""
    return "、".join(names[:NAMES_TOLD]) + more
