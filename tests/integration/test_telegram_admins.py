"""Who administers a group, told by a server that knows fewer rights than ours."""

from aiohttp import web
from aiohttp.test_utils import TestServer

from base.messages import ChatRef
from wenha.config import Config
from wenha.serve import telegram_channel

TOKEN = "1:A"  # noqa: S105 - of a server of our own
ADMINS = [
    {"status": "creator", "user": {"id": 7, "is_bot": False, "first_name": "周敏"}},
    {"status": "administrator", "user": {"id": 8, "first_name": "陈", "last_name": "静"}},
    {"status": "administrator", "user": {"id": 9, "is_bot": True, "first_name": "问哈"}},
    {"status": "administrator"},
]


async def test_admins_are_read_without_their_rights() -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.query["chat_id"])
        return web.json_response({"ok": True, "result": ADMINS})

    app = web.Application()
    app.router.add_post("/bot{token}/getChatAdministrators", answer)
    async with TestServer(app) as server:
        config = Config()
        telegram = config.telegram.model_copy(update={"base_url": str(server.make_url("/bot"))})
        channel = telegram_channel(config.model_copy(update={"telegram": telegram}), TOKEN)
        admins = await channel.admins(ChatRef(channel="telegram", chat_id="-1001"))
        await channel.close()
    assert asked == ["-1001"]
    assert [(admin.ref.id, admin.name) for admin in admins] == [("7", "周敏"), ("8", "陈 静")]
