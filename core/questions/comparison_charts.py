"""The charts of `compare`: both sides' figures with their ranges, or test by test. Data alone; `core/charts` draws."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.answer import Answer, Chart, Series
from core.words import CLASSES, and_list, capitalize, cell, count, months

if TYPE_CHECKING:
    from core.gap.direction import Comparison

_IN_BRACKETS = re.compile(r" \([^)]*\)")
_SIDES = ("left", "right")
_GAP = "all, on one scale"
_RANGES = "dot: the figure, bar: where it likely lies"


def titled(answer: Answer, chart: Chart) -> Answer:
    """Return an answer whose first line is a sentence, with a chart that bears it without what stands in brackets."""
    title, *others = answer.lines
    said = capitalize(title.text)
    chart = replace(chart, title=_IN_BRACKETS.sub("", said), alt=f"{said}. {chart.alt}")
    return replace(answer, lines=(replace(title, text=said), *others), charts=() if chart.is_empty else (chart,))


def chart_meetings(rows: list[dict[str, Any]], names: list[str], are_closed: bool, foot: str) -> Chart:
    """Show on each test of the headline how many months both sides are behind.

    A dot is the left side, the other end of its bar the right one; those come first on which left is furthest ahead.
    """
    series = []
    shared = sorted(
        (row for row in rows if row["headline"] and row["difference"] is not None), key=lambda row: row["difference"]
    )
    for access in CLASSES:
        shown = [row for row in shared if row["access"] == access]
        tests, left, right = (tuple(row[key] for row in shown) for key in ("name", "left_months", "right_months"))
        ends = [sorted(each) for each in zip(left, right, strict=True)]
        notes = tuple(_lead(row, are_closed) for row in shown)
        low, high = (tuple(each[n] for each in ends) for n in (0, 1))
        series.append(Series(f"{access} tests", access, tests, left, low, high, notes))
    higher = [row["name"] for row in shared if row["higher"] == "left"]
    alt = f"{names[0]} is higher on {len(higher)} of {count(len(shared), 'test')}"
    alt += f": {and_list(higher)}" if higher else ""
    return Chart(
        "compare", "", "months behind a test's newest model", f"dot: {names[0]}, other end: {names[1]}",
        tuple(series), foot=foot, alt=f"{alt}.",
    )  # fmt: skip


def _lead(row: dict[str, Any], are_closed: bool) -> str:
    """Say by how many months left leads on a test, or of two closed models is the later one."""
    if not row["difference"]:
        return "the same"
    words = ("later", "earlier") if are_closed else ("ahead", "behind")
    bound = "at least " if row["lower_bound"] else ""
    return f"{bound}{cell(abs(row['difference']))} {words[row['difference'] > 0]}"


def chart_kinds(comparison: "Comparison", rows: list[dict[str, Any]], names: list[str], roles: list[str]) -> Chart:
    """Show the gap of each kind of tests with its range, and the standing gaps of its tests, the longest first."""
    series = []
    figures = [comparison.left, comparison.right]
    for side, figure, name, role in zip(_SIDES, figures, names, roles, strict=True):
        tests, stand, notes = _stands(rows, side)
        low, high = ((bound if bound is not None else figure.months) for bound in (figure.low, figure.high))
        series.append(Series(
            capitalize(name), role, (_GAP, *tests), (figure.months, *stand), (low, *stand), (high, *stand),
            ("" if figure.months is None else months(figure.months), *notes),
        ))  # fmt: skip
    return _chart(series, names, [figure.months for figure in figures], _RANGES)


def chart_tests(rows: list[dict[str, Any]], names: list[str], roles: list[str]) -> Chart:
    """Show where open models stand on each side's tests, the longest first."""
    series = []
    for side, name, role in zip(_SIDES, names, roles, strict=True):
        tests, stand, notes = _stands(rows, side)
        series.append(Series(capitalize(name), role, tests, stand, stand, stand, notes))
    return _chart(series, names, [next(iter(each.y), None) for each in series], "")


def _stands(rows: list[dict[str, Any]], side: str) -> tuple[tuple[str, ...], tuple[float, ...], tuple[str, ...]]:
    """Return a side's tests, the standing gap of each, and the days these go to, the longest gap first."""
    of_side = [row for row in rows if row[f"{side}_months"] is not None and side in row["sides"]]
    of_side.sort(key=lambda row: -row[f"{side}_months"])
    tests, stand, notes = (tuple(row[key] for row in of_side) for key in ("name", f"{side}_months", f"{side}_at"))
    return tests, stand, tuple(f"to {at}" for at in notes)


def chart_days(comparisons: "dict[str, Comparison]", names: list[str]) -> Chart:
    """Show each class's gap on both days, with its range."""
    series: list[Series] = []
    figures: list[float | None] = []
    for access, each in comparisons.items():
        both = (each.left, each.right)
        value, low, high = (tuple(getattr(figure, key) for figure in both) for key in ("months", "low", "high"))
        notes = tuple("" if figure.months is None else months(figure.months) for figure in both)
        series.append(Series(f"{access} tests", access, tuple(names), value, low, high, notes))
        figures += value
    return _chart(series, names, figures, _RANGES)


def _chart(series: list[Series], names: list[str], figures: "list[float | None]", how: str) -> Chart:
    parts = [f"{capitalize(name)} {months(value)}" for name, value in zip(names, figures, strict=False) if value]
    return Chart("compare", "", "months behind", how, tuple(series), alt=f"{', '.join(parts)}.")
