"""A process that plays a short day and kills itself at a chosen point, to be started again.

`python -m tests.crash_child DATABASE [KIND:NUMBER]`. What the outside world saw stands in an
append-only file beside the database: the clock, what people did, what was delivered to them.
"""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from typing_extensions import override

from base.clock import FrozenClock
from base.messages import ChatRef
from bot.channels.base import Labelled, Post
from storage.store import Store
from storage.unit import Unit
from tests.fakes import HUB, NAME, PEOPLE, VILLAGE, FakeChannel, Shown
from tests.town import ANSWER, MONDAY_9AM, QUESTION, move_in
from wenha import wiring
from wenha.config import Config

END = timedelta(days=1, hours=1)
KINDS = ("commit.before", "commit.after", "call.before", "call.after", "confirm.before")


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """Somebody writes, replies to the newest message that holds `to`, or presses there."""

    minute: int
    who: str
    say: str = ""
    to: str = ""
    press: str = ""


WAGES = "问哈村长，老板差我三个月工钱不给啷个办？"
LOCKED_IN = "问哈村长，有人把我堵在屋头不准出门"
DAY = (
    Scene(minute=0, who="zhang", say=QUESTION),
    Scene(minute=1, who="li", say=WAGES),
    Scene(minute=3, who="li", say="赶场不？"),
    Scene(minute=5, who="li", say="我屋头也是", to=QUESTION),
    # 9:30 handed up, 10:00 and 10:18 warned, 10:30 nobody has claimed
    Scene(minute=100, who="chen", press="认领", to="【1号工单"),
    # 11:30 warned that there is no answer
    Scene(minute=155, who="zhang", say="还有，要带啥子？", to=QUESTION),
    Scene(minute=160, who="chen", say=ANSWER, to="【1号工单"),
    Scene(minute=165, who="zhang", press="还有疑问", to=ANSWER),
    Scene(minute=170, who="chen", say="带户口簿。", to="【1号工单"),
    Scene(minute=172, who="zhang", press="解决了", to="带户口簿。"),
    Scene(minute=173, who="li", say=LOCKED_IN),
    Scene(minute=174, who="zhang", say="紧急", to=LOCKED_IN),
    # within the hour: not claimed, not answered; the next day 9:01: the FAQ answer was enough
)


@dataclass(slots=True)
class Points:
    """Counts the moments at which a process may die, and dies at the chosen one."""

    target: tuple[str, int] | None = None
    passed: Counter[str] = field(default_factory=Counter)

    def __call__(self, kind: str) -> None:
        """Pass one moment."""
        self.passed[kind] += 1
        if (kind, self.passed[kind]) == self.target:
            os.kill(os.getpid(), signal.SIGKILL)


class Record:
    """What the world knows; a line is there for good once it was written."""

    def __init__(self, path: Path) -> None:
        text = path.read_text("utf-8") if path.exists() else ""
        self.lines: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def write(self, **what: object) -> None:
        """Add a line and see it to the disk."""
        os.write(self._file, (json.dumps(what, ensure_ascii=False) + "\n").encode())
        os.fsync(self._file)
        self.lines.append(what)

    def all(self, name: str) -> list[Any]:
        """Return everything written under a name, in order."""
        return [line[name] for line in self.lines if name in line]


class WorldClock(FrozenClock):
    """A clock that does not stop with the process."""

    def __init__(self, record: Record) -> None:
        told = record.all("clock")
        super().__init__(datetime.fromisoformat(told[-1]) if told else MONDAY_9AM)
        self._record = record

    @override
    def move_to(self, at: datetime) -> None:
        super().move_to(at)
        self._record.write(clock=self.now().isoformat())


class Outside(FakeChannel):
    """The fake channel, remembering everything beyond the life of a process."""

    def __init__(self, clock: FrozenClock, record: Record, points: Points) -> None:
        super().__init__(clock=clock)
        self._record, self._points = record, points
        self.presses.update(dict(record.all("press")))
        self.ids.update(next(reversed(record.all("ids")), {}))
        for chat, shown in record.all("shown"):
            buttons = tuple(Labelled(**button) for button in shown["buttons"])
            self._chats[chat][shown["id"]] = Shown(**{**shown, "buttons": buttons})

    @override
    async def post(self, post: Post) -> str:
        self._points("call.before")
        message = await super().post(post)
        self._keep(post.chat, message, delivered=post.key)
        self._points("call.after")
        return message

    @override
    async def edit(self, message_id: str, post: Post) -> None:
        self._points("call.before")
        await super().edit(message_id, post)
        self._keep(post.chat, message_id, delivered=post.key)
        self._points("call.after")

    @override
    async def react(self, press_id: str, text: str) -> None:
        self._points("call.before")
        await super().react(press_id, text)
        self._record.write(delivered=f"press {press_id}")
        self._points("call.after")

    def _keep(self, chat: ChatRef, message: str, **more: object) -> None:
        shown = [chat.chat_id, asdict(self._chats[chat.chat_id][message])]
        self._record.write(ids=self.ids, shown=shown, **more)

    def act(self, number: int, scene: Scene) -> dict[str, Any]:
        """Let a scene happen; return the raw update that tells us."""
        who = PEOPLE[scene.who]
        chat = HUB if scene.who == "chen" else VILLAGE
        there = [m for m in self.shown(chat) if scene.to in m.text]
        if scene.press:
            on = [m for m in there if scene.press in {b.label for b in m.buttons}][-1]
            raw = self.presses_on(who, on, scene.press)
            press = raw["callback_query"]["id"]
            self._record.write(ids=self.ids, press=[press, chat.chat_id], update=[number, raw])
            return raw
        raw = self.writes(who, scene.say, there[-1].id if scene.to else None)
        self._keep(chat, raw["message"]["message_id"], update=[number, raw])
        return raw


def crashing(points: Points) -> type[Store]:
    """The real store, passing a point before and after every commit."""

    class CrashingStore(Store):
        @override
        def _commit(self) -> None:
            points("commit.before")
            super()._commit()
            points("commit.after")

    return CrashingStore


async def play(database: Path, points: Points, scenes: Sequence[Scene] = DAY) -> None:
    """Play what is left of the day, whatever happened before."""
    record = Record(database.with_suffix(".world"))
    clock = WorldClock(record)
    outside = Outside(clock, record, points)
    config = Config(database=database, digest=False)
    with patch.object(wiring, "Store", crashing(points)):  # the real one, only it can die
        service = await wiring.open_service(config, clock, channels={NAME: outside})
    await service.store.write(move_in)
    runtime = service.runtime
    told = dict(record.all("update"))
    for number in range(len(record.all("confirmed")), len(scenes)):
        scene = scenes[number]
        await runtime.travel(MONDAY_9AM + timedelta(minutes=scene.minute), clock)
        raw = told.get(number) or outside.act(number, scene)
        await service.store.write(_arrival(outside, raw, clock.now()))
        points("confirm.before")
        record.write(confirmed=number)
        await runtime.settle()
    await runtime.travel(MONDAY_9AM + END, clock)
    service.close()


def _arrival(outside: Outside, raw: dict[str, Any], now: datetime) -> Callable[[Unit], bool]:
    seen = outside.parse(raw)
    return partial(_put, key=seen.key, chat=seen.chat, text=json.dumps(raw), now=now)


def _put(unit: Unit, *, key: str, chat: ChatRef, text: str, now: datetime) -> bool:
    return unit.inbox.put(key, chat, text, now)


def main(arguments: Sequence[str]) -> None:
    """Play; tell at the end how many points of each kind were passed."""
    database, *chosen = arguments
    kind, _, number = chosen[0].partition(":") if chosen else ("", "", "")
    points = Points(target=(kind, int(number)) if number else None)
    asyncio.run(play(Path(database), points))
    sys.stdout.write(json.dumps(points.passed))


if __name__ == "__main__":
    main(sys.argv[1:])
