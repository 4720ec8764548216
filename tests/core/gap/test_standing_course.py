"""The standing gap of one test over time, day by day as it is measured then; and which measure leads."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence.evidence import Evidence
from core.gap.analysis import analyse
from core.gap.parameters import CLUSTERED_2, DEFAULT, INDEX_1, STUDY_1
from core.gap.standing import standing_course, standing_gaps
from tests import toy
from tests.core.gap.whole import headline_boards

START = toy.START.toordinal()
NEWEST = date(2026, 8, 22).toordinal()


@given(toy.boards(), st.integers(1, 5), st.data())
def test_the_course_is_on_each_day_what_is_measured_there(
    rows: list[toy.Row], needed: int, data: st.DataObject
) -> None:
    evidence = toy.evidence({"b": rows})
    parameters = replace(CLUSTERED_2, min_open_models=needed)
    chosen = data.draw(
        st.none() | st.lists(st.booleans(), min_size=len(evidence.models), max_size=len(evidence.models)).map(np.array)
    )
    days = np.array(sorted(data.draw(st.lists(st.integers(START, START + 1300), min_size=1, max_size=6))))
    course = standing_course(evidence, 0, days, parameters, chosen)
    for place, day in enumerate(days.tolist()):
        gaps = standing_gaps(evidence, np.array([0]), day, parameters, chosen).gaps
        assert course[place] == pytest.approx(gaps[0].months if gaps else np.nan, nan_ok=True)


def test_one_measure_leads_in_all_classes_and_on_one_benchmark_the_standing_gap(evidence: Evidence) -> None:
    boards = headline_boards(evidence)
    for method, leads in ((DEFAULT, "index"), (INDEX_1, "index"), (CLUSTERED_2, "catch_up"), (STUDY_1, "catch_up")):
        assert analyse(evidence, boards, NEWEST, method).leads == leads
    weirdml = np.array([n for n in boards.tolist() if evidence.boards[n].benchmark_id == "weirdml"])
    assert analyse(evidence, weirdml, NEWEST, DEFAULT).leads == "standing"
