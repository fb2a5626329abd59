"""How is text made harmless before anybody looks at it?"""

import unicodedata

MAX_TEXT = 4000  # characters of one message we take over; the web channel refuses more
LONGEST_SIGN = 64  # code points of what is still taken for one character
_JOINER = "\u200d"
_FLAGS = "".join(chr(code) for code in range(0x1F1E6, 0x1F200))  # two of them are one flag
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


def one_line(text: str) -> str:
    """Return the text on one line, every gap a single space."""
    return " ".join(text.split())


def clip(text: str, limit: int) -> str:
    """Return at most `limit` units; a cut is marked with an ellipsis and the full length."""
    if units(text) <= limit:
        return text
    return f"{text[: _border(text, limit)]}……（共{len(text)}字）"


def beginning(text: str, limit: int) -> str:
    """Return at most `limit` units; a cut is marked with an ellipsis alone."""
    return text if units(text) <= limit else f"{text[: _border(text, limit)]}……"


def units(text: str) -> int:
    """Return the length as channels count it, in UTF-16 units: an emoji is two or more."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parts(text: str, limit: int) -> tuple[str, ...]:
    """Return the text in parts of at most `limit` units, none of them blank.

    Cut at the end of a line where one is within reach, and never inside of what people see as
    one character.
    """
    found, rest = [], text
    while units(rest) > limit:
        border = _border(rest, limit)
        line = rest.rfind("\n", border // 2, border)
        cut = line if line > 0 else border
        found.append(rest[:cut].rstrip("\n"))
        rest = rest[cut:].lstrip("\n")
    found.append(rest)
    return tuple(part for part in found if part.strip()) or (text,)


def _border(text: str, limit: int) -> int:
    """Return where to cut, so that at most `limit` units stand before it."""
    raw = text.encode("utf-16-le", "surrogatepass")[: 2 * limit]
    most = len(raw.decode("utf-16-le", "ignore"))
    least = max(most - LONGEST_SIGN, 1)
    return next((at for at in range(most, least, -1) if not _one_sign(text, at)), most)


def _one_sign(text: str, at: int) -> bool:
    """Whether what stands before and after is seen as one: an accent, a joined emoji, a flag."""
    before, after = text[at - 1], text[at : at + 1]
    if not after:
        return False
    joined = _JOINER in (before, after) or "\U0001f3fb" <= after <= "\U0001f3ff"
    marked = unicodedata.category(after).startswith("M") or "\U000e0020" <= after <= "\U000e007f"
    flags = len(text[:at]) - len(text[:at].rstrip(_FLAGS)) if after in _FLAGS else 0
    return joined or marked or flags % 2 == 1
