"""How does somebody play the people by hand? A small JSON-over-HTTP control.

`GET /control` tells how; `POST /control/VERB` with a JSON body does it. A chat is named by its
id, a private chat by the id of the person.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from aiohttp import web

from tests.telegram_server import faults
from tests.telegram_server.people import Impossible
from tests.telegram_server.server import TelegramServer
from tests.telegram_server.spec import Json
from tests.telegram_server.world import Chat, User

FAULTS: Mapping[str, Callable[..., faults.Fault]] = {
    "too_many_requests": faults.too_many_requests,
    "refusal": faults.refusal,
    "server_error": faults.server_error,
    "bad_gateway": faults.bad_gateway,
    "garbage": faults.garbage,
    "dropped": faults.dropped,
    "held": faults.held,
}


class Control:
    """The verbs; each is a method, its parameters are the JSON body."""

    def __init__(self, server: TelegramServer) -> None:
        self._server = server
        self._people = server.people
        server.app.router.add_get("/control", self._help)
        server.app.router.add_post("/control/{verb}", self._serve)

    def person(self, name: str, username: str | None = None) -> Json:
        """Create a person."""
        return {"user": self._people.person(name, username=username).id}

    def group(
        self, title: str, owner: int, members: tuple[int, ...] = (), kind: str = "supergroup"
    ) -> Json:
        """Create a group or supergroup with the bot in it."""
        make = self._people.group if kind == "group" else self._people.supergroup
        users = tuple(self._user(member) for member in members)
        chat = make(title, owner=self._user(owner), members=users)
        self._people.add_bot(chat, by=self._user(owner))
        return {"chat": chat.id}

    def say(
        self,
        user: int,
        chat: int,
        text: str,
        reply_to: int | None = None,
        anonymous: bool = False,
    ) -> Json:
        """Write a text."""
        message = self._people.say(
            self._user(user), self._chat(chat), text, reply_to=reply_to, anonymous=anonymous
        )
        return {"message_id": message.id}

    def send(self, user: int, chat: int, kind: str, **how: Any) -> Json:
        """Send voice, photo, video, sticker, document, location or album."""
        made = getattr(self._people.media, kind)(**how)
        parts = made if isinstance(made, list) else [made]
        sent = [self._people.send(self._user(user), self._chat(chat), part) for part in parts]
        return {"message_ids": [message.id for message in sent]}

    def edit(self, chat: int, message_id: int, text: str) -> Json:
        """Change a text that a person wrote."""
        self._people.edit(self._chat(chat).messages[message_id], text)
        return {}

    def press(self, user: int, chat: int, message_id: int, label: str) -> Json:
        """Press a button by its label."""
        pressed = self._people.press(self._user(user), self._chat(chat), message_id, label)
        return {"press": pressed.id}

    def toast(self, press: str) -> Json:
        """Show what a press was told."""
        found = self._server.bot.presses[press]
        return {"answered": found.answered, "text": found.text, "alert": found.alert}

    def admin(self, chat: int, user: int, by: int) -> Json:
        """Make somebody an admin; the bot by the id that getMe tells."""
        self._people.make_admin(self._chat(chat), self._user(user), by=self._user(by))
        return {}

    def add(self, chat: int, user: int, by: int) -> Json:
        """Add somebody, or the bot, to a group."""
        self._people.add(self._chat(chat), self._user(user), by=self._user(by))
        return {}

    def kick(self, chat: int, user: int, by: int) -> Json:
        """Throw somebody, or the bot, out of a group."""
        self._people.kick(self._chat(chat), self._user(user), by=self._user(by))
        return {}

    def upgrade(self, chat: int, by: int) -> Json:
        """Turn a basic group into a supergroup."""
        return {"chat": self._people.upgrade(self._chat(chat), by=self._user(by)).id}

    def read(self, chat: int) -> Json:
        """Show what stands in a chat."""
        return {"messages": [asdict(seen) for seen in self._people.read(self._chat(chat))]}

    def calls(self) -> Json:
        """Show the calls of the bot and what it heard."""
        calls = self._server.calls
        return {"calls": [{"method": c.method, "text": c.text, "heard": c.heard} for c in calls]}

    def advance(self, seconds: float) -> Json:
        """Move the clock."""
        self._server.advance(seconds=seconds)
        return {"now": self._server.clock.now().isoformat()}

    def fault(
        self,
        kind: str,
        method: str | None = "sendMessage",
        chat: int | None = None,
        times: int = 1,
        **how: Any,
    ) -> Json:
        """Script a fault for the next calls."""
        make = FAULTS[kind]
        self._server.faults.often(lambda: make(**how), times=times, method=method, chat_id=chat)
        return {}

    def _user(self, number: int) -> User:
        return self._server.platform.world.users[number]

    def _chat(self, number: int) -> Chat:
        if number > 0:
            return self._people.private(self._user(number))
        return self._server.platform.world.chats[number]

    async def _help(self, request: web.Request) -> web.Response:
        verbs = {
            name: f"{inspect.signature(verb)} {inspect.getdoc(verb)}"
            for name, verb in inspect.getmembers(self, inspect.ismethod)
            if not name.startswith("_")
        }
        bot = {"token": self._server.bot.token, "username": self._server.bot.username}
        return web.json_response({"bot": bot, "verbs": verbs, "faults": list(FAULTS)})

    async def _serve(self, request: web.Request) -> web.Response:
        name = request.match_info["verb"]
        verb = None if name.startswith("_") else getattr(self, name, None)
        if verb is None:
            return web.json_response({"error": f"no verb {name}"}, status=404)
        body = await request.text()
        try:
            done = verb(**(await request.json() if body else {}))
        except (Impossible, LookupError, TypeError, ValueError, AttributeError) as error:
            words = f"{type(error).__name__}: {error}"
            return web.json_response({"error": words}, status=400)
        return web.json_response(done)
