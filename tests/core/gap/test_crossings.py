"""E1: first crossers, lags, acceptance, pending levels, and the laws that they obey."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence.evidence import Evidence
from core.gap.crossings import (
    BELOW_FLOOR,
    FEW_OPEN,
    LEFT_CENSORED,
    NOT_ON_LIST,
    Crossings,
    find_crossings,
    list_crossings,
)
from core.gap.parameters import CLUSTERED_1, CLUSTERED_2, MONTH_DAYS, Parameters
from tests import reference, toy
from tests.core.gap.whole import shifted, swapped

ANY = replace(CLUSTERED_2, min_open_models=1, floor_percentile=0.0)
END = date(2026, 12, 31)


def cross(evidence: Evidence, as_of: date = END, parameters: Parameters = ANY) -> Crossings:
    return find_crossings(evidence, toy.all_boards(evidence), as_of.toordinal(), parameters)


def pairs(evidence: Evidence, crossings: Crossings) -> set[tuple[float, str, str, float]]:
    return {
        (crossing.threshold, crossing.closed.model_id, crossing.open.model_id, round(crossing.months, 9))
        for crossing in list_crossings(evidence, crossings.points)
    }


def test_on_paper() -> None:
    """One pair over several levels is one point at the highest; 130 days are 4.3 months."""
    rows = [
        ("weak", "2023-01-01", "closed", 4.0),
        ("o1-preview", "2024-09-12", "closed", 36.0),
        ("early-open", "2024-10-01", "open", 12.0),
        ("DeepSeek-R1", "2025-01-20", "open", 36.0),
        ("strong", "2025-02-01", "closed", 50.0),
        ("later", "2025-03-01", "closed", 1.0),
    ]
    evidence = toy.evidence({"b": rows})
    crossings = cross(evidence)
    assert pairs(evidence, crossings) == {
        (10.0, "o1-preview", "early-open", round(19 / MONTH_DAYS, 9)),
        (35.0, "o1-preview", "DeepSeek-R1", round(130 / MONTH_DAYS, 9)),
    }
    (level,) = crossings.unmatched
    assert (level.board.name, level.threshold, level.closed.model_id) == ("b", 50.0, "strong")
    assert level.age_months == pytest.approx(28 / MONTH_DAYS)  # to the board's newest model


@pytest.mark.parametrize(("score", "reaches"), [(0.35 * 100, True), (34.9999999999, True), (34.99, False)])
def test_an_exact_hit_reaches_the_level_but_for_float_noise(score: float, reaches: bool) -> None:
    evidence = toy.evidence({"b": [("c", "2024-01-01", "closed", score), ("o", "2024-02-01", "open", 35)]})
    assert ((35.0, "c", "o") in {pair[:3] for pair in pairs(evidence, cross(evidence))}) == reaches


def test_a_list_decides_for_pairs_of_its_time_and_the_floor_later() -> None:
    rows = [("c", "2024-01-01", "closed", 40), ("o", "2024-02-01", "open", 20), ("late", "2026-06-01", "open", 40)]
    evidence = toy.evidence({"b": rows}, accepted=frozenset({35.0}))
    points = cross(evidence).points
    reasons = dict(zip((evidence.models[model].model_id for model in points.open), points.reason, strict=True))
    assert reasons == {"o": NOT_ON_LIST, "late": ""}


def test_a_level_at_the_floor_is_not_above_it() -> None:
    closed, top = ("c", "2024-01-01", "closed", 40), replace(ANY, floor_percentile=100.0)
    matched = cross(toy.evidence({"b": [closed, ("o", "2024-02-01", "open", 40)]}), parameters=top)
    waiting = cross(toy.evidence({"b": [closed, ("o", "2024-02-01", "open", 20)]}), parameters=top)
    assert list(matched.points.reason) == [BELOW_FLOOR]
    assert [(level.threshold, level.reason) for level in waiting.unmatched] == [(40.0, BELOW_FLOOR)]


def test_four_open_models_are_too_few_and_narrowing_the_open_side_does_not_make_them_fewer() -> None:
    closed = ("c", "2024-01-01", "closed", 40)
    four = toy.evidence({"b": [closed, *((f"o{n}", "2024-02-01", "open", 40) for n in range(4))]})
    crossings = cross(four, parameters=CLUSTERED_2)
    assert (len(crossings.points.months), crossings.states[four.boards[0]].reason) == (0, FEW_OPEN)
    five = toy.evidence({"b": [closed, *((f"o{n}", "2024-02-01", "open", 40 + n) for n in range(5))]})
    only = np.array([model.model_id == "o3" for model in five.models])
    narrowed = find_crossings(five, toy.all_boards(five), END.toordinal(), CLUSTERED_2, only)
    assert {five.models[model].model_id for model in narrowed.points.open} == {"o3"}


SECOND_EDITION = [
    ("o1", "2024-12-17", "closed", 15.0),
    ("o3", "2025-04-16", "closed", 33.0),
    ("qwen3.5-397b", "2026-02-13", "open", 30.0),  # the first open model that was tested on it
    ("kimi-k2.6", "2026-04-20", "open", 57.0),
    ("gpt-5", "2025-08-07", "closed", 55.0),
]


def succeeding(joins: date) -> Evidence:
    """A new version of a benchmark, tested on older models too, that was known from a day on."""
    evidence = toy.evidence({"b": SECOND_EDITION})
    return replace(evidence, boards=(replace(evidence.boards[0], joins=joins.toordinal()),))


def test_what_the_first_open_model_on_a_new_version_holds_is_left_censored() -> None:
    crossings = cross(succeeding(date(2026, 6, 10)))
    judged = dict(zip(crossings.points.threshold.tolist(), crossings.points.reason, strict=True))
    assert judged == {15.0: LEFT_CENSORED, 30.0: LEFT_CENSORED, 55.0: ""}
    assert crossings.points.accepted.tolist() == [reason == "" for reason in crossings.points.reason]


def test_which_open_model_is_first_is_judged_among_those_asked_for() -> None:
    evidence = succeeding(date(2026, 6, 10))
    kimi = np.array([model.model_id == "kimi-k2.6" for model in evidence.models])
    points = find_crossings(evidence, toy.all_boards(evidence), END.toordinal(), ANY, kimi).points
    assert set(points.reason) == {LEFT_CENSORED}


def test_a_new_version_joins_on_the_day_it_was_known_and_never_an_older_one() -> None:
    evidence = succeeding(date(2026, 6, 10))
    before, after = (cross(evidence, date(2026, 6, day)) for day in (9, 10))
    assert (len(before.points.months), before.unmatched, before.states[evidence.boards[0]].newest_day) == (0, (), None)
    assert pairs(evidence, after) == pairs(evidence, cross(evidence))


@given(toy.boards(), st.integers(1, 400))
def test_shifting_every_open_date_shifts_every_lag(rows: list[toy.Row], days: int) -> None:
    evidence = toy.evidence({"b": rows})
    later = shifted(evidence, days)
    expected = {(*pair, round(months + days / MONTH_DAYS, 6)) for *pair, months in pairs(evidence, cross(evidence))}
    assert {(*pair, round(months, 6)) for *pair, months in pairs(later, cross(later))} == expected


@given(toy.boards())
def test_a_monotone_map_of_scores_and_levels_changes_no_pair(rows: list[toy.Row]) -> None:
    evidence = toy.evidence({"b": rows})
    mapped = toy.evidence(
        {"b": [(name, day, side, score**2 / 10 + score) for name, day, side, score in rows]},
        levels=[level**2 / 10 + level for level in toy.LEVELS],
    )
    model_pairs = {pair[1:] for pair in pairs(evidence, cross(evidence))}
    assert {pair[1:] for pair in pairs(mapped, cross(mapped))} == model_pairs


@given(toy.boards())
def test_swapping_the_sides_turns_every_sign(rows: list[toy.Row]) -> None:
    evidence = toy.evidence({"b": rows})
    turned = swapped(evidence)
    if len({row[2] for row in rows}) == 2:
        expected = {(t, o, c, -months) for t, c, o, months in pairs(evidence, cross(evidence))}
        assert pairs(turned, cross(turned)) == expected


@given(toy.boards(), st.integers(0, 900))
def test_an_earlier_day_only_removes_points_or_turns_them_pending(rows: list[toy.Row], offset: int) -> None:
    evidence, day = toy.evidence({"b": rows}), toy.START + timedelta(days=offset)
    now = {pair[1:3] for pair in pairs(evidence, cross(evidence))}
    then = cross(evidence, day)
    assert {pair[1:3] for pair in pairs(evidence, then)} <= now
    assert (then.points.open_day <= day.toordinal()).all()
    assert all(level.newest_day <= day.toordinal() for level in then.unmatched)


@given(
    st.lists(toy.boards(min_size=1), min_size=1, max_size=3),
    st.integers(0, 1300),
    st.none() | st.frozensets(st.sampled_from(toy.LEVELS)),
)
def test_it_agrees_with_the_reference(
    boards: list[list[toy.Row]], offset: int, accepted: frozenset[float] | None
) -> None:
    evidence = toy.evidence({f"b{n}": rows for n, rows in enumerate(boards)}, accepted=accepted)
    assert_agrees(evidence, toy.START + timedelta(days=offset), CLUSTERED_1)


def assert_agrees(evidence: Evidence, as_of: date, parameters: Parameters) -> None:
    """Hold the crossings of every board against the slow reference: models, days, lags, acceptance, reasons."""
    crossings = cross(evidence, as_of, parameters)
    words = {"": None, BELOW_FLOOR: reference.BELOW_FLOOR, NOT_ON_LIST: reference.NOT_ON_LIST}
    for number in range(len(evidence.boards)):
        points, pending, open_only, _ = reference.crossings(
            toy.as_reference(evidence, number),
            as_of,
            min_open_models=parameters.min_open_models,
            floor_percentile=parameters.floor_percentile,
            list_binds_until=parameters.list_binds_until,
        )
        ours = crossings.points.select(crossings.points.board == number)
        days = (map(date.fromordinal, column.tolist()) for column in (ours.closed_day, ours.open_day))
        rows = zip(list_crossings(evidence, ours), *days, ours.months.tolist(), ours.accepted.tolist(), strict=True)
        assert sorted(
            (c.threshold, c.closed.model_id, closed_day, c.open.model_id, open_day, round(months, 9), accepted)
            for c, closed_day, open_day, months, accepted in rows
        ) == sorted(
            (p.threshold, p.closed_model, p.closed_date, p.open_model, p.open_date, round(p.gap_months, 9), p.accepted)
            for p in points
        )
        assert {words[reason] for reason in ours.reason} == {point.reason for point in points}
        assert sorted(
            (p.threshold, p.closed.model_id, round(p.age_months, 9), p.accepted)
            for p in crossings.unmatched
            if p.board == evidence.boards[number]
        ) == sorted((p.threshold, p.closed_model, round(p.age_months, 9), p.accepted) for p in pending)
        assert sorted(
            (p.threshold, p.open.model_id) for p in crossings.open_only if p.board == evidence.boards[number]
        ) == sorted((p.threshold, p.open_model) for p in open_only)
