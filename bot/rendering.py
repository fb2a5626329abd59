"""How does it read in the village? Values → text and buttons, with base/wording."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from base.messages import Act, Button, Media, Words
from base.text import parts
from base.wording import Wording
from bot.facts import Dossier
from escalation.calendar import BEIJING
from escalation.model import Person, Ticket
from knowledge.model import FaqEntry, Match, Source

BLOCK = 200  # characters of a block to copy: what any chat takes, and a thumb selects
_WEEKDAYS = "一二三四五六日"
_TOMORROW, _THIS_WEEK = 1, 6


def when(at: datetime, now: datetime) -> str:
    """Return a moment as people say it, in Beijing time: 今天10:30, 周一（11月30日）9:00."""
    there, here = at.astimezone(BEIJING), now.astimezone(BEIJING)
    days = (there.date() - here.date()).days
    clock = f"{there.hour}:{there.minute:02}"
    if days == 0:
        return f"今天{clock}"
    if days == _TOMORROW:
        return f"明天{clock}"
    if days == -_TOMORROW:
        return f"昨天{clock}"
    if _TOMORROW < days <= _THIS_WEEK:
        return f"周{_WEEKDAYS[there.weekday()]}（{there.month}月{there.day}日）{clock}"
    return f"{there.month}月{there.day}日{clock}"


def date_of(at: datetime) -> date:
    """Return the day of a moment in Beijing."""
    return at.astimezone(BEIJING).date()


def day(of: date) -> str:
    """Return a day as people say it: 2026年11月23日周一."""
    return f"{of.year}年{of.month}月{of.day}日周{_WEEKDAYS[of.weekday()]}"


def clock(at: datetime) -> str:
    """Return a time of day in Beijing, with the seconds where there are some: 9:30, 9:30:15."""
    there = at.astimezone(BEIJING)
    seconds = f":{there.second:02}" if there.second or there.microsecond else ""
    fraction = f".{there.microsecond:06}".rstrip("0") if there.microsecond else ""
    return f"{there.hour}:{there.minute:02}{seconds}{fraction}"


def up_to_minute(at: datetime) -> datetime:
    """Return a promised moment rounded up to the minute, so that words never promise less time."""
    rest = timedelta(seconds=at.second, microseconds=at.microsecond)
    return at if not rest else at - rest + timedelta(minutes=1)


def with_media(text: str, media: Media | None, words: Wording) -> str:
    """Return the words of a message with what else it carries named, and where it is."""
    if media is None:
        return text
    link = f" {media.link}" if media.link else ""
    named = words(f"media.{media.kind}", seconds=media.seconds, name=media.name, link=link)
    return f"{text}\n{named}" if text else named


def faq(entry: FaqEntry, ticket: int, words: Wording) -> Words:
    """Return the answer of a FAQ entry: result, law, steps, and how to react."""
    buttons = buttons_for(ticket, (Act.HELPFUL, Act.UNHELPFUL), words)
    steps = "".join(
        words("village.faq_step", number=number, step=step)
        for number, step in enumerate(entry.steps, 1)
    )
    text = words(
        "village.faq",
        answer=entry.answer,
        sources=_sources(entry.sources),
        steps=steps,
        choices=choices_line(buttons, words),
    )
    return Words(text=text, buttons=buttons)


def _sources(sources: Sequence[Source]) -> str:
    """Return the law an answer stands on, each law once with its articles."""
    articles: dict[str, list[str]] = {}
    for source in sources:
        articles.setdefault(source.law, []).append(str(source.article))
    return "；".join(f"《{law}》第{'、'.join(found)}条" for law, found in articles.items())


def offer(matches: Sequence[Match], ticket: int, words: Wording) -> Words:
    """Return up to three questions to choose from, and 都不是."""
    label = "label.pick" if len(matches) > 1 else "label.pick_one"
    picks = tuple(
        Button(label=words(label, number=number), act=Act.PICK, ticket=ticket, arg=match.entry.id)
        for number, match in enumerate(matches, 1)
    )
    buttons = (*picks, *buttons_for(ticket, (Act.NONE_FITS,), words))
    questions = "\n".join(
        words("village.offer_line", number=number, question=match.entry.question)
        for number, match in enumerate(matches, 1)
    )
    key = "village.offer" if len(matches) > 1 else "village.offer_one"
    text = words(key, questions=questions, choices=choices_line(buttons, words))
    return Words(text=text, buttons=buttons)


def window(key: str, ticket: int, due: datetime, now: datetime, words: Wording) -> Words:
    """Return the receipt of a question the village sees first; `key` says how it came there."""
    buttons = buttons_for(ticket, (Act.TO_EXPERT, Act.URGENT), words)
    text = words(key, time=when(up_to_minute(due), now), choices=choices_line(buttons, words))
    return Words(text=text, buttons=buttons)


def promise(key: str, ticket: int, due: datetime, now: datetime, words: Wording) -> Words:
    """Return a sentence that promises an answer by a moment."""
    return Words(text=words(key, ticket=ticket, time=when(up_to_minute(due), now)))


def to_confirm(key: str, ticket: int, words: Wording, **facts: str) -> Words:
    """Return a person's answer (or the word that there is one), to be confirmed or not."""
    buttons = buttons_for(ticket, (Act.SOLVED, Act.ASK_AGAIN), words)
    text = words(key, ticket=ticket, choices=choices_line(buttons, words), **facts)
    return Words(text=text, buttons=buttons)


def chosen(text: str, label: str, words: Wording) -> str:
    """Return a message after its choice was made: the line of choices gives way to the choice."""
    return words("village.mark", text=text.rsplit("\n\n", 1)[0], label=label)


def state(ticket: Ticket, words: Wording) -> str:
    """Return where a ticket stands, with the reason once it is closed."""
    reason = f".{ticket.reason}" if ticket.reason else ""
    return words(f"state.{ticket.state}{reason}")


def buttons_for(ticket: int, acts: Sequence[Act], words: Wording) -> tuple[Button, ...]:
    """Return the buttons of these acts, with their labels."""
    return tuple(Button(label=words(f"label.{act}"), act=act, ticket=ticket) for act in acts)


def choices_line(buttons: Sequence[Button], words: Wording) -> str:
    """Return the typed equivalents of buttons: 回复1 有用 · 回复2 没帮上忙."""
    return " · ".join(
        words("village.choice", number=number, label=button.label)
        for number, button in enumerate(buttons, 1)
    )


def possible(events: Sequence[str], words: Wording, *, in_hub: bool) -> str:
    """Return what can be done instead, for a refusal."""
    labels = [words(f"act.{name}") for name in events if words.has(f"act.{name}")]
    if not labels:
        return words("refused.nothing_possible.hub" if in_hub else "refused.nothing_possible")
    return words("refused.possible", acts="、".join(labels))


def answer(
    ticket: int, text: str, *, asker: Person, by: Person, addition: bool, words: Wording
) -> Words:
    """Return a person's answer as the village reads it: for whom, by which profession, what."""
    key = "village.addition" if addition else "village.answer"
    who = by.profession or words("village.answer.somebody")
    return to_confirm(key, ticket, words, asker=asker.name, who=who, answer=text)


def copies(
    said: str, ticket: int, *, asker: Person, by: Person, words: Wording
) -> tuple[Words, ...]:
    """Return an answer as plain blocks to copy, and below them what to do with them."""
    who = by.profession or words("village.answer.somebody")
    text = words("desk.block", asker=asker.name, who=who, ticket=ticket, answer=said)
    buttons = buttons_for(ticket, (Act.FORWARDED,), words)
    choices = choices_line(buttons, words)
    below = words("desk.copy", name=asker.name, ticket=ticket, choices=choices)
    blocks = (Words(text=block) for block in parts(text, BLOCK))
    return (*blocks, Words(text=below, buttons=buttons))


def corrected(ticket: int, text: str, *, asker: Person, by: Person, words: Wording) -> Words:
    """Return a correction of an answer as the village reads it."""
    who = by.profession or words("village.answer.somebody")
    return to_confirm("village.corrected", ticket, words, asker=asker.name, who=who, answer=text)


def asked_back(needed: str, asker: Person, by: Person, words: Wording) -> Words:
    """Return what a responder needs from the asker, as the village reads it."""
    who = by.profession or words("village.answer.somebody")
    return Words(text=words("village.asked_back", asker=asker.name, who=who, text=needed))


def replied(file: Dossier, due: datetime, now: datetime, words: Wording) -> Words:
    """Return the receipt of what the asker said when asked back, and the promise it renews."""
    by = file.people.get(file.ticket.assignee or 0)
    who = (by.profession if by else "") or words("village.asked_again.somebody")
    time = when(up_to_minute(due), now)
    return Words(text=words("village.asker_replied", who=who, ticket=file.ticket.id, time=time))


def reopened(
    file: Dossier, due: datetime, now: datetime, words: Wording, *, silent: bool
) -> Words:
    """Return the word that the same person looks at it again; `silent`: the asker said no more."""
    last = file.people.get(file.ticket.last_assignee or 0)
    return Words(
        text=words(
            "village.asked_again.silent" if silent else "village.asked_again",
            who=(last.profession if last else "") or words("village.asked_again.somebody"),
            ticket=file.ticket.id,
            time=when(up_to_minute(due), now),
        )
    )
