"""How does `wenha demo --script` run? A day in virtual time on a database of its own."""

import tempfile
from pathlib import Path
from typing import TextIO

from base.clock import FrozenClock
from base.errors import ConfigError
from bot.channels.web.channel import WebChannel
from wenha.config import Config
from wenha.demo import cast, transcript
from wenha.demo.player import Player
from wenha.demo.script import read_day
from wenha.wiring import open_service

DATABASE = "wenha.db"
BOT = "问哈村长"


async def play(config: Config, day: int, *, as_json: bool, keep: Path | None, out: TextIO) -> int:
    """Play a day and print what was said; return the exit code."""
    if keep is None:
        with tempfile.TemporaryDirectory() as folder:
            return await _play(config, day, Path(folder), as_json=as_json, out=out)
    if (keep / DATABASE).exists():
        raise ConfigError([f"{keep / DATABASE} 已经在了，请换一个目录或先移走它"])
    return await _play(config, day, keep, as_json=as_json, out=out)


async def _play(config: Config, day: int, folder: Path, *, as_json: bool, out: TextIO) -> int:
    scenes = read_day(day)
    clock = FrozenClock(scenes[0].at)
    here = config.model_copy(update={"database": folder / DATABASE})
    service = await open_service(here, clock)
    try:
        await service.store.write(cast.move_in)
        player = Player(service, clock)
        await player.play(scenes)
        channels = {"web": WebChannel(service.store, clock)}
        lines = await service.store.read(lambda unit: transcript.read_lines(unit, channels, BOT))
    finally:
        service.close()
    printed = (line.as_json() for line in lines) if as_json else transcript.readable(lines)
    for line in printed:
        print(line, file=out)
    if not as_json:
        kept = {line.id for line in lines}
        ignored = [at for at in player.said if transcript.line_id(at[0], str(at[1])) not in kept]
        print(f"\n村里另有 {len(ignored)} 条话不是问我们的：没有回，也没有存。", file=out)
    return 0
