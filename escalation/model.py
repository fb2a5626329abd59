"""What is a ticket, its journal, its timers, and who is who? Frozen values only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from base.messages import ChatRef, HubChat, PersonRef, VillageChat

Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]


class Status(StrEnum):
    """Where a ticket stands."""

    NEW = "new"  #: just asked, nothing said yet
    OFFERED = "offered"  #: up to three FAQ questions offered, waiting for a choice
    FAQ_ANSWERED = "faq_answered"  #: answered from the FAQ, not confirmed
    IN_VILLAGE = "in_village"  #: the village has the first word
    QUEUED = "queued"  #: in the hub, nobody has taken it
    CLAIMED = "claimed"  #: one responder works on it
    WAITING_ASKER = "waiting_asker"  #: the responder asked back, clocks pause
    ANSWERED = "answered"  #: a person answered, not confirmed
    MEDIATING = "mediating"  #: a mediation is under way
    CLOSED = "closed"  #: ended, with a reason


class Reason(StrEnum):
    """Why a ticket is closed."""

    SOLVED = "solved"  #: the asker said so
    ASSUMED_SOLVED = "assumed_solved"  #: nobody objected for the quiet time
    WITHDRAWN = "withdrawn"  #: the asker took it back
    NOT_LEGAL = "not_legal"  #: no legal question
    MERGED = "merged"  #: goes on under another number
    REFERRED = "referred"  #: sent to the office that decides it
    EXPIRED = "expired"  #: could not be answered any more


class Event(StrEnum):
    """What can happen to a ticket; past tense, one journal line each."""

    ASKED = "asked"  #: the question arrived
    OFFERED = "offered"  #: the bot offered FAQ questions
    PICKED = "picked"  #: the asker chose one of them
    NONE_FITS = "none_fits"  #: 都不是
    OFFER_LAPSED = "offer_lapsed"  #: nobody chose in time
    FAQ_ANSWERED = "faq_answered"  #: the bot answered from the FAQ
    UNHELPFUL = "unhelpful"  #: 没帮上忙
    HELPED = "helped"  #: 有用
    QUIET = "quiet"  #: no objection to the FAQ answer in time
    OPENED = "opened"  #: the village window opened
    HANDED_UP = "handed_up"  #: 转总群
    CLAIMED = "claimed"  #: 认领
    ASSIGNED = "assigned"  #: 指派
    RELEASED = "released"  #: 退回
    LEASE_LOST = "lease_lost"  #: claimed too long without an answer
    RAISED = "raised"  #: 转上级: the hub above goes on with it
    TRANSFERRED = "transferred"  #: 转给 another profession or person
    ASKED_BACK = "asked_back"  #: the responder needs more from the asker
    ASKER_REPLIED = "asker_replied"  #: the asker gave it
    PAUSE_ENDED = "pause_ended"  #: waited long enough
    ANSWER_GIVEN = "answer_given"  #: a person answered
    ANSWER_DELIVERED = "answer_delivered"  #: the channel accepted that answer in the asker's chat
    DELIVERY_FAILED = "delivery_failed"  #: the channel will not take it
    ASKED_AGAIN = "asked_again"  #: 还有疑问
    CONFIRMED = "confirmed"  #: 解决了
    SILENT = "silent"  #: no word after the answer for the quiet time
    MEDIATION_BEGUN = "mediation_begun"  #: mediation starts
    MEDIATION_ENDED = "mediation_ended"  #: mediation ends
    WITHDRAWN = "withdrawn"  #: 撤回 by the asker
    NOT_LEGAL = "not_legal"  #: 不是法律问题
    MERGED = "merged"  #: 合并到: goes on under another number
    UNMERGED = "unmerged"  #: goes on alone again
    JOINED = "joined"  #: another ticket was merged into this one
    PARTED = "parted"  #: it goes on alone again
    ANSWER_SHARED = "answer_shared"  #: what was answered there is carried to this asker
    REFERRED = "referred"  #: 转介
    EXPIRED = "expired"  #: 过期
    MARKED_URGENT = "marked_urgent"  #: 紧急
    ASKER_ADDED = "asker_added"  #: the asker wrote more
    NEIGHBOUR_SAID = "neighbour_said"  #: somebody of the village wrote under it
    EDITED = "edited"  #: a message of the ticket was edited
    CORRECTED = "corrected"  #: an answer was corrected
    RETRACTED = "retracted"  #: an answer was taken back
    WARNED = "warned"  #: a promise comes close
    BREACHED = "breached"  #: a promise was broken, once per promise
    ESCALATED = "escalated"  #: a broken promise was told further up, once per step
    FOLLOWED_UP = "followed_up"  #: 回访
    RULES_CHANGED = "rules_changed"  #: the ticket goes on under another policy or calendar
    RATED = "rated"  #: the asker rated the answer
    RECUSED = "recused"  #: 回避: somebody of the hub must not work on it
    COLLECTED = "collected"  #: 收进知识库: the answer became a draft of the FAQ, or a wording
    NOTED = "noted"  #: a remark of the hub, not for the village
    ARMED = "armed"  #: an alarm was set
    FIRED = "fired"  #: an alarm rang
    CANCELLED = "cancelled"  #: an alarm was taken back


class Role(StrEnum):
    """In which part somebody acts."""

    ASKER = "asker"  #: 提问人
    NEIGHBOUR = "neighbour"  #: any other villager
    LIAISON = "liaison"  #: 联络员
    RESPONDER = "responder"  #: 答复人
    DUTY_LEAD = "duty_lead"  #: 值班组长
    BOT = "bot"  #: this service
    CLOCK = "clock"  #: an alarm of this service
    CHANNEL = "channel"  #: the channel's word about a delivery


class Membership(StrEnum):
    """What somebody is, in a village or a hub."""

    LIAISON = "liaison"
    RESPONDER = "responder"
    DUTY_LEAD = "duty_lead"
    DISABLED = "disabled"  #: may not work here any more


class ClockKind(StrEnum):
    """Which promise or quiet time a timer stands for."""

    OFFER = "offer"  #: time to choose among offered questions
    QUIET = "quiet"  #: time to object to a FAQ answer
    WINDOW = "window"  #: the village's first word
    CLAIM = "claim"  #: somebody of the hub takes it
    FIRST_ANSWER = "first_answer"  #: first answer of a person, accepted in the asker's chat
    NEXT_ANSWER = "next_answer"  #: the answer to what the asker asked after an answer
    SILENT = "silent"  #: time to object to a person's answer
    RESOLUTION = "resolution"  #: the whole work of the hub, until the ticket is closed
    PAUSE = "pause"  #: time the asker has to give what the responder needs
    LEASE = "lease"  #: who took it answers, or it goes back to all
    FORWARD = "forward"  #: until a liaison has carried the answer to the asker
    FOLLOW_UP = "follow_up"  #: until we ask whether the answer helped


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody we have met, with the name the channel shows."""

    id: int
    ref: PersonRef
    name: str
    profession: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Village:
    """A village with its group chat and the hub that answers for it.

    `listening`: questions that nobody asked us are answered where we are certain. `relayed`: no
    bot can enter the village's own group; its chat is the desk of the liaison.
    """

    id: int
    name: str
    chat: VillageChat
    hub: int
    listening: bool = False
    relayed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Hub:
    """A hub with its group chat; `above` is the hub that goes on where this one can't."""

    id: int
    name: str
    chat: HubChat
    above: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticket:
    """The numbered record of one question: the journal folded (`lifecycle.evolve`).

    Attributes:
        asker: person id; `assignee` and `last_assignee` likewise.
        cycle: 1, plus one for every time the asker asked again.
        seq: number of the last journal entry in here.
    """

    id: int
    village: int
    hub: int
    asker: int
    state: Status
    opened_at: datetime
    policy_version: int
    calendar_version: str
    reason: Reason | None = None
    urgent_at: datetime | None = None
    category: str = ""
    faq: str | None = None
    assignee: int | None = None
    last_assignee: int | None = None
    cycle: int = 1
    closed_at: datetime | None = None
    seq: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of a ticket's journal; append-only.

    Attributes:
        by: person id, None for the service itself and for channels.
        data: what the event carries, in JSON values; words of people are masked.
        source: key of the inbox item it came from, where there is one.
    """

    ticket: int
    seq: int
    at: datetime
    event: Event
    role: Role
    by: int | None = None
    data: Mapping[str, Json] = field(default_factory=dict)
    source: str | None = None


class TimerState(StrEnum):
    """Where an alarm stands."""

    PENDING = "pending"  #: will ring at its due
    FIRED = "fired"  #: rang, once
    CANCELLED = "cancelled"  #: taken back before it rang


@dataclass(frozen=True, kw_only=True, slots=True)
class Timer:
    """One alarm of a ticket: row of (ticket, kind, step); re-arming raises `gen`.

    Attributes:
        step: percent of the promise: a warning's, or 100 for the moment itself.
        provisional: the due counts days of a year whose holidays are not published yet.
    """

    ticket: int
    kind: ClockKind
    step: int
    gen: int
    cycle: int
    started_at: datetime
    due: datetime
    provisional: bool = False
    state: TimerState = TimerState.PENDING
    fired_at: datetime | None = None
    cancelled_at: datetime | None = None


class LinkRole(StrEnum):
    """What a linked message is to its ticket."""

    QUESTION = "question"  #: the asker's own message
    OURS = "ours"  #: something we said about it
    CARD = "card"  #: the hub's card
    SAID = "said"  #: something people wrote under it


@dataclass(frozen=True, kw_only=True, slots=True)
class RelayLink:
    """One message that belongs to a ticket: how a reply, however old, finds it."""

    chat: ChatRef
    message_id: str
    ticket: int
    role: LinkRole
