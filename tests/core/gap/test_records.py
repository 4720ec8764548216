"""Who leads on a benchmark: records, the leader, and how old the closed level is that open models have reached."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence.evidence import Evidence
from core.gap.parameters import CLUSTERED_2, MONTH_DAYS
from core.gap.records import Frontier, find_first_crossings, frontier
from tests import toy
from tests.core.gap.whole import whole

ANY = replace(CLUSTERED_2, min_open_models=1, floor_percentile=0.0)
END = date(2026, 12, 31).toordinal()

PAPER = [
    ("c1", "2024-01-01", "closed", 20.0),
    ("c2", "2024-03-01", "closed", 40.0),
    ("c-worse", "2024-04-01", "closed", 39.0),
    ("o1", "2024-05-01", "open", 10.0),
    ("o2", "2024-07-01", "open", 30.0),
    ("late", "2024-08-01", "closed", 5.0),
]


def led(rows: list[toy.Row], as_of: str = "2026-12-31") -> Frontier:
    return frontier(toy.evidence({"b": rows}), 0, date.fromisoformat(as_of).toordinal())


class TestOnPaper:
    def test_records_are_better_than_all_before(self) -> None:
        lead = led(PAPER)
        assert [record.model.model_id for record in lead.closed] == ["c1", "c2"]
        assert [record.score for record in lead.open] == [10.0, 30.0]

    def test_of_two_records_on_a_day_the_better_stays(self) -> None:
        rows = [("a", "2024-01-01", "open", 10.0), ("b", "2024-01-01", "open", 20.0), ("c", "2024-01-01", "open", 20.0)]
        lead = led(rows)
        assert [(record.model.model_id, record.score) for record in lead.open] == [("b", 20.0)]

    def test_the_matched_level_is_as_old_as_the_first_closed_model_there(self) -> None:
        lead = led(PAPER)
        assert lead.matched.model.model_id == "c2"
        assert lead.between == pytest.approx(122 / MONTH_DAYS)
        assert lead.months == pytest.approx(153 / MONTH_DAYS)  # up to the board's newest model
        assert (lead.leader, lead.difference) == ("closed", 10.0)
        assert date.fromordinal(lead.since) == date(2024, 1, 1)
        assert lead.standing_months(lead.open[-1]) == pytest.approx(31 / MONTH_DAYS)

    def test_the_months_are_a_floor_where_no_closed_model_was_tested_before(self) -> None:
        assert not led(PAPER).is_floor
        assert led([*PAPER[:1], ("o", "2024-05-01", "open", 10.0)]).is_floor
        assert not led([("o", "2024-05-01", "open", 10.0)]).is_floor

    def test_of_some_open_models_the_months_run_to_the_newest_model_of_all(self) -> None:
        evidence = toy.evidence({"b": [*PAPER, ("o3", "2024-10-01", "open", 35.0)]})
        everyone = frontier(evidence, 0, END)
        first = np.array([model.model_id == "o1" for model in evidence.models])
        narrowed = frontier(evidence, 0, END, first)
        assert [record.model.model_id for record in narrowed.open] == ["o1"]
        assert (narrowed.closed, narrowed.newest_day) == (everyone.closed, everyone.newest_day)
        assert narrowed.months == pytest.approx(274 / MONTH_DAYS)  # from the first day of 2024

    def test_where_open_leads_no_closed_level_is_matched(self) -> None:
        lead = led([*PAPER, ("o3", "2024-09-01", "open", 50.0)])
        assert (lead.leader, lead.matched, lead.months, lead.difference) == ("open", None, None, -10.0)
        assert date.fromordinal(lead.since) == date(2024, 9, 1)

    def test_the_lead_lasts_since_it_last_changed_hands(self) -> None:
        rows = [*PAPER, ("o3", "2024-09-01", "open", 50.0), ("c3", "2024-10-01", "closed", 50.0)]
        level = led(rows)
        assert (level.leader, date.fromordinal(level.since)) == ("neither", date(2024, 10, 1))
        assert (level.between, level.months) == (pytest.approx(-30 / MONTH_DAYS), 0)
        again = led([*rows, ("c4", "2024-11-01", "closed", 60.0)])
        assert (again.leader, date.fromordinal(again.since)) == ("closed", date(2024, 11, 1))

    def test_a_side_may_be_alone(self) -> None:
        lead = led(PAPER, "2024-04-15")
        assert (lead.open, lead.leader, lead.difference, lead.months) == ((), "closed", None, None)
        assert frontier(toy.evidence({"b": PAPER}), 0, date(2023, 1, 1).toordinal()) is None


# ---- laws


@given(toy.boards(), st.integers(0, 900))
def test_records_rise_and_none_is_later_than_the_day(rows: list[toy.Row], offset: int) -> None:
    as_of = toy.START.toordinal() + offset
    lead = frontier(toy.evidence({"b": rows}), 0, as_of)
    if lead is None:
        return
    for records in (lead.closed, lead.open):
        assert all(a.model.day < b.model.day and a.score < b.score for a, b in pairwise(records))
        assert all(record.model.day <= lead.newest_day <= as_of for record in records)
    later = frontier(toy.evidence({"b": rows}), 0, END)
    assert later.closed[: len(lead.closed)] == lead.closed
    assert later.open[: len(lead.open)] == lead.open


@given(toy.boards())
def test_the_lag_is_that_of_the_timeline_at_the_best_open_score(rows: list[toy.Row]) -> None:
    evidence = whole(toy.evidence({"b": rows}))
    lead = frontier(evidence, 0, END)
    if lead.open and lead.open[-1].score > 0:
        _, levels = find_first_crossings(evidence, 0, END, ANY, lead.open[-1].score)
        [level] = [level for level in levels if level.threshold == lead.open[-1].score]
        assert level.open == lead.open[-1].model
        assert level.months == lead.between


# ---- the shipped data


def test_the_leader_of_every_board_has_its_best_score(evidence: Evidence) -> None:
    for board in range(len(evidence.boards)):
        lead = frontier(evidence, board, END)
        scores = evidence.score[evidence.bounds[board] : evidence.bounds[board + 1]]
        assert (lead is None) == (len(scores) == 0)
        assert lead is None or max(records[-1].score for records in (lead.closed, lead.open) if records) == scores.max()
