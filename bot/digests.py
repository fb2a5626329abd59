"""When is a digest due, and has it been said? The outbox knows: its keys name hub, day and hour.

One message a day for each hub and each desk, at the first opening of a working day; at later
openings of the same day it is edited. Nothing is said where there is nothing to say.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from base.messages import Kind, Outgoing, ToHub, ToVillage, Words
from bot import digest, dossiers
from bot.facts import Dossier
from bot.gather import House
from bot.ports import Store, Unit
from escalation.calendar import BEIJING, DAY_MINUTES, WorkCalendar, windows_of
from escalation.model import Hub

AHEAD = 30  # days looked ahead for the next opening
A_DAY = timedelta(days=1)


class Digests:
    """Promises the digests that are due."""

    def __init__(self, store: Store, house: House) -> None:
        self._store = store
        self._house = house
        self._looked: dict[int, datetime] = {}  # spares looking again; the outbox knows the truth

    async def step(self, now: datetime) -> datetime | None:
        """Promise what is due now; return when the next digest is."""
        hubs = await self._store.read(lambda unit: unit.people.hubs())
        for hub in hubs:
            opened = _opening(self._house.calendar_of(hub.name), now)
            if opened is None or self._looked.get(hub.id) == opened:
                continue
            await self._store.write(self._unit(hub, opened, now), lane=hub.chat.ref.lane)
            self._looked[hub.id] = opened
        calendars = (self._house.calendar_of(hub.name) for hub in hubs)
        return min(filter(None, (_next(calendar, now) for calendar in calendars)), default=None)

    def _unit(self, hub: Hub, opened: datetime, now: datetime) -> Callable[[Unit], None]:
        def work(unit: Unit) -> None:
            unit.outbox.promise_all(self._messages(unit, hub, opened, now), now)

        return work

    def _messages(
        self, unit: Unit, hub: Hub, opened: datetime, now: datetime
    ) -> Iterator[Outgoing]:
        """The digests of a hub and of its desks, as far as they say something."""
        key, since = f"{opened.astimezone(BEIJING):%Y-%m-%d:%H%M}", opened - A_DAY
        slot = key.rpartition(":")[0]
        files = _open_ones(unit, hub, opened)
        answered = unit.tickets.answered(hub.id, since, opened)
        if text := digest.of_hub(files, answered, now, self._house.words):
            name = f"digest:hub:{hub.id}"
            words = Words(text=text, slot=f"{name}:{slot}")
            yield ToHub(key=f"{name}:{key}", kind=Kind.REMINDER, chat=hub.chat, words=words)
        for village in unit.people.villages():
            if village.hub != hub.id or not village.relayed:
                continue
            own = [file for file in files if file.village.id == village.id]
            if text := digest.of_desk(own, 0, now, self._house.words):
                name = f"digest:desk:{village.id}"
                words = Words(text=text, slot=f"{name}:{slot}")
                yield ToVillage(
                    key=f"{name}:{key}", kind=Kind.REMINDER, chat=village.chat, words=words
                )


def _open_ones(unit: Unit, hub: Hub, before: datetime) -> Sequence[Dossier]:
    """The open tickets that were there when work began: what comes later is no news then."""
    found = (dossiers.dossier(unit, number) for number in unit.tickets.open_in(hub.id))
    return [file for file in found if file is not None and file.ticket.opened_at < before]


def _openings(calendar: WorkCalendar, day: datetime) -> Iterator[datetime]:
    """When work begins on a day, in order: after each break once."""
    midnight = day.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    for window in windows_of(calendar, midnight.date()):
        if window.opens % DAY_MINUTES:
            yield midnight + timedelta(minutes=window.opens)


def _opening(calendar: WorkCalendar, now: datetime) -> datetime | None:
    """The last opening of today that has passed; None before the first, and on days off."""
    return max((at for at in _openings(calendar, now) if at <= now), default=None)


def _next(calendar: WorkCalendar, now: datetime) -> datetime | None:
    """The next opening after now."""
    days = (now + A_DAY * ahead for ahead in range(AHEAD))
    return next((at for day in days for at in _openings(calendar, day) if at > now), None)
