"""What is said of choices: the gap under other defensible ones (method.md, E9), as facts, lines and data."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line, Table
from core.questions.shared_facts import INDEX, change_fact, count_fact, finite, lag_fact
from core.words import cell, count, months

if TYPE_CHECKING:
    from core.gap.sensitivity import Robust

_LEAST = 0.05
"""A smaller move is none: it would be written as 0.0."""
NAMES = {
    "openness": "well-evidenced models alone",
    "disputed": "disputed models on their other side",
    "scores": "no self-reported scores",
    "open-models": "China's open models alone",
    "prior-line": "all open models drawn to one line",
    "prior-both": "frontier models apart on both sides",
    "frontier-narrow": "fewer models counted as frontier",
    "frontier-wide": "more models counted as frontier",
    "no-offsets": "no test harder for open models than another",
    "ranks": "ranks instead of scores",
    "ceiling": "tests that end at 97 %",
}
"""What each choice is called, against what the default does."""
ROBUST_LINE = Line("Choices", "<{choices.@}[, {choices.@.most}]|; >", ("choices", "sure"))
"""What the gap is under other choices of data and of the fit."""


def robust_facts(found: "Sequence[Robust]") -> list[Fact]:
    """State what the gap of each class is over the choices, and which of them moves it most."""
    facts = []
    for each in found:
        if each.spread is None:
            continue
        low, middle, high = each.spread
        of: dict[str, Any] = {"access": each.access, "measure": f"{INDEX} under other choices"}
        shown = f"{cell(low)} to {cell(high)} months on {each.access} tests under {len(each.months) - 1} other choices"
        key = f"choices.{each.access}"
        facts.append(lag_fact(key, middle, shown, low=low, high=high, **of))
        facts.append(count_fact(f"{key}.count", len(each.months) - 1, "choices", count(len(each.months) - 1, "choice")))
        if each.moves and abs(each.moves[0].months) >= _LEAST:
            move = each.moves[0]
            by = f"{months(move.months)} {'more' if move.months > 0 else 'less'}"
            facts.append(change_fact(f"{key}.most", move.months, f"moved most by {NAMES[move.choice]} ({by})", **of))
    return facts


def robust_tables(found: "Sequence[Robust]") -> tuple[Table, ...]:
    """List how many months each choice moves the gap, class by class."""
    moved: dict[str, dict[str, float]] = {}
    for each in found:
        for move in each.moves:
            moved.setdefault(move.choice, {})[each.access] = move.months
    classes = [each.access for each in found]
    rows = tuple((NAMES[choice], *(cell(of.get(access)) for access in classes)) for choice, of in moved.items())
    title = "By choice, how many months it moves the gap"
    return (Table(title, ("Choice", *(access.capitalize() for access in classes)), rows),)


def robust_data(found: "Sequence[Robust]") -> list[dict[str, Any]]:
    """Return the gap under other choices: the key `robust` of the JSON contract."""
    return [
        {
            "access": each.access,
            "low": each.spread and each.spread[0],
            "median": each.spread and each.spread[1],
            "high": each.spread and each.spread[2],
            "moves": [{"choice": move.choice, "months": move.months} for move in each.moves],
            "combinations": [
                {"choices": list(chosen), "months": finite(value)}
                for chosen, value in zip(each.choices, each.months.tolist(), strict=True)
            ],
        }
        for each in found
    ]
