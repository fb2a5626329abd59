"""How does a text read without the names of those it is about?

Numbers that belong to people are masked by their shape (masking.py); a name has none, so what
leaves a village for good goes through both, with the names that are known.
"""

from collections.abc import Iterable

PERSON, VILLAGE = "〔姓名〕", "〔村名〕"
SHORTEST = 2  # characters: a single one stands in too many words
TITLES = frozenset(
    ("村长", "书记", "主任", "律师", "调解员", "村民", "老师", "组长", "会计", "医生")
)
"""What people call themselves in a group without saying who they are."""


def without_names(text: str, people: Iterable[str], village: str) -> str:
    """Return `text` with the names of people and of the village taken out, longest first."""
    names = {name.strip(): PERSON for name in people} | {village.strip(): VILLAGE}
    for name in sorted(names, key=len, reverse=True):
        if len(name) >= SHORTEST and name not in TITLES:
            text = text.replace(name, names[name])
    return text
