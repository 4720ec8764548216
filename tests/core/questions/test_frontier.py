"""What `frontier` says: who leads, by how much, since when, and every record before."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.answer import Answer
from core.errors import UsageError
from core.evidence.evidence import Evidence
from core.questions import GapQuestion
from core.questions.frontier import FrontierQuestion
from tests import toy
from tests.core.gap.whole import swapped, whole
from tests.core.questions.conftest import Ask
from tests.core.questions.laws import check, check_days, lines, shown

QUESTION = FrontierQuestion


def ask(rows: list[toy.Row], benchmark: str | None = "b 1") -> Answer:
    answer = FrontierQuestion(benchmark=benchmark).answer(toy.evidence({"b": rows}))
    check(answer)
    return answer


RACE = [
    ("c1", "2024-01-01", "closed", 20.0),
    ("o1", "2024-03-01", "open", 20.0),
    ("c2", "2024-04-01", "closed", 40.0),
    ("o2", "2024-07-01", "open", 30.0),
    ("c-worse", "2024-08-01", "closed", 5.0),
]


# ---- one test


def test_the_first_line_says_by_how_much_open_models_trail(shipped: Ask) -> None:
    answer = shipped("weirdml")
    assert answer.lines[0].text == "Open models stand 3.7 months behind on WeirdML, 9.3 points below the best"
    by_label = lines(answer)
    assert by_label["Best"] == (
        "Claude Fable 5, 91.9 %, is the best closed model (9 June 2026); Kimi K3, 82.6 %, 3.7 months behind (first"
        " there: GPT-5.5), is the best open model (27 July 2026)"
    )
    assert lines(shipped("weirdml", side="open"))["Best"].startswith("Kimi K3, 82.6 %, 3.7 months behind (first there:")
    assert by_label["Behind"] == (
        "the first closed model at or above the best open score was GPT-5.5 (84.9 %) on 23 April 2026; the best open"
        " model came 3.1 months later"
    )
    assert by_label["Leads"] == "closed models have led since 13 June 2023"
    assert by_label["Unbeaten"].startswith(
        "the best closed score for 2.1 months and the best open score for 0.6 months"
    )


def test_of_a_test_that_has_ended_nothing_is_said_of_now(shipped: Ask) -> None:
    assert shipped("aider").lines[0].text == (
        "Open models stood 5.5 months behind on Aider Polyglot by 29 September 2025, when its newest model came out,"
        " 13.8 points below the best"
    )


def test_the_first_closed_model_at_the_best_open_score_is_told_with_its_own_best_score(shipped: Ask) -> None:
    answer = shipped("gpqa")
    assert "was Gemini 3.1 Pro (94.4 %) on 19 February 2026" in lines(answer)["Behind"]
    assert ("2026-02-19", "closed", "Gemini 3.1 Pro", "94.4 %") in [row[:4] for row in answer.tables[0].rows]


def test_where_open_leads_it_says_so(shipped: Ask) -> None:
    answer = shipped("gsm8k")
    assert answer.lines[0].text == "Open models lead on GSM8K by 2.5 points"
    assert (
        lines(answer)["Behind"] == "no closed model in the data to 29 November 2024 is at or above the best open score"
    )
    [test] = answer.data["tests"]
    assert (test["leader"], test["months"], test["first_closed_there"]) == ("open", None, None)
    assert test["reason"] == "no closed model in the data is at or above the best open score"
    assert answer.charts[0].spans == ()


def test_sides_that_are_level_have_no_leader() -> None:
    answer = ask([("c", "2024-01-01", "closed", 50.0), ("o", "2024-03-01", "open", 50.0)])
    assert answer.lines[0].text == "Open and closed models are level on b"
    assert lines(answer)["Leads"] == "the sides have been level since 1 March 2024"


def test_where_open_was_there_first_and_closed_leads_no_lag_is_claimed() -> None:
    answer = ask([("o", "2024-01-01", "open", 20.0), ("c", "2024-03-01", "closed", 50.0)])
    assert answer.lines[0].text == "Closed models lead on b by 30.0 points"
    assert lines(answer)["Behind"].endswith("the best open model came 2.0 months earlier")
    assert answer.data["tests"][0]["months"] == 0


@pytest.mark.parametrize(("side", "other"), [("closed", "open"), ("open", "closed")])
def test_a_side_that_is_alone_leads_nobody(side: str, other: str) -> None:
    answer = ask([("m", "2024-01-01", side, 50.0), ("n", "2024-02-01", side, 60.0)])
    assert answer.lines[0].text == f"Only {side} models are in the data on b"
    assert {"Leads", "Behind"} & set(lines(answer)) == set()
    assert lines(answer)["Best"] == f"n, 60.0 %, is the best {side} model (1 February 2024)"
    assert answer.data["tests"][0]["reason"] == f"no score of {'an' if other == 'open' else 'a'} {other} model"


def test_every_record_is_listed_the_newest_first_with_who_was_then_ahead() -> None:
    [table] = ask(RACE).tables
    assert table.rows == (
        ("2024-07-01", "open", "o2", "30.0 %", "closed by 10.0 points"),
        ("2024-04-01", "closed", "c2", "40.0 %", "closed by 20.0 points"),
        ("2024-03-01", "open", "o1", "20.0 %", "neither"),
        ("2024-01-01", "closed", "c1", "20.0 %", "–"),
    )


# ---- the chart


def test_the_chart_shows_both_sides_as_steps_to_the_boards_newest_day() -> None:
    [chart] = ask(RACE).charts
    closed, open_ = chart.series
    assert chart.kind == "frontier"
    assert chart.title == "Open models stand 4.0 months behind on b"
    assert (closed.role, open_.role) == ("closed", "public")
    assert closed.x == ("2024-01-01", "2024-04-01", "2024-08-01")
    assert closed.y == (20.0, 40.0, 40.0)
    assert closed.notes == ("c1", "c2", "")
    assert closed.details == ("c1, 20.0 %, 1 January 2024\nSource: unknown",
                              "c2, 40.0 %, 1 April 2024\nSource: unknown", "")  # fmt: skip
    assert (open_.x[-1], open_.y[-1], open_.notes[-1]) == ("2024-08-01", 30.0, "")
    [span] = chart.spans
    assert (span.label, span.start, span.end, span.level) == ("4.0 months earlier", "2024-04-01", "2024-08-01", 30.0)
    assert "closed models rise from 20.0 % to 40.0 % (c2)" in chart.alt


@pytest.mark.parametrize(("benchmark", "is_log"), [("METR Time Horizons", True), ("GPQA Diamond", False)])
def test_a_scale_of_powers_is_named_in_the_note(shipped: Ask, benchmark: str, is_log: bool) -> None:
    [chart] = shipped(benchmark=benchmark).charts
    assert chart.x_label == f"○ closed models · ■ open models{' · log scale' if is_log else ''}"


def test_a_record_on_the_newest_day_is_the_last_step() -> None:
    [chart] = ask(RACE[:-1]).charts
    assert chart.series[1].x == ("2024-03-01", "2024-07-01")
    assert chart.series[1].notes == ("o1", "o2")


# ---- all tests


def test_without_a_test_the_models_are_named_that_are_best_on_most_of_them(shipped: Ask) -> None:
    answer = shipped()
    live = {row[0] for row in answer.tables[0].rows if row[-1] == "live"}
    tests = [test for test in answer.data["tests"] if test["name"] in live]
    for side in ("open", "closed"):
        names = [test[f"best_{side}"]["name"] for test in tests if test[f"best_{side}"]]
        most = max(names.count(name) for name in names)
        first = shown(answer, f"top.{side}").split(f" ({most} of {len(names)})")[0]
        assert names.count(first) == most


def test_without_a_test_each_headline_test_has_a_row(shipped: Ask) -> None:
    answer = shipped()
    assert answer.lines[0].text == ("Closed models lead on 7 of 7 live private tests and 2 of 2 live public tests")
    for access in ("Private", "Public"):
        assert re.match(r"best open \d+\.\d months behind \(", lines(answer)[f"{access} tests"])
    [table] = answer.tables
    assert len(table.rows) == len(answer.data["tests"]) == 19
    assert answer.charts == ()


def test_the_first_look_is_of_live_tests_alone_and_counts_the_others_by_their_stage(shipped: Ask) -> None:
    """Those are live that the gap has as live: of an ended test, months behind are of another time."""
    answer, gap = shipped(), shipped(GapQuestion)
    stages = [row[-1] for row in answer.tables[0].rows]
    active = {row["name"] for row in gap.data["benchmarks"] if row["stage"] == "active"}
    assert {row[0] for row in answer.tables[0].rows if row[-1] == "live"} == active
    assert stages == sorted(stages, key=lambda stage: stage != "live")
    assert lines(answer)["Not live"] == ("ended: 7, succeeded: 2, too few open models: 1; open models lead on GSM8K")
    counts = {stage: stages.count(stage) for stage in stages if stage != "live"}
    assert counts == {"ended": 7, "succeeded": 2, "too few open models": 1}
    for name in ("nearest", "farthest"):
        for access in ("private", "public"):
            assert next(fact for fact in answer.facts if fact.key == f"{name}.{access}").benchmark in active


def test_where_no_test_is_live_all_are_counted(shipped: Ask) -> None:
    answer = shipped(as_of=date(2022, 6, 1))
    assert answer.lines[0].text == "Closed models lead on 1 of 1 private test and 2 of 2 public tests"
    assert lines(answer)["Not live"] == "too few open models: 2, ended: 1"
    assert {row[-1] for row in answer.tables[0].rows} == {"too few open models", "ended"}


def test_a_test_with_one_side_alone_is_not_counted_as_led(shipped: Ask) -> None:
    answer = shipped(as_of=date(2025, 1, 25))
    assert answer.lines[0].text == "Closed models lead on 3 of 3 live private tests and 3 of 3 live public tests"
    assert lines(answer)["Not counted"].startswith("FrontierMath Tier 4 and Humanity's Last Exam: ")
    assert shipped(as_of=date(2019, 12, 1)).lines[0].text == "No test has scores of both sides"


# ---- laws


@given(board=st.none() | st.integers(0, 30), day=st.dates(date(2022, 6, 1), date(2026, 8, 22)))
def test_every_answer_keeps_the_rules_and_shows_no_later_model(
    evidence: Evidence, board: int | None, day: date
) -> None:
    benchmark = None if board is None else f"{evidence.boards[board].benchmark_id} {evidence.boards[board].version}"
    try:
        answer = FrontierQuestion(benchmark=benchmark, as_of=day).answer(evidence)
    except UsageError as error:
        if not re.search("is before that|No score of ", str(error)):
            raise
        return
    check(answer)
    check_days(answer, day)
    released = {model.model_id: date.fromordinal(model.day) for model in evidence.models}
    for test in answer.data["tests"]:
        for side in ("best_closed", "best_open"):
            assert test[side] is None or released[test[side]["model"]] <= day


@given(toy.boards())
@pytest.mark.slow
def test_swapped_sides_turn_who_leads(rows: list[toy.Row]) -> None:
    evidence = whole(toy.evidence({"b": rows}))
    mine, theirs = (FrontierQuestion("b 1").answer(world).data["tests"][0] for world in (evidence, swapped(evidence)))
    assert theirs["leader"] == {"closed": "open", "open": "closed", "neither": "neither"}[mine["leader"]]
    assert (theirs["best_closed"], theirs["best_open"]) == (mine["best_open"], mine["best_closed"])
