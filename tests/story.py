"""What happens to one ticket, thing after thing, in values alone: no storage, no channel.

Every decision of a story is looked at: does it leave the ticket whole, and no secret outside?
"""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from base.boxes import OutboxItem, OutboxState
from base.messages import (
    Act,
    Button,
    ChatRef,
    HubChat,
    Incoming,
    Kind,
    Outgoing,
    Press,
    RepliedTo,
    Toast,
    ToHub,
    ToVillage,
    VillageChat,
)
from base.wording import DEFAULTS, Wording
from bot import alarms, reminders, routing
from bot.conversation import decide
from bot.facts import Decision, Dossier, Facts, Fresh
from escalation import clocks, dues, relay
from escalation.lifecycle import fold
from escalation.model import ClockKind, Event, LinkRole, Person, Timer, TimerState
from knowledge.model import Outcome, Verdict
from tests.builders import (
    CALENDAR,
    FAQ,
    HUB,
    HUB_CHAT,
    LEAD,
    MEMBERSHIPS,
    MONDAY_9AM,
    PEOPLE,
    POLICY,
    VILLAGE,
    VILLAGE_CHAT,
    a_message,
)

WORDS = Wording()
SILENCE = Verdict(outcome=Outcome.SILENT)
PHONE, ID_NUMBER, BANK_CARD = "13812345678", "50023219800101123X", "6222021234567890123"
FRESH = Fresh(
    number=1, village=VILLAGE, hub=HUB, leads=(LEAD.name,), policy=POLICY, calendar=CALENDAR
)
_HUB_ONLY = tuple(
    re.compile(re.sub(r"\\\{\w+\\\}", r"[\\s\\S]*", re.escape(text)))
    for key, text in DEFAULTS.items()
    if key.startswith("hub.") and key not in ("hub.at", "hub.assignee")
)

LISTED = reminders.Listed(slot="alerts:1:0")


@dataclass
class Story:
    """One ticket and the two chats it lives in; `now` is moved by the test."""

    now: datetime = MONDAY_9AM
    dossier: Dossier | None = None
    decision: Decision = field(default_factory=Decision)
    choices: dict[ChatRef, OutboxItem] = field(default_factory=dict)
    messages: int = 100

    @property
    def file(self) -> Dossier:
        assert self.dossier is not None, "no ticket yet"
        return self.dossier

    @property
    def state(self) -> str:
        return self.file.ticket.state

    def says(
        self,
        who: Person,
        text: str,
        *,
        to: RepliedTo | None = None,
        author: Person | None = None,
        verdict: Verdict = SILENCE,
    ) -> Decision:
        """Somebody writes; `to` is a message that belongs to no ticket, by `author`."""
        self.messages += 1
        chat = HUB_CHAT if who.id > 10 else VILLAGE_CHAT
        message = a_message(text, by=who, chat=chat, message_id=str(self.messages), reply_to=to)
        return self.decides(self.facts(message, who, verdict=verdict, author=author))

    def presses(self, who: Person, act: Act, arg: str = "") -> Decision:
        """Somebody presses a button of ours."""
        number = self.file.ticket.id
        label = WORDS(f"label.{act}", number=1)
        return self.presses_on(who, Button(label=label, act=act, ticket=number, arg=arg))

    def presses_on(self, who: Person, button: Button | None) -> Decision:
        """Somebody presses; None is a button whose signature was not found right."""
        self.messages += 1
        chat = HUB_CHAT if who.id > 10 else VILLAGE_CHAT
        press = Press(press_id=str(self.messages), message_id="9", token="signed")  # noqa: S106 - what a button carries
        message = a_message("", by=who, chat=chat, message_id=str(self.messages), press=press)
        return self.decides(self.facts(message, who, pressed=button))

    def rings(self, kind: ClockKind, step: int = dues.WHOLE) -> Decision:
        """The alarm that is set for this rings now."""
        return self._take(alarms.ring(self.timer(kind, step), self.file, WORDS, self.now, LISTED))

    def delivered(self) -> Decision:
        """The channel accepted the answer."""
        return self._take(alarms.delivered(_sent(1, ()), self.file, WORDS, self.now))

    def undelivered(self, error: str) -> Decision:
        """The channel will never take the answer."""
        item = replace(_sent(1, ()), error=error)
        return self._take(alarms.undelivered(item, self.file, WORDS, self.now))

    def waits(self, **span: float) -> None:
        self.now += timedelta(**span)

    def timer(self, kind: ClockKind, step: int = dues.WHOLE) -> Timer:
        return next(t for t in self.file.timers if (t.kind, t.step) == (kind, step))

    def armed(self) -> dict[ClockKind, datetime]:
        """The promised moments that will ring, by clock."""
        return {
            t.kind: t.due
            for t in self.file.timers
            if t.state is TimerState.PENDING and t.step == dues.WHOLE
        }

    def facts(
        self,
        incoming: Incoming,
        who: Person,
        *,
        pressed: Button | None = None,
        verdict: Verdict | None = None,
        author: Person | None = None,
    ) -> Facts:
        in_village = incoming.chat == VILLAGE_CHAT
        return Facts(
            incoming=incoming,
            person=who,
            memberships=MEMBERSHIPS.get(who.id, frozenset()),
            village=VILLAGE if in_village else None,
            hub=None if in_village else HUB,
            dossier=self.dossier if in_village or self._hub_knows(incoming.text) else None,
            pressed=pressed,
            said=self.choices.get(incoming.chat),
            verdict=verdict,
            author=author,
            fresh=FRESH if in_village else None,
            entries=FAQ,
            words=WORDS,
            own=(self.dossier,) if self.dossier and self.file.ticket.asker == who.id else (),
        )

    def _hub_knows(self, text: str) -> bool:
        """A hub replies to a card, or names a number; before it has either, it can't mean us."""
        told = self.dossier is not None and relay.in_hub(self.dossier.journal)
        return told or routing.ticket_number(text) is not None

    def decides(self, given: Facts) -> Decision:
        return self._take(decide(given, self.now))

    def _take(self, decision: Decision) -> Decision:
        """Do what the pipeline does with a decision, and look whether it is whole."""
        if decision.ticket is not None:
            self.dossier = _after(self.dossier, decision)
            assert_whole(self.dossier, decision)
        assert_apart(decision)
        assert_no_secret(decision)
        for message in decision.outgoing:
            if isinstance(message, ToVillage | ToHub) and message.words.slot:
                item = _sent(len(self.choices), message.words.buttons)
                said = message.words
                item = replace(item, chat=message.chat.ref, slot=said.slot, text=said.text)
                self.choices[message.chat.ref] = item
        self.decision = decision
        return decision


def _after(dossier: Dossier | None, decision: Decision) -> Dossier:
    ticket = decision.ticket
    assert ticket is not None
    journal = (*(dossier.journal if dossier else ()), *decision.entries)
    rows = {(t.kind, t.step): t for t in (dossier.timers if dossier else ())}
    rows |= {(t.kind, t.step): t for t in decision.timers}
    named = {entry.by for entry in journal} | {ticket.assignee, ticket.last_assignee}
    asked = [link.message_id for link in decision.links if link.role is LinkRole.QUESTION]
    return Dossier(
        ticket=ticket,
        journal=journal,
        timers=tuple(rows.values()),
        village=VILLAGE,
        hub=HUB,
        question=asked[0] if asked else (dossier.question if dossier else None),
        people={number: PEOPLE[number] for number in named if number is not None},
        leads=FRESH.leads,
        policy=POLICY,
        calendar=CALENDAR,
    )


def assert_whole(dossier: Dossier, decision: Decision) -> None:
    """The row is its journal; what rings is what is wanted; the card is told."""
    ticket, journal = dossier.ticket, dossier.journal
    assert fold(journal) == ticket
    wanted = dues.alarms(clocks.running(journal), ticket, POLICY, CALENDAR)
    rang = {(t.kind, t.step, t.started_at) for t in dossier.timers if t.state is TimerState.FIRED}
    pending = {(t.kind, t.step, t.due) for t in dossier.timers if t.state is TimerState.PENDING}
    assert pending == {
        (a.kind, a.step, a.due) for a in wanted if (a.kind, a.step, a.started_at) not in rang
    }
    cards = [m for m in decision.outgoing if m.kind is Kind.CARD]
    late = any(
        entry.event in (Event.WARNED, Event.BREACHED, Event.ESCALATED)
        for entry in decision.entries
    )
    assert len(cards) == relay.in_hub(journal) or (late and not cards)
    assert cards == [m for m in decision.outgoing[:1] if m.kind is Kind.CARD]  # it comes first
    keys = [message.key for message in decision.outgoing]
    assert len(keys) == len(set(keys))


def assert_apart(decision: Decision) -> None:
    """A village reads nothing that was written for the hub."""
    for message in decision.outgoing:
        if isinstance(message, ToVillage):
            assert isinstance(message.chat, VillageChat)
            assert message.kind not in (Kind.CARD, Kind.REMINDER)  # but at a liaison's desk
            assert not any(shape.fullmatch(message.words.text) for shape in _HUB_ONLY)
            assert not message.words.text.startswith("【1号工单】")
        elif isinstance(message, ToHub):
            assert isinstance(message.chat, HubChat)


def assert_no_secret(decision: Decision) -> None:
    """No number of a villager is in the journal or in the hub."""
    outside = [m.words.text for m in decision.outgoing if isinstance(m, ToHub)]
    kept = [str(dict(entry.data)) for entry in decision.entries]
    for text in (*outside, *kept):
        assert not any(secret in text for secret in (PHONE, ID_NUMBER, BANK_CARD))


def _sent(number: int, buttons: tuple[Button, ...]) -> OutboxItem:
    """A message of ours, as the outbox keeps it once the channel took it."""
    return OutboxItem(
        id=number,
        key=f"k{number}",
        kind=Kind.REPLY,
        chat=VILLAGE_CHAT,
        text="",
        buttons=buttons,
        reply_to=None,
        reply_slot=None,
        slot=None,
        press=None,
        ticket=1,
        by_clock=False,
        state=OutboxState.SENT,
        tries=1,
        ambiguous=0,
        promised_at=MONDAY_9AM,
        not_before=MONDAY_9AM,
        message_id="9",
    )


def texts(decision: Decision, to: type[Outgoing] | None = None) -> list[str]:
    """What is said, to the village, to the hub, or to the one who pressed."""
    return [
        m.text if isinstance(m, Toast) else m.words.text
        for m in decision.outgoing
        if to is None or isinstance(m, to)
    ]


def journalled(decision: Decision) -> list[str]:
    """What happened to the ticket, without the alarms."""
    alarms_only = {"armed", "cancelled", "fired"}
    return [e.event.value for e in decision.entries if e.event.value not in alarms_only]
