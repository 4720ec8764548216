"""What a brief looks at: the gap on its day and at the last brief, and what came in between."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from core.brief.verdicts import Turn, Verdicts, turns, verdicts
from core.errors import UsageError
from core.evidence.evidence import Evidence, IntArray
from core.gap.analysis import Analysis, Gaps, analyse, gaps
from core.gap.crossings import Unmatched
from core.gap.moves import Result, State, results
from core.gap.parameters import DEFAULT
from core.questions import selection
from core.words import day

PARAMETERS = DEFAULT
"""The method of every brief."""


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
    """The gap as of `as_of`, for a brief of the day `published`, after one of the day `since`."""

    evidence: Evidence
    published: date
    since: date
    as_of: date
    analysis: Analysis
    news: News


def look(evidence: Evidence, published: date, since: date, said: Verdicts | None = None) -> Look:
    """Measure the gap for a brief of a day; raises UsageError where there is nothing to measure.

    `said` are the verdicts that the last brief told, of the data of then; without them they are those as of its day by
    the data of now.

    The figures are as of that day, or of the newest complete data where this is older. The index alone is not enough:
    before an open model has matched a level that counts, there is no gap to tell of.
    """
    as_of, boards = _asked(evidence, published)
    analysis = analyse(evidence, boards, as_of.toordinal(), PARAMETERS)
    classes = analysis.classes.values()
    if not any(len(gap.points.board) for gap in classes) or all(gap.headline.months is None for gap in classes):
        raise UsageError(f"There is too little data for a figure as of {day(as_of)}; ask for the brief of a later day.")
    if said is None:
        last = min(since, as_of)
        said = verdicts(gaps(evidence, boards, last.toordinal(), PARAMETERS), last)
    news = replace(_news(evidence, analysis, published, since), turned=turns(said, verdicts(analysis, as_of)))
    return Look(evidence, published, since, as_of, analysis, news)


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


def _news(evidence: Evidence, found: Gaps, published: date, since: date) -> News:
    after = since.toordinal()
    raised = [level for level in found.crossings.unmatched if level.accepted and level.closed_day > after]
    until = min(published, evidence.newest_data)
    counted = np.isin(evidence.board, list(found.by_board)) & (evidence.day <= until.toordinal())
    came = np.zeros(len(evidence.day), dtype=np.bool_)
    if len(evidence.known_from):
        came = counted & (evidence.known_from > after) & (evidence.known_from <= published.toordinal())
    matched = [each for each in results(State(evidence, until, found)) if each.open_day > after]
    return News(
        tuple(sorted(matched, key=lambda each: (-each.open_day, -each.closed_day, -each.threshold))),
        tuple(sorted(raised, key=lambda level: (-level.closed_day, -level.threshold, level.board))),
        int(came.sum()),
        len(set(evidence.model[came].tolist())),
        len(set(evidence.model[counted & (evidence.day > after)].tolist())),
    )
