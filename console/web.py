"""How do curators, reviewers and duty leads work in a browser? Start reading here: the routes.

Every page goes one way: who is it → may they → (for a form) did our own page send it → read, or
one pure decision and one transaction → the next page. Nothing is settled here.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from urllib.parse import quote

from aiohttp import web

from base.errors import ConfigError, NotFound, Refused, Temporary
from base.staff import Session, Staff, StaffRole
from base.throttle import Throttle
from console import (
    auth,
    editing,
    faq_list,
    forms,
    law_pages,
    miss_pages,
    publishing,
    ticket_pages,
)
from console.ports import House
from console.visit import (
    AT,
    FORBIDDEN,
    MISSING,
    REFUSED,
    TROUBLE,
    Pages,
    Visit,
    html,
    see,
    static_route,
)

Handler = Callable[[Visit], Awaitable[web.Response]]
Route = Callable[[str, Handler, Sequence[StaffRole]], web.RouteDef]
READERS = tuple(StaffRole)
WRITERS = (StaffRole.CURATOR, StaffRole.REVIEWER)
LEADS = (StaffRole.DUTY_LEAD,)
SIGN_INS_A_MINUTE = 30  # of everybody: each costs the processor a tenth of a second
SIGN_INS_FROM_ONE = 10  # of one address
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
HOME = f"{AT}/faq"


def console_routes(house: House) -> list[web.RouteDef]:
    """Return the routes of the staff pages."""
    door = _Door(house)
    show, do = partial(door.opened, web.get), partial(door.opened, web.post)
    return [
        static_route(),
        web.get(AT, door.home),
        web.get(f"{AT}/sign-in", door.sign_in_page),
        web.post(f"{AT}/sign-in", door.sign_in),
        do("/sign-out", door.sign_out, READERS),
        *_faq_routes(show, do),
        show("/laws", law_pages.affected, WRITERS),
        do("/laws", law_pages.mark, WRITERS),
        show("/misses", miss_pages.listed, WRITERS),
        do("/misses", miss_pages.settle, WRITERS),
        show("/tickets", ticket_pages.listed, LEADS),
        show("/tickets/{number:[0-9]{1,9}}", ticket_pages.show, LEADS),
        web.route("*", f"{AT}/{{rest:.*}}", door.missing),
    ]


def _faq_routes(show: Route, do: Route) -> list[web.RouteDef]:
    entry = "/faq/{entry:[A-Z][0-9]{3,5}}"
    return [
        show("/faq", faq_list.listed, READERS),
        show("/review", faq_list.queue, WRITERS),
        show("/faq/new", editing.new, WRITERS),
        do("/faq/new", editing.create, WRITERS),
        do("/faq/new/try", editing.try_out, WRITERS),
        show(entry, editing.show, READERS),
        do(entry, editing.save, WRITERS),
        do(f"{entry}/try", editing.try_out, WRITERS),
        do(f"{entry}/do", editing.do, WRITERS),
        show(f"{entry}/history", editing.history, READERS),
        show(f"{entry}/publish", publishing.ask, WRITERS),
        do(f"{entry}/publish", publishing.publish, WRITERS),
    ]


class _Door:
    """Lets people in, and answers what they may not or cannot do."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._pages = Pages(house.words)
        self._all = Throttle(SIGN_INS_A_MINUTE)
        self._from_one = Throttle(SIGN_INS_FROM_ONE)

    def opened(
        self,
        method: Callable[[str, Callable[[web.Request], Awaitable[web.Response]]], web.RouteDef],
        path: str,
        handler: Handler,
        roles: Sequence[StaffRole],
    ) -> web.RouteDef:
        """Return the route of a page that only these roles may open."""
        return method(f"{AT}{path}", partial(self._answer, handler, roles))

    async def home(self, _request: web.Request) -> web.Response:
        """Send to the first page."""
        return see(HOME)

    async def missing(self, request: web.Request) -> web.Response:
        """Say that there is no such page."""
        return self._sorry(request, MISSING, "console.nothing_here")

    async def _answer(
        self, handler: Handler, roles: Sequence[StaffRole], request: web.Request
    ) -> web.Response:
        try:
            session = await self._session(request)
            if session is None:
                return await self._to_sign_in(request)
            _check(session.staff, roles)
            return await handler(await self._visit(request, session))
        except Refused as error:
            forbidden = error.key in ("console.not_for_you", "console.stale")
            return self._sorry(request, FORBIDDEN if forbidden else REFUSED, error.key, error)
        except NotFound:
            return self._sorry(request, MISSING, "console.nothing_here")
        except Temporary:
            return self._sorry(request, TROUBLE, "console.trouble")
        except ConfigError as error:
            told = Refused("console.cannot_keep", {"problems": "；".join(error.problems)})
            return self._sorry(request, REFUSED, told.key, told)

    async def _visit(self, request: web.Request, session: Session) -> Visit:
        secret = request.cookies[auth.COOKIE]
        visit = Visit(
            house=self._house,
            pages=self._pages,
            request=request,
            staff=session.staff,
            secret=secret,
            now=self._house.clock.now(),
        )
        if request.method != "POST":
            return visit
        form = await forms.read(request)
        auth.check_form(self._house.secret, secret, form.get("token", ""))
        return visit.with_form(form)

    async def _session(self, request: web.Request) -> Session | None:
        """Return who is signed in; their session lasts on while it is used."""
        store, now = self._house.store, self._house.clock.now()
        secret = request.cookies.get(auth.COOKIE)
        if not secret:
            return None
        found = await store.read(lambda unit: auth.session(unit, secret, now))
        if found is not None and now >= found.used_at + auth.NOTED:
            await store.write(lambda unit: unit.staff.used(auth.kept_of(secret), now))
        return found

    async def _to_sign_in(self, request: web.Request) -> web.Response:
        """Ask to sign in; what was typed meanwhile is shown, so that it can be copied."""
        if request.method != "POST":
            return see(f"{AT}/sign-in?next={quote(request.path_qs, safe='')}")
        form = await forms.read(request)
        kept = [value for name, value in form.items() if name != "token" and value]
        page = self._pages.render("signin.html", next=HOME, problem="", kept=kept)
        return html(page, status=FORBIDDEN)

    async def sign_in_page(self, request: web.Request) -> web.Response:
        """Show the form to sign in."""
        problem = "" if self._is_safe(request) else self._house.words("console.needs_https")
        page = self._pages.render("signin.html", next=_next(request), problem=problem, kept=[])
        return html(page, status=FORBIDDEN if problem else 200)

    async def sign_in(self, request: web.Request) -> web.Response:
        """Look at name and password; a right one begins a session that nobody knew before."""
        try:
            form = await forms.read(request)
            secret = await self._let_in(request, form.get("name", ""), form.get("password", ""))
        except (Refused, Temporary) as error:
            key = error.key if isinstance(error, Refused) else "console.trouble"
            page = self._pages.render(
                "signin.html", next=_next(request), problem=self._house.words(key), kept=[]
            )
            return html(page, status=TROUBLE if isinstance(error, Temporary) else FORBIDDEN)
        answer = see(_next(request))
        answer.set_cookie(
            auth.COOKIE, secret, path=AT, httponly=True, samesite="Lax", secure=self._house.secure
        )
        return answer

    async def _let_in(self, request: web.Request, name: str, password: str) -> str:
        """Return the secret of a new session.

        Raises:
            Refused: not over https, too often, or the password is not right.
        """
        store, now = self._house.store, self._house.clock.now()
        if not self._is_safe(request):
            raise Refused("console.needs_https")
        if not (self._from_one.allows(_caller(request), now) and self._all.allows("", now)):
            raise Refused("console.too_many")
        account = await store.write(lambda unit: auth.may_try(unit, name.strip(), now))
        kept = account.password if account else await asyncio.to_thread(auth.nobodys)
        right = await asyncio.to_thread(auth.matches, kept, password)
        if account is None or not right:
            raise Refused("console.wrong_password")
        old = request.cookies.get(auth.COOKIE)
        return await store.write(lambda unit: auth.let_in(unit, account, old, now))

    async def sign_out(self, visit: Visit) -> web.Response:
        """End the session."""
        kept = auth.kept_of(visit.secret)
        await self._house.store.write(lambda unit: unit.staff.end(kept))
        answer = see(f"{AT}/sign-in")
        answer.del_cookie(auth.COOKIE, path=AT)
        return answer

    def _is_safe(self, request: web.Request) -> bool:
        """Whether a password may be typed: over https, or on this machine itself."""
        host = request.host.rpartition(":")[0] if request.host[-1:].isdigit() else request.host
        return self._house.secure or (host or request.host) in LOOPBACK

    def _sorry(
        self, request: web.Request, status: int, key: str, error: Refused | None = None
    ) -> web.Response:
        facts = dict(error.facts) if error else {}
        if "status" in facts and self._house.words.has(f"entry.{facts['status']}"):
            facts["status"] = self._house.words(f"entry.{facts['status']}")
        page = self._pages.render(
            "sorry.html", sentence=self._house.words(key, **facts), path=request.path
        )
        return html(page, status=status)


def _caller(request: web.Request) -> str:
    """The address somebody comes from; a proxy on this machine says it last in its header."""
    here = request.remote or ""
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return told if told and here in LOOPBACK else here


def _check(staff: Staff, roles: Sequence[StaffRole]) -> None:
    """Let only those pass who may.

    Raises:
        Refused: they may not.
    """
    if not staff.may(*roles):
        raise Refused("console.not_for_you", {"name": staff.name})


def _next(request: web.Request) -> str:
    """Return where to go after signing in: a page of ours, whatever the address says."""
    asked = request.query.get("next", "")
    ours = asked.startswith(f"{AT}/") and asked.isprintable() and "\\" not in asked
    return asked if ours and "//" not in asked else HOME
