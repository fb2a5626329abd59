"""What would change if other entries were served? Past and labelled questions, asked twice."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from knowledge.evaluation import Figures, Judged, Labelled, figures
from knowledge.index import Index
from knowledge.matching import match
from knowledge.model import Mode, Outcome, Verdict

Ask = Callable[[str, Mode], Verdict]


class Effect(StrEnum):
    """How the outcome of a question would change."""

    ANSWERED = "answered"  # not answered before, answered then
    OTHER = "other"  # answered by another entry
    OFFERED = "offered"  # nothing was said before, then entries are offered
    DOUBTED = "doubted"  # answered before, then only offered
    SILENT = "silent"  # something was said before, then nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """A question whose outcome would change; entries by id, empty where none was the answer."""

    text: str
    effect: Effect
    before: str
    after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Replay:
    """What a change would do to past questions, and to the figures on the regression set."""

    asked: int  # past questions that were asked again
    changed: tuple[Changed, ...]
    before: Figures
    after: Figures
    wrong: tuple[Changed, ...] = ()  # labelled questions that would be answered wrongly then

    def count(self, effect: Effect) -> int:
        """Return how many past questions would change in this way."""
        return sum(one.effect is effect for one in self.changed)

    @property
    def fall(self) -> str:
        """How far the share of right answers on the regression set would fall; empty if not."""
        before, after = _precision(self.before), _precision(self.after)
        return f"{before:.1%} → {after:.1%}" if after < before else ""


def replay(
    before: Index,
    after: Index,
    questions: Iterable[str],
    labelled: Sequence[Labelled],
    known: Sequence[Judged] | None = None,
) -> Replay:
    """Ask every different question of the past, and every labelled one, before and after.

    `known`: what `judged` said of the labelled ones before, where somebody has it already.
    """
    asked = list(dict.fromkeys(questions))
    ask_before, ask_after = _asking(before), _asking(after)
    changed = (_change(text, ask_before, ask_after) for text in asked)
    old = judged(before, labelled) if known is None else known
    new = judged(after, labelled)
    return Replay(
        asked=len(asked),
        changed=tuple(one for one in changed if one is not None),
        before=figures(old),
        after=figures(new),
        wrong=tuple(_wrong(old, new)),
    )


def _wrong(before: Sequence[Judged], after: Sequence[Judged]) -> Iterator[Changed]:
    """The labelled questions that get a wrong answer, and did not get it before."""
    for old, new in zip(before, after, strict=True):
        if new.answered and not new.right_among(1):
            then, now = _shown(old.verdict), _shown(new.verdict)
            if not old.answered or then != now:
                effect = Effect.OTHER if old.answered else Effect.ANSWERED
                yield Changed(text=new.question.text, effect=effect, before=then, after=now)


def _asking(index: Index) -> Ask:
    return lambda text, mode: match(index, text, mode)


def _change(text: str, before: Ask, after: Ask) -> Changed | None:
    then, now = before(text, Mode.ADDRESSED), after(text, Mode.ADDRESSED)
    effect = _effect(then, now)
    if effect is None:
        return None
    return Changed(text=text, effect=effect, before=_shown(then), after=_shown(now))


def _effect(before: Verdict, after: Verdict) -> Effect | None:
    if after.outcome is Outcome.ANSWER:
        if before.outcome is not Outcome.ANSWER:
            return Effect.ANSWERED
        return None if _shown(before) == _shown(after) else Effect.OTHER
    return _LESS.get((before.outcome, after.outcome))


_LESS: Mapping[tuple[Outcome, Outcome], Effect] = {
    (Outcome.SILENT, Outcome.OFFER): Effect.OFFERED,
    (Outcome.ANSWER, Outcome.OFFER): Effect.DOUBTED,
    (Outcome.ANSWER, Outcome.SILENT): Effect.SILENT,
    (Outcome.OFFER, Outcome.SILENT): Effect.SILENT,
}


def _shown(verdict: Verdict) -> str:
    """The entry that was the answer; empty where none was."""
    return verdict.matches[0].entry.id if verdict.outcome is Outcome.ANSWER else ""


def judged(index: Index, labelled: Sequence[Labelled]) -> Sequence[Judged]:
    """Ask every labelled question; one whose entry is not served has no answer here."""
    ask = _asking(index)
    served = {topic.entry.id for topic in index.topics if topic.entry}
    here = (replace(one, right=one.right & served) for one in labelled)
    return [Judged(question=one, verdict=ask(one.text, one.mode)) for one in here]


def _precision(of: Figures) -> float:
    return 1.0 if of.precision is None else of.precision
