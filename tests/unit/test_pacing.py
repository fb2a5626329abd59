"""Pacing: a chat told to wait waits, and when several are, the whole token does."""

from datetime import timedelta

from base.messages import ChatRef
from bot.channels.base import Capabilities
from bot.pacing import Pace
from tests.builders import MONDAY_9AM

FREE = Capabilities(edits=True, idempotent=False, chat_pause_ms=0)
WAIT = timedelta(seconds=30)


def _chat(number: int) -> ChatRef:
    return ChatRef(channel="telegram", chat_id=str(-number))


def test_a_chat_told_to_wait_waits_and_the_others_go_on() -> None:
    pace = Pace()
    pace.halt(_chat(1), MONDAY_9AM + WAIT, MONDAY_9AM)
    assert pace.free_at(_chat(1), FREE, MONDAY_9AM) == MONDAY_9AM + WAIT
    assert pace.free_at(_chat(2), FREE, MONDAY_9AM) == MONDAY_9AM


def test_three_chats_told_to_wait_at_once_mean_the_token() -> None:
    pace = Pace()
    for number in (1, 2, 3):
        pace.halt(_chat(number), MONDAY_9AM + number * WAIT, MONDAY_9AM)
    assert pace.free_at(_chat(4), FREE, MONDAY_9AM) == MONDAY_9AM + 3 * WAIT
    # and another channel is not concerned
    web = ChatRef(channel="web", chat_id="village:1")
    assert pace.free_at(web, FREE, MONDAY_9AM) == MONDAY_9AM


def test_waits_that_are_over_do_not_count_towards_the_token() -> None:
    pace, later = Pace(), MONDAY_9AM + 2 * WAIT
    pace.halt(_chat(1), MONDAY_9AM + WAIT, MONDAY_9AM)
    pace.halt(_chat(2), MONDAY_9AM + WAIT, MONDAY_9AM)
    pace.halt(_chat(3), later + WAIT, later)
    assert pace.free_at(_chat(4), FREE, later) == later
