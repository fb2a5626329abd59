"""What can a newcomer do in the browser? The routes of the sandbox.

Only `wenha demo` adds them, on this computer's own address.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

from aiohttp import web

from base.errors import NotFound, Refused, Temporary
from bot.channels.web import forms, views
from bot.channels.web.desk import Persona, RoomKind, Sandbox
from bot.channels.web.pages import ASSETS_AT, Look, Pages
from bot.channels.web.platform import held
from bot.channels.web.shell import HEADERS, TROUBLE, Typed, html, sentence, static_route
from bot.channels.web.views import ClockView, Quote, Snapshot

Form = Mapping[str, str]
Act = Callable[[Form, Persona], Awaitable[int]]
STEPS = {"10": timedelta(minutes=10), "60": timedelta(hours=1)}


def sandbox_routes(desk: Sandbox) -> list[web.RouteDef]:
    """Return the routes of the sandbox: one page, its changing parts, and three things to do."""
    routes = _Routes(desk)
    return [
        web.get("/", routes.page),
        web.get("/sandbox/state", routes.state),
        web.post("/sandbox/say", partial(routes.act, routes.say)),
        web.post("/sandbox/press", partial(routes.act, routes.press)),
        web.post("/sandbox/clock", partial(routes.act, routes.clock)),
        static_route(ASSETS_AT, desk.words),
    ]


class _Routes:
    """The handlers; each answers in the words of base/wording."""

    def __init__(self, desk: Sandbox) -> None:
        self._desk = desk
        self._pages = Pages(desk)

    async def page(self, request: web.Request) -> web.Response:
        """Show everything, as whoever `as` names."""
        look = self._look(request.query)
        reply = await self._quote(look.persona, request.query.get("reply"))
        typed = Typed(text=_try(look.persona, request.query.get("try")), reply=reply)
        return await self._whole(look, typed)

    async def state(self, request: web.Request) -> web.Response:
        """Return the changing parts; 204 when they are as the page has them."""
        try:
            page, seen = await self._parts(self._look(request.query))
        except Temporary:
            return web.Response(status=TROUBLE, headers=HEADERS)
        if seen == request.query.get("seen"):
            return web.Response(status=204, headers=HEADERS)
        return html(page, headers={"X-Seen": seen})

    async def act(self, act: Act, request: web.Request) -> web.Response:
        """Do one thing; answer with the page as it is afterwards, or with why not."""
        form: Form = {}
        try:
            form = await forms.read(request)
            forms.check_origin(request, form, self._desk.token)
            persona = self._desk.persona(form.get("as"))
            press = await act(form, persona)
        except (Refused, NotFound, Temporary) as error:
            return await self._refusal(request, form, error)
        with suppress(Temporary):  # it is stored; the loops go on with it when they can
            await self._desk.host.settle()
        return await self._done(request, self._look(form, press=press))

    async def say(self, form: Form, persona: Persona) -> int:
        """Write a message where the persona speaks."""
        await self._desk.platform.say(
            persona.chat,
            persona.ref,
            persona.name,
            form.get("text", ""),
            reply_to=forms.number(form.get("reply_to")),
            nonce=form.get("nonce") or None,
        )
        return 0

    async def press(self, form: Form, persona: Persona) -> int:
        """Press a button under a message where the persona speaks."""
        kind = form.get("room", self._desk.home(persona))
        if kind != self._desk.home(persona):
            raise Refused("web.not_here", {"name": persona.name})
        index, _, label = form.get("index", "").partition(":")
        return await self._desk.platform.press(
            persona.chat,
            persona.ref,
            persona.name,
            forms.needed(form.get("message")),
            forms.needed(index),
            label=label or None,
        )

    async def clock(self, form: Form, _persona: Persona) -> int:
        """Move the clock on; it never goes back."""
        host, by = self._desk.host, form.get("by")
        now = host.now()
        if by == "next":
            to = await host.next_due() or now
        elif by in STEPS:
            to = now + STEPS[by]
        else:
            raise Refused("web.bad_form")
        await host.move_clock(max(now, to))
        return 0

    async def _done(self, request: web.Request, look: Look) -> web.Response:
        if forms.wants_json(request):
            return await self._json(look, {"nonce": Typed().nonce})
        query = {"as": look.persona.ref.id, "see": look.see}
        query |= {"press": str(look.press)} if look.press else {}
        headers = {**HEADERS, "Location": f"/?{urlencode(query)}"}
        return web.Response(status=303, headers=headers)

    async def _refusal(
        self, request: web.Request, form: Form, error: Refused | NotFound | Temporary
    ) -> web.Response:
        """Say why not, with everything that was typed still there."""
        status, problem = sentence(error, self._desk.words)
        look = self._look(form)
        if forms.wants_json(request):
            return await self._json(look, {"problem": problem}, status)
        reply = await self._quote(look.persona, form.get("reply_to"))
        nonce = form.get("nonce") or Typed().nonce
        typed = Typed(text=form.get("text", ""), reply=reply, nonce=nonce)
        return await self._whole(look, typed, problem, status)

    async def _whole(
        self, look: Look, typed: Typed, problem: str = "", status: int = 200
    ) -> web.Response:
        try:
            seen, clock = await self._see(look)
        except Temporary:
            seen, clock = Snapshot(), views.clock(self._desk, self._desk.host.now(), None)
            status, problem = TROUBLE, problem or self._desk.words("web.trouble")
        page = self._pages.page(look, seen, clock, typed=typed, problem=problem)
        return html(page, status=status)

    async def _json(self, look: Look, answer: dict[str, str], status: int = 200) -> web.Response:
        with suppress(Temporary):
            answer["state"], answer["seen"] = await self._parts(look)
        return web.json_response(answer, status=status, headers=HEADERS)

    async def _parts(self, look: Look) -> tuple[str, str]:
        seen, clock = await self._see(look)
        return self._pages.state(look, seen, clock)

    async def _see(self, look: Look) -> tuple[Snapshot, ClockView]:
        desk = self._desk
        seen = await desk.store.read(lambda unit: views.read(unit, desk, look.persona))
        return seen, views.clock(desk, desk.host.now(), await desk.host.next_due())

    async def _quote(self, persona: Persona, reply: str | None) -> Quote | None:
        """Return the message to reply to; None when there is none, for whatever reason."""
        with suppress(Refused, Temporary):
            message = forms.number(reply) or 0
            found = await self._desk.store.read(lambda unit: held(unit, persona.chat, message))
            return None if found is None else views.quote(found)
        return None

    def _look(self, fields: Mapping[str, str], press: int = 0) -> Look:
        persona = self._desk.find(fields.get("as")) or self._desk.personas[0]
        wanted = fields.get("see", "")
        see = RoomKind(wanted) if wanted in list(RoomKind) else self._desk.home(persona)
        awaited = fields.get("press", "")
        known = awaited.isascii() and awaited.isdecimal() and len(awaited) <= forms.LONGEST_NUMBER
        return Look(persona=persona, see=see, press=press or (int(awaited) if known else 0))


def _try(persona: Persona, wanted: str | None) -> str:
    """Return the suggested words that were tapped, by their place."""
    places = {str(place): words for place, words in enumerate(persona.tries)}
    return places.get(wanted or "", "")
