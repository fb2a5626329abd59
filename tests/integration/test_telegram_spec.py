"""Does the validator of the Bot API server refuse what the specification forbids?"""

import hashlib
from typing import Any

import pytest

from tests.telegram_server import spec
from tests.telegram_server.errors import invalid

OK = {"chat_id": 1, "text": "你好"}
SHA256 = "0950def6a1c900792c3a1d65ab13c1ee76d2f400a761df1aa0e6245e2355070a"


def _keyboard(**button: Any) -> dict[str, Any]:
    return OK | {"reply_markup": {"inline_keyboard": [[button]]}}


def _commands(*names: str, description: str = "提问") -> dict[str, Any]:
    return {"commands": [{"command": name, "description": description} for name in names]}


def test_the_specification_is_the_one_that_its_page_names() -> None:
    assert hashlib.sha256(spec.PATH.read_bytes()).hexdigest() == SHA256
    assert SHA256 in (spec.PATH.parent / "PROVENANCE.md").read_text()


@pytest.mark.parametrize(
    ("method", "params", "rules"),
    [
        ("sendMessage", OK, []),
        ("SENDmessage", OK | {"chat_id": "@baishi"}, []),
        ("sendMessage", OK | {"text": "字" * 4096}, []),
        ("sendMessage", OK | {"text": "😀" * 4096}, []),  # code points are counted
        ("sendMessage", OK | {"text": "字" * 4097}, ["limit"]),
        ("sendMessage", OK | {"text": " \n "}, ["limit"]),
        ("sendMessage", {"chat_id": 1}, ["required"]),
        ("sendMessage", OK | {"chat_id": True}, ["type"]),
        ("sendMessage", OK | {"reply_to_message_id": 3}, ["unknown"]),  # gone since Bot API 7
        ("sendMessage", OK | {"message_thread_id": "abc"}, ["type"]),
        ("sendMessage", OK | {"reply_parameters": {"message_id": 5}}, []),
        ("sendMessage", OK | {"reply_parameters": {"chat_id": 5}}, ["required"]),
        ("sendMessage", OK | {"reply_parameters": {"message_id": 5, "x": 1}}, ["unknown"]),
        ("sendMessage", _keyboard(text="认领", callback_data="é" * 32), []),
        ("sendMessage", _keyboard(text="认领", callback_data="é" * 33), ["limit"]),
        ("sendMessage", _keyboard(text="认领", callback_data=""), ["limit"]),
        ("sendMessage", _keyboard(text="认领"), ["action"]),
        ("sendMessage", _keyboard(text="认领", url="https://a.cn", callback_data="x"), ["action"]),
        ("sendMessage", _keyboard(text=" ", callback_data="x"), ["limit"]),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "字" * 200}, []),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "字" * 201}, ["limit"]),
        ("answerCallbackQuery", {}, ["required"]),
        ("setMyCommands", _commands("ask", "bind"), []),
        ("setMyCommands", _commands("Ask"), ["limit"]),
        ("setMyCommands", _commands("绑定"), ["limit"]),
        ("setMyCommands", _commands("a" * 33), ["limit"]),
        ("setMyCommands", _commands("ask", description=""), ["limit"]),
        ("setMyCommands", _commands("ask", description="字" * 257), ["limit"]),
        ("setMyCommands", _commands(*["ask"] * 101), ["limit"]),
        ("setMyCommands", _commands("ask") | {"scope": {"type": "chat", "chat_id": 1}}, []),
        ("setMyCommands", _commands("ask") | {"scope": {"type": "village"}}, ["constant"]),
        ("getUpdates", {"limit": 100, "allowed_updates": ["message"]}, []),
        ("getUpdates", {"limit": 101}, ["limit"]),
        ("getUpdates", {"allowed_updates": "message"}, ["type"]),
        ("setWebhook", {"url": "https://a.cn/x", "secret_token": "Az09_-"}, []),
        ("setWebhook", {"url": "https://a.cn/x", "secret_token": "a b"}, ["limit"]),
        ("setWebhook", {"url": "https://a.cn/x", "secret_token": "x" * 257}, ["limit"]),
        ("setWebhook", {"url": "https://a.cn/x", "max_connections": 101}, ["limit"]),
        ("copyMessages", {"chat_id": 1, "from_chat_id": 2, "message_ids": [2, 1]}, ["limit"]),
    ],
)
def test_a_request_meets_every_rule(method: str, params: dict[str, Any], rules: list[str]) -> None:
    assert [problem.rule for problem in spec.request_problems(method, params)] == rules


@pytest.mark.parametrize(
    ("raw", "typed"),
    [
        ({"chat_id": "-100123", "text": "7"}, {"chat_id": -100123, "text": "7"}),
        ({"chat_id": "@baishi"}, {"chat_id": "@baishi"}),
        ({"protect_content": "true"}, {"protect_content": True}),
        ({"reply_parameters": '{"message_id": 5}'}, {"reply_parameters": {"message_id": 5}}),
        ({"entities": "[]"}, {"entities": []}),
    ],
)
def test_form_fields_are_text_and_become_values(
    raw: dict[str, str], typed: dict[str, Any]
) -> None:
    assert spec.decoded("sendMessage", raw) == (typed, [])


def test_a_form_field_that_is_no_json_is_refused_in_the_official_words() -> None:
    _, (problem,) = spec.decoded("sendMessage", {"reply_markup": "{oops"})
    words = "Bad Request: can't parse reply keyboard markup JSON object"
    assert invalid(problem).description == words


@pytest.mark.parametrize(
    ("method", "result", "broken"),
    [
        ("getMe", {"id": 1, "is_bot": True, "first_name": "哈"}, False),
        ("getMe", {"id": "1", "is_bot": True, "first_name": "哈"}, True),
        ("getMe", {"id": 1, "is_bot": True}, True),
        ("getMe", {"id": 1, "is_bot": True, "first_name": "哈", "nickname": "哈"}, True),
        ("sendMessage", {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}, False),
        ("sendMessage", {"message_id": 1, "date": 1, "chat": {"id": 1}}, True),
        ("sendMessage", True, True),
        ("getChatMember", {"status": "left", "user": {"id": 1}}, True),
    ],
)
def test_an_answer_is_held_to_the_specification_too(
    method: str, result: Any, *, broken: bool
) -> None:
    assert bool(spec.answer_problems(method, result)) is broken
