"""A slow, plain reference for the method's estimators: E1, E2's Kish number, E3, E8 and the study's band.

Written from the method text alone, with the standard library only and nothing from the project, so that the
tests can hold the fast implementation against it. Nothing here is clever: loops, lists and dictionaries.

What the caller does, and this file does not:
* the `known_by` clock: give a board only the scores that were known;
* the choice of points: `trend`, `kish`, `study_band` and `forward_times` use every point they are given, so
  pass the accepted ones only where the figure is about accepted points.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations

MONTH_DAYS = 365.25 / 12
LIST_BINDS_UNTIL = date(2026, 5, 22)
BELOW_FLOOR = "below floor"
NOT_ON_LIST = "not on the study's list"


@dataclass(frozen=True)
class Score:
    """One score of one classified model; `is_open` means open weights."""

    model: str
    released: date
    is_open: bool
    score: float


@dataclass(frozen=True)
class Board:
    """One benchmark version; scores in the source's order, `accepted` is the study's list or None."""

    name: str
    thresholds: tuple[float, ...]
    scores: tuple[Score, ...]
    accepted: frozenset[float] | None


@dataclass(frozen=True)
class Crossing:
    """A (closed, open) pair at the highest threshold it spans; `gap_months` is negative where open led."""

    threshold: float
    closed_model: str
    closed_date: date
    open_model: str
    open_date: date
    gap_months: float
    accepted: bool
    reason: str | None


@dataclass(frozen=True)
class Pending:
    """A level that a closed model has reached and no open model has, at the highest such threshold."""

    threshold: float
    closed_model: str
    closed_date: date
    age_months: float
    newest_data: date
    accepted: bool
    reason: str | None


@dataclass(frozen=True)
class OpenOnly:
    """A level that an open model has reached and no closed model has, at the highest such threshold."""

    threshold: float
    open_model: str
    open_date: date


def months_between(start: date, end: date) -> float:
    """Months of 365.25/12 days from start to end; negative if end comes first."""
    return (end - start).days / MONTH_DAYS


def reaches(score: float, threshold: float) -> bool:
    """Whether the score is at or above the threshold, but for float noise."""
    return score >= threshold - 1e-9 * max(1.0, abs(threshold))


def percentile(values: Sequence[float], percent: float) -> float:
    """Percentile by linear interpolation between order statistics (numpy's default method)."""
    if not values:
        raise ValueError("a percentile needs at least one value")
    ordered = sorted(values)
    position = (len(ordered) - 1) * (percent / 100)
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    fraction = position - below
    step = ordered[above] - ordered[below]
    if fraction < 0.5:
        return ordered[below] + step * fraction
    return ordered[above] - step * (1 - fraction)  # the same line taken from its nearer end, as numpy does


# E1: threshold crossings
def first_crosser(scores: Sequence[Score], threshold: float, is_open: bool) -> Score | None:
    """The side's earliest score at or above the threshold; of one date, the one listed first."""
    first: Score | None = None
    for score in scores:
        if score.is_open != is_open or not reaches(score.score, threshold):
            continue
        if first is None or score.released < first.released:
            first = score
    return first


def on_list(threshold: float, accepted: frozenset[float]) -> bool:
    """Whether the threshold is on the list, but for float noise."""
    return any(abs(listed - threshold) <= 1e-9 * max(1.0, abs(threshold)) for listed in accepted)


def why_rejected(
    board: Board, threshold: float, completed: date | None, floor: float, list_binds_until: date
) -> str | None:
    """The reason a threshold is rejected, None if it is not; `completed` is None while a side is missing."""
    if board.accepted is not None and completed is not None and completed <= list_binds_until:
        return None if on_list(threshold, board.accepted) else NOT_ON_LIST
    return None if threshold > floor else BELOW_FLOOR


def crossings(
    board: Board,
    as_of: date,
    *,
    min_open_models: int = 5,
    floor_percentile: float = 10,
    list_binds_until: date = LIST_BINDS_UNTIL,
) -> tuple[list[Crossing], list[Pending], list[OpenOnly], str | None]:
    """Points, pending levels, levels only open has reached, and the reason if the board gives nothing at all.

    Each list is in the order of its thresholds. Rejected rows are in, with `accepted` False.
    """
    scores = [score for score in board.scores if score.released <= as_of]
    open_models = {score.model for score in scores if score.is_open}
    if len(open_models) < min_open_models:
        return [], [], [], f"{len(open_models)} open models, fewer than {min_open_models}"
    if not scores:
        return [], [], [], "no scores"
    floor = percentile([score.score for score in scores], floor_percentile)
    newest = max(score.released for score in scores)

    # Walk the thresholds upwards. The same key again replaces its row by the higher threshold's; that a lower
    # threshold of the same key was accepted is carried over.
    points: dict[tuple[str, str], Crossing] = {}
    pending: dict[str, Pending] = {}
    open_only: dict[str, OpenOnly] = {}
    for threshold in sorted(board.thresholds):
        closed = first_crosser(scores, threshold, is_open=False)
        opened = first_crosser(scores, threshold, is_open=True)

        if closed is not None and opened is not None:
            completed = max(closed.released, opened.released)
            reason = why_rejected(board, threshold, completed, floor, list_binds_until)
            pair = (closed.model, opened.model)
            if pair in points and points[pair].accepted:
                reason = None
            gap = months_between(closed.released, opened.released)
            sides = (closed.model, closed.released, opened.model, opened.released)
            points[pair] = Crossing(threshold, *sides, gap, reason is None, reason)
        elif closed is not None:
            reason = why_rejected(board, threshold, None, floor, list_binds_until)
            if closed.model in pending and pending[closed.model].accepted:
                reason = None
            age = months_between(closed.released, min(as_of, newest))
            pending[closed.model] = Pending(
                threshold, closed.model, closed.released, age, newest, reason is None, reason
            )
        elif opened is not None:
            open_only[opened.model] = OpenOnly(threshold, opened.model, opened.released)

    return (
        sorted(points.values(), key=lambda row: row.threshold),
        sorted(pending.values(), key=lambda row: row.threshold),
        sorted(open_only.values(), key=lambda row: row.threshold),
        None,
    )


# E1's trend and band, E2's effective number of benchmarks
def kernel(day: date, centre: date, bandwidth_days: float) -> float:
    """Gaussian kernel weight, 1 at its centre (not normalised)."""
    distance = (day - centre).days / bandwidth_days
    return math.exp(-0.5 * distance * distance)


def grid(points: Sequence[Crossing], step_days: int) -> list[date]:
    """Dates from the first open date on, every `step_days`, none after the last open date."""
    if not points:
        return []
    day = min(point.open_date for point in points)
    last = max(point.open_date for point in points)
    days = []
    while day <= last:
        days.append(day)
        day += timedelta(days=step_days)
    return days


def trend(
    points: Sequence[Crossing], *, bandwidth_days: float = 60, step_days: int = 7, min_weight: float = 2.0
) -> list[tuple[date, float | None]]:
    """Nadaraya-Watson mean gap per grid date, points at their open dates; None below `min_weight`."""
    line: list[tuple[date, float | None]] = []
    for day in grid(points, step_days):
        weights = 0.0
        weighted_gaps = 0.0
        for point in points:
            weight = kernel(day, point.open_date, bandwidth_days)
            weights += weight
            weighted_gaps += weight * point.gap_months
        line.append((day, None if weights < min_weight else weighted_gaps / weights))
    return line


def kish(points_with_board: Sequence[tuple[str, Crossing]], day: date, bandwidth_days: float = 60) -> float:
    """Effective number of benchmarks, (sum w_b)^2 / sum w_b^2, w_b the summed weight of b's points."""
    by_board: dict[str, float] = {}
    for board, point in points_with_board:
        by_board[board] = by_board.get(board, 0.0) + kernel(day, point.open_date, bandwidth_days)
    total = sum(by_board.values())
    if total == 0:
        return 0.0
    return 1 / sum((weight / total) ** 2 for weight in by_board.values())


def study_band(
    points: Sequence[Crossing],
    draws: int = 5000,
    seed: int = 0,
    level: float = 0.90,
    *,
    bandwidth_days: float = 60,
    step_days: int = 7,
) -> list[tuple[date, float | None, float | None]]:
    """The study's band: (date, low, high) on the grid of the points as given, from resampling single points.

    A draw counts at a date where its weights sum to more than 0; None where no draw counts. Dates where
    `trend` is blank are not blanked here.
    """
    days = grid(points, step_days)
    weight_at = [[kernel(day, point.open_date, bandwidth_days) for point in points] for day in days]
    rng = random.Random(seed)  # noqa: S311 (a simulation, not a secret)
    drawn_trends: list[list[float]] = [[] for _ in days]
    for _ in range(draws):
        drawn = [rng.randrange(len(points)) for _ in points]
        for row in range(len(days)):
            weights = 0.0
            weighted_gaps = 0.0
            for index in drawn:
                weights += weight_at[row][index]
                weighted_gaps += weight_at[row][index] * points[index].gap_months
            if weights > 0:
                drawn_trends[row].append(weighted_gaps / weights)
    tail = 100 * (1 - level) / 2
    band: list[tuple[date, float | None, float | None]] = []
    for day, values in zip(days, drawn_trends, strict=True):
        low = percentile(values, tail) if values else None
        high = percentile(values, 100 - tail) if values else None
        band.append((day, low, high))
    return band


# E3: the forward question
def forward_times(points: Sequence[Crossing], pending: Sequence[Pending]) -> tuple[list[float], list[bool]]:
    """Times and events for E3: max(0, gap) for a crossing (event), the age for a pending level (censored)."""
    times = [max(0.0, point.gap_months) for point in points] + [row.age_months for row in pending]
    events = [True for _ in points] + [False for _ in pending]
    return times, events


def kaplan_meier(times: Sequence[float], events: Sequence[bool]) -> list[tuple[float, float]]:
    """(t, S(t)) at each distinct event time, ascending; S is 1 before the first.

    A case censored at t is still at risk at t. Fractions keep S exact, so that a half is a half.
    """
    cases = list(zip(times, events, strict=True))
    survival = Fraction(1)
    curve: list[tuple[float, float]] = []
    for moment in sorted({time for time, event in cases if event}):
        at_risk = sum(1 for time, _ in cases if time >= moment)
        happened = sum(1 for time, event in cases if event and time == moment)
        survival *= Fraction(at_risk - happened, at_risk)
        curve.append((moment, float(survival)))
    return curve


def km_median(times: Sequence[float], events: Sequence[bool]) -> float | None:
    """The smallest t with S(t) <= 0.5, None if it is not reached."""
    for moment, survival in kaplan_meier(times, events):
        if survival <= 0.5:
            return moment
    return None


def km_share_by(times: Sequence[float], events: Sequence[bool], moment: float) -> float:
    """Share caught up by a moment, 1 - S(moment), with an event at that very moment counted in."""
    survival = 1.0
    for time, value in kaplan_meier(times, events):
        if time <= moment:
            survival = value
    return 1 - survival


# E8: private against public
def mean_difference(values_by_board: dict[str, float], private: set[str]) -> float:
    """Mean over the private boards minus mean over all the others."""
    inside = [value for board, value in values_by_board.items() if board in private]
    outside = [value for board, value in values_by_board.items() if board not in private]
    if not inside or not outside:
        raise ValueError("both groups need at least one board")
    return math.fsum(inside) / len(inside) - math.fsum(outside) / len(outside)


def permutation_p(values_by_board: dict[str, float], private: set[str]) -> float:
    """Exact two-sided p: the share of all relabellings, the actual one included, at least as far apart."""
    observed = abs(mean_difference(values_by_board, private))
    size = sum(1 for board in values_by_board if board in private)
    as_extreme = 0
    relabellings = 0
    for chosen in combinations(values_by_board, size):
        relabellings += 1
        if abs(mean_difference(values_by_board, set(chosen))) >= observed - 1e-9:
            as_extreme += 1
    return as_extreme / relabellings
