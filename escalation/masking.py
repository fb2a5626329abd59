"""Which numbers in a text belong to a person, and what does it look like without them?

Everything that leaves a village goes through `mask`. Shapes only: names and addresses need a
roster and are masked elsewhere. Where a shape is in doubt it is masked: a lost order number
costs a question, a leaked phone number cannot be taken back.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """What a masked number was; the value stands in the text instead."""

    ID = "〔身份证号〕"  # 18 characters, or 15 on old papers
    MOBILE = "〔手机号〕"
    CARD = "〔银行卡号〕"
    LANDLINE = "〔座机号〕"
    PLATE = "〔车牌号〕"
    EMAIL = "〔邮箱〕"
    WECHAT = "〔微信号〕"
    QQ = "〔QQ号〕"
    LONG = "〔长号码〕"  # so long, or a mobile with more digits: numbers that touch


@dataclass(frozen=True, kw_only=True, slots=True)
class Masked:
    """A text that may leave the village, and how many of each kind it has lost."""

    text: str
    kinds: Mapping[Kind, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shadow:
    """A text as the patterns see it; its character i came from `start[i]:end[i]`."""

    text: str
    start: tuple[int, ...]
    end: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shape:
    """How a kind of number looks; `fits` sees its digits only."""

    kind: Kind
    pattern: re.Pattern[str]  # the number is group 1 where there is one
    fits: Callable[[str], bool] | None = None


_ID_LENGTH = 18
_PASSES = 20  # a masked number uncovers its neighbours; real texts are stable after two


def mask(text: str) -> Masked:
    """Return `text` with a placeholder for every number that belongs to a person.

    Masking what is masked changes nothing.
    """
    kinds: Counter[Kind] = Counter()
    for _ in range(_PASSES):
        text, lost = _pass(text)
        if not lost:
            break
        kinds += lost
    return Masked(text=text, kinds=MappingProxyType(dict(kinds)))


def _pass(text: str) -> tuple[str, Counter[Kind]]:
    shadow = _shadow(text)
    parts: list[str] = []
    lost: Counter[Kind] = Counter()
    done = 0
    for start, end, kind in sorted(_numbers(shadow.text)):
        parts += [text[done : shadow.start[start]], kind.value]
        done = shadow.end[end - 1]
        lost[kind] += 1
    return "".join([*parts, text[done:]]), lost


def _shadow(text: str) -> _Shadow:
    """Fold width, digits of every script and circled digits; drop what nobody sees."""
    seen: list[tuple[str, int]] = []
    for at, char in enumerate(text):
        if char.isascii():
            seen.append((char, at))
        else:
            seen.extend((plain, at) for plain in _plain(char))
    return _Shadow(
        text="".join(char for char, _ in seen),
        start=tuple(at for _, at in seen),
        end=tuple(at + 1 for _, at in seen),
    )


def _plain(char: str) -> str:
    if unicodedata.category(char) in {"Cf", "Mn", "Me", "Cs", "Co", "Cn"}:
        return ""  # zero-width, bidi and variation marks, lone surrogates
    digit = unicodedata.digit(char, None)
    return unicodedata.normalize("NFKC", char) if digit is None else str(digit)


def _numbers(shadow: str) -> Iterator[tuple[int, int, Kind]]:
    """Yield the spans to mask, never overlapping; earlier shapes go first."""
    taken = bytearray(len(shadow))
    kept = _kept(shadow)
    spoken = shadow.translate(_SPOKEN)
    for seen, shapes in ((shadow, _SHAPES), (spoken, _SPOKEN_SHAPES)):
        for shape in shapes:
            for start, end in _spans(seen, shape):
                if any(taken[start:end]) or (
                    seen is spoken and spoken[start:end] == shadow[start:end]
                ):
                    continue
                if kept[start] and not _surely_personal(shape.kind, shadow[start:end]):
                    continue
                taken[start:end] = b"\x01" * (end - start)
                yield start, end, shape.kind


def _spans(text: str, shape: _Shape) -> Iterator[tuple[int, int]]:
    at = 0
    while found := shape.pattern.search(text, at):
        group = 1 if shape.pattern.groups else 0
        if shape.fits is None or shape.fits(_digits(found[group])):
            yield found.span(group)
            at = found.end(group)
        else:
            at = found.start() + 1


def _kept(shadow: str) -> bytearray:
    """Mark the numbers that a label says are no person's: contracts, orders, cases."""
    kept = bytearray(len(shadow))
    for found in _KEEP_LABEL.finditer(shadow):
        kept[found.start(1) : found.end(1)] = b"\x01" * len(found[1])
    return kept


def _surely_personal(kind: Kind, value: str) -> bool:
    """Whether a number is masked even after a label such as 合同号."""
    digits = _digits(value)
    return (kind is Kind.ID and _checksum_holds(digits)) or (
        kind is Kind.MOBILE and value == digits
    )


def _digits(value: str) -> str:
    return re.sub(r"[^0-9Xx]", "", value)


def _checksum_holds(number: str) -> bool:
    """Whether the last character of an 18-character ID number follows from the others.

    Source: GB 11643-1999.
    """
    if not re.fullmatch(r"[0-9]{17}[0-9Xx]", number):
        return False
    total = sum(int(digit) * 2 ** (17 - at) for at, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11] == number[17].upper()


def _is_id18(number: str) -> bool:
    return bool(re.fullmatch(rf"[1-9][0-9]{{5}}(?:18|19|20)[0-9]{{2}}{_DAY}[0-9]{{3}}.", number))


def _is_id15(number: str) -> bool:
    return bool(re.fullmatch(rf"[1-9][0-9]{{7}}{_DAY}[0-9]{{3}}", number))


def _is_mobile(number: str) -> bool:
    return bool(re.fullmatch(r"1[3-9][0-9]{9}", number))


def _is_card(number: str) -> bool:
    return number[0] in "34569"


def _is_chinese_card(number: str) -> bool:
    return number.startswith("62") and not (len(number) == _ID_LENGTH and _is_id18(number))


def _is_landline(number: str) -> bool:
    return bool(re.fullmatch(r"0(?:10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7}", number))


_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_GAP = r"[\s\x00\-‐-―−./·•_~()]{0,3}"  # what people put between digits
_BRACKET = r"(?:\((?=[0-9]{3,4}\)))?"  # around the first digits: (138) 8300 4417
_SPOKEN_GAP = r"[\s\x00\-‐-―−./·•_~(),、。]{0,3}"


def _row(fewest: int, most: int, gap: str = _GAP, *, after: str = "(?![0-9])") -> str:
    """A row of that many digits with gaps, not the tail of a longer one."""
    return rf"(?<![0-9])[0-9](?:{gap}[0-9]){{{fewest - 1},{most - 1}}}{after}"


def _shape(kind: Kind, pattern: str, fits: Callable[[str], bool] | None = None) -> _Shape:
    return _Shape(kind=kind, pattern=re.compile(pattern), fits=fits)


_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = "[A-HJ-NP-Za-hj-np-z0-9]"
_ID_END = rf"(?:{_GAP}[0-9](?![0-9])|{_GAP}[Xx])"
_QQ = r"(?<![A-Za-z])(?:[Qq]{1,2}|扣扣|球球|企鹅)(?:号码?|群|找我|我的|是|就|加|[:\s]){0,6}"
_WECHAT = (
    r"(?:[微薇威徽维]\s?信"
    r"|加\s?[Vv](?![A-Za-z])|[Vv]\s?(?:信|❤)"
    r"|(?<![A-Za-z])(?:[VvWw][Xx]|[Ww]e[Cc]hat|[Ww]eixin)(?![A-Za-z]))"
)
_WECHAT_BETWEEN = r"(?:\s?(?:号码?|ID|id|账号|\([^()]{0,12}\)|是|就是|为|叫|[:=\s])){0,6}"

# What is found first is not looked at again.
_SHAPES = (
    _shape(
        Kind.EMAIL,
        r"[A-Za-z0-9._%+-]{1,64}+(?:\s?@\s?|\s{1,2}at\s{1,2})(?:[A-Za-z0-9-]{1,63}\.){1,3}?"
        r"(?:com(?:\.cn)?|cn|net|org|[A-Za-z]{2,10})",
    ),
    _shape(
        Kind.PLATE,
        rf"[{_PROVINCE}]\s?[A-Za-z]\s?[·•.\-]?\s?"
        rf"(?:(?:{_PLATE}\s){{4,5}}{_PLATE}|{_PLATE}{{5,6}}|{_PLATE}{{4}}[挂学警])(?![A-Za-z0-9])挂?",
    ),
    _shape(
        Kind.MOBILE,
        rf"(?<![0-9])(?:\(\+?|\+)86\)?{_GAP}1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}(?![0-9])",
    ),
    _shape(
        Kind.MOBILE, r"(?<![0-9])1[3-9][0-9][ .-][0-9]{4}[ .-][0-9]{4}(?![0-9]|-[0-9]*[A-Za-z])"
    ),
    _shape(Kind.CARD, _row(16, 19), _is_chinese_card),
    _shape(Kind.ID, _row(17, 17, after=_ID_END), _is_id18),
    _shape(
        Kind.ID, rf"身份证[^0-9]{{0,8}}([0-9](?:{_GAP}[0-9]){{13,17}}(?:{_GAP}[Xx])?)(?![0-9])"
    ),
    _shape(Kind.ID, r"(?<![0-9A-Za-z])[0-9]{17}[Xx](?![0-9A-Za-z])"),
    _shape(Kind.LONG, r"[0-9]{20,}|(?<![0-9])1[3-9][0-9]{10,13}(?![0-9])"),
    _shape(Kind.CARD, r"(?<![0-9])[0-9]{16,19}(?![0-9])"),
    _shape(Kind.MOBILE, r"(?<![0-9])(?:(?:00)?86)?1[3-9][0-9]{9}(?![0-9])"),
    _shape(
        Kind.CARD,
        r"(?<![0-9])[0-9]{4}(?:[ .-][0-9]{4}){3}(?:[ .-][0-9]{1,3}(?![0-9元块万]))?(?![0-9])",
        _is_card,
    ),
    _shape(Kind.ID, _row(15, 15), _is_id15),
    _shape(Kind.MOBILE, _BRACKET + _row(11, 11), _is_mobile),
    _shape(Kind.MOBILE, r"(?<![0-9])1[3-9][0-9][,、]\s?[0-9]{4}[,、]\s?[0-9]{4}(?![0-9])"),
    _shape(Kind.CARD, _row(16, 19), _is_card),
    _shape(Kind.LANDLINE, _BRACKET + _row(10, 12), _is_landline),
    _shape(
        Kind.LANDLINE,
        r"(?:电话|座机|固话|打这个)(?:号码?)?[是:\s]{0,3}([2-8][0-9]{2,3}[\s-]?[0-9]{4})(?![0-9])",
    ),
    _shape(Kind.QQ, _QQ + r"([1-9](?:[ -]?[0-9]){4,10})(?![0-9]|\s?[元块万])"),
    _shape(
        Kind.WECHAT, _WECHAT + _WECHAT_BETWEEN + r"([A-Za-z][A-Za-z0-9_.-]{3,28}[A-Za-z0-9_-])"
    ),
    _shape(Kind.WECHAT, _WECHAT + r"(?:号码?|ID|id)[是:\s]{0,3}([0-9][A-Za-z0-9_-]{4,28})"),
)

# Digits said aloud: 幺三八…; 两 and 洞 as people say them on the phone.
_SPOKEN = str.maketrans("零〇洞一幺二两三四五六七八九", "00011223456789")
_SPOKEN_SHAPES = (
    _shape(Kind.LONG, r"[0-9]{20,}"),
    _shape(Kind.ID, _row(18, 18, _SPOKEN_GAP, after=""), _is_id18),
    _shape(Kind.ID, _row(15, 15, _SPOKEN_GAP, after=""), _is_id15),
    _shape(Kind.CARD, _row(16, 19, _SPOKEN_GAP, after=""), _is_card),
    _shape(Kind.MOBILE, _row(11, 11, _SPOKEN_GAP, after=""), _is_mobile),
    _shape(Kind.LANDLINE, _row(10, 12, _SPOKEN_GAP, after=""), _is_landline),
    _shape(Kind.QQ, _QQ + r"([1-9](?:\s?[0-9]){4,10})"),
)

# After such a word stands a number that answers a question and belongs to no person.
_KEEP_LABEL = re.compile(
    r"(?:(?:合同|订单|快递|运单|流水|发票|收据|住院|保单|案件?|立案|回执|登记|许可|保修卡|宗地|产权|批|商品)"
    r"(?:证|书)?(?:编号|代码|号码?|条码)|(?<!身份证)编号|信用代码|执照|邮编|条码|批号)"
    r"[是为:\s]{0,3}([0-9A-Za-z][0-9A-Za-z_-]{4,40})"
)
