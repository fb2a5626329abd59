"""Who looks at a page of the built-in channel, and how fast may they be?"""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.errors import Refused
from base.messages import ChatRef
from base.throttle import Throttle
from base.wording import Wording
from bot.channels.web.badge import Badge, form_token, seal, unseal
from bot.channels.web.visits import renamed
from tests.journeys.baishi import MONDAY_9AM

SECRET = b"s" * 32
VILLAGE, OTHER = (ChatRef(channel="web", chat_id=f"village:{one}") for one in "ab")


@given(st.text(max_size=12))
def test_a_cookie_of_ours_comes_back_as_it_was(name: str) -> None:
    badge = Badge(name=name)
    assert unseal(SECRET, seal(SECRET, badge)) == badge


@given(st.text(max_size=200))
def test_anything_else_is_nobody(cookie: str) -> None:
    assert unseal(SECRET, cookie) is None
    assert unseal(SECRET, None) is None


def test_a_form_belongs_to_one_person_in_one_chat() -> None:
    one, two = Badge(name="张秀兰"), Badge(name="张秀兰")
    tokens = {form_token(SECRET, who, chat) for who in (one, two) for chat in (VILLAGE, OTHER)}
    assert len(tokens) == 4


def test_a_minute_holds_so_many_deeds_and_no_more() -> None:
    throttle, now = Throttle(2), MONDAY_9AM
    assert [throttle.allows("a", now) for _ in range(3)] == [True, True, False]
    assert throttle.allows("b", now)
    assert not throttle.allows("a", now + timedelta(seconds=59))
    assert throttle.allows("a", now + timedelta(seconds=60))


def test_only_the_latest_people_are_remembered() -> None:
    throttle = Throttle(1, most=3)
    for who in "abcd":
        assert throttle.allows(who, MONDAY_9AM)
    assert len(throttle._deeds) == 3
    assert not throttle.allows("d", MONDAY_9AM)


def test_the_same_name_keeps_the_person_and_another_one_does_not() -> None:
    words, newcomer = Wording(), Badge()
    known = renamed(newcomer, " 张秀兰\n", words)
    assert known == Badge(id=newcomer.id, name="张秀兰")
    assert renamed(known, "张秀兰", words) == known
    assert renamed(known, "张小军", words).id != known.id


@pytest.mark.parametrize("name", ["", "\u200b", "问哈村长", "我是问哈村长哈", "长" * 13])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        renamed(Badge(), name, Wording())
