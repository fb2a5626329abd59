"""Does this concern us, and what is it? Pure: looks at one message and little else."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from base.messages import Act
from base.text import clean
from knowledge.calibrate import asks

WAKE_WORDS = ("问哈村长", "问哈", "文哈村长", "文哈", "问一哈", "问下村长", "闻哈村长", "问蛤村长")
_PUNCTUATION = r"\s,，、。.:：!！?？~～;；"
_WAKE = re.compile(
    rf"^[@\s]*(?:{'|'.join(sorted(WAKE_WORDS, key=len, reverse=True))})[{_PUNCTUATION}]*"
)
_MENTION = re.compile(rf"@问哈村长[{_PUNCTUATION}]*")
_EDGES = " \t\n,，、。.:：!！?？~～;；“”\"'【】[]()（）"
_NUMBERED = re.compile(r"^(?:认领|退回|紧急)[\s#]*(\d{1,9})\s*号?(?:工单)?$")
_CARD = re.compile(r"^【(\d{1,9})号工单】")
_URGENT = re.compile(rf"紧急[{_PUNCTUATION}]")
_NUMBER = re.compile(r"^(?:回复|选)?\s*([1-9])$")
TYPED: Mapping[str, Act] = {
    "有用": Act.HELPFUL,
    "没帮上忙": Act.UNHELPFUL,
    "都不是": Act.NONE_FITS,
    "转给专家": Act.TO_EXPERT,
    "转总群": Act.HAND_UP,
    "认领": Act.CLAIM,
    "退回": Act.RELEASE,
    "解决了": Act.SOLVED,
    "还有疑问": Act.ASK_AGAIN,
    "紧急": Act.URGENT,
    "为什么这时到期": Act.EXPLAIN,
}
"""The words of the buttons, typed: a fixed contract."""
_ASSENT = r"多谢|感谢|谢|好嘞|好|嗯|收到|要得|晓得了|知道了|(?i:ok)|👍|🙏|👌"
_KIND = r"你|您|们|大家|帮助|帮忙|解答|辛苦|费心|的|了|啊|哈|嘛|哦|呀|啦"
_TITLE = r"村长|律师|调解员|书记|主任|老师|同志|大哥|大姐|哥|姐"
# the usual surnames, without those that make a sentence of it: 向律师, 和律师, 任律师
_SURNAME = (
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋杜叶程苏魏吕丁"
    "卢姚沈钟姜崔谭陆范汪廖石韦贾夏付邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵严赖覃戴莫孔汤冉]"
)
_THANKS = re.compile(rf"^(?:{_ASSENT})(?:{_ASSENT}|{_KIND}|{_SURNAME}?(?:{_TITLE}))*$")
"""Words that answer nothing and ask nothing."""
_SOLVED = re.compile(rf"解决了[{_PUNCTUATION}]*$")
_DOUBT = re.compile(r"[?？吗没未不]|么")
APPOINT = "任命联络员"
COMMANDS: Mapping[str, str] = {"bind": "bind", "绑定": "bind", "help": "help", "start": "help"}
WITHDRAW = "撤回"
_COMMAND = re.compile(rf"^/({'|'.join(COMMANDS)})(?:@问哈村长)?(?=\s|$)\s*(.*)$", re.I | re.S)
LISTEN: Mapping[str, bool] = {"打开旁听": True, "关闭旁听": False}
"""Whether a village wants to be answered unasked, as a liaison says it after our name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Peek:
    """What is needed of a raw update to tell whether it concerns us.

    Attributes:
        notice: the channel tells something about the chat itself.
        machine: another bot wrote it, or a channel linked to the group.
        direct: the chat is with the sender alone.
        replied_name: the name on the channel of who wrote the message replied to: wenha_bot.
        edited: the id of the message that says something else now.
    """

    text: str
    sender: str
    reply_to: str | None
    press: bool = False
    notice: bool = False
    machine: bool = False
    direct: bool = False
    replied_name: str = ""
    edited: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What is known about the chat and the sender when an update comes in.

    Attributes:
        replies_to_held: the message replied to belongs to a ticket.
        has_open: the sender has an open question in this chat.
        is_hub: the chat is a hub's.
        unsettled: something of this chat still waits to be handled, so that what it opens is not
            known yet.
        mention: our name on this channel, as people type it: @wenha_bot.
        listening: the chat is a village's that is answered unasked, where we are certain.
    """

    replies_to_held: bool = False
    has_open: bool = False
    is_hub: bool = False
    unsettled: bool = False
    mention: str = ""
    listening: bool = False


def peek(raw: Mapping[str, Any]) -> Peek | None:
    """Look into a raw update of the Bot API's shape; None when it can't be read."""
    if isinstance(query := raw.get("callback_query"), Mapping):
        return Peek(text="", sender=_id(query.get("from")), reply_to=None, press=True)
    if isinstance(change := raw.get("my_chat_member"), Mapping):
        return Peek(text="", sender=_id(change.get("from")), reply_to=None, notice=True)
    message = raw.get("message", raw.get("edited_message"))
    if not isinstance(message, Mapping):
        return None
    replied = message.get("reply_to_message")
    return Peek(
        text=clean(str(message.get("text") or message.get("caption") or "")),
        sender=_id(message.get("from")),
        reply_to=str(replied.get("message_id")) if isinstance(replied, Mapping) else None,
        notice="migrate_to_chat_id" in message or "migrate_from_chat_id" in message,
        machine=_is_machine(message),
        direct=_is_direct(message),
        replied_name=_name_of(replied),
        edited=str(message.get("message_id")) if "edited_message" in raw else None,
    )


def _id(person: object) -> str:
    return str(person.get("id")) if isinstance(person, Mapping) else ""


def _name_of(replied: object) -> str:
    sender = replied.get("from") if isinstance(replied, Mapping) else None
    return str(sender.get("username", "")) if isinstance(sender, Mapping) else ""


def _is_machine(message: Mapping[str, Any]) -> bool:
    """Whether a bot or a linked channel wrote; an anonymous admin is a person behind a mask."""
    sender = message.get("from")
    bot = isinstance(sender, Mapping) and sender.get("is_bot") is True
    return bool(message.get("is_automatic_forward")) or (bot and "sender_chat" not in message)


def _is_direct(message: Mapping[str, Any]) -> bool:
    chat = message.get("chat")
    return isinstance(chat, Mapping) and chat.get("type") == "private"


def concerns_us(raw: Mapping[str, Any], known: Known) -> bool:
    """Whether an update is to be stored at all; when unsure, yes.

    Everything a village writes that is neither addressed to us, nor a reply to a question we
    hold, nor a typed choice of somebody who was asked to choose, is none of our business.
    """
    seen = peek(raw)
    if seen is None or seen.press or seen.notice:
        return True
    if seen.machine:
        return False
    to_us = seen.reply_to is not None and f"@{seen.replied_name}" == known.mention
    perhaps_held = known.unsettled and (seen.reply_to or seen.edited) is not None
    held = known.replies_to_held or perhaps_held
    return seen.direct or held or to_us or _calls(seen, known)


def _calls(seen: Peek, known: Known) -> bool:
    """Whether words that answer nothing of ours are meant for us all the same."""
    text, act = named(seen.text, known.mention), typed(seen.text)
    if is_command(text):
        return True
    if known.is_hub:
        return ticket_number(text) is not None or _appoints(seen)
    gesture = seen.reply_to is not None and act in (Act.HAND_UP, Act.URGENT)
    asked = known.has_open or known.unsettled
    choice = asked and (number(text) is not None or act is not None)
    overheard = known.listening and seen.reply_to is None and asks(text)
    called = addressed(text) or act is Act.URGENT or _appoints(seen)
    return called or gesture or choice or overheard


def _appoints(seen: Peek) -> bool:
    return seen.reply_to is not None and appoints(seen.text)


def appoints(text: str) -> bool:
    """Whether words make the one replied to a liaison: 任命联络员."""
    return _plain(text) == APPOINT


def named(text: str, mention: str) -> str:
    """Return the words with our name on the channel put as our own: @wenha_bot → @问哈村长."""
    if not mention:
        return text
    return re.sub(rf"{re.escape(mention)}(?![A-Za-z0-9_])\s*", "@问哈村长 ", text, flags=re.I)


def is_command(text: str) -> bool:
    """Whether words begin with one of our commands; /bind under our own name is one too."""
    return command(text) is not None


def command(text: str) -> tuple[str, str] | None:
    """Return the command and what follows it: ("bind", "AB12…"); one for another bot is none."""
    found = _COMMAND.match(text)
    return (COMMANDS[found.group(1).lower()], found.group(2).strip()) if found else None


def addressed(text: str) -> bool:
    """Whether the words call us: a wake word at the start, or our name anywhere with @."""
    return bool(_WAKE.match(text) or _MENTION.search(text))


def listens(text: str) -> bool | None:
    """Return whether words switch on or off that a village is answered unasked; else None."""
    return LISTEN.get(_plain(text)) if addressed(text) else None


def without_call(text: str) -> str:
    """Return the words without the wake word or mention that called us."""
    return _MENTION.sub("", _WAKE.sub("", text)).strip()


def typed(text: str) -> Act | None:
    """Return the act whose label was typed, alone or after our name, or with a ticket's number."""
    bare = _plain(text)
    if _NUMBERED.match(bare):
        return TYPED[bare[:2]]
    return TYPED.get(bare)


def begins_urgent(text: str) -> bool:
    """Whether what we are called for begins with 紧急: 问哈村长，紧急！他又打人了."""
    return _URGENT.match(without_call(text)) is not None


def ticket_number(text: str) -> int | None:
    """Return the ticket a typed act names: 认领3, 认领 #3, 认领 3号."""
    found = _NUMBERED.match(_plain(text))
    return int(found.group(1)) if found else None


def card_number(text: str) -> int | None:
    """Return the ticket that a card stands for, read from its head: 【3号工单】."""
    found = _CARD.match(text)
    return int(found.group(1)) if found else None


def _plain(text: str) -> str:
    """The words alone: our name, full-width forms and the punctuation around them gone."""
    return unicodedata.normalize("NFKC", without_call(text)).strip(_EDGES)


def passes_on(text: str) -> bool:
    """Whether a reply makes the message it points at the question: 转总群, or just our name."""
    return typed(text) is Act.HAND_UP or (addressed(text) and not without_call(text))


def number(text: str) -> int | None:
    """Return the number of a choice typed instead of a button: 1, 2, 回复1, 选3."""
    found = _NUMBER.match(_plain(text))
    return int(found.group(1)) if found else None


def says_nothing(text: str) -> bool:
    """Whether the words are thanks or assent: they start no clock and need no reply."""
    bare = re.sub(rf"[{_PUNCTUATION}]", "", text)
    if not bare and ("?" in text or "？" in text):
        return False
    return not bare or _THANKS.match(bare) is not None


def withdraws(text: str) -> bool:
    """Whether words take a question back: 撤回."""
    return _plain(text) == WITHDRAW


def says_solved(text: str) -> bool:
    """Whether words end by saying it is settled: 人走了，解决了. A question or a 没 says not."""
    return _SOLVED.search(text) is not None and not _DOUBT.search(text)
