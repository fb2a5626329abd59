"""What happens on a scripted day? Steps read from a data file, all mistakes listed at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from importlib import resources
from typing import Any

import yaml

from base.errors import ConfigError
from escalation.calendar import BEIJING

KEYS = frozenset({"at", "day", "who", "say", "reply", "press", "under", "label"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """One thing somebody does, or a pause until a moment.

    Attributes:
        who: id of somebody of the cast; None only waits.
        reply: label of the message replied to, or "bot:LABEL" for what we last said about it in
            the village, "card:LABEL" for its card in the hub, "last" for our newest message.
        press: the button's label, on the message named by `under`.
        label: a name for this message, for later steps.
    """

    at: datetime
    who: str | None
    say: str | None
    reply: str | None
    press: str | None
    under: str | None
    label: str | None


def read_day(number: int) -> tuple[Scene, ...]:
    """Return the steps of a shipped day.

    Raises:
        ConfigError: there is no such day, or its file has mistakes.
    """
    file = resources.files("wenha") / "demo" / f"day{number}.yaml"
    if not file.is_file():
        raise ConfigError([f"没有第 {number} 天的脚本"])
    content = yaml.safe_load(file.read_text("utf-8"))
    problems: list[str] = []
    scenes = tuple(_scenes(content["day"], content["steps"], problems))
    if problems:
        raise ConfigError(problems)
    return scenes


def _scenes(day: date, steps: list[Mapping[str, Any]], problems: list[str]) -> Iterator[Scene]:
    for number, step in enumerate(steps, 1):
        if unknown := set(step) - KEYS:
            problems.append(f"第 {number} 步：不认识 {sorted(unknown)}，可以用 {sorted(KEYS)}")
            continue
        yield Scene(
            at=datetime.combine(step.get("day", day), time.fromisoformat(step["at"]), BEIJING),
            who=step.get("who"),
            say=step.get("say"),
            reply=step.get("reply"),
            press=step.get("press"),
            under=step.get("under"),
            label=step.get("label"),
        )
