"""Who may sign in at the staff pages, and which browsers have they signed in with?"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select, update

from base.staff import Account, Session, Staff, StaffRole
from storage.tables_faq import STAFF, STAFF_SESSION

_ADD = insert(STAFF)
_ALL = select(STAFF).order_by(STAFF.c.name)
_NAMED = select(STAFF).where(STAFF.c.name == bindparam("of_name"))
_OF: BindParameter[int] = bindparam("of_staff")
_SET_PASSWORD = (
    update(STAFF)
    .where(STAFF.c.id == _OF)
    .values(password=bindparam("to_password"), tries=0, tried_at=None)
)
_SET_ROLES = update(STAFF).where(STAFF.c.id == _OF).values(roles=bindparam("to_roles"))
_SET_DISABLED = update(STAFF).where(STAFF.c.id == _OF).values(disabled_at=bindparam("at"))
_SET_TRIES = (
    update(STAFF)
    .where(STAFF.c.id == _OF)
    .values(tries=bindparam("so_many"), tried_at=bindparam("at"))
)
_BEGIN = insert(STAFF_SESSION)
_SESSION = (
    select(STAFF, STAFF_SESSION.c.began_at, STAFF_SESSION.c.used_at)
    .join(STAFF_SESSION, STAFF_SESSION.c.staff == STAFF.c.id)
    .where(STAFF_SESSION.c.secret == bindparam("of_secret"), STAFF.c.disabled_at.is_(None))
)
_USED = (
    update(STAFF_SESSION)
    .where(STAFF_SESSION.c.secret == bindparam("of_secret"))
    .values(used_at=bindparam("at"))
)
_END = delete(STAFF_SESSION).where(STAFF_SESSION.c.secret == bindparam("of_secret"))
_END_ALL = delete(STAFF_SESSION).where(STAFF_SESSION.c.staff == _OF)


class StaffBook:
    """Accounts and their sessions, inside one transaction; secrets only as hashes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, name: str, roles: Collection[StaffRole], password: str, now: datetime) -> None:
        """Open an account; the name must be free."""
        row = {"name": name, "roles": sorted(roles), "password": password, "created_at": now}
        self._connection.execute(_ADD, row | {"tries": 0})

    def accounts(self) -> Sequence[Account]:
        """Return every account, by name."""
        return [_account(row) for row in self._connection.execute(_ALL)]

    def named(self, name: str) -> Account | None:
        """Return the account of a name; None if there is none."""
        row = self._connection.execute(_NAMED, {"of_name": name}).first()
        return _account(row) if row else None

    def set_password(self, staff: Staff, password: str) -> None:
        """Take another password, and sign the account out everywhere."""
        self._connection.execute(_SET_PASSWORD, {"of_staff": staff.id, "to_password": password})
        self._connection.execute(_END_ALL, {"of_staff": staff.id})

    def set_roles(self, staff: Staff, roles: Collection[StaffRole]) -> None:
        """Let somebody be something else from now on."""
        self._connection.execute(_SET_ROLES, {"of_staff": staff.id, "to_roles": sorted(roles)})

    def disable(self, staff: Staff, at: datetime | None) -> None:
        """Close an account and sign it out everywhere; None opens it again."""
        self._connection.execute(_SET_DISABLED, {"of_staff": staff.id, "at": at})
        self._connection.execute(_END_ALL, {"of_staff": staff.id})

    def tried(self, account: Account, now: datetime, *, right: bool) -> Account:
        """Count a password that was tried; return the account as it is then."""
        so_many, at = (0, None) if right else (account.tries_after(now), now)
        self._connection.execute(
            _SET_TRIES, {"of_staff": account.staff.id, "so_many": so_many, "at": at}
        )
        return replace(account, tries=so_many, tried_at=at)

    def begin(self, secret: str, staff: Staff, now: datetime) -> None:
        """Begin a session; `secret` is the hash of what the browser keeps."""
        row = {"secret": secret, "staff": staff.id, "began_at": now, "used_at": now}
        self._connection.execute(_BEGIN, row)

    def session(self, secret: str) -> Session | None:
        """Return the session of a secret's hash; None for none, and for a closed account."""
        row = self._connection.execute(_SESSION, {"of_secret": secret}).first()
        if row is None:
            return None
        return Session(staff=_staff(row), began_at=row.began_at, used_at=row.used_at)

    def used(self, secret: str, now: datetime) -> None:
        """Remember that a session was used."""
        self._connection.execute(_USED, {"of_secret": secret, "at": now})

    def end(self, secret: str) -> None:
        """End a session; nothing happens where there is none."""
        self._connection.execute(_END, {"of_secret": secret})


def _account(row: Any) -> Account:
    return Account(
        staff=_staff(row),
        password=row.password,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        tries=row.tries,
        tried_at=row.tried_at,
    )


def _staff(row: Any) -> Staff:
    return Staff(id=row.id, name=row.name, roles=frozenset(map(StaffRole, row.roles)))
