"""Which act of the hub do words ask for, and with what? Pure: looks at the words alone.

An act is only meant where its word ends: 合并到12 is one, 合并的事问村里 is an answer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_GAP = r"[\s,，、。.:：!！~～;；]"


class Do(StrEnum):
    """An act that is typed in reply to a card."""

    NOTE = "note"  #: 备注: a remark, not for the village
    ASK_BACK = "ask_back"  #: 要补充材料: what the asker is to say
    NEW_RULES = "new_rules"  #: 按新时限
    TRANSFER = "transfer"  #: 转给: a profession or somebody
    ASSIGN = "assign"  #: 指派: somebody
    RECUSE = "recuse"  #: 回避: and perhaps why
    NOT_LEGAL = "not_legal"  #: 不是法律问题: and perhaps a word to the asker
    MERGE = "merge"  #: 合并到: a number
    PART = "part"  #: 取消合并
    CORRECT = "correct"  #: 更正: the answer as it should read
    RETRACT = "retract"  #: 撤回: the answer was wrong
    REFER = "refer"  #: 转介: an office
    MEDIATE = "mediate"  #: 开始调解
    MEDIATED = "mediated"  #: 调解结束: how it ended
    RAISE = "raise"  #: 转上级
    DUTY = "duty"  #: 值班: who is on duty, or lines of a roster
    DISABLE = "disable"  #: 停用: somebody
    ENABLE = "enable"  #: 启用: somebody


WORDS: Mapping[Do, tuple[str, ...]] = {
    Do.ASK_BACK: ("要补充材料", "补充材料", "要补充"),
    Do.NEW_RULES: ("按新时限",),
    Do.RAISE: ("转上级",),
    Do.MEDIATE: ("开始调解",),
    Do.MEDIATED: ("调解结束",),
    Do.REFER: ("转介到", "转介"),
    Do.TRANSFER: ("转给",),
    Do.ASSIGN: ("指派给", "指派"),
    Do.RECUSE: ("回避",),
    Do.NOT_LEGAL: ("不是法律问题",),
    Do.MERGE: ("合并到", "并到"),
    Do.PART: ("取消合并",),
    Do.CORRECT: ("更正",),
    Do.RETRACT: ("撤回答复", "撤回"),
}
"""How each is said, the longer first."""
OF_TEAM: Mapping[Do, tuple[str, ...]] = {
    Do.DUTY: ("值班表", "值班"),
    Do.DISABLE: ("停用",),
    Do.ENABLE: ("启用",),
}
"""What is said of the people of a hub, in reply to nothing."""
_AT_ONCE = frozenset({Do.TRANSFER, Do.ASSIGN, Do.MERGE, Do.REFER, Do.DISABLE, Do.ENABLE})
"""What may be followed by a name without a gap: 转给陈静."""
_SHAPES = {
    do: re.compile(rf"^(?:{'|'.join(said)})(?:{_GAP}+|$){'?' if do in _AT_ONCE else ''}")
    for do, said in (*WORDS.items(), *OF_TEAM.items())
}
_STARTS = tuple(word for do in (Do.TRANSFER, Do.ASSIGN) for word in WORDS[do])
NOTE = "备注"


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """An act and what stands behind its word: 转给, 调解员."""

    do: Do
    rest: str


def read(text: str) -> Order | None:
    """Return the act that words ask for; None where they are an answer."""
    if text.startswith(NOTE):
        return Order(do=Do.NOTE, rest=text)
    for do in WORDS:
        if found := _SHAPES[do].match(text):
            return Order(do=do, rest=text[found.end() :].strip())
    return None


def of_team(text: str) -> Order | None:
    """Return what words ask about the people of the hub; None where they ask nothing of it."""
    for do in OF_TEAM:
        if found := _SHAPES[do].match(text):
            return Order(do=do, rest=text[found.end() :].strip())
    return None


def names_people(text: str) -> bool:
    """Whether words name somebody of the hub by its name: 转给陈静."""
    return text.startswith(_STARTS) or of_team(text) is not None
