"""What would a plain library make of the same questions? Three baselines of matching."""

from collections.abc import Callable, Sequence

import bm25s
import jieba
import numpy as np
from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer

Ranked = Callable[[str], list[str]]  # question → ids of entries, best first

KEPT = 60  # wordings asked for; the first three different entries among them count


def plain_rapidfuzz(wordings: Sequence[str], ids: Sequence[str]) -> Ranked:
    """`process.extract` with WRatio over all wordings."""

    def ranked(question: str) -> list[str]:
        found = process.extract(question, wordings, scorer=fuzz.WRatio, limit=KEPT)
        return _different([ids[at] for _, _, at in found])

    return ranked


def bm25(wordings: Sequence[str], ids: Sequence[str]) -> Ranked:
    """BM25 over jieba's words (bm25s)."""
    jieba.setLogLevel("ERROR")
    retriever = bm25s.BM25()
    retriever.index([jieba.lcut(text) for text in wordings], show_progress=False)
    kept = min(KEPT, len(wordings))

    def ranked(question: str) -> list[str]:
        words = [jieba.lcut(question) or [""]]
        found, _ = retriever.retrieve(words, k=kept, show_progress=False)
        return _different([ids[at] for at in found[0]])

    return ranked


def bigram_tfidf(wordings: Sequence[str], ids: Sequence[str]) -> Ranked:
    """Cosine of character bigrams weighted by TF-IDF (scikit-learn)."""
    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(2, 2), sublinear_tf=True)
    matrix = vectoriser.fit_transform(wordings)

    def ranked(question: str) -> list[str]:
        likeness = (matrix @ vectoriser.transform([question]).T).toarray().ravel()
        best = np.argsort(-likeness, kind="stable")[:KEPT]
        return _different([ids[at] for at in best])

    return ranked


def _different(ids: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(ids))
