"""Two sides compared: two days, private and public tests, two tests."""

from dataclasses import dataclass, replace
from typing import Literal

from core.evidence.evidence import Evidence, IntArray
from core.gap.figures import NO_CHANGE, Change, Headline
from core.gap.index_figure import class_index, index_change, private_minus_public, reading_day
from core.gap.parameters import Parameters

Reason = Literal["", "one-test", "two-measures", "few-tests", "near-days", "no-figure"]
"""Why a difference has no interval: what is compared, and what is missing."""


@dataclass(frozen=True)
class Comparison:
    """Both sides' figures, and left minus right: negative where open models are less far behind on the left side.

    `reason` says why there is no interval.
    """

    left: Headline
    right: Headline
    apart: Change
    reason: Reason = ""

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves no doubt about the direction."""
        return self.apart.low is not None and self.apart.high is not None and not self.apart.low <= 0 <= self.apart.high


def compare_days(evidence: Evidence, boards: IntArray, days: tuple[int, int], parameters: Parameters) -> Comparison:
    """Compare the gap of some boards on two days (ordinals), read off one scale of all that is known."""
    left, right = (class_index(evidence, boards, day, parameters).figure for day in days)
    if left.months is None or right.months is None:
        return Comparison(left, right, NO_CHANGE, "no-figure")
    since, until = sorted(reading_day(evidence, day, parameters) for day in days)
    growth = index_change(evidence, boards, since, until, parameters)
    apart = growth if days[0] > days[1] else reverse_change(growth)
    return Comparison(left, right, apart, "near-days" if apart.months is None else "")


def compare_kinds(
    evidence: Evidence, private: IntArray, public: IntArray, boards: IntArray, as_of: int, parameters: Parameters
) -> Comparison:
    """Compare private boards with public ones as of a day (ordinal).

    The difference is the effect on one scale of all boards (method.md, H4), not that of both figures.
    """
    left, right = (class_index(evidence, of_kind, as_of, parameters).figure for of_kind in (private, public))
    effect = private_minus_public(evidence, boards, parameters)
    return Comparison(left, right, effect, "" if effect.months is not None else "few-tests")


def compare_tests(left: Headline, right: Headline) -> Comparison:
    """Compare the standing gaps of two tests; one test each has no interval."""
    if left.months is None or right.months is None:
        return Comparison(left, right, NO_CHANGE, "no-figure")
    return Comparison(left, right, Change(left.months - right.months, None, None), "one-test")


def reverse_change(change: Change) -> Change:
    """Return a change seen from its end."""
    months, low, high = (None if value is None else -value for value in (change.months, change.high, change.low))
    return Change(months, low, high, -change.direction)


def reverse_comparison(comparison: Comparison) -> Comparison:
    """Return a comparison seen from its other side."""
    return replace(comparison, left=comparison.right, right=comparison.left, apart=reverse_change(comparison.apart))
