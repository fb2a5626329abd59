"""The house rules a linter cannot say."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("wenha", "base", "bot", "escalation", "knowledge", "storage", "console")
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
MIGRATIONS = ROOT / "storage/migrations/versions"
TESTS = sorted((ROOT / "tests").rglob("*.py"))

LONGEST_FILE, LONGEST_FUNCTION = 300, 25
CATCHES_ALL = {
    "bot/pipeline.py": "one bad item must block its own chat only",
    "bot/timekeeper.py": "one bad alarm must not stop the others",
    "bot/sender.py": "a bug of an adapter must not lose a message",
    "wenha/runtime.py": "a loop never dies",
    "storage/store.py": "one unit's error is its caller's, not the batch's",
}
NOT_OURS = {".git", ".venv", ".hypothesis", "__pycache__", "build", "data"}  # "data": see _texts


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def code_files() -> list[Path]:
    return [path for path in FILES if MIGRATIONS not in path.parents]


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    """Every function with its lines of code, the docstring aside."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            if ast.get_docstring(node) is not None:
                if len(node.body) == 1:
                    continue
                first = node.body[1]
            yield node.name, (node.end_lineno or 0) - first.lineno + 1


@pytest.mark.parametrize("path", code_files(), ids=name)
def test_a_file_is_short_and_says_what_it_is_for(path: Path) -> None:
    source = path.read_text("utf-8")
    assert len(source.splitlines()) <= LONGEST_FILE
    assert ast.get_docstring(ast.parse(source))


@pytest.mark.parametrize("path", TESTS, ids=name)
def test_a_file_of_tests_is_short_as_well(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_FILE


def test_a_function_fits_into_one_look() -> None:
    """25 lines of code; the signature and the docstring are no code."""
    too_long = {
        f"{name(path)}:{function}": lines
        for path in code_files()
        for function, lines in _functions(path)
        if lines > LONGEST_FUNCTION
    }
    assert too_long == {}


@pytest.mark.parametrize("path", [*FILES, *TESTS], ids=name)
def test_nothing_is_left_to_do_in_the_code(path: Path) -> None:
    word = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    assert not word.search(path.read_text("utf-8"))


@pytest.mark.parametrize("path", [*FILES, *TESTS], ids=name)
def test_an_exemption_says_why_on_the_same_line(path: Path) -> None:
    exempt = re.compile(r"#\s*(?:no" + r"qa|type:\s*ig" + r"nore)")
    codes = re.compile(
        r"#\s*(?:no" + r"qa:\s*[A-Z0-9, ]+|type:\s*ig" + r"nore\[[a-z-, ]+\])\s*(?:[-#:]+\s*)"
    )
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if found := exempt.search(line):
            told = codes.match(line[found.start() :])
            assert told, f"line {number}"
            assert len(line[found.start() + told.end() :].strip()) > 5, f"line {number}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_only_who_must_not_die_catches_everything(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = (
            {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)} if node.type else set()
        )
        if not node.type or caught & {"Exception", "BaseException"}:
            assert name(path) in CATCHES_ALL, f"line {node.lineno}"


def _texts() -> Iterator[Path]:
    """Everything somebody wrote; shipped data as well, caches and environments not."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if parts[0] in NOT_OURS or any(p in NOT_OURS - {"data"} for p in parts):
            continue
        hidden = any(p.endswith(("_cache", ".egg-info")) for p in parts)
        if path.is_file() and not hidden:
            yield path


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    paths = [f"/{folder}/" for folder in ("work", "root", "home")]
    hosts = [
        "py" + "pi.org",
        "python" + "hosted",
        "npm" + "js",
        "tsinghua" + ".edu",
        "ali" + "yun",
    ]
    for path in _texts():
        text = path.read_text("utf-8", errors="replace")
        for word in (*paths, *hosts):
            assert word not in text, f"{word} in {name(path)}"
