"""What do bots hear of what people do, and what may a bot still do after it?"""

from typing import Any

import pytest
from telegram import Bot, Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from tests.integration.telegram_stage import Stage, buttons, stage, texts
from tests.telegram_server.people import Impossible
from tests.telegram_server.world import ANONYMOUS_ADMIN, LINKED_CHANNEL


async def _said(s: Stage) -> list[dict[str, Any]]:
    return [update["message"] for update in await s.drain() if "message" in update]


async def _send_error(s: Stage, chat_id: int) -> str:
    with pytest.raises(TelegramError) as caught:
        await s.bot.send_message(chat_id, "喂")
    return f"{type(caught.value).__name__}: {caught.value.message}"


async def test_a_plain_member_with_privacy_hears_only_what_is_meant_for_it() -> None:
    async with stage(admin=False) as s:
        people = s.server.people
        sent = await s.bot.send_message(s.village.id, "有事请说")
        other = people.say(s.zhang, s.village, "今天赶集")
        people.say(s.li, s.village, "去", reply_to=other)
        people.say(s.li, s.village, "@wenha_test_bot 在吗")
        people.say(s.li, s.village, "问一下", reply_to=sent.message_id)
        people.say(s.li, s.village, "/ask@wenha_test_bot 田埂")
        people.say(s.li, s.village, "/ask@another_bot 田埂")
        people.say(s.li, s.village, "/ask 最后说话的是你")
        assert texts(await s.drain()) == [
            "问一下",
            "/ask@wenha_test_bot 田埂",
            "/ask 最后说话的是你",
        ]


async def test_a_bare_command_goes_to_the_bot_that_wrote_last() -> None:
    async with stage(admin=False) as s:
        rival = s.server.platform.new_bot("天气", "weather_test_bot")
        s.server.people.add_bot(s.village, by=s.zhang, bot=rival)
        await s.drain()
        async with Bot(rival.token, base_url=s.server.base_url) as other:
            await other.send_message(s.village.id, "晴")
        s.server.people.say(s.li, s.village, "/ask 田埂")
        assert await s.drain() == []
        assert rival.queue.waiting[-1].body["message"]["text"] == "/ask 田埂"


async def test_bots_do_not_hear_each_other() -> None:
    async with stage() as s:
        rival = s.server.platform.new_bot("天气", "weather_test_bot", privacy=False)
        s.server.people.add_bot(s.village, by=s.zhang, bot=rival)
        rival.queue.clear()
        await s.bot.send_message(s.village.id, "喂")
        assert rival.queue.waiting == []


async def test_the_privacy_setting_counts_from_the_next_time_the_bot_is_added() -> None:
    async with stage(admin=False) as s:
        people = s.server.people
        s.server.bot.privacy = False
        people.say(s.li, s.village, "没听见")
        assert await s.drain() == []
        people.kick_bot(s.village, by=s.zhang)
        people.add_bot(s.village, by=s.zhang)
        await s.drain()
        people.say(s.li, s.village, "听见了")
        assert texts(await s.drain()) == ["听见了"]


async def test_an_admin_hears_everything() -> None:
    async with stage(admin=False) as s:
        s.server.people.make_admin(s.village, s.server.bot.user, by=s.zhang)
        await s.drain()
        s.server.people.say(s.li, s.village, "今天赶集")
        assert texts(await s.drain()) == ["今天赶集"]


async def test_a_kicked_bot_hears_of_it_and_is_out() -> None:
    async with stage() as s:
        s.server.people.kick_bot(s.village, by=s.zhang)
        change, service = await s.drain()
        assert change["my_chat_member"]["old_chat_member"]["status"] == "administrator"
        assert change["my_chat_member"]["new_chat_member"]["status"] == "kicked"
        assert service["message"]["left_chat_member"]["id"] == s.server.bot.user.id
        words = "Forbidden: Forbidden: bot was kicked from the supergroup chat"
        assert await _send_error(s, s.village.id) == words
        s.server.people.say(s.li, s.village, "没人听")
        assert await s.drain() == []


async def test_each_kind_of_group_has_its_own_words() -> None:
    async with stage() as s:
        people = s.server.people
        kicked, left, gone = (people.group(name, owner=s.zhang) for name in "甲乙丙")
        for group in (kicked, left, gone):
            people.add_bot(group, by=s.zhang)
        people.kick_bot(kicked, by=s.zhang)
        people.leave(left, s.server.bot.user)
        people.delete_group(gone)
        people.delete_group(s.village)
        assert [await _send_error(s, group.id) for group in (kicked, left, gone, s.village)] == [
            "Forbidden: Forbidden: bot was kicked from the group chat",
            "Forbidden: Forbidden: bot is not a member of the group chat",
            "Forbidden: Forbidden: the group chat was deleted",
            "Forbidden: Forbidden: bot was kicked from the supergroup chat",
        ]
        with pytest.raises(Forbidden, match="kicked from the group chat"):
            await s.bot.leave_chat(kicked.id)


async def test_a_private_chat_opens_with_start_and_closes_with_a_block() -> None:
    async with stage() as s:
        people = s.server.people
        assert await _send_error(s, s.li.id) == (
            "Forbidden: Forbidden: bot can't initiate conversation with a user"
        )
        people.start(s.li, payload="bind")
        assert texts(await s.drain()) == ["/start bind"]
        await s.bot.send_message(s.li.id, "您好")
        assert [seen.text for seen in people.read(people.private(s.li))] == ["/start bind", "您好"]

        people.block(s.li)
        (update,) = await s.drain()
        assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
        assert await _send_error(s, s.li.id) == "Forbidden: Forbidden: bot was blocked by the user"
        people.unblock(s.li)
        await s.bot.send_message(s.li.id, "又见面了")
        s.li.deactivated = True
        assert await _send_error(s, s.li.id) == "Forbidden: Forbidden: user is deactivated"
        with pytest.raises(BadRequest, match="There are no administrators in the private chat"):
            await s.bot.get_chat_administrators(s.li.id)


async def test_an_upgrade_says_so_in_both_chats_and_refuses_the_old_id() -> None:
    async with stage() as s:
        people = s.server.people
        old = people.group("黑石村", owner=s.zhang, members=(s.li,))
        people.add_bot(old, by=s.zhang)
        sent = await s.bot.send_message(old.id, "按", reply_markup=buttons(["按"]))
        await s.drain()

        new = people.upgrade(old, by=s.zhang)

        farewell, welcome = await _said(s)
        assert (farewell["chat"]["id"], farewell["migrate_to_chat_id"]) == (old.id, new.id)
        assert (welcome["chat"]["id"], welcome["migrate_from_chat_id"]) == (new.id, old.id)
        with pytest.raises(ChatMigrated) as caught:
            await s.bot.send_message(old.id, "喂")
        assert caught.value.new_chat_id == new.id
        status, body = await s.raw("sendMessage", chat_id=old.id, text="喂")
        words = "Bad Request: group chat was upgraded to a supergroup chat"
        assert (status, body["description"]) == (400, words)
        assert (await s.bot.send_message(new.id, "新的")).message_id == welcome["message_id"] + 1
        people.press(s.li, old, sent.message_id, "按")  # an old button still works
        assert (await s.drain())[0]["callback_query"]["data"] == "do 按"
        with pytest.raises(Impossible):
            people.say(s.li, old, "还在旧群")


async def test_an_upgrade_may_happen_without_a_word() -> None:
    async with stage() as s:
        old = s.server.people.group("黑石村", owner=s.zhang)
        s.server.people.add_bot(old, by=s.zhang)
        await s.drain()
        new = s.server.people.upgrade(old, by=s.zhang, announced=False)
        assert await s.drain() == []
        with pytest.raises(ChatMigrated, match=str(new.id)):
            await s.bot.send_message(old.id, "喂")


async def test_supergroups_count_their_own_messages_and_all_others_together() -> None:
    async with stage() as s:
        people = s.server.people
        groups = [people.group(name, owner=s.zhang) for name in "甲乙"]
        other = people.supergroup("丙", owner=s.zhang)
        assert [people.say(s.zhang, group, "一").id for group in (*groups, other)] == [1, 2, 1]
        deleted = people.say(s.zhang, other, "二")
        people.delete(other, deleted.id)
        assert people.say(s.zhang, other, "三").id == deleted.id + 1


async def test_an_anonymous_admin_speaks_as_the_group_but_presses_in_person() -> None:
    async with stage() as s:
        people = s.server.people
        sent = await s.bot.send_message(s.village.id, "按", reply_markup=buttons(["按"]))
        people.say(s.zhang, s.village, "/bind 123456", anonymous=True)
        (message,) = await _said(s)
        assert message["from"]["id"] == ANONYMOUS_ADMIN
        assert message["sender_chat"]["id"] == s.village.id
        people.press(s.zhang, s.village, sent.message_id, "按")
        assert (await s.drain())[0]["callback_query"]["from"]["id"] == s.zhang.id
        with pytest.raises(Impossible):
            people.say(s.li, s.village, "我也匿名", anonymous=True)


async def test_a_post_of_the_linked_channel_comes_from_the_channel() -> None:
    async with stage() as s:
        s.server.people.channel_post(s.village, "通知")
        (message,) = await _said(s)
        assert message["from"]["id"] == LINKED_CHANNEL
        assert message["sender_chat"]["type"] == "channel"
        assert message["is_automatic_forward"] is True
        linked = (await s.bot.get_chat(s.village.id)).linked_chat_id
        assert linked == message["sender_chat"]["id"]


async def test_every_kind_of_media_arrives_and_can_be_parsed() -> None:
    async with stage() as s:
        people = s.server.people
        people.send_voice(s.li, s.village, 12)
        people.send_photo(s.li, s.village, "界桩")
        people.send_sticker(s.li, s.village)
        people.send_document(s.li, s.village, "合同.pdf")
        people.send(s.li, s.village, people.media.location(26.1, 119.3))
        people.send(s.li, s.village, people.media.video(5))
        voice, photo, sticker, document, place, video = (
            Update.de_json(update, s.bot).message for update in await s.drain()
        )
        assert voice is not None
        assert voice.voice is not None
        assert photo is not None
        assert (photo.caption, len(photo.photo)) == ("界桩", 2)
        assert sticker is not None
        assert sticker.sticker is not None
        assert document is not None
        assert document.document is not None
        assert document.document.file_name == "合同.pdf"
        assert place is not None
        assert place.location is not None
        assert video is not None
        assert video.video is not None


async def test_an_album_is_one_update_per_photo_with_one_caption() -> None:
    async with stage() as s:
        s.server.people.send_album(s.li, s.village, 3, "三张照片")
        messages = await _said(s)
        assert len({message["media_group_id"] for message in messages}) == 1
        assert [message.get("caption") for message in messages] == ["三张照片", None, None]


async def test_edits_come_as_edits_and_false_ones_too() -> None:
    async with stage() as s:
        said = s.server.people.say(s.li, s.village, "田更")
        s.server.people.edit(said, "田埂")
        s.server.people.touch(said)
        _, edit, false_edit = await s.drain()
        assert edit["edited_message"]["text"] == "田埂"
        assert "edit_date" in edit["edited_message"]
        assert false_edit["edited_message"] == edit["edited_message"]


async def test_a_reply_shows_one_level_and_a_deletion_nothing() -> None:
    async with stage() as s:
        people = s.server.people
        first = people.say(s.li, s.village, "一")
        second = people.say(s.zhang, s.village, "二", reply_to=first)
        people.say(s.li, s.village, "三", reply_to=second)
        people.delete(s.village, first.id)
        _, _, third = await _said(s)
        assert third["reply_to_message"]["text"] == "二"
        assert "reply_to_message" not in third["reply_to_message"]
        assert [seen.text for seen in people.read(s.village)][1:] == ["二", "三"]


async def test_a_press_on_a_deleted_message_shows_that_it_is_gone() -> None:
    async with stage() as s:
        sent = await s.bot.send_message(s.village.id, "按", reply_markup=buttons(["按"]))
        s.server.people.delete(s.village, sent.message_id)
        s.server.people.press(s.li, s.village, sent.message_id, "按")
        (update,) = await s.drain()
        assert update["callback_query"]["message"]["date"] == 0
        with pytest.raises(BadRequest, match="Message to edit not found"):
            await s.bot.edit_message_text("好", s.village.id, sent.message_id)
