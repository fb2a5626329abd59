"""How does the page of a village or hub look? Values → HTML, with the sandbox's own parts."""

from dataclasses import dataclass

from bot.channels.web import views
from bot.channels.web.desk import RoomKind, Words
from bot.channels.web.shell import Paths, Typed, digest, environment
from bot.channels.web.views import Reader, RoomView
from bot.channels.web.visits import LONGEST_NAME, Visit
from bot.strangers import PROFESSIONS

ASSETS_AT = "/static"


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What somebody sees, by which link, and which press's reaction is awaited."""

    visit: Visit
    here: str
    token: str
    press: int = 0


class PlacePages:
    """Renders the page of a place, its changing parts, and what stands at its door."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._templates = environment(words, ASSETS_AT)

    def page(self, look: Look, *, typed: Typed, problem: str = "") -> str:
        """Return the whole page, for somebody inside."""
        parts = self._parts(look)
        word = digest(self._templates.get_template("place_state.html").render(parts))
        return self._templates.get_template("place.html").render(
            parts, seen=word, typed=typed, problem=problem
        )

    def state(self, look: Look) -> tuple[str, str]:
        """Return the parts that change, and a word that is another one when they have changed."""
        html = self._templates.get_template("place_state.html").render(self._parts(look))
        return html, digest(html)

    def door(self, look: Look, *, name: str, problem: str = "") -> str:
        """Return the page that asks who somebody is."""
        visit = look.visit
        asked = visit.place.kind is RoomKind.HUB and not visit.profession
        professions = {one: self._words(f"profession.{one}") for one in PROFESSIONS}
        return self._templates.get_template("place_door.html").render(
            visit=visit,
            here=look.here,
            token=look.token,
            professions=professions if asked else {},
            longest=LONGEST_NAME,
            name=name,
            problem=problem,
        )

    def sorry(self, key: str) -> str:
        """Return the page that stands where there is nothing to show: one sentence."""
        return self._templates.get_template("place_sorry.html").render(key=key)

    def _parts(self, look: Look) -> dict[str, object]:
        visit = look.visit
        return {
            "visit": visit,
            "name": visit.badge.name,
            "title": visit.titles.get(visit.badge.id, ""),
            "tries": (),
            "asks": visit.place.kind is RoomKind.VILLAGE,
            "paths": Paths(
                here=look.here,
                say=f"{look.here}/say",
                press=f"{look.here}/press",
                fields={"token": look.token},
            ),
            "nothing": "place_quiet.html",
            "room": self._room(visit),
            **views.reaction(visit.press),
            "awaited": look.press,
        }

    def _room(self, visit: Visit) -> RoomView:
        place = visit.place
        reader = Reader(words=self._words, kind=place.kind, me=visit.badge.id, titles=visit.titles)
        return RoomView(
            kind=place.kind,
            name=place.name,
            here=True,
            older=visit.seen.older,
            messages=views.messages(visit.seen, reader),
            others=(),
        )
