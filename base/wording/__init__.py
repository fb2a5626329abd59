"""Every Chinese sentence people read, by key, so that an operator can say it otherwise."""

from collections.abc import Mapping
from string import Formatter

from base.wording import hub, office, place, village, web

DEFAULTS: Mapping[str, str] = village.TEXT | hub.TEXT | office.TEXT | web.TEXT | place.TEXT


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
    """Return what is wrong with the operator's sentences: unknown keys, unknown facts."""
    found = []
    for key, text in overrides.items():
        if key not in DEFAULTS:
            found.append(f"wording.{key}：没有这个句子")
            continue
        try:
            extra = placeholders(text) - placeholders(DEFAULTS[key])
        except ValueError as error:
            found.append(f"wording.{key}：花括号不成对（{error}）")
            continue
        if extra:
            allowed = "、".join(sorted(placeholders(DEFAULTS[key]))) or "没有"
            found.append(
                f"wording.{key}：不认识{{{'、'.join(sorted(extra))}}}，可以用的有：{allowed}"
            )
    return found


def placeholders(text: str) -> frozenset[str]:
    """Return the names of the facts a sentence uses."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)
