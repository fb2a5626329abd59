"""Which clocks has a ticket had, and which are running?

Pure: journal → clocks. Nothing here is stored as truth; when a clock is due says dues.py.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from escalation.lifecycle import CARRIED, IN_HUB, evolve
from escalation.model import ClockKind, Entry, Event, Role, Status, Ticket
from escalation.working_time import Pause

ANSWERS = frozenset({ClockKind.FIRST_ANSWER, ClockKind.NEXT_ANSWER})
PROMISES = frozenset({ClockKind.CLAIM, ClockKind.RESOLUTION}) | ANSWERS
PAUSING = frozenset({ClockKind.RESOLUTION}) | ANSWERS
"""What stands still while the hub waits for the asker; the claim clock never runs then."""
_RUNS_WHILE: Mapping[Status, ClockKind] = {
    Status.OFFERED: ClockKind.OFFER,
    Status.FAQ_ANSWERED: ClockKind.QUIET,
    Status.IN_VILLAGE: ClockKind.WINDOW,
    Status.QUEUED: ClockKind.CLAIM,
    Status.CLAIMED: ClockKind.LEASE,
    Status.WAITING_ASKER: ClockKind.PAUSE,
}
_CARRYING = CARRIED | {Event.ANSWER_DELIVERED, Event.RETRACTED}
_ASKER_REACTS = frozenset({Event.RATED, Event.CONFIRMED, Event.ASKED_AGAIN})


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """What is measured, since when, in which cycle of the ticket, and until when.

    Attributes:
        pauses: in which it stood still; the last one may last.
        ended_at: None while it runs; `ended_by` is the event that stopped it.
    """

    kind: ClockKind
    cycle: int
    started_at: datetime
    pauses: tuple[Pause, ...] = ()
    ended_at: datetime | None = None
    ended_by: Event | None = None


def running(journal: Iterable[Entry]) -> tuple[Clock, ...]:
    """Return the clocks running after the last entry, at most one of each kind."""
    return tuple(clock for clock in history(journal) if clock.ended_at is None)


def history(journal: Iterable[Entry]) -> tuple[Clock, ...]:
    """Return every clock there has been, in the order they started."""
    kept = _Kept()
    for entry in journal:
        kept.after(entry)
    return tuple(kept.clocks)


@dataclass(slots=True)
class _Kept:
    """The clocks up to some entry.

    `helped`: a person's answer has reached the asker; `relayed`: a liaison carries it there.
    """

    clocks: list[Clock] = field(default_factory=list)
    at: dict[ClockKind, int] = field(default_factory=dict)  # the running ones, by their place
    ticket: Ticket | None = None
    helped: bool = False
    relayed: bool = False

    def after(self, entry: Entry) -> None:
        before = self.ticket.state if self.ticket else None
        self.relayed |= "relayed_by" in entry.data
        ticket = self.ticket = evolve(self.ticket, entry)
        if ticket.state is not before or entry.event is Event.RAISED:
            self._follow_state(before, ticket.state, entry)
        self._follow_reaction(ticket.state, entry)
        self._follow_answer(ticket.state, entry)

    def _follow_state(self, before: Status | None, state: Status, entry: Entry) -> None:
        """Start and stop the clocks that run exactly while a state lasts, and the pauses."""
        if before is not None and before in _RUNS_WHILE:
            self._stop(_RUNS_WHILE[before], entry)
        self._stop(ClockKind.SILENT, entry)
        if before is Status.WAITING_ASKER:
            self._each_pausing(lambda clock: _resumed(clock, entry.at))
        if state in _RUNS_WHILE:
            self._start(_RUNS_WHILE[state], entry)
        if state is Status.WAITING_ASKER:
            self._each_pausing(lambda clock: _paused(clock, entry.at))
        if state is Status.CLOSED:
            for kind in tuple(self.at):
                if kind is not ClockKind.FOLLOW_UP or entry.event is not Event.SILENT:
                    self._stop(kind, entry)

    def _follow_reaction(self, state: Status, entry: Entry) -> None:
        """A reopening begins a new resolution; whoever reacts is not asked how it went.

        Nor is anybody whose answer was taken back, or is being worked on again.
        """
        if entry.event is Event.ASKED_AGAIN:
            self._stop(ClockKind.RESOLUTION, entry)
        told = entry.event in _ASKER_REACTS or entry.event is Event.FOLLOWED_UP
        if told or state not in (Status.ANSWERED, Status.CLOSED):
            self._stop(ClockKind.FOLLOW_UP, entry)

    def _follow_answer(self, state: Status, entry: Entry) -> None:
        """Start and stop the clocks of answers, and what begins when one has arrived."""
        self._follow_carrying(entry)
        if entry.event is Event.ANSWER_DELIVERED:
            self.helped = True
            for kind in ANSWERS:
                self._stop(kind, entry)
            if state is Status.ANSWERED:
                for kind in (ClockKind.SILENT, ClockKind.FOLLOW_UP):
                    self._stop(kind, entry)
                    self._start(kind, entry)
        if state not in IN_HUB:
            return
        if not ANSWERS & self.at.keys():
            self._start(ClockKind.NEXT_ANSWER if self.helped else ClockKind.FIRST_ANSWER, entry)
        if ClockKind.RESOLUTION not in self.at:
            self._start(ClockKind.RESOLUTION, entry)

    def _follow_carrying(self, entry: Entry) -> None:
        """An answer for somebody no bot can reach lies with the liaison until it is carried on."""
        if not self.relayed or entry.event not in _CARRYING:
            return
        self._stop(ClockKind.FORWARD, entry)
        if entry.event in CARRIED and entry.role is not Role.LIAISON:
            self._start(ClockKind.FORWARD, entry)

    def _start(self, kind: ClockKind, entry: Entry) -> None:
        cycle = self.ticket.cycle if self.ticket else 1
        self.at[kind] = len(self.clocks)
        self.clocks.append(Clock(kind=kind, cycle=cycle, started_at=entry.at))

    def _stop(self, kind: ClockKind, entry: Entry) -> None:
        at = self.at.pop(kind, None)
        if at is not None:
            clock = _resumed(self.clocks[at], entry.at)
            self.clocks[at] = replace(clock, ended_at=entry.at, ended_by=entry.event)

    def _each_pausing(self, change: Callable[[Clock], Clock]) -> None:
        for kind in PAUSING & self.at.keys():
            self.clocks[self.at[kind]] = change(self.clocks[self.at[kind]])


def _paused(clock: Clock, at: datetime) -> Clock:
    return replace(clock, pauses=(*clock.pauses, Pause(since=at)))


def _resumed(clock: Clock, at: datetime) -> Clock:
    if not clock.pauses or clock.pauses[-1].until is not None:
        return clock
    return replace(clock, pauses=(*clock.pauses[:-1], replace(clock.pauses[-1], until=at)))
