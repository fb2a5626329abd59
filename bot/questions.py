"""How does a question begin: with an answer, an offer, the village's first word, or the hub?"""

from dataclasses import replace
from datetime import datetime, timedelta

from base.errors import Refused
from base.messages import Words
from bot import cards, rendering, routing
from bot.facts import Decision, Facts, Fresh, Rules
from bot.turn import Turn
from escalation.masking import mask
from escalation.model import ClockKind, Event, Json, LinkRole, Person, Role, Status
from knowledge.model import Outcome, Verdict

BEFORE_HUB = frozenset({Status.NEW, Status.OFFERED, Status.FAQ_ANSWERED, Status.IN_VILLAGE})
NOTICEABLE = timedelta(minutes=1)  # a promise that moves by less reads the same
SUGGESTS = 0.3  # a match this probable lends its category to the card


def ask(facts: Facts, turn: Turn, text: str) -> Decision:
    """Open a ticket for a question that was addressed to us."""
    open_ticket(facts, turn, facts.person, text, facts.incoming.message_id)
    if routing.begins_urgent(text):
        mark_urgent(facts, turn, Role.ASKER)
    else:
        first_word(facts, turn)
    return turn.done()


def open_ticket(facts: Facts, turn: Turn, asker: Person, text: str, message_id: str) -> None:
    """Begin a ticket; what was said is kept masked, the message itself becomes its question."""
    verdict = facts.verdict
    turn.open(fresh(facts), asker, {"text": mask(text).text, "category": category(verdict)})
    turn.link(facts.incoming.chat, message_id, LinkRole.QUESTION)


def fresh(facts: Facts) -> Fresh:
    """Return what a new ticket starts from; only a village's chat has that."""
    if facts.fresh is None:
        raise Refused("refused.unknown")
    return facts.fresh


def first_word(facts: Facts, turn: Turn) -> None:
    """Answer from the FAQ, offer, or let the village have the first word."""
    verdict, words, ticket = facts.verdict, turn.words, turn.ticket.id
    if verdict is not None and verdict.outcome is Outcome.ANSWER:
        entry = verdict.matches[0].entry
        turn.record(Event.FAQ_ANSWERED, Role.BOT, None, entry=entry.id)
        turn.reply_to_asker(rendering.faq(entry, ticket, words))
    elif verdict is not None and verdict.outcome is Outcome.OFFER:
        turn.record(
            Event.OFFERED, Role.BOT, None, entries=[match.entry.id for match in verdict.matches]
        )
        turn.reply_to_asker(rendering.offer(verdict.matches, ticket, words))
    else:
        turn.record(Event.OPENED, Role.BOT)
        open_window(turn, "village.window")


def open_window(turn: Turn, key: str) -> None:
    """Tell the asker until when the village has the first word."""
    due = turn.promised()[ClockKind.WINDOW].due
    turn.reply_to_asker(rendering.window(key, turn.ticket.id, due, turn.now, turn.words))


def answer_due(turn: Turn) -> datetime | None:
    """Return until when somebody of the hub has promised to answer; None if nobody has to."""
    promised = turn.promised()
    alarm = promised.get(ClockKind.FIRST_ANSWER) or promised.get(ClockKind.NEXT_ANSWER)
    return alarm.due if alarm else None


def change_rules(turn: Turn, rules: Rules, role: Role, by: Person | None) -> None:
    """Let a ticket go on under other rules; an asker whose promise changes is told."""
    before = answer_due(turn)
    versions: dict[str, Json] = {
        "policy_version": rules.policy.version,
        "calendar_version": rules.calendar.version,
    }
    turn.record(Event.RULES_CHANGED, role, by, **versions)
    policy = rules.policy.of(turn.ticket.category)
    turn.dossier = replace(turn.file, policy=policy, calendar=rules.calendar)
    after = answer_due(turn)
    if after is not None and before is not None and abs(after - before) >= NOTICEABLE:
        promise_answer(turn, "village.time_changed")


def promise_answer(turn: Turn, key: str) -> None:
    """Tell the asker until when somebody of the hub will have answered."""
    if (due := answer_due(turn)) is not None:
        said = rendering.promise(key, turn.ticket.id, due, turn.now, turn.words)
        turn.reply_to_asker(said)


def mark_urgent(facts: Facts, turn: Turn, role: Role) -> None:
    """Mark a ticket urgent; one that is not in the hub yet goes there at once."""
    turn.record(Event.MARKED_URGENT, role, facts.person)
    if turn.ticket.state in BEFORE_HUB:
        turn.record(Event.HANDED_UP, Role.BOT)
    if (due := answer_due(turn)) is not None:
        promise_answer(turn, "village.urgent")
        turn.tell_hub(cards.urgent(turn.file, due, turn.now, turn.words))
    else:
        text = turn.words("village.urgent_marked", ticket=turn.ticket.id)
        turn.reply_to_asker(Words(text=text))


def category(verdict: Verdict | None) -> str:
    """Return the topic that the FAQ suggests for a question; empty where it has no idea."""
    if verdict is None or not verdict.matches or verdict.matches[0].probability < SUGGESTS:
        return ""
    return verdict.matches[0].entry.category
