"""What follows when a channel tells something about a chat itself? Pure."""

from base.messages import Kind, NoticeKind, ToHub, Words
from bot import strangers, team
from bot.facts import NOT_OURS, Decision, Facts
from bot.turn import Turn
from escalation.changes import Move


def decide(facts: Facts, turn: Turn) -> Decision:
    """Return what follows: a greeting, a move to another id, or a word to the hub."""
    incoming, notice = facts.incoming, facts.incoming.notice
    if notice is None:
        return NOT_OURS
    if notice.kind is NoticeKind.MOVED and notice.to is not None:
        return Decision(ours=False, changes=(Move(old=incoming.chat, new=notice.to),))
    if notice.kind is NoticeKind.LEFT:
        return team.left(facts, turn, facts.hub) if facts.hub is not None else NOT_OURS
    if facts.village is None:
        return strangers.decide(facts) if facts.hub is None else NOT_OURS
    if notice.kind is not NoticeKind.REMOVED or facts.fresh is None:
        return NOT_OURS
    said = ToHub(
        key=f"{incoming.key}:0",
        kind=Kind.REPLY,
        chat=facts.fresh.hub.chat,
        words=Words(text=facts.words("hub.village_left", village=facts.village.name)),
    )
    return Decision(outgoing=(said,))
