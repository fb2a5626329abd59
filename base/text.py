"""How is text made harmless before anybody looks at it?"""

import unicodedata

MAX_TEXT = 4000  # characters of one message we take over; the web channel refuses more
_INVISIBLE = frozenset("\u200b\u200e\u200f\u061c\ufeff\u2060") | frozenset(
    chr(code) for span in (range(0x202A, 0x202F), range(0x2066, 0x206A)) for code in span
)


def clean(text: str) -> str:
    """Return `text` without NUL, control, bidi and zero-width marks and lone surrogates.

    Line breaks and tabs stay; a lone surrogate becomes U+FFFD, so that the text can always be
    stored and shown. Emoji joiners (U+200D) stay: they are part of what was typed.
    """
    kept = (
        char
        for char in text.replace("\r\n", "\n").replace("\r", "\n")
        if char in "\n\t" or (char not in _INVISIBLE and unicodedata.category(char) != "Cc")
    )
    return "".join("\ufffd" if unicodedata.category(c) == "Cs" else c for c in kept).strip()


def clip(text: str, limit: int) -> str:
    """Return at most `limit` characters; a cut is marked with an ellipsis and the full length."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}……（共{len(text)}字）"
