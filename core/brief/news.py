"""Measure what a brief reports: the gap on its day and at the last brief, and what came in between."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from math import inf
from typing import Literal

import numpy as np

from core.brief.verdicts import Turn, Verdict, find_turn
from core.dataclass import dataclass
from core.errors import UsageError
from core.evidence.evidence import Board, Evidence, Model
from core.gap.analysis import Analysis, analyse
from core.gap.board_life import continuing_boards, last_complete_day
from core.gap.crossings import Crossing, Unmatched, find_crossings
from core.gap.parameters import DEFAULT
from core.questions import selection
from core.words import day

Side = Literal["open", "closed"]
PARAMETERS = DEFAULT
"""The method of every brief."""
LOOK_BACK = timedelta(days=180)
"""Tests score models weeks or months late. A model that came out longer than this before the newest data is not
news."""


def complete_day(evidence: Evidence) -> date:
    """Return the last day with complete data; briefs do not say that anything is absent after it."""
    return date.fromordinal(last_complete_day(evidence, PARAMETERS))


@dataclass(frozen=True)
class News:
    """What came in since the last brief, newest first.

    `matched` are results that count, `raised` levels that closed models reached and open models have not. `n_scores`
    counts the scores on headline benchmarks that became known. `turn` is the verdict on the direction if it changed,
    `last` the newest result from before. `outdone` are models on tests where another model of their side had a higher
    level on the same day: at the day's end they held no record.
    """

    matched: tuple[Crossing, ...]
    raised: tuple[Unmatched, ...]
    n_scores: int = 0
    turn: Turn | None = None
    last: Crossing | None = None
    outdone: frozenset[tuple[Board, Model]] = frozenset()

    @property
    def is_any(self) -> bool:
        """Whether there is something to report; scores without a record do not count."""
        return bool(self.records or self.turn)

    @property
    def records(self) -> tuple[Crossing | Unmatched, ...]:
        """Return the levels that were records at the end of their day."""
        reached: tuple[Crossing | Unmatched, ...] = (*self.matched, *self.raised)
        return tuple(level for level in reached if (level.board, first_model(level)[1]) not in self.outdone)


@dataclass(frozen=True)
class Group:
    """The levels that one model was the first of its side to reach.

    For an open model these are its matches; for a closed model, levels that no open model has matched. `lead` is the
    level that a brief names: the highest on the test with most of the model's levels, private tests first. `tests`
    counts its tests by class.
    """

    model: Model
    side: Side
    lead: Crossing | Unmatched
    tests: Counter[str]


def first_model(level: Crossing | Unmatched) -> tuple[Side, Model]:
    """Return the first model of its side at a level, and the side."""
    return ("closed", level.closed) if isinstance(level, Unmatched) else ("open", level.open)


def news_groups(news: News) -> tuple[Group, ...]:
    """Return the news by model, sorted by number of tests with a record, then private ones, then levels."""
    levels: dict[tuple[Side, Model], list[Crossing | Unmatched]] = {}
    highest: dict[tuple[Side, Board], float] = {}
    for level in news.records:
        side, model = first_model(level)
        levels.setdefault((side, model), []).append(level)
        highest[side, level.board] = max(level.threshold, highest.get((side, level.board), -inf))
    weighted = []
    for (side, model), of_model in levels.items():
        taken = Counter(level.board for level in of_model)
        private = {board for board in taken if board.access == "private"}
        held = {level.board for level in of_model if level.threshold == highest[side, level.board]}
        lead = max(of_model, key=lambda level: (level.board in private, taken[level.board], level.threshold))
        tests = Counter(board.access for board in taken)
        weighted.append(((len(held), len(held & private), len(of_model)), Group(model, side, lead, tests)))
    return tuple(group for _, group in sorted(weighted, key=lambda pair: pair[0], reverse=True))


@dataclass(frozen=True)
class Look:
    """The gap as of `as_of`, for a brief of the day `published` after the last brief's day, `since`.

    Data are complete up to `complete_to`, the day of the verdict. `stated` is the verdict in the last brief, if any.
    """

    evidence: Evidence
    published: date
    since: date
    as_of: date
    complete_to: date
    analysis: Analysis
    news: News
    stated: Verdict | None


def look(
    evidence: Evidence, published: date, since: date, stated: Verdict | None = None, known: date | None = None
) -> Look:
    """Measure the gap for a day's brief; raises UsageError if there is nothing to measure.

    `stated` is the verdict in the last brief; without one, the state on the day `since` is used. `known` is the day up
    to which the last brief knew the data. With it, later scores of models from before `since` are news too, and so are
    all levels of models that became known to be open after it.

    The figures are as of that day, or as of the newest data if these are older. The index alone is not enough: until an
    open model has matched a level that counts, there is no gap to report.
    """
    seen = glance(evidence, published, since, stated, known)
    classes = seen.analysis.classes.values()
    if not any(len(gap.points.board) for gap in classes) or all(gap.headline.months is None for gap in classes):
        raise UsageError(
            f"There is too little data for a figure as of {day(seen.as_of)}; ask for the brief of a later day."
        )
    return seen


def glance(
    evidence: Evidence, published: date, since: date, stated: Verdict | None = None, known: date | None = None
) -> Look:
    """Measure the gap for the title of a day's brief or for milestones, as `look` does; there may be no figure."""
    as_of = min(published, evidence.newest_data)
    boards = selection.boards(evidence, None)
    selection.check_first(evidence, boards, as_of)
    measured = analyse(evidence, boards, as_of.toordinal(), PARAMETERS)
    turn = find_turn(measured.direction, since, stated)
    news = replace(_find_news(evidence, measured, published, since, known), turn=turn)
    return Look(evidence, published, since, as_of, min(as_of, complete_day(evidence)), measured, news, stated)


def _find_news(evidence: Evidence, analysis: Analysis, published: date, since: date, known: date | None) -> News:
    after = since.toordinal()
    until = min(published, evidence.newest_data)
    counted = np.isin(evidence.board, analysis.scope.boards) & (evidence.day <= until.toordinal())
    came = np.zeros(len(evidence.day), dtype=np.bool_)
    if len(evidence.known_from):
        came = counted & (evidence.known_from > after) & (evidence.known_from <= published.toordinal())
    late = {} if known is None else _late_levels(evidence, analysis, until, known, published)
    newest_first = sorted(
        analysis.crossings.accepted(evidence),
        key=lambda result: (-result.open.day, -result.closed.day, -result.threshold),
    )
    matched = [
        result
        for result in newest_first
        if result.open.day > after or result.threshold > late.get((result.board, result.open), inf)
    ]
    counted_boards = continuing_boards(evidence, analysis.scope.boards, until.toordinal())
    raised = [
        level
        for level in analysis.crossings.unmatched
        if level.accepted
        and level.board in counted_boards
        and (level.closed.day > after or level.threshold > late.get((level.board, level.closed), inf))
    ]
    return News(
        tuple(matched),
        tuple(sorted(raised, key=lambda level: (-level.closed.day, -level.threshold))),
        int(came.sum()),
        last=next((result for result in newest_first if result.open.day <= after), None),
        outdone=_find_outdone([*newest_first, *(level for level in analysis.crossings.unmatched if level.accepted)]),
    )


def _find_outdone(levels: Iterable[Crossing | Unmatched]) -> frozenset[tuple[Board, Model]]:
    """Return models, each with a test on which another model of its side and day reached a higher level."""
    reached = [(level.board, *first_model(level)) for level in sorted(levels, key=lambda level: level.threshold)]
    best = {(board, side, model.day): model for board, side, model in reached}
    return frozenset((board, model) for board, side, model in reached if best[board, side, model.day] != model)


def _late_levels(
    evidence: Evidence, analysis: Analysis, until: date, known: date, published: date
) -> dict[tuple[Board, Model], float]:
    """Return what became known after a day: board and model, with the highest level known for the pair before.

    Tests score models weeks after their release, and a model's openness becomes known later still: what a brief could
    not know is news in the next one. A board without any data by that day has no late levels, because its whole past is
    new.
    """
    if not len(evidence.known_from):
        return {}
    after, last = known.toordinal(), published.toordinal()
    opened = [n for n, model in enumerate(evidence.models) if model.is_open and after < model.openness_from <= last]
    came = (evidence.known_from > after) | np.isin(evidence.model, opened)
    came &= evidence.known_from <= last
    came &= (evidence.day > (until - LOOK_BACK).toordinal()) & np.isin(evidence.board, analysis.scope.boards)
    before = evidence.as_known_by(known).without(opened)
    came &= np.isin(evidence.board, before.board)
    if not came.any():
        return {}
    boards = np.intersect1d(analysis.scope.boards, before.board)
    was = find_crossings(before, boards, until.toordinal(), PARAMETERS)
    reached = [
        *(
            (match.board, model, match.threshold)
            for match in was.accepted(before)
            for model in (match.open, match.closed)
        ),
        *((level.board, level.closed, level.threshold) for level in was.unmatched if level.accepted),
    ]
    highest: dict[tuple[Board, Model], float] = {}
    for board, model, level in reached:
        highest[board, model] = max(level, highest.get((board, model), -inf))
    pairs = zip(evidence.board[came].tolist(), evidence.model[came].tolist(), strict=True)
    late = ((evidence.boards[board], evidence.models[model]) for board, model in pairs)
    return {pair: highest.get(pair, -inf) for pair in late}
