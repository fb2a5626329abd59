"""What of the hub's words goes to the village: an answer, or what the asker is to say? Pure."""

from dataclasses import replace

from base.errors import Refused
from base.messages import Button, Words
from bot import cards, claims, collecting, merging, questions, rendering
from bot.facts import Decision, Facts
from bot.turn import Turn
from escalation import claiming
from escalation.model import Entry, Event, Json, Role, Status


def answer(facts: Facts, turn: Turn, text: str) -> Decision:
    """Carry an answer to the village; answering an unclaimed ticket claims it.

    While somebody else works on it, the one who answers is asked first.
    """
    ticket = turn.ticket
    claims.may_answer(turn, facts.person)
    if ticket.assignee not in (None, facts.person.id) and ticket.state is not Status.CLOSED:
        return _ask_first(facts, turn, text)
    _give(facts, turn, text, message=facts.incoming.message_id)
    return turn.done()


def _give(facts: Facts, turn: Turn, text: str, **from_: Json) -> None:
    ticket, role, by = turn.ticket, claims.role_of(facts), facts.person
    answered = claiming.last_answer(turn.file.journal) is not None
    addition = answered and ticket.state is Status.ANSWERED
    if ticket.state is Status.QUEUED:
        turn.record(Event.CLAIMED, role, by)
    asker = turn.file.people[ticket.asker]
    said = rendering.answer(
        ticket.id, text, asker=asker, by=by, addition=addition, words=turn.words
    )
    turn.carry(Event.ANSWER_GIVEN, role, by, said, text=text, **from_)
    merging.share(turn, text, role, by, addition=addition)


def _ask_first(facts: Facts, turn: Turn, text: str) -> Decision:
    """Keep an answer to somebody else's ticket back until its author says that it is meant."""
    turn.record(Event.NOTED, claims.role_of(facts), facts.person, text=text, held=True)
    kept = turn.ticket.seq
    turn.tell_hub(cards.send_anyway(turn.file, kept, facts.incoming.message_id, turn.words))
    return turn.done()


def send_anyway(facts: Facts, turn: Turn, button: Button, *, send: bool) -> Decision:
    """还是发出去 or 不发了, by the author of an answer that was kept back.

    Raises:
        Refused: pressed by somebody else, or it was sent or dropped before.
    """
    kept = _kept(turn, button)
    if kept is None or kept.by != facts.person.id:
        raise Refused("refused.not_your_answer")
    if send:
        claims.may_answer(turn, facts.person)
        _give(facts, turn, str(kept.data["text"]), kept=kept.seq)
    else:
        turn.record(Event.NOTED, claims.role_of(facts), facts.person, kept=kept.seq)
    turn.settle_choice(facts.said, button.label)
    turn.toast(facts.incoming, turn.words("toast.done", label=button.label))
    return turn.done()


def _kept(turn: Turn, button: Button) -> Entry | None:
    """The answer that a button stands for, until it was sent or dropped."""
    for entry in reversed(turn.file.journal):
        if str(entry.data.get("kept")) == button.arg:
            return None
        if str(entry.seq) == button.arg:
            return entry if entry.data.get("held") is True else None
    return None


def ask_back(facts: Facts, turn: Turn, needed: str) -> Decision:
    """要补充材料: the clocks stand still until the asker has said more, so often and so long.

    Raises:
        Refused: by somebody who does not work on it, without words, or too often.
    """
    ticket, role = turn.ticket, claims.role_of(facts)
    if ticket.state is Status.CLAIMED and ticket.assignee != facts.person.id:
        who = {"ticket": str(ticket.id), "who": claims.assignee(turn)}
        raise Refused("refused.ask_back_by_assignee", who)
    if not needed:
        raise Refused("refused.ask_back_empty")
    before = sum(entry.event is Event.ASKED_BACK for entry in turn.this_cycle())
    if before >= turn.file.policy.pauses:
        facts_of = {"ticket": str(ticket.id), "count": str(before)}
        raise Refused("refused.paused_enough", facts_of)
    claims.may_answer(turn, facts.person)
    if ticket.state is Status.QUEUED:
        turn.record(Event.CLAIMED, role, facts.person)
    turn.record(Event.ASKED_BACK, role, facts.person, text=needed)
    asker = turn.file.people[ticket.asker]
    turn.reply_to_asker(rendering.asked_back(needed, asker, facts.person, turn.words))
    return turn.done()


def mediate(facts: Facts, turn: Turn, _said: str) -> Decision:
    """开始调解, by whoever works on it: the asker is told that somebody will be in touch."""
    claims.only_holder(facts, turn, turn.words("do.mediation"))
    turn.record(Event.MEDIATION_BEGUN, claims.role_of(facts), facts.person)
    text = turn.words("village.mediation_begun", ticket=turn.ticket.id)
    turn.reply_to_asker(Words(text=text))
    merging.tell_merged(turn, "village.mediation_begun")
    return turn.done()


def mediated(facts: Facts, turn: Turn, how: str) -> Decision:
    """调解结束: how it ended is the answer.

    Raises:
        Refused: somebody else works on it, or there are no words.
    """
    claims.only_holder(facts, turn, turn.words("do.mediation"))
    if not how:
        raise Refused("refused.mediated_how")
    turn.record(Event.MEDIATION_ENDED, claims.role_of(facts), facts.person)
    _give(facts, turn, how, message=facts.incoming.message_id)
    return turn.done()


def correct(facts: Facts, turn: Turn, text: str) -> Decision:
    """更正, or an answer that was edited: what was read is corrected in sight, never changed.

    Raises:
        Refused: there is no answer, it is somebody else's, or there are no words.
    """
    if not text:
        raise Refused("refused.correct_empty")
    _own_answer(facts, turn)
    role, by = claims.role_of(facts), facts.person
    for side in (turn, *map(turn.beside, turn.file.merged)):
        asker = side.file.people[side.ticket.asker]
        said = rendering.corrected(side.ticket.id, text, asker=asker, by=by, words=turn.words)
        message = facts.incoming.message_id
        side.carry(Event.CORRECTED, role, by, said, text=text, message=message)
        if side is not turn:
            turn.aside(side.done())
    written = collecting.answer_changed(facts, turn, "curation.corrected", text)
    return replace(turn.done(), written=written)


def retract(facts: Facts, turn: Turn, _said: str) -> Decision:
    """撤回: the answer was wrong; the asker is told not to go by it, and when there is another.

    Raises:
        Refused: there is no answer that could be taken back, or it is somebody else's.
    """
    given = _own_answer(facts, turn)
    turn.record(Event.RETRACTED, claims.role_of(facts), facts.person, answer=given.seq)
    if (due := questions.answer_due(turn)) is not None:
        time = rendering.when(rendering.up_to_minute(due), turn.now)
        text = turn.words("village.retracted", ticket=turn.ticket.id, time=time)
        turn.reply_to_asker(Words(text=text))
        merging.tell_merged(turn, "village.retracted", time=time)
    written = collecting.answer_changed(facts, turn, "curation.retracted")
    return replace(turn.done(), written=written)


def _own_answer(facts: Facts, turn: Turn) -> Entry:
    """The last answer, if it is of the one who speaks; the duty lead may speak of any."""
    given = claiming.last_answer(turn.file.journal)
    if given is None:
        raise Refused("refused.no_answer_yet", {"ticket": str(turn.ticket.id)})
    if given.by != facts.person.id and claims.role_of(facts) is not Role.DUTY_LEAD:
        person = turn.file.people.get(given.by or 0)
        who = cards.hub_name(person, turn.words) if person else turn.words("who.somebody")
        raise Refused("refused.answer_of", {"who": who})
    return given
