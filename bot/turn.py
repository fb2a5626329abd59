"""How is one decision written down? A `Turn` is its pen.

`record` moves the ticket through the table, the `tell_…` promise messages. `done` works out which
alarms must ring from now on and how the card looks, so that no decision can forget a clock or a
card.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from base.boxes import OutboxItem
from base.messages import ChatRef, Incoming, Kind, Outgoing, Toast, ToHub, ToVillage, Words
from base.wording import Wording
from bot import cards, rendering
from bot.facts import Decision, Dossier, Fresh
from escalation import clocks, dues, relay, roster
from escalation.deadlines import NEAR
from escalation.lifecycle import evolve
from escalation.model import (
    ClockKind,
    Entry,
    Event,
    Json,
    LinkRole,
    Person,
    RelayLink,
    Role,
    Ticket,
    Timer,
    TimerState,
)


@dataclass(slots=True)
class Turn:
    """The pen of one decision; `key` names the cause, `at` is the moment it counts from."""

    key: str
    at: datetime
    now: datetime
    words: Wording
    dossier: Dossier | None = None
    source: str | None = None
    by_clock: bool = False
    _entries: list[Entry] = field(default_factory=list)
    _fired: list[Timer] = field(default_factory=list)
    _links: list[RelayLink] = field(default_factory=list)
    _outgoing: list[Outgoing] = field(default_factory=list)
    _also: list[Decision] = field(default_factory=list)
    _known: tuple[int, Sequence[dues.Alarm]] = (0, ())  # alarms as of an entry of the journal

    @property
    def file(self) -> Dossier:
        """The ticket this turn is about; only to be used once there is one."""
        if self.dossier is None:
            msg = "this turn has no ticket"
            raise RuntimeError(msg)
        return self.dossier

    @property
    def ticket(self) -> Ticket:
        """The ticket as it stands after what was recorded so far."""
        return self.file.ticket

    def open(self, fresh: Fresh, asker: Person, data: Mapping[str, Json]) -> None:
        """Begin a ticket with the question."""
        frozen: dict[str, Json] = {
            "village": fresh.village.id,
            "hub": fresh.hub.id,
            "policy_version": fresh.policy.version,
            "calendar_version": fresh.calendar.version,
        }
        entry = Entry(
            ticket=fresh.number,
            seq=1,
            at=self.at,
            event=Event.ASKED,
            role=Role.ASKER,
            by=asker.id,
            data={**data, **frozen},
            source=self.source,
        )
        self._entries.append(entry)
        self.dossier = fresh.begun(entry, asker)

    def record(self, event: Event, role: Role, by: Person | None = None, **data: Json) -> None:
        """Let an event happen.

        Raises:
            TransitionRefused: the ticket's state does not allow it.
        """
        file = self.file
        entry = Entry(
            ticket=file.ticket.id,
            seq=file.ticket.seq + 1,
            at=self.at,
            event=event,
            role=role,
            by=by.id if by else None,
            data=data,
            source=self.source,
        )
        people = {**file.people, by.id: by} if by else file.people
        self.dossier = replace(
            file,
            ticket=evolve(file.ticket, entry),
            journal=(*file.journal, entry),
            people=people,
        )
        self._entries.append(entry)

    def ring(self, timer: Timer) -> None:
        """Record that an alarm rang; it will not ring again."""
        fired = replace(timer, state=TimerState.FIRED, fired_at=self.now)
        self.record(Event.FIRED, Role.CLOCK, None, **dues.told(timer))
        self._fired.append(fired)
        kept = (
            row for row in self.file.timers if (row.kind, row.step) != (timer.kind, timer.step)
        )
        self.dossier = replace(self.file, timers=(*kept, fired))

    def link(self, chat: ChatRef, message_id: str, role: LinkRole) -> None:
        """Make a message of people belong to the ticket."""
        self._links.append(
            RelayLink(chat=chat, message_id=message_id, ticket=self.ticket.id, role=role)
        )
        if role is LinkRole.QUESTION:
            self.dossier = replace(self.file, question=message_id)

    def know(self, person: Person) -> None:
        """Let the ticket name somebody who has not acted on it."""
        self.dossier = replace(self.file, people={**self.file.people, person.id: person})

    def beside(self, dossier: Dossier) -> "Turn":
        """Return the pen for what follows for another ticket; to be handed over by `aside`."""
        return self.anew(dossier.ticket.id, dossier)

    def anew(self, number: int, dossier: Dossier | None = None) -> "Turn":
        """Return a pen like this one for something else that follows from the same cause."""
        key = f"{self.key}:{number}"
        return Turn(
            key=key, at=self.at, now=self.now, words=self.words, dossier=dossier,
            source=self.source, by_clock=self.by_clock,
        )  # fmt: skip

    def aside(self, decision: Decision) -> None:
        """Write what follows for another ticket in the same transaction."""
        self._also.append(decision)

    def carry(self, event: Event, role: Role, by: Person, said: Words, **data: Json) -> None:
        """Record words of a person and promise them to the asker, to be told when they arrive."""
        self.record(event, role, by, **data)
        if relay.carried_by(self.file.journal) is None:
            self.reply_to_asker(said, Kind.ANSWER)
            return
        asker, text = self.file.people[self.ticket.asker], str(data["text"])
        *blocks, below = rendering.copies(
            text, self.ticket.id, asker=asker, by=by, words=self.words
        )
        for block in blocks:
            self.reply_to_asker(block, Kind.COPY)
        self.reply_to_asker(below)

    def this_cycle(self) -> Sequence[Entry]:
        """Return what happened since the question, or since the asker asked again last."""
        journal = self.file.journal
        again = [at for at, entry in enumerate(journal) if entry.event is Event.ASKED_AGAIN]
        return journal[again[-1] :] if again else journal

    def promised(self) -> Mapping[ClockKind, dues.Alarm]:
        """Return the promised moments of the running clocks, as things stand now."""
        return {alarm.kind: alarm for alarm in self.alarms() if alarm.step == dues.WHOLE}

    def reply_to_asker(self, words: Words, kind: Kind = Kind.REPLY) -> None:
        """Promise a message under the asker's own message."""
        self.tell_village(replace(words, reply_to=self.file.question), kind)

    def tell_village(
        self, words: Words, kind: Kind = Kind.REPLY, not_before: datetime | None = None
    ) -> None:
        """Promise a message to the ticket's village."""
        self._outgoing.append(
            ToVillage(
                key=self.next_key(),
                kind=kind,
                chat=self.file.village.chat,
                words=self._slotted(words),
                ticket=self.ticket.id,
                by_clock=self.by_clock,
                not_before=not_before,
            )
        )

    def tell_hub(self, words: Words, kind: Kind = Kind.REPLY) -> None:
        """Promise a message to the ticket's hub."""
        self._outgoing.append(
            ToHub(
                key=self.next_key(),
                kind=kind,
                chat=self.file.hub.chat,
                words=self._slotted(words),
                ticket=self.ticket.id,
                by_clock=self.by_clock,
            )
        )

    def say(self, message: Outgoing) -> None:
        """Promise a message that belongs to no ticket."""
        self._outgoing.append(message)

    def toast(self, incoming: Incoming, text: str) -> None:
        """Promise the short reaction to a press; nothing for a typed choice."""
        if incoming.press is not None:
            press = incoming.press.press_id
            self.say(Toast(key=self.next_key(), chat=incoming.chat, press_id=press, text=text))

    def settle_choice(self, said: OutboxItem | None, label: str) -> None:
        """Edit the message that offered a choice: the choice stands there, its buttons go."""
        if said is None or said.slot is None or not said.buttons:
            return
        words = Words(text=rendering.chosen(said.text, label, self.words), slot=said.slot)
        if said.chat == self.file.hub.chat.ref:
            self.tell_hub(words)
        else:
            self.tell_village(words)

    def done(self, *, card: bool = True) -> Decision:
        """Set and cancel alarms, bring the card up to date, and hand everything over."""
        if self.dossier is None:
            return Decision(outgoing=tuple(self._outgoing), also=tuple(self._also))
        wanted = self.alarms()  # setting and taking back alarms changes none of them
        timers = self._set_alarms(wanted)
        if card and relay.in_hub(self.file.journal):
            self._tell_deadlines()
            self._show_card(wanted)
        return Decision(
            ticket=self.ticket,
            entries=tuple(self._entries),
            timers=(*self._fired, *timers),
            links=tuple(self._links),
            outgoing=tuple(self._outgoing),
            also=tuple(self._also),
        )

    def alarms(self) -> Sequence[dues.Alarm]:
        """Return every alarm that the running clocks want."""
        file, (at, known) = self.file, self._known
        if at == file.ticket.seq:
            return known
        running = clocks.running(file.journal)
        wanted = dues.alarms(running, file.ticket, file.policy, file.calendar)
        self._known = (file.ticket.seq, wanted)
        return wanted

    def _set_alarms(self, wanted: Sequence[dues.Alarm]) -> Sequence[Timer]:
        file = self.file
        arm, cancel = dues.reconcile(file.ticket.id, wanted, file.timers, self.now)
        for timer in cancel:
            self.record(Event.CANCELLED, Role.BOT, None, **dues.told(timer))
        for timer in arm:
            self.record(Event.ARMED, Role.BOT, None, **dues.told(timer))
        return (*cancel, *arm)

    def _tell_deadlines(self) -> None:
        """A limit of the law that is over soon: said aloud when the ticket comes to the hub."""
        if not any(entry.event in relay.ENTERS_HUB for entry in self._entries):
            return
        today = rendering.date_of(self.now)
        for one in relay.deadlines(self.file.journal):
            if 0 <= (days := one.left(today)) <= NEAR:
                self.tell_hub(cards.deadline(self.file, one, days, self.words))

    def _show_card(self, wanted: Sequence[dues.Alarm]) -> None:
        """Promise the card as it stands now, before what is said under it."""
        file = self.file
        shown = relay.card(file.ticket, file.journal, wanted, file.village.name)
        on_duty = roster.on_duty(file.duties, self.now)
        names = {one.id: cards.hub_name(one, self.words) for one in file.people.values()}
        self.tell_hub(
            cards.card(replace(shown, on_duty=on_duty), names, self.now, self.words), Kind.CARD
        )
        self._outgoing.insert(0, self._outgoing.pop())

    def next_key(self) -> str:
        """Return the key of the message that is promised next."""
        return f"{self.key}:{len(self._outgoing)}"

    def _slotted(self, words: Words) -> Words:
        """A message with buttons is a slot of its own, so that it can be edited later."""
        return replace(words, slot=self.next_key()) if words.buttons and not words.slot else words
