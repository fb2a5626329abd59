"""Which single facts and which rules does this installation hold?"""

import json
from dataclasses import asdict, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.sqlite import insert

from escalation.calendar import WorkCalendar
from escalation.calendar_check import dump_calendars, parse_calendars
from escalation.policy import SlaPolicy
from storage.tables import META, RULES

POLICY, CALENDAR = "policy", "calendar"
REMEMBERED = 64  # rules read lately: a version never changes, and checking one takes 5 ms
_SET_INSERT = insert(META)
_SET = _SET_INSERT.on_conflict_do_update(
    index_elements=["key"], set_={"value": _SET_INSERT.excluded.value}
)
_GET = select(META.c.value).where(META.c.key == bindparam("of_key"))
_REVISION = sql("SELECT version_num FROM alembic_version")
_ADD = insert(RULES)
_BODY = select(RULES.c.body).where(
    RULES.c.kind == bindparam("of_kind"), RULES.c.version == bindparam("of_version")
)
_VERSION = select(RULES.c.version).where(
    RULES.c.kind == bindparam("of_kind"), RULES.c.body == bindparam("of_body")
)
_COUNT = select(func.count()).where(RULES.c.kind == bindparam("of_kind"))


class Meta:
    """Single facts by key, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> str | None:
        """Return the fact, None where there is none."""
        found: str | None = self._connection.execute(_GET, {"of_key": key}).scalar()
        return found

    def set(self, key: str, value: str) -> None:
        """Store the fact."""
        self._connection.execute(_SET, {"key": key, "value": value})

    def revision(self) -> str | None:
        """Return the revision the tables have now."""
        found: str | None = self._connection.execute(_REVISION).scalar()
        return found


class Rules:
    """Policies and calendars by version, inside one transaction: added, never changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep_policy(self, policy: SlaPolicy, now: datetime) -> SlaPolicy:
        """Return the policy under the version it has here, a new one where it is new."""
        body = json.dumps(asdict(replace(policy, version=0)), sort_keys=True)
        return replace(policy, version=int(self._keep(POLICY, body, now)))

    def policy(self, version: int) -> SlaPolicy:
        """Return the policy of a version that a ticket names."""
        return _policy(self._body(POLICY, str(version)), version)

    def keep_calendar(self, calendar: WorkCalendar, now: datetime) -> WorkCalendar:
        """Return the calendar under the version it has here, a new one where it is new."""
        body = json.dumps(dump_calendars([replace(calendar, version="")]), sort_keys=True)
        return replace(calendar, version=self._keep(CALENDAR, body, now))

    def calendar(self, version: str) -> WorkCalendar:
        """Return the calendar of a version that a ticket names."""
        return _calendar(self._body(CALENDAR, version), version)

    def _keep(self, kind: str, body: str, now: datetime) -> str:
        same = {"of_kind": kind, "of_body": body}
        known: str | None = self._connection.execute(_VERSION, same).scalar()
        if known is not None:
            return known
        version = str(self._connection.execute(_COUNT, {"of_kind": kind}).scalar_one() + 1)
        self._connection.execute(
            _ADD, {"kind": kind, "version": version, "body": body, "since": now}
        )
        return version

    def _body(self, kind: str, version: str) -> str:
        found: str = self._connection.execute(
            _BODY, {"of_kind": kind, "of_version": version}
        ).scalar_one()
        return found


@lru_cache(maxsize=REMEMBERED)
def _policy(body: str, version: int) -> SlaPolicy:
    values: dict[str, Any] = {
        key: tuple(one) if isinstance(one, list) else one for key, one in json.loads(body).items()
    }
    return SlaPolicy(**values | {"version": version})


@lru_cache(maxsize=REMEMBERED)
def _calendar(body: str, version: str) -> WorkCalendar:
    (calendar,) = parse_calendars(json.loads(body), frozenset()).values()
    return replace(calendar, version=version)
