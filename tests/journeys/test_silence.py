"""Chatter that isn't for us: silence, and nothing stored."""

from pathlib import Path

from tests.journeys.baishi import baishi

CHATTER = (
    "今天赶场不？",
    "接龙：1. 张秀兰 2. 李大山",
    "老板欠工钱的事，劳动监察那边有人来登记，通知大家明天去",
    "1",
    "解决了",
    "谢谢",
    "哈哈哈问得好",
    "村长在不在？",
)


async def test_chatter_gets_no_word_and_leaves_no_trace(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        for words in CHATTER:
            await village.say("li", words)

        assert len(await village.chat("village")) == len(CHATTER)
        assert await village.inbox() == 0
        assert await village.service.store.read(lambda unit: unit.tickets.all()) == []


async def test_talk_of_the_hub_that_is_no_reply_stays_there(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("chen", "今天下午我开庭，大家多担待")
        assert await village.inbox() == 0
        assert len(await village.chat("hub")) == 1


async def test_neighbours_talking_to_each_other_are_left_alone(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        words = await village.say("li", "我家那块地边边遭挖了")
        await village.say("zhang", "找老周说说嘛", reply_to=words)
        assert await village.inbox() == 0


async def test_our_name_alone_is_answered_with_how_to_ask(tmp_path: Path) -> None:
    async with baishi(tmp_path) as village:
        await village.say("li", "问哈村长？")
        assert (await village.ours()).text.startswith("要问啥子，直接说：问哈村长")
        assert await village.service.store.read(lambda unit: unit.tickets.all()) == []
