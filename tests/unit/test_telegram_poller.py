"""Does a server that never waits make us ask without a pause? And what do sparse updates say?"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from base.messages import NoticeKind
from bot.channels.telegram import updates
from bot.channels.telegram.adapter import TelegramChannel
from bot.channels.telegram.receive import AFTER_NOTHING, HASTY, Poller
from bot.intake import Intake

NOW = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
SOMETHING = [{"update_id": 5, "poll": {}}]


class Hasty:
    """A channel that answers at once, and an intake that takes everything."""

    def __init__(self) -> None:
        self.answer: Sequence[Mapping[str, Any]] = []

    async def updates(self, _offset: int) -> Sequence[Mapping[str, Any]]:
        return self.answer

    async def take(self, _raws: Sequence[Mapping[str, Any]]) -> int:
        return 0


async def test_a_server_that_does_not_wait_is_asked_with_pauses() -> None:
    server = Hasty()
    poller = Poller(cast("TelegramChannel", server), cast("Intake", server))
    for _ in range(HASTY - 1):
        assert await poller.step(NOW) == NOW
    assert await poller.step(NOW) == NOW + AFTER_NOTHING
    server.answer = SOMETHING
    assert await poller.step(NOW) == NOW
    server.answer = []
    assert await poller.step(NOW) == NOW


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("administrator", NoticeKind.ADDED),
        ("member", NoticeKind.ADDED),
        ("kicked", NoticeKind.REMOVED),
        ("left", NoticeKind.REMOVED),
    ],
)
def test_a_membership_without_its_rights_is_read(status: str, kind: NoticeKind) -> None:
    change = {
        "chat": {"id": -100, "type": "supergroup"},
        "from": {"id": 7, "first_name": "王", "last_name": "村长"},
        "date": 1_795_000_000,
        "new_chat_member": {"status": status, "user": {"id": 1}},
    }
    incoming = updates.parse({"update_id": 1, "my_chat_member": change})
    assert incoming.notice is not None
    assert incoming.notice.kind is kind
    assert incoming.sender_name == "王 村长"
    assert incoming.sender.id == "7"
