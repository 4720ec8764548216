"""The methods by name: frozen, append-only parameters that every answer carries."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

MONTH_DAYS = 365.25 / 12
"""Days of a month (method.md)."""

Measure = Literal["index", "standing", "catch_up"]
"""Index: the gap, how long ago closed models stood where the best open one stands, on one scale of all tests, the mean
of six month ends (H1). Standing: the same on one test, now (E11). Catch-up time: how long it took open models to match
the scores that they matched of late (E1, E2)."""


@dataclass(frozen=True)
class Parameters:
    """One version of a method; a published one is never edited, a better one gets the next number.

    `interval` names how the trend's band is made: "points" resamples points as the study does, "benchmarks"
    compares benchmark means (E2). `clusters` says whether each benchmark is a cluster of its own or each family of
    them, `levels` whether the study's levels are looked at or those of today; `one_window` whether private and public
    tests are compared over one window, or each over its own. `leads` is the measure that answers "how far behind are
    they now": every first line and title is of it. `range_by` says how the index's range is made. Days are days,
    `level` a fraction, `floor_percentile` percent.
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
    range_by: Literal["jackknife", "draws"] = "draws"


STUDY_1 = Parameters("study-1", "points")
CLUSTERED_1 = Parameters("clustered-1", "benchmarks", min_effective=2.5)
CLUSTERED_2 = Parameters(
    "clustered-2", "benchmarks", min_effective=2.5, clusters="family", levels="today", one_window=True
)
"""Sister benchmarks are one cluster, and ARC-AGI-2 goes in steps of 5 %: one of 1 % is one task in 120."""

INDEX_1 = replace(CLUSTERED_2, name="index-1", leads="index", range_by="jackknife")
INDEX_2 = replace(CLUSTERED_2, name="index-2", leads="index")
"""A prior that does not draw frontier models to small ones, ranges by draws, and one path of direction."""
DEFAULT = INDEX_2
"""The method that is used where none is asked for (docs/method.md, "Which figure leads")."""

METHODS: dict[str, Parameters] = {
    method.name: method for method in (STUDY_1, CLUSTERED_1, CLUSTERED_2, INDEX_1, INDEX_2)
}
"""Every method that was ever published, by name."""

NEWEST: dict[str, str] = {"study": "study-1", "clustered": "clustered-2", "index": "index-2"}
"""The newest version of each family."""
