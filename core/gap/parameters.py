"""The methods by name: frozen, append-only parameters that every answer carries."""

from dataclasses import replace
from datetime import date
from typing import Literal

from core.dataclass import dataclass

MONTH_DAYS = 365.25 / 12
"""Days in a month (method.md)."""

Measure = Literal["index", "standing", "catch_up"]
"""Index: the gap, how long ago closed models first reached the best open model's ability on one scale of all tests; the
mean over six month ends (H1). Standing: the same on one test, now (E11). Catch-up time: how long open models took to
match the scores that they matched recently (E1, E2)."""


@dataclass(frozen=True)
class Parameters:
    """One version of a method; a published version is never edited, a better one gets the next number.

    `interval` is how the trend's band is computed: "points" resamples points as in the study, "benchmarks" compares
    benchmark means (E2). `clusters` is whether a cluster is a benchmark or a family of benchmarks; `levels` is whether
    the study's or today's levels are used. `leads` is the measure that answers "how far behind are they now", in every
    first line and title. `range_by` is how the range of the index is computed. `bandwidth_days` and `step_days` are in
    days, `level` is a fraction, `floor_percentile` is in percent.
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
    leads: Measure = "catch_up"
    range_by: Literal["jackknife", "draws"] = "draws"


STUDY_1 = Parameters("study-1", "points")
CLUSTERED_1 = Parameters("clustered-1", "benchmarks", min_effective=2.5)
CLUSTERED_2 = Parameters("clustered-2", "benchmarks", min_effective=2.5, clusters="family", levels="today")
"""Sister benchmarks are one cluster, and ARC-AGI-2 has steps of 5 %, because 1 % is about one task in 120."""

INDEX_1 = replace(CLUSTERED_2, name="index-1", leads="index", range_by="jackknife")
INDEX_2 = replace(CLUSTERED_2, name="index-2", leads="index")
"""A prior that does not pull frontier models towards small ones, ranges by draws, and one path of direction."""
DEFAULT = INDEX_2
"""The default method (docs/method.md, "Which figure leads")."""

METHODS: dict[str, Parameters] = {
    method.name: method for method in (STUDY_1, CLUSTERED_1, CLUSTERED_2, INDEX_1, INDEX_2)
}
"""All methods ever published, by name."""

NEWEST: dict[str, str] = {"study": "study-1", "clustered": "clustered-2", "index": "index-2"}
"""The newest version of each family."""
