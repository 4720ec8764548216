"""What `compare` says of two kinds of tests, tests or days: a direction only where the interval is clear."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.answer import Fact
from core.gap.direction import change_word, is_clear
from core.gap.parameters import DEFAULT
from core.questions.direction_wording import change_text
from core.questions.measure_wording import basis_of, measure_name
from core.questions.shared_facts import INDEX, STANDING, change_fact, headline_text, iso, lag_fact, of_board
from core.words import lag_text, likely_lag, months, or_list

if TYPE_CHECKING:
    from core.evidence.evidence import Board
    from core.gap.analysis import ClassGap
    from core.gap.direction import Comparison, Reason, Word
    from core.gap.figures import Change, Headline

ALL = "all"
"""What stands for all tests together where private and public ones are told apart."""
REASONS: "dict[Reason, str | None]" = {
    "": None,
    "one-test": "one test each, so no range",
    "two-measures": "where open models stand on one test, and the gap of a kind of tests, are two measures",
    "few-tests": "too few tests to put both kinds on one scale",
    "near-days": "the averages of both days share months",
    "no-figure": "no figure on a side",
}
"""Why a difference has no interval, in words."""
_VERBS: "dict[Word, str]" = {
    "wider": "grew",
    "probably-wider": "probably grew",
    "probably-narrower": "probably shrank",
    "narrower": "shrank",
}
_FLATTERY = "public tests may flatter open models, which can be trained towards them"
KINDS_MEANING = (
    "the difference is that of the same models on one scale of all tests, so it is not that of both figures, each of"
    f" which is the average of six months on a scale of its own; {_FLATTERY}"
)
TESTS_MEANING = (
    "on one test: how long ago a closed model first had what the best open one has now; on a kind of tests: the gap,"
    f" the average of six months; {_FLATTERY}"
)
DAYS_MEANING = (
    "the gap is the average of six months; both days are read off one scale of the scores known by {known_by}, so that"
    " what came later has its part in the figure of the earlier day"
)


def figure_facts(key: str, figure: "Headline", access: str) -> list[Fact]:
    """State the gap of a kind of tests, and its range."""
    of: dict[str, Any] = {"access": access, "measure": INDEX, "day": iso(figure.at) or ""}
    of |= {"low": figure.low, "high": figure.high}
    if figure.months is None:
        return [lag_fact(key, None, "no figure", **of)]
    facts = [lag_fact(key, figure.months, headline_text(figure), **of)]
    if figure.low is not None and figure.high is not None:
        ends = f"{figure.low:.1f} to {figure.high:.1f}"
        facts.append(lag_fact(f"{key}.range", ends, likely_lag(figure.low, figure.high), **of))
    return facts


def kind_facts(key: str, figure: "Headline", access: str) -> list[Fact]:
    """State how far behind open models are on a kind of tests, and the range."""
    first, *rest = figure_facts(key, figure, access)
    is_behind = figure.months is not None and figure.months >= 0
    return [replace(first, shown=f"{first.shown} behind") if is_behind else first, *rest]


def test_facts(place: str, gap: "ClassGap", board: "Board", why: str) -> list[Fact]:
    """State where open models stand on one test, or `why` that can't be told, and how long the last matches took."""
    figure, of = gap.headline, {**of_board(board), "measure": STANDING}
    shown = f"can't tell: {why}" if figure.months is None else lag_text(figure.months, "behind")
    facts = [lag_fact(f"{place}.stand", figure.months, shown, day=iso(figure.at) or "", **of)]
    matches = gap.catch_up.figure
    if matches.months is not None:
        of |= {"measure": measure_name(gap, "catch_up"), "day": iso(matches.at) or ""}
        shown = f"{lag_text(matches.months)} ({basis_of(gap, 'catch_up')})"
        facts.append(lag_fact(f"{place}.catch_up", matches.months, shown, **of))
    return facts


def tests_title(comparison: "Comparison") -> str:
    """Say how far behind open models stand on each side, and on which side that can't be told."""
    figures = {"left": comparison.left, "right": comparison.right}
    stand = [f"{{{place}.stand}} on {{{place}}}" for place, figure in figures.items() if figure.months is not None]
    others = [f"on {{{place}}} {{{place}.stand}}" for place, figure in figures.items() if figure.months is None]
    return "; ".join([*([f"open models stand {' and '.join(stand)}"] if stand else []), *others])


def kinds_title(comparison: "Comparison") -> str:
    """Say how much further open models are behind on private tests, where the range leaves no doubt."""
    if comparison.apart.months is None:
        return "can't tell {left} from {right}: too few of them to put both on one scale"
    return f"{'' if is_clear(comparison.apart) else 'too close to call: '}open models are {{effect}}"


def days_facts(comparisons: "dict[str, Comparison]", growths: "dict[str, Change]") -> list[Fact]:
    """State the gap of each class on both days, its range, and how it grew from the earlier to the later day.

    `growths` is of each class and, under `ALL`, of all tests together.
    """
    facts = []
    for name, comparison in comparisons.items():
        for place, figure in (("left", comparison.left), ("right", comparison.right)):
            facts += figure_facts(f"{place}.{name}", figure, name)
    for name, growth in growths.items():
        of: dict[str, Any] = {"access": "" if name == ALL else name, "low": growth.low, "high": growth.high}
        if growth.months is None:
            why = REASONS[comparisons[name].reason] if name in comparisons else None
            facts += [change_fact(f"change.{name}", None, why, **of)] if why else []
            continue
        by = f"{months(growth.months)} on {_tests_of(name)}"
        facts.append(change_fact(f"by.{name}", growth.months, by, "later minus earlier day", **of))
        facts.append(change_fact(f"change.{name}", growth.months, change_text(growth), "later minus earlier day", **of))
    return facts


def days_title(growths: "dict[str, Change]", earlier: str, later: str) -> str:
    """Say on which tests the gap grew or shrank between both days, and on which that is too close to call."""
    words = {name: change_word(growth, DEFAULT.level) for name, growth in growths.items()}
    parts = []
    for word, verb in _VERBS.items():
        by = [f"{{by.{name}}}" for name in growths if words[name] == word]
        parts += [f"the gap {verb} by {' and '.join(by)}"] if by else []
    for doubt, is_known in (("too close to call", True), ("can't tell", False)):
        names = [_tests_of(name) for name, growth in growths.items()
                 if words[name] == "cant-say" and (growth.months is not None) == is_known]  # fmt: skip
        whether = "" if parts else " whether the gap grew"
        parts += [f"{doubt}{whether} on {or_list(names)}"] if names else []
    return f"from {{{earlier}}} to {{{later}}}: {'; '.join(parts)}"


def _tests_of(name: str) -> str:
    return "all tests together" if name == ALL else f"{name} tests"


def comparison_data(access: str | None, comparison: "Comparison") -> dict[str, Any]:
    """Return a comparison as data: both figures, and left minus right."""
    left, right = _figure_data(comparison.left), _figure_data(comparison.right)
    reason = REASONS[comparison.reason]
    return {"access": access, "left": left, "right": right, **change_data(comparison.apart), "reason": reason}


def change_data(change: "Change") -> dict[str, float | None]:
    """Return a change as data."""
    return {"months": change.months, "low": change.low, "high": change.high}


def _figure_data(figure: "Headline") -> dict[str, Any]:
    return {
        "months": figure.months, "low": figure.low, "high": figure.high, "at": iso(figure.at), "about": figure.is_about,
    }  # fmt: skip
