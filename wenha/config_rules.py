"""Which promises of time, and which hours of work, has the operator written?"""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from base.errors import ConfigError
from escalation.calendar import (
    Days,
    Window,
    WorkCalendar,
    minute_of_day,
    overlapping,
    parse_window,
)
from escalation.holidays import Holidays, amended
from escalation.policy import BY_CATEGORY, SlaPolicy
from knowledge.model import Category

MINUTES_A_YEAR = 60 * 24 * 366
LONGEST_CHAIN = 5  # steps


class Part(BaseModel):
    """A part of the configuration: frozen, and no key but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Clocks(Part):
    """How long everything may take; the names and units of `SlaPolicy`."""

    claim: int = Field(default=60, ge=1, le=MINUTES_A_YEAR)
    first_answer: int = Field(default=240, ge=1, le=MINUTES_A_YEAR)
    next_answer: int = Field(default=240, ge=1, le=MINUTES_A_YEAR)
    resolution: int = Field(default=2400, ge=1, le=MINUTES_A_YEAR)
    lease: int = Field(default=240, ge=1, le=MINUTES_A_YEAR)
    forward: int = Field(default=60, ge=1, le=MINUTES_A_YEAR)
    load_cap: int = Field(default=5, ge=1, le=1000)
    village_window: int = Field(default=30, ge=1, le=MINUTES_A_YEAR)
    offer: int = Field(default=10, ge=1, le=MINUTES_A_YEAR)
    quiet: int = Field(default=1440, ge=1, le=MINUTES_A_YEAR)
    silent: int = Field(default=1260, ge=1, le=MINUTES_A_YEAR)
    pause: int = Field(default=4320, ge=1, le=MINUTES_A_YEAR)
    pauses: int = Field(default=2, ge=0, le=10)
    follow_up: int = Field(default=10080, ge=1, le=MINUTES_A_YEAR)
    urgent_claim: int = Field(default=15, ge=1, le=MINUTES_A_YEAR)
    urgent_first_answer: int = Field(default=60, ge=1, le=MINUTES_A_YEAR)
    urgent_next_answer: int = Field(default=60, ge=1, le=MINUTES_A_YEAR)
    urgent_lease: int = Field(default=30, ge=1, le=MINUTES_A_YEAR)
    warnings: tuple[int, ...] = (50, 80)
    chain: tuple[int, ...] = (60, 120, 240)
    urgent_chain: tuple[int, ...] = (15, 30, 60)
    quiet_hours: tuple[str | int, str | int] = ("21:00", "08:00")
    categories: Mapping[Category, Mapping[str, int]] = Field(default_factory=dict)

    @field_validator("warnings")
    @classmethod
    def ascending(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        """Warnings are percents between 1 and 99, each later than the one before."""
        if list(value) != sorted(set(value)) or not all(0 < step < 100 for step in value):  # noqa: PLR2004 - percent
            msg = "1到99之间的整数，从小到大，不重复"
            raise ValueError(msg)
        return value

    @field_validator("chain", "urgent_chain")
    @classmethod
    def later_and_later(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        """Steps of the chain are minutes after the promise, each later than the one before."""
        in_order = list(value) == sorted(set(value)) and len(value) <= LONGEST_CHAIN
        if not in_order or not all(1 <= step <= MINUTES_A_YEAR for step in value):
            msg = f"1到{MINUTES_A_YEAR}之间的整数，从小到大，不重复，最多{LONGEST_CHAIN}个"
            raise ValueError(msg)
        return value

    @field_validator("quiet_hours")
    @classmethod
    def times_of_day(cls, value: tuple[str | int, str | int]) -> tuple[str | int, str | int]:
        """Quiet hours begin and end at a time of day; the same twice means none."""
        try:
            for face in value:
                minute_of_day(face)
        except ConfigError as error:
            raise ValueError(str(error)) from None
        return value

    @field_validator("categories")
    @classmethod
    def known_minutes(
        cls, value: Mapping[Category, Mapping[str, int]]
    ) -> Mapping[Category, Mapping[str, int]]:
        """A category may differ in some minutes only."""
        for differing in value.values():
            bad = [
                name
                for name, minutes in differing.items()
                if name not in BY_CATEGORY or not 1 <= minutes <= MINUTES_A_YEAR
            ]
            if bad:
                msg = f"{'、'.join(BY_CATEGORY)}，每个1到{MINUTES_A_YEAR}分钟"
                raise ValueError(msg)
        return value

    def policy(self) -> SlaPolicy:
        """Return the policy, not yet under a version."""
        begin, end = self.quiet_hours
        return SlaPolicy(
            **self.model_dump(exclude={"quiet_hours", "categories"}),
            version=0,
            quiet_hours=(minute_of_day(begin), minute_of_day(end)),
            categories={str(name): dict(minutes) for name, minutes in self.categories.items()},
        )


class Hours(Part):
    """When people work; holidays of published years are shipped."""

    windows: tuple[tuple[str | int, str | int], ...] = (("09:00", "12:00"), ("14:00", "18:00"))
    makeup_windows: tuple[tuple[str | int, str | int], ...] | None = None
    days: Literal["cn", "weekdays", "all"] = "cn"
    days_off: Mapping[date, str] = Field(default_factory=dict)
    makeup_days: tuple[date, ...] = ()
    own_hours: Mapping[date, tuple[tuple[str | int, str | int], ...]] = Field(default_factory=dict)
    known_through: int | None = Field(default=None, ge=2024, le=2100)

    def holidays(self, shipped: Holidays) -> Holidays:
        """Return the shipped days with the operator's own; theirs win.

        Raises:
            ConfigError: a day is both off and a make-up day.
        """
        through = max(shipped.last_known_year, self.known_through or 0)
        return amended(
            shipped,
            off=dict(self.days_off),
            makeup=self.makeup_days,
            last_known_year=through,
        )

    def calendar(self, shipped: Holidays, name: str = "default") -> WorkCalendar:
        """Return the calendar of these hours, not yet under a version.

        Raises:
            ConfigError: the days or windows do not fit together.
        """
        holidays = self.holidays(shipped)
        makeup = self.makeup_windows
        return WorkCalendar(
            name=name,
            version="",
            windows=_windows(self.windows),
            makeup_windows=None if makeup is None else _windows(makeup),
            days=Days(self.days),
            days_off=frozenset(holidays.off),
            makeup_days=holidays.makeup,
            expected=frozenset(holidays.expected),
            own_hours={day: _windows(pairs) for day, pairs in self.own_hours.items()},
            last_known_year=holidays.last_known_year,
        )


def _windows(pairs: tuple[tuple[str | int, str | int], ...]) -> tuple[Window, ...]:
    """The windows of a day as written.

    Raises:
        ConfigError: one is no window, or two of them overlap.
    """
    windows = tuple(parse_window(opens, closes) for opens, closes in pairs)
    if overlapping(windows):
        raise ConfigError([f"时段{[list(pair) for pair in pairs]}有重叠，请合成一段"])
    return windows
