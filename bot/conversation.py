"""What follows from one thing that happened? Start reading here: `decide`. Pure.

A message in a village, a press of a button, a message in the hub, an alarm, a delivery: each
ends in one Decision. What the acts of the village and of the hub do stands in choices.py and
hubwork.py; what time does in alarms.py.
"""

from datetime import datetime

from base.errors import Refused, TransitionRefused
from base.messages import Act, Kind, Toast, ToHub, ToStranger, ToVillage, Words
from bot import (
    choices,
    edits,
    hubwork,
    members,
    notices,
    own,
    questions,
    relaying,
    rendering,
    routing,
    strangers,
)
from bot.facts import NOT_OURS, Decision, Facts
from bot.turn import Turn
from escalation.model import Village
from knowledge.model import Outcome


def decide(facts: Facts, now: datetime) -> Decision:
    """Return what follows from an incoming message or press; a refusal becomes a sentence."""
    turn = Turn(
        key=facts.incoming.key,
        at=now,
        now=now,
        words=facts.words,
        dossier=facts.dossier,
        source=facts.incoming.key,
    )
    try:
        if facts.incoming.notice is not None:
            return notices.decide(facts, turn)
        if facts.hub is not None:
            return hubwork.decide(facts, turn)
        if facts.village is not None:
            return _in_village(facts, turn, facts.village)
        return strangers.decide(facts)
    except Refused as refused:
        return refusal(facts, refused)


def _in_village(facts: Facts, turn: Turn, village: Village) -> Decision:
    incoming, text = facts.incoming, facts.incoming.text
    if incoming.edited:
        return edits.in_village(facts, turn)
    if relaying.concerns(facts):
        return relaying.decide(facts, turn)
    if (asked := own.asked(facts, turn)) is not None:
        return own.decide(facts, turn, village, asked)
    if incoming.press is not None:
        return choices.about_ticket(facts, turn, None)
    if (command := routing.command(text)) is not None:
        return strangers.bind(facts) if command[0] == "bind" else choices.how_to_ask(facts, turn)
    return members.changed(facts) or _said(facts, turn)


def _said(facts: Facts, turn: Turn) -> Decision:
    """Words of a village: an act, a gesture, words under a question, or a question."""
    incoming, text = facts.incoming, facts.incoming.text
    act = routing.typed(text)
    if act is Act.URGENT:
        return choices.urgent(facts, turn)
    if incoming.reply_to is not None and routing.passes_on(text):
        return choices.pass_on(facts, turn)
    if facts.dossier is not None:
        return choices.about_ticket(facts, turn, act)
    to_us = facts.said is not None and not routing.says_nothing(text)
    if not to_us and not routing.addressed(text):
        return _overheard(facts, turn)
    asked = routing.without_call(text)
    return questions.ask(facts, turn, asked) if asked else choices.how_to_ask(facts, turn)


def _overheard(facts: Facts, turn: Turn) -> Decision:
    """Words that nobody said to us: answered where the village wants it and we are certain."""
    listening = facts.village is not None and facts.village.listening
    certain = facts.verdict is not None and facts.verdict.outcome is Outcome.ANSWER
    if listening and certain and facts.incoming.reply_to is None:
        return questions.ask(facts, turn, facts.incoming.text)
    return NOT_OURS


def refusal(facts: Facts, refused: Refused) -> Decision:
    """Return the sentence that says why not, and what is possible instead."""
    words, incoming = facts.words, facts.incoming
    told = dict(refused.facts)
    if isinstance(refused, TransitionRefused):
        told["state"] = _state(facts, told["state"])
        in_hub = facts.hub is not None
        told["possible"] = rendering.possible(told["possible"].split(), words, in_hub=in_hub)
    text = words(refused.key, **told)
    key = f"{incoming.key}:refused"
    if incoming.press is not None:
        toast = Toast(key=key, chat=incoming.chat, press_id=incoming.press.press_id, text=text)
        return Decision(outgoing=(toast,))
    reply = Words(text=text, reply_to=incoming.message_id)
    if facts.hub is not None:
        return Decision(
            outgoing=(ToHub(key=key, kind=Kind.REPLY, chat=facts.hub.chat, words=reply),)
        )
    if facts.village is not None:
        return Decision(
            outgoing=(ToVillage(key=key, kind=Kind.REPLY, chat=facts.village.chat, words=reply),)
        )
    return Decision(ours=False, outgoing=(ToStranger(key=key, chat=incoming.chat, words=reply),))


def _state(facts: Facts, fallback: str) -> str:
    if facts.dossier is None:
        return facts.words(f"state.{fallback}")
    return rendering.state(facts.dossier.ticket, facts.words)
