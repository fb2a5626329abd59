"""What follows when somebody edits a message of a ticket? Nothing read is changed. Pure."""

from bot import answering, cards, choices, claims, orders, routing
from bot.facts import NOT_OURS, Decision, Facts
from bot.orders import Do
from bot.turn import Turn
from escalation import claiming, relay
from escalation.masking import mask
from escalation.model import Event, Status


def in_village(facts: Facts, turn: Turn) -> Decision:
    """An edited question or addition: what it says now is kept beside what it said."""
    text = mask(_words(facts, turn)).text
    if text in _told(turn):
        return NOT_OURS  # a link got its preview, or only the call was put right
    message = facts.incoming.message_id
    role = choices.role_of(facts, turn)
    turn.record(Event.EDITED, role, facts.person, text=text, message=message)
    if turn.ticket.assignee is not None and turn.ticket.state is not Status.CLOSED:
        turn.tell_hub(cards.edited(turn.file, text, turn.words))
    return turn.done()


def _words(facts: Facts, turn: Turn) -> str:
    """What is asked, without the call; of what a liaison asks, the words of this asker alone."""
    if relay.carried_by(turn.file.journal) is None:
        return routing.without_call(facts.incoming.text)
    asker = turn.file.people[turn.ticket.asker].name
    return next((one.text for one in facts.desk.quotes if one.name == asker), "")


def _told(turn: Turn) -> frozenset[str]:
    return frozenset(str(entry.data.get("text", "")) for entry in turn.file.journal)


def in_hub(facts: Facts, turn: Turn) -> Decision:
    """An edited answer is a correction; anything else that was edited is only kept."""
    text, message = facts.incoming.text, facts.incoming.message_id
    given = claiming.answer_in(turn.file.journal, message)
    if not text or text in _told(turn):
        return NOT_OURS
    order = orders.read(text)
    answers = order is None or order.do is Do.CORRECT
    if given is None or not answers or given != claiming.last_answer(turn.file.journal):
        turn.record(Event.EDITED, claims.role_of(facts), facts.person, text=text, message=message)
        return turn.done()
    return answering.correct(facts, turn, order.rest if order else text)
