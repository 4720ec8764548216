"""Two sides compared: two days, private and public tests, two tests."""

from dataclasses import dataclass, replace
from typing import Literal

from core.evidence.evidence import Evidence, IntArray
from core.gap.direction import ENTERS, LEANS, WIDEST_ERROR, Word
from core.gap.figures import NO_CHANGE, Change, Headline, normal_half
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


def is_clear(change: Change) -> bool:
    """Say whether an interval leaves no doubt about the direction."""
    return change.low is not None and change.high is not None and not change.low <= 0 <= change.high


def change_word(change: Change, level: float) -> Word:
    """Word a change, whose interval is at a level, as the direction of the past year is worded (method.md, H2)."""
    if change.months is None or change.low is None or change.high is None:
        return "cant-say"
    error = (change.high - change.low) / (2 * normal_half(level))
    size = abs(change.months) if error <= WIDEST_ERROR else 0.0
    if size > ENTERS * error:
        return "wider" if change.months > 0 else "narrower"
    if size > LEANS * error:
        return "probably-wider" if change.months > 0 else "probably-narrower"
    return "cant-say"


def compare_days(evidence: Evidence, boards: IntArray, days: tuple[int, int], parameters: Parameters) -> Comparison:
    """Compare the gap of some boards on two days (ordinals), read off one scale of all that is known."""
    left, right = (class_index(evidence, boards, day, parameters).figure for day in days)
    if left.months is None or right.months is None:
        return Comparison(left, right, NO_CHANGE, "no-figure")
    apart = compare_changes(evidence, boards, days, parameters)
    return Comparison(left, right, apart, "near-days" if apart.months is None else "")


def compare_changes(evidence: Evidence, boards: IntArray, days: tuple[int, int], parameters: Parameters) -> Change:
    """Return how the gap of some boards differs between two days (ordinals): the first minus the second."""
    since, until = sorted(reading_day(evidence, day, parameters) for day in days)
    growth = index_change(evidence, boards, since, until, parameters)
    return growth if days[0] > days[1] else reverse_change(growth)


def compare_kinds(
    evidence: Evidence, private: IntArray, public: IntArray, boards: IntArray, as_of: int, parameters: Parameters
) -> Comparison:
    """Compare private boards with public ones as of a day (ordinal).

    The difference is the effect on one scale of all boards (method.md, H4), not that of both figures.
    """
    left, right = (class_index(evidence, of_kind, as_of, parameters).figure for of_kind in (private, public))
    effect = private_minus_public(evidence, boards, parameters)
    return Comparison(left, right, effect, "" if effect.months is not None else "few-tests")


def compare_tests(left: Headline, right: Headline, *, are_tests: bool) -> Comparison:
    """Compare the standing gaps of two tests; one test each has no interval.

    Unless both `are_tests` one is the gap of a kind of tests, another measure, and there is no difference.
    """
    if left.months is None or right.months is None:
        return Comparison(left, right, NO_CHANGE, "no-figure")
    if not are_tests:
        return Comparison(left, right, NO_CHANGE, "two-measures")
    return Comparison(left, right, Change(left.months - right.months, None, None), "one-test")


def reverse_change(change: Change) -> Change:
    """Return a change seen from its end."""
    months, low, high = (None if value is None else -value for value in (change.months, change.high, change.low))
    return Change(months, low, high, -change.direction)


def reverse_comparison(comparison: Comparison) -> Comparison:
    """Return a comparison seen from its other side."""
    return replace(comparison, left=comparison.right, right=comparison.left, apart=reverse_change(comparison.apart))
