"""What `timeline` says: who was first on each side, level by level, and the same as the gap says."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.answer import Answer
from core.errors import UsageError
from core.evidence.evidence import Evidence
from core.questions import GapQuestion
from core.questions.model import ModelQuestion
from core.questions.timeline import TimelineQuestion
from tests import toy
from tests.core.gap.whole import shifted, swapped, whole
from tests.core.questions.conftest import Ask
from tests.core.questions.laws import check, check_days, lines, shown

QUESTION = TimelineQuestion


def ask(evidence: Evidence, **fields: object) -> Answer:
    return TimelineQuestion(**{"benchmark": "b 1", **fields}).answer(evidence)


def rows(answer: Answer) -> dict[float, dict[str, object]]:
    [test] = answer.data["tests"]
    return {row["threshold"]: row for row in test["levels"]}


# ---- the same as the gap says


def agree(gap: Answer, timeline: Answer) -> int:
    """Assert that every result of the gap on a test is in the test's timeline."""
    [test] = timeline.data["tests"]
    levels = rows(timeline)
    mine = (test["benchmark"], test["version"])
    results = 0
    for point in gap.data["points"]:
        if (point["benchmark"], point["version"]) == mine:
            row = levels[point["threshold"]]
            for key in ("closed_model", "closed_date", "open_model", "open_date", "gap_months", "accepted", "reason"):
                assert row[key] == point[key]
            results += 1
    for level in gap.data["pending"]:
        if (level["benchmark"], level["version"]) == mine:
            row = levels[level["threshold"]]
            for key in ("closed_model", "closed_date", "age_months", "accepted", "reason"):
                assert row[key] == level[key]
            assert (row["open_model"], test["newest_data"]) == (None, level["newest_data"])
            results += 1
    for level in gap.data["open_first"]:
        if (level["benchmark"], level["version"]) == mine:
            row = levels[level["threshold"]]
            assert (row["closed_model"], row["open_model"]) == (level["closed_model"], level["open_model"])
            assert (row["open_date"], row["gap_months"]) == (level["open_date"], level["gap_months"])
            results += 1
    return results


@pytest.mark.parametrize("as_of", [None, date(2025, 1, 20), date(2025, 12, 1)], ids=str)
def test_every_result_of_the_gap_stands_in_the_timeline_of_its_test(shipped: Ask, as_of: date | None) -> None:
    gap = shipped(GapQuestion, as_of=as_of)
    names = [test["name"] for test in gap.data["benchmarks"] if test["newest_data"]]
    results = sum(agree(gap, shipped(benchmark=name, as_of=as_of)) for name in names)
    assert len(names) == {None: 19, date(2025, 12, 1): 17}.get(as_of, len(names))
    assert results == sum(len(gap.data[key]) for key in ("points", "pending", "open_first"))
    assert results >= 70


# ---- all levels of a test


def test_the_first_line_is_the_highest_level_that_open_models_have_reached(shipped: Ask) -> None:
    answer = shipped(benchmark="metr")
    assert answer.lines[0].text == (
        "Kimi K2 Thinking was the first open model at 50 minutes on METR Time Horizons, on 6 November 2025, 8.4 months"
        " after Claude 3.7 Sonnet"
    )
    assert lines(answer)["At 20 minutes"] == (
        "first closed o1-preview on 12 September 2024; first open DeepSeek-R1 on 20 January 2025, 4.3 months later"
    )


def test_what_waits_is_not_in_the_data_to_the_boards_last_day(shipped: Ask) -> None:
    assert lines(shipped(benchmark="metr"))["Unmatched"] == "100 to 500 minutes, since o3 on 16 April 2025"
    assert lines(shipped(benchmark="metr"))["Not matched"] == (
        "100 to 500 minutes: no open model there in the data to 7 April 2026, 11.7 months after o3 reached the lowest"
        " of these (16 April 2025); best open Kimi K2 Thinking, 58 minutes"
    )
    for name in ("metr", "arc-agi-2", "hle", "weirdml"):
        assert "not reached" not in shipped(benchmark=name).text


def test_where_open_was_first_it_goes_first(shipped: Ask) -> None:
    answer = shipped(benchmark="openhands-gaia", as_of=date(2025, 10, 15))
    assert lines(answer)["Open first"] == "5 to 30 % (Qwen3-Coder-480B-A35B, 2.0 months earlier)"
    assert answer.lines[0].text == (
        "Qwen3-Coder-480B-A35B was the first open model at 30 % on GAIA (OpenHands Index), on 31 July 2025, 2.0 months"
        " before Claude Sonnet 4.5"
    )
    first = "first open Qwen3-Coder-480B-A35B on 31 July 2025; first closed Claude Sonnet 4.5 on "
    assert lines(answer)["At 5 to 30 %"].startswith(first)


def test_a_level_that_open_models_hold_alone_is_said_to_be_theirs() -> None:
    evidence = whole(toy.evidence({"b": [("c", "2024-01-01", "closed", 20.0), ("o", "2024-02-01", "open", 40.0)]}))
    answer = ask(evidence)
    check(answer)
    assert (
        lines(answer)["Open alone"]
        == "25 to 40 % (o, 1 February 2024); no closed model there in the data to 1 February 2024"
    )
    assert ask(evidence, level=30.0).lines[0].text == (
        "b, 30 %: first open o on 1 February 2024; no closed model there in the data to 1 February 2024"
    )


def test_results_that_the_gap_leaves_out_are_counted_with_the_reason(shipped: Ask) -> None:
    answer = shipped(benchmark="gpqa")
    assert lines(answer)["In the gap"] == "2 of 15 results do not count: not on the study's list"
    [table] = answer.tables
    assert [row[-1] for row in table.rows][:7] == ["not on the study's list"] * 6 + ["counts"]


def test_a_board_with_too_few_open_models_has_a_timeline_all_the_same(shipped: Ask) -> None:
    answer = shipped(benchmark="hle")
    assert lines(answer)["In the gap"] == "this test gives no results: scores of 4 open models, and 5 are needed"
    assert {row["reason"] for row in rows(answer).values()} == {"scores of 4 open models, and 5 are needed"}
    assert rows(answer)[20.0]["open_name"] == "Kimi K2.5"
    with pytest.raises(UsageError):
        shipped(GapQuestion, benchmark="hle")


def test_a_board_that_no_open_model_has_climbed_says_so(shipped: Ask) -> None:
    answer = shipped(benchmark="metr-time-horizons 1.1")
    assert answer.lines[0].text.startswith(
        "No open model in the data has reached a level of METR Time Horizons (suite 1.1)"
    )
    assert answer.lines[0].text.endswith("closed ones have 2 to 500 minutes")


# ---- one level


def test_a_level_is_told_in_the_first_line_with_its_neighbours(shipped: Ask) -> None:
    answer = shipped(benchmark="gpqa", level=35)
    assert answer.lines[0].text == (
        "GPQA Diamond, 35 %: first closed GPT-4 (Mar 2023) on 14 March 2023; first open WizardLM-2 8x22B on 15 April"
        " 2024, 13.1 months later"
    )
    assert [line.label for line in answer.lines[1:3]] == ["At 40 %", "At 30 %"]
    [table] = answer.tables
    assert [row[0] for row in table.rows] == ["20", "25", "30", "35", "40", "45", "50"]
    assert answer.data["tests"][0]["asked"] == rows(answer)[35.0]


def test_any_level_will_do_and_is_marked_where_the_gap_does_not_look_at_it(shipped: Ask) -> None:
    answer = shipped(benchmark="gpqa", level=82.5)
    assert answer.lines[0].text.startswith("GPQA Diamond, 82.5 %: first closed Gemini 2.5 Pro (Mar 2025)")
    assert lines(answer)["In the gap"] == "does not count: not one of the levels that the gap looks at"
    assert rows(answer)[82.5]["accepted"] is False


def test_a_level_that_waits_or_that_nobody_has_names_the_best_so_far(shipped: Ask) -> None:
    waits = shipped(benchmark="weirdml", level=90)
    assert waits.lines[0].text == (
        "WeirdML, 90 %: first closed Claude Fable 5 on 9 June 2026; no open model there in the data to 13 August 2026,"
        " 2.1 months later"
    )
    assert lines(waits)["Best open"] == "Kimi K3, 82.6 %"
    nobody = shipped(benchmark="weirdml", level=99)
    assert nobody.lines[0].text == "WeirdML, 99 %: no model there in the data to 13 August 2026, closed or open"
    assert lines(nobody)["Best closed"] == "Claude Fable 5, 91.9 %"


# ---- a model


def test_a_model_on_one_test_is_told_in_the_first_line(shipped: Ask) -> None:
    answer = shipped(model="gpt-4", benchmark="gpqa")
    assert answer.lines[0].text == (
        "GPT-4 (Mar 2023), a closed model of 14 March 2023, has 35.7 % on GPQA Diamond; the first open model at or"
        " above that was WizardLM-2 8x22B on 15 April 2024, 13.1 months later"
    )
    assert len(answer.data["tests"]) == 1


def test_an_open_model_is_told_as_how_far_behind_it_is(shipped: Ask) -> None:
    for fields in ({"model": "kimi k2"}, {"model": "kimi k2", "benchmark": "weirdml"}):
        answer, model = shipped(**fields), shipped(ModelQuestion, **fields)
        assert (answer.lines, answer.facts, answer.data) == (model.lines, model.facts, model.data)


# ---- laws


@given(board=st.integers(0, 30), day=st.dates(date(2022, 6, 1), date(2026, 8, 22)), level=st.none() | st.floats(1, 100))
def test_an_earlier_day_never_shows_a_later_model(
    evidence: Evidence, board: int, day: date, level: float | None
) -> None:
    benchmark = f"{evidence.boards[board].benchmark_id} {evidence.boards[board].version}"
    try:
        answer = TimelineQuestion(benchmark=benchmark, level=level, as_of=day).answer(evidence)
    except UsageError as error:
        if "is before that" not in str(error) and "No score of" not in str(error):
            raise
        return
    check(answer)
    check_days(answer, day)
    released = {model.model_id: date.fromordinal(model.day) for model in evidence.models}
    for row in answer.data["tests"][0]["levels"]:
        assert all(row[side] is None or released[row[side]] <= day for side in ("closed_model", "open_model"))


@given(toy.boards(), st.integers(-200, 200))
@pytest.mark.slow
def test_shifted_open_models_shift_the_lags_and_swapped_sides_flip_them(rows_: list[toy.Row], days: int) -> None:
    evidence = whole(toy.evidence({"b": rows_}))
    as_of = date(2026, 12, 31)
    before, later, flipped = (
        rows(ask(world, as_of=as_of)) for world in (evidence, shifted(evidence, days), swapped(evidence))
    )
    for threshold, row in before.items():
        lag = row["gap_months"]
        assert later[threshold]["gap_months"] == (None if lag is None else pytest.approx(lag + days / (365.25 / 12)))
        assert flipped[threshold]["gap_months"] == (None if lag is None else pytest.approx(-lag))


@pytest.mark.parametrize("level", [None, 80.0])
def test_the_charts_title_and_span_are_of_the_level_that_the_first_line_is_about(
    shipped: Ask, level: float | None
) -> None:
    answer = shipped(benchmark="gpqa", level=level)
    [chart], key = answer.charts, "asked" if level else "run.0"
    months = next(fact.value for fact in answer.facts if fact.key == f"{key}.months")
    reached = shown(answer, f"{key}.level").split(" to ")[-1]
    assert chart.title == f"Open models reached {reached} on GPQA Diamond {months:.1f} months after closed ones"
    [span] = chart.spans
    assert span.label == f"{months:.1f} months earlier"
    assert f"{span.level:g} %" == reached
    assert chart.title in chart.alt


def test_the_chart_is_that_of_the_frontier(shipped: Ask) -> None:
    [chart] = shipped(benchmark="weirdml").charts
    assert chart.kind == "frontier"
    assert [series.role for series in chart.series] == ["closed", "private"]


def test_a_lag_of_scores_with_standard_errors_has_its_noise_beside_it(shipped: Ask) -> None:
    answer = shipped(benchmark="gpqa", level=80.0)
    noise = answer.data["tests"][0]["asked"]["noise"]
    assert noise["low"] <= noise["months"] <= noise["high"]
    assert f"the lag is {noise['months']:.1f} months, likely " in lines(answer)["Noise"]
    [row] = [row for row in answer.tables[0].rows if row[0] == "80"]
    assert row[6] == f"{noise['months']:.1f} ({noise['low']:.1f} to {noise['high']:.1f})"
    without = shipped(benchmark="simplebench", level=40.0)
    assert "Noise" not in lines(without)
    assert "Redrawn" not in without.tables[0].columns
