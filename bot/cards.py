"""How does it read in the hub? The card, reminders and alerts → text and buttons."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from base.messages import Act, Button, Words
from base.text import clip
from base.wording import Wording
from bot import rendering
from bot.facts import Dossier
from escalation.deadlines import NEAR, Deadline
from escalation.model import Entry, Person, Role, Status, Timer
from escalation.relay import Card, Delivery, Promise, Said

CARD_TEXT = 1000  # characters of the question on a card
SAID_TEXT = 300  # characters of each thing said under it
ASKED_AT_ONCE = 6  # people named in one word to them
SAID_SHOWN = 5  # newest things said under it
ACTS: Mapping[Status, tuple[Act, ...]] = {
    Status.QUEUED: (Act.CLAIM, Act.EXPLAIN),
    Status.CLAIMED: (Act.RELEASE, Act.EXPLAIN),
    Status.WAITING_ASKER: (Act.EXPLAIN,),
}


def card(shown: Card, names: Mapping[int, str], now: datetime, words: Wording) -> Words:
    """Return the hub's one message about a ticket; `names` are of the hub's people, by id."""
    ticket = shown.ticket
    acts = (*ACTS.get(ticket.state, ()), *((Act.COLLECT,) if shown.collectable else ()))
    buttons = rendering.buttons_for(ticket.id, acts, words)
    last = event(shown.last, names, words)
    lines = [
        *_head(shown, now, words),
        *_all_said(shown.said, now, words),
        *(_deadline(one, now, words) for one in shown.deadlines),
        *(_promise(running, now, words) for running in shown.promises),
        *_who(shown, names, words),
        *([words("card.joined", others=_numbers(shown.joined))] if shown.joined else []),
        words("card.last", time=rendering.when(shown.last.at, now), event=last),
    ]
    if shown.delivery is not None:
        lines.append(_delivery(shown.delivery, now, words))
    hint = f"card.hint.{ticket.state}"
    if words.has(hint):
        lines.append(words(hint, choices=rendering.choices_line(buttons, words)))
    return Words(text="\n".join(lines), buttons=buttons, slot=f"card:{ticket.id}")


def _head(shown: Card, now: datetime, words: Wording) -> list[str]:
    """Number, village, state and urgency; the topic where it is known; the question."""
    ticket = shown.ticket
    urgent = words("card.urgent") if ticket.urgent_at else ""
    if any(0 <= one.left(rendering.date_of(now)) <= NEAR for one in shown.deadlines):
        urgent += words("card.near")
    where = rendering.state(ticket, words)
    lines = [
        words("card.head", ticket=ticket.id, village=shown.village, state=where, urgent=urgent)
    ]
    if ticket.category:
        lines.append(words("card.category", category=words(f"category.{ticket.category}")))
    return [*lines, words("card.question", text=clip(shown.question, CARD_TEXT))]


def event(entry: Entry, names: Mapping[int, str], words: Wording) -> str:
    """Return what happened, as the card's last line and the journal tell it."""
    by_role = f"event.{entry.event}.{entry.role}"
    key = by_role if words.has(by_role) else f"event.{entry.event}"
    who = names.get(entry.by or 0, words("who.somebody"))
    if entry.role is Role.LIAISON:
        who = words("who.liaison")
    clock = words(f"clock.{entry.data['clock']}") if "clock" in entry.data else ""
    step, to = entry.data.get("step", ""), _to(entry, names, words)
    other = {
        "into": entry.data.get("into", ""),
        "from_": entry.data.get("ticket", ""),
        "entry": entry.data.get("entry", ""),
    }
    return words(key, who=who, clock=clock, step=step, to=to, **other)


def _to(entry: Entry, names: Mapping[int, str], words: Wording) -> str:
    """Whom a ticket was passed to: a profession, or somebody."""
    person = entry.data.get("person", entry.data.get("to"))
    somebody = names.get(person) if isinstance(person, int) else None
    return str(entry.data.get("profession") or somebody or words("who.somebody"))


def hub_name(person: Person, words: Wording) -> str:
    """Return somebody of the hub by name and profession."""
    profession = person.profession or words("profession.none")
    return words("who.responder", name=person.name, profession=profession)


def _all_said(said: Sequence[Said], now: datetime, words: Wording) -> list[str]:
    """The newest things said under the question; a card has room for so many."""
    older = len(said) - SAID_SHOWN
    more = [words("card.said_more", count=older)] if older > 0 else []
    return more + [_said(one, now, words) for one in said[-SAID_SHOWN:]]


def _said(said: Said, now: datetime, words: Wording) -> str:
    text, time = clip(said.text, SAID_TEXT), rendering.when(said.at, now)
    if said.edited:
        return words("card.edited", who=words(f"who.{said.role}"), time=time, text=text)
    if said.role is Role.ASKER:
        return words("card.added", time=time, text=text)
    return words("card.said", who=words(f"who.{said.role}"), time=time, text=text)


def _numbers(tickets: Iterable[int]) -> str:
    return "、".join(str(number) for number in sorted(tickets))


def _deadline(one: Deadline, now: datetime, words: Wording) -> str:
    left = one.left(rendering.date_of(now))
    key = "card.deadline" if left >= 0 else "card.deadline.over"
    return words(
        key,
        name=one.name,
        days=abs(left),
        ends=rendering.day(one.ends),
        source=one.source,
        since=rendering.day(one.since),
    )


def deadline(file: Dossier, one: Deadline, days: int, words: Wording) -> Words:
    """Return the word that a limit of the law may be over soon, to the duty leads."""
    return _on_card(
        file, words, "hub.deadline", leads=_leads(file, words), name=one.name, days=str(days)
    )


def _promise(running: Promise, now: datetime, words: Wording) -> str:
    late = words("card.late") if running.late else ""
    if running.provisional:
        late += words("card.provisional")
    return words(
        "card.clock",
        clock=words(f"clock.{running.kind}"),
        time=rendering.when(rendering.up_to_minute(running.due), now),
        late=late,
    )


def _who(shown: Card, names: Mapping[int, str], words: Wording) -> list[str]:
    """Who works on it; or who did, and who is asked to."""
    ticket = shown.ticket
    if ticket.assignee is not None:
        return [words("card.assignee", who=names[ticket.assignee])]
    found = []
    if ticket.last_assignee is not None:
        found.append(words("card.last_assignee", who=names[ticket.last_assignee]))
    if shown.on_duty:
        on_duty = "、".join(hub_name(person, words) for person in shown.on_duty)
        found.append(words("card.on_duty", who=on_duty))
    if shown.sought is not None:
        found.append(words("card.sought", who=_to(shown.sought, names, words)))
    return found


def _delivery(delivery: Delivery, now: datetime, words: Wording) -> str:
    if delivery.error is not None:
        return words("card.undelivered", why=_why(delivery.error, words))
    if delivery.at is not None:
        return words("card.delivered", time=rendering.when(delivery.at, now))
    return words("card.on_its_way")


def _why(error: str, words: Wording) -> str:
    """What a channel said, in our words where we have some."""
    return words(error) if words.has(error) else error


def asked_again(file: Dossier, text: str | None, words: Wording) -> Words:
    """Return the word that the asker is not satisfied, to whoever answered last."""
    key = "hub.asked_again" if text else "hub.asked_again.silent"
    who = _at(file, file.ticket.last_assignee, words)
    return _on_card(file, words, key, who=who, text=clip(text or "", CARD_TEXT))


def added(file: Dossier, text: str, words: Wording) -> Words:
    """Return the word that the asker wrote more, to whoever works on it."""
    who = _at(file, file.ticket.assignee, words)
    return _on_card(file, words, "hub.added", who=who, text=clip(text, CARD_TEXT))


def edited(file: Dossier, text: str, words: Wording) -> Words:
    """Return the word that the asker put something else, to whoever works on it."""
    who = _at(file, file.ticket.assignee, words)
    return _on_card(file, words, "hub.edited", who=who, text=clip(text, CARD_TEXT))


def urgent(file: Dossier, due: datetime, now: datetime, words: Wording) -> Words:
    """Return the word that a ticket is urgent, to the duty leads."""
    time = rendering.when(rendering.up_to_minute(due), now)
    return _on_card(file, words, "hub.urgent", leads=_leads(file, words), time=time)


def undelivered(file: Dossier, why: str, words: Wording) -> Words:
    """Return the word that an answer did not arrive, to whoever gave it."""
    who = _at(file, file.ticket.assignee, words)
    return _on_card(file, words, "hub.undelivered", who=who, why=_why(why, words))


def reminder(key: str, file: Dossier, timer: Timer, time: str, words: Wording) -> str:
    """Return a reminder or an alert about a promise."""
    assignee = file.people.get(file.ticket.assignee or 0)
    who = words("hub.assignee", name=assignee.name) if assignee else words("hub.nobody")
    return words(
        key,
        ticket=file.ticket.id,
        clock=words(f"clock.{timer.kind}"),
        step=timer.step,
        time=time,
        who=who,
        leads=_leads(file, words),
        operator=words("operator.name"),
    )


def pause_ended(file: Dossier, words: Wording) -> str:
    """Return the word that the asker did not say more in time, to whoever asked."""
    who = _at(file, file.ticket.assignee, words)
    return words("hub.pause_ended", ticket=file.ticket.id, who=who)


def lease_lost(file: Dossier, words: Wording) -> str:
    """Return the word that a ticket was held too long and is everybody's again."""
    who = _at(file, file.ticket.last_assignee, words)
    return words("hub.lease_lost", ticket=file.ticket.id, who=who)


def left_behind(file: Dossier, person: Person, words: Wording) -> Words:
    """Return the word that a ticket is everybody's again, because somebody is here no more."""
    return _on_card(file, words, "hub.left_behind", name=person.name)


def moved_up(file: Dossier, above: str, words: Wording) -> Words:
    """Return the card that is left in a hub whose ticket goes on in the one above."""
    number = file.ticket.id
    text = words("card.moved_up", ticket=number, village=file.village.name, hub=above)
    return Words(text=text, slot=f"card:{number}")


def came_up(file: Dossier, below: str, words: Wording) -> Words:
    """Return the word to the duty leads of a hub that a ticket has come up to it."""
    return _on_card(file, words, "hub.came_up", leads=_leads(file, words), hub=below)


def transferred(file: Dossier, asked: Sequence[Person], profession: str, words: Wording) -> Words:
    """Return the word to whoever is asked to take a ticket: a profession, or somebody."""
    who = "".join(words("hub.at", name=person.name) for person in asked[:ASKED_AT_ONCE])
    to = profession or asked[0].name
    return _on_card(file, words, "hub.transferred", who=who, to=to)


def assigned(file: Dossier, words: Wording) -> Words:
    """Return the word to whoever works on a ticket from now on."""
    return _on_card(file, words, "hub.assigned", who=_at(file, file.ticket.assignee, words))


def send_anyway(file: Dossier, kept: int, message: str, words: Wording) -> Words:
    """Return the question whether an answer to somebody else's ticket is meant."""
    person, number = file.people[file.ticket.assignee or 0], file.ticket.id
    buttons = tuple(
        Button(label=words(f"label.{act}"), act=act, ticket=number, arg=str(kept))
        for act in (Act.SEND, Act.KEEP_BACK)
    )
    text = words(
        "hub.send_anyway",
        ticket=number,
        who=hub_name(person, words),
        choices=rendering.choices_line(buttons, words),
    )
    return Words(text=text, buttons=buttons, reply_to=message)


def _on_card(file: Dossier, words: Wording, key: str, **facts: str) -> Words:
    text = words(key, ticket=file.ticket.id, **facts)
    return Words(text=text, reply_slot=f"card:{file.ticket.id}")


def _at(file: Dossier, person: int | None, words: Wording) -> str:
    known = file.people.get(person or 0)
    return words("hub.at", name=known.name) if known else ""


def _leads(file: Dossier, words: Wording) -> str:
    return "".join(words("hub.at", name=name) for name in file.leads)
