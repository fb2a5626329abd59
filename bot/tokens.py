"""Was this button really ours, in this chat? Signed tokens; hashes of codes and links."""

import base64
import hashlib
import hmac

from base.messages import Act, Button, ChatRef

_MAC_CHARS = 16  # 96 bits; a whole token stays within the 64 bytes channels allow


def sign(secret: bytes, chat: ChatRef, button: Button) -> str:
    """Return what the button carries: act, ticket and argument, bound to this chat."""
    body = f"{button.act}.{button.ticket}.{button.arg}"
    return f"{body}.{_mac(secret, chat, body)}"


def verify(secret: bytes, chat: ChatRef, token: str) -> Button | None:
    """Return the button of a token signed for this chat; None for anything else."""
    body, _, mac = token.rpartition(".")
    expected = _mac(secret, chat, body)
    if not hmac.compare_digest(mac.encode(errors="replace"), expected.encode()):
        return None
    act, ticket, arg = body.split(".", 2)
    return Button(label="", act=Act(act), ticket=int(ticket), arg=arg)


def code_hash(code: str) -> str:
    """Return what is stored of a one-time code: nobody can read the code from it."""
    return hashlib.sha256(code.strip().upper().encode(errors="replace")).hexdigest()


def link_hash(secret: str) -> str:
    """Return what is stored of a secret link: nobody can read the link from it."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def _mac(secret: bytes, chat: ChatRef, body: str) -> str:
    message = f"{chat.lane}\n{body}".encode(errors="replace")
    digest = hmac.new(secret, message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode()[:_MAC_CHARS]
