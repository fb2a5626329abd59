"""How likely is it that an entry answers a question, and what may be said then?"""

import math
import re
from dataclasses import dataclass

from knowledge.model import Outcome
from knowledge.normalize import CONSIDERED

BASE, PER_SCORE, PER_MARGIN, PER_COVERED, IF_ASKING = -5.0, 5.0, 5.0, 1.0, 0.5
ANSWER_FROM = 0.5
ANSWER_MARGIN = 0.1
OFFER_FROM = 0.05
LISTED_FROM = 0.02

_ASKS = re.compile(
    r"[?？]|怎|什么|啥|吗|嘛|呢|谁|哪|多少|多久|好多|好久|几|如何|咋|啷|办"
    r"|能不能|能否|可否|可不可以|要不要|是不是|是否|会不会|有没有|有没得|算不算|该不该|得行|[不没]$"
)
_PASSED_ON = re.compile(r"链接|https?:|接龙|转发|收藏|@所有人|【")


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What speaks for an entry: its score, its lead over the next one, and the question."""

    score: float
    margin: float  # negative for all but the best
    covered: float
    text: str


def probability(evidence: Evidence) -> float:
    """Return how likely the entry answers the question, 0..1."""
    logit = (
        BASE
        + PER_SCORE * evidence.score
        + PER_MARGIN * evidence.margin
        + PER_COVERED * evidence.covered
        + IF_ASKING * asks(evidence.text)
    )
    return 1 / (1 + math.exp(-logit))


def asks(text: str) -> bool:
    """Whether the text asks something; a passed-on link, notice or list does not."""
    start = text[:CONSIDERED].strip()
    return bool(_ASKS.search(start)) and not _PASSED_ON.search(start)


def outcome(best: Evidence) -> Outcome:
    """Return what may be said on the strength of the best candidate."""
    likely = probability(best)
    if likely >= ANSWER_FROM and best.margin >= ANSWER_MARGIN and asks(best.text):
        return Outcome.ANSWER
    return Outcome.OFFER if likely >= OFFER_FROM else Outcome.SILENT


def plausible(likely: float) -> bool:
    """Whether a candidate is worth a button beside the best one."""
    return likely >= LISTED_FROM
