"""What is wrong with the FAQ as a whole, and what would a sixty-year-old stumble over?"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.citations import Laws, wrong_with
from knowledge.model import EntryStatus, FaqEntry

LONGEST_SENTENCE = 45  # characters between two full stops
JARGON = (
    "当事人", "标的", "举证", "管辖", "诉讼时效", "连带责任", "给付", "抗辩", "追偿", "善意第三人",
    "予以", "不予支持", "缔约", "之诉", "自然人", "法定代理人", "被告人", "不当得利", "要约",
    "除斥期间", "物权", "债权人", "债务人", "主张权利", "履行义务", "催告", "径行", "援引",
)  # fmt: skip
# Numbers that are known to answer everywhere; others are dialled before anybody prints them.
VERIFIED_HOTLINES = frozenset(
    ("110", "119", "120", "122", "12309", "12315", "12333", "12338", "12345", "12348", "12355",
     "12356", "12368", "12388")
)  # fmt: skip
_SENTENCE = re.compile(r"[。！？；]")
_NUMBER = re.compile(
    r"(?<![\d.])(?:1[12]\d|12\d{3}|95\d{3}|96\d{3,4}|1\d{10}|0\d{9,11})(?![\d.元年月日条万%])"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Something that must be put right before an entry is published."""

    entry: str
    key: str
    what: str

    def told(self) -> str:
        """Return the problem as people read it."""
        return f"{self.entry} {self.key}：{self.what}"


def lint(
    entries: Sequence[FaqEntry], laws: Laws, today: date, same: Callable[[str], str]
) -> list[Problem]:
    """Return every problem, in the order of the entries; retired ones are left alone.

    `same` turns a wording into what it is compared by: equal results would fight.
    """
    living = [entry for entry in entries if entry.status is not EntryStatus.RETIRED]
    problems = [found for entry in living for found in _of(entry, laws, today)]
    return problems + list(_fighting(living, same))


def lint_one(
    entry: FaqEntry,
    others: Sequence[FaqEntry],
    laws: Laws,
    today: date,
    same: Callable[[str], str],
) -> list[Problem]:
    """Return every problem of one entry beside the others."""
    living = [other for other in others if other.status is not EntryStatus.RETIRED]
    fights = _fighting([*living, entry], same)
    return [*_of(entry, laws, today), *(one for one in fights if one.entry == entry.id)]


def _of(entry: FaqEntry, laws: Laws, today: date) -> Iterator[Problem]:
    for source in entry.sources:
        wrong = wrong_with(source, laws)
        if wrong is not None:
            yield Problem(entry=entry.id, key="依据", what=wrong)
    if entry.review_by < today:
        what = f"复核日期 {entry.review_by} 已经过了，请重新核对法条"
        yield Problem(entry=entry.id, key="复核日期", what=what)
    for key, text in (("答复", entry.answer), *(("办法", step) for step in entry.steps)):
        yield from _hard_to_read(entry.id, key, text)


def _hard_to_read(entry: str, key: str, text: str) -> Iterator[Problem]:
    for word in JARGON:
        if word in text:
            yield Problem(entry=entry, key=key, what=f"“{word}”村里人听不懂，请换成大白话")
    longest = max(_SENTENCE.split(text), key=len)
    if len(longest) > LONGEST_SENTENCE:
        what = f"这一句有{len(longest)}个字，最多{LONGEST_SENTENCE}个：{longest[:20]}…"
        yield Problem(entry=entry, key=key, what=what)
    for number in _NUMBER.findall(text):
        if number not in VERIFIED_HOTLINES:
            what = f"电话 {number} 不在核实过的名单里"
            yield Problem(entry=entry, key=key, what=what)


def _fighting(entries: Iterable[FaqEntry], same: Callable[[str], str]) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for entry in entries:
        for text in (entry.question, *entry.variants):
            plain = same(text)
            owner = owners.setdefault(plain, entry.id)
            if not plain:
                yield Problem(entry=entry.id, key="问法", what=f"“{text}”里没有字")
            elif owner != entry.id:
                what = f"“{text}”和 {owner} 的一个问法一样，两条会打架"
                yield Problem(entry=entry.id, key="问法", what=what)
