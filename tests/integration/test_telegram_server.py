"""Does the Bot API server write, edit and answer as the official one does?"""

from typing import Any

import aiohttp
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import BadRequest, Forbidden, InvalidToken

from tests.integration.telegram_stage import buttons, stage
from tests.telegram_server import desk
from tests.telegram_server.people import Impossible
from tests.telegram_server.server import TelegramServer


async def test_the_bot_learns_who_it_is() -> None:
    async with stage() as s:
        assert s.bot.username == "wenha_test_bot"
        assert s.bot.can_read_all_group_messages is False
        s.server.bot.privacy = False
        assert (await s.bot.get_me()).can_read_all_group_messages is True


async def test_a_reply_stands_under_its_message_and_people_see_the_buttons() -> None:
    async with stage() as s:
        asked = s.server.people.say(s.li, s.village, "哈村长,田埂被占了怎么办?")

        sent = await s.bot.send_message(
            s.village.id,
            "已收到,编号 12。",
            reply_parameters=ReplyParameters(asked.id),
            reply_markup=buttons(["追问", "办结"]),
        )

        seen = s.server.people.last(s.village)
        assert (seen.id, seen.text, seen.reply_to) == (
            sent.message_id,
            "已收到,编号 12。",
            asked.id,
        )
        assert seen.buttons == (("追问", "办结"),)
        assert sent.reply_to_message is not None
        assert sent.reply_to_message.text == "哈村长,田埂被占了怎么办?"


async def test_entities_that_were_sent_come_back_with_those_that_telegram_marks() -> None:
    async with stage() as s:
        sent = await s.bot.send_message(
            s.village.id,
            "😀编号 12,/ask 再问",
            entities=[MessageEntity(MessageEntity.BOLD, offset=2, length=5)],
        )
        found = {(entity.type, entity.offset, entity.length) for entity in sent.entities}
        assert found == {("bot_command", 8, 4), ("bold", 2, 5)}  # UTF-16 units


async def test_a_missing_reply_target_is_refused_unless_allowed() -> None:
    async with stage() as s:
        gone = s.server.people.say(s.li, s.village, "算了")
        s.server.people.delete(s.village, gone.id)

        with pytest.raises(BadRequest, match="Message to be replied not found"):
            await s.bot.send_message(s.village.id, "好", reply_parameters=ReplyParameters(gone.id))
        sent = await s.bot.send_message(
            s.village.id,
            "好",
            reply_parameters=ReplyParameters(gone.id, allow_sending_without_reply=True),
        )
        assert sent.reply_to_message is None


async def test_an_edit_changes_text_and_buttons_and_no_buttons_means_none() -> None:
    async with stage() as s:
        sent = await s.bot.send_message(s.village.id, "待认领", reply_markup=buttons(["认领"]))
        s.server.advance(seconds=5)

        edited = await s.bot.edit_message_text("已认领", s.village.id, sent.message_id)

        seen = s.server.people.last(s.village)
        assert (seen.text, seen.buttons, seen.edited) == ("已认领", (), True)
        assert not isinstance(edited, bool)
        assert edited.edit_date is not None
        assert (edited.edit_date - edited.date).total_seconds() == 5

        await s.bot.edit_message_reply_markup(
            s.village.id, sent.message_id, reply_markup=buttons(["退回"])
        )
        assert s.server.people.last(s.village).buttons == (("退回",),)


async def test_an_edit_without_change_is_refused() -> None:
    async with stage() as s:
        sent = await s.bot.send_message(s.village.id, "待认领", reply_markup=buttons(["认领"]))
        with pytest.raises(BadRequest, match=r"^Message is not modified: specified new message"):
            await s.bot.edit_message_text(
                "待认领", s.village.id, sent.message_id, reply_markup=buttons(["认领"])
            )
        assert not s.server.people.last(s.village).edited


async def test_only_own_messages_that_exist_can_be_edited() -> None:
    async with stage() as s:
        theirs = s.server.people.say(s.li, s.village, "我的话")
        with pytest.raises(BadRequest, match=r"^Message can't be edited$"):
            await s.bot.edit_message_text("你的话", s.village.id, theirs.id)
        with pytest.raises(BadRequest, match=r"^Message to edit not found$"):
            await s.bot.edit_message_text("什么", s.village.id, 999)


async def test_a_press_is_answered_once_and_in_time() -> None:
    async with stage() as s:
        people = s.server.people
        sent = await s.bot.send_message(s.village.id, "待认领", reply_markup=buttons(["认领"]))
        press = people.press(s.li, s.village, sent.message_id, "认领")
        (update,) = await s.drain()
        query = update["callback_query"]
        assert (query["data"], query["from"]["id"]) == ("do 认领", s.li.id)
        assert query["message"]["message_id"] == sent.message_id

        await s.bot.answer_callback_query(query["id"], "您已认领", show_alert=True)
        assert (press.answered, press.text, press.alert) == (True, "您已认领", True)

        words = r"^Query is too old and response timeout expired or query id is invalid$"
        with pytest.raises(BadRequest, match=words):
            await s.bot.answer_callback_query(query["id"])
        with pytest.raises(BadRequest, match=words):
            await s.bot.answer_callback_query("1234567")
        late = people.press(s.li, s.village, sent.message_id, "认领")
        s.server.advance(seconds=16)
        with pytest.raises(BadRequest, match=words):
            await s.bot.answer_callback_query(late.id)


async def test_only_buttons_that_are_there_can_be_pressed() -> None:
    async with stage() as s:
        sent = await s.bot.send_message(s.village.id, "待认领", reply_markup=buttons(["认领"]))
        with pytest.raises(Impossible, match="退回"):
            s.server.people.press(s.li, s.village, sent.message_id, "退回")


async def test_the_bot_sees_its_chats_and_who_is_in_them() -> None:
    async with stage() as s:
        chat = await s.bot.get_chat(s.village.id)
        assert (chat.type, chat.title) == ("supergroup", "白石村")
        roles = {
            user.id: (await s.bot.get_chat_member(s.village.id, user.id)).status
            for user in (s.zhang, s.li, s.server.bot.user)
        }
        assert list(roles.values()) == ["creator", "member", "administrator"]
        admins = await s.bot.get_chat_administrators(s.village.id)
        assert {admin.user.id for admin in admins} == {s.zhang.id, s.server.bot.user.id}
        stranger = s.server.people.person("王五")
        assert (await s.bot.get_chat_member(s.village.id, stranger.id)).status == "left"
        with pytest.raises(BadRequest, match=r"^Member not found$"):
            await s.bot.get_chat_member(s.village.id, 12345)


async def test_a_public_group_has_a_name_and_can_show_its_bots() -> None:
    async with stage() as s:
        people, rival = s.server.people, s.server.platform.new_bot("天气", "weather_test_bot")
        people.add_bot(s.village, by=s.zhang, bot=rival)
        people.make_admin(s.village, rival.user, by=s.zhang)
        s.village.username = "baishi_village"
        sent = await s.bot.send_message("@Baishi_Village", "喂")
        assert sent.chat.id == s.village.id
        assert len(await s.bot.get_chat_administrators(s.village.id)) == 2
        _, all_of_them = await s.raw(
            "getChatAdministrators", chat_id=s.village.id, return_bots=True
        )
        assert len(all_of_them["result"]) == 3


async def test_the_deletion_cache_can_be_switched_on() -> None:
    async with stage() as s:
        s.server.platform.deleted_can_be_quoted = True
        gone = s.server.people.say(s.li, s.village, "算了")
        s.server.people.delete(s.village, gone.id)
        await s.bot.send_message(s.village.id, "好", reply_parameters=ReplyParameters(gone.id))
        assert s.server.people.last(s.village).reply_to == gone.id


async def test_commands_are_kept_per_scope() -> None:
    async with stage() as s:
        scope = BotCommandScopeChat(s.village.id)
        await s.bot.set_my_commands([BotCommand("ask", "提问")])
        await s.bot.set_my_commands([BotCommand("bind", "绑定")], scope=scope)

        assert [c.command for c in await s.bot.get_my_commands()] == ["ask"]
        assert [c.command for c in await s.bot.get_my_commands(scope=scope)] == ["bind"]
        assert await s.bot.get_my_commands(scope=BotCommandScopeAllGroupChats()) == ()
        await s.bot.delete_my_commands(scope=scope)
        assert await s.bot.get_my_commands(scope=scope) == ()


async def test_a_bot_that_left_is_no_longer_a_member() -> None:
    async with stage() as s:
        assert await s.bot.leave_chat(s.village.id)
        with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
            await s.bot.send_message(s.village.id, "喂")


_KEY = {"inline_keyboard": [[{"text": "a", "callback_data": "字" * 22}]]}


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("sendMessage", {"text": ""}, "Bad Request: message text is empty"),
        ("sendMessage", {"text": " "}, "Bad Request: message text is empty"),
        ("sendMessage", {}, "Bad Request: message text is empty"),
        ("sendMessage", {"text": "字" * 4097}, "Bad Request: message is too long"),
        ("sendMessage", {"text": "a", "reply_markup": _KEY}, "Bad Request: BUTTON_DATA_INVALID"),
        ("sendMessage", {"text": "a", "chat_id": 77}, "Bad Request: chat not found"),
        ("sendMessage", {"text": "a", "chat_id": "@nobody"}, "Bad Request: chat not found"),
        ("sendMessage", {"text": "a", "chat_id": ""}, "Bad Request: chat_id is empty"),
        ("sendMessage", {"text": "a", "chat_id": None}, "Bad Request: chat_id is empty"),
        (
            "sendMessage",
            {"text": "a", "message_thread_id": 4},
            "Bad Request: message thread not found",
        ),
        (
            "sendMessage",
            {"text": "a", "reply_to": 3},
            "Bad Request: strict: sendMessage.reply_to: no such field",
        ),
        (
            "sendMessage",
            {"text": "a", "message_effect_id": "5"},
            "Bad Request: strict: sendMessage: not played by this server: message_effect_id",
        ),
        (
            "answerCallbackQuery",
            {"chat_id": None, "callback_query_id": "1", "text": "字" * 201},
            "Bad Request: MESSAGE_TOO_LONG",
        ),
        ("sendDice", {}, "Bad Request: strict: sendDice is not played by this server"),
        ("sendTelepathy", {}, "Not Found: method not found"),
    ],
)
async def test_a_wrong_request_is_refused_in_these_words(
    method: str, params: dict[str, Any], words: str
) -> None:
    async with stage() as s:
        given = {"chat_id": s.village.id} | params
        given = {name: value for name, value in given.items() if value is not None}
        assert await s.refused(method, **given) == words
        assert len(s.server.people.read(s.village)) == 1  # nothing but the bot's arrival


async def test_wrong_tokens_are_refused() -> None:
    async with stage() as s:
        for token, words in ((f"123:{'B' * 35}", "Unauthorized"), ("nonsense", "Not Found")):
            async with s.http.get(f"{s.server.base_url}{token}/getMe") as answer:
                assert (await answer.json())["description"] == words
            stranger = Bot(token, base_url=s.server.base_url)
            with pytest.raises(InvalidToken):
                await stranger.initialize()
            await stranger.shutdown()


async def test_parameters_come_as_query_form_multipart_or_json() -> None:
    async with stage() as s:
        url = f"{s.server.base_url}{s.server.bot.token}/sendmessage"
        params = {"chat_id": str(s.village.id), "text": "喂"}
        multipart = aiohttp.FormData(params, default_to_multipart=True)
        for how in ({"params": params}, {"data": params}, {"data": multipart}, {"json": params}):
            async with s.http.post(url, **how) as answer:
                assert (await answer.json())["ok"], how
        async with s.http.post(url, data="{", headers={"Content-Type": "application/json"}) as bad:
            assert bad.status == 400


async def test_a_bug_in_the_server_itself_fails_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(call: object) -> dict[str, str]:
        return {"id": "not a number"}

    monkeypatch.setattr(desk, "METHODS", {**desk.METHODS, "getMe": broken})
    server = TelegramServer()
    await server.start()
    url = f"{server.base_url}{server.bot.token}/getMe"
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        assert answer.status == 500
    with pytest.raises(AssertionError, match="getMe"):
        await server.stop()
