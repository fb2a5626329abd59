"""Which questions does an FAQ file hold that only matching reads?

Looser than what may be imported: only `id` and `question` must be there.
"""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from base.errors import ConfigError
from knowledge.model import Category, EntryStatus, FaqEntry
from storage.yaml_text import load_yaml

LARGEST = 200_000_000  # bytes of a file
_STATUSES = "、".join(EntryStatus)
_UNKNOWN = Category.COURT  # matching does not look at the topic


def read_bare_faq(path: Path) -> tuple[FaqEntry, ...]:
    """Return the entries of a YAML or JSON list, in the order of the file.

    Raises:
        ConfigError: The file can't be read, or some of its entries; lists every problem.
    """
    raw = _parsed(path)
    if not isinstance(raw, list):
        raise ConfigError([f"{path.name}：应当是一列条目，每条至少有 id 和 question"])
    problems: list[str] = []
    entries = [_entry(f"{path.name} 第{at}条", one, problems) for at, one in enumerate(raw, 1)]
    found: dict[str, int] = {}
    for at, entry in enumerate(entries, 1):
        first = found.setdefault(entry.id, at)
        if entry.id and first != at:
            problems.append(f"{path.name} 第{at}条 id：{entry.id} 在第{first}条已经用过")
    if problems:
        raise ConfigError(problems)
    return tuple(entries)


def _parsed(path: Path) -> object:
    try:
        if path.stat().st_size > LARGEST:
            raise ConfigError([f"{path.name}：文件太大，最多{LARGEST // 1_000_000}MB"])
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise ConfigError([f"{path}：读不到这个文件（{error.strerror}）"]) from None
    except UnicodeDecodeError:
        raise ConfigError([f"{path.name}：不是 UTF-8 编码，请另存为 UTF-8 再试"]) from None
    try:
        if path.suffix == ".json":
            return json.loads(text)
        return load_yaml(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        raise ConfigError([f"{path.name}：不是正确的 YAML 或 JSON"]) from None


def _entry(where: str, raw: object, problems: list[str]) -> FaqEntry:
    known: Mapping[str, Any] = raw if isinstance(raw, dict) else {}
    variants = known.get("variants") or []
    status = known.get("status", EntryStatus.PUBLISHED)
    problems += [
        f"{where} {key}：应当是文字，不能空着"
        for key in ("id", "question")
        if not isinstance(known.get(key), str) or not known[key].strip()
    ]
    if not isinstance(variants, list) or not all(isinstance(one, str) for one in variants):
        problems.append(f"{where} variants：应当是一列文字")
        variants = []
    if status not in tuple(EntryStatus):
        problems.append(f"{where} status：写的是 {status}，应当是其中之一：{_STATUSES}")
        status = EntryStatus.DRAFT
    return FaqEntry(
        id=str(known.get("id", "")),
        question=str(known.get("question", "")),
        variants=tuple(variants),
        answer=str(known.get("answer", "")),
        steps=(),
        sources=(),
        category=_category(known),
        review_by=date.max,
        status=EntryStatus(status),
    )


def _category(known: Mapping[str, Any]) -> Category:
    found = known.get("category")
    return Category(found) if found in tuple(Category) else _UNKNOWN
