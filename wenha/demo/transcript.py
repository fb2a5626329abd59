"""What was said on a day? Read from inbox and outbox: what is in neither was not kept."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from base.boxes import InboxItem, OutboxItem, OutboxState
from base.messages import ChatRef, Incoming, PersonRef
from bot.channels.base import Channel
from escalation.calendar import BEIJING
from escalation.model import Membership
from storage.unit import Unit

INDENT = "      "
QUOTE = 30  # characters of the message replied to


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One thing said; the fields are the contract of `demo --script --json`."""

    at: str
    chat: str
    village: str
    from_: str
    name: str
    text: str
    buttons: tuple[str, ...]
    reply_to: str | None
    ticket: int | None
    edited: bool
    id: str

    def as_json(self) -> str:
        """Return the line as one JSON object."""
        fields = {key.rstrip("_"): value for key, value in asdict(self).items()}
        return json.dumps(fields, ensure_ascii=False)


def read_lines(unit: Unit, channels: Mapping[str, Channel], bot: str) -> list[Line]:
    """Return everything said, in the order it happened; `bot` is our own name."""
    return _Reader(unit, channels, bot).lines()


class _Reader:
    """Walks through inbox and outbox of one unit."""

    def __init__(self, unit: Unit, channels: Mapping[str, Channel], bot: str) -> None:
        self._unit = unit
        self._channels = channels
        self._bot = bot
        self._tickets = {
            entry.source: ticket.id
            for ticket in unit.tickets.all()
            for entry in unit.tickets.journal(ticket.id)
            if entry.source
        }

    def lines(self) -> list[Line]:
        """Return all lines, arrivals before what was said at the same moment."""
        moments: list[tuple[datetime, int, int, InboxItem | OutboxItem]] = [
            (item.received_at, 0, item.id, item) for item in self._unit.inbox.kept()
        ]
        moments += [
            (item.sent_at, 1, item.id, item)
            for item in self._unit.outbox.all()
            if item.state is OutboxState.SENT and item.sent_at is not None
        ]
        found: list[Line] = []
        seen: set[str] = set()
        for at, _, _, item in sorted(moments, key=lambda moment: moment[:3]):
            if isinstance(item, InboxItem):
                made = [line for line in self._arrived(item) if line.id not in seen]
            else:
                made = [self._said(item, at, seen)]
            seen.update(line.id for line in made)
            found += made
        return found

    def _arrived(self, item: InboxItem) -> Iterator[Line]:
        """A message or press; before it the message it makes the question, if never stored."""
        incoming = self._channels[item.chat.channel].parse(json.loads(item.raw or ""))
        ticket = self._tickets.get(item.key)
        replied = incoming.reply_to
        if replied is not None and replied.author is not None:
            yield self._line(
                incoming.chat,
                incoming.at,
                id=line_id(item.chat, replied.message_id),
                from_=self._role(incoming.chat, replied.author),
                name=replied.author_name,
                text=replied.text,
                ticket=ticket,
            )
        pressed = incoming.press
        points_at = pressed.message_id if pressed else replied.message_id if replied else None
        yield self._line(
            incoming.chat,
            incoming.at,
            id=item.key if pressed else line_id(item.chat, incoming.message_id),
            from_=self._role(incoming.chat, incoming.sender),
            name=incoming.sender_name,
            text=self._label(incoming) if pressed else incoming.text,
            ticket=ticket,
            reply_to=line_id(item.chat, points_at) if points_at else None,
        )

    def _said(self, item: OutboxItem, at: datetime, seen: set[str]) -> Line:
        shown = line_id(item.chat, item.message_id) if item.message_id else f"toast:{item.id}"
        reply_to = item.reply_to
        if item.reply_slot is not None:
            reply_to = self._unit.outbox.slot_message(item.reply_slot, item.chat)
        line = self._line(
            item.chat,
            at,
            id=shown,
            from_="clock" if item.by_clock else "bot",
            name=self._bot,
            text=item.text,
            ticket=item.ticket,
            reply_to=line_id(item.chat, reply_to) if reply_to else None,
        )
        return replace(
            line,
            chat="direct" if item.press else line.chat,
            buttons=tuple(button.label for button in item.buttons),
            edited=shown in seen,
        )

    def _line(
        self,
        chat: ChatRef,
        at: datetime,
        *,
        id: str,
        from_: str,
        name: str,
        text: str,
        ticket: int | None,
        reply_to: str | None = None,
    ) -> Line:
        village = self._unit.people.village_of(chat)
        return Line(
            at=at.isoformat(),
            chat="village" if village else "hub",
            village=village.name if village else "",
            from_=from_,
            name=name,
            text=text,
            buttons=(),
            reply_to=reply_to,
            ticket=ticket,
            edited=False,
            id=id,
        )

    def _role(self, chat: ChatRef, ref: PersonRef) -> str:
        village = self._unit.people.village_of(chat)
        if village is None:
            return "responder"
        person = self._unit.people.find(ref)
        parts = self._unit.people.memberships(person.id, f"village:{village.id}") if person else ()
        return "liaison" if Membership.LIAISON in parts else "villager"

    def _label(self, incoming: Incoming) -> str:
        """The label of the button that was pressed, from what we said last with buttons."""
        token = incoming.press.token if incoming.press else ""
        act, _, rest = token.partition(".")
        number, _, rest = rest.partition(".")
        arg = rest.rpartition(".")[0]
        for item in self._unit.outbox.all():
            for button in item.buttons:
                if (button.act, str(button.ticket), button.arg) == (act, number, arg):
                    return button.label
        return token


def line_id(chat: ChatRef, message_id: str) -> str:
    """Return the id under which a message appears."""
    return f"{chat.chat_id}/{message_id}"


def readable(lines: Iterable[Line]) -> Iterator[str]:
    """Return the lines as a person reads them; of an edited message only what is new in it."""
    day = None
    texts: dict[str, str] = {}
    for line in lines:
        at = datetime.fromisoformat(line.at).astimezone(BEIJING)
        if at.date() != day:
            day = at.date()
            weekday = "一二三四五六日"[day.weekday()]
            yield f"\n════ {day.year}年{day.month}月{day.day}日 周{weekday} ════"
        where = {"village": line.village, "hub": "值守群", "direct": "只给本人看"}[line.chat]
        yield f"\n{at:%H:%M} [{where}] {line.name}{'（改了上面那条）' if line.edited else ''}"
        yield from (f"{INDENT}{text}" for text in _body(line, texts))
        texts[line.id] = line.text


def _body(line: Line, texts: Mapping[str, str]) -> Iterator[str]:
    before = texts.get(line.id, "").split("\n")
    quoted = texts.get(line.reply_to or "", "").split("\n")[0]
    if quoted and not line.edited:
        yield f"│ {quoted[:QUOTE]}{'…' if len(quoted) > QUOTE else ''}"
    yield from (text for text in line.text.split("\n") if text and text not in before)
    if line.buttons:
        yield " ".join(f"〔{label}〕" for label in line.buttons)
