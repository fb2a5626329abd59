"""How do the objects hang together? Config → store, channels, steps; no logic."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from base.clock import Clock
from base.wording import Wording
from bot.calendar_arrival import recompute
from bot.channels.base import Channel
from bot.channels.web.channel import WebChannel
from bot.channels.web.platform import Platform
from bot.digests import Digests
from bot.gather import House
from bot.pipeline import Pipeline
from bot.sender import Sender
from bot.shelf import Shelf
from bot.timekeeper import Timekeeper
from escalation.calendar import BEIJING, WorkCalendar
from escalation.holidays import unpublished_years
from storage.migrate import upgrade
from storage.shipped import load_holidays
from storage.store import Store
from storage.unit import Unit
from wenha.config import Config, secret
from wenha.faq_keeper import FaqKeeper, open_shelf
from wenha.runtime import Runtime

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """The running parts; `close` once the loops have stopped."""

    config: Config
    clock: Clock
    store: Store
    runtime: Runtime
    pipeline: Pipeline
    sender: Sender
    faq_keeper: FaqKeeper
    shelf: Shelf
    platform: Platform
    words: Wording
    calendar: WorkCalendar

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()


async def open_service(
    config: Config, clock: Clock, *, channels: Mapping[str, Channel] | None = None
) -> Service:
    """Bring the database up to date and put the service together on it.

    Args:
        config: what the operator wrote.
        clock: the one clock of this service.
        channels: further channels by name; the built-in one is always there.
    """
    _upgrade(config.database)
    store = Store(config.database)
    house = await _house(store, config, clock)
    await recompute(store, house, clock.now())
    words = house.words
    adapters: dict[str, Channel] = {"web": WebChannel(store, clock), **(channels or {})}
    shelf, keeper = await open_shelf(store, clock)
    sender = Sender(store, adapters, clock, words=words, secret=house.secret)
    pipeline = Pipeline(store, adapters, shelf, house)
    digests = (Digests(store, house).step,) if config.digest else ()
    steps = (Timekeeper(store, words).step, pipeline.step, *digests, sender.step)
    return Service(
        config=config,
        clock=clock,
        store=store,
        runtime=Runtime(clock, steps),
        pipeline=pipeline,
        sender=sender,
        faq_keeper=keeper,
        shelf=shelf,
        platform=Platform(store, clock),
        words=words,
        calendar=house.calendar,
    )


async def _house(store: Store, config: Config, clock: Clock) -> House:
    """What is in force from now on: wording, rules, and the secret."""
    bare = House(
        words=Wording(config.wording),
        secret=secret(config),
        policy=config.clocks.policy(),
        calendar=config.hours.calendar(load_holidays()),
    )
    return await store.write(partial(_under_versions, house=bare, config=config, clock=clock))


def _under_versions(unit: Unit, *, house: House, config: Config, clock: Clock) -> House:
    """Keep today's policy and calendars under their versions; tickets name these."""
    now, shipped = clock.now(), load_holidays()
    return replace(
        house,
        policy=unit.rules.keep_policy(house.policy, now),
        calendar=unit.rules.keep_calendar(house.calendar, now),
        calendars={
            name: unit.rules.keep_calendar(hours.calendar(shipped, name), now)
            for name, hours in config.hub_hours.items()
        },
    )


def warn_of_unpublished_years(config: Config, clock: Clock) -> None:
    """Say aloud which holidays are still to be published: dues that count them are provisional."""
    today = clock.now().astimezone(BEIJING).date()
    for year in unpublished_years(config.hours.holidays(load_holidays()), today):
        logger.warning("holidays not published, dues are provisional", extra={"year": year})


def _upgrade(database: Path) -> None:
    copy = upgrade(database)
    if copy is not None:
        logger.info("database upgraded, copy kept", extra={"copy": copy.name})
