"""What do the acts and words of a village do to its ticket? Pure."""

from base.errors import Refused
from base.messages import Act, Button, Kind, MediaKind, ToVillage, Words
from bot import cards, merging, options, questions, rendering, routing
from bot.facts import NOT_OURS, Decision, Facts
from bot.turn import Turn
from escalation import relay
from escalation.lifecycle import OPEN, REOPENABLE, reopenable
from escalation.masking import mask
from escalation.model import Event, LinkRole, Membership, Reason, Role, Status
from knowledge.model import FaqEntry


def about_ticket(facts: Facts, turn: Turn, act: Act | None) -> Decision:
    """Something was pressed, or typed, about a ticket: a choice, or words."""
    button = options.chosen(facts, act)
    return _act(facts, turn, button) if button is not None else _words(facts, turn)


def role_of(facts: Facts, turn: Turn) -> Role:
    """In which part somebody of the village acts on this ticket."""
    if facts.person.id == turn.ticket.asker:
        return Role.ASKER
    carried = relay.carried_by(turn.file.journal) is not None
    if carried and Membership.LIAISON in facts.memberships:
        return Role.ASKER  # speaks for somebody who can't be here
    return Role.LIAISON if Membership.LIAISON in facts.memberships else Role.NEIGHBOUR


def _act(facts: Facts, turn: Turn, button: Button) -> Decision:
    if turn.dossier is None:
        raise Refused("refused.unknown")
    match button.act:
        case Act.URGENT:
            return urgent(facts, turn)
        case Act.TO_EXPERT | Act.HAND_UP:
            return _hand_up(facts, turn, button)
        case Act.CLAIM | Act.RELEASE | Act.PROFESSION | Act.EXPLAIN | Act.COLLECT | Act.VARIANT:
            raise Refused("refused.unknown")
        case _:
            return _askers_choice(facts, turn, button)


def _askers_choice(facts: Facts, turn: Turn, button: Button) -> Decision:
    """有用, 没帮上忙, a pick, 都不是, 解决了, 还有疑问: the asker's own to make."""
    if role_of(facts, turn) is not Role.ASKER:
        raise Refused("refused.only_asker")
    label = button.label
    match button.act:
        case Act.PICK:
            entry = _offered(facts, button)
            turn.record(Event.PICKED, Role.ASKER, facts.person, entry=entry.id)
            label = entry.question
            turn.reply_to_asker(rendering.faq(entry, turn.ticket.id, turn.words))
        case Act.NONE_FITS:
            _to_hub(facts, turn, Event.NONE_FITS)
        case Act.UNHELPFUL:
            _to_hub(facts, turn, Event.UNHELPFUL)
        case Act.ASK_AGAIN:
            _ask_again(facts, turn)
        case _:
            _say_solved(facts, turn)
    turn.settle_choice(facts.said, label)
    turn.toast(facts.incoming, turn.words("toast.done", label=label))
    return turn.done()


def _offered(facts: Facts, button: Button) -> FaqEntry:
    entry = facts.entries.get(button.arg)
    if entry is None:  # retired since it was offered
        raise Refused("refused.entry_gone")
    return entry


def _say_solved(facts: Facts, turn: Turn, **said: str) -> None:
    """有用 or 解决了; after the end it starts nothing, and is kept as the asker's word."""
    if turn.ticket.state is Status.CLOSED:
        turn.record(Event.RATED, Role.ASKER, facts.person, solved=True, **said)
    else:
        event = _solved(turn)
        if event is Event.WITHDRAWN:
            merging.set_free(turn)
        turn.record(event, Role.ASKER, facts.person, **said)


def _solved(turn: Turn) -> Event:
    """What 有用 or 解决了 means where the ticket stands."""
    if turn.ticket.state is Status.FAQ_ANSWERED:
        return Event.HELPED
    if turn.ticket.state in (Status.ANSWERED, Status.IN_VILLAGE):
        return Event.CONFIRMED
    return Event.WITHDRAWN


def _ask_again(facts: Facts, turn: Turn, text: str = "") -> None:
    if turn.ticket.state is Status.FAQ_ANSWERED:
        _to_hub(facts, turn, Event.UNHELPFUL)
        return
    if turn.ticket.reason is Reason.MERGED:
        merging.ask_alone(facts, turn, mask(text).text)
        return
    said = {"text": mask(text).text} if text else {}
    turn.record(Event.ASKED_AGAIN, Role.ASKER, facts.person, **said)
    turn.tell_hub(cards.asked_again(turn.file, said.get("text"), turn.words))
    due = questions.answer_due(turn) or turn.now
    again = rendering.reopened(turn.file, due, turn.now, turn.words, silent=not text)
    turn.reply_to_asker(again)


def _to_hub(facts: Facts, turn: Turn, event: Event) -> None:
    turn.record(event, Role.ASKER, facts.person)
    questions.promise_answer(turn, "village.handed_up")


def _hand_up(facts: Facts, turn: Turn, button: Button) -> Decision:
    """转给专家 or 转总群 on a ticket we hold: by its asker or the liaison."""
    role = role_of(facts, turn)
    if role is Role.NEIGHBOUR:
        raise Refused("refused.only_asker_or_liaison")
    turn.record(Event.HANDED_UP, role, facts.person)
    questions.promise_answer(turn, "village.handed_up")
    turn.settle_choice(facts.said, button.label)
    turn.toast(facts.incoming, turn.words("toast.done", label=button.label))
    return turn.done()


def pass_on(facts: Facts, turn: Turn) -> Decision:
    """转总群, or just our name, in reply to a message: that message is the question."""
    if turn.dossier is not None:
        button = Button(label=turn.words("label.up"), act=Act.HAND_UP, ticket=turn.ticket.id)
        return _hand_up(facts, turn, button)
    is_liaison = Membership.LIAISON in facts.memberships
    if not is_liaison and routing.typed(facts.incoming.text) is Act.HAND_UP:
        raise Refused("refused.only_liaison")
    _open_replied(facts, turn)
    if is_liaison:
        turn.record(Event.HANDED_UP, Role.LIAISON, facts.person)
        questions.promise_answer(turn, "village.handed_up")
    else:
        questions.first_word(facts, turn)
    return turn.done()


def urgent(facts: Facts, turn: Turn) -> Decision:
    """紧急, by anyone: no window, urgent clocks, the numbers at once."""
    label = turn.words("label.urgent")
    if turn.dossier is None:
        if facts.incoming.reply_to is None:
            return how_to_ask(facts, turn)
        _open_replied(facts, turn)
    if turn.ticket.state not in OPEN:
        raise Refused("refused.urgent_closed", {"ticket": str(turn.ticket.id)})
    if turn.ticket.urgent_at is not None:
        raise Refused("refused.already_urgent", {"ticket": str(turn.ticket.id)})
    questions.mark_urgent(facts, turn, role_of(facts, turn))
    turn.settle_choice(facts.said, label)
    turn.toast(facts.incoming, turn.words("toast.done", label=label))
    return turn.done()


def _open_replied(facts: Facts, turn: Turn) -> None:
    """Open a ticket for the message that was replied to; its author is the asker."""
    replied = facts.incoming.reply_to
    if replied is None or facts.author is None:
        raise Refused("refused.nobodys_message")
    text = routing.without_call(replied.text) or replied.text
    if not text:
        raise Refused("refused.empty_question")
    questions.open_ticket(facts, turn, facts.author, text, replied.message_id)


def how_to_ask(facts: Facts, turn: Turn) -> Decision:
    """Called without a question, or 紧急 with none it could mean: say how to ask, and 110."""
    words = Words(text=turn.words("village.how_to_ask"), reply_to=facts.incoming.message_id)
    turn.say(
        ToVillage(
            key=turn.key, kind=Kind.REPLY, chat=questions.fresh(facts).village.chat, words=words
        )
    )
    return turn.done()


def _words(facts: Facts, turn: Turn) -> Decision:
    """Words in reply to a question we hold, or to what we said about it."""
    text = routing.without_call(facts.incoming.text)
    role = role_of(facts, turn)
    if role is Role.ASKER and turn.ticket.state is Status.WAITING_ASKER:
        return _replied(facts, turn, text)
    if routing.says_nothing(text) or routing.number(text) is not None:
        return NOT_OURS
    if role is Role.ASKER:
        rating = routing.rates(text)
        return _rated(facts, turn, rating) if rating else _asker_wrote(facts, turn, text)
    if turn.ticket.state not in OPEN:
        return NOT_OURS
    turn.link(facts.incoming.chat, facts.incoming.message_id, LinkRole.SAID)
    said = mask(text).text
    if role is Role.LIAISON and turn.ticket.state is Status.IN_VILLAGE:
        turn.record(Event.ANSWER_GIVEN, role, facts.person, text=said)
        turn.record(Event.ANSWER_DELIVERED, Role.CHANNEL)  # it stands in the asker's chat already
        turn.reply_to_asker(
            rendering.to_confirm("village.liaison_answered", turn.ticket.id, turn.words)
        )
    else:
        turn.record(Event.NEIGHBOUR_SAID, role, facts.person, text=said)
    return turn.done()


def _rated(facts: Facts, turn: Turn, rating: str) -> Decision:
    """满意, 不满意: kept for those who answered; it starts nothing."""
    turn.record(Event.RATED, Role.ASKER, facts.person, rating=rating)
    turn.reply_to_asker(Words(text=turn.words(f"village.rated.{rating}", ticket=turn.ticket.id)))
    return turn.done()


def _replied(facts: Facts, turn: Turn, text: str) -> Decision:
    """Whatever the asker says lets the clocks go on, once the responder asked back."""
    if routing.says_solved(text) or routing.withdraws(text):
        return _asker_wrote(facts, turn, text)
    turn.link(facts.incoming.chat, facts.incoming.message_id, LinkRole.SAID)
    said = mask(text).text
    turn.record(Event.ASKER_REPLIED, Role.ASKER, facts.person, text=said)
    turn.tell_hub(cards.added(turn.file, said, turn.words))
    if (due := questions.answer_due(turn)) is not None:
        turn.reply_to_asker(rendering.replied(turn.file, due, turn.now, turn.words))
    return turn.done()


def _is_sticker(facts: Facts) -> bool:
    media = facts.incoming.media
    return media is not None and media.kind is MediaKind.STICKER


def _asker_wrote(facts: Facts, turn: Turn, text: str) -> Decision:
    """The asker's own words: settled, taken back, asked again, or more about it."""
    ticket = turn.ticket
    closed = ticket.state is Status.CLOSED
    if _is_sticker(facts) and (closed or ticket.state is Status.ANSWERED):
        return NOT_OURS  # a thumb under an answer asks nothing
    if closed and not routing.says_solved(text) and not _goes_on(turn):
        raise Refused(_over(turn), {"ticket": str(ticket.id)})
    turn.link(facts.incoming.chat, facts.incoming.message_id, LinkRole.SAID)
    if routing.says_solved(text):
        _say_solved(facts, turn, text=mask(text).text)
        turn.settle_choice(facts.said, turn.words("label.done"))
    elif routing.withdraws(text) and (not closed or ticket.reason is Reason.MERGED):
        _withdraw(facts, turn)
    elif ticket.reason is Reason.MERGED and merging.awaited(facts.other):
        merging.add(facts, turn, mask(text).text)
    elif closed or ticket.state is Status.ANSWERED:
        _ask_again(facts, turn, text)
    else:
        _added(facts, turn, mask(text).text)
    return turn.done()


def _goes_on(turn: Turn) -> bool:
    """Whether a closed ticket may be asked again."""
    return turn.ticket.reason is Reason.MERGED or reopenable(turn.ticket, turn.at)


def _over(turn: Turn) -> str:
    late = turn.ticket.reason in REOPENABLE
    return "refused.too_late_to_reopen" if late else "refused.over"


def take_back(facts: Facts, turn: Turn) -> Decision:
    """撤回 in reply to nothing: the only question somebody has open."""
    _withdraw(facts, turn)
    return turn.done()


def _withdraw(facts: Facts, turn: Turn) -> None:
    """撤回: no answer is wanted any more; others who share the ticket still want theirs."""
    if turn.ticket.reason is Reason.MERGED:
        merging.leave(facts, turn)
    merging.set_free(turn)
    turn.record(Event.WITHDRAWN, Role.ASKER, facts.person)
    turn.reply_to_asker(Words(text=turn.words("village.withdrawn", ticket=turn.ticket.id)))


def _added(facts: Facts, turn: Turn, said: str) -> None:
    """More about a question: kept, shown to the hub, told to whoever works on it."""
    turn.record(Event.ASKER_ADDED, Role.ASKER, facts.person, text=said)
    if turn.ticket.state is Status.FAQ_ANSWERED:
        _to_hub(facts, turn, Event.UNHELPFUL)
    elif turn.ticket.assignee is not None:
        turn.tell_hub(cards.added(turn.file, said, turn.words))
