"""An answer and its parts: facts, the lines of text made from them, tables, data for charts, sources."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, field, replace
from datetime import date
from textwrap import wrap
from typing import Any, Literal

import core
from core.dataclass import dataclass
from core.words import begin_sentence, day, with_domain

CITATION = "gapbrief {version}, as of {as_of}, data revision {revision}; data: {citations}"
"""How gapbrief and the data of an answer are cited."""
SHORT_REVISION = 12
"""How many characters of a revision people see."""
CONTRACT = 2
"""The edition of docs/json.md that an answer's JSON follows."""
STALE_AFTER_DAYS = 30
"""An answer says how old its newest data are if they are older than this."""
DATA = "Data"
"""The label of the line with the day and age of the data."""
LIKELY = "likely = 90 %".replace(" ", "\N{NO-BREAK SPACE}")
"""What a likely range is; it stays on one line."""
LIKELY_RANGE = "likely range"
"""What the label of a chart of likely ranges says."""
TESTS = "data.tests"
"""The key of the fact that says on how many tests an answer rests."""
FIRST_LINES, FIRST_ROWS, PHONE_WIDTH = 7, 12, 45
"""A first look has at most so many lines, which fill at most so many rows of a phone's width in characters."""

Kind = Literal["lag", "change", "duration", "count", "share", "score", "level", "day", "name", "note"]
"""What a fact measures. A lag is how many months open models trail, a change is the difference of two lags, a duration
any other length of time, a note words alone."""
Aspect = Literal[
    "level", "direction", "who", "when", "sure", "licence", "scores", "why", "explain", "standing", "catch_up",
    "smallest", "largest", "smallest_test", "largest_test", "lab", "price", "choices", "released", "size",
    "access", "age", "forecast", "chart", "curve", "by_test", "cite",
]  # fmt: skip
"""What somebody wants to know from a question's answer: a line says which aspects it answers.

`chart` is any chart of it; `curve` and `by_test` are the charts of it over time, and of its tests.
"""
_CHART_KINDS: Mapping[Aspect, str] = {
    "curve": "index", "direction": "index", "smallest": "index", "largest": "index",
    "by_test": "benchmarks", "smallest_test": "benchmarks", "largest_test": "benchmarks",
}  # fmt: skip
"""The kinds of chart that show an aspect."""


@dataclass(frozen=True)
class Fact:
    """One thing that a text may say, of whom, on what, when: `shown` is how its question words it.

    `value`, `low` and `high` are in `unit`; the last two bound an interval. `access` (private or public), `side` (open
    or closed), `benchmark`, `model` (names as shown), `level` (in the benchmark's unit) and `day` (ISO) say what the
    fact is of, and are empty or None where it is of none. `measure` is the name of the figure that a lag is, such as
    catch-up time: two lags of one name, of the same and on the same day are one number.
    """

    key: str
    value: float | str | None
    unit: str
    subject: str
    shown: str
    kind: Kind = "note"
    low: float | None = None
    high: float | None = None
    access: str = ""
    side: str = ""
    benchmark: str = ""
    model: str = ""
    level: float | None = None
    day: str = ""
    measure: str = ""


@dataclass(frozen=True)
class Line:
    """A line of the text: a label and what it says. The first line has no label.

    `aspects` are what it answers. A line that is put first for an aspect keeps its label, unless it is a `sentence`,
    which needs none. A `detail` is not in the first look. A line that `is_day` dates the answer or its data: it is
    always in the first look unless it is a detail.
    """

    label: str
    text: str
    aspects: tuple[Aspect, ...] = ()
    sentence: bool = False
    detail: bool = False
    is_day: bool = False

    @property
    def phone_rows(self) -> int:
        """How many rows the line fills on a phone."""
        return len(wrap(f"{self.label}: {self.text}" if self.label else self.text, PHONE_WIDTH))


@dataclass(frozen=True)
class Table:
    """Rows shown beside the text; every cell is ready to print."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def is_ranged(self) -> bool:
        """Whether it has a column of likely ranges."""
        return "Likely" in self.columns


@dataclass(frozen=True)
class Series:
    """A line, a row of steps or a set of bars in a chart.

    `role` (private, public, open, closed) gives its colour. `x` holds ISO days or the names of rows; `y` is None where
    there is no value. `low` and `high` bound `y`; `notes` annotates each entry, for example with a model's name;
    `details` has lines on each entry that pages show where somebody points at it: models, scores, days, sources. These
    four are empty or as long as `x`. A catch-up's label is the test and score, its `x` both days, its `notes` both
    models; its last entry has the months, in `y` if open models have caught up, else in `low`.
    """

    label: str
    role: str
    x: tuple[str, ...]
    y: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    notes: tuple[str, ...] = ()
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Span:
    """A length of time in a chart, drawn from one ISO day to another at a level of `y`."""

    label: str
    start: str
    end: str
    level: float


@dataclass(frozen=True)
class Chart:
    """What a chart shows, as data; `core/charts` alone draws.

    `title` states the finding, `foot` the sources and the as-of day; `alt` describes it for those who can't see it.
    """

    kind: str
    title: str
    x_label: str
    y_label: str
    series: tuple[Series, ...]
    spans: tuple[Span, ...] = ()
    foot: str = ""
    alt: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it has no value at all; its picture says so."""
        columns = [series.y for series in self.series]
        if self.kind == "catch-up":
            columns += [series.low for series in self.series]  # the months so far of an unmatched score
        return all(value is None for column in columns for value in column)

    @property
    def is_ranged(self) -> bool:
        """Whether it draws likely ranges, and not the two ends of a comparison or what others published alone."""
        may_be = self.kind in ("index", "ranges") or LIKELY_RANGE in self.y_label
        return may_be and any(None not in ends for one in self.series for ends in zip(one.low, one.high, strict=True))


@dataclass(frozen=True)
class Answer:
    """An answer, the same for every face. Days are ISO dates; `data` holds the question's own figures.

    `historical` means that the question asked what was known on an earlier day, so old data are expected.
    """

    question: dict[str, Any]
    method: str
    parameters: dict[str, Any]
    revision: str
    as_of: str
    known_by: str
    newest_data: str
    lines: tuple[Line, ...]
    facts: tuple[Fact, ...]
    tables: tuple[Table, ...]
    charts: tuple[Chart, ...]
    data: dict[str, Any]
    sources: tuple[dict[str, Any], ...]
    historical: bool = False
    stale_days: int | None = field(default=None)

    @property
    def text(self) -> str:
        """Return the lines as plain text, labels in a column."""
        width = max((len(line.label) for line in self.lines), default=0)
        return "\n".join(f"{line.label:<{width}}   {line.text}" if line.label else line.text for line in self.lines)

    @property
    def first_look(self) -> tuple[Line, ...]:
        """Return what a person sees first: the lines that are no details, as many as fit on a phone's screen.

        The first line and the days are always included; the others in their order.
        """
        candidates = [line for line in self.lines if not line.detail]
        anchors = [line for line in candidates if line is candidates[0] or line.is_day]
        lines_left, rows_left = (FIRST_LINES - len(anchors), FIRST_ROWS - sum(line.phone_rows for line in anchors))
        first_lines = []
        for line in candidates:
            if line in anchors:
                first_lines.append(line)
            elif lines_left >= 1 and rows_left >= line.phone_rows:
                first_lines.append(line)
                lines_left, rows_left = lines_left - 1, rows_left - line.phone_rows
        return tuple(first_lines)

    @property
    def details(self) -> tuple[Line, ...]:
        """Return the lines that are not in the first look."""
        first_look = self.first_look
        return tuple(line for line in self.lines if line not in first_look)

    @property
    def citation(self) -> str:
        """Return how to cite the answer and its sources, in one line; of a chosen day, by when they were known."""
        as_of = day(date.fromisoformat(self.as_of))
        if self.question.get("as_of") or self.question.get("known_by"):
            as_of += f", as known on {day(date.fromisoformat(self.known_by))}"
        return CITATION.format(
            version=core.__version__,
            as_of=as_of,
            revision=self.revision[:SHORT_REVISION],
            citations="; ".join(unique_citations(source["citation"] for source in self.sources)),
        )

    def about(self, aspect: Aspect) -> "Answer":
        """Return the answer with the lines and the chart on an aspect first, where it has any."""
        kind, lead = _CHART_KINDS.get(aspect), next((line for line in self.lines if aspect in line.aspects), None)
        charts = tuple(sorted(self.charts, key=lambda chart: chart.kind != kind))
        if lead is None or lead is self.lines[0]:
            return self if charts == self.charts else replace(self, charts=charts)
        colon = "" if lead.label.endswith("?") else ":"
        text = begin_sentence(lead.text) if lead.sentence else f"{lead.label}{colon} {lead.text}"
        domain = self.question.get("domain")
        first = replace(lead, label="", text=with_domain(domain, text) if domain else text, detail=False)
        title, *others = [line for line in self.lines if line is not lead]
        on_aspect = [line for line in others if aspect in line.aspects and not line.is_day]
        rest = [line for line in others if line not in on_aspect]
        on_aspect = [replace(line, detail=False) for line in on_aspect]
        lines = (first, *on_aspect, replace(title, label=title.label or "In short"), *rest)
        return replace(self, lines=lines, charts=charts)

    @property
    def basis(self) -> str:
        """Say in short what its figures rest on: "19 tests · likely = 90 %"; empty if they rest on no test."""
        return self.basis_of(is_ranged=any("likely " in line.text for line in self.first_look))

    def basis_of(self, *, is_ranged: bool) -> str:
        """Say what the figures of a part of it rest on, a chart or a table, with or without likely ranges."""
        tests = next((fact.shown for fact in self.facts if fact.key == TESTS), "")
        return tests and f"{tests} · {LIKELY if is_ranged else 'no likely range'}"

    @property
    def is_old(self) -> bool:
        """Whether its newest data are so old that the answer says so."""
        return (self.stale_days or 0) > STALE_AFTER_DAYS and not self.historical

    def with_data_age(self, today: date) -> "Answer":
        """Return the answer as read today: with the day of its newest data, and their age if they are old."""
        newest, is_now = date.fromisoformat(self.newest_data), self.as_of >= self.newest_data
        answer = replace(self, stale_days=max((today - newest).days, 0))
        place = next((n for n, line in enumerate(self.lines) if line.is_day), None)
        if place is None and not answer.is_old:
            return answer
        age_text = f"to {day(newest)}"
        if answer.is_old:
            age_text += f", {answer.stale_days} days old"
            age = Fact("data.age", answer.stale_days, "days", "the newest complete data", age_text, "duration")
            answer = replace(answer, facts=(*self.facts, age))
        data = Line(DATA, age_text, ("age",), detail=not is_now, is_day=True)
        if place is None:
            return replace(answer, lines=(*self.lines, data))
        as_of = replace(self.lines[place], detail=is_now)  # the data's day stands for both if they are the same
        return replace(answer, lines=(*self.lines[:place], data, as_of, *self.lines[place + 1 :]))

    def to_dict(self) -> dict[str, Any]:
        """Return the answer's parts, to store as JSON (`default=vars`); `from_dict` reads them back."""
        return dict(vars(self))

    @classmethod
    def from_dict(cls, parts: dict[str, Any]) -> "Answer":
        """Read back what `to_dict` returned; raises KeyError or TypeError for anything else."""
        return cls(
            **{
                **parts,
                "lines": tuple(Line(**{**line, "aspects": tuple(line["aspects"])}) for line in parts["lines"]),
                "facts": tuple(Fact(**fact) for fact in parts["facts"]),
                "tables": tuple(
                    Table(table["title"], tuple(table["columns"]), tuple(tuple(row) for row in table["rows"]))
                    for table in parts["tables"]
                ),
                "charts": tuple(_parse_chart(chart) for chart in parts["charts"]),
                "sources": tuple(parts["sources"]),
            }
        )

    def to_json(self) -> dict[str, Any]:
        """Return what `--json` prints, as docs/json.md promises it."""
        return {
            "contract": CONTRACT,
            "question": self.question,
            "method": self.method,
            "parameters": self.parameters,
            "revision": self.revision,
            "as_of": self.as_of,
            "known_by": self.known_by,
            "newest_data": self.newest_data,
            "stale_days": self.stale_days,
            "text": self.text,
            "facts": [asdict(fact) for fact in self.facts],
            **self.data,
            "sources": list(self.sources),
        }


def details(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return lines marked as details, which are not in the first look."""
    return tuple(replace(line, detail=True) for line in lines)


def unique_citations(citations: Iterable[str]) -> list[str]:
    """Return each cited work once; a source may cite several, separated by "; "."""
    return list(dict.fromkeys(work for citation in citations for work in citation.split("; ")))


def _parse_chart(parts: dict[str, Any]) -> Chart:
    columns = ("x", "y", "low", "high", "notes", "details")
    series = tuple(
        Series(row["label"], row["role"], *(tuple(row[name]) for name in columns)) for row in parts["series"]
    )
    spans = tuple(Span(**span) for span in parts["spans"])
    return Chart(**{**parts, "series": series, "spans": spans})
