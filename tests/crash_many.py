"""kill -9 many times: `python -m tests.crash_many --kills 250 --seed 1` tells what it found.

Each life is one short day. It is killed up to three times, at a chosen point or by the clock in
the middle of anything, started again, and at the end compared with the day nobody disturbed.
"""

import argparse
import asyncio
import json
import os
import random
import select
import signal
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from tests.crash_check import Outcome, gave_up, outcome, problems
from tests.crash_child import KINDS, Points, play

AT_ANY_MOMENT = "by the clock"
MOST_KILLS = 3  # of one life
LONGEST = 0.5  # seconds a process lives that is killed by the clock


@dataclass(slots=True)
class Tally:
    """What was found so far."""

    lives: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    unknown: int = 0
    repeated: int = 0
    dropped: int = 0
    given_up: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, found: Outcome, wrong: list[str]) -> None:
        """Count one life."""
        self.lives += 1
        self.unknown += found.unknown
        self.repeated += sum(times - 1 for times in found.delivered.values())
        self.dropped += sum(row.state == "expired" for row in found.outbox)
        self.given_up += gave_up(found)
        self.wrong += wrong


def start(database: Path, point: tuple[str, int] | None, seconds: float | None = None) -> bool:
    """Run a process until it ends or dies; True when it was killed. Forked: no start-up time."""
    child = os.fork()
    if child == 0:
        _play_and_exit(database, Points(target=point))
    if seconds is not None:
        _kill_after(child, seconds)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status not in (0, -signal.SIGKILL):
        msg = f"the service ended with {status} on {database}"
        raise RuntimeError(msg)
    return status != 0


def _play_and_exit(database: Path, points: Points) -> NoReturn:
    """What the child does; it never comes back into the parent's code."""
    code = 1
    try:
        asyncio.run(play(database, points))
        code = 0
    except BaseException:  # told, and the parent sees the code
        traceback.print_exc()
    finally:
        os._exit(code)


def _kill_after(child: int, seconds: float) -> None:
    """Kill a process that has not ended by then."""
    handle = os.pidfd_open(child)
    ended = select.select([handle], [], [], seconds)[0]
    os.close(handle)
    if not ended:
        os.kill(child, signal.SIGKILL)


def live(database: Path, plain: Outcome, luck: random.Random, tally: Tally) -> None:
    """Let one life be killed some times and end."""
    name, kills = [], 0
    for _ in range(luck.randint(1, MOST_KILLS)):
        kind = luck.choice((*KINDS, AT_ANY_MOMENT, AT_ANY_MOMENT))
        if kind == AT_ANY_MOMENT:
            killed = start(database, None, luck.uniform(0, LONGEST))
            name.append(kind)
        else:
            number = luck.randint(1, 40 if kind != "confirm.before" else 8)
            killed = start(database, (kind, number))
            name.append(f"{kind}:{number}")
        if not killed:
            break
        kills += 1
        tally.kills[kind] += 1
    start(database, None)
    found = outcome(database)
    wrong = problems(found, plain, kills)
    tally.add(found, [f"{' '.join(name)}: {problem}" for problem in wrong])


def work(folder: Path, kills: int, seed: int) -> Tally:
    """Kill so many times, one life after the other."""
    start(folder / "plain.db", None)
    plain, luck, tally = outcome(folder / "plain.db"), random.Random(seed), Tally()  # noqa: S311 - a seed replays
    while tally.kills.total() < kills:
        live(folder / f"{tally.lives}.db", plain, luck, tally)
        for file in folder.glob(f"{tally.lives - 1}.*"):
            file.unlink()
    return tally


def report(tally: Tally) -> str:
    """Return the figures."""
    by_kind = ", ".join(f"{kind} {number}" for kind, number in sorted(tally.kills.items()))
    return "\n".join(
        (
            f"{tally.kills.total()} kills in {tally.lives} lives: {by_kind}",
            f"sendings counted as unknown: {tally.unknown}; of these arrived once more:"
            f" {tally.repeated}; reminders and reactions dropped: {tally.dropped};"
            f" lives in which a message was given up: {tally.given_up}",
            f"violations: {len(tally.wrong)}",
            *tally.wrong,
        )
    )


def main(arguments: Sequence[str]) -> int:
    """Kill, compare, tell; 1 when anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=250)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    os.environ.setdefault("WENHA_SECRET", "the same in every life")
    with tempfile.TemporaryDirectory() as folder:
        tally = work(Path(folder), given.kills, given.seed)
    sys.stdout.write(json.dumps({"seed": given.seed}) + "\n" + report(tally) + "\n")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
