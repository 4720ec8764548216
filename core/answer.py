"""What a question is answered with: facts, the text made from them, a table, a chart's data and sources."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from textwrap import wrap
from typing import Any, Literal

import core
from core.words import begun, day, headed

CITATION = "gapbrief {version}, as of {as_of}, data revision {revision}; data: {citations}"
"""How gapbrief and the data of an answer are cited."""
SHORT_REVISION = 12
"""Letters of the data's revision that a person reads."""
CONTRACT = 2
"""Which edition of docs/json.md the JSON of an answer keeps."""
STALE_AFTER_DAYS = 30
"""From this age on, an answer says how old its newest data is."""
DATA = "Data"
"""The label of the line on the day and the age of the data."""
FIRST_LINES, FIRST_ROWS, PHONE_WIDTH = 7, 12, 45
"""The most lines of a first look, and the most rows that they fill on a phone of so many letters a row."""

Kind = Literal["lag", "change", "duration", "count", "share", "score", "level", "day", "name", "note"]
"""What a fact measures: months that open trails, a move of these, another length of time, how many, a fraction, a
model's score, a level of a benchmark, a day, a name, or something said in words alone."""
Aspect = Literal[
    "level", "direction", "who", "when", "sure", "licence", "scores", "why", "explain", "standing", "catch_up",
    "smallest", "largest", "smallest_test", "largest_test", "lab", "price", "choices",
]  # fmt: skip
"""What of a question somebody wants to know: each is answered by one of its lines."""


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
    """One line of the text: what it is about, and what it says. The first has no label.

    `aspects` are those of the question that it answers; where it stands first for one of them it keeps its label, but
    for a `sentence` that says all by itself. A `detail` stands behind the first look. A line that `is_day` says of when
    the answer is: no first look leaves it out.
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
    """Rows to be shown beside the text, as words and figures that are ready to print."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Series:
    """One line, row of steps, or set of bars of a chart.

    `role` says what it stands for (private, public, open, closed) and so its colour. `x` holds ISO days, or the
    names of rows; `y` is None where nothing may be read. `low` and `high` bound `y`; `notes` says a word at each
    entry, such as a model's name. The last three are empty, or as long as `x`. A catch-up has the test and score as its
    label, both days as `x`, both models as `notes`, and at the end its months: `y` where it is over, `low` where it is
    not.
    """

    label: str
    role: str
    x: tuple[str, ...]
    y: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Span:
    """A length of time in a chart, drawn as an arrow at a level of `y`: from an ISO day to another."""

    label: str
    start: str
    end: str
    level: float


@dataclass(frozen=True)
class Chart:
    """What a chart shows, as data; `core/charts` alone draws.

    `title` says the finding, `foot` the sources and the as-of day, `alt` what somebody who can't see it misses.
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
        so_far = [each.low for each in self.series if self.kind == "catch-up"]  # of what nobody has matched
        return all(value is None for values in (*(each.y for each in self.series), *so_far) for value in values)


@dataclass(frozen=True)
class Answer:
    """An answer, the same for every face. Days are ISO dates; `data` holds the question's own figures.

    `historical` says that it was asked as known on an earlier day: the age of its data is no news then.
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
        """Return what a person sees first: the lines that are no details, as far as a phone's screen holds them.

        The answer itself and its day always stand; of the others the first ones go before.
        """
        wanted = [line for line in self.lines if not line.detail]
        always = [line for line in wanted if line is wanted[0] or line.is_day]
        lines, rows = FIRST_LINES - len(always), FIRST_ROWS - sum(line.phone_rows for line in always)
        found = []
        for line in wanted:
            if line not in always:
                lines, rows = lines - 1, rows - line.phone_rows
                if min(lines, rows) < 0:
                    lines, rows = lines + 1, rows + line.phone_rows
                    continue
            found.append(line)
        return tuple(found)

    @property
    def details(self) -> tuple[Line, ...]:
        """Return the lines that stand behind the first look."""
        seen = self.first_look
        return tuple(line for line in self.lines if line not in seen)

    @property
    def citation(self) -> str:
        """Return the line by which the answer is cited, with the sources that it rests on."""
        return CITATION.format(
            version=core.__version__,
            as_of=day(date.fromisoformat(self.as_of)),
            revision=self.revision[:SHORT_REVISION],
            citations="; ".join(whose(each["citation"] for each in self.sources)),
        )

    def about(self, aspect: Aspect) -> "Answer":
        """Return the answer with the lines first that answer an aspect, itself where no line does."""
        asked = next((line for line in self.lines if aspect in line.aspects), None)
        if asked is None or asked is self.lines[0]:
            return self
        colon = "" if asked.label.endswith("?") else ":"
        text = begun(asked.text) if asked.sentence else f"{asked.label}{colon} {asked.text}"
        domain = self.question.get("domain")
        first = replace(asked, label="", text=headed(domain, text) if domain else text, detail=False)
        title, *others = [line for line in self.lines if line is not asked]
        also = [line for line in others if aspect in line.aspects and not line.is_day]
        rest = [line for line in others if line not in also]
        also = [replace(line, detail=False) for line in also]
        return replace(self, lines=(first, *also, replace(title, label=title.label or "In short"), *rest))

    @property
    def is_old(self) -> bool:
        """Whether its newest data are so old that readers are told."""
        return (self.stale_days or 0) > STALE_AFTER_DAYS and not self.historical

    def seen_on(self, today: date) -> "Answer":
        """Return the answer as read on a day: with the day of its newest data, and their age where they are old."""
        newest, is_now = date.fromisoformat(self.newest_data), self.as_of >= self.newest_data
        seen = replace(self, stale_days=max((today - newest).days, 0))
        place = next((n for n, line in enumerate(self.lines) if line.is_day), None)
        if place is None and not seen.is_old:
            return seen
        shown = f"to {day(newest)}"
        if seen.is_old:
            shown += f", {seen.stale_days} days old"
            age = Fact("data.age", seen.stale_days, "days", "the newest complete data", shown, "duration")
            seen = replace(seen, facts=(*self.facts, age))
        data = Line(DATA, shown, detail=not is_now, is_day=True)
        if place is None:
            return replace(seen, lines=(*self.lines, data))
        as_of = replace(self.lines[place], detail=is_now)  # where it is the day of the data, one line says both
        return replace(seen, lines=(*self.lines[:place], data, as_of, *self.lines[place + 1 :]))

    def to_dict(self) -> dict[str, Any]:
        """Return the answer's parts, for keeping as JSON (`default=vars`); `from_dict` reads that back."""
        return dict(vars(self))

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> "Answer":
        """Read an answer that `to_dict` gave; raises KeyError or TypeError for anything else."""
        return cls(
            **{
                **kept,
                "lines": tuple(Line(**{**line, "aspects": tuple(line["aspects"])}) for line in kept["lines"]),
                "facts": tuple(Fact(**fact) for fact in kept["facts"]),
                "tables": tuple(
                    Table(table["title"], tuple(table["columns"]), tuple(tuple(row) for row in table["rows"]))
                    for table in kept["tables"]
                ),
                "charts": tuple(_chart(chart) for chart in kept["charts"]),
                "sources": tuple(kept["sources"]),
            }
        )

    def to_json(self) -> dict[str, Any]:
        """Return the answer in the form that `--json` prints: the contract of docs/json.md."""
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
    """Return lines as details, which stand behind the first look."""
    return tuple(replace(line, detail=True) for line in lines)


def whose(citations: Iterable[str]) -> list[str]:
    """Return each work that is cited once: a source may cite several."""
    return list(dict.fromkeys(part for each in citations for part in each.split("; ")))


def _chart(kept: dict[str, Any]) -> Chart:
    series = tuple(
        Series(each["label"], each["role"], *(tuple(each[column]) for column in ("x", "y", "low", "high", "notes")))
        for each in kept["series"]
    )
    spans = tuple(Span(**span) for span in kept["spans"])
    return Chart(**{**kept, "series": series, "spans": spans})
