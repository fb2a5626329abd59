"""How many updates a second does the webhook take, beside the same server doing nothing?

Three routes of one aiohttp app in one process, asked in turn over loopback: one that answers at
once, the webhook with questions (stored durably before the 200), the webhook with chatter (looked
at and left out).
"""

import asyncio
import statistics
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from aiohttp import ClientSession, web

from base.clock import SystemClock
from base.messages import ChatRef
from bot.channels.telegram.receive import SECRET_HEADER, webhook_route, webhook_secret
from bot.intake import Intake
from storage.unit import Unit
from wenha.config import Config
from wenha.serve import telegram_channel
from wenha.wiring import Service, open_service

ROUNDS, EACH, AT_ONCE, CHATS = 6, 300, 20, 20
SECRET = b"bench"
TOLD = (
    ("nothing", "the same server doing nothing"),
    ("stored", "webhook, stored durably"),
    ("handled", "webhook, stored and handled"),
    ("chatter", "webhook, chatter left out"),
)
TOKEN = "1000000:" + "x" * 35


def update(number: int, text: str) -> dict[str, Any]:
    """Return a raw update of a village group."""
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": 1_795_000_000 + number,
            "chat": {"id": -100 - number % CHATS, "type": "supergroup", "title": "村"},
            "from": {"id": 1 + number % 50, "is_bot": False, "first_name": "张秀兰"},
            "text": text,
        },
    }


def _villages(unit: Unit) -> None:
    hub = unit.people.add_hub("值守群", ChatRef(channel="telegram", chat_id="-1"))
    for number in range(CHATS):
        chat = ChatRef(channel="telegram", chat_id=str(-100 - number))
        unit.people.add_village(f"{number}村", chat, hub.id)


async def rate(url: str, body: Callable[[int], dict[str, Any]], first: int) -> float:
    """Return answered requests a second."""
    waiting = iter(range(first, first + EACH))

    async def ask(session: ClientSession) -> None:
        for number in waiting:
            async with session.post(url, json=body(number)) as answer:
                await answer.read()
                if answer.status != web.HTTPOk.status_code:
                    raise RuntimeError(answer.status)

    headers = {SECRET_HEADER: webhook_secret(SECRET)}
    async with ClientSession(headers=headers) as session:
        began = perf_counter()
        await asyncio.gather(*(ask(session) for _ in range(AT_ONCE)))
        return EACH / (perf_counter() - began)


async def _handled(service: Service, storing: float) -> float:
    """Return questions a second when storing them took so long and they are handled as well."""
    began = perf_counter()
    now = service.clock.now()
    wish = await service.pipeline.step(now)
    while wish is not None and wish <= now:
        wish = await service.pipeline.step(now)
    return EACH / (storing + perf_counter() - began)


async def measure(folder: Path) -> dict[str, float]:
    """Return the median rates of the three routes."""
    config = Config(database=folder / "wenha.db")
    channel = telegram_channel(config, TOKEN)
    service = await open_service(config, SystemClock(), channels={channel.name: channel})
    await service.store.write(_villages)

    async def nothing(request: web.Request) -> web.Response:
        await request.read()
        return web.Response()

    app = web.Application()
    intake = Intake(service.store, channel, service.clock)
    app.add_routes([web.post("/nothing", nothing), webhook_route("/hook", SECRET, intake)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    found: dict[str, list[float]] = {name: [] for name, _ in TOLD}
    number = 1
    for _ in range(ROUNDS):
        for name, path, text in (
            ("nothing", "/nothing", "今天赶场不？"),
            ("stored", "/hook", "问哈村长，我家的果树遭挖了"),
            ("chatter", "/hook", "今天赶场不？"),
        ):
            took = await rate(base + path, partial(update, text=text), number)
            found[name].append(took)
            number += EACH
            if name == "stored":
                found["handled"].append(await _handled(service, EACH / took))
    await runner.cleanup()
    await channel.close()
    service.close()
    return {name: statistics.median(rates) for name, rates in found.items()}


def main() -> None:
    """Measure in a folder that is thrown away, and print rates and ratios."""
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measure(Path(folder)))
    for name, told in TOLD:
        ratio = found[name] / found["nothing"]
        print(f"{told:30} {found[name]:7.0f} a second, ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
