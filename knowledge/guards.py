"""What in a question speaks against the entry that looks most like it?

No similarity tells 九级 from 十级, 男方 from 女方 or 律师费 from 诉讼费: these do.
"""

import re
from itertools import pairwise

import numpy as np

from knowledge.background import PAIR
from knowledge.index import Index
from knowledge.language import CONCEPTS_FROM
from knowledge.normalize import Readings
from knowledge.postings import Places
from knowledge.terms import MEANT, Terms

SHORTEST = 2  # characters of a word that may speak against an entry

_NUMBER = "[一二三四五六七八九十两]|[1-9]0?"
_GRADE = re.compile(f"({_NUMBER})级")
_ARABIC = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "两")
_CHINESE = dict(zip(_ARABIC, "一二三四五六七八九十二", strict=True))


def contradicts(index: Index, question: Terms, uses: Places, topic: int) -> bool:
    """Whether the question and the topic are on different sides of a contrast.

    `uses` says in how many wordings of the topic each term of the question stands.
    """
    said = _concepts(question, uses)
    for group in index.language.contrasts:
        asked = group & said.keys()
        if asked and not any(said[one] for one in asked) and group & index.usual(topic):
            return True
    return False


def uncovered(index: Index, readings: Readings, question: Terms, uses: Places) -> float:
    """Return how legal the most legal word of the question is that the topic never says.

    The logarithm of how much more often legal questions hold the word than chat; 0 for none.
    """
    language = index.language
    known = dict(zip(question.codes.tolist(), uses.tolist(), strict=True))
    meant = language.concepts.find(readings.standard)
    worst = 0.0
    for word, start, end in language.words.find(readings.standard):
        leaning = language.leaning[word]
        if end - start < SHORTEST or leaning <= worst:
            continue
        spelt = _pairs(readings.standard[start:end])
        said = all(known.get(pair, 0) for pair in spelt) or any(
            known.get(MEANT + CONCEPTS_FROM + concept, 0)
            for concept, first, last in meant
            if first < end and start < last
        )
        if not said:
            worst = leaning
    return worst


def other_grade(index: Index, readings: Readings, topic: int) -> bool:
    """Whether the question names a grade and the topic only others."""
    asked = _grades(readings.standard)
    if not asked:
        return False
    own = np.flatnonzero(index.topic_of == topic).tolist()
    known = {grade for wording in own for grade in _grades(index.readings[wording].standard)}
    return bool(known) and not asked & known


def _concepts(question: Terms, uses: Places) -> dict[int, int]:
    """Return the concepts of the question, and in how many of the topic's wordings each stands."""
    first = MEANT + CONCEPTS_FROM
    concepts = slice(*np.searchsorted(question.codes, (first, MEANT + PAIR)))
    codes = (question.codes[concepts] - first).tolist()
    return dict(zip(codes, uses[concepts].tolist(), strict=True))


def _pairs(word: str) -> list[int]:
    return [ord(a) * PAIR + ord(b) for a, b in pairwise(word)]


def _grades(text: str) -> set[str]:
    return {_CHINESE.get(grade, grade) for grade in _GRADE.findall(text)}
