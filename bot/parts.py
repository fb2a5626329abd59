"""How does a message go out that is too long for one? As several, in order. Pure.

All parts are promised in the transaction that promised the message: each is a row of its own,
paced, repeated and linked to the ticket like any other, so that a reply to any of them finds it.
The last part keeps the key, the kind and the buttons; with it the whole is delivered.
"""

from collections.abc import Sequence
from dataclasses import replace

from base import text
from base.messages import Kind, Outgoing, Toast, ToStranger, Words

LONGEST = 4000  # units; every channel takes that much, and the mark of a repetition beside it
_MARK = "/"  # between the key of the whole and the number of a part


def parts(message: Outgoing) -> Sequence[Outgoing]:
    """Return the message, or its parts; a card is one message and short by itself."""
    if isinstance(message, Toast) or message.kind is Kind.CARD:
        return (message,)
    *earlier, last = _texts(message.words)
    kind = Kind.PART if message.kind is Kind.ANSWER else message.kind
    found: list[Outgoing] = []
    for number, piece in enumerate(earlier, 1):
        words = replace(message.words, text=piece, buttons=(), slot=None)
        key = f"{message.key}{_MARK}{number}"
        if isinstance(message, ToStranger):
            found.append(replace(message, key=key, words=words))
        else:
            found.append(replace(message, key=key, kind=kind, words=words))
    return (*found, replace(message, words=replace(message.words, text=last)))


def whole(key: str) -> str:
    """Return the key of the message that a part belongs to."""
    return key.rpartition(_MARK)[0]


def _texts(words: Words) -> Sequence[str]:
    """The texts of the parts; the line of choices stays with the buttons."""
    body, gap, choices = words.text.rpartition("\n\n") if words.buttons else ("", "", "")
    tail = gap + choices
    if not body or text.units(tail) > LONGEST // 2:
        body, tail = words.text, ""
    *earlier, last = text.parts(body, LONGEST - text.units(tail))
    return (*earlier, last + tail)
