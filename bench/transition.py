"""What does one full transition cost, in units of one durable one-row commit?

Rounds of both are played in turn on the same disk; the medians are compared. A transition is
what the pipeline does with one arrived question: reads, decide, ticket, journal,
alarm, relay link, outbox, inbox done, one commit.
"""

import asyncio
import json
import sqlite3
import statistics
import tempfile
from pathlib import Path
from time import perf_counter

from base.clock import SystemClock
from base.messages import ChatRef
from storage.unit import Unit
from wenha.config import Config
from wenha.wiring import Service, open_service

ROUNDS, EACH, CHATS = 12, 60, 20
WORDS = "问哈村长，qzx wvy kjh"  # nothing the matcher could know: matching is not measured here


def floor(path: Path, count: int) -> float:
    """Return seconds for `count` durable one-row commits on a file of its own."""
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA synchronous=FULL")
    raw.execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, word TEXT)")
    began = perf_counter()
    for _ in range(count):
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("INSERT INTO row (word) VALUES ('x')")
        raw.execute("COMMIT")
    took = perf_counter() - began
    raw.close()
    return took


async def transitions(service: Service, numbers: range, chats: int) -> float:
    """Return seconds for as many questions as there are numbers, spread over so many chats."""
    await service.store.write(lambda unit: _arrive(unit, numbers, chats))
    began = perf_counter()
    now = service.clock.now()
    wish = await service.pipeline.step(now)
    while wish is not None and wish <= now:
        wish = await service.pipeline.step(now)
    return perf_counter() - began


def _villages(unit: Unit) -> None:
    hub = unit.people.add_hub("值守群", ChatRef(channel="web", chat_id="hub"))
    for number in range(CHATS):
        chat = ChatRef(channel="web", chat_id=f"village:{number}")
        unit.people.add_village(f"{number}村", chat, hub.id)


def _arrive(unit: Unit, numbers: range, chats: int) -> None:
    """Put questions into the inbox, one chat after the other."""
    now = SystemClock().now()
    for number in numbers:
        chat = ChatRef(channel="web", chat_id=f"village:{number % chats}")
        message = {
            "message_id": number + 1,
            "date": now.timestamp(),
            "chat": {"id": chat.chat_id},
            "from": {"id": f"p{number % 50}", "first_name": "张秀兰"},
            "text": WORDS,
        }
        unit.inbox.put(f"web:m{number}", chat, json.dumps({"message": message}), now)


async def measure(folder: Path) -> tuple[float, float, float]:
    """Return medians in seconds: one commit, one transition alone, one under load."""
    service = await open_service(Config(database=folder / "wenha.db"), SystemClock())
    await service.store.write(_villages)
    floors, alone, loaded = [], [], []
    number = 0
    for _ in range(ROUNDS):
        floors.append(floor(folder / "floor.db", EACH) / EACH)
        alone.append(await transitions(service, range(number, number + EACH), 1) / EACH)
        number += EACH
        loaded.append(await transitions(service, range(number, number + EACH), CHATS) / EACH)
        number += EACH
    service.close()
    return statistics.median(floors), statistics.median(alone), statistics.median(loaded)


def main() -> None:
    """Measure in a folder that is thrown away, and print ratios."""
    with tempfile.TemporaryDirectory() as folder:
        base, alone, loaded = asyncio.run(measure(Path(folder)))
    print(f"durable one-row commit       {base * 1000:7.3f} ms")
    print(f"transition, one at a time    {alone * 1000:7.3f} ms, ratio {base / alone:.2f}")
    print(f"transition, {CHATS} chats at once {loaded * 1000:7.3f} ms, ratio {base / loaded:.2f}")


if __name__ == "__main__":
    main()
