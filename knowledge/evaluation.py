"""How right is the matcher on labelled questions?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.model import OFFERS_LIMIT, Match, Mode, Outcome, Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Labelled:
    """A question and the entries that answer it; none for one that no entry answers."""

    text: str
    right: frozenset[str]
    must_stay_silent: bool = False  # nobody asked us anything
    group: str = ""  # style, kind or source: figures are told for each

    @property
    def mode(self) -> Mode:
        """How it is asked: what must stay silent was said to nobody."""
        return Mode.LISTENING if self.must_stay_silent else Mode.ADDRESSED


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A labelled question and what was said to it."""

    question: Labelled
    verdict: Verdict

    @property
    def answered(self) -> bool:
        """Whether an entry was shown as the answer."""
        return self.verdict.outcome is Outcome.ANSWER

    @property
    def offered(self) -> bool:
        """Whether entries were offered."""
        return self.verdict.outcome is Outcome.OFFER

    def right_among(self, places: int) -> bool:
        """Whether a right entry is among the first `places` candidates."""
        first = self.verdict.candidates[:places]
        return any(found.entry.id in self.question.right for found in first)


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """Shares, 0..1; None where there is nothing to count."""

    asked: int  # questions with an answer among the entries
    others: int  # questions without one
    silent: int  # texts that ask nothing
    first: float | None  # right entry first, of asked
    among_three: float | None  # right entry among the three best, of asked
    answered: float | None  # answered outright, of asked
    precision: float | None  # right, of all answers to any of the three
    answers: int  # how many answers that is
    offer_hits: float | None  # right entry offered, of offers to asked
    others_answered: float | None  # wrongly answered, of others
    spoken_to: float | None  # answered or offered, of silent


def figures(judged: Sequence[Judged]) -> Figures:
    """Return the figures of all questions together."""
    asked = [one for one in judged if one.question.right]
    silent = [one for one in judged if one.question.must_stay_silent]
    others = [
        one for one in judged if not one.question.right and not one.question.must_stay_silent
    ]
    answers = [one for one in judged if one.answered]
    return Figures(
        asked=len(asked),
        others=len(others),
        silent=len(silent),
        first=_share(one.right_among(1) for one in asked),
        among_three=_share(one.right_among(OFFERS_LIMIT) for one in asked),
        answered=_share(one.answered for one in asked),
        precision=_share(one.right_among(1) for one in answers),
        answers=len(answers),
        offer_hits=_share(
            any(found.entry.id in one.question.right for found in one.verdict.matches)
            for one in asked
            if one.offered
        ),
        others_answered=_share(one.answered for one in others),
        spoken_to=_share(one.answered or one.offered for one in silent),
    )


def by_group(judged: Iterable[Judged]) -> Mapping[str, Figures]:
    """Return the figures of each group, in the order of their names."""
    groups: defaultdict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[one.question.group].append(one)
    return {group: figures(groups[group]) for group in sorted(groups)}


def by_topic(judged: Iterable[Judged], topic_of: Mapping[str, str]) -> Mapping[str, Figures]:
    """Return the figures of each topic; `topic_of` names the topic of an entry."""
    topics: defaultdict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        for topic in {topic_of[entry] for entry in one.question.right if entry in topic_of}:
            topics[topic].append(one)
    return {topic: figures(topics[topic]) for topic in sorted(topics)}


def worst(judged: Iterable[Judged], limit: int) -> Sequence[Judged]:
    """Return the wrong answers, then the questions whose entry was missed, surest first."""
    wrong = [
        one
        for one in judged
        if (one.answered and not one.right_among(1))
        or (one.question.right and not one.right_among(OFFERS_LIMIT))
    ]
    wrong.sort(key=lambda one: (not one.answered, -_surest(one.verdict.candidates)))
    return wrong[:limit]


def _surest(candidates: Sequence[Match]) -> float:
    return candidates[0].probability if candidates else 0.0


def _share(hits: Iterable[bool]) -> float | None:
    counted = list(hits)
    return sum(counted) / len(counted) if counted else None
