"""What may be said of two sides held against each other, in words that follow the interval."""

from datetime import date
from typing import TYPE_CHECKING

from core.answer import Fact
from core.words import count, day, lag, likely_behind, likely_clear, likely_either, months

if TYPE_CHECKING:
    from core.gap.comparison import Comparison, Figure


def comparison_facts(name: str, found: "Comparison", subject: str) -> list[Fact]:
    """State both figures of a comparison, their difference, and on how many tests it holds.

    Keys end in `name`: "left.private", "difference.private".
    """
    facts = [*_figure_facts(f"left.{name}", found.left, subject), *_figure_facts(f"right.{name}", found.right, subject)]
    holds = f"{found.n_holds} of {count(found.n_tests, 'test')}"
    facts += [
        Fact(f"difference.{name}", found.months, "months", f"left minus right, {subject}", _difference(found)),
        Fact(f"holds.{name}", found.n_holds, "tests", subject, holds),
    ]
    if found.months is not None:
        by = f"{months(found.months)} on {subject}"
        facts.append(Fact(f"by.{name}", found.months, "months", f"left minus right, {subject}", by))
    if found.without_low is not None and found.without_high is not None:
        spread = f"with any one test left out {_either(found.without_low, found.without_high)}"
        bounds = f"{found.without_low:.1f} to {found.without_high:.1f}"
        facts.append(Fact(f"without.{name}", bounds, "months", "without any one test", spread))
    return facts


def _figure_facts(key: str, figure: "Figure", subject: str) -> list[Fact]:
    if figure.months is None:
        return [
            Fact(key, None, "months", subject, "no figure"),
            Fact(
                f"{key}.range", None, "months", subject, "too few results" if figure.n_results else "no recent results"
            ),
            Fact(f"{key}.basis", figure.n_results, "results", subject, count(figure.n_results, "result")),
        ]
    few = {1: "one test, so no range", 2: "2 tests are too few for a range"}
    spread = few.get(figure.n_tests, "no range")
    if figure.low is not None and figure.high is not None:
        spread = likely_behind(figure.low, figure.high)
    basis = f"{count(figure.n_results, 'result')} on {count(figure.n_tests, 'test')}"
    facts = [
        Fact(key, figure.months, "months", subject, lag(figure.months)),
        Fact(f"{key}.by", figure.months, "months", subject, months(figure.months)),
        Fact(f"{key}.range", spread, "months", subject, spread),
        Fact(f"{key}.basis", figure.n_results, "results", subject, basis),
    ]
    if figure.at is not None:
        at = date.fromordinal(figure.at)
        facts.append(Fact(f"{key}.at", at.isoformat(), "date", subject, day(at)))
    return facts


def _difference(found: "Comparison") -> str:
    """Write left minus right: a direction only where the interval leaves no doubt."""
    if found.low is None or found.high is None or found.months is None:
        return f"{found.reason}: can't tell apart"
    if not found.is_clear:
        return f"can't tell apart ({likely_either(found.low, found.high, 'shorter', 'longer')})"
    low, high = sorted((abs(found.low), abs(found.high)))
    return f"{'shorter' if found.months < 0 else 'longer'} by {months(found.months)} ({likely_clear(low, high)})"


def _either(low: float, high: float) -> str:
    if low < 0 < high:
        return f"{-low:.1f} shorter to {high:.1f} longer"
    small, large = sorted((abs(low), abs(high)))
    return f"{small:.1f} to {large:.1f} {'shorter' if high <= 0 else 'longer'}"
