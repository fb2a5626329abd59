"""What does an asker hear of the own questions: 进度, 我的问题, 撤回? Pure."""

from dataclasses import replace

from base.errors import Refused
from base.messages import Kind, ToVillage, Words
from base.text import beginning
from bot import choices, questions, rendering, routing
from bot.facts import Decision, Dossier, Facts
from bot.routing import Own
from bot.turn import Turn
from escalation.lifecycle import OPEN
from escalation.model import Role, Village

SHOWN = 16  # characters of each question


def decide(facts: Facts, turn: Turn, village: Village, asked: Own) -> Decision:
    """Return what follows from words about one's own questions.

    Raises:
        Refused: there is nothing to take back, or it is not clear which.
    """
    unsettled = [file for file in facts.own if file.ticket.state in OPEN]
    if asked is Own.WITHDRAW:
        if len(unsettled) != 1:
            raise Refused("refused.withdraw_which" if unsettled else "refused.nothing_open")
        return choices.take_back(facts, replace(turn, dossier=unsettled[0]))
    told = facts.own if asked is Own.ALL else unsettled
    if turn.dossier is not None and facts.incoming.reply_to is not None:
        told = [turn.dossier]
    lines = "\n".join(_line(turn, file) for file in told)
    key = "own.list" if lines else ("own.none" if asked is Own.ALL else "own.none_open")
    words = Words(text=turn.words(key, lines=lines), reply_to=facts.incoming.message_id)
    said = ToVillage(key=f"{turn.key}:0", kind=Kind.REPLY, chat=village.chat, words=words)
    return Decision(outgoing=(said,))


def _line(turn: Turn, file: Dossier) -> str:
    """One question: its number, its beginning, where it stands, and until when."""
    due = questions.answer_due(turn.anew(file.ticket.id, file))
    promise = ""
    if due is not None:
        key = "own.promise" if due > turn.now else "own.late"
        promise = turn.words(key, time=rendering.when(rendering.up_to_minute(due), turn.now))
    return turn.words(
        "own.line",
        ticket=file.ticket.id,
        text=beginning(str(file.journal[0].data["text"]), SHOWN),
        state=rendering.state(file.ticket, turn.words),
        promise=promise,
    )


def asked(facts: Facts, turn: Turn) -> Own | None:
    """Return what somebody of a village wants to know of the own questions.

    In reply to one of them 进度 is about that one, and 撤回 is words about that ticket.
    """
    found, incoming = routing.about_own(facts.incoming.text), facts.incoming
    if incoming.press is not None or found is None or incoming.reply_to is None:
        return found if incoming.press is None else None
    own = turn.dossier is not None and choices.role_of(facts, turn) is Role.ASKER
    return found if own and found is not Own.WITHDRAW else None
