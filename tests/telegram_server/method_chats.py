"""What can a bot ask about itself and its chats? Also its commands, and leaving."""

import json

from tests.telegram_server.call import Call, Methods
from tests.telegram_server.errors import bad_request
from tests.telegram_server.shapes import full_chat, shown_member, shown_user
from tests.telegram_server.spec import Json
from tests.telegram_server.world import IN_CHARGE, INSIDE, Kind, Member, Status


async def get_me(call: Call) -> Json:
    """Tell a bot who it is, and what its privacy setting is now."""
    more = {"supports_inline_queries": False, "can_join_groups": call.bot.joins_groups}
    return shown_user(call.bot.user) | more | {"can_read_all_group_messages": not call.bot.privacy}


async def get_chat(call: Call) -> Json:
    """Describe a chat."""
    return full_chat(call.chat(write=False))


async def get_chat_member(call: Call) -> Json:
    """Describe somebody in a chat."""
    chat = call.chat(write=False)
    user = call.platform.world.users.get(call.params["user_id"])
    if user is None:
        raise bad_request("member not found")
    member = chat.members.get(user.id) or Member(user=user, status=Status.LEFT)
    return shown_member(member)


async def get_chat_administrators(call: Call) -> list[Json]:
    """Describe those in charge; of bots only the asking one, unless all are asked for."""
    chat = call.chat(write=False)
    if chat.kind is Kind.PRIVATE:
        raise bad_request("there are no administrators in the private chat")
    bots = call.params.get("return_bots", False)
    return [
        shown_member(member)
        for member in chat.members.values()
        if member.status in IN_CHARGE
        and (bots or not member.user.is_bot or member.user is call.bot.user)
    ]


async def leave_chat(call: Call) -> bool:
    """Leave a group."""
    chat = call.chat(write=True)
    if chat.kind is Kind.PRIVATE:
        raise bad_request("chat member status can't be changed in private chats")
    me = call.bot.user
    if chat.status(me) not in INSIDE:
        return True
    call.platform.change_member(chat, me, Status.LEFT, by=me)
    content = {"left_chat_member": shown_user(me)}
    call.platform.post(chat, me, content=content)
    return True


async def set_my_commands(call: Call) -> bool:
    """Set the commands of a scope and a language."""
    call.bot.commands[_scope(call)] = call.params["commands"]
    return True


async def get_my_commands(call: Call) -> list[Json]:
    """Return the commands of exactly this scope and language."""
    return call.bot.commands.get(_scope(call), [])


async def delete_my_commands(call: Call) -> bool:
    """Forget the commands of a scope and a language."""
    call.bot.commands.pop(_scope(call), None)
    return True


METHODS: Methods = {
    "getMe": get_me,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "leaveChat": leave_chat,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
}


def _scope(call: Call) -> str:
    """Name a scope and a language; a scope of a chat needs the chat."""
    scope: Json = dict(call.params.get("scope") or {"type": "default"})
    if "chat_id" in scope:
        inner = Call(call.platform, call.bot, call.method, scope)
        scope["chat_id"] = inner.chat(write=False).id
    return json.dumps([scope, call.params.get("language_code", "")], sort_keys=True)
