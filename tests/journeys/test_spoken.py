"""How people really ask: dialect, voice input, a long story. The right answer comes at once."""

from pathlib import Path

import pytest

from storage.shipped_faq import load_entries
from tests.journeys.baishi import baishi


@pytest.mark.parametrize(
    ("words", "entry_id"),
    [
        ("幺儿悄悄拿我手机打游戏充了两千多，找得回来不嘛", "L106"),
        ("隔壁屋头修三层楼，把我家太阳全挡完了，要得不", "L142"),
        ("离婚冷净期要等好多天", "L073"),
        ("老板欠我们工子三个月了找哪个要", "L040"),
        (
            "我在镇上砖厂打工，手遭机器压断两根指头，老板没给我买保险，现在喊我自己出药费，"
            "该哪个赔？",
            "L064",
        ),
        ("離婚冷靜期是幾天？", "L073"),
    ],
)
async def test_it_is_understood_as_it_is_said(words: str, entry_id: str, tmp_path: Path) -> None:
    (known,) = (entry for entry in load_entries() if entry.id == entry_id)
    async with baishi(tmp_path) as village:
        question = await village.say("zhang", f"问哈村长，{words}")

        answer = await village.ours()
        assert answer.reply_to == question.id
        assert answer.text.startswith(known.answer)
