"""E12: compare two groups of models on the boards that both are on (method.md, E12)."""

import math
from collections.abc import Iterable
from dataclasses import astuple

import numpy as np

from core.dataclass import dataclass
from core.evidence.evidence import Board, BoolArray, Evidence, FloatArray, IntArray, Model
from core.gap.crossings import first_reached, rows_until
from core.gap.parameters import MONTH_DAYS
from core.gap.standing import has_ended

FEWEST_FAMILIES = 6
"""If fewer families differ, no group is called ahead, only higher: 5 of 5 happens by chance in 1 of 16 cases."""
MOST_CHANCE = 0.05
"""With a larger p-value of the sign test, no group is ahead."""
STEP = 5.0
"""The distance between levels, in percent."""


@dataclass(frozen=True)
class Best:
    """A group's best score on a board, the model with this score, and the number of the group's models on the board.

    `months` is the time up to the board's newest model, from the day on which a closed model first had the score, or
    from the model's release if the group is a single closed model. It is 0 if an open model is above all closed models,
    and None if no closed model has a score. `older` is the earlier closed model that already had the score of a single
    closed model, or None.
    """

    model: Model
    score: float
    n_models: int
    months: float | None
    is_above_closed: bool = False
    older: Model | None = None


@dataclass(frozen=True)
class Levels:
    """Numbers of levels that either group reached, that one group reached first, and that only one group reached.

    A level that both groups reached on the same day counts as first for neither.
    """

    reached: int
    left_first: int
    right_first: int
    left_alone: int
    right_alone: int

    def __add__(self, other: "Levels") -> "Levels":
        """Add the levels of another board."""
        return Levels(*(own + theirs for own, theirs in zip(astuple(self), astuple(other), strict=True)))


NO_LEVELS = Levels(0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Meeting:
    """A board that at least one group is on, at the release of its newest model (`at`, an ordinal).

    `has_ended` is true if that release is over 6 months ago (E11). `higher` is 1 if the left group's best score is
    higher, -1 if the right group's is, 0 if they are equal or a group is not on the board. `levels` are counted if both
    groups are on the board.
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
        """Return whether both groups are on the board."""
        return self.left is not None and self.right is not None

    @property
    def months_apart(self) -> float | None:
        """Return how many months later closed models first had left's score than right's; negative if earlier."""
        if self.left is None or self.right is None or self.left.months is None or self.right.months is None:
            return None
        return self.right.months - self.left.months

    @property
    def lower_bound(self) -> int:
        """Return 1 if left is at least `months_apart` ahead, -1 if right is, 0 if the months are exact."""
        is_open_ended = any(best is not None and best.is_above_closed for best in (self.left, self.right))
        return self.higher if is_open_ended else 0


@dataclass(frozen=True)
class Verdict:
    """On how many shared families each group is higher, and the p-value of this count.

    `ahead` is 1 if left is ahead, -1 if right is, 0 if the count is too small or too even. `months_apart` is how many
    months left is ahead; each family has equal weight.
    """

    n_families: int
    left_higher: int
    right_higher: int
    p_value: float
    ahead: int
    months_apart: float | None

    @property
    def leader(self) -> int:
        """Return 1 if left is higher on more families, -1 if right is, 0 if neither is."""
        return _sign(self.left_higher, self.right_higher)


def head_to_head(
    evidence: Evidence, boards: Iterable[int], as_of: int, left: BoolArray, right: BoolArray, since: int = 0,
    are_models: tuple[bool, bool] = (False, False),
) -> tuple[Meeting, ...]:  # fmt: skip
    """Compare two groups of models (one flag per model) as of the day `as_of` (ordinal).

    Returns the boards (indices) that either group is on. Groups may hold closed models; `are_models` says which groups
    are a single model. Only levels that neither group had reached before `since` are counted. Raises ValueError if a
    model is in both groups.
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
        one = _find_best(evidence, start, stop, of_left, is_model=are_models[0])
        other = _find_best(evidence, start, stop, of_right, is_model=are_models[1])
        higher, levels = 0, NO_LEVELS
        if one and other:
            higher = _sign(one.score, other.score)
            levels = _count_levels(evidence, start, stop, (of_left, of_right), since)
        board, at = evidence.boards[number], int(evidence.day[stop - 1])
        meetings.append(Meeting(board, at, has_ended(at, as_of), one, other, higher, levels))
    return tuple(meetings)


def verdict(meetings: Iterable[Meeting]) -> Verdict:
    """Count on how many families each group is higher, and decide whether one is ahead.

    A group is higher on a family if it is higher on more boards of the family. "Ahead" needs 6 families that differ and
    a two-sided sign test below 5 % (Arbuthnott 1710; Dixon and Mood 1946); under the null hypothesis, a family is as
    likely to go either way.
    """
    shared_meetings = [meeting for meeting in meetings if meeting.is_shared]
    by_family: dict[str, int] = {}
    for meeting in shared_meetings:
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
        _average_over_families(shared_meetings),
    )


def _average_over_families(meetings: Iterable[Meeting]) -> float | None:
    """Average the months apart within each family, then over families; None if no board has them."""
    pairs = [(meeting.board.family, meeting.months_apart) for meeting in meetings if meeting.months_apart is not None]
    if not pairs:
        return None
    families, months = zip(*pairs, strict=True)
    code = np.unique(families, return_inverse=True)[1]
    member = (code[:, None] == np.arange(code.max() + 1)).astype(np.float64)
    means = (np.array([months]) @ member)[0] / member.sum(axis=0)
    return float(means.sum() / len(means))


def sign_test(one: int, other: int) -> float:
    """Return the two-sided p-value: the chance of a count at least as uneven in `one` + `other` fair coin tosses."""
    n_throws = one + other
    tail = sum(math.comb(n_throws, number) for number in range(max(one, other), n_throws + 1))
    return min(1.0, math.ldexp(tail, 1 - n_throws))


def steps_of(board: Board) -> FloatArray:
    """Return the levels at which groups are compared: 5 % steps, or the board's own levels if it is not in percent."""
    return np.arange(STEP, 100 + STEP, STEP) if board.unit == "percent" else np.array(board.levels)


def _sign(one: float, other: float) -> int:
    return (one > other) - (one < other)


def _find_best(evidence: Evidence, start: int, stop: int, of_side: BoolArray, *, is_model: bool) -> Best | None:
    """Find the group's best score among the rows `start` to `stop` of one board, and the age of the score."""
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
    since = best if is_model and not evidence.is_open[best] else first
    months = float(evidence.day[stop - 1] - evidence.day[since]) / MONTH_DAYS
    is_older = evidence.day[first] < evidence.day[since]
    return Best(model, score, n_models, months, older=evidence.models[evidence.model[first]] if is_older else None)


def _count_levels(evidence: Evidence, start: int, stop: int, sides: tuple[BoolArray, BoolArray], since: int) -> Levels:
    """Count who was first at each level of one board; if only one group reached a level, it was first."""
    steps = steps_of(evidence.boards[evidence.board[start]])
    left, right = (_read_days(evidence, first_reached(evidence, start, side, steps)) for side in sides)
    first = np.minimum(left, right)
    is_counted = np.isfinite(first) & (first >= since)
    left, right = left[is_counted], right[is_counted]
    return Levels(
        len(left),
        int((left < right).sum()),
        int((right < left).sum()),
        int(np.isinf(right).sum()),
        int(np.isinf(left).sum()),
    )


def _read_days(evidence: Evidence, rows: IntArray) -> FloatArray:
    """Return the day of each row; infinite for row -1."""
    return np.where(rows >= 0, evidence.day[rows], np.inf)
