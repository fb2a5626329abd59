"""How does a ticket stand? To be looked at by those who lead a hub; nothing is done here."""

from aiohttp import web

from base.errors import NotFound
from console import forms
from console.visit import Visit

PAGE = 40  # tickets shown at once


async def listed(visit: Visit) -> web.Response:
    """Show the newest tickets, or those before a number."""
    query = visit.request.query
    state = query.get("state", "")
    state = state if state in ("open", "closed") else ""
    before = forms.number(query.get("before"))
    found = await visit.house.tickets.lines(state=state, before=before, most=PAGE)
    more = found[-1].number if len(found) == PAGE else None
    return visit.html("tickets.html", lines=found, state=state, before=before, more=more)


async def show(visit: Visit) -> web.Response:
    """Show one ticket: what happened, and how its clocks were counted."""
    found = await visit.house.tickets.page(int(visit.request.match_info["number"]))
    if found is None:
        raise NotFound
    return visit.html("ticket.html", page=found, line=found.line)
