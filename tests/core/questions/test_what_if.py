"""What `what_if` says: that it is supposed, and what would move; what is known already moves nothing."""

import re
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UsageError
from core.evidence.evidence import Evidence
from core.questions import GapQuestion, ask
from core.questions.what_if import WhatIfQuestion
from core.store.store import Store
from tests import toy
from tests.core.questions.conftest import TODAY, Ask
from tests.core.questions.laws import check, lines, shown

QUESTION = WhatIfQuestion


# ---- resolved, and never kept


def test_the_day_is_the_newest_datas_unless_it_is_given(store: Store) -> None:
    resolved = WhatIfQuestion("gpqa", 90.0).resolved(store, TODAY)
    assert resolved == WhatIfQuestion("gpqa-diamond 1", 90.0, date(2026, 9, 28), known_by=date(2026, 9, 30))
    assert resolved.resolved(store, TODAY) == resolved
    earlier = WhatIfQuestion("gpqa", 90.0, known_by=date(2026, 5, 22)).resolved(store, TODAY)
    assert earlier.day == date(2026, 5, 22)


def test_an_answer_is_never_kept() -> None:
    assert not WhatIfQuestion.is_kept


def test_the_ends_of_the_range_and_five_years_ahead_can_be_supposed(shipped: Ask) -> None:
    for score in (0.0, 100.0):
        check(shipped("gpqa", score, day=TODAY + timedelta(days=1826)))


@pytest.mark.parametrize(
    ("benchmark", "stage"), [("frontiermath", "succeeded by FrontierMath v2"), ("mmlu", "ended: no model since ")]
)
def test_of_a_test_that_is_no_longer_live_it_says_so_at_once(shipped: Ask, benchmark: str, stage: str) -> None:
    answer = shipped(benchmark, 45.0)
    assert answer.first_look[1].label == "Stage"
    assert answer.first_look[1].text.startswith(stage)
    assert "Stage" not in lines(shipped("weirdml", 90.0))


# ---- what is known already changes nothing


@given(data=st.data())
@pytest.mark.slow
def test_a_real_score_once_more_changes_nothing(evidence: Evidence, data: st.DataObject) -> None:
    rows = [n for n in range(len(evidence.score)) if evidence.boards[evidence.board[n]].headline]
    row = data.draw(st.sampled_from(rows))
    board = evidence.boards[evidence.board[row]]
    if board.benchmark_id == "hle" or (board.unit == "percent" and not 0 <= evidence.score[row] <= 100):
        return
    answer = WhatIfQuestion(
        f"{board.benchmark_id} {board.version}",
        float(evidence.score[row]),
        date.fromordinal(int(evidence.day[row])),
        "open" if evidence.is_open[row] else "closed",
    ).answer(evidence)
    check(answer)
    assert answer.data["standing"]["before"] == answer.data["standing"]["after"]
    assert answer.data["first_at"] == []
    assert answer.tables == ()
    if lines(answer).get(f"{board.access.capitalize()} tests", "the gap would stay").startswith("the gap would stay"):
        assert "nothing would change: " in answer.lines[0].text
    assert lines(answer)["New matches"].startswith("none: ")


def test_without_the_score_it_is_the_gap(shipped: Ask, store: Store) -> None:
    answer, gap = shipped("frontiermath", 45.0), ask(GapQuestion(), store, TODAY)
    for name, figures in answer.data["access"].items():
        assert figures["before"] == gap.data["access"][name]["index"]


@given(
    rows=toy.boards(), score=st.integers(0, 100), offset=st.integers(0, 2000), side=st.sampled_from(["open", "closed"])
)
def test_any_score_of_a_made_world_is_answered_or_refused(
    rows: list[toy.Row], score: int, offset: int, side: str
) -> None:
    evidence, message = toy.evidence({"A": rows}), ""
    question = WhatIfQuestion("A 1", float(score), toy.START + timedelta(days=offset), side)
    try:
        answer = question.answer(evidence)
    except UsageError as error:
        message = str(error)
    assert message.isprintable()
    if message:
        return
    check(answer)
    assert answer.lines[0].text.startswith("Supposed: if an" if side == "open" else "Supposed: if a closed")


# ---- what it says


def test_the_first_line_says_that_it_is_supposed_and_how_the_tests_standing_gap_would_move(shipped: Ask) -> None:
    answer = shipped("frontiermath", 45.0, day=date(2026, 12, 1))
    assert answer.lines[0].text == (
        "Supposed: if an open model scored 45 % on FrontierMath on 1 December 2026, the standing gap there would fall"
        " from 11.7 to 8.9 months on that day"
    )
    before, after = (answer.data["standing"][when] for when in ("before", "after"))
    assert before["at"] == after["at"] == answer.as_of == "2026-12-01"
    assert (f"{before['months']:.1f}", f"{after['months']:.1f}") == ("11.7", "8.9")
    assert lines(answer)["Read at"] == "1 December 2026"


@pytest.mark.parametrize("day", [None, date(2026, 12, 1)])
def test_the_standing_gap_of_today_is_that_of_gap_with_its_day(shipped: Ask, store: Store, day: date | None) -> None:
    answer, gap = shipped("frontiermath", 45.0, day=day), ask(GapQuestion("frontiermath"), store, TODAY)
    assert "Open models stand 5.5 months behind on FrontierMath" in gap.lines[0].text
    assert lines(answer)["Now"] == "5.5 months on FrontierMath, read at its newest model of 28 May 2026"
    assert answer.data["now"]["at"] == "2026-05-28"


def test_a_score_before_the_newest_model_is_read_on_the_day_of_gap(shipped: Ask) -> None:
    answer = shipped("weirdml", 80.0, day=date(2025, 6, 1))
    assert "Now" not in lines(answer)
    assert answer.data["standing"]["before"] == answer.data["now"]


def test_the_gap_is_told_before_and_after_where_it_moves(shipped: Ask) -> None:
    answer = shipped("weirdml", 95.0, day=date(2026, 1, 1))
    before, after = (answer.data["access"]["private"][when] for when in ("before", "after"))
    assert before["at"] == after["at"]
    assert after["months"] < before["months"] - 1
    assert lines(answer)["Private tests"] == (
        f"the gap would fall from {before['months']:.1f} months (likely 5 to 9) to {after['months']:.1f} months"
        " (likely 0 to 9)"
    )
    assert "Public tests" not in lines(answer)


def test_a_gap_that_moves_by_less_than_a_tenth_stays(shipped: Ask) -> None:
    answer = shipped("frontiermath", 45.0)
    before, after = (answer.data["access"]["private"][when]["months"] for when in ("before", "after"))
    assert 0 < abs(after - before) < 0.1
    assert lines(answer)["Private tests"] == f"the gap would stay at {before:.1f} months (likely 5 to 9)"


def test_a_supposed_score_moves_no_day_at_which_the_gap_is_read(shipped: Ask) -> None:
    """With 96 % no level is left on GPQA Diamond; its data are as complete as before."""
    answer = shipped("gpqa", 96.0)
    before, after = (answer.data["access"]["public"][when] for when in ("before", "after"))
    assert before["at"] == after["at"] == "2026-09-28"


def test_a_day_to_come_is_later_than_the_gap_is_read(shipped: Ask) -> None:
    text = lines(shipped("frontiermath", 45.0, day=date(2026, 12, 1)))["Private tests"]
    assert text == "the gap is read at 28 September 2026, before the supposed score"


def test_a_test_that_ended_has_no_standing_gap(shipped: Ask) -> None:
    answer = shipped("gsm8k", 90.0)
    assert answer.lines[0].text.endswith("the standing gap there would be none: no model for 6 months")
    assert answer.data["standing"] == {"before": None, "after": None}


def test_a_new_result_has_its_lag_and_ends_a_wait(shipped: Ask, evidence: Evidence) -> None:
    answer = shipped("frontiermath", 45.0, day=date(2026, 12, 1))
    assert [level["threshold"] for level in answer.data["first_at"]] == [40.0, 45.0]
    for level in answer.data["first_at"]:
        days = (date(2026, 12, 1) - date.fromisoformat(level["other_date"])).days
        assert level["months"] == pytest.approx(days * 12 / 365.25)
        assert level["accepted"]
    assert re.match(
        r"40 % \d+\.\d months after GPT-5\.2 and 45 % \d+\.\d months after GPT-5\.4", shown(answer, "results")
    )
    assert lines(answer)["No longer unmatched"] == "40 to 45 % on FrontierMath"
    assert "Would displace" not in lines(answer)


def test_who_was_first_is_displaced_by_an_earlier_score(shipped: Ask) -> None:
    answer = shipped("gpqa", 60.0, day=date(2024, 1, 1))
    assert lines(answer)["Would displace"].startswith("WizardLM-2 8x22B at 35 to 40 %")
    assert "No longer unmatched" not in lines(answer)


def test_a_closed_score_above_all_would_wait(shipped: Ask) -> None:
    answer = shipped("simplebench", 90.0, side="closed", day=date(2026, 9, 20))
    assert lines(answer)["Would be unmatched"] == "85 to 90 % on SimpleBench"
    assert lines(answer)["New matches"] == "none: no open model in the data has reached 85 to 90 %"


def test_an_earlier_closed_score_says_when_open_models_followed(shipped: Ask) -> None:
    answer = shipped("weirdml", 80.0, side="closed", day=date(2025, 6, 1))
    assert re.match(r"55 % \(GLM-5\.1 \d+\.\d months later\)", lines(answer)["New matches"])


@pytest.mark.parametrize(
    ("benchmark", "score", "day", "message"),
    [
        ("gpqa", 20.0, None, r"none: Llama 2-70B had reached 20 % on 18 July 2023"),
        ("gpqa", 3.0, None, r"none: it is below the lowest score looked at on GPQA Diamond, 5 %"),
        ("gsm8k", 99.5, None, r"none: no closed model in the data has reached 95 to 99 %"),
    ],
)
def test_without_a_new_result_it_says_why(
    shipped: Ask, benchmark: str, score: float, day: date | None, message: str
) -> None:
    assert re.fullmatch(message, lines(shipped(benchmark, score, day=day))["New matches"])


def test_a_name_for_the_model_is_shown_in_one_line(shipped: Ask) -> None:
    answer = shipped("weirdml", 90.0, model="Llama\n5")
    assert answer.lines[0].text.startswith('Supposed: if an open model called "Llama 5" scored 90 % on WeirdML on ')
    check(answer)


def test_a_test_beside_the_headline_moves_its_standing_gap_alone(shipped: Ask) -> None:
    answer = shipped("swe-bench", 90.0, day=date(2026, 8, 1))
    assert answer.data["access"] == {}
    assert "Public tests" not in lines(answer)
    assert answer.lines[0].text.endswith(
        " on SWE-bench Verified on 1 August 2026, the standing gap there would fall from 5.8 to 0.0 months on that day"
    )


def test_supposed_scores_do_not_change_the_evidence(evidence: Evidence) -> None:
    before = evidence.score.copy()
    WhatIfQuestion("weirdml 2", 99.0).answer(evidence)
    assert np.array_equal(evidence.score, before)
    assert evidence.assumed is None
