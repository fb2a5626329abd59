"""What does every handler of the staff pages have at hand? Who looks, the form, how to answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from importlib import resources
from types import MappingProxyType

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined
from multidict import MultiDict, MultiMapping

from base.staff import Staff
from base.wording import Wording
from console import auth
from console.ports import House
from escalation.calendar import BEIJING
from knowledge.model import ANSWER_LIMIT, Category, EntryStatus

AT = "/console"
REFUSED, FORBIDDEN, MISSING, TROUBLE = 422, 403, 404, 503
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow",
    }
)
ASSETS: Mapping[str, str] = MappingProxyType(
    {"console.css": "text/css", "console.js": "text/javascript", "icon.svg": "image/svg+xml"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """Somebody signed in, and what they asked for."""

    house: House
    pages: "Pages"
    request: web.Request
    staff: Staff
    secret: str  # of the session
    now: datetime
    form: MultiMapping[str] = field(default_factory=MultiDict)

    def with_form(self, form: MultiMapping[str]) -> "Visit":
        """Return the visit with what was sent."""
        return replace(self, form=form)

    @property
    def words(self) -> Wording:
        """The sentences in force."""
        return self.house.words

    def html(self, template: str, *, status: int = 200, **facts: object) -> web.Response:
        """Answer with a page for whoever looks."""
        token = auth.form_token(self.house.secret, self.secret)
        path = self.request.path
        return html(
            self.pages.render(template, staff=self.staff, token=token, path=path, **facts),
            status=status,
        )


class Pages:
    """Values → HTML, with the templates beside this file; everything is escaped."""

    def __init__(self, words: Wording) -> None:
        self._templates = Environment(
            loader=PackageLoader("console"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(
            say=words,
            at=AT,
            categories={one.value: words(f"category.{one}") for one in Category},
            statuses={one.value: words(f"entry.{one}") for one in EntryStatus},
            answer_limit=ANSWER_LIMIT,
        )
        self._templates.filters.update(
            percent=_percent, percent1=_percent1, day=date.isoformat, moment=_moment
        )

    def render(self, template: str, **facts: object) -> str:
        """Return a page."""
        return self._templates.get_template(template).render(facts)


def html(page: str, *, status: int = 200) -> web.Response:
    """Answer with a page."""
    return web.Response(
        body=page.encode("utf-8", "replace"),
        status=status,
        content_type="text/html",
        charset="utf-8",
        headers=HEADERS,
    )


def see(address: str) -> web.Response:
    """Answer by sending the browser to another page of ours."""
    return web.Response(status=303, headers={**HEADERS, "Location": address})


def static_route() -> web.RouteDef:
    """Return the route of the style, the script and the sign, read once."""
    folder = resources.files("console") / "static"
    held = {name: (folder / name).read_bytes() for name in ASSETS}

    async def asset(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in held:
            return web.Response(status=MISSING, headers=HEADERS)
        headers = {**HEADERS, "Cache-Control": "no-cache"}
        return web.Response(
            body=held[name], content_type=ASSETS[name], charset="utf-8", headers=headers
        )

    return web.get(f"{AT}/static/{{name}}", asset)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def _percent1(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"
