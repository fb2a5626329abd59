"""How does the hub end a ticket without an answer? Pure."""

from base.errors import Refused
from base.messages import Words
from base.wording import Wording
from bot import claims, merging
from bot.facts import Decision, Facts
from bot.turn import Turn
from escalation import directory
from escalation.directory import Office
from escalation.model import Event

NAMES_TOLD = 20  # offices, in a refusal


def not_legal(facts: Facts, turn: Turn, said: str) -> Decision:
    """不是法律问题: the asker is told kindly whom else to ask, with a word of whoever says so."""
    claims.only_holder(facts, turn, turn.words("do.not_legal"))
    turn.record(Event.NOT_LEGAL, claims.role_of(facts), facts.person, text=said)
    key = "village.not_legal.because" if said else "village.not_legal"
    text = turn.words(key, ticket=turn.ticket.id, text=said)
    turn.reply_to_asker(Words(text=text))
    merging.tell_merged(turn, key, text=said)
    return turn.done()


def refer(facts: Facts, turn: Turn, to: str) -> Decision:
    """转介: another office decides it; the asker is told what, where, when, and the number.

    Raises:
        Refused: somebody else works on it, or the directory has no such office, or several.
    """
    claims.only_holder(facts, turn, turn.words("do.referred"))
    found = directory.named(facts.team.offices, to)
    if len(found) != 1:
        known = "、".join(one.name for one in found or facts.team.offices[:NAMES_TOLD])
        key = "refused.refer_whom" if known else "refused.no_directory"
        raise Refused(key, {"name": to, "known": known})
    (office,) = found
    turn.record(Event.REFERRED, claims.role_of(facts), facts.person, office=office.name)
    told = {"office": office.name, "where": _where(office, turn.words)}
    text = turn.words("village.referred", ticket=turn.ticket.id, **told)
    turn.reply_to_asker(Words(text=text))
    merging.tell_merged(turn, "village.referred", **told)
    return turn.done()


def _where(office: Office, words: Wording) -> str:
    """What somebody needs to know to go there, as far as the directory has it."""
    parts = (("what", office.what), ("place", office.place), ("hours", office.hours))
    lines = [words(f"office.{key}", text=text) for key, text in parts if text]
    if office.phone:
        lines.append(words("office.phone", text=office.phone))
    return "\n".join(lines)
