"""How does the Bot API refuse? Its codes and its words.

The words are the official server's; a refusal that the official server does not know (we are
stricter than it) starts with "strict:" after the prefix.
"""

from collections.abc import Mapping

from tests.telegram_server.spec import Json, Problem

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
OTHER_POLL = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_PREFIX = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    500: "Internal Server Error",
}


class ApiError(Exception):
    """An answer that is not "ok"."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters or {}

    def body(self) -> Json:
        """Return the JSON body of the answer."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def refused(code: int, words: str = "", **parameters: int) -> ApiError:
    """Return a refusal with the prefix of its code before the words."""
    return ApiError(code, f"{_PREFIX[code]}: {words}" if words else _PREFIX[code], parameters)


def bad_request(words: str) -> ApiError:
    """Return a 400 with these words."""
    return refused(400, words)


def strict(words: str) -> ApiError:
    """Return a 400 that only this server gives."""
    return refused(400, f"strict: {words}")


def too_many(seconds: int) -> ApiError:
    """Return a 429 that asks to wait so long."""
    words = f"Too Many Requests: retry after {seconds}"
    return ApiError(429, words, {"retry_after": seconds})


_WORDS: Mapping[tuple[str, str], str] = {  # end of the path, beginning of the message
    (".text", "0 characters"): "message text is empty",
    ("sendMessage.text", "missing"): "message text is empty",
    ("sendMessage.text", ""): "message is too long",
    ("editMessageText.text", ""): "message is too long",
    ("answerCallbackQuery.text", ""): "MESSAGE_TOO_LONG",
    (".callback_data", ""): "BUTTON_DATA_INVALID",
    (".chat_id", "missing"): "chat_id is empty",
    (".command", ""): "BOT_COMMAND_INVALID",
    (".description", ""): "BOT_COMMAND_DESCRIPTION_INVALID",
    ("setMyCommands.commands", ""): "BOT_COMMANDS_TOO_MUCH",
    (".reply_markup", "Expecting"): "can't parse reply keyboard markup JSON object",
    (".secret_token", "'"): "secret token contains unallowed characters",
    (".secret_token", ""): "secret token is too long",
}


def invalid(problem: Problem) -> ApiError:
    """Return the refusal of a request that breaks the specification."""
    if problem.rule in ("limit", "required", "type"):
        for (path, message), words in _WORDS.items():
            if problem.path.endswith(path) and problem.message.startswith(message):
                return bad_request(words)
    return strict(problem.words())
