"""How sure is the answer? On what the figures rest, how often their ranges hold, and which way they may err."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from core.answer import Answer, Fact, Line, Table, details
from core.gap.parameters import DEFAULT
from core.questions import fields, selection
from core.questions.certainty_wording import certainty, doubt_facts, doubt_lines
from core.questions.direction_wording import change_ranges, changes_data, changes_table, which_way
from core.questions.gap import GapQuestion
from core.questions.gap_data import gap_data
from core.questions.gap_wording import ASIDE_LINES, ends_lines, gap_facts, has_change
from core.questions.index_wording import effect_facts
from core.questions.influence_wording import CATCH_UP_LINE, INFLUENCE_LINES, without_lines
from core.questions.judged import judged
from core.questions.measure_wording import measure_name, without_standing
from core.questions.others import says_facts, says_template
from core.questions.question import Question
from core.questions.range_wording import SIMULATED, range_facts, range_lines
from core.questions.reasons import STANDING, difference_data
from core.questions.robust_charts import robust_charts
from core.questions.robust_wording import robust_data, robust_facts, robust_lines
from core.questions.shared_facts import as_of_lines, change_fact, count_fact, lag_fact
from core.questions.slope_wording import TREND_LINES, line_facts, line_line, lines_of, trend_facts, trends_data
from core.questions.thinned_wording import (
    BESIDE_RAW,
    imputed_data,
    testing_facts,
    testing_lines,
    thinned_data,
    thinned_difference_facts,
    thinned_table,
)
from core.words import cell, count, lag, listed

if TYPE_CHECKING:
    from core.evidence.evidence import Bias, Evidence
    from core.gap.analysis import Analysis
    from core.gap.coverage import Coverage
    from core.gap.private_public import Difference

_ENDS = details((
    Line(
        "Difference",
        "private minus public tests, recent results: {private_minus_public}[; {without_test}][; {without_model}]"
        + BESIDE_RAW,
    ),
    Line("Private-public effect", "on one scale of all tests, open models are {effect}"),
    Line(
        "Tested",
        "of the scored models of its time, a test has tried {tested.open} and {tested.closed}",
        ("scores",),
        sentence=True,
    ),
    Line(
        "Biases",
        "known ones that make the gap look larger than it is: {biases.larger}; smaller: {biases.smaller}; by how much"
        " is mostly not known",
        ("direction", "why"),
    ),
    *ASIDE_LINES,
))  # fmt: skip
_DISPUTED = Line(
    "Disputed", "more sources say the other of open and closed for {disputed}; it would be <{disputed.@}| and >"
)


@dataclass(frozen=True)
class TrustQuestion(Question):
    """How sure the gap is: what it rests on, its ranges, and which way it may err."""

    name: ClassVar[str] = "trust"
    behind: ClassVar[str] = "what the figures rest on, how often their ranges hold, known biases, each test"
    phrasings: ClassVar[tuple[str, ...]] = (
        "How sure are you?",
        "Can I trust the figure for private tests?",
        "What could be wrong with the gap on GPQA?",
    )

    charts: ClassVar[Mapping[str, str]] = {
        "index-choices": "the gap on the index under all combinations of choices, sorted",
        "choices": "catch-up time under all combinations of choices, sorted",
    }

    benchmark: str | None = fields.benchmark()
    access: Literal["private", "public"] | None = fields.access_filter()
    as_of: date | None = fields.as_of()
    known_by: date | None = fields.known_by()

    def answer(self, evidence: "Evidence") -> Answer:
        """Say what the gap rests on; raises UsageError where there is no gap to speak of."""
        from core.gap.coverage import coverage, overall, weight_shares
        from core.gap.figures import NO_CHANGE
        from core.gap.imputed import imputed_classes
        from core.gap.index_figure import private_minus_public
        from core.gap.slope import trends
        from core.gap.thinned_figures import thinned_classes, thinned_difference

        as_of = self.as_of or evidence.newest_data
        gap = GapQuestion(self.benchmark, self.access, as_of=as_of, method=DEFAULT.name)
        analysis, robust = gap.analysis(evidence), gap.robust_figures(evidence)
        covered = coverage(evidence, selection.boards(evidence, self.benchmark, self.access), as_of.toordinal())
        total = overall(covered)
        weights = {name: weight_shares(gap, DEFAULT) for name, gap in analysis.classes.items()}
        biases = [bias for bias in evidence.biases if bias.access in ("", *analysis.classes)]
        single, board = self.benchmark is not None, selection.board_name(evidence, self.benchmark)
        effect = NO_CHANGE
        if self.benchmark is None and self.access is None:
            effect = private_minus_public(evidence, selection.boards(evidence, None), DEFAULT)
        thinned = {} if single else thinned_classes(evidence, analysis, as_of.toordinal(), DEFAULT)
        grown = {} if single else trends(evidence, analysis, as_of.toordinal(), DEFAULT)
        along = {} if single else lines_of(evidence, analysis, DEFAULT)
        imputed = {} if single else imputed_classes(evidence, analysis, as_of.toordinal(), DEFAULT)
        fairer = thinned_difference(evidence, analysis, as_of.toordinal(), DEFAULT)
        facts = (
            *gap_facts(evidence, analysis, as_of, DEFAULT, single=single),
            *_carry_facts(evidence, analysis, weights, single=single),
            *range_facts(analysis, DEFAULT),
            *_difference_facts(analysis.difference),
            *thinned_difference_facts(fairer),
            *effect_facts(effect),
            *_coverage_facts(total),
            *_bias_facts(biases),
            *testing_facts(analysis, thinned, imputed),
            *trend_facts(analysis, grown),
            *line_facts(along),
            *([] if single else says_facts(evidence.published)),
            *robust_facts(analysis, robust, DEFAULT, board),
            *_dispute_facts(evidence, analysis, as_of),
            *doubt_facts(evidence, analysis),
        )
        data = gap_data(evidence, analysis, as_of.toordinal(), DEFAULT)
        changes = [] if single else changes_data(analysis, as_of, DEFAULT)
        shares = {board: share for of_class in weights.values() for board, share in of_class.items()}
        rows = [
            {**row, "weight": shares.get(board), "coverage": _covered(covered[board])}
            for board, row in zip(sorted(analysis.by_board), data["benchmarks"], strict=True)
        ]
        return selection.answered(
            self, evidence, as_of, _lines(analysis, facts), facts,
            tables=(
                _board_table(rows), changes_table(changes), thinned_table(analysis, thinned), _bias_table(biases),
            ),
            charts=robust_charts(analysis, robust, DEFAULT, selection.foot(evidence, analysis.by_board, as_of), board),
            data={
                **{key: data[key] for key in ("access", "private_minus_public", "influence", "influences", "excluded")},
                "benchmarks": rows,
                "simulated": {name: list(bounds) for name, bounds in SIMULATED.items()},
                "held": judged().held[analysis.leads],
                "coverage": _covered(total),
                "private_public_effect": {key: getattr(effect, key) for key in ("months", "low", "high")},
                "changes": changes,
                **trends_data(grown, along),
                "thinned": thinned_data(thinned),
                "imputed": imputed_data(imputed),
                "private_minus_public_thinned": difference_data(fairer),
                "robust": robust_data(robust),
                "biases": [asdict(bias) for bias in biases],
            },
            boards=analysis.by_board, parameters=DEFAULT,
        )  # fmt: skip


def _dispute_facts(evidence: "Evidence", analysis: "Analysis", as_of: date) -> list[Fact]:
    """Name the models of which more publishers say the other of open and closed, and what all of these would move."""
    import numpy as np

    from core.gap.analysis import gaps

    boards = sorted({board for gap in analysis.classes.values() for board in gap.boards.tolist()})
    scored = set(evidence.model[np.isin(evidence.board, boards)].tolist())
    disputed = [n for n, model in enumerate(evidence.models) if model.is_disputed and n in scored]
    if not disputed:
        return []
    sides = (f"{evidence.models[n].name} ({'open' if evidence.models[n].is_open else 'closed'} here)" for n in disputed)
    facts = [count_fact("disputed", len(disputed), "models", listed(list(sides)), "disputed")]
    other = gaps(evidence.turned(disputed), np.array(boards), as_of.toordinal(), DEFAULT, whole_band=False)
    for name, gap in other.classes.items():
        if gap.headline.months is not None:
            shown = f"{lag(gap.headline.months)} on {name} tests"
            facts.append(lag_fact(f"disputed.{name}", gap.headline.months, shown, "on their other side", access=name))
    return facts


def _carry_facts(
    evidence: "Evidence", analysis: "Analysis", weights: dict[str, dict[int, float]], *, single: bool
) -> list[Fact]:
    """State how many tests give each figure, and the few that carry more than half of it."""
    facts = []
    for name, gap in analysis.classes.items():
        boards, shares = set(gap.points.board.tolist()), weights[name]
        if not boards:
            continue
        shown = count(len(boards), f"{name} test")
        if single:
            results = count(len(gap.points.months), "result")
            shown += f" only, with {results} on {evidence.boards[gap.boards[0]].name}: no range between tests"
        elif not shares:
            shown += ", and on no day do enough of them carry a figure"
        else:
            leading, share = _leading(shares)
            names = listed([evidence.boards[board].name for board in leading])
            carry = "carries" if len(leading) == 1 else "carry"
            shown += f", of which {len(leading)} ({names}) {carry} {100 * share:.0f} % of catch-up time"
            worth = gap.headline.n_effective
            told = f"worth {worth:.1f} tests of equal weight"
            facts.append(count_fact(f"worth.{name}", worth, "tests", told, access=name))
        facts.append(count_fact(f"carry.{name}", len(boards), "tests", shown, access=name))
    return facts


def _leading(shares: dict[int, float]) -> tuple[list[int], float]:
    """Return the fewest boards that carry more than half of the weight, with their equals, and what they carry.

    `shares` are fractions, the largest first; boards are equal that show the same percent.
    """
    leading, carried, last = [], 0.0, 0.0
    for board, share in shares.items():
        if carried > 0.5 and round(100 * share) < round(100 * last):
            break
        leading.append(board)
        last = share
        carried += share
    return leading, carried


def _difference_facts(difference: "Difference") -> list[Fact]:
    """State private minus public tests, and how far leaving out any one test or model moves that."""
    if difference.months is None:
        return []
    subject = "private minus public tests, recent results"
    low, high, shown = difference.low, difference.high, f"{cell(difference.months)} months"
    if low is not None and high is not None:
        shown += f", likely {cell(low)} to {cell(high)}"
    facts = [change_fact("private_minus_public", difference.months, shown, subject, low=low, high=high)]
    for what, low, high in (
        ("test", difference.without_low, difference.without_high),
        ("model", difference.model_low, difference.model_high),
    ):
        if low is not None and high is not None:
            shown = f"{cell(low)} to {cell(high)} with any one {what} left out"
            ends = f"{low:.1f} to {high:.1f}"
            facts.append(change_fact(f"without_{what}", ends, shown, subject, low=low, high=high))
    return facts


def _coverage_facts(covered: "Coverage") -> list[Fact]:
    """State which share of each side's models the tests have tried."""
    return [
        Fact(f"tested.{side}", share.fraction, "fraction", f"eligible {whose}",
             f"{100 * share.fraction:.0f} % of the {whose}", "share", side=side)
        for side, share, whose in (("open", covered.open, "open models"), ("closed", covered.closed, "closed ones"))
        if share.fraction is not None
    ]  # fmt: skip


def _bias_facts(biases: "Sequence[Bias]") -> list[Fact]:
    """State each known bias with its direction, and how many there are of either."""
    facts = [
        Fact(f"bias.{bias.bias_id}", bias.effect, "", bias.caveat, f"{bias.caveat} (makes the gap look {bias.effect})")
        for bias in biases
    ]
    for effect in ("larger", "smaller") if biases else ():
        number = sum(bias.effect == effect for bias in biases)
        facts.append(count_fact(f"biases.{effect}", number, "biases", str(number), f"make the gap look {effect}"))
    return facts


def _lines(analysis: "Analysis", facts: tuple[Fact, ...]) -> list[Line]:
    """Return the text as templates: what a sceptic would ask, then ranges, coverage, biases, what is left out."""
    known = {fact.key: fact for fact in facts}
    classes, told = list(analysis.classes), analysis.classes.values()
    missing, says = without_standing(analysis, known), says_template(known)
    moves = any(map(has_change, told))
    return [
        Line("", certainty(known, classes, moves), ("sure",)),
        *doubt_lines(known),
        *as_of_lines("{oldest_board}", "{method}"),
        *details(_behind(analysis, facts, says, missing)),
        *_ENDS,
    ]


def _behind(analysis: "Analysis", facts: tuple[Fact, ...], says: str, missing: list[str]) -> Iterator[Line]:
    """Yield the lines behind the first look: what the figures rest on, then ranges, coverage, biases."""
    known, classes = {fact.key: fact for fact in facts}, list(analysis.classes)
    yield Line("Rests on", "<{carry.@}|; >")
    yield from [
        *(
            Line(
                f"{name.capitalize()} tests",
                f"{measure_name(gap, gap.leads)} {{gap.{name}}}[, {{range.{name}}}: {{basis.{name}}}]"
                f"[, {{worth.{name}}}]",
            )
            for name, gap in analysis.classes.items()
        ),
        *range_lines(analysis),
        *INFLUENCE_LINES,
        *([CATCH_UP_LINE] if "catch_up.leans.on" in known else []),
        *without_lines(analysis),
        *(_direction_lines(known, classes) if any(map(has_change, analysis.classes.values())) else []),
        *TREND_LINES,
        *line_line(facts),
        *([Line("Others", f"publications on the direction: {says}", ("direction",))] if says else []),
        *(line for lines in robust_lines(analysis.leads, known) for line in lines),
        *testing_lines(known),
        _DISPUTED,
        *([Line("Standing gap", "; ".join(missing))] if missing else []),
        *ends_lines(known, classes),
    ]


def _direction_lines(known: Mapping[str, Fact], classes: Sequence[str]) -> list[Line]:
    further = change_ranges(known, classes)
    return [
        Line("Direction", which_way(known, classes), ("direction",)),
        *([Line("Change", further)] if further else []),
    ]


def _board_table(boards: list[dict[str, Any]]) -> Table:
    rows = []
    for board in sorted(boards, key=lambda board: (board["access"], -(board["weight"] or -1.0), board["name"])):
        tested = (_percent(board["coverage"][side]["share"]) for side in ("open", "closed"))
        weight, newest = _percent(board["weight"]), board["newest_data"] or "–"
        stage = STANDING[board["stage"]] if board["reason"] and board["stage"] != "ended" else board["stage"]
        rows.append((board["name"], board["access"], weight, newest, stage, *tested))
    columns = ("Test", "Kind", "Weight %", "Newest model", "Stage", "Open tested %", "Closed tested %")
    title = "By test: its weight in catch-up time, its end and stage, and how much of each side it has tried"
    return Table(title, columns, tuple(rows))


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f}"


def _bias_table(biases: "Sequence[Bias]") -> Table:
    """List the known biases, each with its direction."""
    rows = tuple(
        (bias.effect, bias.caveat, f"{bias.access} tests" if bias.access else "all tests", bias.remark or "–")
        for bias in sorted(biases, key=lambda bias: bias.effect)
    )
    title = "Known biases: the measured gap is larger or smaller than the true one"
    return Table(title, ("Gap looks", "Because", "On", "Remark"), rows)


def _covered(covered: "Coverage") -> dict[str, Any]:
    return {
        side: {"tested": share.tested, "eligible": share.eligible, "share": share.fraction}
        for side, share in (("open", covered.open), ("closed", covered.closed))
    }
