"""A chart of both sides' records on a test, for pages: where its steps and marks are, and what is written of each."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from core.answer import Chart
from core.dataclass import dataclass
from core.ticks import Tick, day_range, day_ticks, is_log_scale, score_scale
from core.words import capitalize

_DAYS = 4
"""The number of ticks of an axis of days, on a phone too."""


@dataclass(frozen=True)
class Place:
    """A place on a chart, as shares of its width from the left and of its height from the top; what is there."""

    x: float
    y: float
    detail: str = ""


@dataclass(frozen=True)
class Side:
    """A side's records and the corners of its steps; `leader` is its best model with its score."""

    name: str
    role: str
    leader: str
    corners: tuple[Place, ...]
    records: tuple[Place, ...]


@dataclass(frozen=True)
class Course:
    """Both sides on the same axes with their ticks; `spans` are lags, from the first closed model to their end."""

    sides: tuple[Side, ...]
    days: Sequence[Tick]
    scores: Sequence[Tick]
    spans: tuple[tuple[Place, Place], ...]


def read_course(chart: Chart) -> Course | None:
    """Return the course of a chart of records; None for any other chart."""
    if chart.kind != "frontier" or chart.is_empty:
        return None
    values = [value for side in chart.series for value in side.y if value is not None]
    days = [day for side in chart.series for day in side.x]
    days += [day for span in chart.spans for day in (span.start, span.end)]
    first, last = day_range([date.fromisoformat(day).toordinal() for day in days])
    is_log = is_log_scale(values, chart.y_label)
    (low, high), ticks = score_scale([*values, *(span.level for span in chart.spans)], is_log=is_log)
    scale = math.log if is_log else float

    def place_day(day: float) -> float:
        return (day - first) / (last - first)

    def place_score(score: float) -> float:
        return 1 - (scale(score) - scale(low)) / (scale(high) - scale(low))

    def place(day: str, score: float, detail: str = "") -> Place:
        return Place(place_day(date.fromisoformat(day).toordinal()), place_score(score), detail)

    sides = []
    for side in chart.series:
        steps = zip(side.x, side.y, side.details or ("",) * len(side.x), strict=True)
        corners = tuple(place(day, score, detail) for day, score, detail in steps if score is not None)
        records = tuple(corner for corner in corners if corner.detail)
        leader = records[-1].detail.partition("\n")[0] if records else ""
        sides.append(Side(capitalize(side.label), side.role, leader, corners, records))
    closed = [record for side in sides if side.role == "closed" for record in side.records]
    firsts = {record.x: record.detail.partition("\n")[0] for record in closed}
    spans = []
    for span in chart.spans:
        start, end = place(span.start, span.level), place(span.end, span.level, span.label)
        spans.append((replace(start, detail=firsts.get(start.x, "")), end))
    return Course(
        tuple(sides),
        [(place_day(day), label) for day, label in day_ticks(first, last, _DAYS)],
        [(place_score(score), label) for score, label in ticks if score > 0 or not is_log],
        tuple(spans),
    )
