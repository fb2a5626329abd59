"""Who works at the staff pages, and as what?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

TRIES = 5  # wrong passwords, then the account rests
REST = timedelta(minutes=15)
IDLE, LONGEST = timedelta(hours=12), timedelta(days=7)  # of a session: unused, and at all


class StaffRole(StrEnum):
    """What somebody may do at the staff pages; one person may be several."""

    CURATOR = "curator"  # 知识编辑: writes
    REVIEWER = "reviewer"  # 审核人: writes, checks what others wrote, publishes
    DUTY_LEAD = "duty_lead"  # 值守负责人: looks at tickets
    OPERATOR = "operator"  # 运维: all of it


@dataclass(frozen=True, kw_only=True, slots=True)
class Staff:
    """Somebody with an account; `name` is what is typed to sign in and what revisions say."""

    id: int
    name: str
    roles: frozenset[StaffRole]

    def may(self, *roles: StaffRole) -> bool:
        """Whether one of these roles, or the operator's, is theirs."""
        return bool(self.roles & {*roles, StaffRole.OPERATOR})


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """What is kept of somebody's account; of the password only its hash (Argon2)."""

    staff: Staff
    password: str
    created_at: datetime
    disabled_at: datetime | None = None
    tries: int = 0
    tried_at: datetime | None = None

    def rests(self, now: datetime) -> bool:
        """Whether no password is looked at now: too many wrong ones a moment ago."""
        return self.tries >= TRIES and self.tried_at is not None and now < self.tried_at + REST

    def tries_after(self, now: datetime) -> int:
        """Return how many wrong passwords there are after one more; a rest begins anew."""
        rested = self.tried_at is None or now >= self.tried_at + REST
        return 1 if rested else self.tries + 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A browser that somebody has signed in with."""

    staff: Staff
    began_at: datetime
    used_at: datetime

    def over(self, now: datetime) -> bool:
        """Whether it was left alone too long, or is too old."""
        return now >= self.used_at + IDLE or now >= self.began_at + LONGEST
