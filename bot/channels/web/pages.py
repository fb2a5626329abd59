"""How do the pages of the sandbox look? Values → HTML, with the templates beside this file."""

from dataclasses import dataclass
from urllib.parse import urlencode

from bot.channels.web import views
from bot.channels.web.desk import Persona, RoomKind, Sandbox
from bot.channels.web.shell import Paths, Typed, digest, environment
from bot.channels.web.views import ClockView, Snapshot

ASSETS_AT = "/sandbox/static"


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
        self._templates = environment(desk.words, ASSETS_AT)
        self._templates.globals.update(desk=desk, token=desk.token)

    def page(
        self, look: Look, seen: Snapshot, clock: ClockView, *, typed: Typed, problem: str = ""
    ) -> str:
        """Return the whole page."""
        parts = self._parts(look, seen, clock)
        word = digest(self._templates.get_template("state.html").render(parts))
        return self._templates.get_template("page.html").render(
            parts, seen=word, typed=typed, problem=problem
        )

    def state(self, look: Look, seen: Snapshot, clock: ClockView) -> tuple[str, str]:
        """Return the parts that change, and a word that is another one when they have changed."""
        html = self._templates.get_template("state.html").render(self._parts(look, seen, clock))
        return html, digest(html)

    def _parts(self, look: Look, seen: Snapshot, clock: ClockView) -> dict[str, object]:
        desk = self._desk
        return {
            "persona": look.persona,
            "name": look.persona.name,
            "tries": look.persona.tries,
            "asks": False,
            "paths": self._paths(look.persona),
            "nothing": "steps.html",
            "see": look.see,
            "home": desk.home(look.persona),
            "rooms": [views.room(desk, look.persona, kind, seen) for kind in RoomKind],
            "clock": clock,
            **views.reaction(seen.press),
            "awaited": look.press,
        }

    def _paths(self, persona: Persona) -> Paths:
        who = {"as": persona.ref.id}
        return Paths(
            here=f"/?{urlencode(who)}",
            say="/sandbox/say",
            press="/sandbox/press",
            fields={"token": self._desk.token, **who},
        )
