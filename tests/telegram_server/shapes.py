"""How does a thing look in the API's JSON?"""

from tests.telegram_server.spec import Json
from tests.telegram_server.world import IN_CHARGE, Chat, Kind, Member, Message, Press, Status, User

ADMIN_RIGHTS = [
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
]
PERMISSIONS = [
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
]
_GIFTS = [
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
]


def shown_user(user: User) -> Json:
    """Return a User."""
    named = {"last_name": user.last_name, "username": user.username}
    more = named | {"language_code": user.language_code}
    shape: Json = {"id": user.id, "is_bot": user.is_bot, "first_name": user.first_name}
    return shape | _given(more)


def shown_chat(chat: Chat) -> Json:
    """Return a Chat."""
    shape: Json = {"id": chat.id, "type": str(chat.kind)}
    if chat.kind is not Kind.PRIVATE:
        return shape | _given({"title": chat.title, "username": chat.username})
    user = chat.members[chat.id].user
    return shape | _given(
        {"first_name": user.first_name, "last_name": user.last_name, "username": user.username}
    )


def full_chat(chat: Chat) -> Json:
    """Return a ChatFullInfo."""
    shape = shown_chat(chat)
    shape |= {"accent_color_id": abs(chat.id) % 7, "max_reaction_count": 11}
    shape |= {"accepted_gift_types": dict.fromkeys(_GIFTS, False)}
    if chat.kind in (Kind.GROUP, Kind.SUPERGROUP):
        muted = {"can_send_messages": not chat.muted}
        shape["permissions"] = dict.fromkeys(PERMISSIONS, True) | muted
    if chat.linked_channel is not None:
        shape["linked_chat_id"] = chat.linked_channel.id
    return shape


def shown_member(member: Member) -> Json:
    """Return a ChatMember of the kind that the status asks for."""
    shape: Json = {"status": str(member.status), "user": shown_user(member.user)}
    if member.status in IN_CHARGE:
        shape["is_anonymous"] = member.anonymous
    if member.status is Status.ADMIN:
        shape["can_be_edited"] = False
        shape |= {right: right in member.rights for right in ADMIN_RIGHTS}
    if member.status is Status.KICKED:
        shape["until_date"] = 0
    return shape


def shown_message(message: Message, *, quoted: bool = False) -> Json:
    """Return a Message; a replied-to message has no reply of its own inside."""
    shape: Json = {
        "message_id": message.id,
        "date": message.date,
        "chat": shown_chat(message.chat),
    }
    shape |= message.content
    shape |= _given(
        {
            "from": message.sender and shown_user(message.sender),
            "sender_chat": message.sender_chat and shown_chat(message.sender_chat),
            "edit_date": message.edit_date,
            "text": message.text,
            "entities": message.entities or None,
            "reply_markup": {"inline_keyboard": message.buttons} if message.buttons else None,
        }
    )
    if message.reply_to is not None and not quoted:
        shape["reply_to_message"] = shown_message(message.reply_to, quoted=True)
    return shape


def shown_change(chat: Chat, before: Member, after: Member, *, by: User, date: int) -> Json:
    """Return a ChatMemberUpdated."""
    return {
        "chat": shown_chat(chat),
        "from": shown_user(by),
        "date": date,
        "old_chat_member": shown_member(before),
        "new_chat_member": shown_member(after),
    }


def shown_press(press: Press, data: str) -> Json:
    """Return a CallbackQuery; a deleted message in it is an InaccessibleMessage."""
    message = press.message
    shown = shown_message(message)
    if message.deleted:
        shown = {"chat": shown_chat(message.chat), "message_id": message.id, "date": 0}
    return {
        "id": press.id,
        "from": shown_user(press.user),
        "chat_instance": f"{-message.chat.id * 7919}",
        "message": shown,
        "data": data,
    }


def _given(values: Json) -> Json:
    return {name: value for name, value in values.items() if value is not None}
