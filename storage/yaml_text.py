"""How is YAML read here? Only plain values, by the parser in C where it is built in."""

from collections.abc import Iterator
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(text: str) -> Any:
    """Return the value written in `text`.

    Raises:
        yaml.YAMLError: It is no YAML; `problem_mark` says where.
        RecursionError: It is nested deeper than anybody writes.
        UnicodeError: It holds half a character.
    """
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 # both are safe loaders


def yaml_tokens(text: str) -> Iterator[object]:
    """Return the tokens of `text`; raises as `load_yaml` does."""
    tokens: Iterator[object] = yaml.scan(text, Loader=_LOADER)
    return tokens
