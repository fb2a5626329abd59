"""Small builders: each test names only the fields it is about."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from base.messages import ChatRef, HubChat, Incoming, PersonRef, Press, RepliedTo, VillageChat
from escalation.calendar import Days, Window, WorkCalendar
from escalation.lifecycle import fold
from escalation.model import (
    Entry,
    Event,
    Hub,
    Json,
    Membership,
    Person,
    Reason,
    Role,
    Status,
    Ticket,
    Village,
)
from escalation.policy import SlaPolicy
from knowledge.model import Category, EntryStatus, FaqEntry, Match, Outcome, Source, Verdict

MONDAY_9AM = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in Beijing
MINUTE = timedelta(minutes=1)


def monday(clock: str, *, days: int = 0) -> datetime:
    """A time of day in Beijing on that Monday, or so many days later."""
    hour, minute = clock.split(":")
    return MONDAY_9AM + timedelta(days=days, hours=int(hour) - 9, minutes=int(minute))


def somebody(number: int, name: str, profession: str = "") -> Person:
    ref = PersonRef(channel="fake", id=str(number))
    return Person(id=number, ref=ref, name=name, profession=profession)


ASKER, NEIGHBOUR, LIAISON = somebody(1, "张秀兰"), somebody(2, "李大爷"), somebody(3, "王建国")
LAWYER, MEDIATOR = somebody(11, "陈静", "律师"), somebody(12, "罗明", "调解员")
LEAD = somebody(13, "周组长", "普法办")
PEOPLE: Mapping[int, Person] = {
    one.id: one for one in (ASKER, NEIGHBOUR, LIAISON, LAWYER, MEDIATOR, LEAD)
}
MEMBERSHIPS: Mapping[int, frozenset[Membership]] = {
    LIAISON.id: frozenset({Membership.LIAISON}),
    LAWYER.id: frozenset({Membership.RESPONDER}),
    MEDIATOR.id: frozenset({Membership.RESPONDER}),
    LEAD.id: frozenset({Membership.DUTY_LEAD}),
}

VILLAGE_CHAT = ChatRef(channel="fake", chat_id="village")
HUB_CHAT = ChatRef(channel="fake", chat_id="hub")
HUB = Hub(id=1, name="总群", chat=HubChat(ref=HUB_CHAT))
VILLAGE = Village(id=1, name="白石村", chat=VillageChat(ref=VILLAGE_CHAT), hub=HUB.id)
POLICY = SlaPolicy(version=1)


def a_calendar(
    *,
    days: Days = Days.WEEKDAYS,
    days_off: frozenset[date] = frozenset(),
    makeup_days: frozenset[date] = frozenset(),
    last_known_year: int = 2026,
) -> WorkCalendar:
    """09:00-12:00 and 14:00-18:00."""
    return WorkCalendar(
        name="hub",
        version="v1",
        windows=(Window(opens=540, closes=720), Window(opens=840, closes=1080)),
        days=days,
        days_off=days_off,
        makeup_days=makeup_days,
        last_known_year=last_known_year,
    )


CALENDAR = a_calendar()


def a_ticket(
    *,
    id: int = 1,
    state: Status = Status.NEW,
    reason: Reason | None = None,
    assignee: int | None = None,
    last_assignee: int | None = None,
    closed_at: datetime | None = None,
    urgent_at: datetime | None = None,
    category: str = "",
    cycle: int = 1,
) -> Ticket:
    """A ticket in this state, as row 1 of its journal left it; solved, if it is closed."""
    closed = state is Status.CLOSED
    return Ticket(
        id=id,
        village=VILLAGE.id,
        hub=HUB.id,
        asker=ASKER.id,
        state=state,
        opened_at=MONDAY_9AM,
        policy_version=POLICY.version,
        calendar_version=CALENDAR.version,
        reason=(reason or Reason.SOLVED) if closed else None,
        closed_at=(closed_at or MONDAY_9AM) if closed else None,
        assignee=assignee,
        last_assignee=last_assignee,
        urgent_at=urgent_at,
        category=category,
        cycle=cycle,
    )


TAKES: Mapping[str, Json] = {
    "entry": "wages-owed",
    "to": LAWYER.id,
    "policy_version": 1,
    "calendar_version": "v1",
    "hub": 1,
}
"""Whatever any event takes beside who and when."""


def an_entry(
    event: Event,
    role: Role,
    *,
    ticket: int = 1,
    seq: int = 2,
    at: datetime = MONDAY_9AM,
    by: int | None = 11,
    data: Mapping[str, Json] = TAKES,
) -> Entry:
    return Entry(ticket=ticket, seq=seq, at=at, event=event, role=role, by=by, data=data)


def asked(*, ticket: int = 1, at: datetime = MONDAY_9AM, text: str = "隔壁占了我家的路") -> Entry:
    """The first entry of every journal."""
    return an_entry(
        Event.ASKED,
        Role.ASKER,
        ticket=ticket,
        seq=1,
        at=at,
        by=ASKER.id,
        data={
            "text": text,
            "village": VILLAGE.id,
            "hub": HUB.id,
            "policy_version": POLICY.version,
            "calendar_version": CALENDAR.version,
        },
    )


def a_journal(*steps: tuple[Event, Role] | tuple[Event, Role, datetime]) -> tuple[Entry, ...]:
    """A question and what happened to it, each step at the time of the one before or its own."""
    journal = [asked()]
    for step in steps:
        at = step[2] if len(step) == 3 else journal[-1].at
        seq = len(journal) + 1
        journal.append(an_entry(step[0], step[1], seq=seq, at=at, data=_told(step[0])))
    fold(journal)  # a journal that tells no ticket is a mistake of the test
    return tuple(journal)


def _told(event: Event) -> Mapping[str, Json]:
    return {**TAKES, "error": "kicked"} if event is Event.DELIVERY_FAILED else TAKES


def a_faq_entry(
    id: str = "wages-owed",
    question: str = "老板欠工钱不给怎么办？",
) -> FaqEntry:
    return FaqEntry(
        id=id,
        question=question,
        variants=(),
        answer="能要回来。",
        steps=("带上工牌去劳动监察大队。",),
        sources=(Source(law="劳动法", article=50, checked_on=date(2026, 11, 1)),),
        category=Category.WAGES,
        review_by=date(2027, 11, 1),
        status=EntryStatus.PUBLISHED,
    )


FAQ: Mapping[str, FaqEntry] = {
    entry.id: entry
    for entry in (
        a_faq_entry(),
        a_faq_entry("wages-contract", "没签合同怎么要工钱？"),
        a_faq_entry("wages-late", "过了多久就要不回来了？"),
    )
}


def certain() -> Verdict:
    """The FAQ is sure."""
    return replace(likely(1), outcome=Outcome.ANSWER)


def likely(count: int = 3) -> Verdict:
    """The FAQ has so many ideas."""
    found = (Match(entry=e, probability=0.4, variant=e.question) for e in FAQ.values())
    return Verdict(outcome=Outcome.OFFER, matches=tuple(found)[:count])


def a_message(
    text: str,
    *,
    by: Person = ASKER,
    chat: ChatRef = VILLAGE_CHAT,
    message_id: str = "100",
    reply_to: RepliedTo | None = None,
    press: Press | None = None,
) -> Incoming:
    return Incoming(
        key=f"fake:{message_id}",
        chat=chat,
        sender=by.ref,
        sender_name=by.name,
        message_id=message_id,
        text=text,
        at=MONDAY_9AM,
        reply_to=reply_to,
        press=press,
    )


def a_message_of(author: Person | None, text: str, message_id: str = "50") -> RepliedTo:
    """What a reply points at: somebody's words, or our own for None."""
    ref, name = (author.ref, author.name) if author else (None, "问哈村长")
    return RepliedTo(message_id=message_id, author=ref, author_name=name, text=text)
