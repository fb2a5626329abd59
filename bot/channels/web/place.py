"""How do a village and a hub live on the built-in channel? The routes behind a secret link.

Whoever has the link is of the place, as with a link into a group chat; who they are is kept in a
signed cookie. Nothing is settled here: after the commit the loops are nudged.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

from aiohttp import web

from base.clock import Clock
from base.errors import NotFound, Refused, Temporary
from base.text import clean
from base.throttle import Throttle
from bot import routing
from bot.channels.web import badge as badges
from bot.channels.web import forms, views, visits
from bot.channels.web.badge import Badge
from bot.channels.web.desk import Words
from bot.channels.web.place_pages import ASSETS_AT, Look, PlacePages
from bot.channels.web.platform import Platform, held
from bot.channels.web.shell import (
    FORBIDDEN,
    HEADERS,
    Typed,
    html,
    sentence,
    static_route,
)
from bot.channels.web.views import Quote
from bot.channels.web.visits import Visit
from bot.ports import Store

Form = Mapping[str, str]
Act = Callable[[Form, Visit], Awaitable[int]]
DEEDS_A_MINUTE = 12  # of one person
NEWCOMERS_A_MINUTE = 30  # of one place
LARGEST_FORM = 256 * 1024  # bytes; a message as long as allowed takes a tenth of it
UNLISTED = {"X-Robots-Tag": "noindex, nofollow"}


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """What the pages need of the service; `nudge` wakes its loops, `secure` is for https."""

    platform: Platform
    store: Store
    clock: Clock
    words: Words
    secret: bytes
    nudge: Callable[[], None]
    secure: bool = False


def place_routes(house: House) -> list[web.RouteDef]:
    """Return the routes of all villages and hubs that live on the built-in channel."""
    routes = _Routes(house)
    return [
        static_route(ASSETS_AT, house.words),
        web.get("/v/{secret}", routes.page),
        web.get("/v/{secret}/state", routes.state),
        web.post("/v/{secret}/in", routes.come_in),
        web.post("/v/{secret}/say", partial(routes.act, routes.say)),
        web.post("/v/{secret}/press", partial(routes.act, routes.press)),
        web.route("*", "/v/{rest:.*}", routes.missing),
    ]


class _Routes:
    """The handlers; each answers in the words of base/wording."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._pages = PlacePages(house.words)
        self._deeds = Throttle(DEEDS_A_MINUTE)
        self._newcomers = Throttle(NEWCOMERS_A_MINUTE)

    async def missing(self, _request: web.Request) -> NoReturn:
        """Say that a link leads nowhere."""
        raise self._nowhere()

    async def page(self, request: web.Request) -> web.Response:
        """Show the room; to somebody new, the door."""
        visit = await self._visit(request)
        look = self._look(request, visit)
        if not visit.inside or "who" in request.query:
            return self._with_badge(visit, html(self._pages.door(look, name=visit.badge.name)))
        reply = await self._quote(visit, request.query.get("reply"))
        return self._whole(look, Typed(reply=reply))

    async def state(self, request: web.Request) -> web.Response:
        """Return the changing parts; 204 when they are as the page has them."""
        visit = await self._visit(request)
        if not visit.inside:
            return web.Response(status=FORBIDDEN, headers=HEADERS)
        page, seen = self._pages.state(self._look(request, visit))
        if seen == request.query.get("seen"):
            return web.Response(status=204, headers=HEADERS)
        return html(page, headers={"X-Seen": seen, **UNLISTED})

    async def come_in(self, request: web.Request) -> web.Response:
        """Take the name somebody gives at the door, and let them in."""
        visit = await self._visit(request)
        form: Form = {}
        try:
            form = await self._form(request)
            self._check_ours(request, visit, form)
            badge = await self._let_in(visit, form)
        except (Refused, Temporary) as error:
            status, problem = sentence(error, self._house.words)
            look = self._look(request, visit)
            page = self._pages.door(look, name=form.get("name", ""), problem=problem)
            return self._with_badge(visit, html(page, status=status))
        answer = self._see_other(self._here(request))
        self._give(answer, badge)
        return answer

    async def act(self, act: Act, request: web.Request) -> web.Response:
        """Do one thing; answer with the page as it is afterwards, or with why not."""
        visit = await self._visit(request)
        form: Form = {}
        try:
            form = await self._form(request)
            self._check_ours(request, visit, form)
            self._check_may(visit)
            press = await act(form, visit)
        except (Refused, NotFound, Temporary) as error:
            return await self._refusal(request, visit, form, error)
        self._house.nudge()
        if forms.wants_json(request):
            return await self._json(request, {"nonce": Typed().nonce})
        return self._see_other(self._here(request) + (f"?press={press}" if press else ""))

    async def say(self, form: Form, visit: Visit) -> int:
        """Write a message in the room; under 问哈村长 it calls us."""
        reply_to, text = forms.number(form.get("reply_to")), form.get("text", "")
        if form.get("call") and reply_to is None and clean(text):
            text = _called(text)
        await self._house.platform.say(
            visit.place.chat,
            visit.badge.ref,
            visit.badge.name,
            text,
            reply_to=reply_to,
            nonce=form.get("nonce") or None,
        )
        return 0

    async def press(self, form: Form, visit: Visit) -> int:
        """Press a button under a message of the room."""
        index, _, label = form.get("index", "").partition(":")
        return await self._house.platform.press(
            visit.place.chat,
            visit.badge.ref,
            visit.badge.name,
            forms.needed(form.get("message")),
            forms.needed(index),
            label=label or None,
        )

    async def _visit(self, request: web.Request) -> Visit:
        """Read who is where.

        Raises:
            HTTPException: the link leads nowhere, or the database cannot be read now.
        """
        secret, words = request.match_info["secret"], self._house.words
        badge = badges.unseal(self._house.secret, request.cookies.get(badges.COOKIE))
        try:
            visit = await self._house.store.read(
                lambda unit: visits.visit(unit, words, secret, badge)
            )
        except Temporary:
            page = self._pages.sorry("web.trouble")
            raise web.HTTPServiceUnavailable(
                text=page, content_type="text/html", headers=HEADERS
            ) from None
        if visit is None:
            raise self._nowhere()
        return visit

    def _nowhere(self) -> web.HTTPNotFound:
        return web.HTTPNotFound(
            text=self._pages.sorry("place.nowhere"), content_type="text/html", headers=HEADERS
        )

    async def _form(self, request: web.Request) -> Form:
        return await forms.read(request.clone(client_max_size=LARGEST_FORM))

    def _check_ours(self, request: web.Request, visit: Visit, form: Form) -> None:
        if visit.fresh:
            raise Refused("place.no_cookie")
        forms.check_origin(request, form, self._token(visit))

    def _check_may(self, visit: Visit) -> None:
        if not visit.inside:
            raise Refused("place.come_in_first")
        if not self._deeds.allows(visit.badge.id, self._house.clock.now()):
            raise Refused("place.too_fast")

    async def _let_in(self, visit: Visit, form: Form) -> Badge:
        words, now = self._house.words, self._house.clock.now()
        badge = visits.renamed(visit.badge, form.get("name", ""), words)
        knows = visit.profession and badge.id == visit.badge.id
        told = form.get("profession", "")
        profession = None if knows else visits.profession_told(visit, told, words)
        if not self._newcomers.allows(visit.place.key, now):
            raise Refused("place.too_many")
        await self._house.store.write(
            lambda unit: visits.come_in(unit, visit.place, badge, profession, now)
        )
        return badge

    async def _refusal(
        self,
        request: web.Request,
        visit: Visit,
        form: Form,
        error: Refused | NotFound | Temporary,
    ) -> web.Response:
        """Say why not, with everything that was typed still there."""
        status, problem = sentence(error, self._house.words)
        if forms.wants_json(request):
            return await self._json(request, {"problem": problem}, status)
        look = self._look(request, visit)
        if not visit.inside:
            page = self._pages.door(look, name=visit.badge.name, problem=problem)
            return self._with_badge(visit, html(page, status=status))
        reply = await self._quote(visit, form.get("reply_to"))
        nonce = form.get("nonce") or Typed().nonce
        typed = Typed(text=form.get("text", ""), reply=reply, nonce=nonce)
        return self._whole(look, typed, problem, status)

    def _whole(
        self, look: Look, typed: Typed, problem: str = "", status: int = 200
    ) -> web.Response:
        page = self._pages.page(look, typed=typed, problem=problem)
        return self._with_badge(look.visit, html(page, status=status, headers=UNLISTED))

    async def _json(
        self, request: web.Request, answer: dict[str, str], status: int = 200
    ) -> web.Response:
        visit = await self._visit(request)
        if visit.inside:
            look = self._look(request, visit)
            answer["state"], answer["seen"] = self._pages.state(look)
        return web.json_response(answer, status=status, headers=HEADERS)

    async def _quote(self, visit: Visit, reply: str | None) -> Quote | None:
        """Return the message to reply to; None when there is none, for whatever reason."""
        with suppress(Refused, Temporary):
            message = forms.number(reply) or 0
            found = await self._house.store.read(
                lambda unit: held(unit, visit.place.chat, message)
            )
            return None if found is None else views.quote(found)
        return None

    def _look(self, request: web.Request, visit: Visit) -> Look:
        try:
            awaited = forms.number(request.query.get("press")) or 0
        except Refused:
            awaited = 0
        here = self._here(request)
        return Look(visit=visit, here=here, token=self._token(visit), press=awaited)

    def _here(self, request: web.Request) -> str:
        return f"/v/{request.match_info['secret']}"

    def _token(self, visit: Visit) -> str:
        return badges.form_token(self._house.secret, visit.badge, visit.place.chat)

    def _with_badge(self, visit: Visit, answer: web.Response) -> web.Response:
        """Let the browser keep the badge, from today on as long as browsers keep anything."""
        self._give(answer, visit.badge)
        return answer

    def _give(self, answer: web.Response, badge: Badge) -> None:
        answer.set_cookie(
            badges.COOKIE,
            badges.seal(self._house.secret, badge),
            path="/v/",
            max_age=int(badges.LASTS.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=self._house.secure,
        )

    def _see_other(self, address: str) -> web.Response:
        return web.Response(status=303, headers={**HEADERS, "Location": address})


def _called(text: str) -> str:
    """Return the words as a question to us, unless they call us already."""
    words = clean(text)
    return words if routing.addressed(words) else f"{routing.WAKE_WORDS[0]}，{words}"
