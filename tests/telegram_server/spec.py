"""Does a request, or an answer, keep to the published Bot API?

The rules are those of `tests/data/telegram/api.json`. A request meets all of them, the limits
in its prose too; an answer meets the structure: names, types, required fields, constants.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.telegram_server.limits import limits_of

Json = dict[str, Any]
PATH = Path(__file__).parents[1] / "data" / "telegram" / "api.json"
_LIST = "Array of "
_ACTIONS = [
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
]
_CONSTANT = re.compile(r"(?:, must be|, always) [“\"]?([a-z0-9_]+)[”\"]?\.?$")
_PLAIN: Mapping[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Float": (int, float),
    "Boolean": (bool,),
    "String": (str,),
    "InputFile": (str, bytes),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One break of the specification: where, which kind of rule, what exactly."""

    path: str
    rule: str  # unknown | required | type | constant | limit | action
    message: str

    def words(self) -> str:
        """Say it in one line."""
        return f"{self.path}: {self.message}"


@cache
def _spec() -> Json:
    return dict(json.loads(PATH.read_text(encoding="utf-8")))


@cache
def _methods() -> Mapping[str, Json]:
    return {name.lower(): method for name, method in _spec()["methods"].items()}


def method_name(written: str) -> str | None:
    """Return the official spelling of a method, whatever its case; None when there is none."""
    method = _methods().get(written.lower())
    return None if method is None else str(method["name"])


def fields_of(type_name: str) -> Sequence[str]:
    """Return the names of a type's fields."""
    return [field["name"] for field in _spec()["types"][type_name]["fields"]]


def request_problems(method: str, params: Json) -> list[Problem]:
    """Return what is wrong with the decoded parameters of a call."""
    fields = _methods()[method.lower()].get("fields", [])
    return _object(params, fields, method, limited=True)


def answer_problems(method: str, result: Any) -> list[Problem]:
    """Return what is wrong with the `result` of a call."""
    returns = _methods()[method.lower()]["returns"]
    return _value(result, returns, f"{method}()", limited=False)


def type_problems(type_name: str, value: Any) -> list[Problem]:
    """Return what is wrong with a value of a type, for example an Update."""
    return _value(value, [type_name], type_name, limited=False)


def decoded(method: str, raw: Mapping[str, Any]) -> tuple[Json, list[Problem]]:
    """Turn parameters as they came (form fields are text) into typed values."""
    types = {
        field["name"]: field["types"] for field in _methods()[method.lower()].get("fields", [])
    }
    params, problems = {}, []
    for name, value in raw.items():
        try:
            params[name] = _parsed(value, types.get(name, ["String"]))
        except ValueError as error:
            problems.append(Problem(f"{method}.{name}", "type", f"{error}"))
    return params, problems


def _parsed(value: Any, types: Sequence[str]) -> Any:
    if not isinstance(value, str):
        return value
    if "Integer" in types and re.fullmatch(r"-?\d+", value.strip()):
        return int(value)
    if types == ["Boolean"]:
        return _truth(value)
    if {"String", "InputFile"} & set(types) or types in (["Integer"], ["Float"]):
        return float(value) if types == ["Float"] else value
    return json.loads(value)


def _truth(value: str) -> bool | str:
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    return known.get(value.strip().lower(), value)


def _value(value: Any, types: Sequence[str], path: str, *, limited: bool) -> list[Problem]:
    """Return the problems under the type that fits best."""
    kinds = [kind for kind in types if _is_kind(value, kind)]
    if not kinds:
        wanted = " or ".join(types)
        return [Problem(path, "type", f"{type(value).__name__}, want {wanted}")]
    return min((_inside(value, kind, path, limited=limited) for kind in kinds), key=len)


def _is_kind(value: Any, kind: str) -> bool:
    if kind in _PLAIN:
        right = isinstance(value, _PLAIN[kind])
        return right and (kind == "Boolean" or not isinstance(value, bool))
    return isinstance(value, list if kind.startswith(_LIST) else dict)


def _inside(value: Any, kind: str, path: str, *, limited: bool) -> list[Problem]:
    if kind in _PLAIN:
        return []
    if kind.startswith(_LIST):
        item = [kind.removeprefix(_LIST)]
        each = (_value(v, item, f"{path}[{i}]", limited=limited) for i, v in enumerate(value))
        return [problem for problems in each for problem in problems]
    described = _spec()["types"][kind]
    if subtypes := described.get("subtypes"):
        return _value(value, subtypes, path, limited=limited)
    problems = _object(value, described.get("fields", []), path, limited=limited)
    return problems + (_button(value, path) if kind == "InlineKeyboardButton" else [])


def _object(value: Json, fields: Sequence[Json], path: str, *, limited: bool) -> list[Problem]:
    known = {field["name"]: field for field in fields}
    problems = [
        Problem(f"{path}.{name}", "unknown", "no such field") for name in value.keys() - known
    ]
    for name, field in known.items():
        problems += _field(value, name, field, f"{path}.{name}", limited=limited)
    return problems


def _field(value: Json, name: str, field: Json, path: str, *, limited: bool) -> list[Problem]:
    if value.get(name) is None:
        return [Problem(path, "required", "missing")] if field["required"] else []
    problems = _value(value[name], field["types"], path, limited=limited)
    constant = _CONSTANT.search(field["description"])
    if constant and value[name] != constant[1]:
        problems.append(Problem(path, "constant", f"{value[name]!r}, must be {constant[1]!r}"))
    if limited and not problems:
        limits = limits_of(field["description"])
        said = filter(None, (limit.complaint(value[name]) for limit in limits))
        problems += [Problem(path, "limit", words) for words in said]
    return problems


def _button(button: Json, path: str) -> list[Problem]:
    """A button does exactly one thing and has a label; only the prose says so."""
    problems = []
    actions = [action for action in _ACTIONS if button.get(action) is not None]
    if len(actions) != 1:
        problems.append(Problem(path, "action", f"want one action, has {actions}"))
    if not str(button.get("text", "")).strip():
        problems.append(Problem(f"{path}.text", "limit", "empty label"))
    return problems
