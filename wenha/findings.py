"""What is a finding of `wenha doctor`? One thing looked at, how bad it is, and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is; the sign it is printed with."""

    GOOD = "✓"
    SOON = "!"  #: works today, needs somebody before long
    BAD = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `fix` says what to do, where it is not in order."""

    what: str
    fix: str = ""
    soon: bool = False

    @property
    def level(self) -> Level:
        """Good without anything to fix, else bad, or soon to be."""
        if not self.fix:
            return Level.GOOD
        return Level.SOON if self.soon else Level.BAD
