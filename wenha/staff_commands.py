"""Who may sign in at the staff pages? `wenha console add-user | passwd | roles | users …`."""

import argparse
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO

from base.clock import SystemClock
from base.errors import ConfigError
from base.staff import Account, StaffRole
from base.text import clean
from base.wording import Wording
from console import auth
from storage.migrate import upgrade
from storage.shipped import load_holidays
from storage.store import writing
from storage.unit import Unit
from wenha.config import Config, load

LONGEST_NAME = 20


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `console` and what it can do."""
    actions = commands.add_parser("console", help="管理页面的账号").add_subparsers(
        required=True, metavar="动作"
    )
    adding = actions.add_parser("add-user", help="开一个账号；密码从键盘或标准输入读")
    adding.add_argument("name", type=_name, help="名字，如 王芳")
    _take_roles(adding)
    adding.set_defaults(run=lambda parsed: add_user(_config(parsed), parsed.name, parsed.role))
    changing = actions.add_parser("passwd", help="换密码，这个人在各处都要重新登录")
    changing.add_argument("name")
    changing.set_defaults(run=lambda parsed: passwd(_config(parsed), parsed.name))
    being = actions.add_parser("roles", help="换身份")
    being.add_argument("name")
    _take_roles(being)
    being.set_defaults(run=lambda parsed: set_roles(_config(parsed), parsed.name, parsed.role))
    for word, closes, told in (("disable", True, "停用账号"), ("enable", False, "再启用账号")):
        parser = actions.add_parser(word, help=told)
        parser.add_argument("name")
        parser.set_defaults(
            run=lambda parsed, closes=closes: close(_config(parsed), parsed.name, closes=closes)
        )
    actions.add_parser("users", help="有哪些账号").set_defaults(
        run=lambda parsed: users(_config(parsed), sys.stdout)
    )


def _take_roles(parser: argparse.ArgumentParser) -> None:
    told = "、".join(f"{role}（{Wording()(f'staff.{role}')}）" for role in StaffRole)
    parser.add_argument(
        "--role",
        action="append",
        required=True,
        type=StaffRole,
        choices=list(StaffRole),
        metavar="身份",
        help=f"可以写几次：{told}",
    )


def add_user(config: Config, name: str, roles: list[StaffRole]) -> int:
    """Open an account.

    Raises:
        ConfigError: the name is taken, or the password too weak; nothing is changed.
    """
    with _writing(config.database) as (unit, _):
        _refuse_taken(unit, name)
    kept = auth.hashed(_password(config, name))  # typed while nobody waits for the database
    with _writing(config.database) as (unit, now):
        _refuse_taken(unit, name)
        unit.staff.add(name, set(roles), kept, now)
    print(f"{name}可以登录了：{config.web.url or _here(config)}/console")
    return 0


def passwd(config: Config, name: str) -> int:
    """Take another password; the account is signed out everywhere and tries begin anew.

    Raises:
        ConfigError: there is no such account, or the password is too weak.
    """
    with _writing(config.database) as (unit, _):
        account = _named(unit, name)
    kept = auth.hashed(_password(config, name))
    with _writing(config.database) as (unit, _):
        unit.staff.set_password(account.staff, kept)
    print(f"{name}的密码换了，要重新登录")
    return 0


def set_roles(config: Config, name: str, roles: list[StaffRole]) -> int:
    """Let somebody be something else.

    Raises:
        ConfigError: there is no such account.
    """
    with _writing(config.database) as (unit, _):
        unit.staff.set_roles(_named(unit, name).staff, set(roles))
    print(f"{name}现在是：{_told(config, roles)}")
    return 0


def close(config: Config, name: str, *, closes: bool) -> int:
    """Close an account, or open it again; either way it is signed out everywhere.

    Raises:
        ConfigError: there is no such account.
    """
    with _writing(config.database) as (unit, now):
        unit.staff.disable(_named(unit, name).staff, now if closes else None)
    print(f"{name}{'停用了，各处都退出了' if closes else '可以再登录了'}")
    return 0


def users(config: Config, out: TextIO) -> int:
    """Print every account and what it is."""
    with _writing(config.database) as (unit, now):
        accounts = unit.staff.accounts()
    for one in accounts:
        state = "停用" if one.disabled_at else "试错太多，歇着" if one.rests(now) else ""
        roles = _told(config, sorted(one.staff.roles))
        print("  ".join(part for part in (one.staff.name, roles, state) if part), file=out)
    if not accounts:
        print("还没有账号：wenha console add-user 名字 --role curator", file=out)
    return 0


@contextmanager
def _writing(database: Path) -> Iterator[tuple[Unit, datetime]]:
    """One short transaction beside a running service."""
    upgrade(database)
    with writing(database) as unit:
        yield unit, SystemClock().now()


def _refuse_taken(unit: Unit, name: str) -> None:
    if unit.staff.named(name) is not None:
        raise ConfigError([f"已经有叫“{name}”的账号：换密码用 wenha console passwd {name}"])


def _named(unit: Unit, name: str) -> Account:
    found = unit.staff.named(name)
    if found is None:
        known = "、".join(one.staff.name for one in unit.staff.accounts()) or "还没有"
        raise ConfigError([f"没有叫“{name}”的账号；有的是：{known}"])
    return found


def _password(config: Config, name: str) -> str:
    """Read a password: twice from a keyboard, else the first line of the input."""
    if sys.stdin.isatty():
        password = getpass.getpass("密码：")
        if getpass.getpass("再打一次：") != password:
            raise ConfigError(["两次打的密码不一样，什么都没有改"])
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    problem = auth.password_problem(name, password)
    if problem is not None:
        raise ConfigError([Wording(config.wording)(problem)])
    return password


def _told(config: Config, roles: list[StaffRole]) -> str:
    words = Wording(config.wording)
    return "、".join(words(f"staff.{role}") for role in dict.fromkeys(roles))


def _here(config: Config) -> str:
    return f"http://{config.web.host}:{config.web.port}"


def _name(text: str) -> str:
    """A name as revisions show it: one short line."""
    if not text or text != " ".join(clean(text).split()) or len(text) > LONGEST_NAME:
        raise argparse.ArgumentTypeError(f"名字应当是一行字，1到{LONGEST_NAME}个")
    return text


def _config(parsed: argparse.Namespace) -> Config:
    return load(parsed.config, load_holidays())
