"""What has the operator written? config.yaml → a frozen Config, or every problem at once."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError, field_validator

from base import wording
from base.errors import ConfigError
from escalation.holidays import Holidays
from wenha.config_rules import Clocks, Hours, Part

DEFAULT_PATH = Path("config.yaml")
TOKEN_ENV = "TELEGRAM_BOT_TOKEN"  # noqa: S105 - the name of the variable, not its value
SECRET_ENV = "WENHA_SECRET"  # noqa: S105 - the name of the variable, not its value


class Web(Part):
    """Where pages, health and the webhook listen; a public address belongs to a proxy."""

    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8321, ge=0, le=65535)
    url: str = Field(default="", pattern=r"^(https?://[^\s/]+)?/?$")

    @property
    def address(self) -> str:
        """Where people find the pages."""
        return self.url.rstrip("/") or f"http://{self.host}:{self.port}"


class Pace(Part):
    """How fast we send on Telegram; below what Telegram's Bot FAQ allows."""

    token_per_second: int = Field(default=28, ge=1, le=30)
    chat_pause_ms: int = Field(default=1000, ge=0, le=60_000)
    group_per_minute: int = Field(default=18, ge=1, le=60)


class Webhook(Part):
    """Where Telegram posts updates to; without a url we poll."""

    url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    path: str = Field(default="/telegram", pattern=r"^/[A-Za-z0-9_/-]+$")

    @property
    def address(self) -> str:
        """The whole address Telegram posts to; empty where we poll."""
        return self.url.rstrip("/") + self.path if self.url else ""


class Telegram(Part):
    """The Telegram channel; its token comes from the environment."""

    base_url: str = Field(default="https://api.telegram.org/bot", pattern=r"^https?://\S+$")
    webhook: Webhook = Webhook()
    pace: Pace = Pace()


class Config(Part):
    """Everything an operator writes by hand."""

    database: Path = Path("data/wenha.db")
    web: Web = Web()
    telegram: Telegram = Telegram()
    clocks: Clocks = Clocks()
    hours: Hours = Hours()
    hub_hours: Mapping[str, Hours] = Field(default_factory=dict)
    digest: bool = True
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
    problems += _calendar_problems("hours", content.get("hours", {}), shipped)
    of_hubs = content.get("hub_hours")
    for name, hours in of_hubs.items() if isinstance(of_hubs, dict) else ():
        problems += _calendar_problems(f"hub_hours.{name}", hours, shipped)
    return problems


def _calendar_problems(key: str, hours: object, shipped: Holidays) -> list[str]:
    try:
        Hours.model_validate(hours).calendar(shipped)
    except ValidationError:
        return []  # each value is named already
    except ConfigError as error:
        return [f"{key}：{problem}" for problem in error.problems]
    return []


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
    key = ".".join(str(part) for part in found["loc"] if part != "[key]")
    kind, facts = str(found["type"]), found.get("ctx", {})
    if kind == "greater_than_equal":
        allowed = f"最小 {facts['ge']}"
    elif kind == "less_than_equal":
        allowed = f"最大 {facts['le']}"
    elif kind == "string_pattern_mismatch":
        allowed = f"应当合乎 {facts['pattern']}"
    elif kind in ("literal_error", "enum"):
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
