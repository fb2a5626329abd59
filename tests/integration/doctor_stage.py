"""What do the doctor's tests about Telegram stand on? A bound village and hub, and a doctor."""

import asyncio
import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from base.clock import Clock
from base.messages import ChatRef
from base.wording import Wording
from storage import migrate
from storage.store import open_connection
from storage.unit import Unit
from tests.telegram_server.server import TelegramServer, telegram_server
from tests.telegram_server.world import Chat, User
from wenha import doctor
from wenha.config import TOKEN_ENV, Config, Telegram
from wenha.doctor_telegram import LISTEN
from wenha.serve import commands, telegram_channel


@dataclass(frozen=True, slots=True)
class Said:
    """What the doctor said, and with which exit code."""

    code: int
    text: str

    def fix(self, finding: str) -> str:
        """Return what to do about a finding whose line begins like this, its sign included."""
        lines = self.text.splitlines()
        found = [at for at, line in enumerate(lines) if line.startswith(finding)]
        assert len(found) == 1, self.text
        assert lines[found[0] + 1].startswith("  → "), self.text
        return lines[found[0] + 1].removeprefix("  → ")

    def lines(self, sign: str) -> list[str]:
        """Return the findings of one sign."""
        return [line for line in self.text.splitlines() if line.startswith(sign)]


@dataclass(kw_only=True, slots=True)
class Ward:
    """A hub and a village on Telegram with the bot as admin; nothing runs but the doctor."""

    server: TelegramServer
    folder: Path
    zhou: User
    wang: User
    hub: Chat
    village: Chat
    more: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        """The database of the service."""
        return self.folder / "wenha.db"

    async def examine(self) -> Said:
        """Let the doctor look, and let the moment pass for which it polls."""
        passing = asyncio.create_task(self._let_poll_pass())
        try:
            return await self.look()
        finally:
            passing.cancel()
            await asyncio.gather(passing, return_exceptions=True)

    async def look(self, *, clock: Clock | None = None, patience: float = 20) -> Said:
        """Let the doctor look, in a thread: it has an event loop of its own."""
        config, out = self.folder / "config.yaml", io.StringIO()
        config.write_text(f"database: {self.database}\n{self.telegram()}", "utf-8")
        now = clock or self.server.clock
        run = partial(doctor.run, config, out, now, self.environment, patience)
        code = await asyncio.to_thread(run)
        said = out.getvalue()
        assert self.server.bot.token not in said
        assert self.server.bot.token.partition(":")[2] not in said
        return Said(code, said)

    def telegram(self) -> str:
        """The part of the configuration about Telegram."""
        return f"telegram:\n  base_url: {self.server.base_url}\n{self.more}"

    async def _let_poll_pass(self) -> None:
        await self.server.poll_held()
        self.server.advance(seconds=LISTEN)


@asynccontextmanager
async def ward(folder: Path) -> AsyncIterator[Ward]:
    """A healthy patient; the strict server's complaints fail the test."""
    async with telegram_server() as server:
        people = server.people
        zhou, wang = people.person("周敏"), people.person("王村长")
        hub = people.supergroup("值守群", owner=zhou)
        village = people.supergroup("白石村", owner=wang)
        for chat, by in ((hub, zhou), (village, wang)):
            people.add_bot(chat, by=by)
            people.make_admin(chat, server.bot.user, by=by)
        server.bot.queue.clear()
        patient = Ward(
            server=server, folder=folder, zhou=zhou, wang=wang, hub=hub, village=village
        )
        patient.environment = {TOKEN_ENV: server.bot.token}
        _bind(patient)
        await _set_commands(patient)
        yield patient
        assert server.desk.problems == []


def _bind(patient: Ward) -> None:
    migrate.upgrade(patient.database)
    with closing(open_connection(patient.database)) as connection:
        people = Unit(connection).people
        hub = people.add_hub("值守群", _ref(patient.hub))
        people.add_village("白石村", _ref(patient.village), hub.id)


def _ref(chat: Chat) -> ChatRef:
    return ChatRef(channel="telegram", chat_id=str(chat.id))


async def _set_commands(patient: Ward) -> None:
    """As the service does at its start."""
    config = Config(telegram=Telegram(base_url=patient.server.base_url))
    channel = telegram_channel(config, patient.server.bot.token)
    await channel.connect()
    await channel.set_commands(commands(Wording()))
    await channel.close()
