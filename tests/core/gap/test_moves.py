"""What changed between two days: moves and sets add up over periods, and revision is apart from news."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence.evidence import Board, Evidence, Model, Records
from core.gap.analysis import analyse
from core.gap.board_life import continuing_boards
from core.gap.crossings import Crossing
from core.gap.moves import FIRST_RECORDED, Changes, State, accepted_unmatched, changes_between, knowledge_day
from core.gap.parameters import DEFAULT
from tests import toy
from tests.core.gap.whole import headline_boards

KNOWN = date(2026, 9, 30)
NEVER = date.max
Row = tuple[str, str, str, float, str]
"""A score: model, release day, side, score in percent, the day from which it is known."""


def between(evidence: Evidence, since: date, until: date, *, one_knowledge: bool = False) -> Changes:
    return changes_between(evidence, headline_boards(evidence), since, until, DEFAULT, one_knowledge=one_knowledge)


def records(
    boards: dict[str, Sequence[Row]], snapshots: Sequence[str], superseded: dict[tuple[str, float], str] | None = None
) -> Evidence:
    """Make evidence that remembers when each score was known; `superseded` ends a model's score on a day."""
    scores = toy.evidence({name: [row[:4] for row in rows] for name, rows in boards.items()})
    ordered = [row for rows in boards.values() for row in sorted(rows, key=lambda row: row[1])]
    ends = [(superseded or {}).get((row[0], row[3]), NEVER.isoformat()) for row in ordered]
    known_from, until = (
        np.array([date.fromisoformat(day).toordinal() for day in days]) for days in ([row[4] for row in ordered], ends)
    )
    days = [date.fromisoformat(day) for day in snapshots]
    records = Records(
        "toy", scores.boards, scores.models, scores.board, scores.model, scores.day, scores.is_open, scores.score,
        known_from, until, np.full(len(ends), np.nan), np.zeros(len(ends), dtype=np.bool_),
        (), (), (), tuple(days), days[0], days[-1], (), (), (),
    )  # fmt: skip
    return records.known_by(days[-1])


def race() -> dict[str, list[Row]]:
    """Make three boards on which each level is reached by closed, and 100 to 120 days later by open models.

    All are known from 1 May 2026, or from their release.
    """
    rows: dict[str, list[Row]] = {}
    for board in range(3):
        rows[f"B{board}"] = []
        for number in range(10):
            closed = date(2025, 5, 1) + timedelta(days=35 * number)
            for side, day in (("closed", closed), ("open", closed + timedelta(days=100 + 10 * board))):
                latest = max(date(2026, 5, 1), day)
                score = 5.0 * number + 6
                rows[f"B{board}"].append((f"{side}-{number}-B{board}", str(day), side, score, str(latest)))
    return rows


SNAPSHOTS = ("2026-05-01", "2026-05-15", "2026-06-01", "2026-06-20", "2026-07-10")


# ---- the state of a day


@pytest.mark.parametrize(
    ("day", "revised"),
    [
        (FIRST_RECORDED - timedelta(days=1), FIRST_RECORDED),
        (date(2026, 6, 12), date(2026, 6, 12)),
        (date(2026, 11, 25), KNOWN),
    ],
)
def test_a_day_is_seen_with_what_was_known_then_but_not_before_the_first_snapshot(
    evidence: Evidence, day: date, revised: date
) -> None:
    assert knowledge_day(evidence, day) == revised


def test_a_day_between_two_snapshots_has_the_newest_data_before_it(evidence: Evidence) -> None:
    changes = between(evidence, date(2026, 5, 10), date(2026, 5, 21))
    assert (changes.first.as_of, changes.last.as_of) == (date(2026, 4, 27), date(2026, 5, 20))
    assert (changes.first.evidence.known_by, changes.last.evidence.known_by) == (date(2026, 5, 10), date(2026, 5, 21))


# ---- all adds up

DAYS = st.dates(date(2023, 6, 1), KNOWN)


@given(st.lists(DAYS, min_size=3, max_size=3, unique=True).map(sorted), st.booleans())
@pytest.mark.slow
def test_two_periods_add_up_to_the_whole(evidence: Evidence, days: list[date], one_knowledge: bool) -> None:
    first, second, whole = (
        between(evidence, since, until, one_knowledge=one_knowledge)
        for since, until in ((days[0], days[1]), (days[1], days[2]), (days[0], days[2]))
    )
    for name, move in whole.moves.items():
        parts = [period.moves[name].total.months for period in (first, second)]
        if None not in parts:
            assert move.total.months == pytest.approx(sum(parts), abs=1e-9)
    results, scores = net_results(first), net_unmatched(first)
    results.update(net_results(second))
    scores.update(net_unmatched(second))
    going_on = counted(whole.last)
    assert {key: value for key, value in results.items() if value} == net_results(whole)
    assert {key: value for key, value in scores.items() if value and key[0] in going_on} == net_unmatched(whole)


def counted(state: State) -> frozenset[Board]:
    """Return the boards whose unmatched scores are counted on a state's day."""
    return continuing_boards(state.evidence, headline_boards(state.evidence), state.as_of.toordinal())


def crossings_of(state: State) -> set[Crossing]:
    """Return a state's results as a change has them."""
    return set(state.crossings.accepted(state.evidence))


def net_results(changes: Changes) -> Counter[Crossing]:
    """Return how often each result came, less how often it went, by news and by revision."""
    net = Counter([*changes.added, *changes.revised_in])
    net.subtract([*changes.removed, *changes.revised_out])
    return Counter({key: value for key, value in net.items() if value})


def net_unmatched(changes: Changes) -> Counter[tuple[Board, Model]]:
    net = Counter((level.board, level.closed) for level in changes.newly_unmatched)
    net.subtract((level.board, level.closed) for level in changes.no_longer_unmatched)
    return net


@given(st.lists(DAYS, min_size=2, max_size=2, unique=True).map(sorted), st.booleans())
@pytest.mark.slow
def test_revision_and_news_add_up_to_the_move_and_the_sets_to_the_states(
    evidence: Evidence, days: list[date], one_knowledge: bool
) -> None:
    changes = between(evidence, days[0], days[1], one_knowledge=one_knowledge)
    for move in changes.moves.values():
        if move.total.months is not None and move.revision is not None and move.news is not None:
            assert move.total.months == pytest.approx(move.revision + move.news, abs=1e-9)
            assert move.total.months == pytest.approx(move.after.months - move.before.months, abs=1e-9)
    was, revised, now = (crossings_of(state) for state in (changes.first, changes.revised, changes.last))
    assert (was - set(changes.revised_out)) | set(changes.revised_in) == revised
    assert (revised - set(changes.removed)) | set(changes.added) == now
    assert changes.revised.as_of == changes.first.as_of
    assert changes.revised.evidence.known_by == changes.last.evidence.known_by
    if one_knowledge:
        assert changes.revised_in == changes.revised_out == ()
        assert all(move.revision in (0.0, None) for move in changes.moves.values())


# ---- news and revision, on paper


def test_models_released_in_the_period_are_news() -> None:
    """Nothing is late; new scores raise the floor over the lowest levels, which is news too."""
    changes = between(records(race(), SNAPSHOTS), date(2026, 5, 15), date(2026, 6, 1))
    assert changes.revised_in == changes.revised_out == ()
    assert {result.threshold for result in changes.removed} == {10.0}
    assert len(changes.added) > 0
    assert changes.scores.of_new >= len(changes.added)
    assert changes.scores.of_older == changes.scores.replaced == 0
    assert all(date(2026, 5, 15) < date.fromordinal(result.open.day) <= date(2026, 6, 1) for result in changes.added)
    assert {level.threshold for level in changes.no_longer_unmatched} <= {result.threshold for result in changes.added}


def test_a_corrected_score_takes_its_result_and_is_counted_as_replaced() -> None:
    rows = race()
    released = next(row[1] for row in rows["B0"] if row[0] == "open-3-B0")
    rows["B0"].append(("open-3-B0", released, "open", 1.0, "2026-06-20"))
    revised = records(rows, SNAPSHOTS, {("open-3-B0", 21.0): "2026-06-20"})
    changes = between(revised, date(2026, 6, 1), date(2026, 6, 20))
    assert "open-3-B0" in {crossing.open.name for crossing in changes.revised_out}
    assert changes.scores.replaced == 1


def test_scores_of_models_after_the_last_complete_data_do_not_count_yet() -> None:
    rows = race()
    rows["B0"].append(("open-next", "2026-07-20", "open", 80.0, "2026-07-10"))
    changes = between(records(rows, SNAPSHOTS), date(2026, 6, 1), date(2026, 7, 10))
    assert changes.scores.of_later == 1
    assert 80.0 not in {leader.after.score for leader in changes.leaders if leader.after}


def test_unmatched_scores_are_those_of_the_analysis_and_of_boards_that_go_on(evidence: Evidence) -> None:
    changes = between(evidence, date(2026, 3, 1), KNOWN)
    boards = counted(changes.last)
    analysis = analyse(evidence, headline_boards(evidence), changes.last.as_of.toordinal(), DEFAULT)
    after = accepted_unmatched(changes.last.crossings, boards)
    assert {(level.board, level.closed) for level in analysis.unmatched} == set(after)
    before = accepted_unmatched(changes.first.crossings, boards)
    assert len(before) + len(changes.newly_unmatched) - len(changes.no_longer_unmatched) == len(after)
    ended = [board.name for board in evidence.boards if board.headline and board not in boards]
    assert "FictionLiveBench (120k)" in ended
    assert "FrontierMath" in ended, "it has a successor"
