"""What is said of unequal testing: both measures with scores thinned, and with those filled in that nobody has tested.

The first is E5 of method.md, by all scores and thinned, side by side; the second E6, by the index.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line, Table
from core.gap.parameters import Measure
from core.questions.judged import judged
from core.questions.measure_wording import NAMES
from core.questions.shared_facts import change_fact, figure_data, lag_fact, of_figure, share_fact, stated, with_range
from core.words import CLASSES, cell, likely_change, months, span

BESIDE_RAW = (
    "[; {difference.thinned}; in simulated worlds where they don't differ they are told apart in {rejected} by all"
    " scores]"
)
"""What follows the difference between private and public tests by all scores, as a template."""

if TYPE_CHECKING:
    from core.gap.analysis import Analysis
    from core.gap.figures import Headline
    from core.gap.imputed import ImputedClass
    from core.gap.private_public import Difference
    from core.gap.thinned_figures import ThinnedClass


def testing_facts(
    analysis: "Analysis", thinned: "dict[str, ThinnedClass]", imputed: "dict[str, ImputedClass]"
) -> Iterator[Fact]:
    """State both measures with scores thinned, with how often frontier models are tried, and with scores filled in."""
    for name, of_class in thinned.items():
        for side, rate in zip(("closed", "open"), of_class.rates, strict=True):
            shown = f"{100 * rate:.0f} %"
            yield stated(f"rate.{side}.{name}", rate, "fraction", shown, "share", access=name, side=side)
        raw = analysis.classes[name]
        told = {key: figure for key, figure in _both(of_class).items() if raw.figure(key).months is not None}
        yield from _figure_facts("thinned", name, told, "both sides tested as often")
    for name, filled in imputed.items():
        yield share_fact(f"imputed.share.{name}", filled.share, f"cells of {name} tests that nobody tested")
        yield from _figure_facts("imputed", name, _both(filled), "untested models filled in")


def _both(of_class: "ThinnedClass | ImputedClass") -> "dict[Measure, Headline]":
    """Return the measures that are told of; the index weighs scores, and knows which are missing."""
    return {"standing": of_class.standing, "catch_up": of_class.catch_up}


def _figure_facts(key: str, access: str, figures: "Mapping[Measure, Headline]", how: str) -> Iterator[Fact]:
    for measure, figure in figures.items():
        if figure.months is not None:
            name = NAMES[measure].lower()
            subject, shown = f"{name} on {access} tests, {how}", f"{name} {with_range(figure)}"
            of = {"access": access, "measure": subject, **of_figure(figure)}
            yield lag_fact(f"{key}.{measure}.{access}", figure.months, shown, subject, **of)


def testing_lines(known: Collection[str]) -> list[Line]:
    """Say by how much unequal testing may move the figures, as templates; nothing where it is not known."""
    thinned, filled = [], []
    for name in CLASSES:
        by_rate, by_index = (
            ", ".join(f"{{{key}}}" for measure in NAMES if (key := f"{how}.{measure}.{name}") in known)
            for how in ("thinned", "imputed")
        )
        if f"rate.open.{name}" in known:
            rates = f"{name} tests try {{rate.open.{name}}} of open frontier models and {{rate.closed.{name}}} of"
            thinned.append(f"{rates} closed ones{f'; thinned to one rate: {by_rate}' if by_rate else ''}")
        if by_index:
            filled.append(f"{name} tests ({{imputed.share.{name}}} of all scores) {by_index}")
    given = f"with every untested model given scores by the index: {'; '.join(filled)}"
    return [
        *([Line("Thinned", " · ".join(thinned), ("why",), sentence=True)] if thinned else []),
        *([Line("Filled in", given, ("why",), sentence=True)] if filled else []),
    ]


def thinned_difference_facts(found: "Difference") -> list[Fact]:
    """State private minus public tests with both sides tested as often, and how seldom equal ones are told apart."""
    if found.months is None:
        return []
    size = f"{months(found.months)} {'longer' if found.months >= 0 else 'shorter'} on private tests"
    if found.low is not None and found.high is not None:
        size += f" ({likely_change(found.low, found.high, 'shorter', 'longer')})"
    subject = "private minus public tests, both sides tested as often"
    shown = f"with both sides tested as often {size}"
    told = "worlds without a difference in which one is said at 5 %"
    return [
        change_fact("difference.thinned", found.months, shown, subject, low=found.low, high=found.high),
        share_fact("rejected", judged().rejected / 100, told),
    ]


def thinned_table(analysis: "Analysis", thinned: "dict[str, ThinnedClass]") -> Table:
    """Put both measures side by side, by all scores and thinned."""
    rows = []
    for name, of_class in thinned.items():
        for measure, figure in _both(of_class).items():
            pair = (analysis.classes[name].figure(measure), figure)
            cells = (text for each in pair for text in (cell(each.months), span(each.low, each.high)))
            rows.append((NAMES[measure], name, *cells))
    columns = ("Measure", "Tests", "All scores", "Likely", "Thinned", "Likely")
    return Table("Months, by all scores and with the side that is tested more often thinned", columns, tuple(rows))


def thinned_data(thinned: "dict[str, ThinnedClass]") -> dict[str, Any]:
    """Return the thinned figures of each class, and its rates of testing, as data."""
    return {
        name: {
            **{measure: figure_data(figure) for measure, figure in _both(of_class).items()},
            "rates": dict(zip(("closed", "open"), of_class.rates, strict=True)),
        }
        for name, of_class in thinned.items()
    }


def imputed_data(imputed: "dict[str, ImputedClass]") -> dict[str, Any]:
    """Return the figures of each class with its untested cells filled in, as data."""
    kept = ("months", "low", "high", "at")
    return {
        name: {
            **{each: {key: figure_data(of)[key] for key in kept} for each, of in _both(of_class).items()},
            "share": of_class.share,
        }
        for name, of_class in imputed.items()
    }
