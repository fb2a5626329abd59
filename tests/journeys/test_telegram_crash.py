"""kill -9 of a real `wenha serve` in the middle of a story: nothing is lost, nothing unsaid."""

import signal
from pathlib import Path

from tests.journeys.telegram_process import Process
from tests.journeys.telegram_town import ANSWER, RARE
from tests.telegram_server import faults
from tests.telegram_server.clock import PlayClock
from tests.telegram_server.people import People
from tests.telegram_server.server import TelegramServer, telegram_server
from tests.telegram_server.view import Seen
from tests.telegram_server.world import Chat

REPEATED = "（网络不稳，这条可能重复了）"


class Groups:
    """Village and hub, bound to the process."""

    def __init__(self, server: TelegramServer) -> None:
        self.server = server
        self.people: People = server.people
        self.zhang, self.wang = self.people.person("张秀兰"), self.people.person("王村长")
        self.chen, self.zhou = self.people.person("陈静"), self.people.person("周敏")
        self.village = self.people.supergroup("白石村", owner=self.wang, members=(self.zhang,))
        self.hub = self.people.supergroup("值守群", owner=self.zhou, members=(self.chen,))

    async def bind(self, process: Process) -> None:
        """Add the bot to both groups and type the codes."""
        bot = self.server.bot.user
        for chat, owner, name, welcome in (
            (self.hub, self.zhou, None, "这里是值守群"),
            (self.village, self.wang, "白石村", "我是问哈村长"),
        ):
            self.people.add_bot(chat, by=owner)
            self.people.make_admin(chat, bot, by=owner)
            self.people.say(owner, chat, f"/bind {process.code(name)}")
            await self.hears(chat, welcome)

    def ours(self, chat: Chat, words: str) -> list[Seen]:
        """Everything the bot said in a chat that holds these words."""
        bot = self.server.bot.user.id
        return [s for s in self.people.read(chat) if s.author_id == bot and words in s.text]

    async def hears(self, chat: Chat, words: str, times: int = 1) -> Seen:
        """Wait until a chat has heard something so often; return the newest of it."""
        await self.server.until(lambda: len(self.ours(chat, words)) >= times)
        return self.ours(chat, words)[-1]

    async def meets(self, fault: faults.Fault, words: str) -> None:
        """Let the lawyer answer so, and wait until carrying it has met the fault."""
        self.server.faults.next(fault, chat_id=self.village.id)
        card = self.ours(self.hub, "【1号工单】")[-1]
        self.people.say(self.chen, self.hub, words, reply_to=card.id)
        await self.server.until(lambda: fault.met)


async def test_killed_again_and_again_it_loses_nothing(tmp_path: Path) -> None:
    clock = PlayClock()
    clock.run()
    async with telegram_server(clock) as server:
        process, groups = Process(tmp_path, server), Groups(server)
        try:
            await process.start()
            await groups.bind(process)
            await _story(process, groups)
            assert await process.end(signal.SIGTERM) == 0
        finally:
            await process.close()
        assert server.desk.problems == []
    said = process.log.read_text("utf-8")
    assert server.bot.token not in said
    assert "蚕子" not in said


async def _story(process: Process, groups: Groups) -> None:
    village, hub, people = groups.village, groups.hub, groups.people

    # killed as soon as the question is taken in, wherever it is then
    asked = people.say(groups.zhang, village, RARE)
    await groups.server.confirmed()
    await process.kill()
    await process.start()
    receipt = await groups.hears(village, "收到。")
    assert receipt.reply_to == asked.id

    # a press while nobody is there
    await process.kill()
    people.press(groups.zhang, village, receipt.id, "转给专家")
    await process.start()
    await groups.hears(hub, "【1号工单】白石村 · 待认领")
    await groups.hears(village, "已转给律师")

    # killed while the answer is under way: it arrives, once
    await groups.meets(faults.held(performed=False), ANSWER)
    await process.kill()
    await process.start()
    answer = await groups.hears(village, ANSWER)
    assert answer.reply_to == asked.id
    await groups.hears(hub, "已送到村里")
    assert len(groups.ours(village, ANSWER)) == 1

    # killed when it was accepted, before anybody could know: it arrives twice, and says so
    await groups.meets(faults.held(performed=True), "再去司法所登记。")
    await process.kill()
    await process.start()
    again = await groups.hears(village, "再去司法所登记。", times=2)
    assert REPEATED in again.text
    people.press(groups.zhang, village, again.id, "解决了")
    await groups.hears(hub, "已办结（解决了）")

    # and nothing was said more often than that
    assert len(groups.ours(village, "收到。")) <= 2
    assert len(groups.ours(village, "再去司法所登记。")) == 2
    assert len(groups.ours(hub, "【1号工单】")) == 1
