"""Who is looking at the page of a place? A cookie that only we can have written."""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from base.messages import ChatRef, PersonRef

COOKIE = "wenha"
LASTS = timedelta(days=400)  # no browser keeps a cookie longer
LONGEST = 1024  # characters of a cookie of ours


@dataclass(frozen=True, kw_only=True, slots=True)
class Badge:
    """Somebody's browser, by a random id; the name is empty until they have told it."""

    id: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    name: str = ""

    @property
    def ref(self) -> PersonRef:
        """The person on the built-in channel."""
        return PersonRef(channel="web", id=self.id)


def seal(secret: bytes, badge: Badge) -> str:
    """Return the badge as a cookie."""
    body = base64.urlsafe_b64encode(json.dumps([badge.id, badge.name]).encode()).decode()
    return f"{body}.{_mac(secret, 'web cookie', body)}"


def unseal(secret: bytes, cookie: str | None) -> Badge | None:
    """Return the badge of a cookie we wrote; None for anything else."""
    body, _, mac = (cookie or "")[:LONGEST].partition(".")
    given, expected = mac.encode(errors="replace"), _mac(secret, "web cookie", body).encode()
    if not hmac.compare_digest(given, expected):
        return None
    who, name = json.loads(base64.urlsafe_b64decode(body))
    return Badge(id=who, name=name)


def form_token(secret: bytes, badge: Badge, chat: ChatRef) -> str:
    """Return what a form of this person's page in this chat carries, and no other form can."""
    return _mac(secret, "web form", f"{badge.id}\n{chat.lane}")


def _mac(secret: bytes, use: str, body: str) -> str:
    message = f"{use}\n{body}".encode(errors="replace")
    return hmac.new(secret, message, hashlib.sha256).hexdigest()
