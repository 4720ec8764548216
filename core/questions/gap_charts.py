"""The charts of `gap`: catch-ups, each measure over time, the tests side by side. Data alone; `core/charts` draws."""

from datetime import date
from typing import TYPE_CHECKING, Any

from core.answer import Chart, Series
from core.questions.shared_facts import OLD_DAYS, iso
from core.words import and_list, count, day, lag_text, level

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.analysis import Analysis
    from core.gap.crossings import Points, Unmatched

_WHOLE = " · the title: all tests on one scale"
"""What a chart of single catch-ups says of a title that is of the index."""
_TOLD = 3
"""How many catch-ups of a class the alt text tells."""


def catch_up_chart(
    evidence: "Evidence", analysis: "Analysis", title: str, foot: str, shown: tuple[date | None, str | None], *,
    single: bool,
) -> Chart:  # fmt: skip
    """Show each test's newest catch-up and its oldest unmatched level; of a `single` test all of them.

    `shown` is a day and the id of a model, or None. Where there are catch-ups after the day it is these alone, with
    the levels raised since. What the model was first to reach comes before all else, whenever that was.
    """
    series: list[Series] = []
    said: list[str] = []
    after = _after(analysis, shown[0])
    lead = next((n for n, model in enumerate(evidence.models) if model.model_id == shown[1]), None)
    of_lead = {access for access, gap in analysis.classes.items() if lead in gap.points.open}
    of_lead |= {evidence.boards[each.board].access for each in analysis.crossings.unmatched if each.closed == lead}
    for access, gap in sorted(analysis.classes.items(), key=lambda each: each[0] not in of_lead):
        lines = _matched(evidence, gap.points, after, lead, single=single)
        waiting = [
            level_ for level_ in analysis.unmatched
            if level_.board in gap.boards and (level_.closed_day > after or level_.closed == lead)
        ]  # fmt: skip
        open_ended = _unmatched(evidence, waiting, access, lead, single=single)
        leads = lead is not None and evidence.models[lead].called
        series += sorted((*lines, *open_ended), key=lambda each: leads not in each.notes)
        told = [_told(each) for each in lines[:_TOLD]]
        told += [f"no open model has matched {each.notes[0]} on {each.label}" for each in open_ended[:1]]
        said += [f"on {access} tests {', '.join(told)}"] if told else []
    which = "scores that both reached" if single else "each test's newest match"
    whole = _WHOLE if analysis.leads == "index" and not single else ""
    alt = f"A line from each first closed model to the open one that matched it. {title}: {'; '.join(said)}."
    return Chart(
        "catch-up",
        title,
        f"{which}, from the first closed model to the first open one · dashed: none yet{whole}",
        "",
        tuple(series),
        foot=foot,
        alt=alt,
    )


def _told(line: Series) -> str:
    """Say a catch-up in words."""
    (closed, opened), months_ = line.notes, line.y[-1] or 0.0
    return f"{opened} reached {line.label} {lag_text(abs(months_))} {'after' if months_ >= 0 else 'before'} {closed}"


def _after(analysis: "Analysis", since: date | None) -> int:
    """Return the day (ordinal) after which catch-ups are shown: 0 where none came after the one that is given."""
    newest = max(
        (int(gap.points.open_day.max()) for gap in analysis.classes.values() if len(gap.points.months)), default=0
    )
    return since.toordinal() if since and newest > since.toordinal() else 0


def _matched(evidence: "Evidence", points: "Points", after: int, lead: int | None, *, single: bool) -> list[Series]:
    """Return the highest level of each test's newest catch-up, of a single test of all of them; the lead's first."""
    order = sorted(
        range(len(points.months)),
        key=lambda n: (points.open[n] == lead, points.open_day[n], points.threshold[n]),
        reverse=True,
    )
    seen, found = set(), []
    for n in order:
        board, closed, opened = int(points.board[n]), int(points.closed[n]), int(points.open[n])
        key = (closed, opened) if single else board
        if (points.open_day[n] <= after and opened != lead) or key in seen:
            continue
        seen.add(key)
        found.append(
            Series(
                _named(evidence, board, float(points.threshold[n]), single=single),
                evidence.boards[board].access,
                (iso(int(points.closed_day[n])), iso(int(points.open_day[n]))),
                (None, float(points.months[n])),
                notes=(evidence.models[closed].called, evidence.models[opened].called),
            )
        )
    return found


def _unmatched(
    evidence: "Evidence", levels: "list[Unmatched]", access: str, lead: int | None, *, single: bool
) -> list[Series]:
    """Return the oldest unmatched level of each test, those of tests without new models last.

    Of a single test it is one of each closed model; of the lead's levels it is the highest, before all others.
    """
    newest = max((each.newest_day for each in levels), default=0)
    seen, found = set(), []
    order = [
        *sorted((each for each in levels if each.closed == lead), key=lambda each: -each.threshold),
        *sorted(levels, key=lambda each: (newest - each.newest_day > OLD_DAYS, each.closed_day, each.threshold)),
    ]
    for each in order:
        key = each.closed if single else each.board
        if key in seen or each.age_months < 0:
            continue
        seen.add(key)
        found.append(
            Series(
                _named(evidence, each.board, each.threshold, single=single),
                access,
                (iso(each.closed_day), iso(each.newest_day)),
                (None, None),
                (None, each.age_months),
                notes=(evidence.models[each.closed].called, ""),
            )
        )
    return found


def _named(evidence: "Evidence", board: int, threshold: float, *, single: bool) -> str:
    """Name a level: with its test, unless that is the only one."""
    name = level(threshold, evidence.boards[board].unit)
    return name if single else f"{evidence.boards[board].name} {name}"


def over_time(data: dict[str, Any], title: str, foot: str, as_of: date, *, single: bool) -> Chart:
    """Show the measure that leads over time with its range, private and public apart; of a `single` test its gap."""
    series, ends = [], []
    is_catch_up = data["leads"] == "catch_up" and not single
    rows_of = data["standing_trend"] if single else data["trend"] if is_catch_up else data["index_trend"]
    for access in data["access"]:
        rows = [row for row in rows_of if row["access"] == access]
        months_, low, high = (tuple(row[key] for row in rows) for key in ("months", "low", "high"))
        series.append(Series(f"{access} tests", access, tuple(row["date"] for row in rows), months_, low, high))
        known = [(row["months"], row["date"]) for row in rows if row["months"] is not None]
        if known:
            least, at = min(known)
            ends.append(
                f"on {access} tests the line was lowest at {lag_text(least)} on {day(date.fromisoformat(at))} and ends"
                f" at {lag_text(known[-1][0])} on {day(date.fromisoformat(known[-1][1]))}"
            )
    alt = f"Line chart of the gap in months over time. {title}: {'; '.join(ends)}." if ends else f"{title}."
    label = "how long ago closed models stood where open ones do"
    label += "" if single else ", all tests on one scale, average of six months"
    label = "how many months later open models reached the same scores" if is_catch_up else label
    return Chart("index", title, "day", label, tuple(series), foot=foot, alt=alt)


def benchmarks_chart(data: dict[str, Any], whose: str, foot: str) -> Chart:
    """Show each test's recent lag, with the range of its single results; the foot names the tests without any."""
    series, said = [], []
    recent = sorted((row for row in data["benchmarks"] if row["months"] is not None), key=lambda row: row["months"])
    ends = [f"{lag_text(row['months'], 'behind')} on {row['name']}" for row in (*recent[:1], *recent[1:][-1:])]
    title = f"{whose} by test: {'from ' if len(ends) > 1 else ''}{' to '.join(ends) or 'no recent results'}"
    without = [row["name"] for row in data["benchmarks"] if row["months"] is None]
    foot = f"No recent results: {and_list(without)} · {foot}" if without and recent else foot
    for access in data["access"]:
        rows = [row for row in data["benchmarks"] if row["access"] == access and row["months"] is not None]
        rows.sort(key=lambda row: -row["months"])
        tests, lags, low, high = (tuple(row[key] for row in rows) for key in ("name", "months", "smallest", "largest"))
        notes = tuple(count(row["n_points"], "result") for row in rows)
        until = data["access"][access]["catch_up"]["at"]
        label = f"{access} tests" + (f", results to {day(date.fromisoformat(until))}" if until else "")
        series.append(Series(label, access, tests, lags, low, high, notes))
        if rows:
            least, most = (f"{row['name']} ({lag_text(row['months'])})" for row in (rows[-1], rows[0]))
            said.append(f"{access} tests from {least} to {most}" if len(rows) > 1 else f"{access} test {most}")
    alt = f"Months behind by test, with the range of single results: {'; '.join(said)}." if said else f"{title}."
    led = any(row["smallest"] < 0 for row in recent)
    label = "months behind (left of 0: open first)" if led else "months behind"
    ranges = ", bar: smallest to largest" if any(row["smallest"] < row["largest"] for row in recent) else ""
    return Chart("benchmarks", title, label, f"dot: mean of recent results{ranges}", tuple(series), foot=foot, alt=alt)
