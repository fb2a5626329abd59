"""What does a chat get that is nobody's, and how does it become a village's or a hub's? Pure."""

from base.errors import Refused
from base.messages import (
    Act,
    Button,
    HubChat,
    Kind,
    NoticeKind,
    Outgoing,
    ToHub,
    ToStranger,
    ToVillage,
    VillageChat,
    Words,
)
from base.wording import Wording
from bot import routing
from bot.facts import NOT_OURS, Decision, Facts
from escalation.changes import Bind, Greet, Move, Pass

PROFESSIONS = ("lawyer", "mediator", "legal_aid", "notary", "appraiser", "volunteer", "publicity")
"""What somebody of a hub may be; the words are in base/wording, the order is the buttons'."""


def decide(facts: Facts) -> Decision:
    """Return what follows in a chat that is neither a village's nor a hub's.

    Raises:
        Refused: a code was typed where it can't be used, or an old button was pressed.
    """
    incoming = facts.incoming
    if incoming.direct:
        return _direct(facts)
    if incoming.press is not None:
        raise Refused("refused.forged")
    asked = routing.command(incoming.text)
    if asked is not None and asked[0] == "bind":
        return bind(facts)
    removed = incoming.notice is not None and incoming.notice.kind is not NoticeKind.ADDED
    if facts.greeted or removed:
        return NOT_OURS
    line = ToStranger(
        key=f"{incoming.key}:0",
        chat=incoming.chat,
        words=Words(text=facts.words("stranger.greeting")),
    )
    return Decision(ours=False, outgoing=(line,), changes=(Greet(chat=incoming.chat),))


def _direct(facts: Facts) -> Decision:
    """Somebody writes to us alone: how to ask in the village, at most once an hour unless asked.

    Nothing of it is stored; that it was said this hour is in the key.

    Raises:
        Refused: a code belongs into the group it is for.
    """
    incoming = facts.incoming
    if incoming.notice is not None or incoming.press is not None:
        return NOT_OURS
    asked = routing.command(incoming.text)
    if asked is not None and asked[0] == "bind":
        return _open_desk(facts)
    hourly = f"direct:{incoming.chat.lane}:{incoming.at:%Y-%m-%dT%H}"
    words = Words(text=facts.words("stranger.direct"))
    key = f"{incoming.key}:0" if asked else hourly
    return Decision(ours=False, outgoing=(ToStranger(key=key, chat=incoming.chat, words=words),))


def _open_desk(facts: Facts) -> Decision:
    """Make a chat with one person the desk of a liaison.

    Raises:
        Refused: the code is none of a desk, or is not valid now.
    """
    entry = facts.door.entry if facts.door else None
    if entry is None:
        raise Refused("refused.bind_code")
    if not entry.relayed:
        raise Refused("refused.bind_direct")
    if facts.door is not None and facts.door.bound is not None:
        raise Refused("refused.bind_taken", {"name": entry.name})
    bind = Bind(entry=entry, chat=facts.incoming.chat, people=(facts.person.id,))
    return Decision(ours=False, changes=(bind,), outgoing=(_welcome(facts, entry),))


def bind(facts: Facts) -> Decision:
    """Bind a chat to the village or hub of a one-time code, typed by one of its admins.

    Raises:
        Refused: no admin, an anonymous one, no code that is valid now, or the chat or the name is
            bound already.
    """
    if facts.incoming.sender.scope == "chat":
        raise Refused("refused.bind_anonymous")
    door, chat = facts.door, facts.incoming.chat
    if door is None or facts.person.id not in {admin.id for admin in door.admins}:
        raise Refused("refused.bind_admin")
    if door.entry is None:
        raise Refused("refused.bind_code")
    if facts.village is not None or facts.hub is not None:
        raise Refused("refused.bind_bound")
    if door.bound is not None and not door.entry.replaces:
        raise Refused("refused.bind_taken", {"name": door.entry.name})
    is_hub = door.entry.hub is None
    people = [admin.id for admin in door.admins] if is_hub else [facts.person.id]
    bind = Bind(entry=door.entry, chat=chat, people=tuple(people))
    changes = (bind,) if door.bound is None else (Move(old=door.bound, new=chat), bind)
    return Decision(ours=False, changes=changes, outgoing=(_welcome(facts, door.entry),))


def _welcome(facts: Facts, entry: Pass) -> Outgoing:
    """The first message after binding: how to ask and what is kept, or who you are."""
    key, chat, words = f"{facts.incoming.key}:0", facts.incoming.chat, facts.words
    if entry.hub is not None:
        text = words("desk.welcome", village=entry.name) if entry.relayed else ""
        said = Words(text=text or words("village.welcome"))
        return ToVillage(key=key, kind=Kind.REPLY, chat=VillageChat(ref=chat), words=said)
    said = Words(text=words("hub.welcome"), buttons=professions(words), slot=key)
    return ToHub(key=key, kind=Kind.REPLY, chat=HubChat(ref=chat), words=said)


def professions(words: Wording) -> tuple[Button, ...]:
    """Return a button for everything somebody of a hub may be."""
    return tuple(
        Button(label=words(f"profession.{one}"), act=Act.PROFESSION, ticket=0, arg=one)
        for one in PROFESSIONS
    )
