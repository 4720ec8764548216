"""How far do open-weights models trail closed ones? The main question: its computation, tables and charts.

Its Result is in `gap_result`, its facts and lines in `gap_text`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal

from core.answer import Answer, Chart, Series, Table
from core.dataclass import dataclass
from core.errors import UsageError
from core.gap.parameters import METHODS
from core.questions import fields, selection
from core.questions.gap_result import (
    BoardFigures,
    CoursePoint,
    ExcludedModel,
    Gap,
    Held,
    Match,
    MonthEnd,
    NoStanding,
    OpenAlone,
    OpenFirst,
    PastYear,
    Pending,
    Standing,
    TrendPoint,
    Widening,
)
from core.questions.gap_text import facts, text
from core.questions.others import find_study
from core.questions.question import Question
from core.questions.result import as_json, put_extremes_first, table
from core.questions.sensitivity import LeftOut, name_of, nothing_newer, robust_table
from core.questions.shared_facts import (
    LEVEL_REASONS,
    OLD_DAYS,
    SHORTEST,
    STANDING_REASONS,
    build_class_figures,
    finite,
    iso,
    why_not,
)
from core.text import render
from core.words import Domain, and_list, capitalize, day, lag_text, level, tests_of, took_text

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence, Model
    from core.gap.analysis import Analysis, ClassGap
    from core.gap.crossings import Unmatched

_DESCRIBED = 3
"""How many catch-ups of a class the chart's alt text describes."""


# ---- question


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
        "benchmarks": "each test's standing gap, the largest first",
    }

    benchmark: str | None = fields.benchmark(by_place=True)
    access: Literal["private", "public"] | None = fields.access_filter()
    domain: Domain | None = fields.domain_filter()
    country: str | None = fields.country_filter()
    lab: str | None = fields.lab_filter()
    size: str | None = fields.size()
    as_of: date | None = fields.as_of()
    known_by: date | None = fields.known_by()
    shown_since: date | None = fields.described("Draw catch-ups after this day alone.", "2026-07-01", only_drawn=True)
    drawn_first: str | None = fields.described(
        "Draw this model's records first.", "Kimi K3", max_length=100, only_drawn=True
    )
    method: str = fields.method()
    robust: Literal["yes", "no"] = fields.described("The gap under other defensible choices too.", "yes", default="no")

    def answer(self, evidence: "Evidence") -> Answer:
        """Measure the gap; raises UsageError if there is nothing to measure.

        A domain of one test has no figure of its own; the answer is the test's.
        """
        if self.domain and not self.benchmark and (test := selection.only_test(evidence, self.domain, self.access)):
            answer = replace(self, benchmark=test).answer(evidence)
            what = " ".join(filter(None, (self.access, tests_of(self.domain)))).removesuffix("s")
            first, *others = answer.lines
            return replace(answer, lines=(replace(first, text=f"Only one {what} counts · {first.text}"), *others))
        gap = self.find(evidence)
        lines, all_facts = list(text(gap)), list(facts(gap))
        title = render(lines[0].text, all_facts)
        direction = next((fact.shown for fact in all_facts if fact.key == "direction"), "")
        missing = {fact.access: fact.shown for fact in all_facts if fact.key.startswith("gap.") and fact.value is None}
        return selection.build_answer(
            self, evidence, gap.as_of, lines, all_facts,
            tables=tables(gap),
            charts=(
                catch_up_chart(gap, self.shown_since, self.drawn_first),
                course_chart(gap, title, direction, missing),
                board_chart(gap),
            ),
            data=as_json(gap) | ({"robust": as_json(gap.robust)} if gap.robust else {}),
            boards=gap.analysis.scope.boards.tolist(), parameters=METHODS[self.method],
        )  # fmt: skip

    def find(self, evidence: "Evidence") -> Gap:
        """Compute the whole result; raises UsageError as `answer` does."""
        from core.gap.robust import robust

        gap = self.measure(evidence)
        by_index, whose = gap.leads == "index", (self.country, self.lab, self.size)
        course = [
            CoursePoint(name, at, *map(finite, values))
            for name, line in gap.analysis.courses.items()
            for at, *values in zip(*(part.tolist() for part in vars(line).values()), strict=True)
        ]
        return replace(
            gap,
            standing_trend=course if self.benchmark else [],
            index_trend=[] if self.benchmark else course,
            study=find_study(evidence, gap.as_of, self.access) if by_index and not any((self.domain, *whose)) else {},
            held=_find_held(gap, whose) if by_index else {},
            robust=robust(*gap.analysis.scope) if by_index and self.robust == "yes" else (),
        )

    def measure(self, evidence: "Evidence") -> Gap:
        """Measure the gap without courses, study, held models and robustness; raises UsageError as `answer` does."""
        of_domain = self.domain is not None and not self.benchmark
        gap = build_gap(self.analysis(evidence), single=self.benchmark is not None, of_domain=of_domain)
        return replace(gap, side=selection.side(evidence, self.country, self.lab, self.size))

    def analysis(self, evidence: "Evidence") -> "Analysis":
        """Run the estimators that the question needs; raises UsageError if there is nothing to measure."""
        from core.gap.analysis import analyse

        as_of, boards = selection.scope(self, evidence)
        counted = selection.open_models(evidence, self.country, self.lab, self.size)
        analysis = analyse(evidence, boards, as_of.toordinal(), METHODS[self.method], counted)
        if not any(len(of_class.points.months) for of_class in analysis.classes.values()):
            raise UsageError(self._explain_nothing(evidence, analysis, as_of))
        return analysis

    def _explain_nothing(self, evidence: "Evidence", analysis: "Analysis", as_of: date) -> str:
        """Say why no point answers the question: because of the test, the early known-by day, or the open side."""
        states = analysis.crossings.states
        board, state = next(iter(states.items()))
        if self.benchmark and state.reason:
            return (
                f"{board.name} has {why_not(state.reason, state)} (as of {day(as_of)}); ask for its"
                " frontier, which needs fewer, or choose another test."
            )
        is_earlier = evidence.last_known and evidence.known_by < evidence.last_known
        if is_earlier and all(state.reason for state in states.values()):
            least = METHODS[self.method].min_open_models
            return (
                f"By {day(evidence.known_by)} no test had scores of {least} open models and of a closed one that were"
                " known; ask for a later known-by day, or leave it out."
            )
        side = selection.side(evidence, self.country, self.lab, self.size)
        none = f"o open model{f' {side}' if side else ''} had reached a score that counts by {day(as_of)}"
        if self.domain and not self.benchmark:
            tests = and_list([board.name for board in states])
            return f"Can't tell the gap on {tests_of(self.domain)}: n{none} on {tests}; ask for a later day."
        return f"N{none}; ask for {'all open models' if side else 'a later day or for more tests'}."


# ---- from the estimators to the result


def build_gap(analysis: "Analysis", *, single: bool = False, of_domain: bool = False) -> Gap:
    """Build the result of an analysis as the JSON contract promises it, without its courses."""
    evidence, as_of = analysis.scope.evidence, analysis.scope.as_of
    crossings, boards = analysis.crossings, analysis.scope.boards.tolist()
    points = sorted(
        _build_matches(analysis), key=lambda match: (match.board.benchmark_id, match.board.version, match.threshold)
    )
    excluded = evidence.excluded_from(boards, as_of)
    return Gap(
        analysis=analysis,
        single=single,
        of_domain=of_domain,
        leads=analysis.leads,
        direction=_build_direction(analysis),
        access={name: build_class_figures(gap, analysis.scope.parameters) for name, gap in analysis.classes.items()},
        benchmarks=[_build_board(analysis, evidence.boards[number]) for number in boards],
        trend=[point for name, gap in analysis.classes.items() for point in _build_trend(name, gap)],
        points=points,
        pending=[
            Pending(pending.board, pending.threshold, pending.closed, pending.age_months, pending.newest_day,
                    pending.accepted, LEVEL_REASONS[pending.reason] or None)
            for pending in sorted(crossings.unmatched, key=lambda pending: -pending.age_months)
        ],
        open_first=[
            *(OpenFirst(**vars(match)) for match in points if (match.gap_months or 0.0) < 0),
            *(OpenAlone(alone.board, alone.threshold, None, alone.open, None) for alone in crossings.open_only),
        ],
        unmatched=len(analysis.unmatched),
        influences=[LeftOut(part.kind, name_of(part), part) for part in analysis.influences],
        excluded=[ExcludedModel(model_id, reason) for model_id, reason in excluded.items()],
    )  # fmt: skip


def _build_direction(analysis: "Analysis") -> Widening | None:
    """Build the direction with its path; None for a single test, and for a method without a direction."""
    parameters = analysis.scope.parameters
    if len(analysis.by_board) < 2 or analysis.leads != "index" or parameters.range_by != "draws":
        return None
    direction, states = analysis.direction, {1: "wider", -1: "narrower", 0: None}
    path = zip(*(column.tolist() for column in vars(direction.path).values()), strict=True)
    return Widening(
        since=parameters.since.toordinal(),
        word=direction.word,
        state=states[direction.state],
        change=direction.since,
        past_year=PastYear(direction.year_word, direction.year),
        access={name: gap.index.change for name, gap in analysis.classes.items()},
        path=[MonthEnd(at, months, states[state]) for at, months, state in path],
    )


def _build_board(analysis: "Analysis", board: "Board") -> BoardFigures:
    state, life, stand = analysis.crossings.states[board], analysis.lives[board], analysis.standing.get(board)
    standing: Standing | NoStanding
    if stand is not None:
        standing = Standing(stand.months, stand.at, stand.closed, stand.open, stand.since)
    else:
        standing = NoStanding(STANDING_REASONS[analysis.classes[board.access].standing.left_out[board]])
    return BoardFigures(
        board=board,
        catch_up=analysis.by_board[board],
        standing=standing,
        state=state,
        reason=why_not(state.reason, state) or None,
        life=life,
        nothing_newer=nothing_newer(life, life.newest_result or 0),
    )


def _build_trend(access: str, gap: "ClassGap") -> Iterator[TrendPoint]:
    """Yield the trend on each day of its grid; the figures are None if it can't be read on the day."""
    line = gap.catch_up.trend
    for place, at in enumerate(line.day.tolist()):
        columns = (line.band.months, line.low, line.high)
        months, low, high = (finite(column[place]) if line.readable[place] else None for column in columns)
        yield TrendPoint(access, at, months, low, high, finite(line.band.n_effective[place]))


def _build_matches(analysis: "Analysis") -> Iterator[Match]:
    """Yield a match for each level that both sides have reached."""
    from core.gap.crossings import list_crossings

    points = analysis.crossings.points
    crossings = zip(
        list_crossings(analysis.scope.evidence, points), points.accepted.tolist(), points.reason, strict=True
    )
    for crossing, is_accepted, reason in crossings:
        grades = crossing.closed.openness_grade, crossing.open.openness_grade
        yield Match(
            **vars(crossing), gap_months=crossing.months, closed_evidence=grades[0], open_evidence=grades[1],
            accepted=is_accepted, reason=LEVEL_REASONS[reason] or None,
        )  # fmt: skip


def _find_held(gap: Gap, whose: tuple[str | None, ...]) -> dict[str, Held]:
    """Compute each class's gap without and with the held models; only for classes whose tests have held models.

    `whose` is the country, lab and size of the open models that count.
    """
    import numpy as np

    from core.gap.index_figure import class_index

    records = gap.evidence.records
    if records is None or records.with_held is None:
        return {}
    scenario = records.with_held.known_by(gap.evidence.known_by)
    counted_ids = {model.model_id for model in gap.evidence.models}
    as_of, counted = gap.as_of.toordinal(), selection.open_models(scenario, *whose)
    held = {}
    for name, of_class in gap.classes.items():
        on_tests = set(scenario.model[np.isin(scenario.board, of_class.boards)].tolist())
        waiting = [model for number, model in enumerate(scenario.models)
                   if number in on_tests and model.model_id not in counted_ids and model.day <= as_of]  # fmt: skip
        if waiting:
            figure = of_class.index.figure
            other = class_index(scenario, of_class.boards, as_of, gap.analysis.scope.parameters, counted).figure
            if figure.months is not None and other.months is not None:
                held[name] = Held(waiting, figure, other)
    return held


# ---- tables and charts


def tables(gap: Gap) -> Iterator[Table]:
    """List how much each choice moves the gap, and the tests with their standing gap, last matches and models."""
    yield robust_table(gap.robust)
    tests = sorted(
        gap.benchmarks,
        key=lambda test: (test.board.access, test.standing.months is None, -(test.standing.months or 0.0)),
    )
    yield table(
        "By test, in months",
        "Test | Kind | Standing gap | Last matches took | Matches | Open | Closed | Newest model",
        ((test.board, test.board.access, test.standing.months, test.catch_up.months, test.catch_up.n_points,
          test.state.open_models, test.state.closed_models, iso(test.state.newest_day)) for test in tests),
    )  # fmt: skip


def catch_up_chart(gap: Gap, since: date | None, drawn_first: str | None) -> Chart:
    """Draw each test's newest catch-up and its oldest unmatched level; for a single test, all of them.

    If there are catch-ups after `since`, draw only these, and only unmatched levels first reached after `since`. The
    levels that the model `drawn_first` (its id) was first to reach come first, and are drawn whatever their day; else
    those of the model with the newest match. The title is about them; for a single test, about all.
    """
    matches = [match for match in gap.points if match.accepted]
    newest = max(match.open.day for match in matches)
    after = since.toordinal() if since and newest > since.toordinal() else 0
    leader = next((model for model in gap.evidence.models if model.model_id == drawn_first), None)
    of_lead = {match.board.access for match in matches if match.open == leader}
    of_lead |= {pending.board.access for pending in gap.pending if pending.closed == leader}
    series, parts, title = list[Series](), list[str](), ""
    for access in sorted(gap.classes, key=lambda access: access not in of_lead):
        lines = _draw_matched(gap, [match for match in matches if match.board.access == access], after, leader)
        waiting = [
            wait for wait in gap.analysis.unmatched
            if wait.board.access == access and (wait.closed.day > after or wait.closed == leader)
        ]  # fmt: skip
        open_ended = _draw_unmatched(gap, waiting, leader)
        own = [line for line in lines if line.notes[1] == lines[0].notes[1] or (gap.single and leader is None)]
        lines = [*put_extremes_first(own), *(line for line in lines if line not in own)]
        order = sorted((*lines, *open_ended), key=lambda line: leader is None or leader.called not in line.notes)
        where = gap.benchmarks[0].board.name if gap.single else f"{access} tests"
        title = title or (_title_catch_ups(gap, order[0], own, where) if order else "")
        series += order
        sentences = [_describe_catch_up(line) for line in lines[:_DESCRIBED]]
        sentences += [f"no open model has matched {line.notes[0]} on {line.label}" for line in open_ended[:1]]
        parts += [f"on {access} tests {', '.join(sentences)}"] if sentences else []
    alt = f"A line from each first closed model to the open one that matched it. {title}: {'; '.join(parts)}."
    label = "Months from first closed ○ to first open model ■"
    is_since = after and all(date.fromisoformat(line.x[1]).toordinal() > after for line in series)
    return Chart("catch-up", title, label, f"since {day(after)}" if is_since else "", tuple(series), alt=alt)


def _title_catch_ups(gap: Gap, first: Series, own: list[Series], where: str) -> str:
    """Say how long the models of some lines took on some tests, or that nobody has matched the first line."""
    if first.y[-1] is None:
        return f"No open model{gap.whose} has matched {first.notes[0]} on {first.label}"
    who = f"Of open models{gap.whose}, {first.notes[1]}" if gap.whose else first.notes[1]
    if len({line.notes[1] for line in own}) > 1:
        who = f"Open models{gap.whose}"
    return f"{who} matched closed scores on {where} after {took_text([line.y[-1] or 0.0 for line in own])}"


def _describe_catch_up(line: Series) -> str:
    (closed, opened), months = line.notes, line.y[-1] or 0.0
    return f"{opened} reached {line.label} {lag_text(abs(months))} {'after' if months >= 0 else 'before'} {closed}"


def _draw_matched(gap: Gap, matches: list[Match], after: int, leader: "Model | None") -> list[Series]:
    """Draw the highest level of each test's newest catch-up, or of every catch-up of a single test; leader's first."""
    lines: dict[tuple[str, str], Series] = {}
    order = sorted(matches, key=lambda match: (match.open == leader, match.open.day, match.threshold), reverse=True)
    for match in order:
        closed, opened, board = match.closed, match.open, match.board
        if closed is None or (opened.day <= after and opened != leader):
            continue
        key = (closed.model_id, opened.model_id) if gap.single else (board.benchmark_id, board.version)
        if key not in lines:
            name = _name_level(gap, board, match.threshold)
            lines[key] = selection.catch_up_series(gap.evidence, name, board, closed, opened, match.gap_months)
    return list(lines.values())


def _draw_unmatched(gap: Gap, waiting: "list[Unmatched]", leader: "Model | None") -> list[Series]:
    """Draw the oldest unmatched level of each test; tests without new models come last.

    For a single test, draw one level per closed model. The leader's highest unmatched level comes first.
    """
    newest, lines = max((wait.newest_day for wait in waiting), default=0), dict["Board | Model", Series]()
    order = [
        *sorted((wait for wait in waiting if wait.closed == leader), key=lambda wait: -wait.threshold),
        *sorted(waiting, key=lambda wait: (newest - wait.newest_day > OLD_DAYS, wait.closed.day, wait.threshold)),
    ]
    for wait in order:
        key = wait.closed if gap.single else wait.board
        if key not in lines and wait.age_months >= 0:
            name = _name_level(gap, wait.board, wait.threshold)
            lines[key] = selection.catch_up_series(
                gap.evidence, name, wait.board, wait.closed, wait.newest_day, wait.age_months
            )
    return list(lines.values())


def _name_level(gap: Gap, board: "Board", threshold: float) -> str:
    """Name a level, with its test unless the question is about a single test."""
    name = level(threshold, board.unit)
    return name if gap.single else f"{board.name} {name}"


def course_chart(gap: Gap, title: str, direction: str, missing: Mapping[str, str]) -> Chart:
    """Draw the leading measure over time with its range, per access class; for a single test its standing gap.

    `missing` has the reason why a class has no figure today.
    """
    series, ends = [], []
    is_catch_up = gap.leads == "catch_up" and not gap.single
    course = gap.standing_trend if gap.single else gap.trend if is_catch_up else gap.index_trend
    for access in gap.access:
        points = [point for point in course if point.access == access]
        if access in missing and not points:
            points = [CoursePoint(access, gap.as_of.toordinal(), None, None, None)]
        days = tuple(iso(point.day) for point in points)
        months, low, high = (tuple(getattr(point, key) for point in points) for key in ("months", "low", "high"))
        notes = tuple(missing.get(access, "") if point is points[-1] else "" for point in points)
        series.append(Series(f"{access} tests", access, days, months, low, high, notes))
        values = [(point.months, point.day) for point in points if point.months is not None]
        if values:
            (least, lowest_on), (last, ends_on) = min(values), values[-1]
            ends.append(
                f"on {access} tests the line was lowest at {lag_text(least)} on {day(lowest_on)} and ends at"
                f" {lag_text(last)} on {day(ends_on)}"
            )
    of = f" of open models{gap.whose}" if gap.whose else ""
    of += f" on {gap.only_class} tests" if gap.only_class else ""
    title = f"Is the gap{of} widening? {direction}" if direction else title.partition(":")[0]
    alt = f"Line chart of the gap in months over time. {title}: {'; '.join(ends)}." if ends else f"{title}."
    label = "Months until open models reached the same scores" if is_catch_up else "Months behind"
    label += "" if gap.single or is_catch_up else ", average of six months"
    return Chart("index", title, "", label, tuple(series), alt=alt)


def board_chart(gap: Gap) -> Chart:
    """Draw each test's standing gap, the largest first; tests without one come last, with the reason."""
    known = [(test.board, test.standing) for test in gap.benchmarks if isinstance(test.standing, Standing)]
    whose, kind = f"open models{gap.whose}", f"{gap.only_class} test".strip()
    title = f"{whose} by test: no test has a standing gap"
    if known:
        furthest, standing = max(known, key=lambda test: test[1].months)
        most, verb = standing.months, "are furthest behind" if len(known) > 1 else "trail"
        title = f"{whose} {verb} on {furthest.name}: {lag_text(most)}"
        title = f"of {kind}s, {title}" if gap.only_class else title
        title = title if most >= SHORTEST else f"{whose} are level or ahead on every {kind}"
    series, sentences = [], []
    for access in gap.access:
        tests = sorted((test for test in known if test[0].access == access), key=lambda test: -test[1].months)
        rows: list[tuple[str, float | None, str]] = [(board.name, standing.months, "") for board, standing in tests]
        rows += [
            (test.board.name, None, test.standing.reason or "")
            for test in gap.benchmarks if test.standing.months is None and test.board.access == access
        ]  # fmt: skip
        names, values, notes = zip(*rows, strict=True) if rows else ((), (), ())
        series.append(Series(f"{access} tests", access, names, values, notes=notes))
        if tests:
            first, last = (f"{board.name} ({lag_text(at.months)})" for board, at in (tests[-1], tests[0]))
            sentences.append(f"{access} tests from {first} to {last}" if len(tests) > 1 else f"{access} test {last}")
    alt = f"Standing gap by test, in months: {'; '.join(sentences)}." if known else f"{capitalize(title)}."
    is_ahead = any(standing.months < 0 for _, standing in known)
    label = f"Months behind a test's newest model{', left of 0 ahead' if is_ahead else ''}"
    foot = f"Newest model: {day(known[0][1].at)}" if gap.single and known else ""
    return Chart("benchmarks", capitalize(title), label, "", tuple(series), foot=foot, alt=alt)
