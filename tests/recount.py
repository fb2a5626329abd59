"""Which alarms must have rung? Told from an export alone, by counting; knows none of our clocks.

Urgent tickets are left to others: this recounts claim, answers and resolution in working time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.oracle import Oracle

TO_HUB = {
    "handed_up", "none_fits", "unhelpful", "asked_again", "released", "lease_lost", "transferred",
}  # fmt: skip
ENDS = {"confirmed", "silent", "withdrawn", "helped", "quiet"}
HUB_STATES = {"queued", "claimed", "waiting"}
Rung = tuple[str, int, datetime]


@dataclass(slots=True)
class Counted:
    """One clock as told by the events: `until` None while it runs."""

    kind: str
    since: datetime
    until: datetime | None = None
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)


@dataclass(slots=True)
class Recount:
    """Follows the events of one ticket."""

    state: str = "village"
    helped: bool = False
    all: list[Counted] = field(default_factory=list)
    running: dict[str, Counted] = field(default_factory=dict)

    def follow(self, event: Mapping[str, Any]) -> None:
        """Take one event into account."""
        at, what, before = datetime.fromisoformat(event["at"]), event["event"], self.state
        self._move(what)
        self._stop_what_ended(what, before, at)
        if self.state == "queued" and what in TO_HUB:
            self._start("claim", at)
        if self.state in HUB_STATES:
            if not {"first_answer", "next_answer"} & self.running.keys():
                self._start("next_answer" if self.helped else "first_answer", at)
            if "resolution" not in self.running:
                self._start("resolution", at)
        if self.state == "waiting" != before:
            for clock in self.running.values():
                clock.pauses.append((at, None))

    def _stop_what_ended(self, what: str, before: str, at: datetime) -> None:
        if before == "waiting" != self.state:
            for clock in self.running.values():
                clock.pauses[-1] = (clock.pauses[-1][0], at)
        ended = {"claim"} if before == "queued" != self.state else set()
        if what == "asked_again":
            ended.add("resolution")
        if what == "answer_delivered":
            self.helped = True
            ended |= {"first_answer", "next_answer"}
        if self.state == "closed":
            ended |= self.running.keys()
        for kind in ended:
            self._stop(kind, at)

    def _move(self, what: str) -> None:
        if what in TO_HUB:
            self.state = "queued"
        elif what in ("claimed", "asker_replied", "pause_ended"):
            self.state = "claimed"
        elif what == "asked_back":
            self.state = "waiting"
        elif what == "answer_given":
            self.state = "answered"
        elif what in ENDS:
            self.state = "closed"

    def _start(self, kind: str, at: datetime) -> None:
        self.running[kind] = Counted(kind, at)
        self.all.append(self.running[kind])

    def _stop(self, kind: str, at: datetime) -> None:
        if kind in self.running:
            self.running.pop(kind).until = at


def must_have_rung(
    line: Mapping[str, Any], oracle: Oracle, now: datetime
) -> tuple[set[Rung], set[Rung]]:
    """Return clock, step and due of every alarm that was due while its clock ran.

    The second are those due in the very moment in which it stopped: they may have rung.
    """
    recount = Recount()
    for event in line["events"]:
        recount.follow(event)
    must: set[Rung] = set()
    may: set[Rung] = set()
    for clock in recount.all:
        for found in _rung(clock, line, oracle, now):
            (may if found[2] == clock.until else must).add(found)
    return must, may


def _rung(
    clock: Counted, line: Mapping[str, Any], oracle: Oracle, now: datetime
) -> Iterator[Rung]:
    policy = line["policy"]
    minutes = policy[clock.kind]
    wanted = {step: -(-minutes * step // 100) for step in (*policy["warnings"], 100)}
    wanted |= {101 + at: minutes + later for at, later in enumerate(policy["chain"])}
    end = clock.until or now
    pauses = [(since, until or end) for since, until in clock.pauses]
    for step, length in wanted.items():
        due = oracle.due_less(clock.since, length, pauses)
        stands = any(since < due and until is None for since, until in clock.pauses)
        if due <= end and not stands:
            yield clock.kind, step, due


def rung(line: Mapping[str, Any]) -> set[Rung]:
    """Return clock, step and due of every alarm of these clocks that rang."""
    kinds = ("claim", "first_answer", "next_answer", "resolution")
    return {
        (event["data"]["clock"], event["data"]["step"], datetime.fromisoformat(event["at"]))
        for event in line["events"]
        if event["event"] == "fired" and event["data"]["clock"] in kinds
    }
