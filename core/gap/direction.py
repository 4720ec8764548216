"""H2: whether the gap grows, and how two days, private and public tests, or two tests compare (method.md, H2).

The direction is one path of states along month ends, over all families of tests together.
"""

from dataclasses import replace
from typing import Literal

import numpy as np

from core.dataclass import dataclass
from core.evidence.evidence import BoolArray, Evidence, FloatArray, IntArray
from core.gap.board_life import last_complete_day, live_families
from core.gap.cache import cached, cached_by_default
from core.gap.figures import NO_CHANGE, Change, Headline, normal_half
from core.gap.index_figure import (
    FEWEST_LIVE,
    MONTH_ENDS,
    Gaps,
    Scale,
    calendar_month_ends,
    class_index,
    index_change,
    private_minus_public,
    read_gaps,
    reading_day,
    scale_of,
)
from core.gap.parameters import MONTH_DAYS, Parameters

Word = Literal["wider", "probably-wider", "cant-say", "probably-narrower", "narrower", "too-early"]
"""How a change is reported. "Wider" and "narrower" are states; "probably" holds only for the day."""
Reason = Literal["", "one-test", "two-measures", "few-tests", "near-days", "no-figure"]
"""Why a difference has no interval: what is compared, or what is missing."""

FEWEST_FAMILIES = 6
WIDEST_ERROR = 3.0
"""In months: a change with a larger standard error is not reported."""
ENTERS, LEAVES, LEANS = 1.96, 1.0, 1.28
"""In standard errors: a state is entered above the first and left below the second; above the third, a change is
probable."""


@dataclass(frozen=True)
class Path:
    """The change since the method's fixed day at calendar month ends, and the state after each.

    Shape: `day` (ordinals), `months` and `states` (1 wider, -1 narrower, 0 neither) are (ends,).
    """

    day: IntArray
    months: FloatArray
    states: IntArray

    def state_on(self, day: int) -> int:
        """Return the state after the last month end by a day (ordinal); 0 before the first month end."""
        place = int(np.searchsorted(self.day, day, side="right")) - 1
        return int(self.states[place]) if place >= 0 else 0


@dataclass(frozen=True)
class Direction:
    """How the gap of all tests together changed since the method's fixed day, and over the past year.

    `state` is the last state of the path. `word` reports `since` on the day; `year_word` reports `year`.
    """

    word: Word
    state: int
    since: Change
    year: Change
    year_word: Word
    path: Path


_NO_PATH = Path(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0, dtype=np.int64))
NOTHING = Direction("cant-say", 0, NO_CHANGE, NO_CHANGE, "cant-say", _NO_PATH)


@cached_by_default
def find_direction(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, open_models: BoolArray | None = None
) -> Direction:
    """Find whether the gap over some boards grew since the method's fixed day, as of the day `as_of` (ordinal).

    The first state is "can't say". "Wider" is entered if the change is more than 1.96 standard errors, and left if it
    is less than 1; "narrower" likewise. All month ends are read off one fit, so refitting does not move the path.
    `open_models` (one flag per model) narrows the open side.
    """
    at, base = reading_day(evidence, as_of, parameters), parameters.since.toordinal()
    full_scale = scale_of(evidence, boards, parameters)
    if full_scale is None or full_scale.n_families < FEWEST_FAMILIES:
        return NOTHING
    scale = full_scale.restrict(open_models)
    if open_models is None:
        path = _path_until(evidence, scale, at, parameters)
    else:
        path = follow_changes(evidence, scale, at, parameters)
    if not len(path.day):
        return replace(NOTHING, word="too-early", year_word="too-early")
    days = np.array([at, base, round(at - 12 * MONTH_DAYS)])
    gaps, live = read_gaps(scale, days), int(live_families(evidence, scale.boards, days[:1], parameters)[0])
    state = int(path.states[-1])
    return Direction(
        _word(state, _standard_score(gaps, 0, 1, live)),
        state,
        gaps.change(0, 1, parameters.level),
        gaps.change(0, 2, parameters.level),
        _word(0, _standard_score(gaps, 0, 2, live), claims=True),
        path,
    )


def _path_until(evidence: Evidence, scale: Scale, at: int, parameters: Parameters) -> Path:
    """Return the path over all models up to a day (ordinal); the whole path is computed once and cached."""
    last = last_complete_day(evidence, parameters)
    key = "path", parameters.name, *scale.boards.tolist()
    path = cached(evidence, lambda: follow_changes(evidence, scale, last, parameters), *key)
    n = int(np.searchsorted(path.day, at, side="right"))
    return Path(path.day[:n], path.months[:n], path.states[:n])


def follow_changes(evidence: Evidence, scale: Scale, at: int, parameters: Parameters) -> Path:
    """Follow the change since the method's fixed day along calendar month ends, up to a day (ordinal)."""
    base = parameters.since.toordinal()
    ends = calendar_month_ends(at, max(0, (at - base) // 28 + 1))
    ends = ends[ends - base > MONTH_ENDS * MONTH_DAYS]
    if not len(ends):
        return _NO_PATH
    gaps, live = read_gaps(scale, np.append(ends, base)), live_families(evidence, scale.boards, ends, parameters)
    scores = np.array([_standard_score(gaps, n, len(ends), int(live[n])) for n in range(len(ends))])
    return Path(ends, gaps.months[:-1] - gaps.months[-1], follow_path(scores))


def follow_path(scores: FloatArray) -> IntArray:
    """Return the state after each month end, from changes in standard errors (NaN if a change can't be reported)."""
    states, state = np.zeros(len(scores), dtype=np.int64), 0
    for place, score in enumerate(scores.tolist()):
        if np.isnan(score) or abs(score) < LEAVES or score * state < 0:
            state = 0
        if abs(score) > ENTERS:
            state = 1 if score > 0 else -1
        states[place] = state
    return states


def _standard_score(gaps: Gaps, place: int, base: int, live: int) -> float:
    """Return a change in standard errors; NaN if too few tests are live or the change is too uncertain."""
    error = gaps.change_error(place, base)
    if live < FEWEST_LIVE or not error <= WIDEST_ERROR:
        return float("nan")
    return float(gaps.months[place] - gaps.months[base]) / error


def _word(state: int, score: float, *, claims: bool = False) -> Word:
    """Return the word for a state, or for a change in standard errors; `claims` allows a sure word without a state."""
    if state or (claims and abs(score) > ENTERS):
        return "wider" if (state or score) > 0 else "narrower"
    if abs(score) > LEANS:
        return "probably-wider" if score > 0 else "probably-narrower"
    return "cant-say"


@dataclass(frozen=True)
class Comparison:
    """The figures of two sides, and left minus right: negative if open models are less far behind on the left.

    `reason` says why there is no interval.
    """

    left: Headline
    right: Headline
    apart: Change
    reason: Reason = ""


def is_clear(change: Change) -> bool:
    """Return whether the interval of a change excludes 0."""
    return change.low is not None and change.high is not None and not change.low <= 0 <= change.high


def change_word(change: Change, level: float) -> Word:
    """Return the word for a change with an interval at a level, by the rule for the past year (method.md, H2)."""
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
    """Compare the gap of some boards on two days (ordinals), read off one scale that is fitted to all scores."""
    left, right = (class_index(evidence, boards, day, parameters).figure for day in days)
    if left.months is None or right.months is None:
        return Comparison(left, right, NO_CHANGE, "no-figure")
    difference = compare_changes(evidence, boards, days, parameters)
    return Comparison(left, right, difference, "near-days" if difference.months is None else "")


def compare_changes(evidence: Evidence, boards: IntArray, days: tuple[int, int], parameters: Parameters) -> Change:
    """Return the difference of the gap of some boards between two days (ordinals): the first minus the second."""
    since, until = sorted(reading_day(evidence, day, parameters) for day in days)
    growth = index_change(evidence, boards, since, until, parameters)
    return growth if days[0] > days[1] else reverse_change(growth)


def compare_kinds(
    evidence: Evidence, private: IntArray, public: IntArray, boards: IntArray, as_of: int, parameters: Parameters
) -> Comparison:
    """Compare private boards with public ones as of a day (ordinal).

    The difference is the effect on one scale of all boards (method.md, H4), not the difference of the two figures.
    """
    left, right = (class_index(evidence, of_kind, as_of, parameters).figure for of_kind in (private, public))
    effect = private_minus_public(evidence, boards, parameters)
    return Comparison(left, right, effect, "" if effect.months is not None else "few-tests")


def compare_tests(left: Headline, right: Headline, *, are_tests: bool) -> Comparison:
    """Compare the standing gaps of two tests; a single test has no interval.

    Without `are_tests`, one side is the gap of a kind of tests, which is another measure, so there is no difference.
    """
    if left.months is None or right.months is None:
        return Comparison(left, right, NO_CHANGE, "no-figure")
    if not are_tests:
        return Comparison(left, right, NO_CHANGE, "two-measures")
    return Comparison(left, right, Change(left.months - right.months, None, None), "one-test")


def reverse_change(change: Change) -> Change:
    """Return a change with its direction reversed."""
    months, low, high = (None if value is None else -value for value in (change.months, change.high, change.low))
    return Change(months, low, high, -change.direction)


def reverse_comparison(comparison: Comparison) -> Comparison:
    """Return a comparison with left and right swapped."""
    return replace(comparison, left=comparison.right, right=comparison.left, apart=reverse_change(comparison.apart))
