"""The charts of choices: every combination's figure, sorted, with the choices marked beneath. `core/charts` draws."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.answer import Chart, Mark, Series
from core.gap.parameters import Measure, Parameters
from core.questions.measure_wording import measure_name
from core.questions.robust_wording import move_shown, option_name, spread_shown
from core.questions.shared_facts import finite
from core.words import cell, count, sentence

if TYPE_CHECKING:
    from core.gap.analysis import Analysis
    from core.gap.figures import Headline
    from core.gap.robust import Robust

_KINDS: dict[Measure, str] = {"index": "index-choices", "catch_up": "choices"}
"""The measures that have such a chart, and what it is called."""


def robust_charts(
    analysis: "Analysis", found: "Sequence[Robust]", parameters: Parameters, foot: str, board: str = ""
) -> tuple[Chart, ...]:
    """Show each measure over all combinations of choices, that which leads first.

    `board` is the name of the one benchmark that was asked for.
    """
    charts = []
    for measure in sorted(_KINDS, key=lambda measure: measure != analysis.leads):
        of_measure = [each for each in found if each.measure == measure and each.spread]
        if of_measure:
            charts.append(_chart(measure, analysis, of_measure, parameters, foot, board))
    return tuple(charts)


def _chart(
    measure: Measure, analysis: "Analysis", found: "Sequence[Robust]", parameters: Parameters, foot: str, board: str
) -> Chart:
    name = sentence(measure_name(analysis.classes[found[0].access], measure))
    over = f"{name} over {count(len(found[0].months), 'combination')} of choices"
    title = f"{over}: {' and '.join(spread_shown(each, board) for each in found)}"
    return Chart(
        _KINDS[measure],
        title,
        "combinations, sorted",
        "months behind",
        tuple(_series(each, analysis.classes[each.access].figure(measure)) for each in found),
        foot=foot,
        alt=f"Specification curve. {title}; {'; '.join(_as_shown(each, parameters) for each in found)}.",
        marks=tuple(mark for each in found for mark in _marks(each, parameters)),
    )


def _series(each: "Robust", figure: "Headline") -> Series:
    """Return all figures, the smallest first, with the likely range of the one that is shown."""
    ranked = _ranked(each)
    low, high = ((bound,) * len(ranked) if bound is not None else () for bound in (figure.low, figure.high))
    x = tuple(str(rank) for rank in range(1, len(ranked) + 1))
    return Series(f"{each.access} tests", each.access, x, tuple(float(each.months[n]) for n in ranked), low, high)


def _marks(each: "Robust", parameters: Parameters) -> list[Mark]:
    """Return a row for each option that the default does not take."""
    from core.gap.robust import CHOICES

    chosen = [each.chosen(n) for n in _ranked(each)]
    return [
        Mark(
            option_name(choice, option, parameters),
            each.access,
            tuple(place for place, options in enumerate(chosen) if options[choice] == option),
        )
        for choice in each.choices
        for option in CHOICES[choice][1:]
    ]


def _ranked(each: "Robust") -> list[int]:
    """Return the combinations that have a figure, the smallest first; of equal ones the default."""
    known = [n for n, months in enumerate(each.months.tolist()) if math.isfinite(months)]
    return sorted(known, key=lambda n: float(each.months[n]))


def _as_shown(each: "Robust", parameters: Parameters) -> str:
    """Say in words what the picture marks: the figure that is shown, and what moves it most."""
    figure = f"the {each.access} figure as shown is {cell(finite(each.months[0]))}"
    most = move_shown(each, parameters)
    return f"{figure}, {most}" if most else figure
