"""What is an FAQ entry, and what does the matcher say about a question?"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ANSWER_LIMIT = 120  # characters: an answer is read on a phone, by old eyes
STEPS_LIMIT = 3
OFFERS_LIMIT = 3


class Category(StrEnum):
    """The topic of an entry; it suggests which profession looks first."""

    LAND = "land"  # 土地承包
    WAGES = "wages"  # 农民工工资
    FAMILY = "family"  # 婚姻家庭
    ELDERS = "elders"  # 赡养老人
    DEBT = "debt"  # 民间借贷
    NEIGHBOURS = "neighbours"  # 邻里相邻关系
    INJURY = "injury"  # 人身伤害
    LEGAL_AID = "legal_aid"  # 法律援助
    MEDIATION = "mediation"  # 人民调解
    REQUISITION = "requisition"  # 征地补偿
    HOMESTEAD = "homestead"  # 宅基地和建房
    WILDLIFE = "wildlife"  # 野生动物、山林
    LABOUR = "labour"  # 劳动合同、社保、工伤
    VIOLENCE = "violence"  # 家庭暴力：先打110，不劝和
    INHERITANCE = "inheritance"  # 继承和遗嘱
    TRAFFIC = "traffic"  # 交通事故
    CONSUMER = "consumer"  # 消费和农资
    VILLAGE_AFFAIRS = "village_affairs"  # 村务和集体收益
    WELFARE = "welfare"  # 低保、医保、养老
    COURT = "court"  # 打官司和维权程序
    FRAUD = "fraud"  # 诈骗、治安
    HOUSEHOLD = "household"  # 户口证件
    MINORS = "minors"  # 未成年人和监护
    MEDICAL = "medical"  # 医疗纠纷
    LIVESTOCK = "livestock"  # 养殖和动物
    RENTAL = "rental"  # 农家乐和租赁


class EntryStatus(StrEnum):
    """How far an entry has come; only a published one is served."""

    DRAFT = "draft"  # written, nobody has checked it
    REVIEWED = "reviewed"  # checked against the law, not yet served
    PUBLISHED = "published"  # served to villages
    RETIRED = "retired"  # taken off, kept for the record


class Outcome(StrEnum):
    """What the bot may say to a question."""

    ANSWER = "answer"  # one entry is certain enough to be shown as the answer
    OFFER = "offer"  # up to three entries are plausible: the asker picks
    SILENT = "silent"  # nothing is claimed


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """An article of a law that carries the answer, and when somebody last read it."""

    law: str
    article: int | str
    checked_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class FaqEntry:
    """One answer with its sources and the ways people ask for it."""

    id: str
    question: str
    variants: tuple[str, ...]
    answer: str
    steps: tuple[str, ...]
    sources: tuple[Source, ...]
    category: Category
    review_by: date
    status: EntryStatus
    valid_from: date | None = None  # the first day it is served, in Beijing; None: at once
    valid_to: date | None = None  # the last day it is served; None: until retired

    def served_on(self, day: date) -> bool:
        """Whether the entry is published and valid on `day`, a day in Beijing."""
        if self.status is not EntryStatus.PUBLISHED:
            return False
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """An entry that may answer a question: how likely, and by which wording."""

    entry: FaqEntry
    probability: float
    variant: str


class Mode(StrEnum):
    """Whether anybody asked us."""

    ADDRESSED = "addressed"  # somebody did: answer, offer, or say nothing
    LISTENING = "listening"  # nobody did: answer a question when certain, else say nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """The outcome for one question, and the entries most like it."""

    outcome: Outcome
    matches: tuple[Match, ...] = ()  # what may be shown, best first; none when silent
    candidates: tuple[Match, ...] = ()  # the three best, whatever the outcome; for explaining
