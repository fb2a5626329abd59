"""Whoever writes to the bot alone hears how to ask in the village, and leaves nothing behind."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from base.wording import Wording
from tests.journeys.telegram_town import TelegramTown, telegram_town
from tests.telegram_server.world import User
from wenha.serve import commands, telegram_channel

LINE = Wording()("stranger.direct")
WRITTEN = "我屋头的事，不好在群里说，他打我"


def heard(town: TelegramTown, who: User) -> list[str]:
    """What the bot has said to somebody alone."""
    bot = town.server.bot.user.id
    return [
        seen.text for seen in town.read(town.server.people.private(who)) if seen.author_id == bot
    ]


async def test_whoever_starts_the_bot_hears_how_to_ask_in_the_village(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        town.server.people.start(town.li)
        await town.settle()
        assert heard(town, town.li) == [LINE]
        assert "问哈村长" in LINE
        assert "110" in LINE


async def test_what_is_written_to_the_bot_alone_is_not_stored(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        stranger = town.server.people.person("李秘密")
        await town.say(stranger, town.server.people.private(stranger), WRITTEN)
        await town.say(stranger, town.server.people.private(stranger), f"问哈村长，{WRITTEN}")
        assert heard(town, stranger) == [LINE]
        assert (await town.service.store.read(lambda unit: unit.tickets.all())) == []
        database = town.database
    with closing(sqlite3.connect(database)) as raw:
        dump = "\n".join(raw.iterdump())
    assert WRITTEN not in dump
    assert "李秘密" not in dump


async def test_the_line_comes_once_an_hour_however_much_is_written(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        private = town.server.people.private(town.li)
        for text in ("在不在", "喂", "怎么不答"):
            await town.say(town.li, private, text)
        assert heard(town, town.li) == [LINE]
        await town.wait(hours=1)
        await town.say(town.li, private, "在不在")
        assert heard(town, town.li) == [LINE, LINE]
        # but who asks for it gets it
        await town.say(town.li, private, "/help")
        assert heard(town, town.li) == [LINE, LINE, LINE]


async def test_a_code_belongs_into_the_group_it_is_for(tmp_path: Path) -> None:
    async with telegram_town(tmp_path, bound=False) as town:
        code = town.code_for_hub()
        await town.say(town.zhou, town.server.people.private(town.zhou), f"/bind {code}")
        assert heard(town, town.zhou) == ["口令请到要绑定的那个群里输入，这里不管用。"]
        assert (await town.service.store.read(lambda unit: unit.people.hubs())) == []


async def test_blocking_the_bot_and_coming_back_is_answered_by_silence(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        town.server.people.private(town.li)
        town.server.people.block(town.li)
        town.server.people.unblock(town.li)
        await town.settle()
        assert heard(town, town.li) == []


async def test_every_kind_of_chat_is_offered_its_own_commands(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        channel = telegram_channel(town.service.config, town.server.bot.token)
        await channel.connect()
        await channel.set_commands(commands(town.service.words))
        await channel.close()
        stored = town.server.bot.commands
        offered = {
            json.loads(scope)[0]["type"]: {row["command"]: row["description"] for row in rows}
            for scope, rows in stored.items()
        }
    group = {"help": "怎么问", "bind": "用口令绑定本群（管理员）"}
    assert offered == {
        "all_group_chats": group,
        "all_chat_administrators": group,
        "all_private_chats": {"start": "到村群里怎么问"},
    }
