"""How far do open-weights models trail closed ones? The first question, and what every face shows of it."""

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from core.answer import Answer, Chart, Fact, Line, Series, Table
from core.errors import UsageError
from core.evidence import names
from core.gap.parameters import METHODS, NEWEST
from core.grounding import render
from core.questions.question import Question
from core.store import queries
from core.store.store import Store
from core.words import day, quoted

if TYPE_CHECKING:
    from core.evidence.evidence import BoolArray, Evidence, IntArray
    from core.gap.analysis import Analysis


@dataclass(frozen=True)
class GapQuestion(Question):
    """How many months open-weights models trail closed ones, on private and on public tests."""

    name: ClassVar[str] = "gap"
    summary: ClassVar[str] = "How many months open-weights models trail closed ones, with the evidence."
    phrasings: ClassVar[tuple[str, ...]] = (
        "How far behind are open models?",
        "What is the gap on private tests?",
        "How far do China's open models trail on GPQA?",
        "How big was the gap on 20 January 2025?",
    )

    benchmark: str | None = field(
        default=None,
        metadata={
            "description": "One benchmark, by any of its names; without it, all headline benchmarks.",
            "examples": ["GPQA Diamond"],
            "max_length": 100,
        },
    )
    access: Literal["private", "public"] | None = field(
        default=None,
        metadata={"description": "Only tests whose questions are secret (private), or only public ones."},
    )
    country: str | None = field(
        default=None,
        metadata={
            "description": "Count only open models from this country; the closed side stays whole.",
            "examples": ["China"],
            "max_length": 60,
        },
    )
    lab: str | None = field(
        default=None,
        metadata={
            "description": "Count only open models of this lab; the closed side stays whole.",
            "examples": ["DeepSeek"],
            "max_length": 60,
        },
    )
    as_of: date | None = field(
        default=None,
        metadata={
            "description": "The world of this day: models released by then. Without it, the newest data's day.",
            "examples": ["2026-05-22"],
        },
    )
    known_by: date | None = field(
        default=None,
        metadata={
            "description": "Use only scores that were known by this day. Without it, all that are known now.",
            "examples": ["2026-05-22"],
        },
    )
    method: str = field(
        default="clustered",
        metadata={
            "description": "clustered: intervals between benchmarks. study: the published study's own rules.",
            "examples": ["study", "clustered"],
            "max_length": 20,
        },
    )

    def resolved(self, store: Store, today: date) -> "GapQuestion":
        """Return the question with ids for names, the method's version, and both days filled in."""
        method = NEWEST.get(self.method.lower(), self.method.lower())
        if method not in METHODS:
            raise UsageError(
                f"No method is called {quoted(self.method)}; choose {' or '.join(NEWEST)}.", (*NEWEST, *METHODS)
            )
        for name, asked in (("as-of", self.as_of), ("known-by", self.known_by)):
            if asked is not None and asked > today:
                raise UsageError(f"The {name} day {asked} is in the future; give {today} or earlier.")
        first, last = queries.known_days(store)
        known_by = min(self.known_by or last, last)
        if known_by < first:
            raise UsageError(f"No score was known by {known_by}; the first is known from {first}.")
        newest = queries.newest_data(store, known_by)
        as_of = self.as_of or newest
        benchmark = self.benchmark and " ".join(names.find("benchmark", self.benchmark, names.benchmarks(store)).key)
        country = self.country and names.find("country", self.country, names.countries(store)).key[0]
        lab = self.lab and names.find("lab", self.lab, names.labs(store)).key[0]
        return replace(
            self, benchmark=benchmark, country=country, lab=lab, as_of=as_of, known_by=known_by, method=method
        )

    def evidence(self, store: Store) -> "Evidence":
        """Read the scores that were known by the question's day."""
        from core.evidence.evidence import load

        known_by = self.known_by or queries.known_days(store)[1]
        return load(store, known_by, queries.newest_data(store, known_by))

    def answer(self, evidence: "Evidence") -> Answer:
        """Measure the gap; raises UsageError where there is nothing to measure."""
        from core.gap.analysis import analyse
        from core.gap.facts import facts as facts_of
        from core.gap.report import report

        as_of, parameters = self.as_of or evidence.newest_data, METHODS[self.method]
        boards = self._boards(evidence)
        _check_first(evidence, boards, as_of)
        analysis = analyse(evidence, boards, as_of.toordinal(), parameters, self._open_models(evidence))
        self._check_points(evidence, analysis, as_of)
        facts = self._side_facts(evidence) + facts_of(
            evidence, analysis, as_of, parameters, single=self.benchmark is not None
        )
        data = report(evidence, analysis, as_of.toordinal())
        return Answer(
            question={key: value for key, value in _plain(asdict(self)).items() if key != "method"},
            method=self.method,
            parameters=_plain(asdict(parameters)),
            revision=evidence.revision,
            as_of=as_of.isoformat(),
            known_by=evidence.known_by.isoformat(),
            newest_data=evidence.newest_data.isoformat(),
            lines=_lines(analysis, facts),
            facts=facts,
            table=_table(data),
            chart=_chart(data),
            data=data,
            sources=_sources(evidence, analysis),
            historical=evidence.last_known is not None and evidence.known_by < evidence.last_known,
        )

    def _boards(self, evidence: "Evidence") -> "IntArray":
        import numpy as np

        asked = [
            number
            for number, board in enumerate(evidence.boards)
            if (self.benchmark == f"{board.benchmark_id} {board.version}" if self.benchmark else board.headline)
            and self.access in (None, board.access)
        ]
        if not asked:
            board = next(b for b in evidence.boards if self.benchmark == f"{b.benchmark_id} {b.version}")
            raise UsageError(f"{board.name} is a {board.access} test; leave the access out, or ask for {board.access}.")
        return np.array(asked, dtype=np.int64)

    def _open_models(self, evidence: "Evidence") -> "BoolArray | None":
        """Return a flag per model that the country and lab allow on the open side, None when all are."""
        import numpy as np

        if self.country is None and self.lab is None:
            return None
        return np.array(
            [self.country in (None, model.country) and self.lab in (None, model.lab_id) for model in evidence.models],
            dtype=np.bool_,
        )

    def _side(self, evidence: "Evidence") -> str:
        """Say which open models are counted, where not all are: "of DeepSeek from China"."""
        lab = next((model.lab for model in evidence.models if model.lab_id == self.lab and model.lab), self.lab)
        country = f"the {self.country}" if self.country and self.country.startswith("United") else self.country
        parts = (self.lab and f"of {lab}", country and f"from {country}")
        return " ".join(part for part in parts if part)

    def _side_facts(self, evidence: "Evidence") -> tuple[Fact, ...]:
        side = self._side(evidence)
        return (Fact("side", side, "", "the open models that are counted", side),) if side else ()

    def _check_points(self, evidence: "Evidence", analysis: "Analysis", as_of: date) -> None:
        """Refuse a question that no point answers, with the reason."""
        if any(len(gap.points.months) for gap in analysis.classes.values()):
            return
        states = analysis.crossings.states
        if self.benchmark and states:
            number, state = next(iter(states.items()))
            board = evidence.boards[number]
            if state.reason:
                raise UsageError(
                    f"{board.name} has {state.reason} (as of {day(as_of)}); leave the benchmark out, or choose another."
                )
        side = self._side(evidence)
        whose, instead = (f" {side}", "all open models") if side else ("", "a later day or for more tests")
        raise UsageError(f"No open model{whose} had reached a level that counts by {day(as_of)}; ask for {instead}.")


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}


def _check_first(evidence: "Evidence", boards: "IntArray", as_of: date) -> None:
    starts = [
        int(evidence.day[evidence.bounds[b]]) for b in boards.tolist() if evidence.bounds[b + 1] > evidence.bounds[b]
    ]
    if not starts:
        raise UsageError(
            f"No score of these tests was known by {day(evidence.known_by)}; ask for a later known-by day."
        )
    if as_of.toordinal() < min(starts):
        raise UsageError(
            f"The data begins with models of {day(min(starts))}; {day(as_of)} is before that. Ask for a later day."
        )


def _lines(analysis: "Analysis", facts: tuple[Fact, ...]) -> tuple[Line, ...]:
    """Write the text: the answer first, then what each next question would be."""
    shown = {fact.key: fact.shown for fact in facts}
    known = set(shown)
    classes = [name for name in analysis.classes if f"about.{name}" in known]
    side = " {side}" if "side" in known else ""
    templates: list[tuple[str, str]] = [("", _title(analysis, classes, f"Open models{side}"))]
    for name in analysis.classes:
        templates.append((f"{name.capitalize()} tests", _row(name, classes, shown)))
    read = [gap for gap in analysis.classes.values() if gap.trend.last_readable() is not None]
    if any((gap.headline.at or 0) > gap.since for gap in read):
        told = [name for name in classes if not shown[f"change.{name}"].startswith("can't")]
        changes = "; ".join(f"{{change.{name}}}" for name in classes)
        templates.append(
            ("Direction", changes if told else "can't tell if the gap is wider or narrower than in {since}")
        )
    waiting = f"open models{side} have not reached {{waiting}} that closed ones have"
    if not analysis.forward.n_waiting:
        waiting = f"nothing: open models{side} have reached every level that counts and that closed ones have"
    templates.append(("Still waiting", waiting + ("; {waiting.median}" if "waiting.median" in known else "")))
    templates.append(
        (
            "Newest",
            "{newest.open} reached {newest.level} on {newest.board} on {newest.day}, {newest.gap} {newest.closed}",
        )
    )
    if "leans.board" in known:
        templates.append(("Leans on", "{leans.board}: without it, {leans.without}"))
    templates.append(("As of", "{as_of} · newest complete data {newest_data} · {oldest_board} · {method}"))
    ends = [f"{{ends.{name}}}" for name in classes if f"ends.{name}" in known]
    if ends:
        templates.append(("Ends early", "; ".join(ends)))
    if "doubt" in known:
        templates.append(("In doubt", "{doubt}"))
    if "excluded" in known:
        templates.append(("Left out", "{excluded}"))
    templates.append(
        ("Can't tell", "a gap is how old the closed level is that open models have just reached, not how long they will"
         " need; public tests may flatter open models, which can be trained towards them")
    )  # fmt: skip
    return tuple(Line(label, render(template, facts)) for label, template in templates)


def _row(name: str, classes: list[str], shown: dict[str, str]) -> str:
    """Write the template of a class's row; its figures stand below those of the other class."""
    if name not in classes:
        return f"{{gap.{name}}}"
    row = ""
    for slot in ("gap", "range"):
        width = max(len(shown[f"{slot}.{each}"]) for each in classes)
        row += f"{{{slot}.{name}}}" + " " * (width - len(shown[f"{slot}.{name}"]) + 3)
    return row + f"{{basis.{name}}}"


def _title(analysis: "Analysis", classes: list[str], whose: str) -> str:
    """Say the figure in one sentence, with a direction that follows the sign."""
    trail: list[str] = []
    lead: list[str] = []
    for name in classes:
        value = analysis.classes[name].headline.months or 0.0
        (trail if value >= 0 else lead).append(f"{{about.{name}}}")
    parts = [f"{whose} trail by {' and '.join(trail)}"] if trail else []
    if lead:
        parts.append(f"{'they' if trail else whose} lead by {' and '.join(lead)}")
    return "; ".join(parts) or f"Too little data to say how far {whose[0].lower()}{whose[1:]} trail"


def _table(data: dict[str, Any]) -> Table:
    rows = []
    for board in sorted(data["benchmarks"], key=lambda b: (b["access"], b["months"] is None, -(b["months"] or 0))):
        rows.append(
            (
                board["name"],
                board["access"],
                "–" if board["months"] is None else f"{board['months']:.1f}".replace("-", "−"),
                str(board["n_points"]),
                str(board["open_models"]),
                str(board["closed_models"]),
                board["newest_data"] or "–",
            )
        )
    windows = [
        f"{name} since {access['mean']['window_from']}"
        for name, access in data["access"].items()
        if access["mean"]["window_from"]
    ]
    columns = ("Test", "Kind", "Months behind", "Results", "All open", "All closed", "Newest model")
    return Table(f"By test, recent results: {', '.join(windows)}", columns, tuple(rows))


def _chart(data: dict[str, Any]) -> Chart:
    series = []
    for access in data["access"]:
        rows = [row for row in data["trend"] if row["access"] == access]
        months_, low, high = (tuple(row[key] for row in rows) for key in ("months", "low", "high"))
        series.append(Series(f"{access} tests", tuple(row["date"] for row in rows), months_, low, high))
    title = "Months from a closed model's first reaching a level to an open model's"
    return Chart(title, "when the open model was released", "months behind", tuple(series))


def _sources(evidence: "Evidence", analysis: "Analysis") -> tuple[dict[str, str], ...]:
    """List the sources of the asked boards' scores."""
    used = sorted({number for board in analysis.by_board for number in evidence.board_sources[board]})
    return tuple(asdict(evidence.sources[number]) for number in used)
