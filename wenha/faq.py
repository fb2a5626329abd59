"""What would the FAQ say to a question, and why? For curators, without a database."""

import json
from collections.abc import Iterator
from typing import TextIO

from knowledge.index import build_index
from knowledge.matching import match
from knowledge.model import Match, Outcome, Verdict
from storage.shipped_faq import load_dialect, load_entries

SAID = {
    Outcome.ANSWER: "有把握，直接答",
    Outcome.OFFER: "拿不准，请提问人选",
    Outcome.SILENT: "不答，请村里先看",
}


def run(text: str, *, as_json: bool, out: TextIO) -> int:
    """Print what the shipped entries make of a question; return the exit code."""
    verdict = match(build_index(load_entries(), load_dialect()), text)
    for line in _records(verdict) if as_json else _told(verdict):
        print(line, file=out)
    return 0


def _told(verdict: Verdict) -> Iterator[str]:
    """The outcome, and every entry that was considered with its reasons."""
    yield SAID[verdict.outcome]
    for found in verdict.matches:
        yield f"  {found.entry.id} {found.probability:.0%} {found.entry.question}"
        words = "、".join(found.reasons) or "没有"
        yield f"      最像的问法：{found.variant}；相同的字词：{words}"


def _records(verdict: Verdict) -> Iterator[str]:
    """One JSON object for each entry considered, best first; one without an entry for none."""
    for found in verdict.matches or (None,):
        yield json.dumps(_record(verdict.outcome, found), ensure_ascii=False)


def _record(outcome: Outcome, found: Match | None) -> dict[str, object]:
    if found is None:
        return {"outcome": outcome, "id": None}
    return {
        "outcome": outcome,
        "id": found.entry.id,
        "probability": round(found.probability, 4),
        "variant": found.variant,
        "reasons": list(found.reasons),
    }
