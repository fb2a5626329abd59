"""Who is who, and which chat is which village or hub?"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, select
from sqlalchemy.dialects.sqlite import insert

from base.errors import NotFound
from base.messages import ChatRef, HubChat, PersonRef, VillageChat
from escalation.changes import Appoint, Bind, Change, Dismiss, Greet, Listen, Move, Pass, Profess
from escalation.model import Hub, Membership, Person, Village
from storage.tables import GREETED, HUB, MEMBER, PASS, PERSON, VILLAGE

_MEET_INSERT = insert(PERSON)
_MEET = _MEET_INSERT.on_conflict_do_update(
    index_elements=["channel", "scope", "external_id"],
    set_={"name": _MEET_INSERT.excluded.name},
).returning(PERSON)
_BY_ID = select(PERSON).where(PERSON.c.id == bindparam("of_person"))
_BY_REF = select(PERSON).where(
    PERSON.c.channel == bindparam("of_channel"),
    PERSON.c.scope == bindparam("of_scope"),
    PERSON.c.external_id == bindparam("of_external"),
)
_PROFESS = (
    PERSON.update()
    .where(PERSON.c.id == bindparam("of_person"))
    .values(profession=bindparam("as_what"))
)
_JOIN = insert(MEMBER).on_conflict_do_nothing()
_DISMISS = MEMBER.delete().where(
    MEMBER.c.person_id == bindparam("of_person"), MEMBER.c.place == bindparam("at_place")
)
_PARTS = select(MEMBER.c.place, MEMBER.c.membership).where(
    MEMBER.c.person_id == bindparam("of_person"),
    MEMBER.c.place.in_(bindparam("at_places", expanding=True)),
)
_MEMBERS = (
    select(PERSON, MEMBER.c.membership)
    .join(MEMBER, MEMBER.c.person_id == PERSON.c.id)
    .where(MEMBER.c.place == bindparam("at_place"))
    .order_by(PERSON.c.id)
)
_VILLAGE_BY_CHAT = select(VILLAGE).where(
    VILLAGE.c.channel == bindparam("in_channel"), VILLAGE.c.chat_id == bindparam("in_chat")
)
_LISTEN = (
    VILLAGE.update().where(VILLAGE.c.id == bindparam("of_place")).values(listening=bindparam("on"))
)
_VILLAGE_BY_ID = select(VILLAGE).where(VILLAGE.c.id == bindparam("of_place"))
_HUB_BY_CHAT = select(HUB).where(
    HUB.c.channel == bindparam("in_channel"), HUB.c.chat_id == bindparam("in_chat")
)
_HUB_BY_ID = select(HUB).where(HUB.c.id == bindparam("of_place"))
_ADD_HUB = insert(HUB).on_conflict_do_nothing()
_ADD_VILLAGE = insert(VILLAGE).on_conflict_do_nothing()
_NEW_PASS = insert(PASS)
_OPEN_PASS = select(PASS).where(
    PASS.c.code == bindparam("of_code"),
    PASS.c.used_at.is_(None),
    PASS.c.expires_at > bindparam("now"),
)
_USE_PASS = (
    PASS.update().where(PASS.c.code == bindparam("of_code")).values(used_at=bindparam("now"))
)
_GREETED = select(GREETED.c.at).where(
    GREETED.c.channel == bindparam("in_channel"), GREETED.c.chat_id == bindparam("in_chat")
)
_GREET = insert(GREETED).on_conflict_do_nothing()
_REHOME = {
    table: table.update()
    .where(table.c.channel == bindparam("in_channel"), table.c.chat_id == bindparam("in_chat"))
    .values(channel=bindparam("new_channel"), chat_id=bindparam("new_chat"))
    for table in (VILLAGE, HUB)
}
_HUB_BY_NAME = select(HUB).where(HUB.c.name == bindparam("of_name"))
_VILLAGE_BY_NAME = select(VILLAGE).where(VILLAGE.c.name == bindparam("of_name"))
_PUT_ABOVE = (
    HUB.update().where(HUB.c.id == bindparam("of_hub")).values(above_id=bindparam("above"))
)
_ALL_HUBS = select(HUB).order_by(HUB.c.id)
_ALL_VILLAGES = select(VILLAGE).order_by(VILLAGE.c.id)


class People:
    """People, villages and hubs, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def meet(self, ref: PersonRef, name: str) -> Person:
        """Return the person of this reference, known from now on under this name."""
        row = self._connection.execute(
            _MEET,
            {"channel": ref.channel, "scope": ref.scope, "external_id": ref.id}
            | {"name": name, "profession": ""},
        ).one()
        return person_of(row)

    def find(self, ref: PersonRef) -> Person | None:
        """Return the person of this reference if we have met; stores nobody."""
        of = {"of_channel": ref.channel, "of_scope": ref.scope, "of_external": ref.id}
        row = self._connection.execute(_BY_REF, of).first()
        return person_of(row) if row else None

    def get(self, person: int) -> Person:
        """Return one person.

        Raises:
            NotFound: there is nobody of this id.
        """
        row = self._connection.execute(_BY_ID, {"of_person": person}).first()
        if row is None:
            msg = f"person {person}"
            raise NotFound(msg)
        return person_of(row)

    def join(self, person: int, place: str, membership: Membership, profession: str = "") -> None:
        """Make somebody liaison, responder or duty lead of "village:3" or "hub:1"."""
        self._connection.execute(
            _JOIN, {"person_id": person, "place": place, "membership": membership}
        )
        if profession:
            self._connection.execute(_PROFESS, {"of_person": person, "as_what": profession})

    def memberships(self, person: int, place: str) -> frozenset[Membership]:
        """Return what somebody is in a place; empty for anybody else."""
        return self.parts(person, (place,))[place]

    def parts(self, person: int, places: Sequence[str]) -> Mapping[str, frozenset[Membership]]:
        """Return what somebody is in each of these places."""
        found: dict[str, set[Membership]] = {place: set() for place in places}
        asked = {"of_person": person, "at_places": list(places)}
        for row in self._connection.execute(_PARTS, asked):
            found[row.place].add(Membership(row.membership))
        return {place: frozenset(parts) for place, parts in found.items()}

    def members(self, place: str) -> Sequence[tuple[Person, Membership]]:
        """Return who has a part in a place."""
        rows = self._connection.execute(_MEMBERS, {"at_place": place})
        return [(person_of(row), Membership(row.membership)) for row in rows]

    def change(self, change: Change, now: datetime) -> None:
        """Write one change of who is who, or which chat is what."""
        match change:
            case Bind():
                self._bind(change, now)
            case Appoint():
                self.join(change.person, change.place, change.membership)
            case Dismiss():
                of = {"of_person": change.person, "at_place": change.place}
                self._connection.execute(_DISMISS, of)
            case Profess():
                self._connection.execute(
                    _PROFESS, {"of_person": change.person, "as_what": change.profession}
                )
            case Listen():
                self._connection.execute(_LISTEN, {"of_place": change.village, "on": change.on})
            case Move():
                self._rehome(change.old, change.new)
            case Greet():
                values = {"channel": change.chat.channel, "chat_id": change.chat.chat_id}
                self._connection.execute(_GREET, values | {"at": now})

    def _bind(self, bind: Bind, now: datetime) -> None:
        """Use up the code; the chat becomes what it says, its people get their parts."""
        self._connection.execute(_USE_PASS, {"of_code": bind.entry.code, "now": now})
        if bind.entry.hub is not None:
            village = self.add_village(
                bind.entry.name, bind.chat, bind.entry.hub, relayed=bind.entry.relayed
            )
            place, part = f"village:{village.id}", Membership.LIAISON
        else:
            hub = self.add_hub(bind.entry.name, bind.chat)
            place, part = f"hub:{hub.id}", Membership.DUTY_LEAD
        for person in bind.people:
            self.join(person, place, part)

    def _rehome(self, old: ChatRef, new: ChatRef) -> None:
        values = _chat(old) | {"new_channel": new.channel, "new_chat": new.chat_id}
        for statement in _REHOME.values():
            self._connection.execute(statement, values)

    def issue_pass(self, entry: Pass, expires_at: datetime) -> None:
        """Store what a new one-time code opens, until when."""
        self._connection.execute(
            _NEW_PASS,
            {
                "code": entry.code,
                "name": entry.name,
                "hub_id": entry.hub,
                "replaces": entry.replaces,
                "relayed": entry.relayed,
                "expires_at": expires_at,
                "used_at": None,
            },
        )

    def open_pass(self, code: str, now: datetime) -> Pass | None:
        """Return what a code (its hash) opens; None once it is used or expired, or unknown."""
        row = self._connection.execute(_OPEN_PASS, {"of_code": code, "now": now}).first()
        if row is None:
            return None
        return Pass(
            code=row.code,
            name=row.name,
            hub=row.hub_id,
            replaces=row.replaces,
            relayed=row.relayed,
        )

    def bound_as(self, entry: Pass) -> ChatRef | None:
        """Return the chat bound already under the name of a pass."""
        statement = _HUB_BY_NAME if entry.hub is None else _VILLAGE_BY_NAME
        row = self._connection.execute(statement, {"of_name": entry.name}).first()
        return ChatRef(channel=row.channel, chat_id=row.chat_id) if row else None

    def greeted(self, chat: ChatRef) -> bool:
        """Whether a chat that is nobody's has got its one line."""
        return self._connection.execute(_GREETED, _chat(chat)).first() is not None

    def hub_named(self, name: str) -> Hub | None:
        """Return the hub of this name."""
        row = self._connection.execute(_HUB_BY_NAME, {"of_name": name}).first()
        return _hub(row) if row else None

    def hubs(self) -> Sequence[Hub]:
        """Return every hub, oldest first."""
        return [_hub(row) for row in self._connection.execute(_ALL_HUBS)]

    def put_above(self, hub: int, above: int | None) -> None:
        """Let a hub go on with what another can't."""
        self._connection.execute(_PUT_ABOVE, {"of_hub": hub, "above": above})

    def villages(self) -> Sequence[Village]:
        """Return every village, oldest first."""
        return [_village(row) for row in self._connection.execute(_ALL_VILLAGES)]

    def village_of(self, chat: ChatRef) -> Village | None:
        """Return the village whose group this chat is."""
        row = self._connection.execute(_VILLAGE_BY_CHAT, _chat(chat)).first()
        return _village(row) if row else None

    def hub_of(self, chat: ChatRef) -> Hub | None:
        """Return the hub whose group this chat is."""
        row = self._connection.execute(_HUB_BY_CHAT, _chat(chat)).first()
        return _hub(row) if row else None

    def village(self, village: int) -> Village:
        """Return a village by its id, known to exist from a ticket's foreign key."""
        return _village(self._connection.execute(_VILLAGE_BY_ID, {"of_place": village}).one())

    def hub(self, hub: int) -> Hub:
        """Return a hub by its id, known to exist from a ticket's foreign key."""
        return _hub(self._connection.execute(_HUB_BY_ID, {"of_place": hub}).one())

    def add_hub(self, name: str, chat: ChatRef) -> Hub:
        """Return the hub of this chat, made now if it is new."""
        self._connection.execute(
            _ADD_HUB, {"name": name, "channel": chat.channel, "chat_id": chat.chat_id}
        )
        return _hub(self._connection.execute(_HUB_BY_CHAT, _chat(chat)).one())

    def add_village(self, name: str, chat: ChatRef, hub: int, *, relayed: bool = False) -> Village:
        """Return the village of this chat, made now if it is new."""
        values = {"name": name, "channel": chat.channel, "chat_id": chat.chat_id, "hub_id": hub}
        self._connection.execute(_ADD_VILLAGE, values | {"relayed": relayed})
        return _village(self._connection.execute(_VILLAGE_BY_CHAT, _chat(chat)).one())


def _chat(chat: ChatRef) -> dict[str, str]:
    return {"in_channel": chat.channel, "in_chat": chat.chat_id}


def person_of(row: Row[tuple[object, ...]]) -> Person:
    """Return the person of a row that holds its columns."""
    return Person(
        id=row.id,
        ref=PersonRef(channel=row.channel, scope=row.scope, id=row.external_id),
        name=row.name,
        profession=row.profession,
    )


def _village(row: Row[tuple[object, ...]]) -> Village:
    chat = VillageChat(ref=ChatRef(channel=row.channel, chat_id=row.chat_id))
    return Village(
        id=row.id, name=row.name, chat=chat, hub=row.hub_id, listening=row.listening,
        relayed=row.relayed,
    )  # fmt: skip


def _hub(row: Row[tuple[object, ...]]) -> Hub:
    return Hub(
        id=row.id,
        name=row.name,
        chat=HubChat(ref=ChatRef(channel=row.channel, chat_id=row.chat_id)),
        above=row.above_id,
    )
