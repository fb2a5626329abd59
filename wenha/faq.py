"""What would the FAQ say to questions, and why? For curators; one question a line."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from knowledge.index import Index, build_index
from knowledge.matching import match
from knowledge.model import FaqEntry, Match, Mode, Outcome, Verdict
from knowledge.reasons import explain
from storage.bare_faq import read_bare_faq
from storage.shipped_lexicon import load_lexicon

SAID = {
    Outcome.ANSWER: "答",
    Outcome.OFFER: "请选",
    Outcome.SILENT: "不答",
}


def run(
    questions: Iterable[str],
    index: Index,
    *,
    mode: Mode,
    as_json: bool,
    explained: bool,
    out: TextIO,
) -> int:
    """Print one line for each question, in their order, blank ones as well; return 0."""
    for question in questions:
        text = question.rstrip("\r\n")
        verdict = match(index, text, mode)
        if as_json:
            print(json.dumps(record(text, verdict), ensure_ascii=False), file=out)
        else:
            print(_line(verdict), file=out)
            for reason in _reasons(index, verdict, text) if explained else ():
                print(f"    {reason}", file=out)
    return 0


def index_of(entries: Sequence[FaqEntry]) -> Index:
    """Return the index of entries; asked again for the same ones, the same index."""
    return _index_of(tuple(entries))


@lru_cache(maxsize=2)
def _index_of(entries: tuple[FaqEntry, ...]) -> Index:
    return build_index(entries, load_lexicon())


def index_of_file(path: Path) -> Index:
    """Return the index of the entries in a file, and of nothing else.

    Raises:
        ConfigError: The file can't be read, or some of its entries; lists every problem.
    """
    return build_index(read_bare_faq(path), load_lexicon())


def record(text: str, verdict: Verdict) -> dict[str, object]:
    """Return the verdict as the contract has it: `entry` is null unless answered."""
    best = verdict.candidates[0] if verdict.candidates else None
    answered = best if verdict.outcome is Outcome.ANSWER else None
    return {
        "text": text,
        "outcome": verdict.outcome,
        "entry": answered.entry.id if answered else None,
        "probability": round(best.probability, 4) if best else 0.0,
        "candidates": [_candidate(found) for found in verdict.candidates],
    }


def _candidate(found: Match) -> dict[str, object]:
    return {
        "entry": found.entry.id,
        "probability": round(found.probability, 4),
        "variant": found.variant,
    }


def _line(verdict: Verdict) -> str:
    shown = (
        f"{found.entry.id} {found.probability:.0%} {found.entry.question}"
        for found in verdict.matches
    )
    return "  ".join((SAID[verdict.outcome], *shown))


def _reasons(index: Index, verdict: Verdict, text: str) -> Iterator[str]:
    """Every candidate with its likeliest wording and reasons."""
    for found, why in zip(verdict.candidates, explain(index, text), strict=True):
        yield f"{found.entry.id} {found.probability:.0%} 最像的问法：{found.variant}"
        for reason in why.told:
            yield f"    {reason}"
