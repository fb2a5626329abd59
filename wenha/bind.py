"""How does an operator connect a group? A one-time code, printed once, stored as a hash.

A village or hub on the built-in channel needs no group: bind_web.py makes it at once.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO, TypeVar

from base.errors import ConfigError
from bot.tokens import code_hash
from escalation.changes import Pass
from escalation.model import Hub
from storage.migrate import upgrade
from storage.store import writing
from storage.unit import Unit

T = TypeVar("T")
VALID_FOR = timedelta(hours=24)
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that looks like something else
LENGTH = 10
DEFAULT_HUB = "值守群"
TO_ADMIN = "请这个群的管理员在群里输入"
TO_LIAISON = "请村长或联络员打开和机器人的单独对话，在里面输入"


def bind_hub(database: Path, name: str, *, replacing: bool, now: datetime, out: TextIO) -> int:
    """Print a code that makes a group the hub of this name; return the exit code.

    Raises:
        ConfigError: there is such a hub already, and `replacing` was not asked for.
    """

    def work(unit: Unit) -> Pass:
        if unit.people.hub_named(name) is not None and not replacing:
            raise ConfigError([f"已经有值守群“{name}”了。要换成另一个群，请加 --replace"])
        return Pass(code="", name=name, replaces=replacing)

    return _issue(database, work, now, out)


def bind_village(
    database: Path,
    name: str,
    hub: str | None,
    now: datetime,
    out: TextIO,
    *,
    relayed: bool = False,
) -> int:
    """Print a code that makes a group the village of this name; return the exit code.

    `relayed`: it makes a chat with its liaison the desk of a village that no bot can enter.

    Raises:
        ConfigError: there is no hub to answer for it yet, or the village is bound already.
    """

    def work(unit: Unit) -> Pass:
        answers = hub_of(unit, hub)
        if name in {village.name for village in unit.people.villages()}:
            raise ConfigError([f"“{name}”已经绑定了一个群"])
        return Pass(code="", name=name, hub=answers.id, relayed=relayed)

    return _issue(database, work, now, out, TO_LIAISON if relayed else TO_ADMIN)


def hub_of(unit: Unit, name: str | None) -> Hub:
    """Return the hub of this name, or the only one.

    Raises:
        ConfigError: there is none, or not just one.
    """
    hubs = [found for found in unit.people.hubs() if name in (None, found.name)]
    if len(hubs) != 1:
        known = "、".join(found.name for found in unit.people.hubs()) or "还没有"
        raise ConfigError([f"要先有值守群，再用 --hub 说清是哪一个。现有：{known}"])
    return hubs[0]


def in_one_transaction(database: Path, work: Callable[[Unit], T]) -> T:
    """Bring the database up to date and write to it once, beside the loops."""
    upgrade(database)
    with writing(database) as unit:
        return work(unit)


def _issue(
    database: Path,
    work: Callable[[Unit], Pass],
    now: datetime,
    out: TextIO,
    whom: str = TO_ADMIN,
) -> int:
    """Make a code for what `work` allows, and print it."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))

    def issue(unit: Unit) -> None:
        unit.people.issue_pass(replace(work(unit), code=code_hash(code)), now + VALID_FOR)

    in_one_transaction(database, issue)
    print(f"{whom}（24小时内有效，只能用一次）：\n/bind {code}", file=out)
    return 0
