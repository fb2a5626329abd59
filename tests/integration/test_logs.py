"""What does the log know? Kinds, places and ids; never words, numbers or tokens."""

import asyncio
import gc
import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import StatementError
from telegram.error import TelegramError
from telegram.request import BaseRequest
from typing_extensions import override

from base.errors import Temporary
from wenha import logs

PHONE = "13812345678"
TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"  # noqa: S105 - nobody's
WORDS = "老王昨晚又动手打我"
SECRETS = (PHONE, TOKEN, WORDS, TOKEN.split(":")[1])
PLANTED = f"{WORDS}，电话{PHONE}，https://api.telegram.org/bot{TOKEN}/sendMessage"

logger = logging.getLogger("bot.pipeline")


class Stream(io.StringIO):
    """A stream that may be a terminal."""

    def __init__(self, *, terminal: bool = False) -> None:
        super().__init__()
        self.terminal = terminal

    @override
    def isatty(self) -> bool:
        return self.terminal

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def root() -> Iterator[None]:
    """Put the standard library's logging back afterwards."""
    before = logging.getLogger()
    handlers, level = before.handlers[:], before.level
    yield
    before.handlers[:] = handlers
    before.setLevel(level)


@pytest.fixture
def stream(root: None) -> Stream:
    chosen = Stream()
    logs.configure(chosen)
    return chosen


def caused() -> Exception:
    """An error with the words in itself, in its cause and in its values."""
    error = Temporary(PLANTED)
    error.__cause__ = StatementError(PLANTED, "INSERT", {"raw": PLANTED}, ValueError(PLANTED))
    return error


def raised_in_a_step() -> None:
    try:
        raise caused()
    except Temporary:
        logger.exception("inbox item failed", extra={"item": 7, "text": PLANTED})


def given_as_an_argument() -> None:
    logger.warning("polling failed: %s", caused())


def given_as_the_message() -> None:
    logger.error(caused())


def badly_formatted() -> None:
    logger.error("no place for it", PLANTED)  # noqa: PLE1205 - the mistake is the point


def a_number_in_a_message() -> None:
    logger.error("refused %s at https://api.telegram.org/bot%s/getMe", PHONE, TOKEN)


def a_bare_token() -> None:
    logging.getLogger("telegram.Bot").error("unknown token %s", TOKEN)


def a_request_that_was_made() -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200)

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        client.post(f"https://api.telegram.org/bot{TOKEN}/sendMessage", params={"text": WORDS})


def nobody_asked_how_a_task_ended() -> None:
    async def fail() -> None:
        raise ValueError(PLANTED)

    async def forget() -> None:
        task = asyncio.create_task(fail())
        await asyncio.wait([task])
        del task
        gc.collect()

    asyncio.run(forget())


WAYS = (
    raised_in_a_step,
    given_as_an_argument,
    given_as_the_message,
    badly_formatted,
    a_number_in_a_message,
    a_bare_token,
    a_request_that_was_made,
    nobody_asked_how_a_task_ended,
)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("terminal", [False, True])
def test_no_words_number_or_token_gets_into_the_log(
    root: None, way: Callable[[], None], terminal: bool
) -> None:
    stream = Stream(terminal=terminal)
    logs.configure(stream)
    way()
    logger.info("the log goes on")
    written = stream.getvalue()
    assert [secret for secret in SECRETS if secret in written] == []
    assert "the log goes on" in written
    assert len(written.splitlines()) == (1 if way is a_request_that_was_made else 2)


RUNS = "import threading; from wenha import logs; logs.configure(); logs.catch_uncaught();"


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [
        (f"raise ValueError({PLANTED!r})", 1),
        (f"t = threading.Thread(target=lambda: int({PLANTED!r})); t.start(); t.join()", 0),
        (f"type('A', (), {{'__del__': lambda self: int({PLANTED!r})}})()", 0),
    ],
)
def test_an_error_that_nobody_caught_is_logged_without_its_words(
    code: str, exit_code: int
) -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", RUNS + code], capture_output=True, text=True, check=False
    )
    assert done.returncode == exit_code
    assert json.loads(done.stderr)["error"] == "ValueError"
    assert [secret for secret in SECRETS if secret in done.stdout + done.stderr] == []


def test_a_line_names_kind_causes_places_and_ids(stream: Stream) -> None:
    raised_in_a_step()
    (line,) = stream.lines()
    assert line["event"] == "inbox item failed"
    assert (line["level"], line["logger"], line["item"]) == ("error", "bot.pipeline", 7)
    assert line["error"] == "Temporary < StatementError"
    assert "test_logs.py:" in line["where"]
    assert line["timestamp"].endswith("+00:00")
    assert "text" not in line


def test_where_nobody_watches_every_line_is_one_json_object(stream: Stream) -> None:
    logging.getLogger("some.library").warning("line one\nline two 中文")
    (line,) = stream.lines()
    assert line["event"] == "line one"


def test_on_a_terminal_a_line_is_for_reading(root: None) -> None:
    stream = Stream(terminal=True)
    logs.configure(stream)
    logger.info("ticket claimed", extra={"ticket": 12})
    assert "ticket claimed" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_a_log_that_has_nowhere_to_go_stops_nobody(stream: Stream) -> None:
    stream.close()
    raised_in_a_step()


@pytest.mark.parametrize("name", ["httpx", "httpcore", "telegram.Bot", "aiohttp.access"])
def test_a_chatty_library_is_heard_from_warning_on(stream: Stream, name: str) -> None:
    logging.getLogger(name).info("HTTP Request")
    logging.getLogger(name).warning("something is wrong")
    assert [line["event"] for line in stream.lines()] == ["something is wrong"]


def test_an_answer_that_cannot_be_read_is_not_logged(stream: Stream) -> None:
    with pytest.raises(TelegramError):
        BaseRequest.parse_json_payload('{"result":[{"text":"王大娘离婚'.encode())
    assert list(stream.lines()) == []
