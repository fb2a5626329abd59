"""What do the acts and words of the hub do to a ticket? Pure."""

from base.errors import Refused
from base.messages import Act, Button, Kind
from bot import (
    cards,
    explaining,
    members,
    options,
    questions,
    reminders,
    rendering,
    routing,
    strangers,
)
from bot.facts import NOT_OURS, Decision, Facts
from bot.turn import Turn
from escalation.model import (
    Event,
    LinkRole,
    Membership,
    Role,
    Status,
)

NOTE = "备注"


def decide(facts: Facts, turn: Turn) -> Decision:
    """Return what follows from a message or press in the hub."""
    text = facts.incoming.text
    if (asked := routing.command(text)) is not None:
        return strangers.bind(facts) if asked[0] == "bind" else NOT_OURS
    button = options.chosen(facts, routing.typed(text))
    if button is not None and button.act is Act.PROFESSION:
        return members.profess(facts, button)
    if button is None and turn.dossier is None:
        if facts.said is not None and (facts.said.slot or "").startswith(reminders.SLOT):
            raise Refused("refused.reply_to_card")
        return NOT_OURS
    if turn.dossier is None:
        raise Refused("refused.unknown")
    if facts.hub is None or turn.ticket.hub != facts.hub.id:
        raise Refused("refused.not_in_hub", {"ticket": str(turn.ticket.id)})
    return _about_ticket(facts, turn, button)


def _about_ticket(facts: Facts, turn: Turn, button: Button | None) -> Decision:
    match button.act if button else None:
        case None:
            return _words(facts, turn, facts.incoming.text)
        case Act.CLAIM:
            return _claim(facts, turn)
        case Act.RELEASE:
            return _release(facts, turn)
        case Act.URGENT:
            return _urgent(facts, turn)
        case Act.EXPLAIN:
            turn.tell_hub(explaining.under_card(turn.file, turn.now, turn.words))
            turn.toast(facts.incoming, turn.words("toast.done", label=turn.words("label.why")))
            return turn.done()
        case other:
            label = turn.words(f"label.{other}", number="")
            raise Refused("refused.asker_says", {"label": label})


def role_of(facts: Facts) -> Role:
    """Everybody of the hub is a responder; its duty leads are known as such."""
    lead = Membership.DUTY_LEAD in facts.memberships
    return Role.DUTY_LEAD if lead else Role.RESPONDER


def _claim(facts: Facts, turn: Turn) -> Decision:
    _refuse_if_claimed(facts, turn)
    turn.record(Event.CLAIMED, role_of(facts), facts.person)
    turn.toast(facts.incoming, turn.words("toast.done", label=turn.words("label.claim")))
    return turn.done()


def _refuse_if_claimed(facts: Facts, turn: Turn) -> None:
    """A second 认领 is told who was first, and when."""
    ticket = turn.ticket
    if ticket.state is not Status.CLAIMED or ticket.assignee is None:
        return
    if ticket.assignee == facts.person.id:
        raise Refused("refused.claimed_by_you", {"ticket": str(ticket.id)})
    at = next(e.at for e in reversed(turn.file.journal) if e.event is Event.CLAIMED)
    raise Refused(
        "refused.claimed_by",
        {
            "ticket": str(ticket.id),
            "time": rendering.when(at, turn.now),
            "who": _assignee(turn),
        },
    )


def _release(facts: Facts, turn: Turn) -> Decision:
    role = role_of(facts)
    if turn.ticket.assignee not in (None, facts.person.id) and role is not Role.DUTY_LEAD:
        raise Refused(
            "refused.release_by_assignee",
            {"ticket": str(turn.ticket.id), "who": _assignee(turn)},
        )
    turn.record(Event.RELEASED, role, facts.person)
    turn.toast(facts.incoming, turn.words("toast.done", label=turn.words("label.release")))
    return turn.done()


def _urgent(facts: Facts, turn: Turn) -> Decision:
    if turn.ticket.urgent_at is not None:
        raise Refused("refused.already_urgent", {"ticket": str(turn.ticket.id)})
    questions.mark_urgent(facts, turn, role_of(facts))
    turn.toast(facts.incoming, turn.words("toast.done", label=turn.words("label.urgent")))
    return turn.done()


def _words(facts: Facts, turn: Turn, text: str) -> Decision:
    """A reply to the card, or to anything about the ticket: the answer, unless it says not."""
    if routing.says_nothing(text):
        return NOT_OURS
    if word := routing.not_built_yet(text):
        raise Refused("refused.not_built", {"word": word})
    if facts.incoming.media is not None and not text.startswith(NOTE):
        raise Refused("refused.media_answer")
    if text.strip() == routing.NEW_RULES:
        return _change_rules(facts, turn)
    turn.link(facts.incoming.chat, facts.incoming.message_id, LinkRole.SAID)
    if (needed := routing.asks_back(text)) is not None:
        return _ask_back(facts, turn, needed)
    if text.startswith(NOTE):
        turn.record(Event.NOTED, role_of(facts), facts.person, text=text)
        return turn.done()
    return _answer(facts, turn, text)


def _answer(facts: Facts, turn: Turn, text: str) -> Decision:
    """Carry an answer to the village; answering an unclaimed ticket claims it."""
    ticket, role = turn.ticket, role_of(facts)
    if ticket.assignee not in (None, facts.person.id) and ticket.state is not Status.CLOSED:
        raise Refused(
            "refused.answer_by_assignee", {"ticket": str(ticket.id), "who": _assignee(turn)}
        )
    addition = ticket.state is Status.ANSWERED
    if ticket.state is Status.QUEUED:
        turn.record(Event.CLAIMED, role, facts.person)
    turn.record(Event.ANSWER_GIVEN, role, facts.person, text=text)
    said = rendering.answer(
        turn.ticket.id,
        text,
        asker=turn.file.people[ticket.asker],
        by=facts.person,
        addition=addition,
        words=turn.words,
    )
    turn.reply_to_asker(said, Kind.ANSWER)
    return turn.done()


def _ask_back(facts: Facts, turn: Turn, needed: str) -> Decision:
    """要补充材料: the clocks stand still until the asker has said more, so often and so long."""
    ticket, role = turn.ticket, role_of(facts)
    if ticket.state is Status.CLAIMED and ticket.assignee != facts.person.id:
        who = {"ticket": str(ticket.id), "who": _assignee(turn)}
        raise Refused("refused.ask_back_by_assignee", who)
    if not needed:
        raise Refused("refused.ask_back_empty")
    before = sum(entry.event is Event.ASKED_BACK for entry in turn.this_cycle())
    if before >= turn.file.policy.pauses:
        facts_of = {"ticket": str(ticket.id), "count": str(before)}
        raise Refused("refused.paused_enough", facts_of)
    if ticket.state is Status.QUEUED:
        turn.record(Event.CLAIMED, role, facts.person)
    turn.record(Event.ASKED_BACK, role, facts.person, text=needed)
    asker = turn.file.people[ticket.asker]
    turn.reply_to_asker(rendering.asked_back(needed, asker, facts.person, turn.words))
    return turn.done()


def _change_rules(facts: Facts, turn: Turn) -> Decision:
    """按新时限, by the duty lead: the ticket goes on under what is in force now."""
    if role_of(facts) is not Role.DUTY_LEAD:
        raise Refused("refused.only_lead_changes_rules")
    rules, ticket = facts.rules, turn.ticket
    if rules is None or (rules.policy.version, rules.calendar.version) == (
        ticket.policy_version,
        ticket.calendar_version,
    ):
        raise Refused("refused.rules_are_new", {"ticket": str(ticket.id)})
    questions.change_rules(turn, rules, Role.DUTY_LEAD, facts.person)
    return turn.done()


def _assignee(turn: Turn) -> str:
    person = turn.file.people.get(turn.ticket.assignee or 0)
    return cards.hub_name(person, turn.words) if person else turn.words("who.somebody")
