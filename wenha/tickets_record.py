"""How does a 咨询记录 look on paper? One ticket as a page that prints."""

from datetime import datetime
from pathlib import Path
from typing import TextIO

from jinja2 import Environment, PackageLoader, StrictUndefined

from base.errors import ConfigError
from base.wording import Wording
from bot import cards, explaining, rendering
from bot.facts import Dossier
from wenha.tickets import UNSEEN, dossier, moment, reading, told

_PAGES = Environment(
    loader=PackageLoader("wenha"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def write(
    database: Path, number: int, target: Path, *, words: Wording, now: datetime, out: TextIO
) -> int:
    """Write the record of a ticket as HTML; return the exit code.

    Raises:
        ConfigError: there is no such ticket, or the file can't be written.
    """
    with reading(database) as unit:
        file = dossier(unit, number)
    try:
        target.write_text(_page(file, words, now), "utf-8")
    except OSError as error:
        raise ConfigError([f"写不了 {target}：{error.strerror}"]) from None
    print(f"{number}号工单的咨询记录写进了 {target}", file=out)
    return 0


def _page(file: Dossier, words: Wording, now: datetime) -> str:
    ticket = file.ticket
    names = {one.id: cards.hub_name(one, words) for one in file.people.values()}
    return _PAGES.get_template("record.html").render(
        ticket=ticket,
        village=file.village.name,
        hub=file.hub.name,
        state=rendering.state(ticket, words),
        category=words(f"category.{ticket.category}") if ticket.category else "",
        question=str(file.journal[0].data["text"]),
        opened=moment(ticket.opened_at),
        events=[
            (moment(entry.at), told(entry, names, words))
            for entry in file.journal
            if entry.event not in UNSEEN
        ],
        clocks=explaining.whole(file, now, words),
        printed=moment(now),
    )
