"""Which `wenha faq …` commands keep the FAQ right, and what do they take?"""

import argparse
import sys

from base.clock import SystemClock
from base.wording import Wording
from storage.shipped import load_holidays
from wenha import curation
from wenha.config import Config, load


def add(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add publish, replay, misses and affected-by."""
    publishing = actions.add_parser("publish", help="发布审核过的条目：先看变化，再从现在起用")
    publishing.add_argument("entry", nargs="+", metavar="编号")
    publishing.add_argument("--by", required=True, metavar="账号", help="谁发布（审核人的账号）")
    publishing.add_argument("--why", default="", metavar="说明")
    publishing.add_argument("--force", action="store_true", help="准确率下降也发布，记录在案")
    publishing.set_defaults(run=_publish)
    replaying = actions.add_parser("replay", help="要是发布这些条目，以前的问题会怎样")
    replaying.add_argument("entry", nargs="*", metavar="编号", help="默认是审核过、等发布的")
    replaying.add_argument("--json", action="store_true", help="一个 JSON 对象")
    replaying.set_defaults(run=_replay)
    missing = actions.add_parser("misses", help="没答上的问题，合成组，问的人多的在前")
    missing.add_argument("--json", action="store_true", help="每行一个 JSON 对象")
    missing.set_defaults(run=_misses)
    affecting = actions.add_parser("affected-by", help="哪些条目引用了这一条；--mark 放进待办")
    affecting.add_argument("law", metavar="法", help="如 民法典")
    affecting.add_argument("article", nargs="?", default="", metavar="条号", help="不写是整部")
    affecting.add_argument("--mark", default="", metavar="怎么变了", help="都要重新核对")
    affecting.add_argument("--off", action="store_true", help="和 --mark 一起：核对之前先停用")
    affecting.add_argument("--by", default="", metavar="账号", help="和 --mark 一起：谁说的")
    affecting.set_defaults(run=_affected)


def _publish(parsed: argparse.Namespace) -> int:
    config = _config(parsed)
    return curation.publish(
        config.database,
        parsed.entry,
        by=parsed.by,
        why=parsed.why,
        force=parsed.force,
        words=Wording(config.wording),
        now=SystemClock().now(),
        out=sys.stdout,
    )


def _replay(parsed: argparse.Namespace) -> int:
    config, now = _config(parsed), SystemClock().now()
    words = Wording(config.wording)
    return curation.show_replay(
        config.database, parsed.entry, words, now, sys.stdout, as_json=parsed.json
    )


def _misses(parsed: argparse.Namespace) -> int:
    database, now = _config(parsed).database, SystemClock().now()
    return curation.misses(database, now, sys.stdout, as_json=parsed.json)


def _affected(parsed: argparse.Namespace) -> int:
    config = _config(parsed)
    if not parsed.mark:
        return curation.affected(
            config.database, parsed.law, parsed.article, Wording(config.wording), sys.stdout
        )
    return curation.mark(
        config.database,
        parsed.law,
        parsed.article,
        why=parsed.mark,
        off=parsed.off,
        by=parsed.by,
        words=Wording(config.wording),
        now=SystemClock().now(),
        out=sys.stdout,
    )


def _config(parsed: argparse.Namespace) -> Config:
    return load(parsed.config, load_holidays())
