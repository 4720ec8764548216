"""E1: first crossers, lags, acceptance, pending levels, and the laws that they obey."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence.evidence import Evidence
from core.gap.crossings import BELOW_FLOOR, FEW_OPEN, NOT_ON_LIST, Crossings, crossings
from core.gap.parameters import CLUSTERED_1, Parameters
from tests import reference, toy

ANY = replace(CLUSTERED_1, min_open_models=1, floor_percentile=0.0)
END = date(2026, 12, 31)


def cross(known: Evidence, as_of: date = END, parameters: Parameters = ANY) -> Crossings:
    return crossings(known, toy.all_boards(known), as_of.toordinal(), parameters)


def pairs(known: Evidence, found: Crossings) -> set[tuple[float, str, str, float]]:
    points = found.points
    return {
        (
            float(points.threshold[n]),
            known.models[points.closed[n]].model_id,
            known.models[points.open[n]].model_id,
            round(float(points.months[n]), 9),
        )
        for n in range(len(points.months))
    }


PAPER = [
    ("weak", "2023-01-01", "closed", 4.0),
    ("o1-preview", "2024-09-12", "closed", 36.0),
    ("early-open", "2024-10-01", "open", 12.0),
    ("DeepSeek-R1", "2025-01-20", "open", 36.0),
    ("strong", "2025-02-01", "closed", 50.0),
]


class TestOnPaper:
    def test_o1_preview_to_r1_is_130_days_or_4_3_months(self) -> None:
        known = toy.evidence({"b": PAPER})
        point = next(pair for pair in pairs(known, cross(known)) if pair[2] == "DeepSeek-R1")
        assert point[:3] == (35.0, "o1-preview", "DeepSeek-R1")
        assert point[3] == pytest.approx(130 / (365.25 / 12))
        assert f"{point[3]:.1f}" == "4.3"

    def test_one_pair_over_several_levels_is_one_point_at_the_highest(self) -> None:
        known = toy.evidence({"b": PAPER})
        found = {(threshold, open_) for threshold, _, open_, _ in pairs(known, cross(known))}
        assert found == {(10.0, "early-open"), (35.0, "DeepSeek-R1")}

    def test_what_open_models_have_not_reached_is_pending_with_its_age_at_the_boards_newest_model(self) -> None:
        known = toy.evidence({"b": [*PAPER, ("later", "2025-03-01", "closed", 1.0)]})
        (level,) = cross(known).pending
        assert (level.threshold, known.models[level.closed].model_id) == (50.0, "strong")
        assert date.fromordinal(level.newest_day) == date(2025, 3, 1)
        assert level.age_months == pytest.approx(28 / (365.25 / 12))

    def test_a_lead_of_open_models_is_negative(self) -> None:
        known = toy.evidence({"b": [("o", "2024-01-01", "open", 20), ("c", "2024-01-31", "closed", 20)]})
        ((_, _, _, months),) = pairs(known, cross(known))
        assert months == pytest.approx(-30 / (365.25 / 12))

    def test_a_level_that_only_open_models_reached_is_shown(self) -> None:
        known = toy.evidence({"b": [("c", "2024-01-01", "closed", 20), ("o", "2024-02-01", "open", 40)]})
        (level,) = cross(known).open_only
        assert (level.threshold, known.models[level.open].model_id) == (40.0, "o")

    @pytest.mark.parametrize("score", [0.35 * 100, 35.0, 34.9999999999])
    def test_an_exact_hit_reaches_the_level(self, score: float) -> None:
        known = toy.evidence({"b": [("c", "2024-01-01", "closed", score), ("o", "2024-02-01", "open", 35)]})
        assert (35.0, "c", "o") in {pair[:3] for pair in pairs(known, cross(known))}

    def test_just_below_does_not(self) -> None:
        known = toy.evidence({"b": [("c", "2024-01-01", "closed", 34.99), ("o", "2024-02-01", "open", 35)]})
        assert 35.0 not in {pair[0] for pair in pairs(known, cross(known))}

    def test_on_one_day_the_sources_order_decides(self) -> None:
        rows = [("z", "2024-01-01", "closed", 20), ("a", "2024-01-01", "closed", 20), ("o", "2024-02-01", "open", 20)]
        known = toy.evidence({"b": rows})
        assert {pair[1] for pair in pairs(known, cross(known))} == {"z"}


class TestAcceptance:
    ROWS = (
        *((f"floor-{n}", "2023-01-01", "closed", 12.0) for n in range(5)),
        ("c", "2024-01-01", "closed", 40.0),
        ("o", "2024-06-01", "open", 40.0),
    )

    def test_below_the_floor_is_rejected_with_the_reason(self) -> None:
        rows = [("c", "2024-01-01", "closed", 12), ("o", "2024-02-01", "open", 12), *self.ROWS]
        known = toy.evidence({"b": rows})
        points = cross(known, parameters=replace(ANY, floor_percentile=10.0)).points
        low = points.threshold < 12
        assert set(np.array(points.reason)[low]) == {BELOW_FLOOR}
        assert not points.accepted[low].any()

    def test_a_list_decides_for_pairs_of_its_time_and_the_floor_later(self) -> None:
        rows = [("c", "2024-01-01", "closed", 40), ("o", "2024-02-01", "open", 20), ("late", "2026-06-01", "open", 40)]
        known = toy.evidence({"b": rows}, accepted=frozenset({15.0}))
        points = cross(known).points
        got = {known.models[o].model_id: a for o, a in zip(points.open, points.accepted, strict=True)}
        assert got == {"o": True, "late": True}
        known = toy.evidence({"b": rows}, accepted=frozenset({35.0}))
        points = cross(known).points
        assert dict(zip((known.models[o].model_id for o in points.open), points.reason, strict=True)) == {
            "o": NOT_ON_LIST,
            "late": "",
        }

    def test_a_pair_is_accepted_if_any_of_its_levels_is(self) -> None:
        rows = [("c", "2024-01-01", "closed", 40), ("o", "2024-02-01", "open", 40)]
        points = cross(toy.evidence({"b": rows}, accepted=frozenset({10.0}))).points
        assert points.threshold.tolist() == [40.0]
        assert points.accepted.tolist() == [True]

    def test_four_open_models_are_too_few(self) -> None:
        rows = [("c", "2024-01-01", "closed", 40), *((f"o{n}", "2024-02-01", "open", 40) for n in range(4))]
        known = toy.evidence({"b": rows})
        found = cross(known, parameters=CLUSTERED_1)
        assert not len(found.points.months)
        assert found.states[0].reason == FEW_OPEN
        more = toy.evidence({"b": [*rows, ("o4", "2024-03-01", "open", 1)]})
        assert len(cross(more, parameters=CLUSTERED_1).points.months)

    def test_a_narrower_open_side_does_not_make_a_board_too_small(self) -> None:
        rows = [("c", "2024-01-01", "closed", 40), *((f"o{n}", "2024-02-01", "open", 40 + n) for n in range(5))]
        known = toy.evidence({"b": rows})
        only = np.array([model.model_id == "o3" for model in known.models])
        found = crossings(known, toy.all_boards(known), END.toordinal(), CLUSTERED_1, only)
        assert {known.models[o].model_id for o in found.points.open} == {"o3"}


class TestLaws:
    @given(toy.boards(), st.integers(1, 400))
    def test_shifting_every_open_date_shifts_every_lag(self, rows: list[toy.Row], days: int) -> None:
        known = toy.evidence({"b": rows})
        moved = [
            (name, (date.fromisoformat(day) + timedelta(days=days)).isoformat() if side == "open" else day, side, score)
            for name, day, side, score in rows
        ]
        later = toy.evidence({"b": moved})
        shift = days / (365.25 / 12)
        expected = {(t, c, o, round(months + shift, 6)) for t, c, o, months in pairs(known, cross(known))}
        assert {(t, c, o, round(months, 6)) for t, c, o, months in pairs(later, cross(later))} == expected

    @given(toy.boards())
    def test_a_monotone_map_of_scores_and_levels_changes_no_pair(self, rows: list[toy.Row]) -> None:
        known = toy.evidence({"b": rows})
        mapped = toy.evidence(
            {"b": [(name, day, side, score**2 / 10 + score) for name, day, side, score in rows]},
            levels=[level**2 / 10 + level for level in toy.LEVELS],
        )
        found = {pair[1:] for pair in pairs(known, cross(known))}
        assert {pair[1:] for pair in pairs(mapped, cross(mapped))} == found

    @given(toy.boards(), st.sampled_from(["open", "closed"]))
    def test_a_worse_and_later_model_changes_no_pair(self, rows: list[toy.Row], side: str) -> None:
        known = toy.evidence({"b": rows})
        worse = ("worse", "2026-01-01", side, min(row[3] for row in rows))
        more = toy.evidence({"b": [*rows, worse]})
        if any(row[2] == side for row in rows):
            assert pairs(more, cross(more)) == pairs(known, cross(known))

    @given(toy.boards())
    def test_swapping_the_sides_turns_every_sign(self, rows: list[toy.Row]) -> None:
        known = toy.evidence({"b": rows})
        turned = [(name, day, "closed" if side == "open" else "open", score) for name, day, side, score in rows]
        swapped = toy.evidence({"b": turned})
        if len({row[2] for row in rows}) == 2:
            expected = {(t, o, c, -months) for t, c, o, months in pairs(known, cross(known))}
            assert pairs(swapped, cross(swapped)) == expected

    @given(toy.boards(), st.integers(0, 900))
    def test_an_earlier_day_only_removes_points_or_turns_them_pending(self, rows: list[toy.Row], offset: int) -> None:
        known, day = toy.evidence({"b": rows}), toy.START + timedelta(days=offset)
        now = {(closed, open_) for _, closed, open_, _ in pairs(known, cross(known))}
        then = cross(known, day)
        assert {(closed, open_) for _, closed, open_, _ in pairs(known, then)} <= now
        assert (then.points.open_day <= day.toordinal()).all()
        assert all(level.newest_day <= day.toordinal() for level in then.pending)


class TestAgreesWithTheReference:
    @given(
        st.lists(toy.boards(min_size=1), min_size=1, max_size=3),
        st.integers(0, 1300),
        st.none() | st.frozensets(st.sampled_from(toy.LEVELS)),
    )
    def test_on_random_boards(self, drawn: list[list[toy.Row]], offset: int, accepted: frozenset[float] | None) -> None:
        known = toy.evidence({f"b{n}": rows for n, rows in enumerate(drawn)}, accepted=accepted)
        assert_agrees(known, toy.START + timedelta(days=offset), CLUSTERED_1)


def assert_agrees(known: Evidence, as_of: date, parameters: Parameters) -> None:
    """Hold the crossings of every board against the slow reference: models, days, lags, acceptance, reasons."""
    found = cross(known, as_of, parameters)
    words = {"": None, BELOW_FLOOR: reference.BELOW_FLOOR, NOT_ON_LIST: reference.NOT_ON_LIST}
    for number in range(len(known.boards)):
        points, pending, open_only, _ = reference.crossings(
            toy.as_reference(known, number),
            as_of,
            min_open_models=parameters.min_open_models,
            floor_percentile=parameters.floor_percentile,
            list_binds_until=parameters.list_binds_until,
        )
        ours = found.points.where(found.points.board == number)
        assert sorted(
            (
                float(ours.threshold[n]),
                known.models[ours.closed[n]].model_id,
                date.fromordinal(int(ours.closed_day[n])),
                known.models[ours.open[n]].model_id,
                date.fromordinal(int(ours.open_day[n])),
                round(float(ours.months[n]), 9),
                bool(ours.accepted[n]),
            )
            for n in range(len(ours.months))
        ) == sorted(
            (p.threshold, p.closed_model, p.closed_date, p.open_model, p.open_date, round(p.gap_months, 9), p.accepted)
            for p in points
        )
        assert {words[reason] for reason in ours.reason} == {point.reason for point in points}
        assert sorted(
            (p.threshold, known.models[p.closed].model_id, round(p.age_months, 9), p.accepted)
            for p in found.pending
            if p.board == number
        ) == sorted((p.threshold, p.closed_model, round(p.age_months, 9), p.accepted) for p in pending)
        assert sorted(
            (p.threshold, known.models[p.open].model_id) for p in found.open_only if p.board == number
        ) == sorted((p.threshold, p.open_model) for p in open_only)
