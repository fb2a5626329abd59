"""How do the pages of the sandbox look? Values → HTML, with the templates beside this file."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from types import MappingProxyType

from jinja2 import Environment, PackageLoader, StrictUndefined

from base.text import MAX_TEXT
from bot.channels.web import views
from bot.channels.web.desk import Persona, RoomKind, Sandbox
from bot.channels.web.views import ClockView, Quote, Snapshot

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
        "sandbox.css": "text/css",
        "sandbox.js": "text/javascript",
        "icon.svg": "image/svg+xml",
    }
)


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
class Look:
    """Who looks at which group (on a narrow page), and which press's reaction is awaited."""

    persona: Persona
    see: RoomKind
    press: int = 0


class Pages:
    """Renders the page and its changing parts."""

    def __init__(self, desk: Sandbox) -> None:
        self._desk = desk
        self._templates = Environment(
            loader=PackageLoader("bot.channels.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(
            say=desk.words, desk=desk, token=desk.token, max_text=MAX_TEXT
        )

    def page(
        self, look: Look, seen: Snapshot, clock: ClockView, *, typed: Typed, problem: str = ""
    ) -> str:
        """Return the whole page."""
        parts = self._parts(look, seen, clock)
        digest = _digest(self._templates.get_template("state.html").render(parts))
        return self._templates.get_template("page.html").render(
            parts, seen=digest, typed=typed, problem=problem
        )

    def state(self, look: Look, seen: Snapshot, clock: ClockView) -> tuple[str, str]:
        """Return the parts that change, and a word that is another one when they have changed."""
        html = self._templates.get_template("state.html").render(self._parts(look, seen, clock))
        return html, _digest(html)

    def _parts(self, look: Look, seen: Snapshot, clock: ClockView) -> dict[str, object]:
        desk, press = self._desk, seen.press
        reacted = press is not None and press.toast is not None
        return {
            "persona": look.persona,
            "see": look.see,
            "home": desk.home(look.persona),
            "rooms": [views.room(desk, look.persona, kind, seen) for kind in RoomKind],
            "clock": clock,
            "press": press.id if press is not None and reacted else 0,
            "toast": (press.toast or "") if press is not None else "",
            "awaited": look.press,
        }


def assets() -> Mapping[str, bytes]:
    """Return the style, the script and the sign, read once."""
    folder = resources.files("bot.channels.web") / "static"
    return {name: (folder / name).read_bytes() for name in ASSETS}


def _digest(html: str) -> str:
    return hashlib.sha256(html.encode("utf-8", "replace")).hexdigest()[:16]
