"""What is said of complete tables of scores: both measures with untested models filled in from the index."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line
from core.gap.parameters import Measure
from core.questions.measure_wording import NAMES
from core.questions.shared_facts import iso, lag_fact, share_fact, with_range

if TYPE_CHECKING:
    from core.gap.imputed import ImputedClass

_MEASURES: tuple[Measure, ...] = ("standing", "catch_up")


def imputed_facts(imputed: "dict[str, ImputedClass]") -> Iterable[Fact]:
    """State both measures of each class with its untested cells filled in, and which share of all cells that is."""
    for name, of_class in imputed.items():
        yield share_fact(f"imputed.share.{name}", of_class.share, f"cells of {name} tests that nobody tested")
        for measure in _MEASURES:
            figure = getattr(of_class, measure)
            if figure.months is not None:
                subject = f"{NAMES[measure].lower()} on {name} tests, untested models filled in"
                shown = f"{NAMES[measure].lower()} {with_range(figure)}"
                of = {"access": name, "low": figure.low, "high": figure.high, "day": iso(figure.at) or ""}
                yield lag_fact(f"imputed.{measure}.{name}", figure.months, shown, subject, measure=subject, **of)


def imputed_lines(known: Iterable[str]) -> list[Line]:
    """Return the line that says both measures with untested models filled in, as a template, if there are any."""
    keys, parts = set(known), []
    for name in sorted(key.removeprefix("imputed.share.") for key in keys if key.startswith("imputed.share.")):
        figures = [f"{{imputed.{measure}.{name}}}" for measure in _MEASURES if f"imputed.{measure}.{name}" in keys]
        if figures:
            parts.append(f"{name} tests ({{imputed.share.{name}}} of all scores) {', '.join(figures)}")
    said = f"with every untested model given scores by the index: {'; '.join(parts)}"
    return [Line("Filled in", said, ("why",), sentence=True)] if parts else []


def imputed_data(imputed: "dict[str, ImputedClass]") -> dict[str, Any]:
    """Return the figures of each class with its untested cells filled in, as data."""
    kept = ("months", "low", "high")
    return {
        name: {
            **{
                measure: {key: value for key, value in asdict(getattr(of_class, measure)).items() if key in kept}
                | {"at": iso(getattr(of_class, measure).at)}
                for measure in _MEASURES
            },
            "share": of_class.share,
        }
        for name, of_class in imputed.items()
    }
