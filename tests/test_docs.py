"""Do the documents say what the code does? Each rule that can be checked is checked here."""

import argparse
import importlib
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from string import Formatter
from types import ModuleType
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from base import wording
from escalation.lifecycle import TABLE
from escalation.model import ClockKind, Event, Reason, Role, Status
from escalation.policy import SlaPolicy
from storage.shipped import load_holidays
from storage.tables_web import METADATA
from wenha.cli import _parser
from wenha.config import Config, load

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
CONFIG = ROOT / "config.yaml"
PAGES = sorted(
    page
    for page in ROOT.rglob("*.md")
    if not any(part.startswith(".") for part in page.relative_to(ROOT).parts)
)
README = (ROOT / "README.md").read_text("utf-8")
ARCHITECTURE = (DOCS / "architecture.md").read_text("utf-8")
GLOSSARY = (DOCS / "glossary.md").read_text("utf-8")

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ARROW = re.compile(r"^\s+(\w+) --> (\w+): ([A-Za-z](?:, [A-Za-z])*)$", re.MULTILINE)
_LETTER = re.compile(r"^\| ([A-Za-z]) \| \*?`(\w+)`\*? \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
_ROLE = re.compile("|".join(Role))


# config.yaml


def keys(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every key an operator may write, groups included."""
    for name, field in model.model_fields.items():
        yield (*path, name)
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from keys(kind, (*path, name))


def is_group(path: tuple[str, ...]) -> bool:
    return any(other[:-1] == path for other in keys(Config))


@pytest.mark.parametrize("path", list(keys(Config)), ids=".".join)
def test_every_config_key_stands_in_config_yaml(path: tuple[str, ...]) -> None:
    content: Mapping[str, Any] = yaml.safe_load(CONFIG.read_text("utf-8"))
    for name in path:
        assert name in content
        content = content[name]


@pytest.mark.parametrize("path", [p for p in keys(Config) if not is_group(p)], ids=".".join)
def test_every_config_key_says_its_default_in_the_comment_above(path: tuple[str, ...]) -> None:
    lines = CONFIG.read_text("utf-8").splitlines()
    indent = "  " * (len(path) - 1)
    at = next(i for i, line in enumerate(lines) if line.startswith(f"{indent}{path[-1]}:"))
    comment = []
    while lines[at - 1].startswith(f"{indent}#"):
        at -= 1
        comment.append(lines[at])
    assert "默认" in "".join(comment)


def test_config_yaml_loads_to_exactly_the_defaults() -> None:
    assert load(CONFIG, load_holidays()) == Config()


# docs/glossary.md


def worded(members: type[StrEnum], prefix: str) -> list[tuple[str, str]]:
    return [(member.value, wording.DEFAULTS[f"{prefix}.{member}"]) for member in members]


CHINESE = [
    *worded(Status, "state"),
    *worded(Reason, "state.closed"),
    *worded(Event, "event"),
    *worded(ClockKind, "clock"),
    ("asker", wording.DEFAULTS["who.asker"]),
    ("neighbour", wording.DEFAULTS["who.neighbour"]),
    ("liaison", wording.DEFAULTS["who.liaison"]),
]


@pytest.mark.parametrize("members", [Status, Reason, Event, ClockKind, Role])
def test_the_glossary_has_a_row_for_every_member(members: type[StrEnum]) -> None:
    section = re.split(rf"^## .*`{members.__name__}`$", GLOSSARY, flags=re.MULTILINE)[1]
    rows = re.findall(r"^\| `(\w+)` \|", section.split("\n## ")[0], re.MULTILINE)
    assert rows == [member.value for member in members]


@pytest.mark.parametrize(("value", "chinese"), CHINESE)
def test_the_glossary_says_it_as_the_hub_reads_it(value: str, chinese: str) -> None:
    pieces = [text.strip("：% ") for text, _, _, _ in Formatter().parse(chinese)]
    rows = [line for line in GLOSSARY.splitlines() if line.startswith(f"| `{value}` |")]
    assert any(all(piece in row for piece in pieces) for row in rows)


# docs/service-promise.md


def test_the_service_promise_names_the_default_times() -> None:
    text, policy = (DOCS / "service-promise.md").read_text("utf-8"), SlaPolicy(version=0)
    assert re.findall(r"^\| [^|]+ \| (\d+(?:分钟|小时)) \|", text, re.MULTILINE) == [
        f"{policy.village_window}分钟",
        f"{policy.claim}分钟",
        f"{policy.first_answer // 60}小时",
        f"{policy.next_answer // 60}小时",
        f"{policy.urgent_claim}分钟",
        f"{policy.urgent_first_answer}分钟",
        f"{policy.urgent_next_answer}分钟",
    ]


# docs/architecture.md


def arrows() -> set[tuple[str, str, str]]:
    """Every drawn arrow: from, letter, to."""
    return {
        (source, letter, target)
        for source, target, letters in _ARROW.findall(ARCHITECTURE)
        for letter in letters.split(", ")
    }


def moves() -> set[tuple[str, str, str, str]]:
    """What the table allows: from, event, to, by whom."""
    return {
        (source, row.event, row.target, role)
        for row in TABLE
        if row.target is not None
        for source in row.sources
        for role in row.by
    }


def test_the_state_diagram_and_its_letters_say_what_the_table_says() -> None:
    explained = [
        (letter, event, _ROLE.findall(by))
        for letter, event, by, _ in _LETTER.findall(ARCHITECTURE)
    ]
    drawn = {
        (source, event, target, role)
        for source, letter, target in arrows()
        for known, event, by in explained
        if known == letter
        for role in by
    }
    assert drawn == moves()


def test_the_state_diagram_names_every_state() -> None:
    assert {end for arrow in arrows() for end in (arrow[0], arrow[2])} == set(Status)


def test_every_letter_is_drawn_and_explained() -> None:
    assert {letter for _, letter, _ in arrows()} == {
        letter for letter, _, _, _ in _LETTER.findall(ARCHITECTURE)
    }


def test_the_messages_of_the_letters_are_sentences_we_have() -> None:
    messages = " ".join(message for _, _, _, message in _LETTER.findall(ARCHITECTURE))
    named = set(_CODE.findall(messages))
    assert named
    assert named <= set(wording.DEFAULTS)


def test_every_table_is_described() -> None:
    section = ARCHITECTURE.split("\n## Tables\n")[1].split("\n## ")[0]
    named = set(_CODE.findall("\n".join(re.findall(r"^\| ([^|]+) \|", section, re.MULTILINE))))
    assert named - {"alembic_version"} == set(METADATA.tables)


STEPS = re.findall(
    r"^\d+\. .+$",
    ARCHITECTURE.split("\n## Follow one question through the files\n")[1].split("\n## ")[0],
    re.MULTILINE,
)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.split(".")[0])
def test_every_file_and_function_of_a_followed_question_exists(step: str) -> None:
    named = _CODE.findall(step)
    files = [name for name in named if name.endswith(".py")]
    functions = [
        name.removesuffix("()") for name in named if re.fullmatch(r"\w+(\.\w+)+|\w+\(\)", name)
    ]
    modules = [importlib.import_module(name[:-3].replace("/", ".")) for name in files]
    unknown = [name for name in functions if name not in files and not resolves(name, modules)]
    assert files
    assert unknown == []


def resolves(name: str, modules: list[ModuleType]) -> bool:
    """Whether one of the modules has this function, perhaps of a class or module it knows."""
    return any(callable(attribute(module, name.split("."))) for module in modules)


def attribute(owner: object, path: list[str]) -> object:
    for name in path:
        owner = getattr(owner, name, None)
    return owner


# README.md and all pages


def test_the_readme_shows_the_two_commands_before_anything_else() -> None:
    first = _FENCE.search(README)
    assert first is not None
    assert re.findall(r"^(make \w+)", first[1], re.MULTILINE) == ["make demo", "make test"]
    assert "wenha" not in README[: first.start()]


def commands(parser: argparse.ArgumentParser, words: str) -> Iterator[str]:
    """Every command of the `wenha` line, as one types it."""
    below = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not below:
        yield words
    for action in below:
        for name, sub in action.choices.items():
            yield from commands(sub, f"{words} {name}")


@pytest.mark.parametrize("command", list(commands(_parser(), "wenha")))
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"`{command}" in README


def slug(heading: str) -> str:
    """The anchor that a heading gets on the usual pages."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    if not target.exists():
        return False
    return not anchor or anchor in map(slug, _HEADING.findall(target.read_text("utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    links = [
        link for link in _LINK.findall(page.read_text("utf-8")) if not re.match(r"https?:", link)
    ]
    broken = [link for link in links if not leads_somewhere(page, link)]
    assert broken == []


def test_every_decision_is_in_the_index() -> None:
    index = (DOCS / "adr" / "README.md").read_text("utf-8")
    records = sorted(path.name for path in (DOCS / "adr").glob("0*.md"))
    assert _LINK.findall(index) == records


@pytest.mark.parametrize("path", sorted((DOCS / "adr").glob("0*.md")), ids=lambda path: path.stem)
def test_a_decision_has_every_part(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.search(r"^Status: (accepted|superseded by .+) · Date: 20\d\d-\d\d-\d\d$", text, re.M)
    parts = ("## Context", "## Decision", "## Consequences", "Good:", "Bad:")
    places = [text.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)
