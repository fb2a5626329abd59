"""How does a village or hub come to live on the built-in channel? Made at once, with its links.

A link is its own key: whoever has it is of the place. Only the hash of its secret is stored, so
that it is printed once and never again; `--replace` makes new links and closes the old ones.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import TextIO

from base.errors import ConfigError
from base.messages import ChatRef, HubChat, Kind, ToHub, ToVillage, VillageChat, Words
from base.webchat import WebDoor
from base.wording import Wording
from bot.tokens import link_hash
from escalation.model import Membership
from storage.unit import Unit
from wenha.bind import hub_of, in_one_transaction
from wenha.config import Config

SECRET_BYTES = 24  # 192 bits
CHANNEL = "web"
VILLAGE_LINKS = {"给全村的链接，发给村里人": "", "给村长、村干部的链接": Membership.LIAISON}
DESK_LINKS = {"给村长、联络员的链接": Membership.LIAISON}
HUB_LINKS = {
    "给律师、调解员等答复人的链接": Membership.RESPONDER,
    "给值班组长的链接": Membership.DUTY_LEAD,
}


def bind_village(
    config: Config,
    name: str,
    hub: str | None,
    *,
    replacing: bool,
    now: datetime,
    out: TextIO,
    relayed: bool = False,
) -> int:
    """Make a village on the built-in channel and print its links; return the exit code.

    `relayed`: its page is the desk of a liaison, for a village's group that no bot can enter.

    Raises:
        ConfigError: there is no hub to answer for it yet, or the village is bound already.
    """

    def work(unit: Unit) -> ChatRef:
        known = next((one for one in unit.people.villages() if one.name == name), None)
        if known is not None:
            return _bound(name, known.chat.ref, replacing=replacing)
        chat, answers = _new_chat("village"), hub_of(unit, hub)
        unit.people.add_village(name, chat, answers.id, relayed=relayed)
        words = Wording(config.wording)
        welcome = words("place.welcome.village")
        said = Words(text=words("desk.welcome", village=name) if relayed else welcome)
        place, key = VillageChat(ref=chat), f"bind:{chat.lane}"
        unit.outbox.promise(ToVillage(key=key, kind=Kind.REPLY, chat=place, words=said), now)
        return chat

    kinds = DESK_LINKS if relayed else VILLAGE_LINKS
    links = in_one_transaction(config.database, lambda unit: _open(unit, work(unit), kinds))
    return _tell(config, name, links, out)


def bind_hub(config: Config, name: str, *, replacing: bool, now: datetime, out: TextIO) -> int:
    """Make a hub on the built-in channel and print its links; return the exit code.

    Raises:
        ConfigError: there is such a hub already.
    """

    def work(unit: Unit) -> ChatRef:
        known = unit.people.hub_named(name)
        if known is not None:
            return _bound(name, known.chat.ref, replacing=replacing)
        chat = _new_chat("hub")
        unit.people.add_hub(name, chat)
        said = Words(text=Wording(config.wording)("place.welcome.hub"))
        place, key = HubChat(ref=chat), f"bind:{chat.lane}"
        unit.outbox.promise(ToHub(key=key, kind=Kind.REPLY, chat=place, words=said), now)
        return chat

    links = in_one_transaction(config.database, lambda unit: _open(unit, work(unit), HUB_LINKS))
    return _tell(config, name, links, out)


def _new_chat(kind: str) -> ChatRef:
    return ChatRef(channel=CHANNEL, chat_id=f"{kind}:{secrets.token_hex(8)}")


def _bound(name: str, chat: ChatRef, *, replacing: bool) -> ChatRef:
    """Return the chat of a place that is there already and is to get new links."""
    if chat.channel != CHANNEL:
        raise ConfigError([f"“{name}”已经绑定了别处的群，不能再开网页"])
    if not replacing:
        raise ConfigError([f"“{name}”已经有网页了。链接丢了，要换新的，请加 --replace"])
    return chat


def _open(unit: Unit, chat: ChatRef, links: Mapping[str, str]) -> Mapping[str, str]:
    """Give a chat new links, closing those it had; return their secrets by what they are for."""
    unit.doors.close(chat.chat_id)
    made = {}
    for label, part in links.items():
        made[label] = secrets.token_urlsafe(SECRET_BYTES)
        unit.doors.open(link_hash(made[label]), WebDoor(chat_id=chat.chat_id, part=str(part)))
    return made


def _tell(config: Config, name: str, links: Mapping[str, str], out: TextIO) -> int:
    say = partial(print, file=out)
    say(f"“{name}”的网页开好了。链接就是钥匙，只显示这一次；丢了用 --replace 换新的。")
    for label, secret in links.items():
        say(f"{label}：\n{config.web.address}/v/{secret}")
    if not config.web.url:
        say("这是本机地址，别的手机打不开。对外的地址写在配置的 web.url 里。")
    return 0
