"""Which laws and articles may entries cite? Read from our index, or from a statutes file."""

import gzip
import json
import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from base.errors import ConfigError
from knowledge.citations import Law, Laws
from storage.yaml_text import load_yaml

_ARTICLE = re.compile(r"条(之[一二三四五六七八九十]+)?$")
_RANGE = re.compile(r"(\d+)(?:-(\d+))?")


@cache
def load_citations() -> Laws:
    """The shipped index (knowledge/citations.yaml): law → name, effective, articles."""
    raw = load_yaml((resources.files("knowledge") / "citations.yaml").read_text("utf-8"))
    return {
        short: Law(
            name=law["name"],
            effective=law.get("effective"),
            articles=frozenset(_spread(law["articles"])),
        )
        for short, law in raw.items()
    }


def read_statutes(path: Path) -> Laws:
    """Return the index of a statutes file: JSON Lines with law, short, effective, article, number.

    Raises:
        ConfigError: The file can't be read, or a line is no article.
    """
    found: dict[str, dict[str, Any]] = {}
    try:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                law = found.setdefault(row["short"], {"name": row["law"], "articles": set()})
                law["effective"] = row.get("effective")
                suffix = _ARTICLE.search(row["article"])
                law["articles"].add(f"{row['number']}{(suffix and suffix[1]) or ''}")
    except OSError as error:
        raise ConfigError([f"{path}：读不到这个文件（{error.strerror or error}）"]) from None
    except (ValueError, KeyError, TypeError):
        raise ConfigError(
            [f"{path}：不是法条文件，每行要有 law、short、article、number"]
        ) from None
    return {
        short: Law(
            name=law["name"],
            effective=_day(law["effective"]),
            articles=frozenset(law["articles"]),
        )
        for short, law in found.items()
    }


def written(laws: Laws) -> str:
    """Return the laws as the shipped index is written."""
    lines = ["# 可以引用的法律：简称、全称、施行日期和条号。由 tools/build_citations.py 生成。\n"]
    for short, law in sorted(laws.items()):
        effective = f", effective: {law.effective}" if law.effective else ""
        lines.append(
            f"{short}: {{name: {law.name}{effective}, articles: '{_folded(law.articles)}'}}\n"
        )
    return "".join(lines)


def _folded(articles: Iterable[str]) -> str:
    numbers = sorted(int(one) for one in articles if one.isdigit())
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    plain = [f"{first}-{last}" if last > first else str(first) for first, last in ranges]
    return " ".join([*plain, *sorted(one for one in articles if not one.isdigit())])


def _spread(articles: str) -> Iterable[str]:
    for part in articles.split():
        found = _RANGE.fullmatch(part)
        if found is None:
            yield part
        else:
            yield from map(str, range(int(found[1]), int(found[2] or found[1]) + 1))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
