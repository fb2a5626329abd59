"""What does a decision need to know? Reads, inside the transaction that will write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from base.boxes import OutboxItem
from base.messages import Act, Button, ChatRef, Incoming, PersonRef
from base.wording import Wording
from bot import dossiers, gather_desk, gather_faq, gather_team, rendering, routing, sieve, tokens
from bot.channels.base import Admin
from bot.facts import Door, Facts, Fresh, Rules
from bot.ports import Unit
from escalation.calendar import WorkCalendar
from escalation.model import Hub, Membership, Person, Village
from escalation.policy import SlaPolicy
from knowledge.model import FaqEntry, Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """What is in force in this installation now, and its secret."""

    words: Wording
    secret: bytes
    policy: SlaPolicy
    calendar: WorkCalendar
    calendars: Mapping[str, WorkCalendar] = field(default_factory=dict)  # of hubs, by their names
    entries: Mapping[str, FaqEntry] = field(default_factory=dict)  # the FAQ that is served now

    def calendar_of(self, hub: str) -> WorkCalendar:
        """Return the calendar of a hub: its own, or that of all."""
        return self.calendars.get(hub, self.calendar)


def facts(
    unit: Unit,
    house: House,
    incoming: Incoming,
    *,
    verdict: Verdict | None,
    admins: Sequence[Admin],
    now: datetime,
) -> Facts:
    """Read everything the decision about one incoming thing may look at."""
    door = _door(unit, incoming, admins, now)
    found = _facts(unit, house, _in_words(unit, incoming, house.words), verdict, door)
    desk = gather_desk.desk(unit, found, now)
    faq = gather_faq.collecting(unit, found, verdict)
    return replace(found, desk=desk, own=gather_desk.own(unit, found), faq=faq)


def _facts(
    unit: Unit, house: House, incoming: Incoming, verdict: Verdict | None, door: Door | None
) -> Facts:
    village, hub = _place(unit, incoming.chat)
    person = _person(unit, incoming, door)
    pressed = _pressed(house, incoming)
    number = _ticket_meant(unit, incoming, pressed, person, village)
    return Facts(
        incoming=incoming,
        person=person,
        memberships=_memberships(unit, person, village, hub),
        village=village,
        hub=hub,
        dossier=dossiers.dossier(unit, number) if number is not None else None,
        pressed=pressed,
        said=_said(unit, incoming, number),
        verdict=verdict,
        author=_author(unit, incoming, number),
        fresh=_fresh(unit, house, village) if village is not None else None,
        entries=house.entries,
        words=house.words,
        door=door,
        rules=_rules(house, unit.people.hub(village.hub) if village else hub),
        greeted=village is None and hub is None and unit.people.greeted(incoming.chat),
        team=gather_team.team(unit, hub, incoming),
        other=dossiers.other(unit, incoming, number),
    )


def _person(unit: Unit, incoming: Incoming, door: Door | None) -> Person:
    """Who wrote; somebody who writes to us alone is not stored, but for opening a desk."""
    if not incoming.direct or (door is not None and door.entry is not None):
        return unit.people.meet(incoming.sender, incoming.sender_name)
    nobody = Person(id=0, ref=incoming.sender, name=incoming.sender_name)
    return unit.people.find(incoming.sender) or nobody


def _door(unit: Unit, incoming: Incoming, admins: Sequence[Admin], now: datetime) -> Door | None:
    """What the one-time code of a /bind opens; None where no code was typed."""
    asked = routing.command(incoming.text)
    if asked is None or asked[0] != "bind":
        return None
    entry = unit.people.open_pass(tokens.code_hash(asked[1]), now)
    return Door(
        admins=tuple(unit.people.meet(admin.ref, admin.name) for admin in admins),
        entry=entry,
        bound=unit.people.bound_as(entry) if entry is not None else None,
    )


def _in_words(unit: Unit, incoming: Incoming, words: Wording) -> Incoming:
    """The same message with what it carries beside text named in its words.

    An edited message that no ticket holds is as good as a new one.
    """
    held = unit.tickets.by_message(incoming.chat, incoming.message_id) if incoming.edited else None
    replied = incoming.reply_to
    if replied is not None:
        said = rendering.with_media(replied.text, replied.media, words)
        replied = replace(replied, text=said)
    text = rendering.with_media(incoming.text, incoming.media, words)
    return replace(incoming, text=text, reply_to=replied, edited=held is not None)


def known(
    unit: Unit, chat: ChatRef, sender: PersonRef, reply_to: str | None, mention: str = ""
) -> sieve.Known:
    """Read what tells whether a message concerns us; stores nobody."""
    held = reply_to is not None and (
        unit.tickets.by_message(chat, reply_to) is not None
        or unit.outbox.of_message(chat, reply_to) is not None
    )
    village, person = unit.people.village_of(chat), unit.people.find(sender)
    has_open = (
        village is not None
        and person is not None
        and unit.tickets.lively(village.id, person.id) is not None
    )
    return sieve.Known(
        replies_to_held=held,
        has_open=has_open,
        is_hub=unit.people.hub_of(chat) is not None,
        unsettled=unit.inbox.waits(chat),
        mention=mention,
        listening=village is not None and village.listening,
        desk=village is not None and village.relayed,
    )


def _fresh(unit: Unit, house: House, village: Village) -> Fresh:
    hub = unit.people.hub(village.hub)
    return Fresh(
        number=unit.tickets.next_id(),
        village=village,
        hub=hub,
        leads=dossiers.leads(unit, village.hub),
        policy=house.policy,
        calendar=house.calendar_of(hub.name),
    )


def _rules(house: House, hub: Hub | None) -> Rules | None:
    return Rules(policy=house.policy, calendar=house.calendar_of(hub.name)) if hub else None


def _place(unit: Unit, chat: ChatRef) -> tuple[Village | None, Hub | None]:
    """The village or the hub whose group this is; a chat is never both."""
    village = unit.people.village_of(chat)
    return village, unit.people.hub_of(chat) if village is None else None


def _memberships(
    unit: Unit, person: Person, village: Village | None, hub: Hub | None
) -> frozenset[Membership]:
    """What somebody is here; a duty lead of its hub is one in a village, too."""
    if village is not None:
        parts = unit.people.parts(person.id, (f"village:{village.id}", f"hub:{village.hub}"))
        leads = parts[f"hub:{village.hub}"] & {Membership.DUTY_LEAD}
        return parts[f"village:{village.id}"] | leads
    return unit.people.memberships(person.id, f"hub:{hub.id}") if hub else frozenset()


def _pressed(house: House, incoming: Incoming) -> Button | None:
    if incoming.press is None:
        return None
    button = tokens.verify(house.secret, incoming.chat, incoming.press.token)
    if button is None:
        return None
    label = f"label.{button.act}"
    known = house.words(label, number=button.arg) if house.words.has(label) else ""
    return Button(label=known, act=button.act, ticket=button.ticket, arg=button.arg)


def _ticket_meant(
    unit: Unit,
    incoming: Incoming,
    pressed: Button | None,
    person: Person,
    village: Village | None,
) -> int | None:
    """The ticket a message is about: by button, reply, number, or its sender's open one."""
    if incoming.press is not None:
        return pressed.ticket if pressed else None
    if incoming.edited:
        return unit.tickets.by_message(incoming.chat, incoming.message_id)
    if incoming.reply_to is not None:
        held = unit.tickets.by_message(incoming.chat, incoming.reply_to.message_id)
        lost = _of_lost_copy(unit, incoming, person, village)
        return held or lost or routing.ticket_number(incoming.text)
    if (named := routing.ticket_number(incoming.text)) is not None:
        return named
    act = routing.typed(incoming.text)
    if village is None or (act is None and routing.number(incoming.text) is None):
        return None
    own = unit.tickets.lively(village.id, person.id)
    return own or (unit.tickets.lively(village.id) if act is Act.URGENT else None)


def _of_lost_copy(
    unit: Unit, incoming: Incoming, person: Person, village: Village | None
) -> int | None:
    """The ticket of a message of ours whose id we never learned: accepted, and then cut off."""
    replied = incoming.reply_to
    if replied is None or replied.author is not None:
        return None
    if unit.outbox.of_message(incoming.chat, replied.message_id) is not None:
        return None
    if village is None:
        return routing.card_number(replied.text)
    return unit.tickets.lively(village.id, person.id)


def _said(unit: Unit, incoming: Incoming, number: int | None) -> OutboxItem | None:
    """Our message that was pressed, replied to, or that offers the choice typed."""
    if incoming.press is not None:
        return unit.outbox.of_message(incoming.chat, incoming.press.message_id)
    ours = None
    if incoming.reply_to is not None:
        ours = unit.outbox.of_message(incoming.chat, incoming.reply_to.message_id)
    if number is not None and (ours is None or not ours.buttons):
        return unit.outbox.last_choice(incoming.chat, number)
    return ours


def _author(unit: Unit, incoming: Incoming, number: int | None) -> Person | None:
    """Who wrote the message that a gesture makes the question."""
    replied = incoming.reply_to
    if replied is None or replied.author is None or incoming.direct:
        return None
    if number is not None and routing.appoints(incoming.text) is None:
        return None
    urgent = routing.typed(incoming.text) is Act.URGENT
    appoints = routing.appoints(incoming.text) is not None
    if not (urgent or routing.passes_on(incoming.text) or appoints):
        return None
    return unit.people.meet(replied.author, replied.author_name)
