"""In the morning the hub and the desks read what waits, what is late, what was answered."""

import io
from pathlib import Path

from base.webchat import WebMessage
from tests.builders import monday
from tests.journeys.baishi import Baishi, baishi
from tests.journeys.web_places import HUB, web_places
from wenha import bind_web
from wenha.config_rules import Clocks


async def _in_hub(village: Baishi, text: str) -> WebMessage:
    question = await village.say("zhang", f"问哈村长，{text}")
    await village.say("wang", "转总群", reply_to=question)
    return question


async def _digests(village: Baishi) -> list[str]:
    return [m.text for m in await village.chat("hub") if "工单有这些" in m.text]


async def test_one_message_a_working_day_says_what_waits_and_is_edited_at_noon(
    tmp_path: Path,
) -> None:
    async with baishi(tmp_path, digest=True, clocks=Clocks(lease=5000)) as village:
        assert await _digests(village) == []  # nothing to say yet
        await _in_hub(village, "一号仓库的谷子霉了")
        await _in_hub(village, "二号仓库的谷子霉了，我昨天收到判决不服")
        await _in_hub(village, "三号仓库的谷子霉了")
        await village.press("chen", await village.card(2), "认领")
        await village.say("luo", "找保险公司。", reply_to=await village.card(3))
        await village.wait(hours=5)  # 14:00
        first = (
            "2026年11月23日周一，工单有这些：\n待认领1件：1号\n办理中1件：2号\n已超时1件：1号\n"
        )
        first += "一天来答复送到1件"
        assert await _digests(village) == [first]
        await village.wait(hours=18, minutes=59)  # 8:59
        assert await _digests(village) == [first]
        await village.wait(minutes=1)
        assert (await _digests(village))[1:] == [
            "2026年11月24日周二，工单有这些：\n待认领1件：1号\n办理中1件：2号\n"
            "已超时2件：1号、2号\n一天来答复送到1件"
        ]
        await village.say("chen", "十五天内上诉。", reply_to=await village.card(2))
        await village.wait(hours=5)
        assert (await _digests(village))[1:] == [
            "2026年11月24日周二，工单有这些：\n待认领1件：1号\n已超时1件：1号\n一天来答复送到1件"
        ]


async def test_on_days_off_and_for_nothing_nothing_is_said(tmp_path: Path) -> None:
    async with baishi(tmp_path, digest=True) as village:
        await village.wait(days=2)
        assert await _digests(village) == []
        await _in_hub(village, "一号仓库的谷子霉了")
        await village.wait(days=2)  # Friday
        count = len(await _digests(village))
        await village.wait(days=2)  # Saturday and Sunday
        assert len(await _digests(village)) == count


async def test_a_service_that_was_down_in_the_morning_says_it_once_when_it_is_back(
    tmp_path: Path,
) -> None:
    async with baishi(tmp_path, digest=True) as village:
        await _in_hub(village, "一号仓库的谷子霉了")
    for clock in ("10:00", "10:05"):  # two days later, and started once more
        async with baishi(tmp_path, monday(clock, days=2), digest=True) as village:
            await village.service.runtime.settle()
            assert len(await _digests(village)) == 1


async def test_the_desk_reads_what_is_to_be_carried_on(tmp_path: Path) -> None:
    async with web_places(tmp_path) as places:
        out = io.StringIO()
        bind_web.bind_village(
            places.service.config, "青岩村", None, replacing=False, now=places.clock.now(),
            out=out, relayed=True,
        )  # fmt: skip
        (link,) = [line for line in out.getvalue().splitlines() if "/v/" in line]
        places.links["青岩村"] = (link[link.index("/v/") :], "")
        desk = await places.somebody("青岩村", "王村长")
        lawyer = await places.somebody(HUB, "陈静")
        for name in ("张三", "李四"):
            await desk.say(f"代问 {name}：合作社不退股金")
        await places.settle()
        (card,) = [m for m in await places.chat(HUB) if m.text.startswith("【1号")]
        await lawyer.say("写申请。", reply_to=card.id)
        await places.settle()
        await places.wait(days=1)
        said = [m.text for m in await places.chat("青岩村") if "工单有这些" in m.text]
        assert said[-1] == (
            "2026年11月24日周二，工单有这些：\n"
            "答复还没转1件：1号，请复制转给提问人，再说“已转发”加号\n律师那边在办1件：2号"
        )
