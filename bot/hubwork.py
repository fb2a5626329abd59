"""What do the acts and words of the hub do to a ticket? Pure.

Start at `decide`. Who works on it stands in claims.py, what goes to the village in answering.py,
what ends it in closing.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from base.errors import Refused
from base.messages import Act, Button
from bot import (
    answering,
    claims,
    closing,
    collecting,
    edits,
    explaining,
    members,
    merging,
    options,
    orders,
    questions,
    raising,
    reminders,
    routing,
    strangers,
    team,
)
from bot.facts import NOT_OURS, Decision, Facts
from bot.orders import Do
from bot.turn import Turn
from escalation.changes import Appoint
from escalation.model import Event, Hub, LinkRole, Membership, Role


def decide(facts: Facts, turn: Turn) -> Decision:
    """Return what follows from a message or press in the hub."""
    text = facts.incoming.text
    if (asked := routing.command(text)) is not None:
        return strangers.bind(facts) if asked[0] == "bind" else NOT_OURS
    if Membership.DISABLED in facts.memberships:
        raise Refused("refused.disabled")
    order = orders.of_team(text)
    if order is not None and facts.hub is not None and (not facts.dossier or order.do is Do.DUTY):
        return team.decide(facts, turn, facts.hub, order)
    button = options.chosen(facts, routing.typed(text))
    if button is not None and button.act is Act.PROFESSION:
        return members.profess(facts, button)
    if turn.dossier is None:
        return _about_nothing(facts, button)
    if facts.hub is None or turn.ticket.hub != facts.hub.id:
        raise Refused("refused.not_in_hub", {"ticket": str(turn.ticket.id)})
    return _known(facts, facts.hub, _about_ticket(facts, turn, button))


def _about_nothing(facts: Facts, button: Button | None) -> Decision:
    """Chatter of the hub, unless a button or a reply to our list was about some ticket."""
    if button is not None:
        raise Refused("refused.unknown")
    if facts.said is not None and (facts.said.slot or "").startswith(reminders.SLOT):
        raise Refused("refused.reply_to_card")
    return NOT_OURS


def _known(facts: Facts, hub: Hub, decision: Decision) -> Decision:
    """Whoever works in a hub is one of its people from then on."""
    if facts.memberships or not decision.ours:
        return decision
    place = f"hub:{hub.id}"
    joins = Appoint(person=facts.person.id, place=place, membership=Membership.RESPONDER)
    return replace(decision, changes=(*decision.changes, joins))


def _about_ticket(facts: Facts, turn: Turn, button: Button | None) -> Decision:
    if facts.incoming.edited:
        return edits.in_hub(facts, turn)
    return _act(facts, turn, button) if button else _words(facts, turn, facts.incoming.text)


def _act(facts: Facts, turn: Turn, button: Button) -> Decision:
    match button.act:
        case Act.CLAIM | Act.RELEASE:
            act = claims.claim if button.act is Act.CLAIM else claims.release
            return act(facts, turn)
        case Act.URGENT:
            return _urgent(facts, turn)
        case Act.SEND | Act.KEEP_BACK:
            return answering.send_anyway(facts, turn, button, send=button.act is Act.SEND)
        case Act.COLLECT | Act.VARIANT:
            return collecting.decide(facts, turn, button)
        case Act.EXPLAIN:
            turn.tell_hub(explaining.under_card(turn.file, turn.now, turn.words))
            turn.toast(facts.incoming, turn.words("toast.done", label=turn.words("label.why")))
            return turn.done()
        case other:
            label = turn.words(f"label.{other}", number="")
            raise Refused("refused.asker_says", {"label": label})


def _urgent(facts: Facts, turn: Turn) -> Decision:
    if turn.ticket.urgent_at is not None:
        raise Refused("refused.already_urgent", {"ticket": str(turn.ticket.id)})
    questions.mark_urgent(facts, turn, claims.role_of(facts))
    turn.toast(facts.incoming, turn.words("toast.done", label=turn.words("label.urgent")))
    return turn.done()


def _words(facts: Facts, turn: Turn, text: str) -> Decision:
    """A reply to the card, or to anything about the ticket: the answer, unless it says not."""
    if routing.says_nothing(text):
        return NOT_OURS
    order = orders.read(text)
    noted = order is not None and order.do is Do.NOTE
    if facts.incoming.media is not None and not noted:
        raise Refused("refused.media_answer")
    turn.link(facts.incoming.chat, facts.incoming.message_id, LinkRole.SAID)
    if order is None:
        return answering.answer(facts, turn, text)
    return ORDERS[order.do](facts, turn, order.rest)


def _note(facts: Facts, turn: Turn, text: str) -> Decision:
    """备注: a remark, not for the village."""
    turn.record(Event.NOTED, claims.role_of(facts), facts.person, text=text)
    return turn.done()


def _change_rules(facts: Facts, turn: Turn, _said: str) -> Decision:
    """按新时限, by the duty lead: the ticket goes on under what is in force now."""
    if claims.role_of(facts) is not Role.DUTY_LEAD:
        raise Refused("refused.only_lead_changes_rules")
    rules, ticket = facts.rules, turn.ticket
    if rules is None or (rules.policy.version, rules.calendar.version) == (
        ticket.policy_version,
        ticket.calendar_version,
    ):
        raise Refused("refused.rules_are_new", {"ticket": str(ticket.id)})
    questions.change_rules(turn, rules, Role.DUTY_LEAD, facts.person)
    return turn.done()


ORDERS: Mapping[Do, Callable[[Facts, Turn, str], Decision]] = {
    Do.NOTE: _note,
    Do.ASK_BACK: answering.ask_back,
    Do.NEW_RULES: _change_rules,
    Do.TRANSFER: claims.transfer,
    Do.ASSIGN: claims.assign,
    Do.RECUSE: claims.recuse,
    Do.NOT_LEGAL: closing.not_legal,
    Do.MERGE: merging.merge,
    Do.PART: merging.part,
    Do.CORRECT: answering.correct,
    Do.RETRACT: answering.retract,
    Do.REFER: closing.refer,
    Do.RAISE: raising.by_hand,
    Do.MEDIATE: answering.mediate,
    Do.MEDIATED: answering.mediated,
}
"""What each typed act does; the words are in orders.py."""
