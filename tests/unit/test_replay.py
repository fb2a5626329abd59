"""What would a change do to past questions, and to the labelled ones?"""

from dataclasses import replace

from knowledge.evaluation import Labelled
from knowledge.index import Index, build_index, updated
from knowledge.model import EntryStatus, FaqEntry
from knowledge.replay import Effect, Replay, replay
from storage.shipped_faq import load_entries
from storage.shipped_lexicon import load_lexicon
from wenha.regression import regression, with_served

INDEX = build_index(load_entries(), load_lexicon())
WAGES = "老板欠我三个月工资一直拖着"
STRANGE = "喂猪的王二把料钱吞了啷个整"


def entry(id_: str) -> FaqEntry:
    return next(one for one in load_entries() if one.id == id_)


def asked(after: Index, *questions: str) -> Replay:
    return replay(INDEX, after, questions, ())


def test_a_new_wording_answers_what_was_not_answered() -> None:
    more = replace(entry("L137"), variants=(*entry("L137").variants, STRANGE))
    found = asked(with_served(INDEX, [more]), STRANGE, STRANGE, WAGES)
    assert found.asked == 2
    assert [(one.text, one.after) for one in found.changed] == [(STRANGE, "L137")]
    assert found.count(Effect.ANSWERED) == 1


def test_a_wording_that_belongs_elsewhere_takes_the_question_away() -> None:
    greedy = replace(entry("L044"), variants=(*entry("L044").variants, WAGES))
    without = replace(entry("L040"), variants=entry("L040").variants[5:])
    after = with_served(INDEX, [greedy, without])
    (changed,) = asked(after, WAGES).changed
    assert (changed.effect, changed.before, changed.after) == (Effect.OTHER, "L040", "L044")


def test_an_entry_that_goes_leaves_silence_or_doubt() -> None:
    gone = updated(INDEX, entry("L040"), gone=True)
    (changed,) = asked(gone, WAGES).changed
    assert changed.before == "L040"
    assert changed.effect in (Effect.SILENT, Effect.DOUBTED)
    back = replay(gone, INDEX, [WAGES], ())
    assert back.count(Effect.ANSWERED) == 1


def test_precision_falls_where_an_entry_answers_what_is_anothers() -> None:
    labelled = [Labelled(text=WAGES, right=frozenset({"L040"})), *regression()[:20]]
    greedy = replace(entry("L044"), variants=(*entry("L044").variants, WAGES))
    without = replace(entry("L040"), variants=entry("L040").variants[5:])
    after = with_served(INDEX, [greedy, without])
    found = replay(INDEX, after, [], labelled)
    assert "→" in found.fall
    assert [(one.text, one.before, one.after) for one in found.wrong] == [(WAGES, "L040", "L044")]
    assert replay(after, INDEX, [], labelled).fall == ""
    assert replay(INDEX, INDEX, [], labelled).fall == ""


def test_a_retired_entry_is_no_right_answer_any_more() -> None:
    labelled = [Labelled(text=WAGES, right=frozenset({"L040"}))]
    gone = updated(INDEX, entry("L040"), gone=True)
    found = replay(INDEX, gone, [], labelled)
    assert (found.before.asked, found.after.asked, found.after.others) == (1, 0, 1)
    assert found.fall == ""


def test_the_regression_set_names_entries_that_are_shipped_and_is_no_wording_of_them() -> None:
    lines = regression()
    known = {one.id for one in load_entries() if one.status is EntryStatus.PUBLISHED}
    named = {id_ for line in lines for id_ in line.right}
    assert named == known
    assert sum(not line.right for line in lines) >= 100
    assert len({line.text for line in lines}) == len(lines)
    wordings = {text for one in load_entries() for text in (one.question, *one.variants)}
    assert not wordings & {line.text for line in lines}
