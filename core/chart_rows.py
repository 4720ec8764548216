"""The rows of a chart that is a list: what is written of each and where its marks are, for pictures and for pages."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, takewhile
from math import ceil, floor

from core.answer import Answer, Chart, Series
from core.dataclass import dataclass
from core.words import CLASSES, capitalize, cell, months

LINES = ("catch-up", "unmatched")
"""The kinds whose rows are lengths of time from a closed model on, all from one zero."""
COURSES = ("index", "frontier")
"""The kinds that are no list."""
MARKS = "○◉●■□"
"""The marks that a chart's labels explain: closed models ○ ◉, a figure ●, open models ■ □."""
_UNMATCHED = 3
"""One in this many rows of a group is reserved for an unmatched score."""
_NOUNS = {"catch-up": " scores", "unmatched": " scores", "best": " models", "others": " figures"}
"""What the rows of a kind of chart are where they are no tests."""
_MARKED = re.compile(rf" ?[{MARKS}]")
_SCORED = re.compile(r"^(.+) ([\d.,]+ \S+)$")
"""The name of a row that is a score on a test: "GPQA 95 %"."""
_NEW = 0.1
"""An unmatched score younger than this many months is "new"."""

_STEPS, _TICKS = (1, 3, 6, 12, 24), 4
"""How many months may lie between two ticks, and between how many ticks an axis is divided at most."""


@dataclass(frozen=True)
class Row:
    """A test, model or level, what is said under its name, the text at its right, and its value with a range.

    A row without a value has its range alone, or none: its note is then the reason. An unmatched row has no end yet.
    `detail` has the lines that a page shows where somebody points at it.
    """

    name: str
    note: str
    figure: str
    role: str
    value: float | None
    low: float | None = None
    high: float | None = None
    is_unmatched: bool = False
    detail: str = ""

    @property
    def ends(self) -> tuple[float, ...]:
        """Return the values that the row draws."""
        return tuple(end for end in (self.value, self.low, self.high) if end is not None)


@dataclass(frozen=True)
class Group:
    """The rows of a kind of test under its name: `noun` is what they are; `more` counts those that are not shown."""

    name: str
    role: str
    rows: tuple[Row, ...]
    noun: str = ""
    more: int = 0

    @property
    def heading(self) -> str:
        """Return the name, and how many of the rows are shown if some are not."""
        number = len(self.rows)
        return f"{self.name}, {number} of {number + self.more}{self.noun}" if self.more else self.name

    def limit(self, most: int, *, is_line: bool, is_pair: bool) -> "Group":
        """Return the group with at most so many rows: the first; of lines some unmatched ones too, sorted by length.

        Of two sides' leads, and of others' figures, which are in order, it has the first and the last.
        """
        rows = self.rows[:most]
        if is_pair and most < len(self.rows):
            rows = (*self.rows[: most - most // 2], *self.rows[len(self.rows) - most // 2 :])
        if is_line:
            unmatched = [row for row in self.rows if row.is_unmatched]
            matched = [row for row in self.rows if not row.is_unmatched]
            n_leading = sum(1 for _ in takewhile(lambda row: row.is_unmatched, self.rows))
            n_unmatched = min(len(unmatched), max(most // _UNMATCHED, most - len(matched), min(n_leading, most)))
            matched = sorted(matched[: most - n_unmatched], key=lambda row: row.value or 0.0)
            rows = (*matched, *unmatched[:n_unmatched])
        return replace(self, rows=rows, more=len(self.rows) - len(rows))


def read_groups(chart: Chart, most: int) -> list[Group]:
    """Return the groups of a chart that is a list, with at most so many rows in all; none of any other."""
    if chart.kind in COURSES:
        return []
    key = (lambda series: f"{series.role} tests") if chart.kind == "catch-up" else (lambda series: series.label)
    groups = []
    for label, series in groupby(chart.series, key=key):
        of_group = list(series)
        rows = tuple(row for one in of_group for row in _read_rows(chart, one))
        if rows:
            groups.append(Group(capitalize(label), of_group[0].role, rows, _NOUNS.get(chart.kind, "")))
    shares = share_out([len(group.rows) for group in groups], most)
    is_line, is_pair = chart.kind in LINES, chart.kind == "others" or bool(read_ends(chart))
    return [group.limit(share, is_line=is_line, is_pair=is_pair) for group, share in zip(groups, shares, strict=True)]


@dataclass(frozen=True)
class Rows:
    """Groups on one axis with ticks, and the marks of the two sides that their rows compare, if any."""

    groups: Sequence[Group]
    ticks: Sequence[int]
    ends: str
    is_line: bool

    def place(self, value: float) -> float:
        """Return where a value stands on the axis, as a share of its length."""
        return (value - self.ticks[0]) / (self.ticks[-1] - self.ticks[0])


def read_rows(chart: Chart, most: int) -> Rows | None:
    """Return the rows of a chart that is a list on an axis from zero, at most so many; None for any other chart."""
    groups = read_groups(chart, most)
    values = [0.0, *(end for group in groups for row in group.rows for end in row.ends)]
    low, high = min(values), max(values)
    step = next((step for step in _STEPS if (high - low) / step <= _TICKS), _STEPS[-1])
    ticks = range(step * floor(low / step), step * max(ceil(high / step), 1) + 1, step)
    return Rows(groups, ticks, read_ends(chart), chart.kind in LINES) if groups else None


def read_ends(chart: Chart) -> str:
    """Return the marks of the two sides that each row compares, as its label names them; "" if a row has one value.

    The first mark stands at a row's value, the second at the other end; the row's figure is its note, in words.
    """
    marks = "".join(mark for mark in chart.y_label if mark in MARKS)
    return marks if len(marks) == 2 else ""


def _read_rows(chart: Chart, series: Series) -> Iterator[Row]:
    role = series.role
    if chart.kind == "catch-up":
        months, so_far = series.y[-1], series.low[-1] if series.low else None
        first, second = series.notes or ("", "")
        names = [first, second or "none yet"][:: -1 if (months or 0.0) < 0 else 1]
        line = _make_line(series.label, " → ".join(names), role, months, so_far)
        yield replace(line, detail="\n".join((line.name, *series.details)))
        return
    none, empty, ends = (None,) * len(series.x), ("",) * len(series.x), read_ends(chart)
    columns = series.x, series.y, series.low or none, series.high or none, series.notes or empty
    for name, value, low, high, note, detail in zip(*columns, series.details or empty, strict=True):
        if chart.kind == "unmatched" and value is not None:
            row = _make_line(name, note, role, None, value)
        elif value is None and low is None:
            if not note:
                continue
            row = Row(name, note, "–", role, None)
        elif value is None or (ends and note):
            row = Row(name, "", note, role, value, low, high)
        else:
            row = Row(name, note, cell(value), role, value, low, high)
        figure = ": ".join(filter(None, (chart.x_label.partition(";")[0], row.figure)))
        yield replace(row, detail="\n".join(filter(None, (name, *((detail,) if detail else (row.note, figure))))))


def _make_line(name: str, note: str, role: str, months: float | None, so_far: float | None) -> Row:
    """Make the row of a catch-up: "9.8+" if unmatched, "new" if just reached."""
    if months is not None:
        return Row(name, note, cell(months), role, months)
    figure = f"{cell(so_far)}+" if (so_far or 0.0) >= _NEW else "new"
    return Row(name, note, figure, role, so_far or 0.0, is_unmatched=True)


def describe(chart: Chart, groups: Sequence[Group] = ()) -> str:
    """Say for those who can't see a picture what it draws: its title, what the values are, and these rows of it."""
    if chart.kind in COURSES:
        return chart.alt or chart.title
    label = _MARKED.sub("", ", ".join(filter(None, (chart.x_label, chart.y_label)))).replace(" · ", ", ").strip()
    title = chart.title
    for row in (row for group in groups for row in group.rows):
        title = title.replace(f"on {row.name}", f"at {_speak_name(row.name)}") if chart.kind in LINES else title
    parts = [title, capitalize(label)]
    for group in groups:
        rows = "; ".join(_describe_row(row, chart.kind in LINES) for row in group.rows)
        number, verb = len(group.rows), "is" if len(group.rows) == 1 else "are"
        of = f" ({number} of {number + group.more}{group.noun} {verb} drawn)" if group.more else ""
        parts.append(f"{group.name}{of}: {rows}" if group.name else rows)
    return " ".join(part if part.endswith(("?", ".")) else f"{part}." for part in parts if part)


def _speak_name(name: str) -> str:
    """Return the name of a score on a test as people say it: "95 % on GPQA"."""
    return _SCORED.sub(r"\2 on \1", name)


def _describe_row(row: Row, is_line: bool) -> str:
    """Say what a row draws: "95 % on GPQA: GPT-5.5, then Kimi K3 after 3.1 months", "Kimi K3: 7.4, likely 5 to 9"."""
    if not is_line:
        return f"{row.name}: {', '.join(filter(None, (row.figure.strip('–'), row.note)))}"
    first, _, second = row.note.partition(" → ")
    then = "no open model yet" if row.is_unmatched else f"then {second}"
    rest = "new" if row.figure == "new" else f"{then} after {months(row.value or 0.0)}"
    return f"{_speak_name(row.name)}: {first}, {rest}"


def read_ranges(answer: Answer, prefix: str = "gap") -> Chart:
    """Return the figures of an answer for both kinds of test as a chart: with their ranges, or why there is none.

    How many months "back" a closed model stands is no lag of open ones.
    """
    facts, series = {fact.key: fact for fact in answer.facts}, []
    for access in CLASSES:
        fact, likely = (facts.get(key) for key in (f"{prefix}.{access}", f"{prefix}.{access}.range"))
        likely = likely or facts.get(f"range.{access}")
        if fact is None or fact.shown.endswith(" back"):
            continue
        value = fact.value if isinstance(fact.value, float) else None
        note = fact.shown if value is None or likely is None else likely.shown
        columns = ((f"{capitalize(access)} tests",), (value,), (fact.low,), (fact.high,), (note,))
        series.append(Series("", access, *columns))
    return Chart("ranges", answer.lines[0].text, "", "", tuple(series))


def share_out(counts: Sequence[int], most: int) -> list[int]:
    """Share `most` rows evenly, an odd one to the first; rows that a group does not need go to the others."""
    shares, left = [0] * len(counts), most
    for place, n in enumerate(sorted(range(len(counts)), key=lambda n: (counts[n], -n))):
        shares[n] = min(counts[n], max(left // (len(counts) - place), 1))
        left -= shares[n]
    return shares
