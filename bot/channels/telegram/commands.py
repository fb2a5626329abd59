"""Which commands does Telegram offer people while they type, and in which chats?"""

from collections.abc import Mapping

SCOPES: Mapping[str, tuple[str, ...]] = {
    "all_group_chats": ("help", "bind"),
    "all_chat_administrators": ("help", "bind"),
    "all_private_chats": ("start",),
}
"""The Bot API's scopes of chats → the commands offered there."""


def in_scope(scope: str, abouts: Mapping[str, str]) -> Mapping[str, str]:
    """Return the commands of one scope with what they say of themselves."""
    return {name: abouts[name] for name in SCOPES[scope] if name in abouts}
