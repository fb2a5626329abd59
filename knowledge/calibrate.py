"""How likely is it that an entry answers a question, and what may be said then?"""

import math
import re
from dataclasses import dataclass

from knowledge.likeness import Likeness
from knowledge.model import Outcome
from knowledge.normalize import CONSIDERED

# Two logistic regressions over the 1338 labelled development questions (159 that one of the 30
# shipped entries answers, 1179 that none does), fitted 2026-11-25 with tools/fit_matching.py:
# how well an entry fits, and how far the best one can be trusted.
FIT_BASE, PER_SPELLING, PER_COVERED, PER_SPECIAL = -8.39, 6.24, 4.11, 6.24
TRUST_BASE, PER_SCORE, PER_SPELLING_LEAD = -8.21, 0.50, 8.53
PER_FOREIGN, PER_LEGAL, PER_SIZE = -2.71, 1.37, 2.23
SIZE_LEAST = 1.95  # six different characters; a topic alone (离婚) may well be offered
LEGAL_LIMIT = 4.0  # two or three characters can't sound more like law than a whole question

# Measured with everything fitted on four fifths of the lines and tried on the last fifth (python
# tools/fit_matching.py QUESTIONS): 26 answers, 25 right (25 of 26 as well when whole
# entries are held out); of the 159 to be found 25 are answered and 128 are answered or stand
# among the three; of the 1179 others 1 gets a wrong answer and 151 an offer. Plain rapidfuzz that
# speaks as often: 15 of 26 answers right, 57 found, 10 and 219.
# They flatter: the questions of elsewhere.yaml and the choice of features and lines were made by
# somebody who had seen about 200 of these lines and these figures. The aim, 98 % right, is not
# shown: 25 of 26 is 96 %, and one wrong in five would not contradict it.
ANSWER_FROM = 0.85
ANSWER_LEAD = 0.5  # two entries on one topic never answer for each other
ANSWER_TELLING = 3  # one word in common (低保, 离婚) is a topic, not yet a question
OFFER_FROM = 0.12  # an offer claims nothing
LISTED_FROM = 0.03  # beside the best one

_ASKS = re.compile(
    r"[?？]|怎|什么|啥|吗|嘛|呢|谁|哪|多少|多久|好多|好久|几天|如何|咋|啷|能不能|能否|可否|可不可以"
    r"|要不要|是不是|是否|会不会|有没有|有没得|算不算|该不该|得行|(?P<verb>\w)不(?P=verb)|[不没](?!\w)"
)
_PASSED_ON = re.compile(r"[\[【(（]链接|https?:|接龙|转发|收藏|@所有人|【")


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What speaks for an entry, and what against it."""

    score: float  # of the entry
    lead: float  # over the next entry; negative for all but the best
    spelling_lead: float  # rapidfuzz ratio over that of the nearest question without an answer
    foreign: float  # log(1 + weight) of what such a question explains and the entry does not
    legal: float  # how much more the question sounds like law than like chat
    size: float  # log(1 + different characters)
    telling: int  # characters that the entry knows and that not just any question has
    text: str


def score(likeness: Likeness) -> float:
    """Return how well an entry fits; a logit, so it may be negative."""
    return (
        FIT_BASE
        + PER_SPELLING * likeness.spelling
        + PER_COVERED * likeness.covered
        + PER_SPECIAL * likeness.special
    )


def probability(evidence: Evidence) -> float:
    """Return how likely the entry answers the question, 0..1."""
    logit = (
        TRUST_BASE
        + PER_SCORE * evidence.score
        + PER_SPELLING_LEAD * evidence.spelling_lead
        + PER_FOREIGN * evidence.foreign
        + PER_LEGAL * min(evidence.legal, LEGAL_LIMIT)
        + PER_SIZE * max(evidence.size, SIZE_LEAST)
    )
    return 1 / (1 + math.exp(-logit))


def asks(text: str) -> bool:
    """Whether the text asks something; a passed-on link, notice or list does not."""
    start = text[:CONSIDERED]
    return bool(_ASKS.search(start)) and not _PASSED_ON.search(start)


def outcome(best: Evidence) -> Outcome:
    """Return what may be said on the strength of the best candidate."""
    likely = probability(best)
    if likely < OFFER_FROM:
        return Outcome.SILENT
    clear = best.lead >= ANSWER_LEAD and best.telling >= ANSWER_TELLING
    if likely >= ANSWER_FROM and clear and asks(best.text):
        return Outcome.ANSWER
    return Outcome.OFFER


def plausible(likely: float) -> bool:
    """Whether a candidate is worth a button beside the best one."""
    return likely >= LISTED_FROM
