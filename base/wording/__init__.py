"""Every Chinese sentence people read, by key, so that an operator can say it otherwise."""

from collections.abc import Mapping
from string import Formatter

from base.wording import curation, hub, office, place, village, web

FIXED = "label."  # button labels are a contract: the typed words are the same
DEFAULTS: Mapping[str, str] = (
    village.TEXT | hub.TEXT | office.TEXT | web.TEXT | place.TEXT | curation.TEXT
)


class Wording:
    """The sentences in force: ours, or the operator's where there is one."""

    def __init__(self, overrides: Mapping[str, str] | None = None) -> None:
        self._text = {**DEFAULTS, **(overrides or {})}

    def __call__(self, key: str, **facts: object) -> str:
        """Return the sentence with its facts filled in; facts are text, never templates."""
        return self._text[key].format(**facts)

    def has(self, key: str) -> bool:
        """Whether there is a sentence of this key."""
        return key in self._text


def problems(overrides: Mapping[str, str]) -> list[str]:
    """Return what is wrong with the operator's sentences, each with its key."""
    found = []
    for key, text in overrides.items():
        if key not in DEFAULTS:
            found.append(f"wording.{key}：没有这个句子")
        elif key.startswith(FIXED):
            found.append(f"wording.{key}：按钮上的字是固定的，不能改")
        elif wrong := _wrong(text, placeholders(DEFAULTS[key])):
            found.append(f"wording.{key}：写的是{text!r}，{wrong}")
    return found


def _wrong(text: str, allowed: frozenset[str]) -> str:
    """What is wrong with one sentence; nothing when it can be said with its facts."""
    if not text.strip():
        return "不能是空的"
    try:
        parts = [part[1:] for part in Formatter().parse(text) if part[1] is not None]
    except ValueError:
        return "花括号不成对"
    if any(name not in allowed or spec or conversion for name, spec, conversion in parts):
        listed = "、".join(f"{{{name}}}" for name in sorted(allowed)) or "没有"
        return f"花括号里可以用的有：{listed}"
    return ""


def placeholders(text: str) -> frozenset[str]:
    """Return the names of the facts a sentence uses."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)
