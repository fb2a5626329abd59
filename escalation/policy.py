"""How long may everything take? The rules a ticket is opened under, frozen by their version."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class SlaPolicy:
    """How long everything may take, in working minutes unless the name says otherwise.

    Attributes:
        forward: how long a liaison may take to carry an answer on, before the first reminder.
        lease: how long somebody may hold a ticket without an answer.
        load_cap: how many tickets one person may hold so at a time.
        quiet: minutes on the wall clock; likewise `pause` and `follow_up`.
        pause: how long the responder may wait for the asker; `pauses` how often in one cycle.
        urgent_claim: minutes on the wall clock, day and night; likewise all of `urgent_…`.
        warnings: percent of a promise after which the hub is reminded, ascending.
        chain: minutes after a broken promise at which the hub is told again, then its duty
            leads, then the operator; ascending.
        quiet_hours: minutes of the day, Beijing: from the first until the second nobody is
            reminded, unless it is urgent; equal ones mean never.
        categories: minutes that differ for questions of a category, by their names here.
    """

    version: int
    claim: int = 60
    first_answer: int = 240
    next_answer: int = 240
    resolution: int = 40 * 60
    lease: int = 240
    forward: int = 60
    load_cap: int = 5
    village_window: int = 30
    offer: int = 10
    quiet: int = 24 * 60
    silent: int = 3 * 7 * 60
    pause: int = 3 * 24 * 60
    pauses: int = 2
    follow_up: int = 7 * 24 * 60
    urgent_claim: int = 15
    urgent_first_answer: int = 60
    urgent_next_answer: int = 60
    urgent_lease: int = 30
    warnings: tuple[int, ...] = (50, 80)
    chain: tuple[int, ...] = (60, 120, 240)
    urgent_chain: tuple[int, ...] = (15, 30, 60)
    quiet_hours: tuple[int, int] = (21 * 60, 8 * 60)
    categories: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def of(self, category: str) -> "SlaPolicy":
        """Return the policy as it stands for questions of a category."""
        differing: dict[str, Any] = dict(self.categories.get(category, {}))
        return replace(self, **differing, categories={})


BY_CATEGORY = ("claim", "first_answer", "next_answer", "resolution", "village_window")
"""What may differ by category."""
