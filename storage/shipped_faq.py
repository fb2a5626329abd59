"""Which FAQ entries do we ship, and what do entries in YAML files say?

Every problem of every file is reported at once, in the words of the people who edit the files.
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

from base.errors import ConfigError
from knowledge.model import FaqEntry
from storage.faq_check import Place, checked_entry, repeated
from storage.yaml_text import load_yaml


@cache
def load_entries() -> tuple[FaqEntry, ...]:
    """The shipped entries (knowledge/entries/*.yaml), in the order of their ids.

    Raises:
        ConfigError: Something in the files does not fit; lists every problem.
    """
    folder = resources.files("knowledge") / "entries"
    files = {
        file.name: file.read_text("utf-8")
        for file in folder.iterdir()
        if file.name.endswith(".yaml")
    }
    return read_entries(files)


def read_entries(files: Mapping[str, str]) -> tuple[FaqEntry, ...]:
    """Return the entries written in `files` (name → text), in the order of their ids.

    Raises:
        ConfigError: Something does not fit; lists every problem of every file.
    """
    problems: list[str] = []
    found: list[FaqEntry] = []
    for name in sorted(files):
        for at, raw in enumerate(list_in(name, files[name], problems), start=1):
            entry = checked_entry(Place(file=name, entry=name_of(raw, at), problems=problems), raw)
            found += [entry] if entry else []
    problems += repeated("编号", "id", (entry.id for entry in found))
    if problems:
        raise ConfigError(problems)
    return tuple(sorted(found, key=lambda entry: entry.id))


def list_in(name: str, text: str, problems: list[str]) -> list[Any]:
    """Return the list written in `text`; one that is no list is a problem."""
    raw = parsed(name, text, problems)
    if raw is _BROKEN or isinstance(raw, list):
        return raw if isinstance(raw, list) else []
    Place(file=name, entry="整个文件", problems=problems).wrong("内容", raw, "一列问答条目")
    return []


_BROKEN: dict[str, Any] = {}  # what is read from a file that is no YAML; already reported


def parsed(name: str, text: str, problems: list[str]) -> object:
    """Return what YAML makes of `text`; broken YAML is a problem and an empty mapping."""
    try:
        return load_yaml(text)
    except (yaml.YAMLError, RecursionError, UnicodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f"第{mark.line + 1}行" if mark else "某一行"
        problems.append(f"{name} {line} 不是正确的 YAML，请检查缩进、冒号和引号")
        return _BROKEN


def name_of(raw: object, at: int) -> str:
    """Return what a problem calls an entry: its id, or its place in the list."""
    found = raw.get("id") if isinstance(raw, dict) else None
    return str(found) if found else f"第{at}条"
