"""How is the FAQ kept right from the command line? Publish, replay, misses, changes of the law."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TextIO

from base.errors import ConfigError, Refused
from base.staff import Staff
from base.text import clip
from base.wording import Wording
from escalation.calendar import BEIJING
from knowledge import curation
from knowledge.curation import Wish
from knowledge.index import Index
from knowledge.matching import match
from knowledge.misses import Group, grouped
from knowledge.model import EntryStatus, FaqEntry
from knowledge.replay import Effect, Replay
from knowledge.revisions import Deed, Standing, Written
from storage.migrate import upgrade
from storage.store import writing
from storage.unit import Unit
from wenha.faq import index_of
from wenha.faq_files import lacking
from wenha.regression import replayed
from wenha.tickets import reading

EVERYTHING = 1_000_000  # questions; more than there are
SHOWN = 30  # changed questions, groups
TEXT = 60  # characters of a question


def publish(
    database: Path,
    ids: Sequence[str],
    *,
    by: str,
    why: str,
    force: bool,
    words: Wording,
    now: datetime,
    out: TextIO,
) -> int:
    """Publish checked entries, all or none, after telling what changes; a running service has it.

    Raises:
        ConfigError: somebody or something does not allow it; lists every problem.
    """
    upgrade(database)
    with reading(database) as unit:
        staff, standings = _staff(unit, by), _named(unit, ids)
        wishes = _wishes(unit, standings, staff, why, now)
        _check_all(unit, wishes, words)
        replay = _replay(unit, [one.text for one in standings], now)
    _tell(replay, words, out)
    asked = {
        entry: replace(wish, falls=replay.fall, force=force) for entry, wish in wishes.items()
    }
    with writing(database) as unit:  # the asking above took its time: nobody waited for it
        _do_all(unit, asked, words, now)
    print(f"发布了{len(standings)}条：{'、'.join(wishes)}", file=out)
    return 0


def show_replay(
    database: Path,
    ids: Sequence[str],
    words: Wording,
    now: datetime,
    out: TextIO,
    *,
    as_json: bool,
) -> int:
    """Print what publishing would change; of all that is checked where no ids are given.

    Raises:
        ConfigError: there is no such entry.
    """
    with reading(database) as unit:
        standings = _named(unit, ids) if ids else _checked(unit)
        replay = _replay(unit, [one.text for one in standings], now)
    if as_json:
        print(json.dumps(asdict(replay), ensure_ascii=False), file=out)
        return 0
    print(f"要发布的：{'、'.join(one.text.id for one in standings) or '没有'}", file=out)
    _tell(replay, words, out)
    return 0


def misses(database: Path, now: datetime, out: TextIO, *, as_json: bool) -> int:
    """Print the open groups of questions that the FAQ did not answer."""
    with reading(database) as unit:
        missed, index = unit.misses.missed(EVERYTHING), served(unit, now)
    groups = [one for one in grouped(missed, index, partial(match, index)) if one.open]
    for group in groups[: None if as_json else SHOWN]:
        line = json.dumps(_record(group), ensure_ascii=False) if as_json else _of_group(group)
        print(line, file=out)
    if not groups and not as_json:
        print("没有没答上的问题，或者都处理过了", file=out)
    return 0


def affected(database: Path, law: str, article: str, words: Wording, out: TextIO) -> int:
    """Print the entries that cite an article, or any of a law."""
    with reading(database) as unit:
        found = curation.affected(unit.faq.standings(), law, article)
    for one in found:
        print(f"{one.text.id}  {words(f'entry.{one.text.status}')}  {one.text.question}", file=out)
    where = f"{law}第{article}条" if article else law
    print(f"{len(found)}条引用了{where}", file=out)
    return 0


def mark(
    database: Path,
    law: str,
    article: str,
    *,
    why: str,
    off: bool,
    by: str,
    words: Wording,
    now: datetime,
    out: TextIO,
) -> int:
    """Put the entries that cite an article into review; off the shelf where `off` says so.

    Raises:
        ConfigError: whoever says so may not.
    """
    upgrade(database)
    with writing(database) as unit:
        staff, deed = _staff(unit, by), Deed.SUSPENDED if off else Deed.RECHECK
        found = curation.affected(unit.faq.standings(), law, article)
        wish = Wish(deed=deed, by=staff, why=why)
        _do_all(unit, {one.text.id: wish for one in found}, words, now)
    state = "，核对之前停用" if off else "，核对之前照旧用"
    ids = "、".join(one.text.id for one in found)
    print(f"{len(found)}条要重新核对{state}：{ids}" if found else "没有条目引用它", file=out)
    return 0


def _wishes(
    unit: Unit, standings: Sequence[Standing], staff: Staff, why: str, now: datetime
) -> Mapping[str, Wish]:
    """What is to be published, as it is now, with what it lacks."""
    others, today = unit.faq.entries(), now.astimezone(BEIJING).date()
    return {
        one.text.id: Wish(
            deed=Deed.PUBLISHED,
            by=staff,
            seen=one.number,
            why=why,
            problems=lacking(one.text, others, today),
        )
        for one in standings
    }


def _do_all(unit: Unit, wishes: Mapping[str, Wish], words: Wording, now: datetime) -> None:
    """Let wishes happen to entries, all or none.

    Raises:
        ConfigError: some may not; lists every problem.
    """
    for written in _check_all(unit, wishes, words):
        unit.faq.add(written, now)


def _check_all(unit: Unit, wishes: Mapping[str, Wish], words: Wording) -> Sequence[Written]:
    """Return what follows from wishes.

    Raises:
        ConfigError: some may not happen; lists every problem.
    """
    found, problems = [], []
    for entry, wish in wishes.items():
        try:
            found.append(curation.decide(unit.faq.standing(entry), wish))
        except Refused as error:
            facts = dict(error.facts)
            if facts.get("status"):
                facts["status"] = words(f"entry.{facts['status']}")
            problems.append(f"{entry}：{words(error.key, **facts)}")
    if problems:
        raise ConfigError(problems)
    return found


def _staff(unit: Unit, name: str) -> Staff:
    found = unit.staff.named(name)
    if found is None or found.disabled_at is not None:
        raise ConfigError(
            [f"没有叫“{name}”的账号：--by 要写管理页面的账号，wenha console users 看"]
        )
    return found.staff


def _named(unit: Unit, ids: Sequence[str]) -> Sequence[Standing]:
    found = {one: unit.faq.standing(one) for one in dict.fromkeys(ids)}
    if missing := [f"没有 {one} 这一条" for one, standing in found.items() if standing is None]:
        raise ConfigError(missing)
    return [one for one in found.values() if one is not None]


def _checked(unit: Unit) -> Sequence[Standing]:
    return [one for one in unit.faq.standings() if one.text.status is EntryStatus.REVIEWED]


def _replay(unit: Unit, entries: Sequence[FaqEntry], now: datetime) -> Replay:
    past = [one.text for one in unit.misses.asked(EVERYTHING)]
    return replayed(served(unit, now), entries, past)


def served(unit: Unit, now: datetime) -> Index:
    """Return the index of what the database serves today."""
    day = now.astimezone(BEIJING).date()
    return index_of([one for one in unit.faq.served() if one.served_on(day)])


def _tell(replay: Replay, words: Wording, out: TextIO) -> None:
    print(f"问过的{replay.asked}个问题重新问一遍：", file=out)
    for effect in Effect:
        print(f"  {words(f'effect.{effect}')} {replay.count(effect)}", file=out)
    for one in replay.changed[:SHOWN]:
        then = f"{words(f'effect.{one.effect}')} {one.after}".strip()
        print(f"    {clip(one.text, TEXT)}：{one.before or '没有直接答'} → {then}", file=out)
    old, new = replay.before, replay.after
    print(
        f"回归题：答的里对的 {_share(old.precision)} → {_share(new.precision)}，"
        f"直接答的 {_share(old.answered)} → {_share(new.answered)}",
        file=out,
    )
    for one in replay.wrong:
        print(f"  会答错：{one.text}：{one.before or '没有答'} → {one.after}", file=out)


def _share(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def _record(group: Group) -> dict[str, object]:
    return {
        "people": group.people,
        "entry": group.entry,
        "villages": group.villages,
        "tickets": [one.ticket for one in group.questions],
        "texts": [one.text for one in group.questions],
    }


def _of_group(group: Group) -> str:
    first, tickets = group.questions[0], "、".join(str(one.ticket) for one in group.questions)
    return (
        f"{group.people}人 {len(group.villages)}村  {clip(first.text, TEXT)}  （{tickets}号工单）"
    )
