"""How right and how quick is matching, beside three plain libraries on the same data?

    python -m bench.matching [QUESTIONS.jsonl …]

Without files every seventh wording of the shipped entries is taken out and asked. The speed of
ours is measured at three sizes, each in a process of its own.
"""

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from bench.rivals import Ranked, bigram_tfidf, bm25, plain_rapidfuzz
from knowledge.evaluation import Labelled
from knowledge.index import build_index, updated
from knowledge.matching import match
from knowledge.model import FaqEntry
from storage.shipped_faq import load_entries
from storage.shipped_lexicon import load_lexicon
from wenha.faq_eval import read

EVERY = 7
SIZES = (252, 10_000, 100_000)
ASKED = 400  # questions whose time is taken


def held_out(entries: Sequence[FaqEntry]) -> tuple[list[FaqEntry], list[Labelled]]:
    """Return the entries without every seventh variant, and those as questions."""
    kept = [
        replace(entry, variants=tuple(v for at, v in enumerate(entry.variants) if at % EVERY != 0))
        for entry in entries
    ]
    asked = [
        Labelled(text=variant, right=frozenset({entry.id}))
        for entry in entries
        for variant in entry.variants[::EVERY]
    ]
    return kept, asked


def quality(entries: Sequence[FaqEntry], asked: Sequence[Labelled]) -> None:
    """Print right first, right among three and time of each engine."""
    wordings = [text for entry in entries for text in (entry.question, *entry.variants)]
    ids = [entry.id for entry in entries for _ in (entry.question, *entry.variants)]
    index = build_index(entries, load_lexicon())

    def ours(question: str) -> list[str]:
        return [found.entry.id for found in match(index, question).candidates]

    engines: dict[str, Ranked] = {
        "ours": ours,
        "rapidfuzz WRatio": plain_rapidfuzz(wordings, ids),
        "BM25 over jieba": bm25(wordings, ids),
        "bigram TF-IDF": bigram_tfidf(wordings, ids),
    }
    print(f"{len(entries)} entries, {len(wordings)} wordings, {len(asked)} questions")
    for name, ranked in engines.items():
        print(f"  {name}: {_measured(ranked, asked)}")


def _measured(ranked: Ranked, asked: Sequence[Labelled]) -> str:
    first = three = 0
    took = []
    for one in asked:
        began = perf_counter()
        ids = ranked(one.text)
        took.append(perf_counter() - began)
        first += bool(one.right & set(ids[:1]))
        three += bool(one.right & set(ids[:3]))
    return (
        f"first {first / len(asked):.1%}, among three {three / len(asked):.1%}, "
        f"p50 {_ms(median(took))}, p99 {_ms(quantiles(took, n=100)[98])}"
    )


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"


def many(count: int) -> list[FaqEntry]:
    """Return so many entries of a question alone, each made of two shipped wordings."""
    entries = load_entries()
    texts = [text for entry in entries for text in (entry.question, *entry.variants)]
    made = []
    for at in range(count):
        first, last = texts[at * 7 % len(texts)], texts[at * 31 % len(texts)]
        question = f"{first[:12]}{last[-10:]}{at}"
        made.append(replace(entries[0], id=f"X{at:06}", question=question, variants=()))
    return made


def speed(count: int) -> None:
    """Print build, update, memory and time a question, at so many entries."""
    before = _memory()
    lexicon = load_lexicon()
    entries = load_entries() if count == SIZES[0] else many(count)
    began = perf_counter()
    index = build_index(entries, lexicon)
    built = perf_counter() - began
    memory = _memory() - before
    updates = _times(lambda _: updated(index, entries[count // 2]), range(5))
    questions = [text for entry in load_entries() for text in entry.variants][::9][:ASKED]
    took = _times(lambda text: match(index, str(text)), questions)
    print(
        f"{count} entries, {len(index.wordings)} wordings: built {built:.2f} s, one entry "
        f"updated {_ms(median(updates))}, +{memory} MB, "
        f"p50 {_ms(median(took))}, p99 {_ms(quantiles(took, n=100)[98])}"
    )


def _times(work: Callable[[object], object], items: Sequence[object]) -> list[float]:
    took = []
    for item in items:
        began = perf_counter()
        work(item)
        took.append(perf_counter() - began)
    return took


def _memory() -> int:
    """Return the resident megabytes now; the peak would be our parent's."""
    status = Path("/proc/self/status").read_text("utf-8")
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) // 1024


def main(files: Sequence[Path] = ()) -> None:
    """Print quality and speed."""
    entries = load_entries()
    if files:
        quality(entries, [one for one in read(files) if one.right])
    else:
        quality(*held_out(entries))
    for count in SIZES:
        subprocess.run([sys.executable, "-m", "bench.matching", f"--size={count}"], check=True)  # noqa: S603 — ourselves, with a number


if __name__ == "__main__":
    size = next((one for one in sys.argv[1:] if one.startswith("--size=")), None)
    if size:
        speed(int(size.removeprefix("--size=")))
    else:
        main([Path(one) for one in sys.argv[1:]])
