"""How does the service log? Ids only, to standard error: never words, names, numbers or tokens.

JSON lines where nobody watches, colours on a terminal. What an exception says may be a villager's
words, so only its kind and the places it came through are logged.
"""

import logging
import re
import sys
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import Processor
from typing_extensions import override

from escalation.masking import mask

logger = logging.getLogger(__name__)
_FIELDS = ("item", "ticket", "outbox", "copy", "step", "error")
"""What may stand beside a message: ids and names of ours."""
_QUIET = ("apscheduler", "aiohttp", "alembic", "asyncio", "httpx", "httpcore", "telegram")
_MUTE = ("telegram.request",)  # it logs whole answers it cannot read
_TOKEN = re.compile(r"bot\d+(?::|%3A)[^/\s\"']+|\b\d{6,}(?::|%3A)[\w-]{30,}", re.IGNORECASE)


class _Handler(logging.StreamHandler[TextIO]):
    """Writes lines; one that cannot be written is named by its place, without its values.

    A log that has nowhere to go any more (a closed pipe) stops nobody's step.
    """

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        """Say which line was lost; the standard library would print its arguments."""
        with suppress(OSError, ValueError):
            self.stream.write(f"log line lost: {record.name}:{record.lineno}\n")


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Renders any library's record; exceptions among its arguments become their kind."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        """Return one line without tokens."""
        discreet = logging.makeLogRecord(record.__dict__)
        discreet.msg = _kind(record.msg)
        if isinstance(record.args, tuple):
            discreet.args = tuple(map(_kind, record.args))
        return _TOKEN.sub("***", super().format(discreet))


def _facts(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Keep what may be known of a record: the first line of its message, ids, kind and places."""
    record: logging.LogRecord = event["_record"]
    _, error, trace = event.get("exc_info") or (None, None, None)
    facts: dict[str, Any] = {
        "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(
            timespec="milliseconds"
        ),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": mask(str(event["event"]).split("\n", 1)[0]).text,
    }
    facts |= {name: record.__dict__[name] for name in _FIELDS if name in record.__dict__}
    if error is not None:
        facts["error"] = " < ".join(type(one).__name__ for one in _chain(error))
        facts["where"] = " < ".join(reversed(list(_places(trace or error.__traceback__))))
    return facts


def _kind(value: object) -> object:
    """An exception's kind, and anything else as it is."""
    if not isinstance(value, BaseException):
        return value
    return " < ".join(type(one).__name__ for one in _chain(value))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and what caused it."""
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def _places(trace: TracebackType | None) -> Iterator[str]:
    while trace is not None:
        yield f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
        trace = trace.tb_next


def configure(stream: TextIO | None = None) -> None:
    """Send every logger of every library to standard error, the chatty ones from warning on."""
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(_Formatter(processors=[_facts, _renderer(handler.stream)]))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for noisy in _QUIET:
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for mute in _MUTE:
        logging.getLogger(mute).setLevel(logging.CRITICAL + 1)


def _renderer(stream: TextIO) -> Processor:
    if stream.isatty():
        return structlog.dev.ConsoleRenderer()
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def catch_uncaught() -> None:
    """Log what nobody has caught, as discreetly as the rest; Python would print its words."""
    sys.excepthook = _uncaught
    threading.excepthook = lambda told: _uncaught(
        told.exc_type, told.exc_value or told.exc_type(), told.exc_traceback
    )
    sys.unraisablehook = lambda told: logger.error(
        "ignored", exc_info=told.exc_value and (told.exc_type, told.exc_value, told.exc_traceback)
    )


def _uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    logger.critical("uncaught", exc_info=(kind, error, trace))
