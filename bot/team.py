"""Who belongs to a hub, and who is on duty: 值班, 停用, 启用, and somebody who leaves? Pure."""

from dataclasses import replace
from datetime import datetime

from base.errors import ConfigError, Refused
from base.messages import Kind, ToHub, Words
from bot import cards, claims, rendering
from bot.facts import NOT_OURS, Decision, Facts
from bot.orders import Do, Order
from bot.turn import Turn
from escalation import roster
from escalation.changes import Appoint, Change, Dismiss, PutDuties
from escalation.claiming import HELD
from escalation.model import Event, Hub, Membership, Person, Role

SHOWN = 30  # lines of a roster in a message
MIDNIGHT = {"0:00": "24:00"}  # as the end of a day is written
WRONG = 10  # mistakes of a typed roster in a message


def decide(facts: Facts, turn: Turn, hub: Hub, order: Order) -> Decision:
    """Return what follows from words about the people of the hub.

    Raises:
        Refused: by somebody who is no duty lead, or about nobody of the hub.
    """
    if order.do is Do.DUTY and not order.rest:
        return _said(facts, hub, _roster(facts, turn.now))
    if claims.role_of(facts) is not Role.DUTY_LEAD:
        raise Refused("refused.only_lead_changes_team")
    if order.do is Do.DUTY:
        return _typed(facts, hub, order.rest, turn.now)
    person = claims.somebody(facts, turn, order.rest)
    place = f"hub:{hub.id}"
    dismiss = Dismiss(person=person.id, place=place)
    if order.do is Do.ENABLE:
        joins = Appoint(person=person.id, place=place, membership=Membership.RESPONDER)
        text = facts.words("hub.enabled", name=person.name)
        return replace(_said(facts, hub, text), changes=(dismiss, joins))
    if person.id == facts.person.id:
        raise Refused("refused.not_yourself")
    off = Appoint(person=person.id, place=place, membership=Membership.DISABLED)
    text = facts.words("hub.disabled", name=person.name)
    left = _set_free(facts, turn, person, facts.person, Role.DUTY_LEAD)
    return replace(_said(facts, hub, text), changes=(dismiss, off), also=left)


def left(facts: Facts, turn: Turn, hub: Hub) -> Decision:
    """Return what follows when somebody leaves the hub's group: no ticket is left behind."""
    person = facts.team.left
    if person is None:
        return NOT_OURS
    changes: tuple[Change, ...] = (Dismiss(person=person.id, place=f"hub:{hub.id}"),)
    also = _set_free(facts, turn, person, person, Role.RESPONDER)
    return Decision(ours=False, changes=changes, also=also)


def _set_free(
    facts: Facts, turn: Turn, person: Person, by: Person, role: Role
) -> tuple[Decision, ...]:
    """Give everything somebody works on back to all."""
    found = []
    for file in facts.team.held:
        if file.ticket.assignee != person.id or file.ticket.state not in HELD:
            continue
        side = turn.beside(file)
        side.record(Event.RELEASED, role, by, reason="left")
        side.tell_hub(cards.left_behind(side.file, person, turn.words))
        found.append(side.done())
    return tuple(found)


def _typed(facts: Facts, hub: Hub, text: str, now: datetime) -> Decision:
    """值班 with lines below it: the roster of these days."""
    known, today = roster.by_name(facts.team.members), rendering.date_of(now)
    try:
        duties = roster.checked(roster.typed(text), known, today)
    except ConfigError as error:
        more = facts.words("hub.and_more") if len(error.problems) > WRONG else ""
        told = "\n".join(error.problems[:WRONG]) + more
        raise Refused("refused.roster", {"problems": told}) from None
    change = PutDuties(hub=hub.id, duties=duties)
    text = facts.words("hub.roster_put", count=len(duties))
    return replace(_said(facts, hub, text), changes=(change,))


def _roster(facts: Facts, now: datetime) -> str:
    """Who is on duty now and after that."""
    words = facts.words
    coming = [one for one in facts.team.duties if one.ends > now]
    if not coming:
        return words("hub.no_roster")
    lines = [
        words(
            "hub.roster_line",
            day=rendering.day(rendering.date_of(one.starts)),
            starts=rendering.clock(one.starts),
            ends=MIDNIGHT.get(ends := rendering.clock(one.ends), ends),
            who=cards.hub_name(one.person, words),
        )
        for one in coming[:SHOWN]
    ]
    return words("hub.roster", lines="\n".join(lines))


def _said(facts: Facts, hub: Hub, text: str) -> Decision:
    words = Words(text=text, reply_to=facts.incoming.message_id)
    key = f"{facts.incoming.key}:0"
    return Decision(outgoing=(ToHub(key=key, kind=Kind.REPLY, chat=hub.chat, words=words),))
