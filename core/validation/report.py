"""Write the judge's page: how well each figure does in worlds whose true gap is known (docs/validation.md)."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from core.evidence.evidence import Evidence, IntArray
from core.gap.analysis import analyse
from core.gap.index_figure import private_minus_public
from core.gap.parameters import INDEX_2, STUDY_1
from core.validation.estimates import FIGURES, HEADLINE
from core.validation.grades import (
    CARE,
    MAX_BIAS,
    MIN_COVERAGE,
    NO,
    TRUSTED_BIAS,
    TRUSTED_COVERAGE,
    YES,
    Cell,
    Grade,
    grade_cell,
    overall_rmse,
    rejection_rate,
)
from core.validation.worlds import DESIGNS
from core.words import CLASSES

_NUMBER = re.compile(r"[+−]?\d|–$")
DESCRIPTIONS = {
    "equal testing": "12 boards; a lag of 6 months; each side's models are tested on 42 % of the boards",
    "8 boards": "the same with 8",
    "16 boards": "the same with 16",
    "42/23": "open models are tested on 23 % of the boards, closed ones on 42 %",
    "42/10": "open models on 10 %",
    "80/40": "closed models on 80 %, open ones on 40 %",
    "sister boards": "families of three boards that share four fifths of what sets them apart",
    "early ends": "half of the boards ended 6 to 18 months ago",
    "heavy noise": "twice the noise of a score, with heavy tails",
    "drift +3 a year": "the lag grows by 3 months a year, from 3 to 9",
    "drift -3 a year": "the lag shrinks by 3 months a year, from 9 to 3",
    "open stands still": "no better open model for 9 months: the lag is 15",
    "open ahead": "open models are 3 months ahead",
    "few open models": "a third as many open models come out",
    "small open models": "half of the open models are small: three times as far below their frontier",
    "measured rates": "frontier models are tested as the real ones, on 8 private and 8 public boards that don't differ",
    "realistic mix": "16 boards in pairs, a third ended early, more noise, fewer open models, tested as the real ones",
    "two live boards": "seven boards, of which five ended 8 to 20 months ago",
    "two live boards, small open models": "the same, and 60 % of open models are small",
    "contamination": "training towards tests lifts open scores by 6 points on half of the boards",
    "labs that turn closed": "within the last year a third of the labs with open models turn closed",
    "pairs of sister boards, 42/23": "boards come in pairs; open models are tested on 23 %, closed ones on 42 %",
    "only good results reported": "of scores below what a model is worth on a board, 70 % are not reported",
    "boards that saturate": "on half of the boards the best models are above 97 % in the last year",
    "open scores three months late": "open models of the last three months have no score yet",
    "rivals": "12 boards; each open model has a twin, and the twins are the other group",
    "rivals, sister boards": "the same with 8 families of three boards",
    "rivals, heavy noise": "the same with twice the noise",
}
"""How each world differs from the first one."""
_HEAD = """# How the figures perform in simulated worlds

Written by `gapbrief validate`, from {worlds} simulated worlds of each kind. A simulated world releases, tests and
scores models at random, so the true gap is known.

## May the headline be trusted?

The headline is {headline}. The true gap is how long ago a closed model first had the ability of the
best open one, as the mean of six month ends.

- **Yes**: 90 % ranges hold the true gap in {low:.0f} to {high:.0f} % of worlds, and on average the headline is off
  by {bias} months or less.
- **No**: ranges hold it in less than {least:.0f} %, or the headline is off by more than {most} months.
- **With care**: everything between.

If the gap is moving, a mean of six months follows late: "against the last day" says by how much. "Wider" and
"narrower" describe the change since January 2025; "true" means that the gap really changed that way.

{table}

## Over all worlds

{over_all}

RMSE is the typical error in months: against the true gap, and against the lag on the last day.
"""
_COLUMNS = (
    "World", "Given", "Bias", "RMSE", "90 %", "Width", "Bias, last day", "RMSE, last day", "90 %, last day",
    "Bias of change", "90 % of change", "Wider", "Narrower", "Flips a year",
)  # fmt: skip
_DETAILS = """
## Each figure by world

Months; shares in per cent. "Given" is the share of worlds with a figure. "90 %" is how often 90 % ranges hold the true
gap. "Last day" compares with the lag in ability on the last day; "change" is the growth of the gap since January 2025.
± is the error from the number of worlds. Catch-up time measures something else, how long recently matched levels took
to be matched, and is compared with the same truths.
"""


def write_page(cells: Sequence[Cell], worlds: int) -> str:
    """Write the page: where the headline may be trusted, every figure by world, then other claims."""
    grades = [grade for cell in cells for grade in grade_cell(cell)]
    low, high = (100 * share for share in TRUSTED_COVERAGE)
    parts = [
        _HEAD.format(
            worlds=worlds, headline=HEADLINE, low=low, high=high, bias=TRUSTED_BIAS, least=100 * MIN_COVERAGE,
            most=MAX_BIAS, table=_trust_table(grades), over_all=_overall_table(grades),
        ),
        _DETAILS.lstrip(),
    ]  # fmt: skip
    for figure in FIGURES:
        rows = [_table_row(grade) for grade in grades if grade.figure == figure and grade.given]
        if rows:
            parts.append(f"## {figure[0].upper()}{figure[1:]}\n\n{_table(_COLUMNS, rows)}\n")
    differing = [(cell.world, _per_cent(rejection_rate(cell))) for cell in cells if np.isfinite(cell.p_values).any()]
    rejected_worlds = [
        (cell.world, DESCRIPTIONS[cell.world], _per_cent(float(cell.ahead.mean())))
        for cell in cells
        if np.isfinite(cell.ahead).any()
    ]
    parts += [
        "## Private against public tests\n",
        "Worlds in which the figures say that the two differ at 5 %, although they don't:\n",
        _table(("World", "Said to differ"), differing),
        "\n## Two groups of open models\n",
        "Worlds in which one group is called ahead, although each of its models has a twin in the other:\n",
        _table(("World", "What it is like", "Called ahead"), rejected_worlds),
    ]
    return "\n".join(parts) + "\n"


def _trust_table(grades: Iterable[Grade]) -> str:
    """Write the worlds in which the headline may be trusted: "yes" first, "no" last."""
    of_headline = [grade for grade in grades if grade.figure == HEADLINE and grade.world in DESIGNS]
    rows = [
        (
            grade.world, DESCRIPTIONS[grade.world], grade.trust, bias_text(grade.bias), _share_cell(grade.covered),
            _width_cell(grade), bias_text(grade.bias_now),
            _direction_cell(grade.wider, DESIGNS[grade.world].direction == 1),
            _direction_cell(grade.narrower, DESIGNS[grade.world].direction == -1),
        )
        for trust in (YES, CARE, NO)
        for grade in of_headline
        if grade.trust == trust
    ]  # fmt: skip
    heads = (
        "World", "What it is like", "Trust it?", "The headline is", "Ranges hold", "Their width in months",
        "Against the last day", 'Says "wider"', 'Says "narrower"',
    )  # fmt: skip
    return _table(heads, rows)


def bias_text(months: float) -> str:
    """Return a bias in words: "too small by 2.7 months"."""
    if math.isnan(months):
        return "not given"
    if round(abs(months), 1) < 0.1:
        return "right on average"
    return f"too {'large' if months > 0 else 'small'} by {abs(months):.1f} months"


def _width_cell(grade: Grade) -> str:
    return f"{grade.width:.1f}" if math.isfinite(grade.width) else "–"


def _direction_cell(share: float, is_true: bool) -> str:
    return f"{_share_cell(share)} ({'true' if is_true else 'false'})" if math.isfinite(share) else "–"


def _share_cell(share: float) -> str:
    return f"{_per_cent(share)} %" if math.isfinite(share) else "–"


def _overall_table(grades: Sequence[Grade]) -> str:
    """Write each figure's RMSE over all worlds, lowest first."""
    n_trusted = Counter(grade.figure for grade in grades if grade.trust == YES)
    rows = [
        (figure, f"{mean:.2f}", f"{now:.2f}", str(n_trusted[figure]))
        for figure, (mean, now) in sorted(overall_rmse(grades).items(), key=lambda item: item[1])
    ]
    return _table(("Figure", "RMSE", "RMSE, last day", "Worlds in which it could be trusted"), rows)


def _table_row(grade: Grade) -> tuple[str, ...]:
    return (
        grade.world,
        _per_cent(grade.given),
        f"{_signed_months(grade.bias)} ± {grade.bias_error:.2f}",
        f"{grade.rmse:.2f}",
        _per_cent(grade.covered) + (f" ± {100 * grade.covered_error:.1f}" if math.isfinite(grade.covered) else ""),
        _width_cell(grade),
        _signed_months(grade.bias_now),
        f"{grade.rmse_now:.2f}",
        _per_cent(grade.covered_now),
        _signed_months(grade.change_bias),
        _per_cent(grade.change_covered),
        _per_cent(grade.wider),
        _per_cent(grade.narrower),
        f"{grade.flips_a_year:.1f}" if math.isfinite(grade.flips_a_year) else "–",
    )


def write_real_data(evidence: Evidence) -> str:
    """Write every figure on the real data, for the study's day and for the newest data."""
    boards = np.array([number for number, board in enumerate(evidence.boards) if board.headline], dtype=np.int64)
    days = (STUDY_1.list_binds_until, evidence.newest_data)
    return "\n## What the figures say about the real data\n\n" + "\n".join(_real_rows(evidence, boards, days)) + "\n"


def _real_rows(evidence: Evidence, boards: IntArray, days: Iterable[date]) -> list[str]:
    heads: list[str] = []
    rows: dict[str, list[str]] = {}
    for day in days:
        at = day.toordinal()
        analysis = analyse(evidence, boards, at, INDEX_2, whole_band=False)
        study = analyse(evidence, boards, at, STUDY_1, whole_band=False)
        for name in CLASSES:
            heads.append(f"{name}, {day}")
            gap = analysis.classes[name]
            for label, figure in (
                ("the gap", gap.index.figure),
                ("catch-up time", gap.catch_up.figure),
                ("catch-up time by the study's rules", study.classes[name].catch_up.figure),
            ):
                rows.setdefault(label, []).append(_figure_cell(figure.months, figure.low, figure.high))
    effect = private_minus_public(evidence, boards, INDEX_2)
    return [
        _table(("Figure", *heads), [(figure, *cells) for figure, cells in rows.items()]),
        "",
        "On the index of all tests together, private tests put open models further behind than public ones by"
        f" {_figure_cell(effect.months, effect.low, effect.high)} months.",
    ]


def _figure_cell(months: float | None, low: float | None, high: float | None) -> str:
    if months is None or not math.isfinite(months):
        return "–"
    if low is None or high is None or not math.isfinite(low):
        return f"{months:.1f}"
    return f"{months:.1f} ({low:.1f} to {high:.1f})".replace("-", "−")


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a Markdown table; numeric columns are right-aligned."""
    cells = list(rows)
    is_number = [all(_NUMBER.match(row[n]) for row in cells) for n in range(len(heads))]
    ruler = "|" + "|".join("---:" if right else "---" for right in is_number) + "|"
    return "\n".join([f"| {' | '.join(heads)} |", ruler, *(f"| {' | '.join(row)} |" for row in cells)])


def _signed_months(months: float) -> str:
    return f"{months:+.2f}".replace("-", "−") if math.isfinite(months) else "–"


def _per_cent(share: float) -> str:
    return f"{100 * share:.0f}" if math.isfinite(share) else "–"
