"""`wenha calendar check`: do our due times agree with a file of cases? Prints what differs."""

import json
from pathlib import Path
from typing import TextIO

from base.errors import ConfigError
from escalation.calendar import WorkCalendar
from escalation.calendar_check import Findings, check, parse_calendars
from storage.shipped import load_holidays

AGREED, DIFFERENT, UNREADABLE = 0, 1, 2  # exit codes


def run(cases_path: Path, calendars_path: Path, out: TextIO) -> int:
    """Check every case and print what differs.

    Returns:
        The exit code: 0 all agree, 1 something differs or a line is broken, 2 nothing to compare.
    """
    try:
        calendars = _calendars(calendars_path)
        lines = _text(cases_path).split("\n")
    except ConfigError as error:
        out.write(f"{error}\n")
        return UNREADABLE
    findings = check(lines, calendars)
    for sentence in (*findings.broken, *findings.differing):
        out.write(f"{cases_path} {sentence}\n")
    out.write(_summary(findings))
    if not findings.cases:
        return UNREADABLE
    return DIFFERENT if findings.broken or findings.differing else AGREED


def _summary(findings: Findings) -> str:
    broken, differing = len(findings.broken), len(findings.differing)
    agreed = findings.cases - broken - differing
    return f"共{findings.cases}条：一致{agreed}条，不一致{differing}条，读不懂{broken}条\n"


def _calendars(path: Path) -> dict[str, WorkCalendar]:
    expected = frozenset(load_holidays().expected)
    try:
        return parse_calendars(json.loads(_text(path)), expected)
    except json.JSONDecodeError as error:
        raise ConfigError([f"{path} 第{error.lineno}行第{error.colno}列：不是JSON"]) from None
    except (RecursionError, ValueError):
        raise ConfigError([f"{path} 第1行：嵌套太深或数字太长"]) from None
    except ConfigError as error:
        raise ConfigError([f"{path} {problem}" for problem in error.problems]) from None


def _text(path: Path) -> str:
    """The file's text; bytes that are no UTF-8 stay visible as � and fail on their own line."""
    try:
        return path.read_text("utf-8-sig", errors="replace")
    except OSError as error:
        raise ConfigError([f"{path} 打不开：{error.strerror}"]) from None
