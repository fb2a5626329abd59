"""Which button was meant: pressed, or typed by its label or its number? Pure."""

from base.errors import Refused
from base.messages import Act, Button
from bot import routing
from bot.facts import Facts


def chosen(facts: Facts, act: Act | None) -> Button | None:
    """Return the button that was meant, None for words that choose nothing.

    Args:
        facts: what is known about the message.
        act: what its words ask for, where they are a label.

    Raises:
        Refused: the pressed button is not one of ours, or there is no such number.
    """
    if facts.incoming.press is not None:
        if facts.pressed is None:
            raise Refused("refused.forged")
        return facts.pressed
    if act is not None:
        ticket = facts.dossier.ticket.id if facts.dossier else 0
        return Button(label=facts.words(f"label.{act}"), act=act, ticket=ticket)
    number = routing.number(facts.incoming.text)
    offered = facts.said.buttons if facts.said is not None else ()
    if number is None or not offered:
        return None
    if number > len(offered):
        raise Refused("refused.no_such_choice", {"number": str(number)})
    return offered[number - 1]
