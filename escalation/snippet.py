"""Who said what in a pasted piece of a chat? Pure: text → quotes.

The forms in which WeChat copies and exports messages: a line with name and time above the words
(phone, desktop, mailed history), the name and a colon alone above them, or one line each.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_DAY = (
    r"(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/月]\d{1,2}日?|今天|昨天|前天"
    r"|(?:星期|周)[一二三四五六日天])"
)
_TIME = (
    r"(?:(?:凌晨|早上|上午|中午|下午|晚上)\s*)?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:\s*[AaPp][Mm])?"
)
_WHEN = rf"[\[(（]?(?:{_DAY}\s*)?(?:{_TIME})[\])）]?"
_NAME = rf"(?P<name>[^\s:：\[\]]{{1,20}}(?: (?!{_DAY})[^\s:：\[\]\d]{{1,20}})?)"
_HEADS = (
    re.compile(rf"^{_NAME}[\s:：]+{_WHEN}\s*[:：]?$"),
    re.compile(rf"^{_WHEN}\s+{_NAME}\s*[:：]?$"),
    re.compile(rf"^{_NAME}\s*[:：]$"),
)
_INLINE_WHEN = re.compile(rf"^{_WHEN}\s+{_NAME}\s*[:：]\s*(?P<text>\S.*)$")
_INLINE = re.compile(r"^(?P<name>[^\s:：]{1,8})\s*[:：]\s*(?P<text>\S.*)$")
_NAMED = re.compile(r"^(?P<name>[^：:，,。\s]{1,12})\s*[：:]\s*(?P<text>\S[\s\S]*)$")
_RULE = re.compile(rf"^[\s—–\-_=*]*(?:{_DAY})?[\s—–\-_=*]*$")
_EMPTY = re.compile(r"^\[[^\]]{1,12}\]$")  # [图片], [语音] 12": nothing that can be read
_SAYS = ("说", "问", "讲", "是", "有", "写", "注意", "地址", "电话", "时间")


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """What one person said, everything of theirs together."""

    name: str
    text: str


def take_apart(text: str) -> tuple[Quote, ...]:
    """Return what each person said, in the order in which they first spoke; () for no snippet."""
    said: dict[str, list[str]] = {}
    for name, line in _lines(text):
        said.setdefault(name, [])
        if line and not _EMPTY.match(line):
            said[name].append(line)
    return tuple(Quote(name=name, text="\n".join(lines)) for name, lines in said.items() if lines)


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Every line with who said it; the words before the first name are nobody's."""
    lines = [line.strip() for line in text.splitlines() if not _RULE.match(line)]
    one_each = _one_each(lines)
    name = ""
    for line in lines:
        if (found := _head(line)) is not None:
            name = found
            yield name, ""
        elif inline := _INLINE_WHEN.match(line) or (_INLINE.match(line) if one_each else None):
            name = inline["name"]
            yield name, inline["text"]
        elif name:
            yield name, line


def _head(line: str) -> str | None:
    found = next((found["name"] for shape in _HEADS if (found := shape.match(line))), None)
    return None if found is None or found.endswith(_SAYS) else found


def _one_each(lines: Sequence[str]) -> bool:
    """Whether every line is a name, a colon and words; 老板说：不给 is a sentence."""
    found = [_INLINE.match(line) for line in lines]
    named = [one["name"] for one in found if one is not None]
    return (
        len(lines) > 1 and len(named) == len(lines) and not any(n.endswith(_SAYS) for n in named)
    )


def named(text: str) -> Quote:
    """Return who asks, as it is written before the words: 张三：老板欠钱; else an empty name."""
    found = _NAMED.match(text)
    if found is None or found["name"].endswith(_SAYS):
        return Quote(name="", text=text)
    return Quote(name=found["name"], text=found["text"])
