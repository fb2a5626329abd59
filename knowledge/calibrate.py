"""How likely is it that an entry answers a question, and what may be said then?"""

import math
import re
from dataclasses import dataclass

import numpy as np

from knowledge.likeness import FEATURES
from knowledge.model import Mode, Outcome
from knowledge.normalize import CONSIDERED
from knowledge.postings import Floats

# Fitted with tools/fit_matching.py on labelled development questions (see docs/promises.md for
# what was measured): a conditional logistic regression ranks the topics, a second logistic
# regression says how far the best of them can be trusted.
RANK = {
    "spelt": -13.74, "heard": 3.9, "meant": -1.24, "three": -3.33, "spelt_reverse": 4.02,
    "meant_reverse": 1.96, "title_spelt": -1.31, "title_meant": 0.21, "spelt_cover": 13.01,
    "heard_cover": -1.61, "meant_cover": 4.75, "spelt_rare": -19.39, "meant_rare": -6.87,
    "spelt_usual": 2.97, "meant_usual": -1.33, "spelt_special": 3.73, "meant_special": 3.64,
    "spelt_likely": 2.82, "meant_likely": 0.56, "missing": -0.85, "ratio": 11.51,
    "title_ratio": 6.65, "latent": 4.79,
}  # fmt: skip
TRUST_BASE = -6.63
TRUST = {
    "share": 0.23, "lead": 0.31, "stranger_lead": 0.21, "meant_cover": 1.24, "ratio": 2.38,
    "special": -1.52, "votes": 0.93, "uncovered": -0.1, "size": 1.23, "asks": 2.34,
}  # fmt: skip

# What the best entry is compared by, one vote each.
VOTERS = (
    "spelt", "meant", "three", "spelt_likely", "meant_likely", "spelt_rare", "meant_rare",
    "ratio", "spelt_special", "meant_special", "spelt_cover", "meant_cover",
    "spelt_usual", "meant_usual", "title_spelt", "title_ratio", "latent",
)  # fmt: skip
LEAD_LIMIT, STRANGER_LIMIT, UNCOVERED_LIMIT = 4.0, 6.0, 5.0

SAME = 0.99  # whoever wrote the wording knew what it means
ANSWER_FROM = 0.92
LISTENING_FROM = 0.95  # nobody asked us: surer still
OFFER_FROM = 0.2  # an offer claims nothing
BESIDE = 0.4  # the ranking is surer of itself than it is right
LISTED_FROM = 0.02  # beside the best one

_WEIGHTS = np.array([RANK[name] for name in FEATURES])
_VOTERS = [FEATURES.index(name) for name in VOTERS]
_ASKS = re.compile(
    r"[?？]|怎|什么|啥|吗|嘛|呢|谁|哪|多少|多久|好多|好久|几天|如何|咋|啷|能不能|能否|可否|可不可以"
    r"|要不要|是不是|是否|会不会|有没有|有没得|算不算|该不该|得行|(?P<verb>\w)不(?P=verb)|[不没](?!\w)"
)
_PASSED_ON = re.compile(r"[\[【(（]链接|https?:|接龙|转发|收藏|@所有人|【")


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What speaks for the best entry, and what against it."""

    share: float  # of the entry among all likely topics, 0..1
    lead: float  # of its score over the next entry
    stranger_lead: float  # over the nearest question without an answer; may be negative
    meant_cover: float  # share of what is meant that the entry knows, 0..1
    ratio: float  # rapidfuzz ratio of the wording most alike, 0..1
    special: float  # logarithm of 1 + weight of what few other topics have
    votes: float  # share of the comparisons that the entry wins, 0..1
    uncovered: float  # how legal a word is that the entry never says
    size: float  # log(1 + different characters of the question)
    same: bool  # the question is a wording of the entry, letter by letter
    strange: bool  # it is a wording of a question that no entry answers
    asks: bool
    excluded: bool  # the entry is about another grade, or the other side of a contrast


def scores(features: Floats) -> Floats:
    """Return how well each topic fits: a logit, higher is better."""
    return np.asarray(features @ _WEIGHTS)


def shares(fits: Floats) -> Floats:
    """Return how likely each topic is if one of them is right; together 1."""
    worth = np.exp(fits - fits.max())
    return np.asarray(worth / worth.sum())


def votes(features: Floats, row: int) -> float:
    """Return the share of comparisons in which no topic beats that of `row`."""
    compared = features[:, _VOTERS]
    return float((compared[row] >= compared.max(0) - 1e-9).mean())


def terms_of(evidence: Evidence) -> dict[str, float]:
    """Return the numbers of the trust regression by name."""
    return {
        "share": math.log(evidence.share + 1e-6),
        "lead": min(LEAD_LIMIT, evidence.lead),
        "stranger_lead": max(-LEAD_LIMIT, min(STRANGER_LIMIT, evidence.stranger_lead)),
        "meant_cover": evidence.meant_cover,
        "ratio": evidence.ratio,
        "special": evidence.special,
        "votes": evidence.votes,
        "uncovered": min(UNCOVERED_LIMIT, evidence.uncovered),
        "size": evidence.size,
        "asks": float(evidence.asks),
    }


def probability(evidence: Evidence) -> float:
    """Return how likely the best entry answers the question, 0..1."""
    if evidence.same or evidence.strange:
        return SAME if evidence.same else 1 - SAME
    numbers = terms_of(evidence)
    logit = TRUST_BASE + sum(weight * numbers[name] for name, weight in TRUST.items())
    return 1 / (1 + math.exp(-logit))


def beside(lead: float) -> float:
    """Return how likely an entry is, as a share of the best one's, `lead` (≤ 0) behind it."""
    return math.exp(BESIDE * lead)


def asks(text: str) -> bool:
    """Whether the text asks something; a passed-on link, notice or list does not."""
    start = text[:CONSIDERED]
    return bool(_ASKS.search(start)) and not _PASSED_ON.search(start)


def outcome(best: Evidence, mode: Mode) -> Outcome:
    """Return what may be said on the strength of the best entry."""
    likely = probability(best)
    sure = LISTENING_FROM if mode is Mode.LISTENING else ANSWER_FROM
    asking = best.asks or (best.same and mode is Mode.ADDRESSED)
    if likely >= sure and asking and not best.excluded:
        return Outcome.ANSWER
    if likely >= OFFER_FROM and mode is Mode.ADDRESSED:
        return Outcome.OFFER
    return Outcome.SILENT


def plausible(likely: float) -> bool:
    """Whether a candidate is worth a button beside the best one."""
    return likely >= LISTED_FROM
