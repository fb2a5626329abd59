"""Was this button really ours, in this chat?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.messages import Act, Button, ChatRef
from bot.tokens import sign, verify
from storage.shipped_faq import load_entries
from tests.builders import HUB_CHAT, VILLAGE_CHAT

SECRET = b"a secret of this installation"
ENTRIES = [entry.id for entry in load_entries()]
BUTTONS = st.builds(
    Button,
    label=st.just(""),  # the label is not carried: it stands in base/wording
    act=st.sampled_from(Act),
    ticket=st.integers(1, 10**9),
    arg=st.sampled_from(["", *ENTRIES]),
)
CHATS = st.builds(ChatRef, channel=st.sampled_from(["web", "telegram"]), chat_id=st.text())


@given(CHATS, BUTTONS)
def test_what_was_signed_for_a_chat_is_read_back_there(chat: ChatRef, button: Button) -> None:
    assert verify(SECRET, chat, sign(SECRET, chat, button)) == button


@given(CHATS, CHATS, BUTTONS)
def test_a_token_of_another_chat_is_refused(chat: ChatRef, other: ChatRef, button: Button) -> None:
    token = sign(SECRET, chat, button)
    assert (verify(SECRET, other, token) is None) == (chat.lane != other.lane)


@given(BUTTONS, st.integers(1, 10**9), st.sampled_from(Act))
def test_a_token_changed_to_another_ticket_or_act_is_refused(
    button: Button, ticket: int, act: Act
) -> None:
    token = sign(SECRET, VILLAGE_CHAT, button)
    mac = token.rpartition(".")[2]
    forged = f"{act}.{ticket}.{button.arg}.{mac}"
    assert (verify(SECRET, VILLAGE_CHAT, forged) is None) == (forged != token)


@given(BUTTONS, st.data())
def test_a_cut_or_extended_token_is_refused(button: Button, data: st.DataObject) -> None:
    token = sign(SECRET, VILLAGE_CHAT, button)
    length = data.draw(st.integers(0, len(token) - 1))
    assert verify(SECRET, VILLAGE_CHAT, token[:length]) is None
    assert verify(SECRET, VILLAGE_CHAT, token[length + 1 :]) is None
    assert verify(SECRET, VILLAGE_CHAT, token + data.draw(st.text(min_size=1))) is None


@given(st.text() | st.text(alphabet=".ok1claim", max_size=40))
def test_a_made_up_token_is_refused(token: str) -> None:
    assert verify(SECRET, VILLAGE_CHAT, token) is None


@pytest.mark.parametrize(
    "token", ["", ".", "...", "\x00", "\ud800", "ok.1..", "ok.x..AAAAAAAAAAAAAAAA", "确.1..定"]
)
def test_a_broken_token_is_refused_and_nothing_stumbles(token: str) -> None:
    assert verify(SECRET, HUB_CHAT, token) is None


@given(BUTTONS)
def test_a_token_of_another_installation_is_refused(button: Button) -> None:
    assert verify(SECRET, VILLAGE_CHAT, sign(b"another", VILLAGE_CHAT, button)) is None


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("arg", ["", *ENTRIES])
def test_a_token_fits_into_the_64_bytes_a_channel_carries(act: Act, arg: str) -> None:
    button = Button(label="", act=act, ticket=10**9, arg=arg)
    assert len(sign(SECRET, VILLAGE_CHAT, button).encode()) <= 64
