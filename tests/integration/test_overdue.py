"""What is overdue for a ticket rings before anything else happens to it, and never in its way."""

from datetime import timedelta
from pathlib import Path

from escalation.model import ClockKind, Event, Status, Timer
from tests.fakes import HUB, VILLAGE
from tests.town import ANSWER, a_town

AN_HOUR = timedelta(hours=1)


async def test_an_alarm_that_cannot_ring_does_not_hold_up_what_people_say(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        # given an alarm that makes no sense where the ticket stands
        card = await town.in_hub()
        at = town.clock.now()
        senseless = Timer(
            ticket=1, kind=ClockKind.SILENT, step=100, gen=1, cycle=1, started_at=at, due=at
        )
        await town.write(lambda unit: unit.timers.put([senseless]))

        # when a lawyer answers
        await town.answer(card)

        # then the answer is carried, and its arrival stops the clock
        assert town.carried()
        assert (await town.tickets())[0].state is Status.ANSWERED
        assert Event.ANSWER_DELIVERED in await town.story()


async def test_an_answer_that_arrives_late_finds_the_promise_broken_at_its_due(
    tmp_path: Path,
) -> None:
    async with a_town(tmp_path) as town:
        card = await town.in_hub()
        await town.wait(minutes=5)
        timers = await town.read(lambda unit: list(unit.timers.of(1)))
        (first,) = (t for t in timers if t.kind is ClockKind.FIRST_ANSWER and t.step == 100)

        # given an answer written before the due, and a machine that stands still until after it
        await town.say("chen", ANSWER, card.id)
        town.clock.move_to(first.due + AN_HOUR)
        await town.settle()

        journal = await town.journal()
        (broken,) = (
            entry
            for entry in journal
            if entry.event is Event.BREACHED and entry.data["clock"] == "first_answer"
        )
        (arrived,) = (entry for entry in journal if entry.event is Event.ANSWER_DELIVERED)
        assert broken.at == first.due
        assert broken.seq < arrived.seq
        assert ANSWER in town.channel.ours(VILLAGE)[-1].text
        assert len(town.channel.ours(HUB)) < 6
