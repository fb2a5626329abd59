"""What may a decision look at, and what is a decision? Frozen values around `decide`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from base.boxes import OutboxItem
from base.messages import Button, ChatRef, Incoming, Outgoing
from base.wording import Wording
from escalation.calendar import WorkCalendar
from escalation.changes import Change, Draft, Pass
from escalation.directory import Office
from escalation.lifecycle import evolve
from escalation.model import (
    Entry,
    Hub,
    Membership,
    Person,
    RelayLink,
    Ticket,
    Timer,
    Village,
)
from escalation.policy import SlaPolicy
from escalation.roster import Duty
from escalation.snippet import Quote
from knowledge.misses import Settled
from knowledge.model import FaqEntry, Match, Verdict
from knowledge.revisions import Standing, Written


@dataclass(frozen=True, kw_only=True, slots=True)
class Dossier:
    """Everything known about one ticket.

    Attributes:
        question: id of the asker's own message in the village chat, None if it had none.
        people: by id: everybody the journal names.
        leads: names of the hub's duty leads.
        merged: the tickets whose askers share this one's answer.
        duties: who is on duty in the hub, and when.
        above: the hub that goes on where this one can't, and the names of its duty leads.
    """

    ticket: Ticket
    journal: tuple[Entry, ...]
    timers: tuple[Timer, ...]
    village: Village
    hub: Hub
    question: str | None
    people: Mapping[int, Person]
    leads: tuple[str, ...]
    policy: SlaPolicy
    calendar: WorkCalendar
    merged: "tuple[Dossier, ...]" = ()
    duties: Sequence[Duty] = ()
    above: Hub | None = None
    leads_above: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Team:
    """Who works in a hub.

    Attributes:
        members: its people, where words name one of them.
        holding: how many tickets each of them works on, by id.
        left: who has left the group, where that is told.
        held: the tickets that people here work on, where somebody leaves or is sent away.
        duties: who is on duty and when, where that is asked.
        offices: where a question may be sent, where that is asked.
    """

    members: tuple[Person, ...] = ()
    holding: Mapping[int, int] = field(default_factory=dict)
    left: Person | None = None
    held: Sequence[Dossier] = ()
    duties: Sequence[Duty] = ()
    offices: Sequence[Office] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """What a liaison carries in and out.

    Attributes:
        quotes: who asks what, in the words that were typed, forwarded or pasted.
        pasted: they were taken apart, and are to be looked at first.
        draft: the preview that waits for yes or no.
        askers: those for whom is asked, by name.
        unforwarded: the tickets whose answers wait to be carried on, where that was asked.
    """

    quotes: tuple[Quote, ...] = ()
    pasted: bool = False
    draft: Draft | None = None
    next_draft: int = 1
    askers: Mapping[str, Person] = field(default_factory=dict)
    unforwarded: Sequence[Dossier] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Everything a decision about one incoming thing may look at.

    Attributes:
        dossier: the ticket it is about, as far as the message says.
        pressed: the button pressed, once its signature was found right; else None.
        said: our message that was pressed or replied to, or that offers the typed choice.
        verdict: what the FAQ has for these words.
        author: who wrote the message replied to, where that is somebody of the village.
        fresh: the dossier of a ticket that would be opened now: number, rules, people.
        door: what a typed one-time code opens, where one was typed.
        greeted: this chat, which is nobody's, has got its one line before.
        rules: what is in force now in the hub that the message is about or comes from.
        team: who works in the hub.
        own: the newest questions of who wrote, where they are asked for.
        desk: what a liaison of the village carries in and out; for others it is empty.
        other: the ticket that words name to merge into, or that this one was merged into.
    """

    incoming: Incoming
    person: Person
    memberships: frozenset[Membership]
    village: Village | None
    hub: Hub | None
    dossier: Dossier | None
    pressed: Button | None
    said: OutboxItem | None
    verdict: Verdict | None
    author: Person | None
    fresh: "Fresh | None"
    entries: Mapping[str, FaqEntry]
    words: Wording
    door: "Door | None" = None
    greeted: bool = False
    rules: "Rules | None" = None
    team: Team = field(default_factory=Team)
    other: Dossier | None = None
    own: Sequence[Dossier] = ()
    desk: Desk = field(default_factory=Desk)
    faq: "Collecting | None" = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Collecting:
    """What 收进知识库 needs to know of the FAQ, where that is asked.

    Attributes:
        next_id: of a draft that would be written now.
        nearest: the entries that are served and most like the question.
        standings: where the ticket's draft and the entry that is named stand, by id.
        names: of people of the village, who must not be read in a draft.
    """

    next_id: str = ""
    nearest: Sequence[Match] = ()
    standings: Mapping[str, Standing] = field(default_factory=dict)
    names: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """What is known where a one-time code was typed.

    Attributes:
        admins: who administers the chat.
        entry: what the code opens, while it is valid.
        bound: the chat that is bound already under the name that the code is for.
    """

    admins: tuple[Person, ...]
    entry: Pass | None
    bound: ChatRef | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """The policy and the calendar that new tickets of a hub are opened under."""

    policy: SlaPolicy
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True, slots=True)
class Fresh:
    """What a new ticket of this village starts from."""

    number: int
    village: Village
    hub: Hub
    leads: tuple[str, ...]
    policy: SlaPolicy
    calendar: WorkCalendar

    def begun(self, asked: Entry, asker: Person) -> Dossier:
        """Return the dossier of the ticket that `asked` begins."""
        ticket = evolve(None, asked)
        return Dossier(
            ticket=ticket,
            journal=(asked,),
            timers=(),
            village=self.village,
            hub=self.hub,
            question=None,
            people={asker.id: asker},
            leads=self.leads,
            policy=self.policy.of(ticket.category),
            calendar=self.calendar,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What follows from one thing; written in one transaction.

    Attributes:
        ours: False when it was none of our business and its payload is to be dropped.
        also: what follows for other tickets.
        written: what becomes of entries of the FAQ.
        settled: questions that the FAQ did not answer, and what became of them.
    """

    ours: bool = True
    ticket: Ticket | None = None
    entries: tuple[Entry, ...] = ()
    timers: tuple[Timer, ...] = ()
    links: tuple[RelayLink, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()
    changes: tuple[Change, ...] = ()
    also: "tuple[Decision, ...]" = ()
    written: tuple[Written, ...] = ()
    settled: tuple[Settled, ...] = ()


NOT_OURS = Decision(ours=False)
