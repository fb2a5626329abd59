"""How does a bot write? sendMessage, the two edits, answerCallbackQuery."""

from typing import Any

from tests.telegram_server.call import Call, Methods
from tests.telegram_server.errors import NOT_MODIFIED, TOO_OLD, bad_request, strict
from tests.telegram_server.privacy import entities_in
from tests.telegram_server.shapes import shown_message
from tests.telegram_server.spec import Json
from tests.telegram_server.world import IN_CHARGE, Chat, Message

_EFFECTLESS = ("link_preview_options", "disable_notification", "protect_content")
_WRITTEN = ("chat_id", "text", "entities", "reply_markup")


async def send_message(call: Call) -> Json:
    """Post a message; everything is checked before anything happens."""
    call.refuse_what_is_not_played(
        *_WRITTEN, *_EFFECTLESS, "reply_parameters", "message_thread_id", "parse_mode"
    )
    text, entities = _text(call)
    chat = call.chat(write=True)
    if chat.muted and chat.status(call.bot.user) not in IN_CHARGE:
        raise bad_request("not enough rights to send text messages to the chat")
    if call.params.get("message_thread_id") is not None:
        raise bad_request("message thread not found")  # no chat here has topics
    message = call.platform.post(
        chat,
        call.bot.user,
        text,
        entities=entities,
        reply_to=_replied(call, chat),
        buttons=_buttons(call),
    )
    chat.last_bot = call.bot.user.id
    return shown_message(message)


async def edit_message_text(call: Call) -> Json:
    """Change text and buttons of an own message; no buttons given means none any more."""
    call.refuse_what_is_not_played(*_WRITTEN, "message_id", "link_preview_options", "parse_mode")
    text, entities = _text(call)
    message = _own(call)
    return _changed(call, message, text, entities, _buttons(call))


async def edit_message_reply_markup(call: Call) -> Json:
    """Change the buttons of an own message."""
    call.refuse_what_is_not_played("chat_id", "message_id", "reply_markup")
    message = _own(call)
    return _changed(call, message, message.text, message.entities, _buttons(call))


async def answer_callback_query(call: Call) -> bool:
    """Answer a press, once, and in time."""
    call.refuse_what_is_not_played("callback_query_id", "text", "show_alert", "cache_time")
    press = call.bot.presses.get(call.params["callback_query_id"])
    now = call.platform.world.seconds()
    if press is None or press.answered or now > press.date + call.platform.answer_seconds:
        raise bad_request(TOO_OLD)
    press.answered = True
    press.text = call.params.get("text", "")
    press.alert = call.params.get("show_alert", False)
    return True


METHODS: Methods = {
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "answerCallbackQuery": answer_callback_query,
}


def _text(call: Call) -> tuple[str, list[Json]]:
    text = call.params.get("text", "").strip()
    if not text:
        raise bad_request("message text is empty")
    if call.params.get("parse_mode"):
        raise strict("parse_mode is not played by this server; send entities")
    return text, entities_in(text) + call.params.get("entities", [])


def _buttons(call: Call) -> list[list[Json]]:
    markup: Json = call.params.get("reply_markup") or {"inline_keyboard": []}
    if "inline_keyboard" not in markup:
        raise strict("only inline keyboards are played by this server")
    rows: list[list[Json]] = [row for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > 100:
        raise bad_request("reply markup is too long")
    return rows


def _replied(call: Call, chat: Chat) -> Message | None:
    wanted: dict[str, Any] = call.params.get("reply_parameters") or {}
    if not wanted:
        return None
    if odd := wanted.keys() - {"message_id", "allow_sending_without_reply", "chat_id"}:
        raise strict(f"not played by this server: {', '.join(sorted(odd))}")
    if wanted.get("chat_id", chat.id) != chat.id:
        raise strict("replies to another chat are not played by this server")
    target = chat.messages.get(wanted["message_id"])
    if target is None or (target.deleted and not call.platform.deleted_can_be_quoted):
        if wanted.get("allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")
    return target


def _own(call: Call) -> Message:
    if call.params.get("chat_id") is None:
        raise bad_request("chat_id is empty")
    chat = call.chat(write=True)
    if call.params.get("message_id") is None:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(call.params["message_id"])
    if message is None or message.deleted:
        raise bad_request("message to edit not found")
    if message.sender is not call.bot.user:
        raise bad_request("message can't be edited")
    return message


def _changed(
    call: Call,
    message: Message,
    text: str | None,
    entities: list[Json],
    buttons: list[list[Json]],
) -> Json:
    """Other bots do not see it and this one gets no news of its own edits."""
    if (text, entities, buttons) == (message.text, message.entities, message.buttons):
        raise bad_request(NOT_MODIFIED)
    message.text, message.entities, message.buttons = text, entities, buttons
    message.edit_date = call.platform.world.seconds()
    call.platform.bell.ring()
    return shown_message(message)
