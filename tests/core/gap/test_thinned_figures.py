"""E5 on real figures: nothing is thinned where both sides are tested alike, else the side that is tested more often."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from core.evidence.evidence import Evidence
from core.gap.analysis import analyse, gaps
from core.gap.parameters import CLUSTERED_1, CLUSTERED_2
from core.gap.thinned_figures import measured_rates, thinned_classes, thinned_difference
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


def two_kinds(*, open_on_private: int) -> tuple[Evidence, np.ndarray, int]:
    """Three private and three public boards with the same lag; open models are tested on one in so many private."""
    names, rng = [f"b{n}" for n in range(6)], np.random.default_rng(0)
    rows: dict[str, list[toy.Row]] = {name: [] for name in (*names, "eci")}
    for number in range(160):
        side = "open" if number % 2 else "closed"
        row = (f"{side}-{number}", (toy.START + timedelta(4 * number)).isoformat(), side, 5.0 + 0.5 * number)
        rows["eci"].append(row)
        for place, name in enumerate(names):
            if not (number % 2 and place < 3) or rng.random() < 1 / open_on_private:
                rows[name].append(row)
    known = whole(toy.evidence(rows, private=names[:3]))
    boards = np.array([n for n, board in enumerate(known.boards) if board.name in names])
    return known, boards, (toy.START + timedelta(640)).toordinal()


def test_kinds_of_tests_that_are_tested_alike_keep_their_difference() -> None:
    known, boards, as_of = two_kinds(open_on_private=1)
    raw = analyse(known, boards, as_of, ANY)
    found = thinned_difference(known, raw, as_of, ANY)
    assert found.months == pytest.approx(raw.difference.months, abs=0.05)
    assert (found.window_from, found.window_until) == (raw.difference.window_from, raw.difference.window_until)


def test_a_difference_that_unequal_testing_alone_makes_goes_where_both_sides_are_tested_as_often() -> None:
    known, boards, as_of = two_kinds(open_on_private=4)
    raw = analyse(known, boards, as_of, ANY)
    found = thinned_difference(known, raw, as_of, ANY)
    assert raw.difference.months > 0.1
    assert abs(found.months) < raw.difference.months / 2


def test_swapped_kinds_of_tests_give_the_same_difference_with_the_other_sign(known: Evidence) -> None:
    boards, as_of = headline_boards(known), known.newest_data.toordinal()
    kind = {"private": "public", "public": "private"}
    swapped = replace(known, boards=tuple(replace(board, access=kind[board.access]) for board in known.boards))
    one, other = (
        thinned_difference(each, gaps(each, boards, as_of, CLUSTERED_2), as_of, CLUSTERED_2)
        for each in (known, swapped)
    )
    assert other.months == pytest.approx(-one.months)
    assert (other.low, other.high) == (pytest.approx(-one.high), pytest.approx(-one.low))


def test_a_difference_needs_both_kinds_and_a_window_that_they_share(known: Evidence) -> None:
    boards, as_of = headline_boards(known), known.newest_data.toordinal()
    private = boards[[known.boards[board].access == "private" for board in boards]]
    assert thinned_difference(known, gaps(known, private, as_of, CLUSTERED_2), as_of, CLUSTERED_2).months is None
    assert thinned_difference(known, gaps(known, boards, as_of, CLUSTERED_1), as_of, CLUSTERED_1).months is None


def test_without_an_index_nothing_is_thinned() -> None:
    known, boards, as_of = made(closed_on=1, open_on=3)
    renamed = tuple(replace(board, benchmark_id=board.benchmark_id.replace("eci", "other")) for board in known.boards)
    bare = replace(known, boards=renamed)
    assert thinned_classes(bare, gaps(bare, boards, as_of, ANY), as_of, ANY) == {}
    assert thinned_difference(bare, gaps(bare, boards, as_of, ANY), as_of, ANY).months is None
