"""Paper-and-pencil checks of the reference: every expected figure here was worked out by hand."""

from __future__ import annotations

import math
from datetime import date, timedelta

from tests.reference import (
    BELOW_FLOOR,
    MONTH_DAYS,
    NOT_ON_LIST,
    Board,
    Crossing,
    OpenOnly,
    Score,
    crossings,
    forward_times,
    kaplan_meier,
    kish,
    km_median,
    km_share_by,
    percentile,
    permutation_p,
    study_band,
    trend,
)

START = date(2025, 1, 1)


def closed(model: str, released: date, score: float) -> Score:
    return Score(model, released, False, score)


def opened(model: str, released: date, score: float) -> Score:
    return Score(model, released, True, score)


def point(days: int, gap_months: float) -> Crossing:
    """A point `days` after START with a given gap; its models do not matter."""
    return Crossing(1.0, "c", START, "o", START + timedelta(days=days), gap_months, True, None)


# o-0 to o-3 make up the five open models and reach nothing above 10. Ten scores in all.
BOARD = Board(
    name="hand",
    thresholds=(20.0, 30.0, 40.0, 50.0, 60.0, 70.0),
    scores=(
        opened("o-0", date(2024, 1, 1), 5),
        opened("o-1", date(2024, 1, 1), 6),
        opened("o-2", date(2024, 1, 1), 8),
        opened("o-3", date(2024, 1, 1), 10),
        closed("o1-preview", date(2024, 9, 12), 42),
        closed("tied, listed second", date(2024, 9, 12), 49),
        opened("R1", date(2025, 1, 20), 35),
        closed("c-3", date(2025, 3, 1), 65),
        opened("o-5", date(2025, 3, 31), 50),
        closed("c-4", date(2025, 4, 10), 30),
    ),
    accepted=None,
)


def test_crossings_by_hand() -> None:
    """20, 30: o1-preview to R1. 40: o1-preview to o-5. 50: c-3 to o-5. 60: c-3, pending. 70: nobody."""
    points, pending, open_only, reason = crossings(BOARD, date(2025, 12, 31))
    assert reason is None
    assert open_only == []
    assert [(p.threshold, p.closed_model, p.open_model) for p in points] == [
        (30.0, "o1-preview", "R1"),
        (40.0, "o1-preview", "o-5"),
        (50.0, "c-3", "o-5"),
    ]
    assert [round(p.gap_months * MONTH_DAYS) for p in points] == [130, 200, 30]
    assert round(points[0].gap_months, 1) == 4.3
    assert all(p.accepted and p.reason is None for p in points)
    (level,) = pending
    assert (level.threshold, level.closed_model, level.accepted) == (60.0, "c-3", True)
    assert level.newest_data == date(2025, 4, 10)  # the board's data end long before the as-of date
    assert math.isclose(level.age_months * MONTH_DAYS, 40)


def test_as_of_turns_points_pending_and_few_open_models_give_nothing() -> None:
    """On 2025-03-10 there is no o-5: 40 is pending, and 50 and 60 are one pending level, c-3's."""
    points, pending, _, _ = crossings(BOARD, date(2025, 3, 10))
    assert [(p.threshold, p.open_model) for p in points] == [(30.0, "R1")]
    assert [(p.threshold, p.closed_model) for p in pending] == [(40.0, "o1-preview"), (60.0, "c-3")]
    assert math.isclose(pending[0].age_months * MONTH_DAYS, 170)  # to 2025-03-01, the newest score by then
    assert pending[1].age_months == 0
    nothing = crossings(BOARD, date(2025, 1, 19))
    assert nothing == ([], [], [], "4 open models, fewer than 5")


def test_open_led_open_only_and_float_thresholds() -> None:
    """0.57 * 100 is 56.99999999999999 and reaches 57. Open leads by 31 days, alone at 60 and 70."""
    board = Board(
        "lead",
        (57.0, 60.0, 70.0),
        (
            *BOARD.scores[:4],
            opened("o-lead", date(2025, 1, 1), 0.57 * 100),
            opened("o-top", date(2025, 1, 5), 70),
            closed("c", date(2025, 2, 1), 58),
        ),
        None,
    )
    points, pending, open_only, _ = crossings(board, date(2025, 12, 31))
    assert 0.57 * 100 < 57
    assert [(p.threshold, p.open_model) for p in points] == [(57.0, "o-lead")]
    assert math.isclose(points[0].gap_months * MONTH_DAYS, -31)
    assert pending == []
    assert open_only == [OpenOnly(70.0, "o-top", date(2025, 1, 5))]


def test_list_binds_what_was_complete_by_its_date_and_the_floor_the_rest() -> None:
    """A pair counts if any threshold it spans is listed; after the list's date only the floor speaks."""
    assert math.isclose(percentile([s.score for s in BOARD.scores], 10), 5.9)  # position 0.9 between 5 and 6
    listed = Board("listed", BOARD.thresholds, BOARD.scores, frozenset({20.0, 50.0}))
    points, pending, _, _ = crossings(listed, date(2025, 12, 31))
    assert [(p.threshold, p.accepted, p.reason) for p in points] == [
        (30.0, True, None),  # 20 is on the list, and the same pair spans 20 and 30
        (40.0, False, NOT_ON_LIST),
        (50.0, True, None),
    ]
    assert pending[0].accepted  # 60 is not on the list, which says nothing of levels not yet crossed
    points, _, _, _ = crossings(listed, date(2025, 12, 31), list_binds_until=date(2025, 3, 30))
    assert [p.accepted for p in points] == [True, True, True]  # 40 and 50 were complete a day later: floor
    points, pending, _, _ = crossings(BOARD, date(2025, 12, 31), floor_percentile=100)  # floor 65
    assert [(p.accepted, p.reason) for p in points] == [(False, BELOW_FLOOR)] * 3
    assert (pending[0].accepted, pending[0].reason) == (False, BELOW_FLOOR)
    exact = Board("exact", (65.0,), BOARD.scores, None)  # a threshold at the floor is not above it
    assert not crossings(exact, date(2025, 12, 31), floor_percentile=100)[1][0].accepted


def test_trend_by_hand() -> None:
    """Points at days 0, 0, 60 and 130; one bandwidth away weighs exp(-1/2)."""
    points = [point(0, 2.0), point(0, 4.0), point(60, 9.0), point(130, 1.0)]
    line = trend(points)
    assert [line[0][0], line[1][0], line[-1][0]] == [START, START + timedelta(7), START + timedelta(126)]
    near, far = math.exp(-0.5), math.exp(-0.5 * (130 / 60) ** 2)
    assert math.isclose(line[0][1], (2 + 4 + 9 * near + far) / (2 + near + far))
    assert line[-1][1] is None  # at day 126 about 1.00 + 0.55 + 2 * 0.11 = 1.76, less than 2
    assert trend([]) == []
    assert trend([point(0, 3.0)]) == [(START, None)]


def test_kish_by_hand() -> None:
    """Weights 3 and 1 give 16 / 10; one bandwidth away both shrink alike; no points, no benchmarks."""
    rows = [("a", point(0, 1.0)), ("a", point(0, 2.0)), ("a", point(0, 3.0)), ("b", point(0, 4.0))]
    assert math.isclose(kish(rows, START, 60), 1.6)
    assert math.isclose(kish(rows, START + timedelta(60), 60), 1.6)
    assert math.isclose(kish([("a", point(0, 1.0)), ("b", point(0, 1.0))], START, 60), 2)
    assert kish([], START, 60) == 0


def test_study_band_by_hand() -> None:
    """Two points on one day: a draw gives 0, 5, 5 or 10, each a quarter. Equal gaps leave no width."""
    rows = study_band([point(0, 0.0), point(0, 10.0)], 2000, 1, 0.90)
    assert rows == [(START, 0.0, 10.0)]  # 25 % of the draws sit at each end, far more than 5 %
    assert study_band([point(0, 0.0), point(0, 10.0)], 2000, 1, 0.40) == [(START, 5.0, 5.0)]  # 30th to 70th
    for _, low, high in study_band([point(0, 3.0), point(10, 3.0)], 50, 2, 0.90):
        assert math.isclose(low, 3)
        assert math.isclose(high, 3)
    assert study_band([], 10, 1, 0.90) == []


def test_kaplan_meier_by_hand() -> None:
    """At risk 6, 5, 3: 5/6, then 4/5 and 2/3 of it; the case censored at 2 is still at risk at 2."""
    times, events = [1.0, 2.0, 2.0, 4.0, 5.0, 6.0], [True, True, False, True, False, False]
    curve = kaplan_meier(times, events)
    assert [t for t, _ in curve] == [1.0, 2.0, 4.0]
    assert all(math.isclose(s, hand) for (_, s), hand in zip(curve, [5 / 6, 2 / 3, 4 / 9], strict=True))
    assert km_median(times, events) == 4.0
    assert km_median(times[:3], [True, False, False]) is None
    assert km_median([1.0, 2.0, 3.0, 4.0], [True] * 4) == 2.0  # S(2) is a half exactly
    assert km_share_by(times, events, 0.5) == 0
    assert math.isclose(km_share_by(times, events, 2.0), 1 / 3)
    assert math.isclose(km_share_by(times, events, 99.0), 5 / 9)
    found = crossings(BOARD, date(2025, 12, 31))
    days = [round(t * MONTH_DAYS) for t in forward_times(found[0], found[1])[0]]
    assert days == [130, 200, 30, 40]
    assert forward_times([point(0, -3.0)], []) == ([0.0], [True])


def test_permutation_p_by_hand() -> None:
    """Four boards, two private: 6 relabellings. The top pair ties with its mirror; a and d with all 6."""
    values = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0}
    assert math.isclose(permutation_p(values, {"c", "d"}), 2 / 6)
    assert permutation_p(values, {"a", "d"}) == 1.0
    assert math.isclose(permutation_p(values, {"b", "d"}), 4 / 6)  # differences 2, 2, 1, 1, 0, 0
    assert math.isclose(permutation_p(values, {"d"}), 2 / 4)  # d alone is as far out as a alone
