"""How sure is the answer? On what the figures rest, how often their ranges hold, and which way they may err."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from core.answer import Answer, Fact, Line, Table, details
from core.gap.parameters import DEFAULT
from core.questions import fields, selection
from core.questions.board_wording import STAGE_LINE
from core.questions.certainty_wording import certainty, certainty_facts, doubt_line
from core.questions.direction_wording import CHANGE_LINE, DIRECTION_LINE
from core.questions.gap import GapQuestion
from core.questions.gap_data import gap_data
from core.questions.gap_wording import ASIDE_LINES, BASIS_LINE, ENDED_LINE, gap_facts
from core.questions.index_wording import effect_facts
from core.questions.influence_wording import without_line
from core.questions.judged import read_verdicts
from core.questions.others import SAYS_LINE, says_facts
from core.questions.question import Question
from core.questions.range_wording import LATE_LINE, RANGES_LINE, range_facts, worst_facts, worst_line
from core.questions.reasons import STANDING
from core.questions.robust_wording import ROBUST_LINE, robust_data, robust_facts, robust_tables
from core.questions.shared_facts import as_of_lines, count_fact, lag_fact, share_fact
from core.words import cell, lag, listed

if TYPE_CHECKING:
    from core.evidence.evidence import Bias, Evidence
    from core.gap.analysis import Analysis
    from core.gap.coverage import Coverage
    from core.gap.sensitivity import Robust

_DISPUTED = Line(
    "Disputed",
    "more sources say the other of open and closed for {disputed}[; the gap would be <{disputed.@}| and >]",
)
_BIASES = Line(
    "Biases",
    "known ones that make the gap look larger than it is: {biases.larger}; smaller: {biases.smaller}; by how much is"
    " mostly not known",
    ("direction", "why"),
)


@dataclass(frozen=True)
class TrustQuestion(Question):
    """How sure the gap is: what it rests on, its ranges, and which way it may err."""

    name: ClassVar[str] = "trust"
    behind: ClassVar[str] = "other choices, how often ranges hold, known biases, each test"
    phrasings: ClassVar[tuple[str, ...]] = (
        "How sure are you?",
        "Can I trust the figure for private tests?",
        "What could be wrong with the gap on GPQA?",
    )

    benchmark: str | None = fields.benchmark()
    access: Literal["private", "public"] | None = fields.access_filter()
    as_of: date | None = fields.as_of()
    known_by: date | None = fields.known_by()

    def answer(self, evidence: "Evidence") -> Answer:
        """Say what the gap rests on; raises UsageError where there is no gap to speak of."""
        from core.gap.coverage import coverage, overall
        from core.gap.figures import NO_CHANGE
        from core.gap.index_figure import private_minus_public

        as_of, single = self.as_of or evidence.newest_data, self.benchmark is not None
        gap = GapQuestion(self.benchmark, self.access, as_of=as_of, method=DEFAULT.name)
        analysis, robust = gap.analysis(evidence), gap.robust_figures(evidence)
        boards = selection.boards(evidence, self.benchmark, self.access)
        covered = coverage(evidence, boards, as_of.toordinal())
        total = overall(covered)
        biases = [bias for bias in evidence.biases if bias.access in ("", *analysis.classes)]
        has_effect = len(analysis.classes) > 1 and all(
            gap.headline.months is not None for gap in analysis.classes.values()
        )
        effect = private_minus_public(evidence, boards, DEFAULT) if has_effect else NO_CHANGE
        facts = (
            *gap_facts(evidence, analysis, as_of, DEFAULT, single=single),
            *certainty_facts(evidence, analysis, robust),
            *([*range_facts(DEFAULT), *worst_facts()] if analysis.leads == "index" else []),
            *robust_facts(robust),
            *effect_facts(effect),
            *_coverage_facts(total),
            *_bias_facts(biases),
            *([] if single else says_facts(evidence.published)),
            *_dispute_facts(evidence, analysis, robust),
        )
        data = gap_data(evidence, analysis, as_of.toordinal(), DEFAULT)
        rows = [
            {**row, "coverage": _coverage_data(covered[board])}
            for board, row in zip(sorted(analysis.by_board), data["benchmarks"], strict=True)
        ]
        return selection.answered(
            self, evidence, as_of, _lines(analysis, facts, _coverage_line(total, single=single)), facts,
            tables=(_board_table(rows), *robust_tables(robust), _bias_table(biases)),
            data={
                **{key: data[key] for key in ("access", "direction", "influences", "excluded")},
                "benchmarks": rows,
                "worlds": {world: asdict(verdict) for world, verdict in read_verdicts().items()},
                "coverage": _coverage_data(total),
                "private_public_effect": {key: getattr(effect, key) for key in ("months", "low", "high")},
                "robust": robust_data(robust),
                "biases": [asdict(bias) for bias in biases],
            },
            boards=analysis.by_board, parameters=DEFAULT,
        )  # fmt: skip


def _dispute_facts(evidence: "Evidence", analysis: "Analysis", robust: "Sequence[Robust]") -> list[Fact]:
    """Name the models of which more publishers say the other of open and closed, and what all of these would move."""
    import numpy as np

    scored = set(evidence.model[np.isin(evidence.board, analysis.boards)].tolist())
    disputed = [model for n, model in enumerate(evidence.models) if model.is_disputed and n in scored]
    if not disputed:
        return []
    sides = [f"{model.name} ({'open' if model.is_open else 'closed'} here)" for model in disputed]
    facts = [count_fact("disputed", len(disputed), "models", listed(sides), "disputed")]
    for figures in robust:
        months = float(figures.months[figures.choices.index(("disputed",))])
        if np.isfinite(months):
            shown = f"{lag(months)} on {figures.access} tests"
            key = f"disputed.{figures.access}"
            facts.append(lag_fact(key, months, shown, "on their other side", access=figures.access))
    return facts


def _coverage_facts(covered: "Coverage") -> list[Fact]:
    """State which share of each side's models the tests have tried."""
    return [
        share_fact(f"tested.{side}", share.fraction, f"eligible {side} models", side=side)
        for side, share in (("open", covered.open), ("closed", covered.closed))
        if share.fraction is not None
    ]


def _coverage_line(covered: "Coverage", *, single: bool) -> Line:
    """Return the sentence on unequal testing."""
    who, whose = ("it has", "its") if single else ("tests have", "their")
    text = f"{who} tried {{tested.open}} of the open models of {whose} time and {{tested.closed}} of the closed ones"
    if (covered.closed.fraction or 0.0) > (covered.open.fraction or 0.0):
        text += ", which makes the gap look larger"
    return Line("Tested", text, ("scores",), sentence=True)


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


def _lines(analysis: "Analysis", facts: tuple[Fact, ...], tested: Line) -> list[Line]:
    """Return the text as templates: what a sceptic would ask, then what the figures rest on, ranges, biases."""
    return [
        Line("", certainty({fact.key: fact for fact in facts}, analysis), ("sure",)),
        *(line for line in (doubt_line(facts), worst_line(facts)) if line.text),
        *as_of_lines("{oldest_board}", "{method}"),
        *details((
            DIRECTION_LINE,
            CHANGE_LINE,
            *without_line(analysis),
            ROBUST_LINE,
            RANGES_LINE,
            *([LATE_LINE] if analysis.leads == "index" else []),
            Line("Private-public effect", "on one scale of all tests, open models are {effect}"),
            tested,
            _BIASES,
            SAYS_LINE,
            BASIS_LINE,
            STAGE_LINE,
            ENDED_LINE,
            _DISPUTED,
            *ASIDE_LINES,
        )),
    ]  # fmt: skip


def _board_table(boards: list[dict[str, Any]]) -> Table:
    """List the tests: standing gap, end and stage, and how much of each side they have tried."""
    rows = []
    for board in sorted(boards, key=_order):
        tested = (_percent(board["coverage"][side]["share"]) for side in ("open", "closed"))
        stage = STANDING[board["stage"]] if board["reason"] and board["stage"] != "ended" else board["stage"]
        gap, newest = cell(board["standing"]["months"]), board["newest_data"] or "–"
        rows.append((board["name"], board["access"], gap, newest, stage, *tested))
    columns = ("Test", "Kind", "Standing gap", "Newest model", "Stage", "Open tested %", "Closed tested %")
    return Table("By test: its standing gap in months, and how much of each side it has tried", columns, tuple(rows))


def _order(board: Mapping[str, Any]) -> tuple[Any, ...]:
    months = board["standing"]["months"]
    return board["access"], months is None, -(months or 0.0), board["name"]


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


def _coverage_data(covered: "Coverage") -> dict[str, Any]:
    return {
        side: {"tested": share.tested, "eligible": share.eligible, "share": share.fraction}
        for side, share in (("open", covered.open), ("closed", covered.closed))
    }
