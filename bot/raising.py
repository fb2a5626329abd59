"""How does a ticket move up to the hub above: 镇 → 区? Pure."""

from dataclasses import replace

from base.errors import Refused
from base.messages import Words
from bot import cards, claims, questions, rendering
from bot.facts import Decision, Facts
from bot.turn import Turn
from escalation.model import Event, Person, Role


def by_hand(facts: Facts, turn: Turn, _said: str) -> Decision:
    """转上级: the hub above goes on with it.

    Raises:
        Refused: somebody else works on it, or there is no hub above.
    """
    claims.only_holder(facts, turn, turn.words("do.raised"))
    if turn.file.above is None:
        raise Refused("refused.no_hub_above", {"hub": turn.file.hub.name})
    move(turn, claims.role_of(facts), facts.person)
    return turn.done()


def move(turn: Turn, role: Role, by: Person | None = None) -> None:
    """Let the hub above go on with the whole ticket; the old card says where it is."""
    file = turn.file
    if file.above is None:
        msg = f"there is no hub above {file.hub.name}"
        raise RuntimeError(msg)
    turn.record(Event.RAISED, role, by, hub=file.above.id)
    turn.tell_hub(cards.moved_up(turn.file, file.above.name, turn.words))
    turn.dossier = replace(turn.file, hub=file.above, leads=file.leads_above, above=None)
    due, number = questions.answer_due(turn), turn.ticket.id
    if due is not None and due > turn.now:
        time = rendering.when(rendering.up_to_minute(due), turn.now)
        text = turn.words("village.raised", ticket=number, hub=file.above.name, time=time)
    else:
        text = turn.words("village.raised.late", ticket=number, hub=file.above.name)
    turn.reply_to_asker(Words(text=text))
    turn.tell_hub(cards.came_up(turn.file, file.hub.name, turn.words))
