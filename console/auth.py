"""Who is it? Passwords, sessions and what shows that our own page sent a form.

Passwords are kept as Argon2id hashes, sessions as SHA-256 of a random secret. Source:
docs/adr/0012, OWASP password storage and session management.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from base.errors import Refused
from base.staff import Account, Session
from console.ports import Unit

COOKIE = "wenha_staff"
SHORTEST, LONGEST = 10, 200  # characters of a password
NOTED = timedelta(minutes=5)  # how exactly the last use of a session is kept
_HASHER = PasswordHasher()


def password_problem(name: str, password: str) -> str | None:
    """Return the sentence's key for a password that is too weak; None for one that is not."""
    if not SHORTEST <= len(password) <= LONGEST:
        return "staff.password_length"
    if name.casefold() in password.casefold() or len(set(password)) < SHORTEST // 2:
        return "staff.password_weak"
    return None


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return _HASHER.hash(password)


def matches(kept: str, password: str) -> bool:
    """Whether a password is the one that was kept; takes as long either way."""
    try:
        return _HASHER.verify(kept, password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def nobodys() -> str:
    """Return a hash that is nobody's: a name we don't know takes as long as one we do."""
    return hashed(secrets.token_urlsafe(18))


def may_try(unit: Unit, name: str, now: datetime) -> Account | None:
    """Return the account whose password may be tried, counted as wrong until it was right.

    Counting comes first, so that many tries at once are not more than one after the other.
    """
    account = unit.staff.named(name)
    if account is None or account.disabled_at is not None or account.rests(now):
        return None
    return unit.staff.tried(account, now, right=False)


def let_in(unit: Unit, account: Account, old: str | None, now: datetime) -> str:
    """Begin a session and return its secret; one that the browser had before is over."""
    unit.staff.tried(account, now, right=True)
    if old:
        unit.staff.end(kept_of(old))
    secret = secrets.token_urlsafe(32)
    unit.staff.begin(kept_of(secret), account.staff, now)
    return secret


def session(unit: Unit, secret: str | None, now: datetime) -> Session | None:
    """Return the session of a cookie, while it lasts."""
    found = unit.staff.session(kept_of(secret)) if secret else None
    return None if found is None or found.over(now) else found


def kept_of(secret: str) -> str:
    """Return what is stored of a session's secret."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def form_token(key: bytes, secret: str) -> str:
    """Return what the forms of a session carry, and no other page can know."""
    return hmac.new(key, f"console form\n{secret}".encode(), hashlib.sha256).hexdigest()


def check_form(key: bytes, secret: str, given: str) -> None:
    """Let only forms of this session's pages pass.

    Raises:
        Refused: it is another session's, or another site's.
    """
    expected = form_token(key, secret)
    if not hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
        raise Refused("console.stale")
