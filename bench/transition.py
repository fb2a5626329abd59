"""What does one full transition cost, in units of one durable one-row commit?

Rounds of both are played in turn on the same disk; the medians are compared. A transition is
what the pipeline does with one arrived question: reads, match apart, decide, ticket, journal,
alarm, relay link, outbox, inbox done, one commit.
"""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from base.clock import SystemClock
from base.messages import ChatRef
from storage.unit import Unit

ROUNDS, EACH, CHATS = 12, 60, 20
WORDS = "问哈村长，我家的果树遭施工队挖了，没得赔"


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


def _villages(unit: Unit) -> None:
    hub = unit.people.add_hub("值守群", ChatRef(channel="web", chat_id="hub"))
    for number in range(CHATS):
        chat = ChatRef(channel="web", chat_id=f"village:{number}")
        unit.people.add_village(f"{number}村", chat, hub.id)


def _arrive(unit: Unit, numbers: Sequence[int]) -> None:
    """Put questions into the inbox, one chat after the other."""
    now = SystemClock().now()
    for number in numbers:
        chat = f"village:{number % CHATS}"
        sender = {"id": f"p{number % 50}", "first_name": "张秀兰"}
        raw = {
            "message": {
                "message_id": number + 1,
                "date": now.timestamp(),
                "chat": {"id": chat},
                "from": sender,
                "text": WORDS,
            }
        }
        ref = ChatRef(channel="web", chat_id=chat)
        unit.inbox.put(f"web:m{number}", ref, json.dumps(raw), now)
