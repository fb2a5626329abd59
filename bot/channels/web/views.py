"""What is to be seen of the chats, as whom? Rows → values a template can show as they are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from base.messages import ChatRef
from base.webchat import WebMessage, WebPress
from bot.channels.web.desk import Persona, RoomKind, Sandbox, Words
from bot.channels.web.platform import held
from bot.ports import Unit
from bot.rendering import up_to_minute, when
from escalation.calendar import BEIJING
from escalation.working_time import is_open, next_opening

LATEST = 200  # messages of a group on the page
EXCERPT = 36  # characters of a quoted message


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """What was read of the database, at one moment; `press` is the persona's latest."""

    rooms: Mapping[RoomKind, "Seen"] = field(default_factory=dict)
    press: WebPress | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What was read of one chat; `quoted` are the messages replied to, by id."""

    messages: Sequence[WebMessage] = ()
    quoted: Mapping[int, WebMessage] = field(default_factory=dict)

    @property
    def older(self) -> bool:
        """Whether there is more than is shown."""
        return len(self.messages) > LATEST


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """Who reads which group, and what its people are, by the platform's id."""

    words: Words
    kind: RoomKind
    me: str
    titles: Mapping[str, str]

    def side(self, author: str | None) -> str:
        """Return whose message it is, seen from the reader."""
        if author is None:
            return "ours"
        return "mine" if author == self.me else "theirs"

    def title(self, author: str | None) -> str:
        """Return what the author is."""
        if author is None:
            return self.words("web.bot_title")
        return self.titles.get(author, "")


def read(unit: Unit, desk: Sandbox, persona: Persona) -> Snapshot:
    """Read what the page shows, in one transaction."""
    rooms = {kind: read_chat(unit, desk.room(kind).chat) for kind in RoomKind}
    return Snapshot(rooms=rooms, press=unit.web.last_press(persona.ref.id))


def read_chat(unit: Unit, chat: ChatRef) -> Seen:
    """Read the newest messages of a chat, and what they reply to."""
    rows = unit.web.latest(chat.chat_id, LATEST + 1)
    here = {row.id: row for row in rows}
    quoted: dict[int, WebMessage] = {}
    for wanted in {row.reply_to for row in rows if row.reply_to is not None}:
        found = here.get(wanted) or held(unit, chat, wanted)
        if found is not None:
            quoted[wanted] = found
    return Seen(messages=rows, quoted=quoted)


def room(desk: Sandbox, persona: Persona, kind: RoomKind, seen: Snapshot) -> RoomView:
    """Return one group as the persona sees it."""
    titles = {one.ref.id: one.title for one in desk.personas}
    reader = Reader(words=desk.words, kind=kind, me=persona.ref.id, titles=titles)
    chat = seen.rooms.get(kind, Seen())
    return RoomView(
        kind=kind,
        name=desk.room(kind).name,
        here=desk.home(persona) is kind,
        older=chat.older,
        messages=messages(chat, reader),
        others=tuple(one for one in desk.personas if desk.home(one) is kind),
    )


def messages(seen: Seen, reader: Reader) -> tuple[MessageView, ...]:
    """Return the messages of a chat as the reader sees them."""
    shown = seen.messages[-LATEST:]
    days = _days(shown, reader.words)
    return tuple(
        _message(row, day, reader, seen.quoted) for row, day in zip(shown, days, strict=True)
    )


def reaction(press: WebPress | None) -> dict[str, object]:
    """Return the reaction to a press as the templates know it; press 0 while there is none."""
    reacted = press is not None and press.toast is not None
    return {
        "press": press.id if press is not None and reacted else 0,
        "toast": (press.toast or "") if press is not None else "",
    }


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


def _message(
    row: WebMessage, day: str, reader: Reader, quotes: Mapping[int, WebMessage]
) -> MessageView:
    here = row.at.astimezone(BEIJING)
    may_be_card = row.author is None and reader.kind is RoomKind.HUB
    head, body = _split(row.text) if may_be_card else ("", row.text)
    quoted = quotes.get(row.reply_to or 0)
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
