"""How is one call handled? Checked, met by a fault, performed, and its answer checked too."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.telegram_server import method_chats, method_messages, method_updates
from tests.telegram_server.bots import Bot, BrokenAnswer
from tests.telegram_server.call import Call, Described, Methods
from tests.telegram_server.errors import ApiError, invalid, refused, strict
from tests.telegram_server.faults import Fault, Faults
from tests.telegram_server.pacing import Limiter
from tests.telegram_server.platform import Platform
from tests.telegram_server.spec import (
    Json,
    Problem,
    answer_problems,
    decoded,
    method_name,
    request_problems,
    type_problems,
)

METHODS: Methods = {
    **method_messages.METHODS,
    **method_chats.METHODS,
    **method_updates.METHODS,
}


@dataclass(eq=False)
class Handled:
    """A call as it came in, and what became of it."""

    method: str
    params: Json
    at: datetime
    performed: bool = False
    heard: str = "nothing yet"  # "ok", "400 Bad Request: …", "dropped" …

    @property
    def text(self) -> str:
        """The text that it carried."""
        return str(self.params.get("text", ""))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to tell the bot: a status and a body, or what a fault says instead."""

    status: int
    body: Json
    handled: Handled
    fault: Fault | None = None


@dataclass(eq=False)
class Desk:
    """Handles calls and remembers them."""

    platform: Platform
    faults: Faults
    limiter: Limiter
    calls: list[Handled] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)  # requests that broke the spec
    bugs: list[str] = field(default_factory=list)  # answers of ours that would have

    async def handle(self, token: str, written: str, raw: Mapping[str, Any]) -> Outcome:
        """Handle one call from its first byte to its answer."""
        handled = Handled(written, dict(raw), self.platform.clock.now())
        fault = None
        try:
            call = self._call(token, written, raw)
            handled.method, handled.params = call.method, call.params
            self.calls.append(handled)
            fault = self.faults.meet(call.method, call.params.get("chat_id"))
            body = await self._performed(call, handled, fault)
        except ApiError as error:
            body = self._refusal(error)
        except BrokenAnswer as error:
            self.bugs.append(f"{written}: {error}")
            body = refused(500, f"bug in the test server: {error}").body()
        self.platform.bell.ring()
        return Outcome(body.get("error_code", 200), body, handled, fault)

    def _call(self, token: str, written: str, raw: Mapping[str, Any]) -> Call:
        bot = self._bot(token)
        method = method_name(written)
        if method is None:
            raise refused(404, "method not found")
        if method not in METHODS:
            raise strict(f"{method} is not played by this server")
        params, problems = decoded(method, raw)
        problems = problems or request_problems(method, params)
        if problems:
            self.problems += problems
            raise invalid(problems[0])
        return Call(self.platform, bot, method, params)

    def _bot(self, token: str) -> Bot:
        if token in self.platform.bots:
            return self.platform.bots[token]
        raise refused(401 if re.fullmatch(r"\d+:[\w-]{35}", token) else 404)

    async def _performed(self, call: Call, handled: Handled, fault: Fault | None) -> Json:
        """Perform the call unless a fault forbids; the answer is checked like any answer."""
        if fault is not None and not fault.performed:
            if fault.error is not None:
                raise fault.error
            return {"ok": True, "result": None}  # nobody hears this
        self.limiter.check(call.method, call.params.get("chat_id"))
        result = await METHODS[call.method](call)
        handled.performed = True
        if fault is not None and fault.error is not None:
            raise fault.error
        return _answer(call, result)

    def _refusal(self, error: ApiError) -> Json:
        problems = type_problems("ResponseParameters", error.parameters)
        self.bugs += [problem.words() for problem in problems]
        return error.body()


def _answer(call: Call, result: Any) -> Json:
    body: Json = {"ok": True, "result": result}
    if isinstance(result, Described):
        body = {"ok": True, "result": result.result, "description": result.description}
    if call.method == "getUpdates":
        return body  # each was checked when it was made; the broken ones are broken on purpose
    if problems := answer_problems(call.method, body["result"]):
        raise BrokenAnswer("; ".join(problem.words() for problem in problems))
    return body
