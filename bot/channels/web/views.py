"""What is to be seen of the chats, as whom? Rows → values a template can show as they are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from base.webchat import WebMessage, WebPress
from bot.channels.web.desk import Persona, RoomKind, Sandbox, Words
from bot.channels.web.platform import held
from bot.ports import Unit
from bot.rendering import up_to_minute, when
from escalation.calendar import BEIJING, is_open, next_opening

LATEST = 200  # messages of a group on the page
EXCERPT = 36  # characters of a quoted message


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """What was read of the database, at one moment.

    Attributes:
        quoted: the messages replied to, by id.
        press: the persona's latest press.
    """

    messages: Mapping[RoomKind, Sequence[WebMessage]] = field(default_factory=dict)
    quoted: Mapping[int, WebMessage] = field(default_factory=dict)
    press: WebPress | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """The message a reply points at, cut short."""

    id: int
    name: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageView:
    """One message as shown.

    Attributes:
        side: "ours" for the bot, "mine" for the persona, "theirs" for anybody else.
        day: the date, on the first message of it.
        head: the first line of a card, else empty.
    """

    id: int
    side: str
    name: str
    title: str
    time: str
    day: str
    quote: Quote | None
    head: str
    body: str
    buttons: tuple[str, ...]
    edited: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomView:
    """One group; `here` when the persona speaks in it, `older` when there is more than shown."""

    kind: RoomKind
    name: str
    here: bool
    older: bool
    messages: tuple[MessageView, ...]
    others: tuple[Persona, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockView:
    """The sandbox clock in Beijing time; `next_due` is empty when nothing waits."""

    date: str
    short_date: str
    time: str
    is_open: bool
    opens_at: str
    next_due: str


def read(unit: Unit, desk: Sandbox, persona: Persona) -> Snapshot:
    """Read what the page shows, in one transaction."""
    messages = {
        kind: unit.web.latest(desk.room(kind).chat.chat_id, LATEST + 1) for kind in RoomKind
    }
    quoted: dict[int, WebMessage] = {}
    for kind, rows in messages.items():
        here = {row.id: row for row in rows}
        for wanted in {row.reply_to for row in rows if row.reply_to is not None}:
            found = here.get(wanted) or held(unit, desk.room(kind).chat, wanted)
            if found is not None:
                quoted[wanted] = found
    press = unit.web.last_press(persona.ref.id)
    return Snapshot(messages=messages, quoted=quoted, press=press)


def room(desk: Sandbox, persona: Persona, kind: RoomKind, seen: Snapshot) -> RoomView:
    """Return one group as the persona sees it."""
    rows = seen.messages.get(kind, ())
    shown = rows[-LATEST:]
    reader = _Reader(desk=desk, persona=persona, kind=kind, quoted=seen.quoted)
    return RoomView(
        kind=kind,
        name=desk.room(kind).name,
        here=desk.home(persona) is kind,
        older=len(rows) > LATEST,
        messages=tuple(
            _message(row, day, reader)
            for row, day in zip(shown, _days(shown, desk.words), strict=True)
        ),
        others=tuple(one for one in desk.personas if desk.home(one) is kind),
    )


def quote(message: WebMessage) -> Quote:
    """Return a message cut short, on one line; of ours the first line says what it is."""
    text = message.text.partition("\n")[0] if message.author is None else message.text
    line = " ".join(text.split())
    short = line if len(line) <= EXCERPT else line[:EXCERPT] + "……"
    return Quote(id=message.id, name=message.author_name, text=short)


def clock(desk: Sandbox, now: datetime, next_due: datetime | None) -> ClockView:
    """Return the clock bar."""
    here, working = now.astimezone(BEIJING), is_open(desk.calendar, now)
    opening = when(next_opening(desk.calendar, now), now)
    return ClockView(
        date=_date("web.date", here.date(), desk.words),
        short_date=_date("web.short_date", here.date(), desk.words),
        time=f"{here.hour:02}:{here.minute:02}",
        is_open=working,
        opens_at="" if working else desk.words("web.opens_at", time=opening),
        next_due="" if next_due is None else when(up_to_minute(next_due), now),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reader:
    """Who reads which group."""

    desk: Sandbox
    persona: Persona
    kind: RoomKind
    quoted: Mapping[int, WebMessage]

    def side(self, author: str | None) -> str:
        """Return whose message it is, seen from the persona."""
        if author is None:
            return "ours"
        return "mine" if author == self.persona.ref.id else "theirs"

    def title(self, author: str | None) -> str:
        """Return what the author is."""
        if author is None:
            return self.desk.words("web.bot_title")
        known = self.desk.find(author)
        return known.title if known else ""


def _message(row: WebMessage, day: str, reader: _Reader) -> MessageView:
    here = row.at.astimezone(BEIJING)
    may_be_card = row.author is None and reader.kind is RoomKind.HUB
    head, body = _split(row.text) if may_be_card else ("", row.text)
    quoted = reader.quoted.get(row.reply_to or 0)
    return MessageView(
        id=row.id,
        side=reader.side(row.author),
        name=row.author_name,
        title=reader.title(row.author),
        time=f"{here.hour:02}:{here.minute:02}",
        day=day,
        quote=None if quoted is None else quote(quoted),
        head=head,
        body=body,
        buttons=tuple(button.label for button in row.buttons),
        edited=row.edited_at is not None,
    )


def _split(text: str) -> tuple[str, str]:
    """Return a card's first line and the rest; a message of one line is no card."""
    head, line_break, rest = text.partition("\n")
    return (head, rest) if line_break else ("", text)


def _days(rows: Sequence[WebMessage], words: Words) -> Iterator[str]:
    before: date | None = None
    for row in rows:
        day = row.at.astimezone(BEIJING).date()
        yield "" if day == before else _date("web.short_date", day, words)
        before = day


def _date(key: str, day: date, words: Words) -> str:
    weekday = words("web.weekdays")[day.weekday()]
    return words(key, month=day.month, day=day.day, weekday=weekday)
