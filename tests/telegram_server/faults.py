"""What goes wrong, when told to? Scripted faults of calls."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from tests.telegram_server.clock import Bell
from tests.telegram_server.errors import ApiError, refused, too_many


class Reply(StrEnum):
    """What the bot hears of its call."""

    TRUE = "true"  # the real answer
    ERROR = "error"  # a refusal or a server error
    GARBAGE = "garbage"  # status 200, a body that is no JSON
    DROPPED = "dropped"  # the connection ends without a byte of answer
    HELD = "held"  # no answer until released


@dataclass(eq=False)
class Fault:
    """One fault: is the call performed, and what does the bot hear?"""

    performed: bool
    reply: Reply
    error: ApiError | None = None
    status: int = 200
    body: str = ""
    met: bool = False  # a call has run into it
    released: bool = False
    _bell: Bell | None = None

    def release(self) -> None:
        """Let a held answer go."""
        self.released = True
        if self._bell is not None:
            self._bell.ring()

    async def hold(self, bell: Bell) -> None:
        """Wait for the release."""
        self._bell = bell
        await bell.until(lambda: self.released)


def too_many_requests(seconds: int) -> Fault:
    """429 with retry_after; not performed."""
    return Fault(performed=False, reply=Reply.ERROR, error=too_many(seconds))


def refusal(code: int, words: str) -> Fault:
    """Any refusal, in the given words after the code's prefix; not performed."""
    return Fault(performed=False, reply=Reply.ERROR, error=refused(code, words))


def server_error(*, performed: bool = False) -> Fault:
    """500 with a JSON body."""
    error = refused(500, "Request aborted")
    return Fault(performed=performed, reply=Reply.ERROR, error=error)


def bad_gateway(*, performed: bool = False) -> Fault:
    """502 with the HTML page of a proxy."""
    page = "<html><head><title>502 Bad Gateway</title></head></html>"
    return Fault(performed=performed, reply=Reply.GARBAGE, status=502, body=page)


def garbage(*, performed: bool = True) -> Fault:
    """200 with half a JSON body."""
    body = json.dumps({"ok": True, "result": {"message_id": 1}})[:-9]
    return Fault(performed=performed, reply=Reply.GARBAGE, body=body)


def dropped(*, performed: bool = True) -> Fault:
    """The connection ends before the answer: was it performed? Only the test knows."""
    return Fault(performed=performed, reply=Reply.DROPPED)


def held(*, performed: bool = True) -> Fault:
    """No answer until `release()`; the call is performed at once, or never."""
    return Fault(performed=performed, reply=Reply.HELD)


@dataclass(kw_only=True, eq=False)
class _Rule:
    make: Callable[[], Fault]
    method: str | None
    chat_id: int | None
    left: int


@dataclass(eq=False)
class Faults:
    """The script: which call meets which fault. After it, all is fine."""

    _rules: list[_Rule] = field(default_factory=list)

    def next(
        self, fault: Fault, *, method: str | None = "sendMessage", chat_id: int | None = None
    ) -> Fault:
        """Let the next call of a method (None: any but getUpdates) about a chat meet a fault."""
        self.often(lambda: fault, times=1, method=method, chat_id=chat_id)
        return fault

    def often(
        self,
        make: Callable[[], Fault],
        *,
        times: int,
        method: str | None = "sendMessage",
        chat_id: int | None = None,
    ) -> None:
        """Let so many calls meet a fault of their own each."""
        self._rules.append(_Rule(make=make, method=method, chat_id=chat_id, left=times))

    def clear(self) -> None:
        """Forget what was scripted and not met."""
        self._rules.clear()

    def meet(self, method: str, chat_id: object) -> Fault | None:
        """Return the fault that this call meets, if any."""
        for rule in self._rules:
            if _fits(rule, method, chat_id):
                rule.left -= 1
                self._rules = [other for other in self._rules if other.left > 0]
                fault = rule.make()
                fault.met = True
                return fault
        return None


def _fits(rule: _Rule, method: str, chat_id: object) -> bool:
    right_method = method == rule.method if rule.method else method != "getUpdates"
    return right_method and rule.chat_id in (None, chat_id)
