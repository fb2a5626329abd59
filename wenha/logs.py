"""How does the service log? To standard error, ids only: never words, names or numbers."""

import logging

from typing_extensions import override

_NAMING_THE_TOKEN = ("httpx", "httpcore", "telegram")  # below warnings, with every address
_FIELDS = ("item", "ticket", "outbox", "copy")


class _Formatter(logging.Formatter):
    """Time, level, message, and the ids that were given."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        """Return one line; a traceback without the values it carried."""
        given = record.__dict__
        parts = [self.formatTime(record), record.levelname, record.name, record.getMessage()]
        parts += [f"{name}={given[name]}" for name in _FIELDS if name in given]
        if record.exc_info and record.exc_info[1]:
            parts.append(_where(record.exc_info[1]))
        return " ".join(parts)


def _where(error: BaseException) -> str:
    """The kind of an error and the places it came through; its words may be a villager's."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(error).__name__} at {' < '.join(reversed(places))}"


def configure() -> None:
    """Send warnings and worse of every library, and our own information, to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Formatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for noisy in ("apscheduler", "aiohttp", "alembic", "asyncio", *_NAMING_THE_TOKEN):
        logging.getLogger(noisy).setLevel(logging.WARNING)
