"""Which open tickets hang on a year that is published by now? They are counted anew, once.

Everything else a ticket was opened under stays as it was.
"""

import logging
from datetime import datetime
from functools import partial

from bot import dossiers, questions
from bot.applying import apply, catch_up
from bot.facts import Dossier, Rules
from bot.gather import House
from bot.ports import Store, Unit
from bot.turn import Turn
from escalation.calendar import WorkCalendar
from escalation.model import Role, Status, TimerState

logger = logging.getLogger(__name__)


async def recompute(store: Store, house: House, now: datetime) -> int:
    """Count anew what was provisional and is known now; return how many tickets that were."""
    version = house.calendar.version
    open_ones = await store.read(lambda unit: unit.tickets.open_under_other(version))
    moved = 0
    for number in open_ones:
        work = partial(_recompute, house=house, number=number, now=now)
        moved += await store.write(work, lane=f"ticket:{number}")
    if moved:
        logger.info("provisional dues counted anew", extra={"tickets": moved})
    return moved


def hangs_on(file: Dossier, calendar: WorkCalendar) -> bool:
    """Whether an alarm that has not rung counts days which only `calendar` knows for sure."""
    newer = calendar.last_known_year > file.calendar.last_known_year
    return newer and any(
        timer.provisional and timer.state is not TimerState.FIRED for timer in file.timers
    )


def _recompute(unit: Unit, *, house: House, number: int, now: datetime) -> bool:
    file = dossiers.dossier(unit, number)
    if catch_up(unit, file, house.words, now):
        file = dossiers.dossier(unit, number)
    if file is None or file.ticket.state is Status.CLOSED:
        return False
    calendar = house.calendar_of(file.hub.name)
    if not hangs_on(file, calendar):
        return False
    key = f"calendar:{number}:{calendar.version}"
    turn = Turn(key=key, at=now, now=now, words=house.words, dossier=file)
    policy = unit.rules.policy(file.ticket.policy_version)
    questions.change_rules(turn, Rules(policy=policy, calendar=calendar), Role.BOT, None)
    apply(unit, turn.done(), now)
    return True
