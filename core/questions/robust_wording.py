"""What is said of choices: each figure over all combinations of them (method.md, E9), as facts, lines and data."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line, Table
from core.gap.parameters import Measure, Parameters
from core.questions.measure_wording import NAMES, measure_name
from core.questions.shared_facts import change_fact, count_fact, finite, lag_fact
from core.words import CLASSES, cell, count, lag, month, months

if TYPE_CHECKING:
    from core.gap.analysis import Analysis
    from core.gap.robust import Robust

_LEAST = 0.05
"""A smaller move is none: it would be written as 0.0."""


def option_name(choice: str, option: str, parameters: Parameters) -> str:
    """Return what an option is called, against what the default does."""
    names = {
        ("openness", "strong-evidence"): "well-evidenced models alone",
        ("disputed", "other-side"): "disputed models turned",
        ("scores", "measured"): "no self-reported scores",
        ("open-models", "China"): "China's open models alone",
        ("levels", "all"): "levels that don't count too",
        ("results", "each-level"): "each level a result",
        ("window", "since-2025"): f"results since {month(parameters.since)}",
        ("window", "recent"): f"results of {parameters.window_months:g} months alone",
    }
    return names.get((choice, option), f"floor at the {option}th percentile")


def robust_facts(
    analysis: "Analysis", found: "Sequence[Robust]", parameters: Parameters, board: str = ""
) -> list[Fact]:
    """State how many combinations of choices there are, what each figure is over them, and what moves it most.

    `board` is the name of the one benchmark that was asked for.
    """
    facts: dict[str, Fact] = {}
    for each in found:
        key, name = f"choices.{each.measure}", measure_name(analysis.classes[each.access], each.measure)
        if each.spread is None:
            continue
        low, middle, high = each.spread
        shown = f"{name} over {count(len(each.months), 'combination')} of choices"
        facts[key] = count_fact(key, len(each.months), "combinations", shown, "of choices")
        measure = f"{name} over combinations of choices"
        of: dict[str, Any] = {"access": each.access, "benchmark": board, "measure": measure}
        key += f".{each.access}"
        facts[key] = lag_fact(key, middle, spread_shown(each, board), low=low, high=high, **of)
        moved = move_shown(each, parameters)
        if moved:
            facts[f"{key}.most"] = change_fact(f"{key}.most", each.moves[0].months, moved, **of)
    return list(facts.values())


def spread_shown(each: "Robust", board: str = "") -> str:
    """Write what a figure is over all combinations: "6.3 to 6.7 months on public tests (median 6.7)"."""
    where = board or f"{each.access} tests"
    if each.spread is None:
        return f"no figure on {where}"
    low, middle, high = each.spread
    if cell(low) == cell(high):
        return f"{lag(middle)} on {where}"
    return f"{cell(low)} to {cell(high)} months on {where} (median {cell(middle)})"


def move_shown(each: "Robust", parameters: Parameters) -> str:
    """Say which choice moves a figure most; nothing where none moves it by a tenth of a month."""
    if not each.moves or abs(each.moves[0].months) < _LEAST:
        return ""
    move = each.moves[0]
    by = f"{months(move.months)} {'more' if move.months > 0 else 'less'}"
    return f"moved most by {option_name(move.choice, move.option, parameters)} ({by})"


def robust_lines(leads: Measure, known: Collection[str], *, in_short: bool = False) -> tuple[list[Line], list[Line]]:
    """Return the line on the measure that leads, and that on the others, as templates; `known` are keys of facts.

    The first says `in_short` no more than what the figure is over the combinations.
    """
    parts = {}
    for measure in NAMES:
        key = f"choices.{measure}"
        most = "" if in_short and measure == leads else f"[, {{{key}.%s.most}}]"
        told = [f"{{{key}.{each}}}{most.replace('%s', each)}" for each in CLASSES if f"{key}.{each}" in known]
        if told:
            parts[measure] = f"{{{key}}}: {'; '.join(told)}"
    others = " · ".join(text for measure, text in parts.items() if measure != leads)
    return (
        [Line("Choices", parts[leads], ("choices", "sure"), sentence=True)] if leads in parts else [],
        [Line("Other measures", others, sentence=True)] if others else [],
    )


def robust_tables(found: "Sequence[Robust]", parameters: Parameters) -> tuple[Table, Table]:
    """List what each figure is over all combinations, and what each choice moves."""
    spreads = tuple(
        (NAMES[each.measure], each.access, str(len(each.months)), *map(cell, (finite(each.months[0]), *_ends(each))))
        for each in sorted(found, key=lambda each: [*NAMES].index(each.measure))
    )
    moved: dict[tuple[str, str], dict[str, float]] = {}
    for each in found:
        for move in each.moves:
            row = NAMES[each.measure], option_name(move.choice, move.option, parameters)
            moved.setdefault(row, {})[each.access] = move.months
    moves = tuple((*row, *(cell(of.get(access)) for access in CLASSES)) for row, of in moved.items())
    return (
        Table(
            "Over all combinations of choices, in months",
            ("Measure", "Tests", "Combinations", "As shown", "Lowest", "Median", "Highest"),
            spreads,
        ),
        Table(
            "By choice, how many months it moves the figure: the median over all pairs of combinations",
            ("Measure", "Choice", *(access.capitalize() for access in CLASSES)),
            moves,
        ),
    )


def robust_data(found: "Sequence[Robust]") -> list[dict[str, Any]]:
    """Return each figure over all combinations of choices: the key `robust` of the JSON contract."""
    return [
        {
            "measure": each.measure,
            "access": each.access,
            "combinations": len(each.months),
            "shown": finite(each.months[0]),
            **dict(zip(("lowest", "median", "highest"), _ends(each), strict=True)),
            "moves": [asdict(move) for move in each.moves],
        }
        for each in found
    ]


def combinations_data(found: "Sequence[Robust]") -> list[dict[str, Any]]:
    """Return every combination with its figure: the key `combinations`."""
    return [
        {"measure": each.measure, "access": each.access, "months": finite(figure), **each.chosen(place)}
        for each in found
        for place, figure in enumerate(each.months.tolist())
    ]


def _ends(each: "Robust") -> tuple[float | None, ...]:
    return each.spread or (None, None, None)
