"""Stop and start again: everything is still there, and due when it was due."""

from datetime import timedelta
from pathlib import Path

from escalation.model import Event, Status
from tests.journeys.baishi import MONDAY_9AM, baishi
from wenha.config_rules import Clocks

QUESTION = "问哈村长，无人机打药把我家茶叶熏坏了，找哪个？"


async def test_a_restart_in_between_changes_no_due_and_repeats_nothing(tmp_path: Path) -> None:
    # given a question in the village window, and the service stopped at 9:10
    async with baishi(tmp_path) as village:
        await village.say("zhang", QUESTION)
        await village.wait(minutes=10)

    # when it is started again only at 11:00, long after the window ended
    async with baishi(tmp_path, MONDAY_9AM + timedelta(hours=2)) as village:
        await village.service.runtime.settle()

        # then the window ended when it was due, and everything after it as well
        journal = await village.journal()
        handed_up = next(e for e in journal if e.event is Event.HANDED_UP)
        assert handed_up.at == MONDAY_9AM + timedelta(minutes=30)
        breach = next(e for e in journal if e.event is Event.BREACHED)
        assert breach.at == MONDAY_9AM + timedelta(minutes=90)
        before = [(m.id, m.text) for m in await village.both()]

    # and a second restart says nothing twice
    async with baishi(tmp_path, MONDAY_9AM + timedelta(hours=2)) as village:
        await village.service.runtime.settle()
        assert [(m.id, m.text) for m in await village.both()] == before
        assert (await village.ticket()).state is Status.QUEUED


async def test_old_buttons_and_cards_work_after_a_restart(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("zhang", QUESTION)
        await village.press("zhang", await village.ours(), "转给专家")

    async with baishi(tmp_path) as village:
        await village.press("chen", await village.card(), "认领")
        assert (await village.ticket()).state is Status.CLAIMED
        assert len(await village.chat("hub")) == 1  # the same card, edited


async def test_what_arrived_while_nobody_worked_is_handled_at_the_start(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        # given a message committed to the inbox, and a stop before it was handled
        member = next(one for one in village.members if one.id == "zhang")
        await village.service.platform.say(member.chat, member.ref, member.name, QUESTION)
        assert await village.inbox() == 1

    async with baishi(tmp_path) as village:
        await village.service.runtime.settle()
        assert (await village.ticket()).state is Status.IN_VILLAGE


async def test_a_ticket_keeps_the_promises_it_was_opened_with(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("zhang", QUESTION)

    # when the operator shortens the window and starts again
    async with baishi(tmp_path, clocks=Clocks(village_window=5)) as village:
        await village.say("li", "问哈村长，我家户口本掉了啷个补？")
        await village.wait(minutes=5)

        # then only the question asked since then is due earlier
        assert (await village.ticket(1)).state is Status.IN_VILLAGE
        assert (await village.ticket(2)).state is Status.QUEUED
        await village.wait(minutes=25)
        assert (await village.ticket(1)).state is Status.QUEUED
