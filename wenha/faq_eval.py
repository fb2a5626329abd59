"""How right is the FAQ on labelled questions? Figures for curators, with the worst misses."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from base.errors import ConfigError
from knowledge.evaluation import Figures, Judged, Labelled, by_group, by_topic, figures, worst
from knowledge.index import Index
from knowledge.matching import match
from wenha.faq import record

WORST = 20

HEADINGS = (
    ("first", "第一就对"),
    ("among_three", "前三有对"),
    ("answered", "直接答的"),
    ("precision", "答的里对的"),
    ("offer_hits", "请选里有对"),
    ("others_answered", "无条目却答"),
    ("spoken_to", "该静却说"),
)


def run(files: Sequence[Path], index: Index, *, as_json: bool, out: TextIO) -> int:
    """Print the figures of all files together, by style and by topic, and the worst misses.

    Raises:
        ConfigError: A file can't be read, or some of its lines; lists every problem.
    """
    questions = read(files)
    judged = [Judged(question=one, verdict=match(index, one.text, one.mode)) for one in questions]
    topics = {topic.entry.id: topic.entry.category.value for topic in index.topics if topic.entry}
    parts = {
        "全部": {"": figures(judged)},
        "按说法": by_group(judged),
        "按类别": by_topic(judged, topics),
    }
    missed = worst(judged, WORST)
    if as_json:
        print(json.dumps(_record(parts, missed), ensure_ascii=False), file=out)
    else:
        for line in _told(parts, missed):
            print(line, file=out)
    return 0


def read(files: Sequence[Path]) -> list[Labelled]:
    """Return the labelled questions of JSON Lines files.

    A row has `text` and one of `id` (one entry), `match` (a list, empty: none of ours) or `kind`
    (nobody asks anything); a row with `near` alone belongs to none of ours as well.

    Raises:
        ConfigError: A file can't be read, or some of its lines; lists every problem.
    """
    problems: list[str] = []
    found: list[Labelled] = []
    for file in files:
        try:
            lines = file.read_text("utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError):
            problems.append(f"{file}：读不到这个文件，或者不是 UTF-8 编码")
            continue
        for at, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            question = _labelled(line, file.stem)
            if question is None:
                problems.append(
                    f"{file.name} 第{at}行：应当有 text，还要有 id、match、kind 里的一项"
                )
            else:
                found.append(question)
    if problems:
        raise ConfigError(problems)
    return found


def _labelled(line: str, group: str) -> Labelled | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        return None
    if not row.keys() & {"id", "match", "kind", "near"}:
        return None
    right = row.get("match", [row["id"]] if "id" in row else [])
    if not isinstance(right, list):
        return None
    return Labelled(
        text=row["text"],
        right=frozenset(map(str, right)),
        must_stay_silent="kind" in row,
        group=f"{group} {row.get('style') or row.get('kind') or ''}".strip(),
    )


def _record(
    parts: Mapping[str, Mapping[str, Figures]], missed: Sequence[Judged]
) -> dict[str, Any]:
    total, styles, topics = parts.values()
    return {
        "total": asdict(total[""]),
        "by_style": {name: asdict(one) for name, one in styles.items()},
        "by_topic": {name: asdict(one) for name, one in topics.items()},
        "worst": [
            record(one.question.text, one.verdict) | {"right": sorted(one.question.right)}
            for one in missed
        ],
    }


def _told(parts: Mapping[str, Mapping[str, Figures]], missed: Sequence[Judged]) -> Iterator[str]:
    for title, groups in parts.items():
        yield title
        for name, figure in groups.items():
            yield f"  {name} {_counts(figure)}".rstrip()
            yield "    " + "  ".join(
                f"{heading} {value:.1%}"
                for key, heading in HEADINGS
                if (value := getattr(figure, key)) is not None
            )
    yield "错得最厉害的" if missed else "没有答错的，也没有漏掉的"
    for one in missed:
        best = one.verdict.candidates[0] if one.verdict.candidates else None
        got = f"{best.entry.id} {best.probability:.0%}" if best else "什么也没找到"
        right = "、".join(sorted(one.question.right)) or "没有条目"
        yield f"  {one.verdict.outcome} {got}，应当是{right}：{one.question.text[:60]}"


def _counts(figure: Figures) -> str:
    return (
        f"有条目的{figure.asked}问，没有条目的{figure.others}问，不该说话的{figure.silent}句，"
        f"直接答了{figure.answers}次"
    )
