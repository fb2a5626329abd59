"""Who becomes what: liaisons by a gesture, professions by a button. Pure."""

from base.errors import Refused
from base.messages import Button, Kind, Outgoing, Toast, ToHub, ToVillage, Words
from bot import routing
from bot.facts import Decision, Facts
from bot.strangers import PROFESSIONS
from escalation.changes import Appoint, Dismiss, Listen, Profess
from escalation.model import Membership


def changed(facts: Facts) -> Decision | None:
    """Return what follows where words change who may do what in a village; None for others."""
    text = facts.incoming.text
    if (on := routing.listens(text)) is not None:
        return listen(facts, on=on)
    if (on := routing.appoints(text)) is not None:
        return appoint(facts, on=on)
    return None


def appoint(facts: Facts, *, on: bool) -> Decision:
    """任命联络员, 撤销联络员 in reply to somebody of the village, by a liaison or a duty lead.

    Raises:
        Refused: by somebody else, or in reply to nobody.
    """
    if not facts.memberships & {Membership.LIAISON, Membership.DUTY_LEAD}:
        raise Refused("refused.only_liaison_appoints")
    if facts.author is None or facts.village is None:
        raise Refused("refused.nobody_to_appoint")
    person, place = facts.author, f"village:{facts.village.id}"
    joins = Appoint(person=person.id, place=place, membership=Membership.LIAISON)
    change = joins if on else Dismiss(person=person.id, place=place)
    text = facts.words("village.appointed" if on else "village.dismissed", name=person.name)
    return Decision(changes=(change,), outgoing=(_said(facts, text),))


def listen(facts: Facts, *, on: bool) -> Decision:
    """打开旁听, 关闭旁听: whether the village is answered unasked, by a liaison or a duty lead.

    Raises:
        Refused: by somebody else.
    """
    if not facts.memberships & {Membership.LIAISON, Membership.DUTY_LEAD}:
        raise Refused("refused.only_liaison_listens")
    if facts.village is None:
        raise Refused("refused.unknown")
    text = facts.words("village.listening" if on else "village.not_listening")
    change = Listen(village=facts.village.id, on=on)
    return Decision(changes=(change,), outgoing=(_said(facts, text),))


def profess(facts: Facts, button: Button) -> Decision:
    """A profession was pressed in the hub; it is chosen once.

    Raises:
        Refused: it was chosen before, or is none of ours.
    """
    words, person = facts.words, facts.person
    if person.profession:
        raise Refused("refused.profession_chosen", {"profession": person.profession})
    if button.arg not in PROFESSIONS:
        raise Refused("refused.forged")
    profession = words(f"profession.{button.arg}")
    text = words("hub.professed", name=person.name, profession=profession)
    said: Outgoing = _said(facts, text)
    if facts.incoming.press is not None:
        said = Toast(
            key=f"{facts.incoming.key}:0",
            chat=facts.incoming.chat,
            press_id=facts.incoming.press.press_id,
            text=text,
        )
    change = Profess(person=person.id, profession=profession)
    return Decision(changes=(change,), outgoing=(said,))


def _said(facts: Facts, text: str) -> Outgoing:
    key, words = f"{facts.incoming.key}:0", Words(text=text, reply_to=facts.incoming.message_id)
    if facts.hub is not None:
        return ToHub(key=key, kind=Kind.REPLY, chat=facts.hub.chat, words=words)
    if facts.village is None:
        raise Refused("refused.unknown")
    return ToVillage(key=key, kind=Kind.REPLY, chat=facts.village.chat, words=words)
