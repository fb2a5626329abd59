"""The `wenha` command: which words it takes, and what each of them starts."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from base.clock import SystemClock
from base.errors import ConfigError
from base.text import clean
from storage.migrate import upgrade
from storage.shipped import load_holidays
from wenha import (
    bind,
    bind_web,
    calendar_check,
    curation_commands,
    doctor,
    faq_commands,
    logs,
    places_commands,
    staff_commands,
    tickets_commands,
)
from wenha.backup import backup
from wenha.config import Config, load
from wenha.demo import sandbox, stage
from wenha.restore import restore
from wenha.serve import serve

LONGEST_NAME = 40
LAST_PORT = 65535


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code. Mistakes of the operator are told in one list."""
    parsed = _parser().parse_args(arguments)
    logs.configure()
    if arguments is None:  # a process of our own, not a call inside another one
        logs.catch_uncaught()
    try:
        code: int = parsed.run(parsed)
    except ConfigError as error:
        for problem in error.problems:
            print(f"✗ {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read has had enough, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="wenha", description="问哈村长：村里人问法律，问得到、答得准。"
    )
    parser.add_argument("--config", type=Path, help="配置文件，默认 ./config.yaml")
    commands = parser.add_subparsers(required=True, metavar="命令")
    _add_demo(commands.add_parser("demo", help="打开沙盒；--script 放一天给人看"))
    _add_calendar(commands.add_parser("calendar", help="工作日历"))
    _add_serve(commands)
    _add_faq(commands.add_parser("faq", help="问答库"))
    looking = commands.add_parser(
        "doctor", help="检查配置、日历、问答库、数据库、Telegram，一次列出全部问题"
    )
    looking.set_defaults(run=lambda parsed: doctor.run(parsed.config, sys.stdout))
    tickets_commands.add(commands)
    staff_commands.add(commands)
    places_commands.add(commands)
    _add_copies(commands)
    database = commands.add_parser("db", help="数据库").add_subparsers(
        required=True, metavar="动作"
    )
    database.add_parser("upgrade", help="把数据库升到这个版本").set_defaults(run=_db_upgrade)
    return parser


def _add_demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--script", action="store_true", help="在虚拟时间里放一天，打印对话后退出")
    parser.add_argument("--day", type=int, default=1, help="放第几天，默认 1")
    parser.add_argument("--json", action="store_true", help="每行一个 JSON 对象")
    parser.add_argument("--keep", type=Path, metavar="目录", help="把这一天的数据库留在这个目录")
    parser.add_argument(
        "--database", type=_file, default=Path("data/demo.db"), help="沙盒的数据库"
    )
    parser.add_argument("--port", type=_port, help="沙盒的端口，默认按配置")
    parser.set_defaults(run=_demo)


def _add_faq(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="动作")
    faq_commands.add(actions)
    curation_commands.add(actions)


def _add_serve(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    commands.add_parser(
        "serve", help="在服务器上运行：村和值守群，在 Telegram 或网页上"
    ).set_defaults(run=lambda parsed: asyncio.run(serve(_config(parsed), sys.stdout)))
    _add_bind(commands.add_parser("bind", help="生成绑定村群或值守群的口令"))


def _add_bind(binding: argparse.ArgumentParser) -> None:
    what = binding.add_subparsers(required=True, metavar="什么群")
    hub = what.add_parser("hub", help="值守群")
    hub.add_argument(
        "name", nargs="?", type=_name, default=bind.DEFAULT_HUB, help="名称，默认“值守群”"
    )
    hub.add_argument(
        "--replace", action="store_true", help="换掉现在的值守群；和 --web 一起是换链接"
    )
    hub.add_argument("--web", action="store_true", help="不要群：开在自带的网页上，马上给链接")
    hub.set_defaults(run=_bind_hub)
    village = what.add_parser("village", help="村群")
    village.add_argument("name", type=_name, help="村名，如 白石村")
    village.add_argument("--hub", help="归哪个值守群，只有一个时不用写")
    village.add_argument("--replace", action="store_true", help="和 --web 一起：换链接")
    village.add_argument("--web", action="store_true", help="不要群：开在自带的网页上，马上给链接")
    village.add_argument(
        "--relay", action="store_true", help="机器人进不去的群（如微信群）：给村长开一个代问台"
    )
    village.set_defaults(run=_bind_village)
    above = what.add_parser("above", help="哪个值守群在哪个上面：到时间没办的往上转")
    above.add_argument("below", metavar="下级", help="如 镇值守群")
    above.add_argument("above", metavar="上级", help="如 区值守群")
    above.set_defaults(run=_put_above)


def _put_above(parsed: argparse.Namespace) -> int:
    return places_commands.put_above(_config(parsed).database, parsed.below, parsed.above)


def _name(text: str) -> str:
    """A name of a place, as people read it on cards and pages: one short line."""
    if not text or text != " ".join(clean(text).split()) or len(text) > LONGEST_NAME:
        raise argparse.ArgumentTypeError(f"名称应当是一行字，1到{LONGEST_NAME}个")
    return text


def _file(text: str) -> Path:
    """A path that ends in the name of a file."""
    if not Path(text).name:
        raise argparse.ArgumentTypeError("应当是一个文件的路径")
    return Path(text)


def _port(text: str) -> int:
    """A port; 0 is any that is free."""
    if not text.isdecimal() or int(text) > LAST_PORT:
        raise argparse.ArgumentTypeError(f"写的是 {text}，应当是0到{LAST_PORT}的整数")
    return int(text)


def _bind_hub(parsed: argparse.Namespace) -> int:
    now, config, name = SystemClock().now(), _config(parsed), parsed.name
    if parsed.web:
        return bind_web.bind_hub(config, name, replacing=parsed.replace, now=now, out=sys.stdout)
    return bind.bind_hub(config.database, name, replacing=parsed.replace, now=now, out=sys.stdout)


def _bind_village(parsed: argparse.Namespace) -> int:
    now, config, name, hub = SystemClock().now(), _config(parsed), parsed.name, parsed.hub
    if parsed.web:
        return bind_web.bind_village(
            config,
            name,
            hub,
            replacing=parsed.replace,
            now=now,
            out=sys.stdout,
            relayed=parsed.relay,
        )
    if parsed.replace:
        raise ConfigError(["村群的 --replace 只和 --web 一起用"])
    return bind.bind_village(
        config.database, name, hub, now=now, out=sys.stdout, relayed=parsed.relay
    )


def _add_copies(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    copying = commands.add_parser("backup", help="备份数据库，不用停服务")
    copying.add_argument(
        "target",
        nargs="?",
        type=Path,
        metavar="文件或目录",
        help="默认放进数据库旁边的 backups 目录，名字里带时间",
    )
    copying.add_argument(
        "--keep", type=_count, metavar="几份", help="只留最近几份，只删名字里带时间的"
    )
    copying.set_defaults(run=_backup)
    restoring = commands.add_parser("restore", help="用备份恢复数据库；先停服务")
    restoring.add_argument("copy", type=Path, metavar="备份文件")
    restoring.add_argument(
        "--replace", action="store_true", help="换掉现在的数据库，原来的改名留着"
    )
    restoring.set_defaults(run=_restore)


def _count(text: str) -> int:
    """A number of copies to keep: at least one."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"写的是 {text}，应当是 1 或更大的整数")
    return int(text)


def _backup(parsed: argparse.Namespace) -> int:
    now = SystemClock().now()
    return backup(_config(parsed), parsed.target, now, sys.stdout, keep=parsed.keep)


def _restore(parsed: argparse.Namespace) -> int:
    now = SystemClock().now()
    return restore(_config(parsed), parsed.copy, now, sys.stdout, replacing=parsed.replace)


def _add_calendar(parser: argparse.ArgumentParser) -> None:
    check = parser.add_subparsers(required=True, metavar="动作").add_parser(
        "check", help="把别人算好的到期时间和我们算的比一比，有不同就退出码 1"
    )
    check.add_argument("cases", type=Path, help="每行一个 JSON 对象")
    check.add_argument("--calendars", type=Path, required=True, help="日历文件（JSON）")
    check.set_defaults(
        run=lambda parsed: calendar_check.run(parsed.cases, parsed.calendars, sys.stdout)
    )


def _config(parsed: argparse.Namespace) -> Config:
    return load(parsed.config, load_holidays())


def _demo(parsed: argparse.Namespace) -> int:
    config = _config(parsed)
    if parsed.script:
        return asyncio.run(
            stage.play(config, parsed.day, as_json=parsed.json, keep=parsed.keep, out=sys.stdout)
        )
    chosen = config.model_copy(update={"database": parsed.database})
    if parsed.port is not None:
        web = config.web.model_copy(update={"port": parsed.port})
        chosen = chosen.model_copy(update={"web": web})
    return asyncio.run(sandbox.serve(chosen, out=sys.stdout))


def _db_upgrade(parsed: argparse.Namespace) -> int:
    config = _config(parsed)
    copy = upgrade(config.database)
    print(f"已是这个版本。升级前的副本：{copy}" if copy else "已是这个版本。")
    return 0
