"""What do the three questions answer, over real HTTP, on the real service and a real file?"""

import asyncio
import os
import signal
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import prometheus_client
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families

from tests.fakes import BUSY, GONE, PEOPLE, UNCLEAR, VILLAGE
from tests.town import Town, a_town
from wenha.health import Health
from wenha.serve import _stop_when_told

QUESTION = "问哈村长，无人机打药把我家茶叶熏坏了，找哪个？打13812345678找我"
LABELS = {"budget", "channel", "kind", "state", "step", "version"}
"""Everything a number may be told apart by: words of ours, never an id."""


@dataclass(kw_only=True)
class Ward:
    """A town, its health, and somebody who asks."""

    town: Town
    health: Health
    client: TestClient[web.Request, web.Application]
    connected: dict[str, bool]
    ignored: Counter[str] = field(default_factory=Counter)

    async def ask(self, path: str) -> tuple[int, dict[str, Any]]:
        """Return status and answer."""
        async with self.client.get(path) as answer:
            return answer.status, await answer.json()

    async def text(self) -> str:
        """Return the metrics as they are written."""
        async with self.client.get("/metrics") as answer:
            assert answer.status == 200
            assert answer.headers["Content-Type"].startswith("text/plain; version=")
            return await answer.text()

    async def metrics(self) -> dict[tuple[str, ...], float]:
        """Return every number by name and label values, in the order of the labels' names."""
        found = {}
        for family in text_string_to_metric_families(await self.text()):
            for sample in family.samples:
                found[sample.name, *sample.labels.values()] = sample.value
        return found


@pytest.fixture
async def ward(tmp_path: Path) -> AsyncIterator[Ward]:
    async with a_town(tmp_path) as town:
        connected, ignored = {"telegram": True}, Counter[str]()
        health = Health(town.service, {"telegram": lambda: connected["telegram"]}, ignored)
        app = web.Application()
        app.add_routes(health.routes())
        async with TestClient(TestServer(app)) as client:
            yield Ward(
                town=town, health=health, client=client, connected=connected, ignored=ignored
            )


def database(ward: Ward) -> Path:
    return ward.town.service.config.database


# /healthz


async def test_alive_means_that_the_loops_turned_within_the_last_minute(ward: Ward) -> None:
    await ward.town.settle()
    ward.town.clock.advance(timedelta(seconds=60))
    assert (await ward.ask("/healthz"))[0] == 200
    ward.town.clock.advance(timedelta(seconds=1))
    assert await ward.ask("/healthz") == (503, {"alive": False, "idle_seconds": 61.0})
    await ward.town.settle()
    assert (await ward.ask("/healthz"))[0] == 200


async def test_a_locked_database_does_not_make_us_dead(ward: Ward) -> None:
    with closing(sqlite3.connect(database(ward), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert (await ward.ask("/healthz"))[0] == 200


# /readyz


async def test_ready_when_everything_is_there(ward: Ward) -> None:
    checks = {"serving": True, "telegram": True, "database": True, "migrations": True}
    assert await ward.ask("/readyz") == (200, {"ready": True, "checks": checks})


async def missing(ward: Ward) -> list[str]:
    """What is not in order; 503 exactly when something is not."""
    status, answer = await ward.ask("/readyz")
    failing = [name for name, good in answer["checks"].items() if not good]
    assert (status, answer["ready"]) == ((503, False) if failing else (200, True))
    return failing


async def test_not_ready_while_the_channel_does_not_answer(ward: Ward) -> None:
    ward.connected["telegram"] = False
    assert await missing(ward) == ["telegram"]
    ward.connected["telegram"] = True
    assert await missing(ward) == []


async def test_not_ready_while_nothing_can_be_written(ward: Ward) -> None:
    with closing(sqlite3.connect(database(ward), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await missing(ward) == ["database", "migrations"]
        other.execute("ROLLBACK")
    ward.town.clock.advance(timedelta(seconds=5))
    assert await missing(ward) == []


async def test_not_ready_when_another_version_changed_the_tables(ward: Ward) -> None:
    with closing(sqlite3.connect(database(ward), isolation_level=None)) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    assert await missing(ward) == ["migrations"]


async def test_asked_all_the_time_it_writes_only_every_five_seconds(ward: Ward) -> None:
    async def probed() -> str | None:
        await missing(ward)
        return await ward.town.read(lambda unit: unit.meta.get("health.probed_at"))

    first = await probed()
    ward.town.clock.advance(timedelta(seconds=4))
    assert await probed() == first
    ward.town.clock.advance(timedelta(seconds=1))
    assert await probed() != first


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_told_to_stop_it_first_stops_being_ready(ward: Ward, number: signal.Signals) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    _stop_when_told(stop, ward.health)
    try:
        os.kill(os.getpid(), number)
        await stop.wait()
    finally:
        for handled in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(handled)
    assert await ward.ask("/readyz") == (
        503,
        {"ready": False, "checks": {"serving": False, "telegram": True}},
    )
    assert (await ward.ask("/healthz"))[0] == 200  # still finishing its step


# /metrics


async def test_the_inbox_is_counted_with_the_age_of_its_oldest(ward: Ward) -> None:
    await ward.town.say("zhang", QUESTION)
    ward.town.clock.advance(timedelta(seconds=40))
    await ward.town.say("wang", QUESTION)
    seen = await ward.metrics()
    assert (seen["wenha_inbox_waiting",], seen["wenha_inbox_oldest_seconds",]) == (2, 40)
    await ward.town.settle()
    seen = await ward.metrics()
    assert (seen["wenha_inbox_waiting",], seen["wenha_inbox_oldest_seconds",]) == (0, 0)


async def test_what_is_parked_is_counted(ward: Ward) -> None:
    await ward.town.write(lambda unit: unit.inbox.put("bad", VILLAGE, "{}", ward.town.clock.now()))
    await ward.town.wait(minutes=1)
    assert (await ward.metrics())["wenha_inbox_parked",] == 1


async def test_the_outbox_is_counted_by_kind_with_the_age_of_its_oldest(ward: Ward) -> None:
    # given a message that could not be sent yet
    ward.town.channel.then(VILLAGE, BUSY)
    await ward.town.say("zhang", QUESTION)
    await ward.town.settle()
    ward.town.clock.advance(timedelta(seconds=1))
    (row,) = await ward.town.outbox()
    seen = await ward.metrics()
    assert seen["wenha_outbox_messages", row.kind, "pending"] == 1
    assert seen["wenha_outbox_oldest_seconds",] == 1
    # when it is sent after all
    await ward.town.wait(seconds=30)
    seen = await ward.metrics()
    assert ("wenha_outbox_messages", row.kind, "pending") not in seen
    assert (seen["wenha_outbox_sent_last_minute",], seen["wenha_outbox_oldest_seconds",]) == (1, 0)
    # and a row that is being sent counts as such
    await ward.town.write(lambda unit: unit.outbox.sending([row.id]))
    assert (await ward.metrics())["wenha_outbox_messages", row.kind, "sending"] == 1


async def test_what_was_given_up_and_what_has_an_unknown_fate_are_counted(ward: Ward) -> None:
    ward.town.channel.then(VILLAGE, UNCLEAR, GONE)
    await ward.town.say("zhang", QUESTION)
    await ward.town.wait(seconds=30)
    seen = await ward.metrics()
    assert (seen["wenha_outbox_unknown",], seen["wenha_outbox_failed",]) == (1, 1)


async def test_alarms_are_counted_with_the_lateness_of_the_most_overdue(ward: Ward) -> None:
    await ward.town.say("zhang", QUESTION)
    await ward.town.settle()
    seen = await ward.metrics()
    assert (seen["wenha_timers_pending",], seen["wenha_timers_overdue_seconds",]) == (1, 0)
    ward.town.clock.advance(timedelta(minutes=31))
    assert (await ward.metrics())["wenha_timers_overdue_seconds",] == 60
    assert (await ward.metrics())["wenha_timers_parked",] == 0


async def test_updates_left_out_are_counted_by_kind_and_a_strange_kind_as_other(
    ward: Ward,
) -> None:
    ward.ignored.update({"chatter": 3, "poll": 1, "张秀兰": 1, "x" * 40: 1})
    seen = await ward.metrics()
    kinds = {
        key[1]: value for key, value in seen.items() if key[0] == "wenha_updates_ignored_total"
    }
    assert kinds == {"chatter": 3, "poll": 1, "other": 2}


async def test_steps_are_timed_and_their_failures_counted(ward: Ward) -> None:
    async def failing(_now: object) -> None:
        raise ValueError(QUESTION)

    failing.__qualname__ = "Breaking.step"
    await ward.town.settle()
    await ward.town.service.runtime._call(failing)
    seen = await ward.metrics()
    assert seen["wenha_step_failures_total", "breaking"] == 1
    assert seen["wenha_step_failures_total", "pipeline"] == 0
    assert seen["wenha_step_seconds_count", "sender"] >= 1
    assert seen["wenha_step_seconds_sum", "sender"] > 0


async def test_channel_budgets_and_process_are_shown(ward: Ward) -> None:
    ward.connected["telegram"] = False
    seen = await ward.metrics()
    assert seen["wenha_channel_connected", "telegram"] == 0
    assert seen["wenha_send_budget", "token_per_second"] == 28
    assert seen["process_resident_memory_bytes",] > 0


async def test_a_database_that_cannot_be_read_is_a_number_too(ward: Ward) -> None:
    assert (await ward.metrics())["wenha_database_readable",] == 1
    with closing(sqlite3.connect(database(ward), isolation_level=None)) as other:
        other.execute("DROP TABLE timer")
    seen = await ward.metrics()
    assert seen["wenha_database_readable",] == 0
    assert ("wenha_inbox_waiting",) not in seen


async def test_no_number_is_told_apart_by_a_person_a_chat_or_their_words(ward: Ward) -> None:
    await ward.town.say("zhang", QUESTION)
    await ward.town.settle()
    text = await ward.text()
    families = list(text_string_to_metric_families(text))
    labels = {name for family in families for one in family.samples for name in one.labels}
    assert labels <= LABELS
    values = {value for f in families for one in f.samples for value in one.labels.values()}
    assert not values & {VILLAGE.chat_id, "1", "13812345678", *PEOPLE}
    assert [word for word in ("茶叶", "13812345678", PEOPLE["zhang"].name) if word in text] == []


async def test_the_library_s_registry_of_the_whole_process_stays_empty_of_us(ward: Ward) -> None:
    await ward.text()
    await ward.text()
    everywhere = prometheus_client.generate_latest(prometheus_client.REGISTRY).decode()
    assert "wenha" not in everywhere
