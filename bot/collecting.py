"""How does an answer of the hub become an entry of the FAQ? Pure: ticket → draft, or a wording.

What becomes of an entry is decided by knowledge/curation.py; here the two meet.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from base.errors import Refused
from base.messages import Act, Button, Words
from base.text import clip, one_line
from bot import claims, rendering
from bot.facts import Collecting, Decision, Facts
from bot.turn import Turn
from escalation import claiming, naming
from escalation.masking import mask
from escalation.model import Event
from knowledge import curation
from knowledge.misses import How, Settled
from knowledge.model import Category, EntryStatus, FaqEntry, Match
from knowledge.revisions import Standing, Written

LOOKED_AT_AGAIN = timedelta(days=365)
QUESTION, ANSWER = 500, 3_900  # characters that a draft takes over; a cut adds some of its own


def decide(facts: Facts, turn: Turn, button: Button) -> Decision:
    """Return what follows from 收进知识库, or from 算L031的问法 below it."""
    as_draft = button.act is Act.COLLECT
    return _collect(facts, turn) if as_draft else _as_variant(facts, turn, button)


def _collect(facts: Facts, turn: Turn) -> Decision:
    """收进知识库: the answer becomes a draft without names and numbers; the nearest are shown.

    Raises:
        Refused: nobody has answered, or it was taken in before.
    """
    number, faq = turn.ticket.id, facts.faq or Collecting()
    if (draft := claiming.collected(turn.file.journal)) is not None:
        raise Refused("refused.collected", {"ticket": str(number), "entry": draft})
    answer = claiming.collectable(turn.file.journal)
    if answer is None:
        raise Refused("refused.nothing_to_collect", {"ticket": str(number)})
    entry = _draft(turn, faq, str(answer.data["text"]))
    turn.record(Event.COLLECTED, claims.role_of(facts), facts.person, entry=entry.id)
    turn.tell_hub(_told(turn, entry, faq.nearest))
    turn.toast(facts.incoming, turn.words("toast.done", label=turn.words("label.faq")))
    why = turn.words("curation.from_ticket", ticket=number)
    return replace(
        turn.done(),
        written=(curation.collected(entry, facts.person.name, why),),
        settled=(_settled(facts, turn, How.ENTRY, entry.id),),
    )


def _as_variant(facts: Facts, turn: Turn, button: Button) -> Decision:
    """算L031的问法: the draft was not needed, the question is one more wording of that entry.

    Raises:
        Refused: the entry is off the shelf or knows it, or somebody has worked on the draft.
    """
    faq = facts.faq or Collecting()
    draft = faq.standings.get(claiming.collected(turn.file.journal) or "")
    entry = faq.standings.get(button.arg)
    if entry is None:
        raise Refused("curation.retired", {"entry": button.arg})
    if draft is None or not _untouched(turn, draft):
        raise Refused("refused.draft_in_work")
    by, why = facts.person.name, turn.words("curation.from_ticket", ticket=turn.ticket.id)
    wording = curation.more_variants(entry, [draft.text.question], by, why)
    gone = turn.words("curation.became_variant", entry=button.arg)
    turn.record(Event.COLLECTED, claims.role_of(facts), facts.person, entry=button.arg)
    turn.settle_choice(facts.said, button.label)
    turn.toast(facts.incoming, turn.words("toast.done", label=button.label))
    return replace(
        turn.done(),
        written=(wording, curation.given_up(draft, by, gone)),
        settled=(_settled(facts, turn, How.VARIANT, button.arg),),
    )


def answer_changed(facts: Facts, turn: Turn, key: str, text: str = "") -> tuple[Written, ...]:
    """Return what it does to a draft that the answer it came from was corrected or taken back."""
    faq = facts.faq or Collecting()
    draft = faq.standings.get(claiming.collected(turn.file.journal) or "")
    if draft is None or draft.text.status is EntryStatus.RETIRED:
        return ()
    why = turn.words(key, ticket=turn.ticket.id, text=clip(_masked(turn, faq, text), QUESTION))
    return (curation.origin_changed(draft, facts.person.name, why),)


def _untouched(turn: Turn, draft: Standing) -> bool:
    """Whether a draft is as the hub left it."""
    first = next(one for one in turn.file.journal if one.event is Event.COLLECTED)
    person = turn.file.people.get(first.by or 0)
    own = frozenset({person.name} if person else ())
    return draft.text.status is EntryStatus.DRAFT and draft.writers <= own


def _settled(facts: Facts, turn: Turn, how: How, entry: str) -> Settled:
    return Settled(ticket=turn.ticket.id, how=how, entry=entry, by=facts.person.name)


def _draft(turn: Turn, faq: Collecting, answer: str) -> FaqEntry:
    category = turn.ticket.category or (faq.nearest[0].entry.category if faq.nearest else "")
    today, asked = rendering.date_of(turn.now), str(turn.file.journal[0].data["text"])
    return FaqEntry(
        id=faq.next_id,
        question=one_line(clip(_masked(turn, faq, asked), QUESTION)),
        variants=(),
        answer=clip(_masked(turn, faq, answer), ANSWER),
        steps=(),
        sources=(),
        category=Category(category) if category in tuple(Category) else Category.COURT,
        review_by=date.fromordinal(today.toordinal() + LOOKED_AT_AGAIN.days),
        status=EntryStatus.DRAFT,
    )


def _masked(turn: Turn, faq: Collecting, text: str) -> str:
    people = [*faq.names, *(person.name for person in turn.file.people.values())]
    return mask(naming.without_names(text, people, turn.file.village.name)).text


def _told(turn: Turn, entry: FaqEntry, nearest: Sequence[Match]) -> Words:
    """Say what was taken in, and let it become a wording of one that is there already."""
    words, number = turn.words, turn.ticket.id
    buttons = tuple(
        Button(
            label=words("label.var", number=one.entry.id),
            act=Act.VARIANT,
            ticket=number,
            arg=one.entry.id,
        )
        for one in nearest
    )
    lines = "\n".join(
        words(
            "hub.collected.near",
            number=at,
            entry=one.entry.id,
            question=one.entry.question,
            likely=f"{one.probability:.0%}",
        )
        for at, one in enumerate(nearest, 1)
    )
    key = "hub.collected" if nearest else "hub.collected.new"
    choices = rendering.choices_line(buttons, words)
    text = words(key, ticket=number, entry=entry.id, nearest=lines, choices=choices)
    return Words(text=text, buttons=buttons, reply_slot=f"card:{number}")
