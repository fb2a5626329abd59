"""Random histories of hub and village; `make sim` plays a hundred times as many steps."""

from pathlib import Path

import pytest

from tests import fuzz


@pytest.mark.parametrize("seed", [101, 102])
async def test_whatever_people_do_everything_holds(tmp_path: Path, seed: int) -> None:
    counted = await fuzz.play(tmp_path, seed, fuzz.STRETCH)
    assert counted["asked"] > 0
