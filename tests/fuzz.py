"""Random histories of hub and village on the real service; `make sim` plays 10,000 steps.

People ask, relay, take, pass on, merge, correct, leave and come back; the channel refuses, loses
and repeats; the service stops and starts. After each stretch everything must hold. A seed replays.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from base.boxes import OutboxState
from base.messages import PRIORITY, Priority
from escalation.lifecycle import fold
from escalation.model import Entry, Event, Role, TimerState
from storage.tables import INBOX
from storage.unit import Unit
from tests.fakes import ACK_LOST, BUSY, GONE, HUB, UNCLEAR, VILLAGE, Shown, slow_down
from tests.town import MONDAY_9AM, Town, a_town

STRETCH = 50  # steps between two looks at everything, and two starts of the service
VILLAGERS, HUB_PEOPLE = ("zhang", "li", "wang"), ("chen", "luo", "zhou")
ASKS = (
    "问哈村长，{}号田的水渠堵了没人管",
    "问哈村长，老板差我{}个月工钱",
    "问哈村长，紧急！{}号桥垮了",
)
RELAYS = (
    "代问 张三：{}号田的水渠堵了",
    "代问\n赵大爷 10:0{}\n水渠堵了\n钱婆婆 10:10\n我家也是",
    "待转发", "只转 1", "进度", "我的问题", "撤回",
)  # fmt: skip
UNDER = (
    "解决了", "还有疑问", "谢谢", "还有一件事没讲清楚", "撤回", "紧急", "转总群", "转给专家",
    "满意", "不满意", "1", "2", "没帮上忙", "已转发", "代问",
)  # fmt: skip
ON_CARD = (
    "认领", "认领", "退回", "先拍照留好，再找村委会。", "可以要求赔，写个单子。",
    "先找司法所调解。", "去法院起诉。", "要补充材料：照片", "转给调解员", "转给陈静", "转给老王",
    "指派罗国安", "指派 陈静", "回避：同村", "不是法律问题", "合并到1", "合并到 #2", "取消合并",
    "更正：要先写申请。", "撤回", "转介法院", "转上级", "备注：问过了", "按新时限", "1", "2",
    "紧急",
)  # fmt: skip
IN_HUB = ("停用罗国安", "启用罗国安", "停用陈静", "启用陈静", "值班", "认领1", "退回2", "今天下雨")
LETS_GO = frozenset(
    {
        Event.RELEASED,
        Event.LEASE_LOST,
        Event.TRANSFERRED,
        Event.ASKED_AGAIN,
        Event.UNMERGED,
        Event.RAISED,
    }
)
FATES = (ACK_LOST, BUSY, GONE, UNCLEAR, slow_down(7))


async def _step(town: Town, chance: random.Random, number: int) -> None:
    """Something that somebody may do next; a refusal is as good as anything."""
    if chance.random() < 0.12:
        town.channel.then(chance.choice((VILLAGE, HUB)), chance.choice(FATES))
    does = chance.randrange(12)
    if does == 0:
        await town.say(chance.choice(VILLAGERS), chance.choice(ASKS).format(number % 9))
    elif does == 1:
        await town.say(chance.choice(VILLAGERS), chance.choice(RELAYS).format(number % 9))
    elif does == 2:
        await town.say(chance.choice(HUB_PEOPLE), chance.choice(IN_HUB))
    elif does == 3:
        await town.wait(minutes=chance.choice((1, 3, 7, 20, 40, 200, 1500)))
    elif does <= 6:
        await _under(town, chance, VILLAGERS, town.channel.shown(VILLAGE), UNDER)
    else:
        said = town.channel.ours(HUB)
        cards = [one for one in said if one.text.startswith("【")]
        shown = cards if chance.random() < 0.8 else said
        await _under(town, chance, HUB_PEOPLE, shown, ON_CARD)
    await town.settle()


async def _under(
    town: Town,
    chance: random.Random,
    people: Sequence[str],
    messages: Sequence[Shown],
    said: Sequence[str],
) -> None:
    """Reply to one of the newest messages, or press a button of it."""
    if not messages:
        return
    message, who = chance.choice(messages[-12:]), chance.choice(people)
    if message.buttons and chance.random() < 0.4:
        await town.press(who, message, chance.choice(message.buttons).label)
    else:
        await town.say(who, chance.choice(said), message.id)


async def play(folder: Path, seed: int, steps: int) -> Counter[str]:
    """Play a whole history; return how often each event happened.

    Raises:
        AssertionError: something does not hold; says what, after which step.
    """
    chance = random.Random(seed)  # noqa: S311 - a story, not a secret
    channel, at, done = None, MONDAY_9AM, 0
    while done < steps:
        async with a_town(folder, channel=channel, at=at) as town:
            for number in range(done, min(done + STRETCH, steps)):
                await _step(town, chance, number)
            await town.wait(minutes=10)  # what waits to be tried again is tried
            wrong = await town.read(lambda unit: list(problems(unit)))
            late = await town.read(lambda unit: list(_overdue(unit, town)))
            assert not wrong + late, (seed, done, wrong + late)
            done, channel, at = done + STRETCH, town.channel, town.clock.now()
    async with a_town(folder, channel=channel, at=at) as town:
        return await town.read(_counted)


def problems(unit: Unit) -> Iterator[str]:
    """Return everything that does not hold now (the numbers are those of the invariants)."""
    waiting = unit.inbox._connection.execute(INBOX.select().where(INBOX.c.state != "done")).all()
    yield from (f"I1 {row.key} is {row.state}: {row.error}" for row in waiting)
    for ticket in unit.tickets.all():
        journal = list(unit.tickets.journal(ticket.id))
        if fold(journal) != ticket:
            yield f"I7 ticket {ticket.id} is not what its journal tells"
        rang = Counter(
            (e.data["clock"], e.data["step"], e.data["gen"])
            for e in journal
            if e.event is Event.FIRED
        )
        yield from (f"I3 ticket {ticket.id} rang {n} times: {k}" for k, n in rang.items() if n > 1)
        yield from _strangers(unit, ticket.asker, journal)
        yield from _owners(journal)
    yield from _outbox(unit)


def _owners(journal: Sequence[Entry]) -> Iterator[str]:
    """I4: nobody takes what somebody else has; counted by hand."""
    owner: object = None
    for entry in journal:
        if entry.event in (Event.CLAIMED, Event.ASSIGNED):
            if owner is not None:
                yield f"I4 {entry} while {owner} had it"
            owner = entry.data.get("to", entry.by)
        elif entry.event is Event.RETRACTED:
            owner = owner or entry.by
        elif entry.event in LETS_GO:
            owner = None


def _strangers(unit: Unit, asker: int, journal: Sequence[Entry]) -> Iterator[str]:
    """I9: everything was done by somebody who may."""
    hub = {person.id for person, _ in unit.people.members("hub:1")}
    relayed = "relayed_by" in journal[0].data
    for entry in journal:
        if entry.role in (Role.RESPONDER, Role.DUTY_LEAD) and entry.by not in hub:
            yield f"I9 {entry} by nobody of the hub"
        others = relayed or entry.event in (Event.PARTED, Event.ASKER_ADDED)  # of a shared one
        if entry.role is Role.ASKER and entry.by != asker and not others:
            yield f"I9 {entry} by somebody else than the asker"


def _outbox(unit: Unit) -> Iterator[str]:
    """I5, I6: everything promised has its end, and what is said to a chat keeps its order."""
    last: dict[tuple[str, Priority], datetime] = {}
    for row in unit.outbox.all():
        if row.state is OutboxState.SENDING:
            yield f"I5 {row.key} is being sent for ever"
        lane = (row.chat.lane, PRIORITY[row.kind])
        if row.sent_at is None or row.press is not None:
            continue
        if row.sent_at < last.get(lane, row.sent_at):
            yield f"I6 {row.key} overtook what was promised before it"
        last[lane] = row.sent_at


def _overdue(unit: Unit, town: Town) -> Iterator[str]:
    """I2: no alarm of a ticket is left behind."""
    now = town.clock.now()
    for ticket in unit.tickets.all():
        for timer in unit.timers.of(ticket.id):
            if timer.state is TimerState.PENDING and timer.due < now - timedelta(minutes=1):
                yield f"I2 ticket {ticket.id}: {timer.kind} {timer.step} was due {timer.due}"


def _counted(unit: Unit) -> Counter[str]:
    return Counter(
        str(entry.event)
        for ticket in unit.tickets.all()
        for entry in unit.tickets.journal(ticket.id)
    )


async def _main(histories: int, steps: int, seed: int) -> None:
    counted: Counter[str] = Counter()
    for at in range(seed, seed + histories):
        with tempfile.TemporaryDirectory() as folder:
            counted += await play(Path(folder), at, steps)
    for event, count in counted.most_common():
        print(f"{count:6} {event}")  # noqa: T201 - a command prints
    print(f"{histories} × {steps} steps from seed {seed}: everything held")  # noqa: T201 - the same


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--histories", type=int, default=20)
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(sys.argv[1:])
    asyncio.run(_main(given.histories, given.steps, given.seed))
