"""What a brief looks at: the gap on its day and at the last brief, and what came in between."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import inf

import numpy as np

from core.brief.verdicts import Turn, Verdicts, held, turns, verdicts, with_causes
from core.errors import UsageError
from core.evidence.evidence import Evidence, IntArray
from core.gap.analysis import Analysis, Gaps, analyse, gaps
from core.gap.crossings import Unmatched, crossings
from core.gap.moves import Result, State, results
from core.gap.parameters import DEFAULT
from core.questions import selection
from core.words import day

PARAMETERS = DEFAULT
"""The method of every brief."""
LOOK_BACK = timedelta(days=180)
"""Tests score models weeks or months late; what came out longer before the newest data only came to light."""


@dataclass(frozen=True)
class News:
    """What came in since the last brief, newest first.

    `matched` are results that count, `raised` levels that closed models reached and open ones have not;
    `n_scores` counts scores of headline benchmarks that became known, of `n_models` models. `n_released` counts
    models with a score that came out. `turned` are the verdicts on the direction that are others than before.
    """

    matched: tuple[Result, ...]
    raised: tuple[Unmatched, ...]
    n_scores: int
    n_models: int
    n_released: int
    turned: tuple[Turn, ...] = ()

    @property
    def is_any(self) -> bool:
        """Whether there is something to report."""
        return bool(self.matched or self.raised or self.n_scores or self.turned)


@dataclass(frozen=True)
class Look:
    """The gap as of `as_of`, for a brief of the day `published`, after one of the day `since`.

    `verdicts` are those on the direction, `said` those that the brief before told.
    """

    evidence: Evidence
    published: date
    since: date
    as_of: date
    analysis: Analysis
    news: News
    verdicts: Verdicts
    said: Verdicts


def look(
    evidence: Evidence, published: date, since: date, said: Verdicts | None = None, known: date | None = None
) -> Look:
    """Measure the gap for a brief of a day; raises UsageError where there is nothing to measure.

    `said` are the verdicts that the last brief told, of the data of then; without them they are those as of its day by
    the data of now. `known` is the day of what was known to it: then what tests scored since, of models from before
    `since`, is news too, and of those that are known to be open since what they ever scored.

    The figures are as of that day, or of the newest complete data where this is older. The index alone is not enough:
    before an open model has matched a level that counts, there is no gap to tell of.
    """
    as_of, boards = _asked(evidence, published)
    analysis = analyse(evidence, boards, as_of.toordinal(), PARAMETERS)
    classes = analysis.classes.values()
    if not any(len(gap.points.board) for gap in classes) or all(gap.headline.months is None for gap in classes):
        raise UsageError(f"There is too little data for a figure as of {day(as_of)}; ask for the brief of a later day.")
    now, found = verdicts(analysis, as_of), _news(evidence, analysis, published, since, known)
    if said is None:
        last = min(since, as_of)
        turned, said = turns(verdicts_of(evidence, boards, last), now), {}
    else:
        now = held(said, now)
        turned = with_causes(turns(said, now), lambda day: verdicts_of(evidence.as_known_by(day), boards, day))
    return Look(evidence, published, since, as_of, analysis, replace(found, turned=turned), now, said)


def verdicts_of(evidence: Evidence, boards: IntArray, as_of: date) -> Verdicts:
    """Return the verdict on each class as of a day, by the evidence."""
    return verdicts(gaps(evidence, boards, as_of.toordinal(), PARAMETERS), as_of)


def glance(evidence: Evidence, published: date, since: date) -> tuple[Gaps, News]:
    """Measure what the title of a day's brief needs."""
    as_of, boards = _asked(evidence, published)
    found = gaps(evidence, boards, as_of.toordinal(), PARAMETERS)
    return found, _news(evidence, found, published, since)


def _asked(evidence: Evidence, published: date) -> tuple[date, IntArray]:
    as_of = min(published, evidence.newest_data)
    boards = selection.boards(evidence, None)
    selection.check_first(evidence, boards, as_of)
    return as_of, boards


def _news(evidence: Evidence, found: Gaps, published: date, since: date, known: date | None = None) -> News:
    after = since.toordinal()
    until = min(published, evidence.newest_data)
    counted = np.isin(evidence.board, list(found.by_board)) & (evidence.day <= until.toordinal())
    came = np.zeros(len(evidence.day), dtype=np.bool_)
    if len(evidence.known_from):
        came = counted & (evidence.known_from > after) & (evidence.known_from <= published.toordinal())
    late = {} if known is None else _late(evidence, found, until, known, published)
    matched = [
        each
        for each in results(State(evidence, until, found))
        if each.open_day > after or each.threshold > late.get((each.board, each.open), inf)
    ]
    raised = [
        each
        for each in found.crossings.unmatched
        if each.accepted and (each.closed_day > after or each.threshold > late.get((each.board, each.closed), inf))
    ]
    return News(
        tuple(sorted(matched, key=lambda each: (-each.open_day, -each.closed_day, -each.threshold))),
        tuple(sorted(raised, key=lambda level: (-level.closed_day, -level.threshold, level.board))),
        int(came.sum()),
        len(set(evidence.model[came].tolist())),
        len(set(evidence.model[counted & (evidence.day > after)].tolist())),
    )


def _late(evidence: Evidence, found: Gaps, until: date, known: date, published: date) -> dict[tuple[int, int], float]:
    """Return what became known after a day, by board and model, with the highest level that was known of it before.

    Tests score models weeks after they come out, and that one is open is said later still: what a brief could not know
    is news of the next one. On a board of which nothing was known by that day, nothing is late: its whole past came to
    light.
    """
    if not len(evidence.known_from):
        return {}
    after, last = known.toordinal(), published.toordinal()
    opened = [n for n, each in enumerate(evidence.models) if each.is_open and after < each.openness_from <= last]
    came = (evidence.known_from > after) | np.isin(evidence.model, opened)
    came &= evidence.known_from <= last
    came &= (evidence.day > (until - LOOK_BACK).toordinal()) & np.isin(evidence.board, list(found.by_board))
    before = evidence.as_known_by(known).without(opened)
    came &= np.isin(evidence.board, before.board)
    if not came.any():
        return {}
    boards = np.array(sorted(set(found.by_board) & set(before.board.tolist())), dtype=np.int64)
    was = crossings(before, boards, until.toordinal(), PARAMETERS)
    points = was.points.where(was.points.accepted)
    reached = [
        *zip(points.board.tolist(), points.open.tolist(), points.threshold.tolist(), strict=True),
        *zip(points.board.tolist(), points.closed.tolist(), points.threshold.tolist(), strict=True),
        *((each.board, each.closed, each.threshold) for each in was.unmatched if each.accepted),
    ]
    highest: dict[tuple[int, int], float] = {}
    for board, model, level in reached:
        highest[board, model] = max(level, highest.get((board, model), -inf))
    pairs = zip(evidence.board[came].tolist(), evidence.model[came].tolist(), strict=True)
    return {pair: highest.get(pair, -inf) for pair in pairs}
