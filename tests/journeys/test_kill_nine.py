"""kill -9 at any point, start again: nothing lost, nothing twice that was not counted."""

import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from base.boxes import OutboxState
from escalation.model import Event, Reason, Status
from tests.crash_check import Outcome, gave_up, outcome, problems
from tests.crash_child import KINDS

KILLED = -signal.SIGKILL
KILLS = 3  # in one day


def start(database: Path, point: str = "") -> subprocess.CompletedProcess[str]:
    """Start the service in a process of its own; it dies at `point` if it gets there."""
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "tests.crash_child", str(database), *filter(None, [point])],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def killed_at(folder: Path, *points: str) -> list[int]:
    """Let a service die at each point in turn and be started again; return how each ended."""
    folder.mkdir()
    return [start(folder / "wenha.db", point).returncode for point in (*points, "")]


class Day:
    """The day nobody disturbs, and how many points of each kind it has."""

    def __init__(self, folder: Path) -> None:
        ended = start(folder / "wenha.db")
        assert ended.returncode == 0, ended.stderr
        self.points: dict[str, int] = json.loads(ended.stdout)
        self.outcome: Outcome = outcome(folder / "wenha.db")

    def spread(self, kind: str) -> list[str]:
        """Points of a kind, one after the other through the day: each counts from its start."""
        return [f"{kind}:{self.points[kind] // (KILLS + 1)}"] * KILLS


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    return Day(tmp_path_factory.mktemp("day"))


def test_the_day_itself_has_everything_that_can_be_lost(day: Day) -> None:
    assert problems(day.outcome, day.outcome, kills=0) == []
    tickets = day.outcome.tickets
    assert (tickets[1].reason, tickets[2].reason) == (Reason.SOLVED, Reason.ASSUMED_SOLVED)
    assert tickets[3].state is Status.QUEUED
    told = {entry.event for journal in day.outcome.journals.values() for entry in journal}
    assert told >= {Event.HANDED_UP, Event.WARNED, Event.BREACHED, Event.CLAIMED}
    assert told >= {Event.ANSWER_DELIVERED, Event.ASKED_AGAIN, Event.CONFIRMED, Event.QUIET}
    assert {row.state for row in day.outcome.outbox} == {OutboxState.SENT}
    assert day.outcome.unknown == 0


def test_killed_at_points_all_over_the_day_it_ends_as_if_nothing_had_been(
    day: Day, tmp_path: Path
) -> None:
    # when services are killed, each at points of one kind, and started again every time
    folders = {kind: tmp_path / kind for kind in KINDS}
    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(lambda kind: killed_at(folders[kind], *day.spread(kind)), KINDS))
    # then they died there, at fifteen points together
    assert ends == [[KILLED] * KILLS + [0]] * len(KINDS)
    # and every day ended as it does otherwise
    found = {kind: outcome(folder / "wenha.db") for kind, folder in folders.items()}
    for kind, one in found.items():
        assert (kind, problems(one, day.outcome, KILLS)) == (kind, [])
        assert not gave_up(one)
    # with a message counted for each death between its call and the record of it
    assert found["call.after"].unknown >= KILLS
    assert found["confirm.before"].unknown == 0


def test_killed_while_it_recovers_it_recovers_the_next_time(day: Day, tmp_path: Path) -> None:
    # given a service killed right after it said something, before it could record that
    folder = tmp_path / "day"
    # when it is killed again and again while it starts: before and after what it writes first,
    # before and after it has noted that a message has an unknown fate
    late = day.points["call.after"] * 2 // 3
    starting = ("commit.before:1", "commit.after:1", "commit.before:3", "commit.after:3")
    ends = killed_at(folder, f"call.after:{late}", *starting)
    # then the day still ends as it does otherwise, with one message counted
    assert ends == [KILLED] * 5 + [0]
    found = outcome(folder / "wenha.db")
    assert problems(found, day.outcome, kills=5) == []
    assert found.unknown >= 1
