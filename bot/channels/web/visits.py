"""Who comes in by a secret link, and what is there for them to see? Reads, and one write."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from base.errors import Refused
from base.messages import ChatRef
from base.text import clean
from base.webchat import WebPress
from bot import tokens
from bot.channels.web import views
from bot.channels.web.badge import Badge
from bot.channels.web.desk import RoomKind, Words
from bot.ports import Unit
from bot.strangers import PROFESSIONS
from escalation.changes import Appoint, Profess
from escalation.model import Membership

LONGEST_NAME = 12  # characters
LONGEST_SECRET = 64
_TITLES = {Membership.LIAISON: "who.liaison", Membership.DUTY_LEAD: "place.duty_lead"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """The village or hub a link leads to.

    Attributes:
        key: how memberships name it, "village:3" or "hub:1".
        part: what the link makes of whoever comes in; None for anybody of the village.
    """

    chat: ChatRef
    kind: RoomKind
    key: str
    name: str
    part: Membership | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """Somebody at a place.

    Attributes:
        fresh: the browser has brought no badge of ours; it gets this one.
        inside: they may see and speak; else they are asked for their name first.
        titles: what people of the place are, by the platform's id.
        profession: what they are in hubs, empty until they have said it.
    """

    place: Place
    badge: Badge
    fresh: bool
    inside: bool
    titles: Mapping[str, str]
    profession: str
    seen: views.Seen
    press: WebPress | None


def find(unit: Unit, secret: str) -> Place | None:
    """Return where a link leads; None for a link that leads nowhere (any more)."""
    door = unit.doors.find(tokens.link_hash(secret)) if len(secret) <= LONGEST_SECRET else None
    if door is None:
        return None
    chat = ChatRef(channel="web", chat_id=door.chat_id)
    part = Membership(door.part) if door.part else None
    village, hub = unit.people.village_of(chat), unit.people.hub_of(chat)
    if village is not None:
        kind, key, name = RoomKind.VILLAGE, f"village:{village.id}", village.name
    elif hub is not None:
        kind, key, name = RoomKind.HUB, f"hub:{hub.id}", hub.name
    else:
        return None
    return Place(chat=chat, kind=kind, key=key, name=name, part=part)


def visit(unit: Unit, words: Words, secret: str, badge: Badge | None) -> Visit | None:
    """Read everything a page needs, in one transaction; nothing of the chat for outsiders."""
    place = find(unit, secret)
    if place is None:
        return None
    who = badge or Badge()
    person = unit.people.find(who.ref)
    parts = unit.people.memberships(person.id, place.key) if person else frozenset()
    inside = bool(who.name) and _opens(place.part, parts)
    press = unit.web.last_press(who.id) if inside else None
    return Visit(
        place=place,
        badge=who,
        fresh=badge is None,
        inside=inside,
        titles=_titles(unit, words, place) if inside else {},
        profession=person.profession if person else "",
        seen=views.read_chat(unit, place.chat) if inside else views.Seen(),
        press=press if press and press.chat_id == place.chat.chat_id else None,
    )


def come_in(unit: Unit, place: Place, badge: Badge, profession: str | None, now: datetime) -> None:
    """Give somebody the part of the link; of other people of a village nothing is kept."""
    if place.part is None:
        return
    person = unit.people.meet(badge.ref, badge.name)
    change = Appoint(person=person.id, place=place.key, membership=place.part)
    unit.people.change(change, now)
    if profession and not person.profession:
        unit.people.change(Profess(person=person.id, profession=profession), now)


def renamed(badge: Badge, told: str, words: Words) -> Badge:
    """Return the badge under the name told: another name is somebody else.

    Raises:
        Refused: no name, one too long, or ours.
    """
    name = " ".join(clean(told).split())
    if not name:
        raise Refused("place.no_name")
    if len(name) > LONGEST_NAME:
        raise Refused("place.long_name", {"limit": str(LONGEST_NAME)})
    if words("web.bot_name") in name:
        raise Refused("place.our_name")
    if badge.name in ("", name):
        return Badge(id=badge.id, name=name)
    return Badge(name=name)


def profession_told(visit: Visit, told: str, words: Words) -> str | None:
    """Return the profession somebody of a hub has chosen; None where none is asked for.

    Raises:
        Refused: none was chosen.
    """
    if visit.place.kind is not RoomKind.HUB:
        return None
    if told not in PROFESSIONS:
        raise Refused("place.no_profession")
    return words(f"profession.{told}")


def _opens(part: Membership | None, parts: frozenset[Membership]) -> bool:
    """Whether somebody has come in by such a link before; a duty lead is a responder, too."""
    if part is Membership.RESPONDER:
        return bool(parts)
    return part is None or part in parts


def _titles(unit: Unit, words: Words, place: Place) -> Mapping[str, str]:
    titles: dict[str, str] = {}
    for person, part in unit.people.members(place.key):
        if person.ref.channel != place.chat.channel:
            continue
        own = words(_TITLES[part]) if part in _TITLES else person.profession
        before = titles.get(person.ref.id, "")
        titles[person.ref.id] = own if part in _TITLES else before or own
    return titles
