"""Does this concern us, and what is it? Pure: looks at one message and little else."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from base.messages import Act

WAKE_WORDS = ("问哈村长", "问哈", "文哈村长", "文哈", "问一哈", "问下村长", "闻哈村长", "问蛤村长")
_PUNCTUATION = r"\s,，、。.:：!！?？~～;；"
_WAKE = re.compile(
    rf"^[@\s]*(?:{'|'.join(sorted(WAKE_WORDS, key=len, reverse=True))})[{_PUNCTUATION}]*"
)
_MENTION = re.compile(rf"@问哈村长[{_PUNCTUATION}]*")
_EDGES = " \t\n,，、。.:：!！?？~～;；“”\"'【】[]()（）"
_NUMBERED = re.compile(r"^(认领|退回|紧急|已转发)[\s#]*(\d{1,9})\s*号?(?:工单)?$")
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
    "已转发": Act.FORWARDED,
    "收进知识库": Act.COLLECT,
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
APPOINT, DISMISS = "任命联络员", "撤销联络员"
COMMANDS: Mapping[str, str] = {"bind": "bind", "绑定": "bind", "help": "help", "start": "help"}
WITHDRAW = "撤回"


class Own(StrEnum):
    """What somebody asks about the own questions."""

    OPEN = "open"  #: 进度
    ALL = "all"  #: 我的问题
    WITHDRAW = "withdraw"  #: 撤回, in reply to nothing


OWN: Mapping[str, Own] = {
    "进度": Own.OPEN,
    "查进度": Own.OPEN,
    "我的问题": Own.ALL,
    WITHDRAW: Own.WITHDRAW,
}
RATINGS: Mapping[str, str] = {"满意": "good", "很满意": "good", "不满意": "bad"}
_COMMAND = re.compile(rf"^/({'|'.join(COMMANDS)})(?:@问哈村长)?(?=\s|$)\s*(.*)$", re.I | re.S)
RELAY, UNFORWARDED = "代问", "待转发"
_RELAYED = re.compile(rf"^(?:代问|帮问|替问)(?:一下|一哈)?(?:[{_PUNCTUATION}]+|$)")
_FOR = re.compile(r"^[代替帮](\S{1,8}?)问(?:一下|一哈)?[：:，,]\s*(?=\S)")
LISTEN: Mapping[str, bool] = {"打开旁听": True, "关闭旁听": False}
"""Whether a village wants to be answered unasked, as a liaison says it after our name."""


def appoints(text: str) -> bool | None:
    """Return whether words make the one replied to a liaison, or no more; None for other words."""
    return {APPOINT: True, DISMISS: False}.get(_plain(text))


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
    if found := _NUMBERED.match(bare):
        return TYPED[found.group(1)]
    return TYPED.get(bare)


def begins_urgent(text: str) -> bool:
    """Whether what we are called for begins with 紧急: 问哈村长，紧急！他又打人了."""
    return _URGENT.match(without_call(text)) is not None


def ticket_number(text: str) -> int | None:
    """Return the ticket a typed act names: 认领3, 认领 #3, 认领 3号."""
    found = _NUMBERED.match(_plain(text))
    return int(found.group(2)) if found else None


def card_number(text: str) -> int | None:
    """Return the ticket that a card stands for, read from its head: 【3号工单】."""
    found = _CARD.match(text)
    return int(found.group(1)) if found else None


def _plain(text: str) -> str:
    """The words alone: our name, full-width forms and the punctuation around them gone."""
    return unicodedata.normalize("NFKC", without_call(text)).strip(_EDGES)


def passes_on(text: str) -> bool:
    """Whether a reply makes what it points at the question: 转总群, 代问, or our name alone."""
    called = addressed(text) and not without_call(text)
    return typed(text) is Act.HAND_UP or called or _plain(text) == RELAY


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


def relayed(text: str) -> str | None:
    """Return what a liaison asks for somebody: 代问 张三：…, 替张三问：…; None for else."""
    bare = without_call(text)
    if found := _RELAYED.match(bare):
        return bare[found.end() :].strip()
    if found := _FOR.match(bare):
        return f"{found.group(1)}：{bare[found.end() :].strip()}"
    return None


def lists_unforwarded(text: str) -> bool:
    """Whether words ask which answers wait to be carried on: 待转发."""
    return _plain(text) == UNFORWARDED


def about_own(text: str) -> Own | None:
    """Return what words ask about the own questions: 进度, 我的问题, 撤回."""
    return OWN.get(_plain(text))


def rates(text: str) -> str | None:
    """Return how words rate an answer: 满意 is good, 不满意 bad; None for other words."""
    return RATINGS.get(_plain(text))


def withdraws(text: str) -> bool:
    """Whether words take a question back: 撤回."""
    return _plain(text) == WITHDRAW


def says_solved(text: str) -> bool:
    """Whether words end by saying it is settled: 人走了，解决了. A question or a 没 says not."""
    return _SOLVED.search(text) is not None and not _DOUBT.search(text)
