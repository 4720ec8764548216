"""H2: whether the gap grows, and how two sides compare: days, private and public tests, two tests (method.md, H2).

The direction is one path of states along month ends, of all families of tests together.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

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
"""What is said of a change. "Wider" and "narrower" are states, "probably" is a word for a day."""
Reason = Literal["", "one-test", "two-measures", "few-tests", "near-days", "no-figure"]
"""Why a difference has no interval: what is compared, and what is missing."""

FEWEST_FAMILIES = 6
WIDEST_ERROR = 3.0
"""Months: with a larger standard error nothing is said."""
ENTERS, LEAVES, LEANS = 1.96, 1.0, 1.28
"""In standard errors: where a state is entered, where it is left, and from where a change is probable."""


@dataclass(frozen=True)
class Path:
    """The change since the method's fixed day at calendar month ends, and the state after each.

    Shape: `day` (ordinals), `months` and `states` (1 wider, -1 narrower, 0 neither) are (ends,).
    """

    day: IntArray
    months: FloatArray
    states: IntArray

    def state_on(self, day: int) -> int:
        """Return the state on a day (ordinal): that after the last month end by then, neither before the first."""
        place = int(np.searchsorted(self.day, day, side="right")) - 1
        return int(self.states[place]) if place >= 0 else 0


@dataclass(frozen=True)
class Direction:
    """How the gap of all tests together changed since the method's fixed day, and over the past year.

    `state` is the path's last; `word` is what is said on the day, of `since`, and `year_word` of `year`.
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
    """Say whether the gap over some boards grew since the method's fixed day, as of the day `as_of` (ordinal).

    A state begins as "can't say". "Wider" is entered where the change is more than 1.96 standard errors, and left where
    it is less than 1; "narrower" likewise. All month ends are read off one fit, so that a path is that of the data.
    `open_models` (one flag per model) narrows the open side.
    """
    at, base = reading_day(evidence, as_of, parameters), parameters.since.toordinal()
    whole = scale_of(evidence, boards, parameters)
    if whole is None or whole.n_families < FEWEST_FAMILIES:
        return NOTHING
    scale = whole.of(open_models)
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
    """Return the path of all models up to a day (ordinal): the beginning of the whole one, which is followed once."""
    last = last_complete_day(evidence, parameters)
    key = "path", parameters.name, *scale.boards.tolist()
    whole = cached(evidence, lambda: follow_changes(evidence, scale, last, parameters), *key)
    n = int(np.searchsorted(whole.day, at, side="right"))
    return Path(whole.day[:n], whole.months[:n], whole.states[:n])


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
    """Return the state after each month end, from the changes in standard errors; NaN where nothing can be said."""
    states, state = np.zeros(len(scores), dtype=np.int64), 0
    for place, score in enumerate(scores.tolist()):
        if np.isnan(score) or abs(score) < LEAVES or score * state < 0:
            state = 0
        if abs(score) > ENTERS:
            state = 1 if score > 0 else -1
        states[place] = state
    return states


def _standard_score(gaps: Gaps, place: int, base: int, live: int) -> float:
    """Return a change in standard errors; NaN where too few tests are live or it is too uncertain."""
    error = gaps.change_error(place, base)
    if live < FEWEST_LIVE or not error <= WIDEST_ERROR:
        return float("nan")
    return float(gaps.months[place] - gaps.months[base]) / error


def _word(state: int, score: float, *, claims: bool = False) -> Word:
    """Word a state, or a change in standard errors that is no state; `claims` says that it may be sure without one."""
    if state or (claims and abs(score) > ENTERS):
        return "wider" if (state or score) > 0 else "narrower"
    if abs(score) > LEANS:
        return "probably-wider" if score > 0 else "probably-narrower"
    return "cant-say"


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
