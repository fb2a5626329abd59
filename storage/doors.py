"""Which secret link opens which chat of the built-in channel? Stored as hashes."""

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.sqlite import insert

from base.webchat import WebDoor
from storage.tables_web import WEB_DOOR

_OPEN = insert(WEB_DOOR)
_FIND = select(WEB_DOOR).where(WEB_DOOR.c.secret == bindparam("of_secret"))
_CLOSE = WEB_DOOR.delete().where(WEB_DOOR.c.chat_id == bindparam("in_chat"))


class Doors:
    """The links of the built-in channel's chats, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, secret: str, door: WebDoor) -> None:
        """Let a link, by the hash of its secret, open a chat from now on."""
        values = {"secret": secret, "chat_id": door.chat_id, "part": door.part}
        self._connection.execute(_OPEN, values)

    def find(self, secret: str) -> WebDoor | None:
        """Return what a link opens, by the hash of its secret."""
        row = self._connection.execute(_FIND, {"of_secret": secret}).first()
        return WebDoor(chat_id=row.chat_id, part=row.part) if row else None

    def close(self, chat_id: str) -> None:
        """Let no link of a chat open it any more."""
        self._connection.execute(_CLOSE, {"in_chat": chat_id})
