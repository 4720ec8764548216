"""The charts of `gap`: each measure over time, and the tests side by side. Data alone; `core/charts` draws."""

from datetime import date
from typing import Any

from core.answer import Chart, Series
from core.gap.parameters import Measure
from core.questions.shared_facts import OLD_DAYS
from core.words import count, day, lag, listed, month, stands

_KINDS: dict[Measure, str] = {"catch_up": "trend", "standing": "standing", "index": "index"}
ROWS: dict[Measure, str] = {"catch_up": "trend", "standing": "standing_trend", "index": "index_trend"}
_AXES: dict[Measure, tuple[str, str]] = {
    "catch_up": ("when the open model was released", "months behind"),
    "standing": ("day", "months behind, on the tests of that day"),
    "index": ("day", "months behind, the mean of six month ends"),
}
"""The chart of each measure, the rows of the data that it draws (its course), and what its axes are."""


def over_time(measure: Measure, data: dict[str, Any], title: str, foot: str, as_of: date) -> Chart:
    """Show a measure over time with its range, private and public apart.

    A line that ends well before the as-of day says so in its name.
    """
    series, said = [], []
    for access, gap in data["access"].items():
        figure = gap if measure == "catch_up" else gap[measure]
        rows = [row for row in data[ROWS[measure]] if row["access"] == access]
        months_, low, high = (tuple(row[key] for row in rows) for key in ("months", "low", "high"))
        end = date.fromisoformat(figure["at"]) if figure["at"] else as_of
        label = f"{access} tests" + (f", to {month(end)}" if (as_of - end).days > OLD_DAYS else "")
        series.append(Series(label, access, tuple(row["date"] for row in rows), months_, low, high))
        known = [(row["months"], row["date"]) for row in rows if row["months"] is not None]
        if known and figure["months"] is not None:
            least, at = min(known)
            said.append(
                f"on {access} tests the line was lowest at {lag(least)} on {day(date.fromisoformat(at))} and ends at"
                f" {lag(figure['months'])} on {day(date.fromisoformat(figure['at']))}"
            )
    alt = f"Line chart of the gap in months over time. {title}: {'; '.join(said)}." if said else f"{title}."
    return Chart(_KINDS[measure], title, *_AXES[measure], tuple(series), foot=foot, alt=alt)


def benchmarks_chart(data: dict[str, Any], whose: str, foot: str) -> Chart:
    """Show each test's recent lag, with the range of its single results; the foot names the tests without any."""
    series, said = [], []
    recent = sorted((row for row in data["benchmarks"] if row["months"] is not None), key=lambda row: row["months"])
    ends = [f"{stands(row['months'])} on {row['name']}" for row in (*recent[:1], *recent[1:][-1:])]
    title = f"{whose} by test: {'from ' if len(ends) > 1 else ''}{' to '.join(ends) or 'no recent results'}"
    without = [row["name"] for row in data["benchmarks"] if row["months"] is None]
    foot = f"No recent results: {listed(without)} · {foot}" if without and recent else foot
    for access in data["access"]:
        rows = [row for row in data["benchmarks"] if row["access"] == access and row["months"] is not None]
        rows.sort(key=lambda row: -row["months"])
        tests, lags, low, high = (tuple(row[key] for row in rows) for key in ("name", "months", "smallest", "largest"))
        notes = tuple(count(row["n_points"], "result") for row in rows)
        series.append(Series(f"{access} tests", access, tests, lags, low, high, notes))
        if rows:
            least, most = (f"{row['name']} ({lag(row['months'])})" for row in (rows[-1], rows[0]))
            said.append(f"{access} tests from {least} to {most}" if len(rows) > 1 else f"{access} test {most}")
    alt = f"Months behind by test, with the range of single results: {'; '.join(said)}." if said else f"{title}."
    led = any(row["smallest"] < 0 for row in recent)
    label = "months behind (left of 0: open first)" if led else "months behind"
    return Chart("benchmarks", title, label, "", tuple(series), foot=foot, alt=alt)
