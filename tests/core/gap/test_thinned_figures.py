"""E5 on real figures: nothing is thinned where both sides are tested alike, else the side that is tested more often."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from core.evidence.evidence import Evidence
from core.gap.analysis import gaps
from core.gap.parameters import CLUSTERED_2
from core.gap.thinned_figures import measured_rates, thinned_classes
from tests import toy
from tests.core.gap.whole import headline_boards, whole

ANY = replace(CLUSTERED_2, min_open_models=1)
NEWEST = date(2026, 8, 22).toordinal()
BOARDS = ("b0", "b1", "b2")


def made(*, closed_on: int, open_on: int) -> tuple[Evidence, np.ndarray, int]:
    """Models that take turns, each at its side's record on the index; one in so many is tested on each board."""
    rows: dict[str, list[toy.Row]] = {name: [] for name in (*BOARDS, "eci")}
    for number in range(120):
        side = "open" if number % 2 else "closed"
        row = (f"{side}-{number}", (toy.START + timedelta(4 * number)).isoformat(), side, 5.0 + 0.7 * number)
        rows["eci"].append(row)
        for place, name in enumerate(BOARDS):
            if (number // 2 + place) % (open_on if number % 2 else closed_on) == 0:
                rows[name].append(row)
    known = whole(toy.evidence(rows))
    boards = np.array([n for n, board in enumerate(known.boards) if board.name in BOARDS])
    return known, boards, (toy.START + timedelta(480)).toordinal()


def test_rates_are_those_of_frontier_models_of_the_last_18_months(known: Evidence) -> None:
    """As method.md has them: private tests have tried 47 % of open and about 70 % of closed ones."""
    boards = headline_boards(known)
    private = np.array([known.boards[board].access == "private" for board in boards])
    rates = measured_rates(known, boards, NEWEST)
    closed, open_ = rates.tested[private].sum(axis=0) / rates.eligible[private].sum(axis=0)
    assert (0.6 < closed < 0.8, 0.4 < open_ < 0.55) == (True, True)


def test_sides_that_are_tested_alike_keep_their_figures() -> None:
    known, boards, as_of = made(closed_on=1, open_on=1)
    raw = gaps(known, boards, as_of, ANY)
    [(name, found)] = thinned_classes(known, raw, as_of, ANY).items()
    assert found.rates == (1.0, 1.0)
    assert found.standing.months == pytest.approx(raw.classes[name].standing.figure.months, abs=0.15)
    assert found.catch_up.months == pytest.approx(raw.classes[name].catch_up.months, abs=0.15)


def test_closed_models_that_are_tested_more_often_are_thinned_which_lowers_both_measures() -> None:
    known, boards, as_of = made(closed_on=1, open_on=3)
    raw = gaps(known, boards, as_of, ANY)
    [(name, found)] = thinned_classes(known, raw, as_of, ANY).items()
    assert found.rates == (pytest.approx(1.0), pytest.approx(1 / 3, abs=0.02))
    assert found.standing.months < raw.classes[name].standing.figure.months
    assert found.catch_up.months < raw.classes[name].catch_up.months
    assert found.standing.low < found.standing.months < found.standing.high


def test_without_an_index_nothing_is_thinned() -> None:
    known, boards, as_of = made(closed_on=1, open_on=3)
    renamed = tuple(replace(board, benchmark_id=board.benchmark_id.replace("eci", "other")) for board in known.boards)
    bare = replace(known, boards=renamed)
    assert thinned_classes(bare, gaps(bare, boards, as_of, ANY), as_of, ANY) == {}
