"""H2: whether the gap grows: one path of states along month ends, of all families of tests together (method.md, H2)."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, FloatArray, IntArray
from core.gap.board_life import live_families
from core.gap.figures import NO_CHANGE, Change
from core.gap.index_figure import (
    FEWEST_LIVE,
    SHARED_DAYS,
    Gaps,
    calendar_month_ends,
    read_gaps,
    reading_day,
    scale_of,
)
from core.gap.kept import measured_once
from core.gap.parameters import Parameters

Word = Literal["wider", "probably-wider", "cant-say", "probably-narrower", "narrower", "too-early"]
"""What is said of a change. "Wider" and "narrower" are states, "probably" is a word for a day."""

FEWEST_FAMILIES = 6
WIDEST_ERROR = 3.0
"""Months: with a larger standard error nothing is said."""
ENTERS, LEAVES, LEANS = 1.96, 1.0, 1.28
"""In standard errors: where a state is entered, where it is left, and from where a change is probable."""


@dataclass(frozen=True)
class Direction:
    """How the gap of all tests together changed since the method's fixed day, and over the past year.

    `state` is 1 (wider), -1 (narrower) or 0 after the last month end; `word` is what is said on the day. Shape of the
    path: `day` (ordinals of month ends), `months` (since the fixed day) and `states` are (ends,).
    """

    word: Word
    state: int
    since: Change
    year: Change
    year_word: Word
    day: IntArray
    months: FloatArray
    states: IntArray


NOTHING = Direction("cant-say", 0, NO_CHANGE, NO_CHANGE, "cant-say", *(np.zeros(0, kind) for kind in (int, float, int)))


@measured_once
def direction(
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
    first = base + SHARED_DAYS + 1
    if at < first:
        return Direction("too-early", 0, NO_CHANGE, NO_CHANGE, "too-early", NOTHING.day, NOTHING.months, NOTHING.states)
    ends = calendar_month_ends(at, (at - first) // 28 + 1)
    ends = ends[ends >= first]
    year = round(at - 12 * 365.25 / 12)
    days = np.concatenate((ends, [at, base, year])).astype(np.int64)
    gaps = read_gaps(whole.of(open_models), days)
    order = np.argsort(days, kind="stable")
    live = np.empty(len(days), dtype=np.int64)
    live[order] = live_families(evidence, boards, days[order], parameters)
    now, start = len(ends), len(ends) + 1
    scores = np.array([_standard_score(gaps, place, start, int(live[place])) for place in range(now + 1)])
    states = follow_path(scores[:now])
    state = int(states[-1]) if len(states) else 0
    past_year = gaps.change(now, now + 2, parameters.level) if whole.day[0] < year else NO_CHANGE
    return Direction(
        _word(state, float(scores[now])),
        state,
        gaps.change(now, start, parameters.level),
        past_year,
        _word(0, _standard_score(gaps, now, now + 2, int(live[now])), claims=True),
        ends,
        gaps.months[:now] - gaps.months[start],
        states,
    )


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
