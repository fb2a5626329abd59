"""Who may do what with an FAQ entry, and what does it become? Start reading here.

What an entry is stands in revisions.py: the fold of what was done with it. Source: docs/adr/0012.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from base.errors import Refused
from base.staff import Staff, StaffRole
from knowledge.citations import article_name
from knowledge.model import EntryStatus, FaqEntry
from knowledge.revisions import Deed, Standing, Written, served_after

OWN = "C"  # first letter of the ids of entries written here; shipped ones begin with L


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: `deed`, by one of `roles`, leads from `sources` to `target`.

    The source None is an entry that is not there yet.
    """

    deed: Deed
    roles: frozenset[StaffRole]
    sources: frozenset[EntryStatus | None]
    target: EntryStatus


_WRITERS = frozenset({StaffRole.CURATOR, StaffRole.REVIEWER})
_CHECKERS = frozenset({StaffRole.REVIEWER})
_D, _S = Deed, EntryStatus
_ANY = frozenset(EntryStatus)
_LIVING = _ANY - {_S.RETIRED}
TABLE: tuple[Row, ...] = (
    Row(_D.DRAFTED, _WRITERS, frozenset({None}), _S.DRAFT),
    Row(_D.SAVED, _WRITERS, _ANY, _S.DRAFT),
    Row(_D.RESTORED, _WRITERS, _ANY, _S.DRAFT),
    Row(_D.DROPPED, _WRITERS, frozenset({_S.DRAFT, _S.REVIEWED}), _S.PUBLISHED),
    Row(_D.REVIEWED, _CHECKERS, frozenset({_S.DRAFT}), _S.REVIEWED),
    Row(_D.SENT_BACK, _CHECKERS, frozenset({_S.DRAFT, _S.REVIEWED}), _S.DRAFT),
    Row(_D.PUBLISHED, _CHECKERS, frozenset({_S.REVIEWED}), _S.PUBLISHED),
    Row(_D.RETIRED, _CHECKERS, _LIVING, _S.RETIRED),
    Row(_D.RECHECK, _CHECKERS, _LIVING, _S.DRAFT),
    Row(_D.SUSPENDED, _CHECKERS, _LIVING, _S.DRAFT),
)
"""What nobody does by hand, an import, is not in it."""
GIVES_REASON = frozenset({_D.SENT_BACK, _D.RETIRED, _D.RECHECK, _D.SUSPENDED})
del _D, _S


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What somebody wants to do with an entry.

    Attributes:
        seen: the newest revision they had before their eyes; None where that is no matter.
        text: what they wrote, for a deed that writes.
        problems: what the text lacks, for a deed after which it may be served.
        falls: how far the precision on the regression set would fall, "98.2% → 97.9%"; empty
            where it does not.
        force: they know, and want it nevertheless.
    """

    deed: Deed
    by: Staff
    seen: int | None = None
    text: FaqEntry | None = None
    why: str = ""
    problems: Sequence[str] = field(default=())
    falls: str = ""
    force: bool = False


def imported(known: Standing | None, entry: FaqEntry, by: str, why: str = "") -> Written:
    """Return what follows from an entry that is taken in as it is: the operator answers for it."""
    served = served_after(Deed.IMPORTED, entry, known)
    return Written(text=entry, served=served, deed=Deed.IMPORTED, by=by, why=why)


def collected(draft: FaqEntry, by: str, why: str) -> Written:
    """Return the draft that an answer of the hub becomes; whoever gave it needs no account."""
    return Written(text=draft, served=None, deed=Deed.DRAFTED, by=by, why=why)


def more_variants(known: Standing, texts: Iterable[str], by: str, why: str) -> Written:
    """Return a draft of an entry with more wordings.

    Raises:
        Refused: the entry is retired, or knows them all.
    """
    if known.text.status is EntryStatus.RETIRED:
        raise Refused("curation.retired", {"entry": known.text.id})
    text = replace(with_variants(known.text, texts), status=EntryStatus.DRAFT)
    if text.variants == known.text.variants:
        raise Refused("curation.known_wording", {"entry": known.text.id})
    return Written(text=text, served=known.served, deed=Deed.SAVED, by=by, why=why)


def given_up(known: Standing, by: str, why: str) -> Written:
    """Return the end of a draft that nobody needs: it became a wording of another entry."""
    text = replace(known.text, status=EntryStatus.RETIRED)
    return Written(text=text, served=None, deed=Deed.RETIRED, by=by, why=why)


def origin_changed(known: Standing, by: str, why: str) -> Written:
    """Return a draft that is to be looked at again: the answer it came from was not right.

    What is served meanwhile stays; two people have checked it.
    """
    deed = Deed.SENT_BACK if known.served is None else Deed.RECHECK
    text = replace(known.text, status=EntryStatus.DRAFT)
    return Written(text=text, served=known.served, deed=deed, by=by, why=why)


def decide(known: Standing | None, wish: Wish) -> Written:
    """Return what follows from a wish.

    Raises:
        Refused: the role, the state, the missing reason or the text does not allow it, somebody
            else was faster, or it would be checked by who wrote it.
    """
    row = _row(known, wish)
    if wish.seen is not None and known is not None and wish.seen != known.number:
        raise Refused("curation.changed_meanwhile")
    if wish.deed in GIVES_REASON and not wish.why.strip():
        raise Refused("curation.why_missing")
    if wish.deed is Deed.REVIEWED and known is not None and wish.by.name in known.writers:
        raise Refused("curation.own_change")
    if wish.deed in (Deed.REVIEWED, Deed.PUBLISHED) and wish.problems:
        raise Refused("curation.incomplete", {"problems": "；".join(wish.problems)})
    if wish.deed is Deed.PUBLISHED and wish.falls and not wish.force:
        raise Refused("curation.falls", {"falls": wish.falls})
    text = replace(_text(known, wish), status=row.target)
    served = served_after(wish.deed, text, known)
    return Written(text=text, served=served, deed=wish.deed, by=wish.by.name, why=_why(wish))


def _row(known: Standing | None, wish: Wish) -> Row:
    state = known.text.status if known else None
    rows = [row for row in TABLE if row.deed is wish.deed]
    if not any(wish.by.may(*row.roles) for row in rows):
        raise Refused("curation.not_yours")
    found = next((row for row in rows if state in row.sources), None)
    if found is None or (wish.deed is Deed.DROPPED and known and known.served is None):
        raise Refused("curation.not_now", {"status": str(state or "")})
    if wish.deed is Deed.DROPPED and known and known.recheck:
        raise Refused("curation.recheck_first")
    return found


def _text(known: Standing | None, wish: Wish) -> FaqEntry:
    if wish.deed is Deed.DROPPED and known is not None and known.served is not None:
        return known.served
    if wish.deed in (Deed.DRAFTED, Deed.SAVED, Deed.RESTORED):
        if wish.text is None:
            msg = f"{wish.deed} comes without a text"
            raise ValueError(msg)
        if known and replace(wish.text, status=known.text.status) == known.text:
            raise Refused("curation.nothing_changed")
        return wish.text
    if known is None:
        msg = f"{wish.deed} of an entry that is not there"
        raise ValueError(msg)
    return known.text


def _why(wish: Wish) -> str:
    forced = wish.deed is Deed.PUBLISHED and wish.falls
    return "；".join(filter(None, (wish.why.strip(), f"强行发布：{wish.falls}" if forced else "")))


def possible(known: Standing, by: Staff) -> frozenset[Deed]:
    """Return what somebody could do with an entry now, given a reason and a whole text."""
    return frozenset(
        row.deed
        for row in TABLE
        if by.may(*row.roles)
        and known.text.status in row.sources
        and not (row.deed is Deed.REVIEWED and by.name in known.writers)
        and not (row.deed is Deed.DROPPED and (known.served is None or known.recheck))
    )


def next_id(known: Collection[str]) -> str:
    """Return the id of an entry that is written here: C001, C002 and so on."""
    numbers = [int(one[1:]) for one in known if one.startswith(OWN)]
    return f"{OWN}{max(numbers, default=0) + 1:03}"


def affected(known: Iterable[Standing], law: str, article: str) -> Sequence[Standing]:
    """Return those that cite an article, or any of a law where `article` is empty.

    What is served counts, and what is written on it.
    """
    return [
        one
        for one in known
        if one.text.status is not EntryStatus.RETIRED
        and any(_cites(entry, law, article) for entry in (one.text, one.served) if entry)
    ]


def _cites(entry: FaqEntry, law: str, article: str) -> bool:
    return any(
        short_name(source.law) == short_name(law)
        and (not article or article_name(source.article) == article_name(article))
        for source in entry.sources
    )


def short_name(law: str) -> str:
    """Return the name of a law as citations of it may differ: 《》 and the state's name go."""
    return law.strip().strip("《》").removeprefix("中华人民共和国")


def with_variants(entry: FaqEntry, texts: Iterable[str]) -> FaqEntry:
    """Return the entry with more wordings; those it has stay once."""
    known = {entry.question: None} | dict.fromkeys(entry.variants)
    more = [text for text in dict.fromkeys(texts) if text not in known]
    return replace(entry, variants=(*entry.variants, *more))
