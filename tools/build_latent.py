"""Which words keep the same company? Writes knowledge/lexicon/latent.tsv from the entries.

    python tools/build_latent.py

Latent semantic analysis: the terms of meant readings that enough topics have, weighed by how few
have them; the directions are the right singular vectors of topics × terms. To be run after
many entries or concepts have changed, and before tools/fit_matching.py.
"""

import base64
from pathlib import Path

import numpy as np

from knowledge.index import Index, build_index
from knowledge.latent import LATENT, written
from knowledge.postings import Floats, Places
from knowledge.terms import MEANT
from storage.shipped_faq import load_entries
from storage.shipped_lexicon import load_lexicon

LEAST = 5  # topics that have a term; in fewer it keeps no company
LARGEST = 127  # of a signed byte
CLIPPED = 0.99  # share of the numbers that need not be clipped
FILE = Path(__file__).parent.parent / "knowledge" / "lexicon" / "latent.tsv"
HEAD = "# 每个词（{}里是概念）的方向，由 tools/build_latent.py 从问答算出，不用手改\n"


def counted(index: Index) -> tuple[Places, Floats]:
    """Return the terms worth a direction, and how much each topic (row) has of each (column)."""
    kept = np.flatnonzero((index.codes >= MEANT) & (index.spread >= LEAST))
    table = np.zeros((len(index.topics), len(kept)))
    for column, row in enumerate(kept):
        own = slice(index.starts[row], index.starts[row + 1])
        topics = index.topic_of[index.postings.texts[own]]
        np.add.at(table[:, column], topics, index.postings.weights[own])
    return index.codes[kept], table


def directions(table: Floats) -> Floats:
    """Return the direction of each term, weighed by how few topics have it."""
    rarity = np.log(len(table) / ((table > 0).sum(0) + 0.5))
    weighed = table * rarity
    weighed /= np.maximum(np.sqrt(np.square(weighed).sum(1, keepdims=True)), 1e-9)
    values, vectors = np.linalg.eigh(weighed @ weighed.T)
    strongest = np.argsort(-values)[:LATENT]
    right = vectors[:, strongest].T @ weighed / np.sqrt(values[strongest])[:, None]
    right *= np.sign(right.sum(1, keepdims=True))  # eigenvectors have no sign of their own
    return np.asarray((right * rarity).T)


def main() -> None:
    """Write the file."""
    index = build_index(load_entries(), load_lexicon())
    codes, table = counted(index)
    found = directions(table)
    scale = LARGEST / np.quantile(np.abs(found), CLIPPED)
    whole = np.clip(np.rint(found * scale), -LARGEST, LARGEST).astype(np.int8)
    lines = sorted(
        f"{written(int(code) - MEANT, index.language)}\t{base64.b64encode(row).decode()}\n"
        for code, row in zip(codes, whole, strict=True)
    )
    FILE.write_text(HEAD + "".join(lines), "utf-8")


if __name__ == "__main__":
    main()
