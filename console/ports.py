"""What do the staff pages need of the service? Promises kept elsewhere, seen from here."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from base.clock import Clock
from base.staff import Account, Session, Staff
from base.wording import Wording
from knowledge.index import Index
from knowledge.misses import Question, Settled, Use
from knowledge.model import FaqEntry
from knowledge.replay import Replay
from knowledge.revisions import Revision, Standing, Written

T = TypeVar("T")


class Faq(Protocol):
    """The FAQ entries and their revisions."""

    def standings(self) -> Sequence[Standing]: ...
    def standing(self, entry: str) -> Standing | None: ...
    def ids(self) -> Sequence[str]: ...
    def add(self, written: Written, now: datetime) -> Standing: ...
    def newest(self) -> int: ...
    def revisions(self, entry: str) -> Sequence[Revision]: ...


class Misses(Protocol):
    """What was asked, seen from the FAQ."""

    def asked(self, most: int) -> Sequence[Question]: ...
    def missed(self, most: int) -> Sequence[Question]: ...
    def uses(self) -> Mapping[str, Use]: ...
    def settle(self, settled: Iterable[Settled], now: datetime) -> None: ...


class StaffBook(Protocol):
    """Accounts and their sessions."""

    def named(self, name: str) -> Account | None: ...
    def tried(self, account: Account, now: datetime, *, right: bool) -> Account: ...
    def begin(self, secret: str, staff: Staff, now: datetime) -> None: ...
    def session(self, secret: str) -> Session | None: ...
    def used(self, secret: str, now: datetime) -> None: ...
    def end(self, secret: str) -> None: ...


class Unit(Protocol):
    """One transaction; plain synchronous code."""

    @property
    def faq(self) -> Faq: ...
    @property
    def misses(self) -> Misses: ...
    @property
    def staff(self) -> StaffBook: ...


class Store(Protocol):
    """Where units of work run; `write` returns after the commit."""

    async def write(self, work: Callable[[Unit], T], *, lane: str | None = None) -> T: ...
    async def read(self, work: Callable[[Unit], T]) -> T: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class TicketLine:
    """A ticket in a list; `due` is empty where nothing is promised."""

    number: int
    village: str
    hub: str
    state: str
    due: str
    late: bool
    question: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TicketPage:
    """A ticket as the hub sees it: what happened, and how its clocks were counted."""

    line: TicketLine
    opened: str
    category: str
    entry: str  # of the FAQ that was shown; empty for none
    story: Sequence[tuple[str, str]]  # when, what
    clocks: Sequence[str]


class TicketBook(Protocol):
    """The tickets, to be looked at."""

    async def lines(self, *, state: str, before: int | None, most: int) -> Sequence[TicketLine]:
        """Return the newest tickets below a number; `state` is open, closed or empty."""

    async def page(self, number: int) -> TicketPage | None:
        """Return one ticket; None if there is none of this number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """What the staff pages need of the service.

    Attributes:
        index: what is served now.
        lacking: what an entry lacks to be served, and what is wrong with it beside the others.
        replay: what would change if this entry were served, or were not (gone).
        secure: the pages are reached over https; else only this machine may sign in.
    """

    store: Store
    clock: Clock
    words: Wording
    secret: bytes
    secure: bool
    tickets: TicketBook
    index: Callable[[], Index]
    lacking: Callable[[FaqEntry, Sequence[FaqEntry]], Sequence[str]]
    replay: Callable[[FaqEntry, Sequence[str]], Replay]
