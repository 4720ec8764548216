"""What is said of unequal testing: both measures by all scores and thinned, side by side (method.md, E5)."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line, Table
from core.gap.parameters import Measure
from core.questions.judged import judged
from core.questions.measure_wording import NAMES
from core.questions.shared_facts import change_fact, iso, lag_fact, share_fact, stated, with_range
from core.words import cell, likely_clear, likely_either, months

BESIDE_RAW = (
    "[; {difference.thinned}; in simulated worlds where they don't differ they are told apart in {rejected.raw} by all"
    " scores and in {rejected.thinned} with both sides tested as often]"
)
"""What follows the difference between private and public tests by all scores, as a template."""
_MEASURES: tuple[Measure, ...] = ("standing", "catch_up")
"""Those that are thinned: the index weighs scores, and knows which are missing."""

if TYPE_CHECKING:
    from core.gap.analysis import Analysis
    from core.gap.figures import Headline
    from core.gap.private_public import Difference
    from core.gap.thinned_figures import ThinnedClass


def thinned_facts(analysis: "Analysis", thinned: "dict[str, ThinnedClass]") -> list[Fact]:
    """State how often each kind of tests tries the frontier models of either side, and the figures that rests on."""
    facts: list[Fact] = []
    for name, of_class in thinned.items():
        closed, open_ = (f"{100 * rate:.0f} %" for rate in of_class.rates)
        for side, rate, shown in zip(("closed", "open"), of_class.rates, (closed, open_), strict=True):
            facts.append(stated(f"rate.{side}.{name}", rate, "fraction", shown, "share", access=name, side=side))
        for measure in _MEASURES:
            raw, found = analysis.classes[name].figure(measure), _of(of_class, measure)
            if raw.months is None or found.months is None:
                continue
            subject = f"{NAMES[measure].lower()} on {name} tests, both sides tested as often"
            shown = f"{NAMES[measure].lower()} {with_range(found)}"
            of = {"access": name, "low": found.low, "high": found.high, "day": iso(found.at) or ""}
            facts.append(lag_fact(f"thinned.{measure}.{name}", found.months, shown, subject, measure=subject, **of))
    return facts


def thinned_lines(facts: tuple[Fact, ...]) -> list[Line]:
    """Say by how much unequal testing may move the figures, as a template; nothing where it is not known."""
    known = {fact.key for fact in facts}
    names = [key.removeprefix("rate.open.") for key in known if key.startswith("rate.open.")]
    parts = []
    for name in sorted(names):
        figures = [f"{{thinned.{measure}.{name}}}" for measure in _MEASURES if f"thinned.{measure}.{name}" in known]
        rates = (
            f"{name} tests try {{rate.open.{name}}} of open frontier models and {{rate.closed.{name}}} of closed ones"
        )
        parts.append(f"{rates}; thinned to one rate: {', '.join(figures)}" if figures else rates)
    return [Line("Thinned", " · ".join(parts), ("why",), sentence=True)] if parts else []


def thinned_difference_facts(found: "Difference") -> list[Fact]:
    """State private minus public tests with both sides tested as often, and how seldom equal ones are told apart."""
    if found.months is None:
        return []
    size = f"{months(found.months)} {'longer' if found.months >= 0 else 'shorter'} on private tests"
    if found.low is not None and found.high is not None:
        ends = sorted((abs(found.low), abs(found.high)))
        is_clear = found.low > 0 or found.high < 0
        likely = likely_clear(*ends) if is_clear else likely_either(found.low, found.high, "shorter", "longer")
        size += f" ({likely})"
    subject = "private minus public tests, both sides tested as often"
    shown = f"with both sides tested as often {size}"
    told = "worlds without a difference in which one is said at 5 %"
    return [
        change_fact("difference.thinned", found.months, shown, subject, low=found.low, high=found.high),
        *(share_fact(f"rejected.{scores}", share / 100, told) for scores, share in judged().rejected.items()),
    ]


def thinned_table(analysis: "Analysis", thinned: "dict[str, ThinnedClass]") -> Table:
    """Put both measures side by side, by all scores and thinned."""
    rows = []
    for name, of_class in thinned.items():
        for measure in _MEASURES:
            pair = (analysis.classes[name].figure(measure), _of(of_class, measure))
            rows.append((NAMES[measure], name, *(text for each in pair for text in (cell(each.months), _range(each)))))
    columns = ("Measure", "Tests", "All scores", "Likely", "Thinned", "Likely")
    return Table("Months, by all scores and with the side that is tested more often thinned", columns, tuple(rows))


def thinned_data(thinned: "dict[str, ThinnedClass]") -> dict[str, Any]:
    """Return the thinned figures of each class, and its rates of testing, as data."""
    return {
        name: {
            **{measure: _figure(_of(of_class, measure)) for measure in _MEASURES},
            "rates": dict(zip(("closed", "open"), of_class.rates, strict=True)),
        }
        for name, of_class in thinned.items()
    }


def _of(of_class: "ThinnedClass", measure: str) -> "Headline":
    return of_class.catch_up if measure == "catch_up" else of_class.standing


def _figure(figure: "Headline") -> dict[str, Any]:
    kept = ("months", "low", "high", "n_effective")
    return {key: value for key, value in asdict(figure).items() if key in kept} | {"at": iso(figure.at)}


def _range(figure: "Headline") -> str:
    if figure.low is None or figure.high is None:
        return "–"
    return f"{cell(figure.low)} to {cell(figure.high)}"
