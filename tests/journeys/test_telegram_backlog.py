"""What was said while we were away: a question and everything about it come in one batch."""

from pathlib import Path

from escalation.model import Event, Status
from tests.journeys.telegram_town import RARE, telegram_town


async def test_what_was_said_about_a_question_while_we_were_away_is_kept(
    tmp_path: Path,
) -> None:
    async with telegram_town(tmp_path) as town:
        people, kept = town.server.people, len(await town.kept())
        await town.running.stop()

        # given a question, a neighbour's word, chatter, and the asker's choice
        asked = people.say(town.zhang, town.village, RARE)
        people.say(town.li, town.village, "我家的也遭挖了", reply_to=asked.id)
        people.say(town.li, town.village, "今天赶场不？")
        people.say(town.zhang, town.village, "转给专家")
        await town.running.start()
        await town.settle()

        # then all of it counts, and the chatter is not stored
        assert (await town.ticket()).state is Status.QUEUED
        assert Event.NEIGHBOUR_SAID in await town.story()
        assert len(await town.kept()) == kept + 3


async def test_a_reply_to_chatter_keeps_nothing_when_its_turn_comes(tmp_path: Path) -> None:
    async with telegram_town(tmp_path) as town:
        people, kept = town.server.people, len(await town.kept())
        await town.running.stop()
        people.say(town.zhang, town.village, RARE)
        chatter = people.say(town.li, town.village, "今天赶场不？")
        people.say(town.zhang, town.village, "赶，一路去", reply_to=chatter.id)
        await town.running.start()
        await town.settle()
        assert len(await town.kept()) == kept + 1
