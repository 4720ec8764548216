"""What is told of a class of tests, whichever measure it is: a figure with its day and range, and its change."""

from dataclasses import dataclass
from typing import Literal

Measure = Literal["catch_up", "standing", "index"]
"""Catch-up time: how long it took to match the levels matched of late (E1, E2). Standing gap: how long ago closed
models first had what the best open one has now, test by test (E11). Index: the same on one scale of all tests, the
mean of six month ends (E6, E11)."""
JUDGED: tuple[Measure, Measure] = ("index", "standing")
"""Which measure the judge would have lead, and which stand second: the least error over all worlds together, and
what can be held against each single test (docs/method.md, "Which figure leads")."""
LEADS: Measure = "catch_up"
"""The measure that answers "how far behind are they now": every first line, title and direction is of it."""
SECOND: Measure = "standing"
"""The measure that stands beside it, by its name."""


@dataclass(frozen=True)
class Headline:
    """The figure of one class at its date `at` (ordinal), in months; None where it can't be given.

    `n_effective` is how many benchmarks, or families of them, it is worth. `no_interval` is the reason why there is no
    interval, empty where there is one.
    """

    months: float | None
    low: float | None
    high: float | None
    no_interval: str
    at: int | None
    n_effective: float | None


@dataclass(frozen=True)
class Change:
    """A figure at its date minus the same at an earlier day: months; None where either can't be read."""

    months: float | None
    low: float | None
    high: float | None

    @property
    def direction(self) -> int:
        """Return 1 where the interval leaves no doubt that it is more, -1 for less, 0 where it can't be told."""
        if self.low is None or self.high is None:
            return 0
        return int(self.low > 0) - int(self.high < 0)
