"""How does a liaison carry questions in and answers out, for people no bot can reach? Pure.

代问 asks for somebody; a pasted piece of a chat is taken apart and shown before anything goes up;
answers come as plain text to copy, and wait until 已转发 is said, which is the delivery.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from base.errors import Refused
from base.messages import Act, Button, Kind, ToVillage, Words
from base.text import beginning, clip
from bot import questions, rendering, routing
from bot.facts import Decision, Facts
from bot.turn import Turn
from escalation import relay
from escalation.changes import Draft, DropDraft, KeepDraft
from escalation.masking import mask
from escalation.model import Event, Json, LinkRole, Membership, Role
from escalation.snippet import Quote, named, take_apart
from knowledge.model import Outcome

MOST = 9  # people of one pasted piece: the numbers that can be typed
SHOWN = 120  # characters of each quote in the preview
LISTED = 30  # characters of each answer in the list of what waits
_ONLY = re.compile(r"^只转\s*([1-9][\s\d,，、和]*)$")


def concerns(facts: Facts) -> bool:
    """Whether a message or press of a village is about carrying questions in or answers out."""
    if facts.pressed is not None:
        return facts.pressed.act in (Act.RELAY, Act.DROP, Act.FORWARDED)
    text, replied = facts.incoming.text, facts.incoming.reply_to
    act = routing.typed(text)
    if routing.relayed(text) == "" and replied is not None and not replied.forwarded:
        return False  # its author is there to be the asker
    if act is Act.FORWARDED or routing.lists_unforwarded(text):
        return True
    if facts.desk.draft is not None and (_picked(text) or _choice(facts) is not None):
        return True
    return routing.relayed(text) is not None or _plain_words(facts, act)


def _plain_words(facts: Facts, act: Act | None) -> bool:
    """At a desk everything new a liaison writes or pastes is somebody's question."""
    village = facts.village
    if village is None or not village.relayed or facts.dossier is not None or act is not None:
        return False
    text = facts.incoming.text
    asks = (routing.command, routing.number, routing.about_own, routing.listens, routing.appoints)
    other = routing.says_nothing(text) or any(ask(text) is not None for ask in asks)
    return not other and facts.incoming.press is None


def decide(facts: Facts, turn: Turn) -> Decision:
    """Return what follows; only a liaison of this village may do any of it.

    Raises:
        Refused: somebody else does.
    """
    if Membership.LIAISON not in facts.memberships or facts.village is None:
        raise Refused("refused.only_liaison_relays")
    act = facts.pressed.act if facts.pressed else routing.typed(facts.incoming.text)
    if act is Act.FORWARDED:
        return _forwarded(facts, turn)
    if routing.lists_unforwarded(facts.incoming.text):
        return _list(facts, turn)
    if facts.desk.draft is not None and routing.relayed(facts.incoming.text) is None:
        return _drafted(facts, turn, facts.desk.draft)
    if facts.pressed is not None:
        raise Refused("refused.draft_gone")
    return _relay(facts, turn)


def _relay(facts: Facts, turn: Turn) -> Decision:
    """代问: one question at once; a pasted piece of a chat is shown first."""
    quotes = facts.desk.quotes
    if len(quotes) > MOST:
        raise Refused("refused.too_many_people", {"count": str(len(quotes)), "most": str(MOST)})
    if not quotes:
        raise Refused("refused.relay_what")
    if not facts.desk.pasted:
        _ask(facts, turn, quotes[0], 0)
        return turn.done()
    draft = Draft(
        id=facts.desk.next_draft,
        village=questions.fresh(facts).village.id,
        by=facts.person.id,
        quotes=tuple(Quote(name=one.name, text=mask(one.text).text) for one in quotes),
        message=facts.incoming.message_id,
    )
    _say(facts, turn, _preview(draft, turn))
    return replace(turn.done(), changes=(KeepDraft(draft=draft),))


def quotes_of(text: str, by: str, somebody: str) -> tuple[tuple[Quote, ...], bool]:
    """Return who asks what, and whether it was taken apart and is to be looked at first."""
    if pasted := take_apart(text):
        return pasted, True
    if not text:
        return (), False
    one = named(text)
    return (Quote(name=one.name or by or somebody, text=one.text),), False


def _preview(draft: Draft, turn: Turn) -> Words:
    words = turn.words
    lines = "\n".join(
        words("desk.preview_line", number=number, name=one.name, text=_one_line(one.text))
        for number, one in enumerate(draft.quotes, 1)
    )
    buttons = tuple(
        Button(label=words(f"label.{act}"), act=act, ticket=0, arg=str(draft.id))
        for act in (Act.RELAY, Act.DROP)
    )
    text = words(
        "desk.preview",
        count=len(draft.quotes),
        lines=lines,
        choices=rendering.choices_line(buttons, words),
    )
    return Words(text=text, buttons=buttons)


def _one_line(text: str) -> str:
    return clip(" ".join(text.split()), SHOWN)


def _picked(text: str) -> Sequence[int]:
    """The numbers of 只转 1 3; empty where nothing is picked."""
    found = _ONLY.match(text.strip())
    return [int(digit) for digit in found.group(1) if digit.isdigit()] if found else []


def _choice(facts: Facts) -> Act | None:
    """What was chosen of a preview by typing its label or its number."""
    text = facts.incoming.text
    number, acts = routing.number(text), (Act.RELAY, Act.DROP)
    typed = next((act for act in acts if text == facts.words(f"label.{act}")), None)
    return acts[number - 1] if number in (1, 2) else typed


def _drafted(facts: Facts, turn: Turn, draft: Draft) -> Decision:
    """都转上去, 不转了, 只转 1 3."""
    text = facts.incoming.text
    act, picked = facts.pressed.act if facts.pressed else _choice(facts), _picked(text)
    if any(number > len(draft.quotes) for number in picked):
        raise Refused("refused.no_such_choice", {"number": str(max(picked))})
    label = turn.words(f"label.{act}") if act else text
    chosen = [] if act is Act.DROP else draft.quotes
    if picked:
        chosen = [draft.quotes[number - 1] for number in dict.fromkeys(picked)]
    for at, quote in enumerate(chosen):
        side = turn.anew(at)
        _ask(facts, side, quote, at, draft.message)
        turn.aside(side.done())
    if facts.said is not None and facts.said.slot:
        text = rendering.chosen(facts.said.text, label, turn.words)
        _say(facts, turn, Words(text=text, slot=facts.said.slot))
    turn.toast(facts.incoming, turn.words("toast.done", label=label))
    return replace(turn.done(), changes=(DropDraft(id=draft.id),))


def _ask(facts: Facts, turn: Turn, quote: Quote, at: int, message: str | None = None) -> None:
    """Open a ticket for somebody; what the FAQ does not know goes to the hub at once."""
    fresh, asker = questions.fresh(facts), facts.desk.askers[quote.name]
    category = questions.category(facts.verdict) if message is None else ""
    data: dict[str, Json] = {"text": mask(quote.text).text, "category": category}
    data["relayed_by"] = facts.person.id
    turn.open(replace(fresh, number=fresh.number + at), asker, data)
    turn.link(facts.incoming.chat, message or facts.incoming.message_id, LinkRole.QUESTION)
    certain = facts.verdict is not None and facts.verdict.outcome is Outcome.ANSWER
    if certain and message is None:
        questions.first_word(facts, turn)
        return
    turn.record(Event.HANDED_UP, Role.LIAISON, facts.person)
    if (due := questions.answer_due(turn)) is not None:
        time = rendering.when(rendering.up_to_minute(due), turn.now)
        text = turn.words("desk.asked", name=asker.name, ticket=turn.ticket.id, time=time)
        turn.reply_to_asker(Words(text=text))


def _forwarded(facts: Facts, turn: Turn) -> Decision:
    """已转发: the answer has reached the asker, now."""
    if turn.dossier is None or not relay.carried_by(turn.file.journal):
        raise Refused("refused.forward_which")
    if not relay.waits_to_be_forwarded(turn.file.journal):
        raise Refused("refused.forwarded_already", {"ticket": str(turn.ticket.id)})
    turn.record(Event.ANSWER_DELIVERED, Role.LIAISON, facts.person)
    label = turn.words("label.sent")
    turn.settle_choice(facts.said, label)
    asker = turn.file.people[turn.ticket.asker]
    said = rendering.to_confirm("desk.forwarded", turn.ticket.id, turn.words, name=asker.name)
    turn.reply_to_asker(said)
    turn.toast(facts.incoming, turn.words("toast.done", label=label))
    return turn.done()


def _list(facts: Facts, turn: Turn) -> Decision:
    """待转发: the answers that nobody has carried to their askers yet."""
    words = turn.words
    lines = "\n".join(
        words(
            "desk.waiting_line",
            ticket=file.ticket.id,
            name=file.people[file.ticket.asker].name,
            text=beginning(relay.newest_answer(file.journal), LISTED),
        )
        for file in facts.desk.unforwarded
    )
    count = len(facts.desk.unforwarded)
    text = words("desk.waiting", count=count, lines=lines) if lines else words("desk.none_waiting")
    turn.dossier = None
    _say(facts, turn, Words(text=text, reply_to=facts.incoming.message_id))
    return turn.done()


def _say(facts: Facts, turn: Turn, words: Words) -> None:
    """Promise the liaison a message that belongs to no ticket."""
    chat = questions.fresh(facts).village.chat
    key = f"{facts.incoming.key}:desk"
    reply = words.reply_to or (None if words.slot else facts.incoming.message_id)
    slot = words.slot or (key if words.buttons else None)
    said = replace(words, reply_to=reply, slot=slot)
    turn.say(ToVillage(key=key, kind=Kind.REPLY, chat=chat, words=said))
