"""What has the operator written? config.yaml → a frozen Config, or every problem at once."""

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from base import wording
from base.errors import ConfigError
from escalation.calendar import Days, Window, WorkCalendar, parse_window
from escalation.holidays import Holidays, amended
from escalation.model import SlaPolicy

DEFAULT_PATH = Path("config.yaml")
TOKEN_ENV = "TELEGRAM_BOT_TOKEN"  # noqa: S105 - the name of the variable, not its value
SECRET_ENV = "WENHA_SECRET"  # noqa: S105 - the name of the variable, not its value
MINUTES_A_YEAR = 60 * 24 * 366


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Web(_Part):
    """Where pages, health and the webhook listen; a public address belongs to a proxy."""

    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8321, ge=0, le=65535)
    url: str = Field(default="", pattern=r"^(https?://[^\s/]+)?/?$")

    @property
    def address(self) -> str:
        """Where people find the pages."""
        return self.url.rstrip("/") or f"http://{self.host}:{self.port}"


class Pace(_Part):
    """How fast we send on Telegram; below what Telegram's Bot FAQ allows."""

    token_per_second: int = Field(default=28, ge=1, le=30)
    chat_pause_ms: int = Field(default=1000, ge=0, le=60_000)
    group_per_minute: int = Field(default=18, ge=1, le=60)


class Webhook(_Part):
    """Where Telegram posts updates to; without a url we poll."""

    url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    path: str = Field(default="/telegram", pattern=r"^/[A-Za-z0-9_/-]+$")

    @property
    def address(self) -> str:
        """The whole address Telegram posts to; empty where we poll."""
        return self.url.rstrip("/") + self.path if self.url else ""


class Telegram(_Part):
    """The Telegram channel; its token comes from the environment."""

    base_url: str = Field(default="https://api.telegram.org/bot", pattern=r"^https?://\S+$")
    webhook: Webhook = Webhook()
    pace: Pace = Pace()


class Clocks(_Part):
    """How long everything may take; the names and units of `SlaPolicy`."""

    claim: int = Field(default=60, ge=1, le=MINUTES_A_YEAR)
    first_answer: int = Field(default=240, ge=1, le=MINUTES_A_YEAR)
    next_answer: int = Field(default=240, ge=1, le=MINUTES_A_YEAR)
    village_window: int = Field(default=30, ge=1, le=MINUTES_A_YEAR)
    offer: int = Field(default=10, ge=1, le=MINUTES_A_YEAR)
    quiet: int = Field(default=1440, ge=1, le=MINUTES_A_YEAR)
    silent: int = Field(default=1260, ge=1, le=MINUTES_A_YEAR)
    urgent_claim: int = Field(default=15, ge=1, le=MINUTES_A_YEAR)
    urgent_first_answer: int = Field(default=60, ge=1, le=MINUTES_A_YEAR)
    urgent_next_answer: int = Field(default=60, ge=1, le=MINUTES_A_YEAR)
    warnings: tuple[int, ...] = (50, 80)

    @field_validator("warnings")
    @classmethod
    def ascending(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        """Warnings are percents between 1 and 99, each later than the one before."""
        if list(value) != sorted(set(value)) or not all(0 < step < 100 for step in value):  # noqa: PLR2004 - percent
            msg = "1到99之间的整数，从小到大，不重复"
            raise ValueError(msg)
        return value

    def policy(self) -> SlaPolicy:
        """Return the policy, not yet under a version."""
        return SlaPolicy(version=0, **self.model_dump())


class Hours(_Part):
    """When people work; holidays of published years are shipped."""

    windows: tuple[tuple[str | int, str | int], ...] = (("09:00", "12:00"), ("14:00", "18:00"))
    makeup_windows: tuple[tuple[str | int, str | int], ...] | None = None
    days: Literal["cn", "weekdays", "all"] = "cn"
    days_off: Mapping[date, str] = Field(default_factory=dict)
    makeup_days: tuple[date, ...] = ()
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

    def calendar(self, shipped: Holidays) -> WorkCalendar:
        """Return the calendar of these hours, not yet under a version.

        Raises:
            ConfigError: the days or windows do not fit together.
        """
        holidays = self.holidays(shipped)
        makeup = self.makeup_windows
        return WorkCalendar(
            name="default",
            version="",
            windows=_windows(self.windows),
            makeup_windows=None if makeup is None else _windows(makeup),
            days=Days(self.days),
            days_off=frozenset(holidays.off),
            makeup_days=holidays.makeup,
            expected=frozenset(holidays.expected),
            last_known_year=holidays.last_known_year,
        )


def _windows(pairs: tuple[tuple[str | int, str | int], ...]) -> tuple[Window, ...]:
    return tuple(parse_window(opens, closes) for opens, closes in pairs)


class Config(_Part):
    """Everything an operator writes by hand."""

    database: Path = Path("data/wenha.db")
    web: Web = Web()
    telegram: Telegram = Telegram()
    clocks: Clocks = Clocks()
    hours: Hours = Hours()
    wording: Mapping[str, str] = Field(default_factory=dict)

    @field_validator("database")
    @classmethod
    def a_file(cls, value: Path) -> Path:
        """The path ends in the name of a file."""
        if not value.name:
            msg = "一个文件的路径"
            raise ValueError(msg)
        return value

    @property
    def secret_path(self) -> Path:
        """Where the secret for signing buttons is kept when the environment names none."""
        return self.database.with_name("secret")


def load(path: Path | None, shipped: Holidays) -> Config:
    """Read the configuration; without a path ./config.yaml, without that the defaults.

    Raises:
        ConfigError: every problem at once, each with key, value found and values allowed.
    """
    content = _read(path)
    problems, config = [], Config()
    try:
        config = Config.model_validate(content)
    except ValidationError as error:
        problems = [_sentence(dict(found)) for found in error.errors()]
    problems += _sentences_and_hours(content, shipped)
    if problems:
        raise ConfigError(problems)
    return config


def _sentences_and_hours(content: Mapping[str, Any], shipped: Holidays) -> list[str]:
    """What is wrong beyond the shape of single values, also where other values are wrong."""
    said = content.get("wording")
    sentences = said.items() if isinstance(said, dict) else ()
    problems = wording.problems(
        {str(key): text for key, text in sentences if isinstance(text, str)}
    )
    try:
        Hours.model_validate(content.get("hours", {})).calendar(shipped)
    except ValidationError:
        pass  # each value is named already
    except ConfigError as error:
        problems += [f"hours：{problem}" for problem in error.problems]
    return problems


def _read(path: Path | None) -> dict[str, Any]:
    chosen = path or DEFAULT_PATH
    if path is None and not chosen.exists():
        return {}
    try:
        content = yaml.safe_load(chosen.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError([f"读不了配置文件 {chosen}：{error.strerror}"]) from None
    except (yaml.YAMLError, ValueError) as error:
        raise ConfigError([f"配置文件 {chosen} 不是正确的 YAML：{error}"]) from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ConfigError([f"配置文件 {chosen} 应当是“键: 值”的形式"])
    return {str(key): value for key, value in content.items()}


_ALLOWED = {
    "extra_forbidden": "没有这个键",
    "int_parsing": "应当是整数",
    "int_type": "应当是整数",
    "int_from_float": "应当是整数",
    "string_type": "应当是文字",
    "path_type": "应当是文件路径",
    "tuple_type": "应当是列表",
    "mapping_type": "应当是“键: 值”的形式",
    "model_type": "应当是“键: 值”的形式",
    "date_from_datetime_parsing": "应当是日期，如 2026-12-01",
    "date_type": "应当是日期，如 2026-12-01",
}


def _sentence(found: Mapping[str, Any]) -> str:
    """One problem: key, value found, values allowed."""
    key = ".".join(str(part) for part in found["loc"])
    kind, facts = str(found["type"]), found.get("ctx", {})
    if kind == "greater_than_equal":
        allowed = f"最小 {facts['ge']}"
    elif kind == "less_than_equal":
        allowed = f"最大 {facts['le']}"
    elif kind == "string_pattern_mismatch":
        allowed = f"应当合乎 {facts['pattern']}"
    elif kind == "literal_error":
        allowed = f"可以是 {facts['expected'].replace(' or ', '、')}"
    elif kind == "value_error":
        allowed = f"应当是{facts['error']}"
    else:
        allowed = _ALLOWED.get(kind, str(found["msg"]))
    return f"{key}：写的是 {found['input']!r}，{allowed}"


def secret(config: Config, environment: Mapping[str, str] = os.environ) -> bytes:
    """Return the signing secret: from WENHA_SECRET, else kept in the data folder, mode 0600."""
    given = environment.get(SECRET_ENV, "")
    if given:
        return given.encode()
    path = config.secret_path
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(32).hex().encode())
    return path.read_bytes()
