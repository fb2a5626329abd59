"""What do all pages of the built-in channel have in common? Headers, static files, templates."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from types import MappingProxyType

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from base.errors import NotFound, Refused, Temporary
from base.text import MAX_TEXT
from bot.channels.web.desk import Words
from bot.channels.web.views import Quote

REFUSED, FORBIDDEN, GONE, TOO_LARGE, TOO_MANY, TROUBLE = 422, 403, 404, 413, 429, 503
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": (
            "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; "
            "frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
)
ASSETS: Mapping[str, str] = MappingProxyType(
    {
        "chat.css": "text/css",
        "sandbox.css": "text/css",
        "place.css": "text/css",
        "chat.js": "text/javascript",
        "icon.svg": "image/svg+xml",
    }
)
STATUS: Mapping[str, int] = MappingProxyType(
    {
        "web.stale": FORBIDDEN,
        "place.no_cookie": FORBIDDEN,
        "place.come_in_first": FORBIDDEN,
        "web.too_big": TOO_LARGE,
        "place.too_fast": TOO_MANY,
        "place.too_many": TOO_MANY,
    }
)
"""Refusals with a status of their own; the others are 422."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """What somebody is in the middle of: kept on the page whatever happens.

    Attributes:
        nonce: of the message being written; the same words sent twice under it are one message.
    """

    text: str = ""
    reply: Quote | None = None
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(12))


@dataclass(frozen=True, kw_only=True, slots=True)
class Paths:
    """Where the forms and links of a chat lead, and what every form carries along.

    Attributes:
        here: the page itself, as whoever looks at it.
        fields: hidden fields of every form: what shows that our own page sent it.
    """

    here: str
    say: str
    press: str
    fields: Mapping[str, str]

    def reply(self, message: int) -> str:
        """Return the link that begins a reply."""
        return self._with(f"reply={message}")

    def tried(self, place: int) -> str:
        """Return the link that fills in the suggested words at this place."""
        return self._with(f"try={place}")

    def _with(self, query: str) -> str:
        return f"{self.here}{'&' if '?' in self.here else '?'}{query}#words"


def environment(words: Words, assets: str) -> Environment:
    """Return the templates, with what every page says; `assets` is where the static files are."""
    made = Environment(
        loader=PackageLoader("bot.channels.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(say=words, max_text=MAX_TEXT, assets=assets)
    return made


def digest(page: str) -> str:
    """Return a word that is another one when the page has changed."""
    return hashlib.sha256(page.encode("utf-8", "replace")).hexdigest()[:16]


def html(
    page: str, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Answer with a page."""
    return web.Response(
        body=page.encode("utf-8", "replace"),
        status=status,
        content_type="text/html",
        charset="utf-8",
        headers={**HEADERS, **(headers or {})},
    )


def sentence(error: Refused | NotFound | Temporary, words: Words) -> tuple[int, str]:
    """Return the status of a refusal and what it says."""
    if isinstance(error, Temporary):
        return TROUBLE, words("web.trouble")
    if isinstance(error, NotFound):
        return GONE, words("web.button_gone")
    status = STATUS.get(error.key, REFUSED)
    return status, words(error.key, **{"limit": str(MAX_TEXT)} | error.facts)


def static_route(path: str, words: Words) -> web.RouteDef:
    """Return the route of the styles, the script and the sign, read once."""
    folder = resources.files("bot.channels.web") / "static"
    held = {name: (folder / name).read_bytes() for name in ASSETS}

    async def asset(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in held:
            return web.Response(status=GONE, text=words("web.no_page"), headers=HEADERS)
        headers = {**HEADERS, "Cache-Control": "no-cache"}
        return web.Response(
            body=held[name], content_type=ASSETS[name], charset="utf-8", headers=headers
        )

    return web.get(f"{path}/{{name}}", asset)
