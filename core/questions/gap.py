"""How far do open-weights models trail closed ones? The first question, and what every face shows of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from core.answer import Answer, Fact, Table
from core.errors import UsageError
from core.gap.parameters import METHODS
from core.questions import fields, selection
from core.questions.extremes_wording import extreme_facts
from core.questions.gap_charts import benchmarks_chart, catch_up_chart, over_time
from core.questions.gap_data import course_data, gap_data
from core.questions.gap_wording import gap_facts, gap_lines
from core.questions.held_wording import held_facts
from core.questions.question import Question
from core.questions.reasons import why_not
from core.questions.result import as_json
from core.questions.sensitivity import robust_facts, robust_table
from core.questions.shared_facts import name_fact
from core.questions.study_wording import study_facts
from core.text import render
from core.words import Domain, and_list, cell, day, tests_of

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.analysis import Analysis
    from core.gap.robust import Robust


@dataclass(frozen=True)
class GapQuestion(Question):
    """How many months open-weights models trail closed ones, with the evidence."""

    name: ClassVar[str] = "gap"
    behind: ClassVar[str] = "each test, what moves the figures, what ended, what is left out"
    phrasings: ClassVar[tuple[str, ...]] = (
        "How far behind are open models?",
        "What is the gap on private tests?",
        "How far do China's open models trail on GPQA?",
        "How big was the gap on 20 January 2025?",
    )

    lists_points: ClassVar[bool] = True
    charts: ClassVar[Mapping[str, str]] = {
        "catch-up": "the newest catch-ups, from the first closed model to the open one that matched it",
        "index": "the gap over time, with its range; on one test the standing gap",
        "benchmarks": "each test's gap, with the range of its results",
    }

    benchmark: str | None = fields.benchmark(by_place=True)
    access: Literal["private", "public"] | None = fields.access_filter()
    domain: Domain | None = fields.domain_filter()
    country: str | None = fields.country_filter()
    lab: str | None = fields.lab_filter()
    size: str | None = fields.size()
    as_of: date | None = fields.as_of()
    known_by: date | None = fields.known_by()
    shown_since: date | None = fields.described("Draw catch-ups after this day alone.", "2026-07-01")
    drawn_first: str | None = fields.described("Draw this model's records first.", "Kimi K3", max_length=100)
    method: str = fields.method()
    robust: Literal["yes", "no"] = fields.described("The gap under other defensible choices too.", "yes", default="no")

    def answer(self, evidence: "Evidence") -> Answer:
        """Measure the gap; raises UsageError where there is nothing to measure."""
        as_of, parameters = self.as_of or evidence.newest_data, METHODS[self.method]
        analysis, single = self.analysis(evidence), self.benchmark is not None
        facts = self._side_facts(evidence) + gap_facts(
            evidence, analysis, as_of, parameters, single=single, domain=self._domain
        )
        if analysis.leads == "index" and not any((self.domain, self.country, self.lab, self.size)):
            facts += tuple(study_facts(evidence, as_of, self.access))
        data = gap_data(evidence, analysis, as_of.toordinal(), parameters) | self._courses(analysis)
        choices = self.robust_figures(evidence) if self.robust == "yes" and analysis.leads == "index" else ()
        facts += (*extreme_facts(analysis, data), *robust_facts(choices))
        whose = self.country, self.lab, self.size
        facts += tuple(held_facts(evidence, analysis, as_of.toordinal(), parameters, whose))
        data |= {"robust": as_json(choices)} if choices else {}
        templates = gap_lines(analysis, facts)
        foot, side = selection.foot(evidence, analysis.by_board, as_of), f"Open models {self._side(evidence)}".strip()
        headline = render(templates[0].text, facts)
        shown = (self.shown_since, self.drawn_first)
        return selection.answered(
            self, evidence, as_of, templates, facts,
            tables=(robust_table(choices), _table(data)),
            charts=(
                catch_up_chart(evidence, analysis, headline, foot, shown, single=single),
                over_time(data, headline, foot, as_of, single=single),
                benchmarks_chart(data, side, foot),
            ),
            data=data, boards=analysis.by_board, parameters=parameters,
        )  # fmt: skip

    @property
    def _domain(self) -> str | None:
        """The domain whose tests are counted; None where one test is asked for, which tells of itself alone."""
        return None if self.benchmark else self.domain

    def robust_figures(self, evidence: "Evidence") -> "tuple[Robust, ...]":
        """Measure what is asked under all combinations of choices."""
        from core.gap.robust import robust

        as_of = self.as_of or evidence.newest_data
        boards = selection.boards(evidence, self.benchmark, self.access, self.domain)
        counted = selection.open_models(evidence, self.country, self.lab, self.size)
        return robust(evidence, boards, as_of.toordinal(), METHODS[self.method], counted)

    def analysis(self, evidence: "Evidence") -> "Analysis":
        """Run the estimators that the question asks for; raises UsageError where there is nothing to measure."""
        from core.gap.analysis import analyse

        as_of = self.as_of or evidence.newest_data
        boards = selection.boards(evidence, self.benchmark, self.access, self.domain)
        if self._domain:
            selection.check_enough(evidence, self._domain, self.access, boards.tolist())
        selection.check_first(evidence, boards, as_of)
        counted = selection.open_models(evidence, self.country, self.lab, self.size)
        analysis = analyse(evidence, boards, as_of.toordinal(), METHODS[self.method], counted)
        self._check_points(evidence, analysis, as_of)
        return analysis

    def _courses(self, analysis: "Analysis") -> dict[str, list[dict[str, Any]]]:
        """Return the gap of each class over time; of one test that was asked for its standing gap."""
        rows: dict[str, list[dict[str, Any]]] = {"standing_trend": [], "index_trend": []}
        key = "standing_trend" if self.benchmark else "index_trend"
        for name, course in analysis.courses.items():
            rows[key] += course_data(name, course)
        return rows

    def _side(self, evidence: "Evidence") -> str:
        return selection.side(evidence, self.country, self.lab, self.size)

    def _side_facts(self, evidence: "Evidence") -> tuple[Fact, ...]:
        side = self._side(evidence)
        return (name_fact("side", side, "the open models that are counted"),) if side else ()

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
                    f"{board.name} has {why_not(state.reason, state)} (as of {day(as_of)}); ask for its"
                    " frontier, which needs fewer, or choose another test."
                )
        self._check_known(evidence, analysis)
        side = self._side(evidence)
        whose, instead = (f" {side}", "all open models") if side else ("", "a later day or for more tests")
        none = f"o open model{whose} had reached a score that counts by {day(as_of)}"
        if self._domain:
            tests = and_list([evidence.boards[board].name for board in states])
            raise UsageError(
                f"Can't tell the gap on {tests_of(self._domain)}: n{none} on {tests}; ask for a later day."
            )
        raise UsageError(f"N{none}; ask for {instead}.")

    def _check_known(self, evidence: "Evidence", analysis: "Analysis") -> None:
        """Refuse what is asked as it was known so early that no test has enough models."""
        states = analysis.crossings.states.values()
        if evidence.last_known and evidence.known_by < evidence.last_known and all(state.reason for state in states):
            least = METHODS[self.method].min_open_models
            raise UsageError(
                f"By {day(evidence.known_by)} no test had scores of {least} open models and of a closed one that were"
                " known; ask for a later known-by day, or leave it out."
            )


def _table(data: dict[str, Any]) -> Table:
    """List the tests: standing gap, what the last matches took, models and the newest of them."""
    boards = sorted(data["benchmarks"], key=lambda b: (b["access"], b["standing"]["months"] is None,
                                                       -(b["standing"]["months"] or 0)))  # fmt: skip
    rows = []
    for board in boards:
        counts = (str(board[key]) for key in ("n_points", "open_models", "closed_models"))
        figures = (cell(board["standing"]["months"]), cell(board["months"]))
        rows.append((board["name"], board["access"], *figures, *counts, board["newest_data"] or "–"))
    columns = ("Test", "Kind", "Standing gap", "Last matches took", "Matches", "Open", "Closed", "Newest model")
    return Table("By test, in months", columns, tuple(rows))
