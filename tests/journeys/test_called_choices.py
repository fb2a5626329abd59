"""A choice typed after our name is that choice, not a new question."""

from pathlib import Path

import pytest

from escalation.model import Status
from tests.journeys.baishi import baishi

QUESTION = "问哈村长，有人把我堵在屋头要账，不还钱不准出门"


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("问哈村长，转给专家", Status.QUEUED),
        ("@问哈村长 转给专家", Status.QUEUED),
        ("问哈，1", Status.QUEUED),
        ("问哈村长，解决了", Status.CLOSED),
    ],
)
async def test_our_name_before_a_choice_changes_nothing_about_it(
    tmp_path: Path, said: str, state: Status
) -> None:
    async with baishi(tmp_path) as village:
        await village.say("li", QUESTION)
        await village.say("li", said)
        assert (await village.ticket()).state is state
        assert await village.service.store.read(lambda unit: unit.tickets.find(2)) is None
