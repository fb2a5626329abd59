"""How do several askers share one ticket, and how do they part again? Pure.

合并到12 closes a ticket as merged; its asker gets what the asker of number 12 gets, under the own
message, and confirms for themselves. 取消合并, or 还有疑问 of that asker, makes it go on alone.
"""

import re

from base.errors import Refused
from base.messages import Words
from bot import cards, claims, questions, rendering
from bot.facts import Decision, Dossier, Facts
from bot.turn import Turn
from escalation.claiming import INTO, last_answer
from escalation.model import Event, Json, Person, Reason, Role, Status

_NUMBER = re.compile(r"^#?\s*(\d{1,9})\s*号?(?:工单)?$")


def number_in(text: str) -> int | None:
    """Return the ticket that the words after 合并到 name: 12, #12, 12号工单."""
    found = _NUMBER.match(text.strip())
    return int(found.group(1)) if found else None


def merge(facts: Facts, turn: Turn, into: str) -> Decision:
    """合并到: this asker gets the answer of the other ticket.

    Raises:
        Refused: there is no such ticket here, it is over, or its answer was promised for later.
    """
    claims.only_holder(facts, turn, turn.words("do.merged"))
    other = turn.beside(_target(facts, turn, into))
    role, ticket = claims.role_of(facts), turn.ticket.id
    _refuse_later(turn, other)
    turn.record(Event.MERGED, role, facts.person, into=other.ticket.id)
    other.record(Event.JOINED, role, facts.person, ticket=ticket)
    due, given = questions.answer_due(other), last_answer(other.file.journal)
    if other.ticket.state is Status.ANSWERED and given is not None:
        by = other.file.people[given.by or 0]
        _share(turn, str(given.data["text"]), role, by, addition=False)
    elif due is not None:
        time = rendering.when(rendering.up_to_minute(due), turn.now)
        text = turn.words("village.merged", ticket=ticket, into=other.ticket.id, time=time)
        turn.reply_to_asker(Words(text=text))
    turn.aside(other.done())
    return turn.done()


def _target(facts: Facts, turn: Turn, into: str) -> Dossier:
    number, found = number_in(into), facts.other
    if number is None:
        raise Refused("refused.merge_into_what")
    if number == turn.ticket.id:
        raise Refused("refused.merge_into_itself")
    if found is None or found.ticket.hub != turn.ticket.hub:
        raise Refused("refused.not_in_hub", {"ticket": str(number)})
    if found.ticket.state not in INTO:
        state = rendering.state(found.ticket, turn.words)
        raise Refused("refused.merge_into_closed", {"ticket": str(number), "state": state})
    if turn.file.merged:
        raise Refused("refused.merge_others_first", {"ticket": str(turn.ticket.id)})
    return found


def _refuse_later(turn: Turn, other: Turn) -> None:
    """Nobody waits longer than was promised: the later one joins the earlier."""
    own, theirs = questions.answer_due(turn), questions.answer_due(other)
    if own is not None and theirs is not None and own < theirs:
        told = {"ticket": str(turn.ticket.id), "other": str(other.ticket.id)}
        raise Refused("refused.merge_the_other_way", told)


def part(facts: Facts, turn: Turn, _said: str) -> Decision:
    """取消合并, by the hub: the ticket goes on alone.

    Raises:
        Refused: it was not merged.
    """
    if turn.ticket.reason is not Reason.MERGED:
        raise Refused("refused.not_merged", {"ticket": str(turn.ticket.id)})
    _leave(facts.other, turn, claims.role_of(facts), facts.person)
    questions.promise_answer(turn, "village.parted")
    return turn.done()


def ask_alone(facts: Facts, turn: Turn, text: str) -> None:
    """还有疑问 by an asker whose ticket was merged: it goes on alone."""
    said: dict[str, Json] = {"text": text} if text else {}
    _leave(facts.other, turn, Role.ASKER, facts.person, **said)
    turn.tell_hub(cards.asked_again(turn.file, text or None, turn.words))
    due = questions.answer_due(turn) or turn.now
    again = rendering.reopened(turn.file, due, turn.now, turn.words, silent=not text)
    turn.reply_to_asker(again)


def add(facts: Facts, turn: Turn, text: str) -> None:
    """More words of an asker whose ticket was merged, while the answer is awaited."""
    if facts.other is None:
        raise Refused("refused.unknown")
    other = turn.beside(facts.other)
    other.record(Event.ASKER_ADDED, Role.ASKER, facts.person, text=text)
    other.tell_hub(cards.added(other.file, text, turn.words))
    turn.aside(other.done())


def leave(facts: Facts, turn: Turn) -> None:
    """An asker whose ticket was merged goes on alone, or no further."""
    _leave(facts.other, turn, Role.ASKER, facts.person)


def _leave(other: Dossier | None, turn: Turn, role: Role, by: Person | None, **said: Json) -> None:
    last = other.ticket.assignee or other.ticket.last_assignee if other else None
    turn.record(Event.UNMERGED, role, by, last=last, **said)
    if last is not None and other is not None:
        turn.know(other.people[last])
    _tell_other(other, turn, role, by)


def _tell_other(other: Dossier | None, turn: Turn, role: Role, by: Person | None) -> None:
    if other is not None:
        side = turn.beside(other)
        side.record(Event.PARTED, role, by, ticket=turn.ticket.id)
        turn.aside(side.done())


def share(turn: Turn, text: str, role: Role, by: Person, *, addition: bool) -> None:
    """Carry an answer to every asker whose ticket was merged into this one."""
    for merged in turn.file.merged:
        side = turn.beside(merged)
        _share(side, text, role, by, addition=addition)
        turn.aside(side.done())


def _share(side: Turn, text: str, role: Role, by: Person, *, addition: bool) -> None:
    asker = side.file.people[side.ticket.asker]
    said = rendering.answer(
        side.ticket.id, text, asker=asker, by=by, addition=addition, words=side.words
    )
    side.carry(Event.ANSWER_SHARED, role, by, said, text=text)


def tell_merged(turn: Turn, key: str, **facts: str) -> None:
    """Tell every asker whose ticket was merged into this one what its asker is told."""
    for merged in turn.file.merged:
        side = turn.beside(merged)
        text = turn.words(key, ticket=merged.ticket.id, **facts)
        side.reply_to_asker(Words(text=text))
        turn.aside(side.done())


def set_free(turn: Turn) -> None:
    """The asker of this ticket wants no answer any more: those who joined it go on alone."""
    for merged in turn.file.merged:
        side = turn.beside(merged)
        side.record(Event.UNMERGED, Role.BOT, None, last=turn.ticket.assignee)
        if turn.ticket.assignee is not None:
            side.know(turn.file.people[turn.ticket.assignee])
        questions.promise_answer(side, "village.parted")
        turn.record(Event.PARTED, Role.BOT, None, ticket=merged.ticket.id)
        turn.aside(side.done())


def awaited(other: Dossier | None) -> bool:
    """Whether the answer of the ticket merged into is still to come."""
    return other is not None and other.ticket.state in INTO - {Status.ANSWERED}
