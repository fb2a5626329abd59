"""Stop and start between any two steps of a story, each taken in and not handled: no change."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from escalation.model import Event
from tests.journeys.telegram_running import By, both_ways
from tests.journeys.telegram_town import ANSWER, RARE, WAGES, TelegramTown, telegram_town
from tests.telegram_server.view import Seen

Act = Callable[[TelegramTown], Awaitable[object]]


def _ours_with(town: TelegramTown, label: str) -> Seen:
    """The newest message of ours in the village that offers this."""
    with_it = [
        seen for seen in town.all_ours(town.village) if any(label in row for row in seen.buttons)
    ]
    return with_it[-1]


def _asker_presses(label: str) -> Act:
    return lambda town: town.press(town.zhang, town.village, _ours_with(town, label), label)


def _neighbour(town: TelegramTown) -> Awaitable[object]:
    question = next(seen for seen in town.read(town.village) if seen.text == RARE)
    return town.say(town.li, town.village, "我屋头也遭过", question)


STORY: Sequence[Act] = (
    lambda town: town.press(town.chen, town.hub, town.hub_welcome(), "律师"),
    lambda town: town.ask(),
    _neighbour,
    lambda town: town.wait(hours=2, minutes=30),
    lambda town: town.wait(hours=1),
    lambda town: town.press(town.chen, town.hub, town.card(), "认领"),
    lambda town: town.answer(),
    _asker_presses("还有疑问"),
    lambda town: town.say(town.zhang, town.village, "拍了发给哪个？", town.ours(town.village)),
    lambda town: town.say(town.chen, town.hub, "自己留着。", town.ours(town.hub)),
    _asker_presses("解决了"),
    lambda town: town.say(town.li, town.village, WAGES),
    lambda town: town.say(town.li, town.village, "2"),
    lambda town: town.say(town.zhang, town.village, "紧急"),
    lambda town: town.wait(minutes=20),
)

Told = tuple[list[Seen], list[Seen], list[list[Event]]]


async def _told(folder: Path, by: By, *, restarting: bool) -> Told:
    """Tell the story; return what stands in both groups, and the journals."""
    async with telegram_town(folder, by) as town:
        town.running.restless = restarting
        for act in STORY:
            await act(town)
        journals = [await town.story(number) for number in (1, 2)]
        assert any(ANSWER in text for text in town.texts(town.village))
        assert any("超时没人认领" in text for text in town.texts(town.hub))
        return town.read(town.village), town.read(town.hub), journals


async def test_a_restart_between_any_two_steps_gives_the_same_story(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp
    village, hub, journals = await _told(folder("once"), By.POLLING, restarting=False)
    for by in By:
        again = await _told(folder(by), by, restarting=True)
        # the codes typed at the binding are the only words of chance
        assert _without_codes(again[0]) == _without_codes(village)
        assert _without_codes(again[1]) == _without_codes(hub)
        assert again[2] == journals


def _without_codes(seen: list[Seen]) -> list[Seen]:
    return [one for one in seen if not one.text.startswith("/bind")]


@both_ways
async def test_what_was_said_while_we_were_down_is_handled_in_order(
    tmp_path: Path, by: By
) -> None:
    async with telegram_town(tmp_path, by) as town:
        await town.in_hub()
        card = town.card()
        await town.running.stop()
        people = town.server.people
        people.press(town.chen, town.hub, card.id, "认领")
        people.say(town.chen, town.hub, ANSWER, reply_to=card.id)
        people.say(town.li, town.village, WAGES)
        await town.running.start()
        town.server.advance(seconds=30)  # the webhook's next try
        await town.settle()
        assert [e for e in await town.story() if e is not Event.ANSWER_DELIVERED][-2:] == [
            Event.CLAIMED,
            Event.ANSWER_GIVEN,
        ]
        assert len([text for text in town.texts(town.village) if ANSWER in text]) == 1
        assert len(await town.tickets()) == 2
