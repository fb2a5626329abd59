"""How likely is it that an entry answers a question, and what may be said then?"""

import math
import re
from dataclasses import dataclass

from knowledge.model import Outcome
from knowledge.normalize import CONSIDERED

# Logistic regression over the three best entries of each of 1338 labelled development questions
# (61 that one of the 12 shipped entries answers, 1277 that none does), fitted 2026-11-25.
# The likelihood holds for such a mix; the rebuild over all entries must fit it again.
BASE, PER_SCORE, PER_MARGIN, IF_ASKING = -7.6, 11.6, 6.9, 2.0

# Chosen for precision: on those questions every answer was right (5 of 5; so few that half might
# still be wrong), while plain rapidfuzz (ratio) is wrong in 1 of its 5 surest answers and in 3 of
# its 9. Without the last two lines 9 of 10 were right, and made-up near misses ("老板拖欠租金",
# "怎么申请低保") were answered wrongly.
ANSWER_FROM = 0.60
ANSWER_MARGIN = 0.20  # two entries on one topic never answer for each other
ANSWER_COMMON = 3  # one word in common (低保, 离婚) is a topic, not yet a question
ANSWER_FAMILIAR = 0.75  # the rest may hold the word that turns the question into another
# An offer claims nothing. At this line 6 % of questions that no entry answers get one, and half
# of those that one answers are answered or find it among the three (rapidfuzz: a quarter).
OFFER_FROM = 0.08
LISTED_FROM = 0.03  # beside the best one

_ASKS = re.compile(
    r"[?？]|怎|什么|啥|吗|嘛|呢|谁|哪|多少|多久|好多|好久|几天|如何|咋|啷|能不能|能否|可否|可不可以"
    r"|要不要|是不是|是否|会不会|有没有|有没得|算不算|该不该|得行|(?P<verb>\w)不(?P=verb)|[不没](?!\w)"
)
_PASSED_ON = re.compile(r"链接|https?:|接龙|转发|收藏|@所有人|【")


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What speaks for an entry: its score, its lead over the next entry, and the question."""

    score: float
    margin: float  # negative for all but the best
    common: int  # telling characters of the question that the entry knows
    familiar: float  # 0..1, their share of all telling characters of the question
    text: str


def probability(evidence: Evidence) -> float:
    """Return how likely the entry answers the question, 0..1."""
    logit = (
        BASE
        + PER_SCORE * evidence.score
        + PER_MARGIN * evidence.margin
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
    clear = best.margin >= ANSWER_MARGIN
    known = best.common >= ANSWER_COMMON and best.familiar >= ANSWER_FAMILIAR
    if likely >= ANSWER_FROM and clear and known and asks(best.text):
        return Outcome.ANSWER
    return Outcome.OFFER if likely >= OFFER_FROM else Outcome.SILENT


def plausible(likely: float) -> bool:
    """Whether a candidate is worth a button beside the best one."""
    return likely >= LISTED_FROM
