"""How do the staff pages hang on the service? Its store, its FAQ, its tickets → what they need."""

from collections.abc import Sequence
from datetime import datetime

from base.wording import Wording
from bot import dossiers, explaining
from console.ports import House, TicketLine, TicketPage
from escalation.calendar import BEIJING
from knowledge.model import FaqEntry
from storage.store import Store
from storage.unit import Unit
from wenha import faq_files, regression, tickets
from wenha.config import secret
from wenha.wiring import Service


def house(service: Service, *, secure: bool | None = None) -> House:
    """Return what the staff pages need of the service; https as configured, or as told."""

    def lacking(entry: FaqEntry, others: Sequence[FaqEntry]) -> Sequence[str]:
        today = service.clock.now().astimezone(BEIJING).date()
        return faq_files.lacking(entry, others, today)

    return House(
        store=service.store,
        clock=service.clock,
        words=service.words,
        secret=secret(service.config),
        secure=service.config.web.url.startswith("https://") if secure is None else secure,
        tickets=Tickets(service),
        index=lambda: service.shelf.faq.index,
        lacking=lacking,
        replay=lambda entry, past: regression.replayed(service.shelf.faq.index, [entry], past),
    )


class Tickets:
    """The tickets of all hubs, to be looked at."""

    def __init__(self, service: Service) -> None:
        self._store: Store = service.store
        self._words: Wording = service.words
        self._clock = service.clock

    async def lines(self, *, state: str, before: int | None, most: int) -> Sequence[TicketLine]:
        """Return the newest tickets below a number; `state` is open, closed or empty."""
        now = self._clock.now()

        def work(unit: Unit) -> Sequence[TicketLine]:
            found = unit.tickets.newest(state=state, before=before, most=most)
            files = (dossiers.dossier(unit, one.id) for one in found)
            return [tickets.line(file, self._words, now) for file in files if file is not None]

        return await self._store.read(work)

    async def page(self, number: int) -> TicketPage | None:
        """Return one ticket; None if there is none of this number."""
        now = self._clock.now()
        return await self._store.read(lambda unit: _page(unit, number, now, self._words))


def _page(unit: Unit, number: int, now: datetime, words: Wording) -> TicketPage | None:
    file = dossiers.dossier(unit, number)
    if file is None:
        return None
    category = file.ticket.category
    return TicketPage(
        line=tickets.line(file, words, now),
        opened=tickets.moment(file.ticket.opened_at),
        category=words(f"category.{category}") if category else "",
        entry=file.ticket.faq or "",
        story=list(tickets.story(file, words)),
        clocks=explaining.whole(file, now, words),
    )
