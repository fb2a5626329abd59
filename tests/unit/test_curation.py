"""Who may do what with an entry, pair by pair, and what holds whatever they do."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.errors import Refused
from base.staff import Staff, StaffRole
from knowledge import curation, revisions
from knowledge.curation import TABLE, Wish
from knowledge.model import EntryStatus, FaqEntry
from knowledge.revisions import Deed, Revision, Standing
from tests.builders import a_faq_entry

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
D, S, R = Deed, EntryStatus, StaffRole
WRITE, CHECK = {R.CURATOR, R.REVIEWER, R.OPERATOR}, {R.REVIEWER, R.OPERATOR}
ALLOWED: Mapping[tuple[EntryStatus | None, Deed], tuple[set[StaffRole], EntryStatus]] = {
    (None, D.DRAFTED): (WRITE, S.DRAFT),
    (S.DRAFT, D.SAVED): (WRITE, S.DRAFT),
    (S.DRAFT, D.RESTORED): (WRITE, S.DRAFT),
    (S.DRAFT, D.DROPPED): (WRITE, S.PUBLISHED),
    (S.DRAFT, D.REVIEWED): (CHECK, S.REVIEWED),
    (S.DRAFT, D.SENT_BACK): (CHECK, S.DRAFT),
    (S.DRAFT, D.RETIRED): (CHECK, S.RETIRED),
    (S.DRAFT, D.RECHECK): (CHECK, S.DRAFT),
    (S.DRAFT, D.SUSPENDED): (CHECK, S.DRAFT),
    (S.REVIEWED, D.SAVED): (WRITE, S.DRAFT),
    (S.REVIEWED, D.RESTORED): (WRITE, S.DRAFT),
    (S.REVIEWED, D.DROPPED): (WRITE, S.PUBLISHED),
    (S.REVIEWED, D.SENT_BACK): (CHECK, S.DRAFT),
    (S.REVIEWED, D.PUBLISHED): (CHECK, S.PUBLISHED),
    (S.REVIEWED, D.RETIRED): (CHECK, S.RETIRED),
    (S.REVIEWED, D.RECHECK): (CHECK, S.DRAFT),
    (S.REVIEWED, D.SUSPENDED): (CHECK, S.DRAFT),
    (S.PUBLISHED, D.SAVED): (WRITE, S.DRAFT),
    (S.PUBLISHED, D.RESTORED): (WRITE, S.DRAFT),
    (S.PUBLISHED, D.RETIRED): (CHECK, S.RETIRED),
    (S.PUBLISHED, D.RECHECK): (CHECK, S.DRAFT),
    (S.PUBLISHED, D.SUSPENDED): (CHECK, S.DRAFT),
    (S.RETIRED, D.SAVED): (WRITE, S.DRAFT),
    (S.RETIRED, D.RESTORED): (WRITE, S.DRAFT),
}
"""What DESIGN allows; whatever is not here is refused."""


def staff(role: StaffRole, name: str = "赵敏") -> Staff:
    return Staff(id=1, name=name, roles=frozenset({role}))


def standing(status: EntryStatus, *, served: bool = True, writers: Sequence[str] = ()) -> Standing:
    text = replace(a_faq_entry("L001"), status=status)
    shown = replace(text, status=S.PUBLISHED, answer="旧的。") if served else None
    if status is S.PUBLISHED:
        shown = text
    return Standing(text=text, served=shown, writers=frozenset(writers), number=7)


def wish(deed: Deed, role: StaffRole, **more: object) -> Wish:
    text = replace(a_faq_entry("L001"), answer="新的。", status=S.DRAFT)
    return Wish(**{"deed": deed, "by": staff(role), "text": text, "why": "有缘由", **more})  # type: ignore[arg-type] # a test names what it changes


@pytest.mark.parametrize("deed", [deed for deed in Deed if deed is not D.IMPORTED])
@pytest.mark.parametrize("status", [None, *EntryStatus])
@pytest.mark.parametrize("role", list(StaffRole))
def test_every_pair_is_allowed_or_refused(
    status: EntryStatus | None, deed: Deed, role: StaffRole
) -> None:
    known = standing(status) if status else None
    allowed, target = ALLOWED.get((status, deed), (set(), S.DRAFT))
    if role not in allowed:
        with pytest.raises(Refused):
            curation.decide(known, wish(deed, role))
        return
    written = curation.decide(known, wish(deed, role))
    assert (written.text.status, written.deed, written.by) == (target, deed, "赵敏")


def test_the_table_holds_nothing_else() -> None:
    rows = {(source, row.deed) for row in TABLE for source in row.sources}
    assert rows == ALLOWED.keys()


def test_nobody_checks_what_they_had_a_hand_in() -> None:
    known = standing(S.DRAFT, writers=["王芳", "赵敏"])
    with pytest.raises(Refused, match=r"curation\.own_change"):
        curation.decide(known, wish(D.REVIEWED, R.REVIEWER))
    other = wish(D.REVIEWED, R.REVIEWER, by=staff(R.REVIEWER, "钱进"))
    assert curation.decide(known, other).text.status is S.REVIEWED
    assert D.REVIEWED not in curation.possible(known, staff(R.OPERATOR))


@pytest.mark.parametrize("deed", [D.SENT_BACK, D.RETIRED, D.RECHECK, D.SUSPENDED])
def test_what_takes_something_away_says_why(deed: Deed) -> None:
    with pytest.raises(Refused, match="why_missing"):
        curation.decide(standing(S.DRAFT), wish(deed, R.REVIEWER, why=" \n"))


@pytest.mark.parametrize(("deed", "status"), [(D.REVIEWED, S.DRAFT), (D.PUBLISHED, S.REVIEWED)])
def test_what_lacks_something_is_not_served(deed: Deed, status: EntryStatus) -> None:
    with pytest.raises(Refused, match="incomplete") as told:
        curation.decide(standing(status), wish(deed, R.REVIEWER, problems=["依据：没有写"]))
    assert "依据" in told.value.facts["problems"]


def test_a_fall_of_precision_wants_force_and_is_written_down() -> None:
    known, falls = standing(S.REVIEWED), "98.2% → 97.9%"
    with pytest.raises(Refused, match="falls"):
        curation.decide(known, wish(D.PUBLISHED, R.REVIEWER, falls=falls))
    forced = wish(D.PUBLISHED, R.REVIEWER, falls=falls, force=True, why="急用")
    assert curation.decide(known, forced).why == "急用；强行发布：98.2% → 97.9%"
    assert "强行" not in curation.decide(known, wish(D.PUBLISHED, R.REVIEWER, force=True)).why


def test_who_saw_an_older_text_changes_nothing() -> None:
    with pytest.raises(Refused, match="changed_meanwhile"):
        curation.decide(standing(S.DRAFT), wish(D.SAVED, R.CURATOR, seen=6))
    saved = curation.decide(standing(S.DRAFT), wish(D.SAVED, R.CURATOR, seen=7))
    assert saved.text.answer == "新的。"


def test_the_same_text_again_is_no_revision() -> None:
    known = standing(S.PUBLISHED)
    with pytest.raises(Refused, match="nothing_changed"):
        curation.decide(known, wish(D.SAVED, R.CURATOR, text=replace(known.text, status=S.DRAFT)))


def test_a_draft_that_never_was_served_cannot_be_dropped_only_retired() -> None:
    known = standing(S.DRAFT, served=False)
    with pytest.raises(Refused, match="not_now"):
        curation.decide(known, wish(D.DROPPED, R.CURATOR))
    assert curation.possible(known, staff(R.REVIEWER)) >= {D.RETIRED, D.REVIEWED, D.SAVED}
    assert D.DROPPED not in curation.possible(known, staff(R.CURATOR))


def test_a_changed_law_is_not_dropped_with_the_draft() -> None:
    marked = Revision(
        number=8, entry=replace(a_faq_entry("L001"), status=S.DRAFT), deed=D.RECHECK, at=NOW,
        by="赵敏", why="改了",
    )  # fmt: skip
    known = revisions.after(standing(S.PUBLISHED), marked)
    saved = replace(marked, number=9, deed=D.SAVED, by="王芳")
    for now in (known, revisions.after(known, saved)):
        assert now.recheck
        assert D.DROPPED not in curation.possible(now, staff(R.CURATOR))
        with pytest.raises(Refused, match="recheck_first"):
            curation.decide(now, wish(D.DROPPED, R.CURATOR))
    published = replace(marked, entry=a_faq_entry("L001"), deed=D.PUBLISHED)
    assert not revisions.after(known, published).recheck


def test_what_is_served_stays_while_a_new_text_is_written() -> None:
    known = standing(S.PUBLISHED)
    saved = curation.decide(known, wish(D.SAVED, R.CURATOR))
    assert saved.served == known.text
    assert curation.decide(known, wish(D.RECHECK, R.REVIEWER)).served == known.text
    assert curation.decide(known, wish(D.SUSPENDED, R.REVIEWER)).served is None
    assert curation.decide(known, wish(D.RETIRED, R.REVIEWER)).served is None


STEPS = st.lists(
    st.tuples(
        st.sampled_from([deed for deed in Deed if deed is not D.IMPORTED]),
        st.sampled_from(["王芳", "赵敏", "钱进", "运维"]),
        st.sampled_from(["甲。", "乙。", "丙。"]),
    ),
    max_size=40,
)
ROLES = {"王芳": R.CURATOR, "赵敏": R.REVIEWER, "钱进": R.REVIEWER, "运维": R.OPERATOR}


def lived(steps: Sequence[tuple[Deed, str, str]]) -> list[Revision]:
    """The revisions that follow where everybody tries everything; refusals leave no trace."""
    history: list[Revision] = []
    for at, (deed, name, answer) in enumerate(steps):
        text = replace(a_faq_entry("L001"), answer=answer, status=S.DRAFT)
        asked = Wish(deed=deed, by=staff(ROLES[name], name), text=text, why="有缘由")
        known = revisions.fold(history)
        try:
            written = curation.decide(known, asked)
        except Refused:
            continue
        history.append(
            Revision(
                number=len(history) + 1,
                entry=written.text,
                deed=written.deed,
                at=NOW + timedelta(minutes=at),
                by=written.by,
                why=written.why,
            )
        )
        after = revisions.fold(history)
        assert after is not None
        assert (after.text, after.served) == (written.text, written.served)
    return history


def published(history: Sequence[Revision]) -> list[tuple[int, FaqEntry]]:
    return [(at, one.entry) for at, one in enumerate(history) if one.deed is D.PUBLISHED]


@given(STEPS)
def test_nothing_is_served_that_another_person_has_not_checked(
    steps: Sequence[tuple[Deed, str, str]],
) -> None:
    history = lived(steps)
    for at, entry in published(history):
        checked = max(n for n, one in enumerate(history[:at]) if one.deed is D.REVIEWED)
        between = [one.deed for one in history[checked + 1 : at]]
        assert not set(between) & revisions.WRITES
        written = next(
            one
            for one in reversed(history[:checked])
            if one.deed in (D.DRAFTED, D.SAVED, D.RESTORED)
        )
        assert written.by != history[checked].by
        assert written.entry.answer == entry.answer


@given(STEPS)
def test_what_is_served_is_the_last_published_text_unless_taken_off(
    steps: Sequence[tuple[Deed, str, str]],
) -> None:
    history = lived(steps)
    served = None
    for one in history:
        if one.deed in (D.PUBLISHED, D.DROPPED):
            served = one.entry
        if one.deed in (D.RETIRED, D.SUSPENDED):
            served = None
    found = revisions.fold(history)
    assert (found.served if found else None) == served


def test_ids_of_our_own_never_meet_shipped_ones() -> None:
    assert curation.next_id([]) == "C001"
    assert curation.next_id(["L252", "C009", "C010"]) == "C011"
    assert curation.next_id(["C999"]) == "C1000"


def test_a_law_is_found_however_it_is_written() -> None:
    known = standing(S.PUBLISHED)
    (source,) = known.text.sources[:1]
    for name in (source.law, f"《{source.law}》", f"中华人民共和国{source.law}"):
        assert curation.affected([known], name, f"第{source.article}条") == [known]
        assert curation.affected([known], name, "") == [known]
    assert curation.affected([known], source.law, "9999") == []
    assert curation.affected([replace(known, text=replace(known.text, status=S.RETIRED))],
                             source.law, "") == []  # fmt: skip
