"""E12: two groups of models held against each other, on the boards that both are on (method.md, E12)."""

import math
from collections.abc import Iterable
from dataclasses import astuple, dataclass

import numpy as np

from core.evidence.evidence import Board, BoolArray, Evidence, FloatArray, IntArray, Model
from core.gap.crossings import first_reached, rows_until
from core.gap.parameters import MONTH_DAYS
from core.gap.standing import has_ended

FEWEST_FAMILIES = 6
"""With fewer families that differ, a group is called higher on so many, never ahead: 5 of 5 come up in 1 of 16."""
MOST_CHANCE = 0.05
"""A sign test above this says nothing."""
STEP = 5.0
"""Levels are so many percent apart."""


@dataclass(frozen=True)
class Best:
    """A group's best score on a board, its model, and of how many of the group's models scores are known.

    `months` are from the day on which a closed model first had the score, or a closed model's own release, to the
    board's newest model: 0 where an open model is above all closed ones, None where no closed model has a score.
    `older` is the closed model that had a closed model's score before it, if one had.
    """

    model: Model
    score: float
    n_models: int
    months: float | None
    is_above_closed: bool = False
    older: Model | None = None


@dataclass(frozen=True)
class Levels:
    """Of the levels that either group reached: at how many each was first, and which the other has not reached.

    Those that both reached on one day are of neither.
    """

    reached: int
    left_first: int
    right_first: int
    left_alone: int
    right_alone: int

    def __add__(self, other: "Levels") -> "Levels":
        """Add the levels of another board."""
        return Levels(*(own + added for own, added in zip(astuple(self), astuple(other), strict=True)))


NO_LEVELS = Levels(0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Meeting:
    """A board that at least one group is on, at the release of its newest model (`at`, an ordinal).

    `has_ended` says that this lies over 6 months back (E11). `higher` is 1 where the left group's best score is higher,
    -1 where the right one's is, 0 where they are equal or a group is not on the board; `levels` are counted where both
    are on it.
    """

    board: Board
    at: int
    has_ended: bool
    left: Best | None
    right: Best | None
    higher: int
    levels: Levels

    @property
    def is_shared(self) -> bool:
        """Whether both groups are on the board."""
        return self.left is not None and self.right is not None

    @property
    def months_apart(self) -> float | None:
        """Return how much later closed models first had left's score than right's, negative where earlier."""
        if self.left is None or self.right is None or self.left.months is None or self.right.months is None:
            return None
        return self.right.months - self.left.months

    @property
    def lower_bound(self) -> int:
        """Return 1 where left is at least so many months ahead, -1 where right is, 0 where the months are exact."""
        is_open_ended = any(best is not None and best.is_above_closed for best in (self.left, self.right))
        return self.higher if is_open_ended else 0


@dataclass(frozen=True)
class Verdict:
    """On how many of the families that both groups are on each is higher, and the chance of so one-sided a count.

    `ahead` is 1 where left is ahead, -1 where right is, 0 where the count is too small or too even to say so.
    `months_apart` is by how much left is further along, each family as one.
    """

    n_families: int
    left_higher: int
    right_higher: int
    p_value: float
    ahead: int
    months_apart: float | None

    @property
    def leader(self) -> int:
        """Return 1 where left is higher on more families, -1 where right is, 0 where neither is."""
        return _sign(self.left_higher, self.right_higher)


def head_to_head(
    evidence: Evidence, boards: Iterable[int], as_of: int, left: BoolArray, right: BoolArray, since: int = 0
) -> tuple[Meeting, ...]:
    """Hold two groups of models (a flag per model each) against each other as of the day `as_of` (ordinal).

    Returns those of the boards (indices) that either group is on. Groups may hold closed models. Only levels that
    neither group had reached before `since` are counted. Raises ValueError where a model is in both groups.
    """
    if (left & right).any():
        raise ValueError("a model is in both groups: take it out of one before calling")
    meetings = []
    for number in boards:
        start, stop = rows_until(evidence, number, as_of)
        model = evidence.model[start:stop]
        of_left, of_right = left[model], right[model]
        if not (of_left.any() or of_right.any()):
            continue
        one, other = (_find_best(evidence, start, stop, of_side) for of_side in (of_left, of_right))
        higher, levels = 0, NO_LEVELS
        if one and other:
            higher = _sign(one.score, other.score)
            levels = _count_levels(evidence, start, stop, (of_left, of_right), since)
        board, at = evidence.boards[number], int(evidence.day[stop - 1])
        meetings.append(Meeting(board, at, has_ended(at, as_of), one, other, higher, levels))
    return tuple(meetings)


def verdict(meetings: Iterable[Meeting]) -> Verdict:
    """Count on how many families each group is higher, and say which is ahead, if one is.

    A family is the group's that is higher on more of its boards. "Ahead" needs 6 families that differ and a two-sided
    sign test below 5 % (Arbuthnott 1710; Dixon and Mood 1946), each family as likely to go either way.
    """
    shared = [meeting for meeting in meetings if meeting.is_shared]
    by_family: dict[str, int] = {}
    for meeting in shared:
        family = meeting.board.family
        by_family[family] = by_family.get(family, 0) + meeting.higher
    left = sum(balance > 0 for balance in by_family.values())
    right = sum(balance < 0 for balance in by_family.values())
    chance = sign_test(left, right)
    is_clear = left + right >= FEWEST_FAMILIES and chance < MOST_CHANCE
    return Verdict(
        len(by_family),
        left,
        right,
        chance,
        _sign(left, right) if is_clear else 0,
        _average_over_families(shared),
    )


def _average_over_families(meetings: Iterable[Meeting]) -> float | None:
    """Average the months apart within each family, then the families; None where there are none."""
    apart = [(meeting.board.family, meeting.months_apart) for meeting in meetings if meeting.months_apart is not None]
    if not apart:
        return None
    families, months = zip(*apart, strict=True)
    code = np.unique(families, return_inverse=True)[1]
    member = (code[:, None] == np.arange(code.max() + 1)).astype(np.float64)
    means = (np.array([months]) @ member)[0] / member.sum(axis=0)
    return float(means.sum() / len(means))


def sign_test(one: int, other: int) -> float:
    """Return the two-sided chance of a count at least as uneven, of `one` + `other` fair throws of a coin."""
    thrown = one + other
    tail = sum(math.comb(thrown, number) for number in range(max(one, other), thrown + 1))
    return min(1.0, math.ldexp(tail, 1 - thrown))


def steps_of(board: Board) -> FloatArray:
    """Return the levels at which groups are counted: 5 % steps, and the board's own where it is not in percent."""
    return np.arange(STEP, 100 + STEP, STEP) if board.unit == "percent" else np.array(board.levels)


def _sign(one: float, other: float) -> int:
    return (one > other) - (one < other)


def _find_best(evidence: Evidence, start: int, stop: int, of_side: BoolArray) -> Best | None:
    """Find the group's best score among the rows from `start` to `stop` of one board, and how old the score is."""
    own = np.flatnonzero(of_side) + start
    if not len(own):
        return None
    best = int(own[evidence.score[own].argmax()])
    model, score = evidence.models[evidence.model[best]], float(evidence.score[best])
    n_models = len(np.unique(evidence.model[own]))
    is_closed = ~evidence.is_open[start:stop]
    first = int(first_reached(evidence, start, is_closed, np.array([score]))[0])
    if first < 0:
        return Best(model, score, n_models, 0.0 if is_closed.any() else None, is_above_closed=bool(is_closed.any()))
    since = first if evidence.is_open[best] else best
    months = float(evidence.day[stop - 1] - evidence.day[since]) / MONTH_DAYS
    is_older = evidence.day[first] < evidence.day[since]
    return Best(model, score, n_models, months, older=evidence.models[evidence.model[first]] if is_older else None)


def _count_levels(evidence: Evidence, start: int, stop: int, sides: tuple[BoolArray, BoolArray], since: int) -> Levels:
    """Count, on one board, who was first at each level; a level that a group has not reached is the other's."""
    steps = steps_of(evidence.boards[evidence.board[start]])
    left, right = (_read_days(evidence, first_reached(evidence, start, side, steps)) for side in sides)
    first = np.minimum(left, right)
    counted = np.isfinite(first) & (first >= since)
    left, right = left[counted], right[counted]
    return Levels(
        len(left),
        int((left < right).sum()),
        int((right < left).sum()),
        int(np.isinf(right).sum()),
        int(np.isinf(left).sum()),
    )


def _read_days(evidence: Evidence, rows: IntArray) -> FloatArray:
    """Return the day of each row, a day that never comes for -1."""
    return np.where(rows >= 0, evidence.day[rows], np.inf)
