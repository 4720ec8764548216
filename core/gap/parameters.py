"""The methods by name: frozen, append-only parameters that every answer carries."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

MONTH_DAYS = 365.25 / 12
"""Days of a month (method.md)."""
_BACK_MONTHS = {"year": 12, "half_year": 6}

Measure = Literal["catch_up", "standing", "index"]
"""Catch-up time: how long it took to match the levels matched of late (E1, E2). Standing gap: how long ago closed
models first had what the best open one has now, test by test (E11). Index: the same on one scale of all tests, the
mean of six month ends (E6, E11)."""


@dataclass(frozen=True)
class Parameters:
    """One version of a method; a published one is never edited, a better one gets the next number.

    `interval` names how the trend's band is made: "points" resamples points as the study does, "benchmarks"
    compares benchmark means (E2). `clusters` says whether each benchmark is a cluster of its own or each family of
    them, `levels` whether the study's levels are looked at or those of today; `one_window` whether private and public
    tests are compared over one window, or each over its own. `leads` is the measure that answers "how far behind are
    they now": every first line, title and direction is of it. Days are days, `level` a fraction, `floor_percentile`
    percent. `merges_levels` says whether levels of one pair of models are one point.
    """

    name: str
    interval: str
    bandwidth_days: float = 60.0
    step_days: int = 7
    min_weight: float = 2.0
    min_effective: float = 0.0
    level: float = 0.90
    draws: int = 5000
    forward_draws: int = 1000
    seed: int = 0
    min_open_models: int = 5
    floor_percentile: float = 10.0
    list_binds_until: date = date(2026, 5, 22)
    window_months: float = 18.0
    since: date = date(2025, 1, 20)
    clusters: Literal["benchmark", "family"] = "benchmark"
    levels: Literal["study", "today"] = "study"
    one_window: bool = False
    leads: Measure = "catch_up"
    merges_levels: bool = True


STUDY_1 = Parameters("study-1", "points")
CLUSTERED_1 = Parameters("clustered-1", "benchmarks", min_effective=2.5)
CLUSTERED_2 = Parameters(
    "clustered-2", "benchmarks", min_effective=2.5, clusters="family", levels="today", one_window=True
)
"""Sister benchmarks are one cluster, and ARC-AGI-2 goes in steps of 5 %: one of 1 % is one task in 120."""

INDEX_1 = replace(CLUSTERED_2, name="index-1", leads="index")
DEFAULT = INDEX_1
"""The method that is used where none is asked for: its measure has the least error over all worlds of the judge
(docs/method.md, "Which figure leads"). To have another lead, name another method here."""
SECOND: Measure = "standing"
"""The measure that stands beside it: what can be held against each single test."""

METHODS: dict[str, Parameters] = {method.name: method for method in (STUDY_1, CLUSTERED_1, CLUSTERED_2, INDEX_1)}
"""Every method that was ever published, by name."""

NEWEST: dict[str, str] = {"study": "study-1", "clustered": "clustered-2", "index": "index-1"}
"""The newest version of each family."""


def change_days(as_of: int, parameters: Parameters) -> dict[str, int]:
    """Return the days (ordinals) that a change is counted from, by name; `start` is the method's own.

    `year` and `half_year` lie so far before the day `as_of` (ordinal). All are fixed before any figure is seen: counted
    from a trend's own lowest point, "wider" would be said too often (method.md, E7). One that lies within a month of
    the method's own adds nothing, and the study knows its own alone.
    """
    days = {"start": parameters.since.toordinal()}
    if parameters.interval != "points":
        back = {name: round(as_of - number * MONTH_DAYS) for name, number in _BACK_MONTHS.items()}
        days |= {name: day for name, day in back.items() if abs(day - days["start"]) > MONTH_DAYS}
    return days
