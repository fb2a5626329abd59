"""Does every sentence have a use, and every use a sentence?"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from base import wording
from base.messages import Act, MediaKind
from base.staff import StaffRole
from base.wording import DEFAULTS, Wording, placeholders
from bot.alarms import TOLD
from bot.routing import TYPED
from bot.strangers import PROFESSIONS
from console.diffs import FIELDS
from escalation.calendar import DayKind
from escalation.clocks import PROMISES
from escalation.lifecycle import TABLE
from escalation.model import ClockKind, Event, Membership, Reason, Role, Status
from knowledge.model import Category, EntryStatus, Outcome
from knowledge.replay import Effect
from knowledge.revisions import Deed

ROOT = Path(__file__).parents[2]
ROOMS = ("base", "bot", "console", "escalation", "knowledge", "storage", "wenha")
KEY = re.compile(r"[a-z]+(?:\.[a-z_0-9]+)+")
FIRST_WORDS = {key.partition(".")[0] for key in DEFAULTS}

# Keys put together in code: the prefix, and everything that may stand behind it.
TOTAL: dict[str, set[str]] = {
    "label": set(Act),
    "state": {*Status, *(f"{Status.CLOSED}.{reason}" for reason in Reason)},
    "clock": set(ClockKind),
    "category": set(Category),
    "hub.warned": {*PROMISES, ClockKind.LEASE},
    "hub.breached": set(PROMISES),
    "hub.escalated": set(TOLD),
    "why.day": set(DayKind),
    "why.clock": {"working", "all"},
    "digest": {
        "head",
        "waiting",
        "working",
        "asking",
        "late",
        "near",
        "unforwarded",
        "hub",
        "answered",
    },
    "village.rated": {"good", "bad"},
    "office": {"what", "place", "hours", "phone"},
    "profession": {*PROFESSIONS, "none"},
    "media": set(MediaKind),
    "command": {"help", "bind", "start"},
    "deed": set(Deed),
    "entry": set(EntryStatus),
    "staff": {*StaffRole, "password_length", "password_weak"},
    "effect": set(Effect),
    "outcome": set(Outcome),
    "console.field": set(FIELDS),
}
"""Each of them has its sentence."""
PARTIAL: dict[str, set[str]] = {
    "event": {*Event, *(f"{row.event}.{role}" for row in TABLE for role in row.by)},
    "act": {row.event for row in TABLE if row.target is not None},
    "who": {Role.ASKER, Role.NEIGHBOUR, Role.LIAISON},
    "card.hint": set(Status),
}
"""Some of them have one; the code asks first, or falls back."""
PAGES = {
    key
    for room in ("village", "hub")
    for key in (
        f"web.words_hint.{room}",
        f"web.{room}_about",
        f"place.quiet.{room}",
        f"place.who_why.{room}",
        f"place.welcome.{room}",
    )
} | {f"place.for.{part}" for part in ("everybody", *Membership)}
"""Put together in the pages, by room."""


def _sources() -> Iterator[tuple[Path, ast.AST]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if path.parent.name != "wording" and "migrations" not in path.parts:
                yield path, ast.parse(path.read_text("utf-8"))


def _literals() -> dict[str, Path]:
    """Every text in the code or a page that looks like a key."""
    found: dict[str, Path] = {}
    for path, tree in _sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and KEY.fullmatch(str(node.value)):
                found[str(node.value)] = path
    for page in (ROOT / "bot/channels/web").rglob("*"):
        if page.suffix in (".html", ".js"):
            keys = re.findall(
                r"[\"']((?:web|place)(?:\.[a-z_0-9]+)+)[\"']", page.read_text("utf-8")
            )
            found |= dict.fromkeys(keys, page)
    return found


LITERALS = _literals()
BUILT = {f"{prefix}.{rest}" for prefix, rests in (TOTAL | PARTIAL).items() for rest in rests}


def test_every_sentence_is_used() -> None:
    used = LITERALS.keys() | BUILT | PAGES
    assert sorted(DEFAULTS.keys() - used) == []


def test_every_sentence_that_is_used_exists() -> None:
    asked = {key for key in LITERALS if key.partition(".")[0] in FIRST_WORDS}
    not_keys = {
        "web.py",
        "place.css",
        "place.html",
        "hub.py",
        "village.py",
        "office.py",
        "state.html",
        "hub.id",
        "village.id",
        "console.css",
        "console.js",
        "staff.id",
    }
    assert sorted(asked - DEFAULTS.keys() - not_keys) == []


@pytest.mark.parametrize("prefix", TOTAL)
def test_whatever_may_stand_behind_a_prefix_has_its_sentence(prefix: str) -> None:
    missing = {f"{prefix}.{rest}" for rest in TOTAL[prefix]} - DEFAULTS.keys()
    assert sorted(missing) == []


def test_every_event_can_be_told() -> None:
    assert {f"event.{event}" for event in Event} <= DEFAULTS.keys()


def test_prefixes_in_the_code_are_those_listed_here() -> None:
    found = set()
    for path, tree in _sources():
        for node in ast.walk(tree):
            if path.parts[-2] in ("bot", "web") and isinstance(node, ast.JoinedStr):
                head = node.values[0]
                if isinstance(head, ast.Constant) and re.fullmatch(
                    r"(?:[a-z_]+\.)+", str(head.value)
                ):
                    found.add(str(head.value).rstrip("."))
    assert found <= TOTAL.keys() | PARTIAL.keys()


def test_the_labels_of_buttons_are_the_fixed_contract() -> None:
    acts = [
        Act.HELPFUL,
        Act.UNHELPFUL,
        Act.NONE_FITS,
        Act.TO_EXPERT,
        Act.HAND_UP,
        Act.CLAIM,
        Act.RELEASE,
        Act.SOLVED,
        Act.ASK_AGAIN,
        Act.URGENT,
    ]
    labels = (
        "有用 · 没帮上忙 · 都不是 · 转给专家 · 转总群 · 认领 · 退回 · 解决了 · 还有疑问 · 紧急"
    )
    assert [DEFAULTS[f"label.{act}"] for act in acts] == labels.split(" · ")
    assert set(Act) - set(acts) == {
        Act.PICK,
        Act.PROFESSION,
        Act.EXPLAIN,
        Act.SEND,
        Act.KEEP_BACK,
        Act.RELAY,
        Act.DROP,
        Act.FORWARDED,
        Act.COLLECT,
        Act.VARIANT,
    }  # beyond the contract


def test_the_typed_words_are_the_labels() -> None:
    assert {DEFAULTS[f"label.{act}"]: act for act in TYPED.values()} == dict(TYPED)


def test_facts_are_text_and_never_templates() -> None:
    assert "{ticket}" in Wording()("card.question", text="{ticket} {0} {x.__class__}")


def test_an_operators_sentence_is_said_instead_of_ours() -> None:
    said = Wording({"refused.forged": "点不动。"})
    assert said("refused.forged") == "点不动。"
    assert said("toast.done", label="认领") == Wording()("toast.done", label="认领")


@pytest.mark.parametrize(
    ("key", "text", "told"),
    [
        ("toast.dome", "好。", "toast.dome"),
        ("village.window", "{tiem}前", "tiem"),
        ("village.window", "{time}前 {asker}", "asker"),
        ("village.window", "{}前", "time"),
        ("village.window", "{0}前", "0"),
        ("village.window", "{time.__class__}前", "time.__class__"),
        ("village.window", "{time前", "花括号"),
        ("village.window", "time}前", "花括号"),
    ],
)
def test_a_sentence_that_cannot_be_said_is_reported(key: str, text: str, told: str) -> None:
    (problem,) = wording.problems({key: text})
    assert f"wording.{key}" in problem
    assert told in problem


@pytest.mark.parametrize("text", ["{time!q}前", "{time:%H}前", "{time:{x}}前"])
def test_a_form_that_no_fact_has_is_reported(text: str) -> None:
    assert wording.problems({"village.window": text})


def test_a_label_is_a_contract_and_cannot_be_changed() -> None:
    assert wording.problems({"label.claim": "接单"})


def test_every_problem_is_reported_at_once() -> None:
    assert len(wording.problems({"no.such": "x", "village.window": "{x}", "toast.done": "{"})) == 3


def test_no_sentence_of_ours_has_a_problem() -> None:
    ours = {key: text for key, text in DEFAULTS.items() if not key.startswith(wording.FIXED)}
    assert wording.problems(ours) == []
    for key, text in DEFAULTS.items():
        facts = dict.fromkeys(placeholders(text), "事")
        assert Wording()(key, **facts).strip("\n") != "", key


def test_sentences_use_chinese_punctuation() -> None:
    for key, text in DEFAULTS.items():
        bare = re.sub(r"\{[a-z_]+\}", "", text)
        assert not re.search(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?(][\u4e00-\u9fff]", bare), key
