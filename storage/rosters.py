"""Who is on duty in a hub, and which offices are there to send somebody to?"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from escalation.directory import Office
from escalation.roster import Duty
from storage.people import person_of
from storage.tables import DUTY, OFFICE, PERSON

MOST = 400  # duties looked at: some weeks of a hub
_DUTIES = (
    select(PERSON, DUTY.c.starts, DUTY.c.ends)
    .join(DUTY, DUTY.c.person == PERSON.c.id)
    .where(DUTY.c.hub == bindparam("of_hub"))
    .order_by(DUTY.c.starts.desc(), PERSON.c.id.desc())
    .limit(MOST)
)
_CLEAR = delete(DUTY).where(
    DUTY.c.hub == bindparam("of_hub"),
    DUTY.c.starts < bindparam("until"),
    DUTY.c.ends > bindparam("since"),
)
_FORGET = delete(DUTY).where(
    DUTY.c.hub == bindparam("of_hub"),
    DUTY.c.person == bindparam("of_person"),
    DUTY.c.ends > bindparam("since"),
)
_ADD = insert(DUTY)
_OFFICES = select(OFFICE).order_by(OFFICE.c.name)
_ADD_OFFICE = insert(OFFICE)


class Rosters:
    """Duties and offices, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def duties(self, hub: int) -> Sequence[Duty]:
        """Return the newest duties of a hub, the earliest first."""
        rows = self._connection.execute(_DUTIES, {"of_hub": hub}).all()
        return [
            Duty(person=person_of(row), starts=row.starts, ends=row.ends) for row in reversed(rows)
        ]

    def put(self, hub: int, duties: Sequence[Duty]) -> None:
        """Let these be the duties of a hub, in place of all that touch the same time."""
        if not duties:
            return
        since, until = min(one.starts for one in duties), max(one.ends for one in duties)
        self._connection.execute(_CLEAR, {"of_hub": hub, "since": since, "until": until})
        rows = [
            {"hub": hub, "person": one.person.id, "starts": one.starts, "ends": one.ends}
            for one in duties
        ]
        self._connection.execute(_ADD, rows)

    def forget(self, hub: int, person: int, since: datetime) -> None:
        """Take somebody who has left off the roster."""
        self._connection.execute(_FORGET, {"of_hub": hub, "of_person": person, "since": since})

    def offices(self) -> Sequence[Office]:
        """Return every office, by name."""
        return [
            Office(name=r.name, what=r.what, place=r.place, hours=r.hours, phone=r.phone)
            for r in self._connection.execute(_OFFICES)
        ]

    def put_offices(self, offices: Sequence[Office]) -> None:
        """Let these be the offices there are."""
        self._connection.execute(delete(OFFICE))
        if offices:
            rows = [
                {"name": o.name, "what": o.what, "place": o.place, "hours": o.hours,
                 "phone": o.phone}
                for o in offices
            ]  # fmt: skip
            self._connection.execute(_ADD_OFFICE, rows)
