"""What was written on the built-in channel? It is the platform of its chats."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from base.webchat import WebButton, WebMessage, WebPress
from storage.tables_web import WEB_MESSAGE, WEB_PRESS

_POST = insert(WEB_MESSAGE).returning(WEB_MESSAGE.c.id)
_BY_NONCE = select(WEB_MESSAGE.c.id).where(WEB_MESSAGE.c.nonce == bindparam("of_nonce"))
_EDIT = (
    update(WEB_MESSAGE)
    .where(WEB_MESSAGE.c.id == bindparam("of_message"))
    .values(
        text=bindparam("new_text"),
        buttons=bindparam("new_buttons"),
        edited_at=bindparam("now"),
    )
)
_BY_ID = select(WEB_MESSAGE).where(
    WEB_MESSAGE.c.id == bindparam("of_message"), WEB_MESSAGE.c.chat_id == bindparam("in_chat")
)
_LATEST = (
    select(WEB_MESSAGE)
    .where(WEB_MESSAGE.c.chat_id == bindparam("in_chat"))
    .order_by(WEB_MESSAGE.c.id.desc())
    .limit(bindparam("at_most"))
)
_PRESS = insert(WEB_PRESS).returning(WEB_PRESS.c.id)
_REACT = (
    update(WEB_PRESS)
    .where(WEB_PRESS.c.id == bindparam("of_press"))
    .values(toast=bindparam("new_toast"))
)
_LAST_PRESS = (
    select(WEB_PRESS)
    .where(WEB_PRESS.c.author == bindparam("of_author"))
    .order_by(WEB_PRESS.c.id.desc())
    .limit(1)
)


class WebMessages:
    """The built-in channel's messages, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def post(
        self,
        *,
        chat_id: str,
        at: datetime,
        author: str | None,
        author_name: str,
        text: str,
        buttons: Sequence[WebButton] = (),
        reply_to: int | None = None,
        nonce: str | None = None,
    ) -> tuple[int, bool]:
        """Add a message; return its id, and False when this nonce was posted before."""
        if nonce is not None:
            known = self._connection.execute(_BY_NONCE, {"of_nonce": nonce}).scalar()
            if known is not None:
                return known, False
        posted: int = self._connection.execute(
            _POST,
            {
                "chat_id": chat_id,
                "at": at,
                "author": author,
                "author_name": author_name,
                "text": text,
                "buttons": [asdict(button) for button in buttons],
                "reply_to": reply_to,
                "nonce": nonce,
            },
        ).scalar_one()
        return posted, True

    def edit(self, message: int, text: str, buttons: Sequence[WebButton], now: datetime) -> bool:
        """Change a message in place; False when there is none."""
        result = self._connection.execute(
            _EDIT,
            {
                "of_message": message,
                "new_text": text,
                "new_buttons": [asdict(button) for button in buttons],
                "now": now,
            },
        )
        return result.rowcount == 1

    def get(self, chat_id: str, message: int) -> WebMessage | None:
        """Return one message of this chat."""
        row = self._connection.execute(_BY_ID, {"of_message": message, "in_chat": chat_id}).first()
        return _message(row) if row else None

    def latest(self, chat_id: str, limit: int) -> Sequence[WebMessage]:
        """Return the newest messages of a chat, oldest first."""
        rows = self._connection.execute(_LATEST, {"in_chat": chat_id, "at_most": limit}).all()
        return [_message(row) for row in reversed(rows)]

    def press(self, *, chat_id: str, message: int, author: str, at: datetime) -> int:
        """Record that somebody pressed a button; return the press's id."""
        pressed: int = self._connection.execute(
            _PRESS, {"chat_id": chat_id, "message_id": message, "author": author, "at": at}
        ).scalar_one()
        return pressed

    def react(self, press: int, toast: str) -> None:
        """Store what the presser is told."""
        self._connection.execute(_REACT, {"of_press": press, "new_toast": toast})

    def last_press(self, author: str) -> WebPress | None:
        """Return somebody's latest press, with the reaction once there is one."""
        row = self._connection.execute(_LAST_PRESS, {"of_author": author}).first()
        if row is None:
            return None
        return WebPress(
            id=row.id,
            chat_id=row.chat_id,
            message_id=row.message_id,
            author=row.author,
            at=row.at,
            toast=row.toast,
        )


def _message(row: Row[tuple[object, ...]]) -> WebMessage:
    return WebMessage(
        id=row.id,
        chat_id=row.chat_id,
        at=row.at,
        author=row.author,
        author_name=row.author_name,
        text=row.text,
        buttons=tuple(WebButton(**button) for button in row.buttons),
        reply_to=row.reply_to,
        edited_at=row.edited_at,
    )
