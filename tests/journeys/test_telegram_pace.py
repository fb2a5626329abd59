"""How fast do we send? Never faster than the configured pace, and reactions wait for nobody."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from tests.journeys.telegram_town import WAGES, TelegramTown, telegram_town
from tests.telegram_server.desk import Handled
from tests.telegram_server.pacing import Paces
from tests.telegram_server.world import Chat
from wenha.config import Pace

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
SENDING = frozenset({"sendMessage", "editMessageText"})


def _moments(town: TelegramTown, chat: Chat) -> list[datetime]:
    """When something was sent to a chat, by the clock of the server."""
    calls = [call for call in town.server.calls if call.method in SENDING]
    return [call.at for call in calls if call.params["chat_id"] == chat.id]


def _windows(moments: Sequence[datetime], span: timedelta) -> Iterator[int]:
    """How many moments lie within each span that begins with one of them."""
    return (sum(at <= other < at + span for other in moments) for at in moments)


def _toasts(town: TelegramTown) -> list[Handled]:
    return [call for call in town.server.calls if call.method == "answerCallbackQuery"]


async def test_a_group_gets_eighteen_a_minute_and_one_a_second(tmp_path: Path) -> None:
    async with telegram_town(tmp_path, pace=Pace()) as town:
        # given a server that counts as Telegram's FAQ says
        await town.wait(minutes=2)
        town.server.limiter.paces = Paces()

        # when forty people ask at once
        people = town.server.people
        for number in range(40):
            asker = people.person(f"村民{number}")
            people.add(town.village, asker, by=town.wang)
            people.say(asker, town.village, WAGES)
        await town.settle()
        await town.wait(minutes=3)

        # then all are answered, never too fast, and Telegram never had to say so
        moments = _moments(town, town.village)[-40:]
        assert sum(text.startswith("老板必须付清") for text in town.texts(town.village)) == 40
        assert max(_windows(moments, MINUTE)) == 18
        assert max(_windows(moments, SECOND)) == 1
        assert town.server.limiter.refused == 0


async def test_a_reaction_to_a_press_waits_for_nobody(tmp_path: Path) -> None:
    async with telegram_town(tmp_path, pace=Pace()) as town:
        await town.wait(minutes=2)
        people = town.server.people
        await town.ask(WAGES)
        answer = town.ours(town.village)
        for number in range(30):
            asker = people.person(f"村民{number}")
            people.add(town.village, asker, by=town.wang)
            people.say(asker, town.village, WAGES)
        await town.settle()

        # when somebody presses while a minute's worth of answers waits
        pressed_at = town.clock.now()
        assert await town.press(town.li, town.village, answer, "有用") != ""
        assert await town.press(town.zhang, town.village, answer, "有用") == "收到：有用"
        assert [call.at for call in _toasts(town)[-2:]] == [pressed_at] * 2


async def test_halved_limits_of_the_server_cost_time_and_no_message(tmp_path: Path) -> None:
    async with telegram_town(tmp_path, pace=Pace()) as town:
        await town.wait(minutes=2)
        half = Paces()
        assert half.group is not None
        town.server.limiter.paces = Paces(
            overall=half.overall, chat=half.chat, group=type(half.group)(calls=10, seconds=60)
        )
        people = town.server.people
        for number in range(25):
            asker = people.person(f"村民{number}")
            people.add(town.village, asker, by=town.wang)
            people.say(asker, town.village, WAGES)
        await town.settle()
        await town.wait(minutes=10)
        assert sum(text.startswith("老板必须付清") for text in town.texts(town.village)) == 25
        assert town.server.limiter.refused > 0
