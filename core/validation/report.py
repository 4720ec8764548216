"""The page of the judge: what each figure does in worlds whose truth is known (docs/validation.md)."""

import math
from collections.abc import Iterable
from datetime import date

import numpy as np

from core.evidence.evidence import Evidence, IntArray
from core.gap.analysis import gaps
from core.gap.index_figure import private_minus_public
from core.gap.parameters import CLUSTERED_2, STUDY_1
from core.gap.thinned_figures import thinned_classes
from core.validation.estimates import FIGURES
from core.validation.grades import Cell, Grade, changes, grades, missed, over_all, rejected
from core.words import CLASSES

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
    "lags alone": "lags are drawn, no scores: 12 benchmarks whose trend turns",
    "rivals": "12 boards; each open model has a twin, and the twins are the other group",
    "rivals, sister boards": "the same with 8 families of three boards",
    "rivals, heavy noise": "the same with twice the noise",
}
"""What each world is like, beside what it shares with the first."""
_HEAD = """# What the figures do where the truth is known

Written by `gapbrief validate`: {worlds} worlds of each kind, {draws} thinnings of each. A world is made score by score;
its true lag is known. Each figure is held against the truth of what it measures (bias, RMSE, and how often its 80 % and
90 % intervals hold it), and against the lag of ability on the last day, which is what "how far behind are they now"
means. Months; coverage and claims in per cent. ± is the error of counting so many worlds.

A direction is *said* where the change since January 2025 has a 95 % interval without 0. In worlds without a change
each is false; those with one are marked by ✓. A figure that leads should cover 85 to 95 % in equal testing, 42/23,
sister boards, early ends, heavy noise, 16 and 8 boards, be off by no more than 0.3 at 42/23, and say a false direction
in no more than 5 %.
"""


def page(cells: list[Cell], worlds: int, draws: int) -> str:
    """Write the page: over all worlds, each figure by world, private against public tests, and what worlds are like."""
    graded = [grade for cell in cells for grade in grades(cell)]
    parts = [_HEAD.format(worlds=worlds, draws=draws), "## Over all worlds\n", _summary(graded, over_all(graded))]
    for figure in FIGURES:
        rows = [_row(grade) for grade in graded if grade.figure == figure and grade.given]
        if rows:
            parts += [f"## {figure[0].upper()}{figure[1:]}\n", "\n".join([*_columns(), *rows]) + "\n"]
    shares = [(cell.world, *rejected(cell)) for cell in cells]
    called = [(cell.world, float(cell.ahead.mean())) for cell in cells]
    parts += [
        "## Private against public tests\n",
        "Worlds in which the two are said to differ at 5 %, though they don't:\n",
        "| World | Raw | Thinned |\n|---|---:|---:|",
        *(f"| {world} | {_per_cent(raw)} | {_per_cent(thin)} |" for world, raw, thin in shares if math.isfinite(raw)),
        "\n## Two groups of open models\n",
        "Worlds in which one is called ahead of the other, though each model of it has a twin in the other:\n",
        "| World | Called ahead |\n|---|---:|",
        *(f"| {world} | {_per_cent(share)} |" for world, share in called if math.isfinite(share)),
        "\n## The worlds\n",
        "| World | What it is like |\n|---|---|",
        *(f"| {cell.world} | {DESCRIPTIONS[cell.world]} |" for cell in cells),
    ]
    return "\n".join(parts) + "\n"


def today(evidence: Evidence) -> str:
    """Write what every figure says of the real data: on the study's day and on the newest."""
    boards = np.array([number for number, board in enumerate(evidence.boards) if board.headline], dtype=np.int64)
    days = (STUDY_1.list_binds_until, evidence.newest_data)
    return "\n## What the figures say of the real data\n\n" + "\n".join(_real_rows(evidence, boards, days)) + "\n"


def _real_rows(evidence: Evidence, boards: IntArray, days: Iterable[date]) -> list[str]:
    heads: list[str] = []
    rows: dict[str, list[str]] = {}
    for day in days:
        at = day.toordinal()
        known = gaps(evidence, boards, at, CLUSTERED_2, whole_band=False)
        thinned = thinned_classes(evidence, known, at, CLUSTERED_2)
        study = gaps(evidence, boards, at, STUDY_1, whole_band=False)
        for name in CLASSES:
            heads.append(f"{name}, {day}")
            gap = known.classes[name]
            for figure, each in (
                ("standing gap on the index", gap.index.figure),
                ("standing gap", gap.standing.figure),
                ("standing gap, thinned", thinned[name].standing),
                ("catch-up time", gap.catch_up),
                ("catch-up time, thinned", thinned[name].catch_up),
                ("recent mean", gap.mean),
                ("catch-up time by the study's rules", study.classes[name].catch_up),
            ):
                rows.setdefault(figure, []).append(_figure(each.months, each.low, each.high))
    effect = private_minus_public(evidence, boards, CLUSTERED_2)
    return [
        f"| Figure | {' | '.join(heads)} |",
        "|---|" + "---:|" * len(heads),
        *(f"| {figure} | {' | '.join(cells)} |" for figure, cells in rows.items()),
        "",
        "On the index of all tests together, private tests are harder for open models than public ones by"
        f" {_figure(effect.months, effect.low, effect.high)} months.",
    ]


def _figure(months: float | None, low: float | None, high: float | None) -> str:
    if months is None or not math.isfinite(months):
        return "–"
    if low is None or high is None or not math.isfinite(low):
        return f"{months:.1f}"
    return f"{months:.1f} ({low:.1f} to {high:.1f})".replace("-", "−")


def _summary(graded: list[Grade], over_all: dict[str, float]) -> str:
    """Write each figure's RMSE against the lag of ability over all worlds, the least first, and the bars it misses."""
    lines = ["| Figure | RMSE against the lag of ability | As a headline it would miss |", "|---|---:|---|"]
    for figure, rmse in sorted(over_all.items(), key=lambda each: each[1]):
        lines.append(f"| {figure} | {rmse:.2f} | {'; '.join(missed(figure, graded)) or 'nothing'} |")
    return "\n".join(lines) + "\n"


def _columns() -> tuple[str, str]:
    return (
        "| World | Bias | RMSE | 80 % | 90 % | Bias, lag | RMSE, lag | 90 %, lag | Said |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    )


def _row(grade: Grade) -> str:
    cells = (
        f"{_signed(grade.bias)} ± {grade.bias_error:.2f}",
        f"{grade.rmse:.2f}",
        _per_cent(grade.covered[0]),
        _per_cent(grade.covered[1]) + (f" ± {100 * grade.covered_error:.1f}" if grade.covered[1] >= 0 else ""),
        _signed(grade.bias_now),
        f"{grade.rmse_now:.2f}",
        _per_cent(grade.covered_now),
        _per_cent(grade.said) + (" ✓" if changes(grade.world) and math.isfinite(grade.said) else ""),
    )
    return f"| {grade.world} | {' | '.join(cells)} |"


def _signed(months: float) -> str:
    return f"{months:+.2f}".replace("-", "−")


def _per_cent(share: float) -> str:
    return f"{100 * share:.0f}" if math.isfinite(share) else "–"
