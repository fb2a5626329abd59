"""How does the hub end a ticket without an answer? Pure."""

from base.messages import Words
from bot import claims, merging
from bot.facts import Decision, Facts
from bot.turn import Turn
from escalation.model import Event


def not_legal(facts: Facts, turn: Turn, said: str) -> Decision:
    """不是法律问题: the asker is told kindly whom else to ask, with a word of whoever says so."""
    claims.only_holder(facts, turn, turn.words("do.not_legal"))
    turn.record(Event.NOT_LEGAL, claims.role_of(facts), facts.person, text=said)
    key = "village.not_legal.because" if said else "village.not_legal"
    text = turn.words(key, ticket=turn.ticket.id, text=said)
    turn.reply_to_asker(Words(text=text))
    merging.tell_merged(turn, key, text=said)
    return turn.done()
