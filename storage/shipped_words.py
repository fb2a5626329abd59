"""Which common pieces of text, and which questions without an answer, do we ship with matching?"""

import re
from collections.abc import Mapping
from types import MappingProxyType

import yaml

from base.errors import ConfigError
from knowledge.background import Background, Counts

_ID = re.compile(r"[A-Z]\d{3,5}")
_LINE = re.compile(r"(\S{1,2})\t(\d{1,6})\t(\d{1,6})")


def read_background(name: str, text: str) -> Background:
    """Return the counts written in `text`: piece, legal questions, chat lines, by tabs.

    Raises:
        ConfigError: Something does not fit; lists every problem.
    """
    counts: dict[str, Counts] = {}
    problems: list[str] = []
    for at, line in enumerate(text.splitlines(), start=1):
        found = _LINE.fullmatch(line)
        if found and found[1] not in counts:
            counts[found[1]] = (int(found[2]), int(found[3]))
        elif line and not line.startswith("#"):
            problems.append(f"{name} 第{at}行，应当是一个字或两个字和两个数，用制表符隔开，不重复")
    if problems:
        raise ConfigError(problems)
    return Background(counts=MappingProxyType(counts))


def read_elsewhere(name: str, text: str) -> Mapping[str, tuple[str, ...]]:
    """Return the questions without an answer written in `text`: id → wordings.

    Raises:
        ConfigError: Something does not fit; lists every problem.
    """
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError:
        raw = None
    if not isinstance(raw, dict):
        raise ConfigError([f"{name} 应当是编号和一列问法，比如 L001: [问法, 问法]"])
    problems = [
        f"{name} {topic}：应当是编号（比如 L001）和一列文字"
        for topic, texts in raw.items()
        if not (isinstance(topic, str) and _ID.fullmatch(topic) and _texts(texts))
    ]
    if problems:
        raise ConfigError(problems)
    return MappingProxyType({topic: tuple(texts) for topic, texts in raw.items()})


def _texts(found: object) -> bool:
    return (
        isinstance(found, list)
        and bool(found)
        and all(isinstance(one, str) and one.strip() for one in found)
    )
