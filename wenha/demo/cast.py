"""Who lives in the sandbox? 白石村, its people, and the hub that answers for it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from base.messages import ChatRef, PersonRef
from base.staff import StaffRole
from base.wording.web import TRIES_HUB, TRIES_LIAISON, TRIES_VILLAGER
from console import auth
from escalation.model import Membership
from storage.unit import Unit

VILLAGE = ChatRef(channel="web", chat_id="village:baishi")
HUB = ChatRef(channel="web", chat_id="hub:wulong")
VILLAGE_NAME, HUB_NAME = "白石村", "法律服务值守群"
STAFF: Mapping[str, frozenset[StaffRole]] = {
    "王芳": frozenset({StaffRole.CURATOR}),
    "赵敏": frozenset({StaffRole.REVIEWER}),
    "老周": frozenset({StaffRole.OPERATOR}),
}
"""Who works at the staff pages: one writes, another checks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """Somebody of the sandbox; `part` None is any villager."""

    id: str
    name: str
    title: str
    chat: ChatRef
    part: Membership | None = None
    tries: tuple[str, ...] = ()

    @property
    def ref(self) -> PersonRef:
        """The person on the built-in channel."""
        return PersonRef(channel="web", id=self.id)


CAST: tuple[Member, ...] = (
    Member(id="zhang", name="张秀兰", title="村民", chat=VILLAGE, tries=TRIES_VILLAGER),
    Member(id="li", name="李大山", title="村民", chat=VILLAGE, tries=TRIES_VILLAGER),
    Member(
        id="wang",
        name="王村长",
        title="村长",
        chat=VILLAGE,
        part=Membership.LIAISON,
        tries=TRIES_LIAISON,
    ),
    Member(
        id="chen", name="陈静", title="律师", chat=HUB, part=Membership.RESPONDER, tries=TRIES_HUB
    ),
    Member(
        id="luo",
        name="罗国安",
        title="调解员",
        chat=HUB,
        part=Membership.RESPONDER,
        tries=TRIES_HUB,
    ),
    Member(
        id="zhou",
        name="周敏",
        title="值班组长",
        chat=HUB,
        part=Membership.DUTY_LEAD,
        tries=TRIES_HUB,
    ),
)


def move_in(unit: Unit) -> None:
    """Make village, hub and people known; doing it twice changes nothing."""
    hub = unit.people.add_hub(HUB_NAME, HUB)
    village = unit.people.add_village(VILLAGE_NAME, VILLAGE, hub.id)
    for member in CAST:
        if member.part is None:
            continue
        place = f"village:{village.id}" if member.chat == VILLAGE else f"hub:{hub.id}"
        person = unit.people.meet(member.ref, member.name)
        profession = "" if member.chat == VILLAGE else member.title
        unit.people.join(person.id, place, member.part, profession)


def hire(unit: Unit, now: datetime) -> str:
    """Give the people of the staff pages a password for today; return who they are, and it."""
    password = secrets.token_urlsafe(9)
    kept = auth.hashed(password)
    for name, roles in STAFF.items():
        account = unit.staff.named(name)
        if account is None:
            unit.staff.add(name, roles, kept, now)
        else:
            unit.staff.set_password(account.staff, kept)
    return f"名字 {'、'.join(STAFF)}，密码都是 {password}"
