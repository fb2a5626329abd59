"""What did the page send, and did our own page send it?"""

import hmac
from collections.abc import Mapping

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from base.errors import Refused

FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
OUR_OWN = ("same-origin", "none")  # of Sec-Fetch-Site; "none" is a typed address
LONGEST_NUMBER = 18  # digits; longer numbers name nothing


async def read(request: web.Request) -> Mapping[str, str]:
    """Return the fields of a posted form.

    Raises:
        Refused: not a form we can read, or far too long.
    """
    if request.content_type not in FORM_TYPES:
        raise Refused("web.bad_form")
    try:
        fields = await request.post()
    except web.HTTPRequestEntityTooLarge:
        raise Refused("web.too_big") from None
    except (ValueError, LookupError, HttpProcessingError):
        raise Refused("web.bad_form") from None
    return {name: value for name, value in fields.items() if isinstance(value, str)}


def check_origin(request: web.Request, form: Mapping[str, str], token: str) -> None:
    """Let only forms of a page of this run pass.

    Raises:
        Refused: another site sent it, or a page from before a restart.
    """
    site = request.headers.get("Sec-Fetch-Site", "none")
    given = form.get("token", "").encode("utf-8", "surrogatepass")
    if site not in OUR_OWN or not hmac.compare_digest(given, token.encode()):
        raise Refused("web.stale")


def number(text: str | None) -> int | None:
    """Return a whole number from a field; None for an empty one.

    Raises:
        Refused: it is something else.
    """
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER):
        raise Refused("web.bad_form")
    return int(text)


def needed(text: str | None) -> int:
    """Return a whole number from a field that must be there.

    Raises:
        Refused: it is missing or something else.
    """
    found = number(text)
    if found is None:
        raise Refused("web.bad_form")
    return found


def wants_json(request: web.Request) -> bool:
    """Whether our script asks, rather than the browser for a whole page."""
    return "application/json" in request.headers.get("Accept", "")
