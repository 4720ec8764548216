"""What `model` says: how far behind an open model is, or how soon a closed one was matched, each test for itself."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.answer import Answer
from core.errors import UsageError
from core.evidence.evidence import Evidence
from core.questions.model import ModelQuestion
from tests import toy
from tests.core.gap.whole import whole
from tests.core.questions.conftest import Ask
from tests.core.questions.laws import check, check_days, lines, shown

QUESTION = ModelQuestion


def by_test(answer: Answer) -> dict[str, dict[str, object]]:
    return {test["name"]: test for test in answer.data["tests"]}


# ---- an open model


def test_an_open_model_stands_so_many_months_behind_today_with_a_range_and_its_months_at_release(shipped: Ask) -> None:
    answer = shipped("DeepSeek-R1")
    assert answer.lines[0].text == (
        "DeepSeek-R1, open weights of 20 January 2025, stands 24.5 months behind closed models on private tests (likely"
        " 21.4 to 24.5) and 21.4 on public (likely 21.4 to 24.5); at its release 4.3 and 1.1 months behind"
    )
    assert lines(answer)["Private"] == "first there: o1-preview; 6 tests"
    assert lines(answer)["Months"] == "on the newest day; the gap averages six months"
    assert lines(answer)["One test"] == "alone may give other months: the index places closed models by all their tests"
    assert "Months" in [line.label for line in answer.first_look]
    assert set(answer.data["index"]) == {"private", "public"}


def test_on_a_test_r1_is_as_far_behind_as_o1_preview_is_old(shipped: Ask) -> None:
    """o1-preview of 12 September 2024 was 130 days before R1, and 700 before WeirdML's newest model."""
    weirdml = by_test(shipped("r1"))["WeirdML"]
    assert (weirdml["other_model"], weirdml["other_date"]) == ("o1-preview-2024-09-12", "2024-09-12")
    assert weirdml["newest_data"] == "2026-08-13"
    assert weirdml["months"] == pytest.approx(700 / (365.25 / 12))
    assert weirdml["months_between"] == pytest.approx(130 / (365.25 / 12))


def test_the_closest_and_the_farthest_test_that_go_on_are_named(shipped: Ask) -> None:
    """Terminal-Bench 2, which ended, has the fewest months, and is not the closest for that."""
    answer = shipped("kimi k2")
    assert by_test(answer)["Terminal-Bench 2"]["months"] < by_test(answer)["WeirdML"]["months"]
    assert lines(answer)["Closest"] == "WeirdML, 39.4 %, 23.0 months behind: o1-preview was first there"
    assert lines(answer)["Farthest"] == "SimpleBench, 26.3 %, 25.7 months behind: Claude 3.5 Sonnet was first there"


def test_it_was_first_at_levels_of_some_tests(shipped: Ask) -> None:
    answer = shipped("kimi k2")
    assert lines(answer)["Was first"] == "of the open models in the data at 5 to 25 % on Terminal-Bench 2"
    assert by_test(answer)["Terminal-Bench 2"]["first_at"] == [5.0, 10.0, 15.0, 20.0, 25.0]
    assert by_test(answer)["WeirdML"]["first_at"] == []


def test_a_closed_model_was_matched_on_so_many_tests_from_the_first_to_the_last(shipped: Ask) -> None:
    by_label = lines(shipped("gpt-5"))
    assert by_label["Private"] == "matched on 7 of 10 tests, 5.7 to 10.3 months later"
    assert by_label["Public"] == "matched on 3 of 7 tests, 5.7 to 6.2 months later"


def test_a_match_from_before_its_release_is_said_to_be_from_before(shipped: Ask) -> None:
    answer = shipped("claude fable 5")
    assert answer.lines[0].text == (
        "Open models have matched Claude Fable 5, a closed model of 9 June 2026, on 1 of 6 tests; they had been there"
        " before it, on GPQA Diamond on 27 January 2026"
    )


def test_on_one_test_the_score_and_the_months_to_the_tests_last_day_are_told(shipped: Ask) -> None:
    assert shipped("r1", benchmark="metr").lines[0].text == (
        "DeepSeek-R1, open weights of 20 January 2025, has 28 minutes on METR Time Horizons, 15.6 months behind: o1 was"
        " first there on 17 December 2024; at its release 1.1 months behind"
    )


def test_on_a_test_that_ended_the_months_are_by_its_last_day_and_at_least_those_since_its_first_closed_model(
    shipped: Ask,
) -> None:
    line = lines(shipped(model="qwen3-32b", benchmark="aider"))[""]
    assert ", 11.2 months behind by 29 September 2025: Claude 3.5 Sonnet (October 2024) was first there" in line
    line = lines(shipped(model="gpt-oss-20b", benchmark="terminal-bench"))[""]
    assert ", at least 8.1 months behind by 19 February 2026: Gemini 2.5 Pro (Jun 2025) was first there" in line


def test_where_no_closed_model_is_at_its_score_it_is_ahead_of_all(shipped: Ask) -> None:
    answer = shipped("deepseek coder v2 236b")
    assert lines(answer)["Ahead"].endswith("on GSM8K (94.5 %, to 29 November 2024)")
    assert by_test(answer)["GSM8K"]["months"] is None
    alone = shipped("deepseek coder v2 236b", benchmark="gsm8k")
    assert alone.lines[0].text.endswith("; no closed model in the data to 29 November 2024 is at or above that")


def test_a_score_below_the_floor_is_shown_and_left_out(shipped: Ask) -> None:
    answer = shipped("gpt-4")
    assert answer.lines[0].text.endswith(" on 4 of 4 tests, the last of them MMLU on 26 December 2024")
    assert lines(answer)["Left out"] == "OTIS Mock AIME (0.6 %): below the floor, where a score says little"
    assert not by_test(answer)["OTIS Mock AIME"]["accepted"]
    assert lines(answer)["Public"].startswith("matched on 3 of 3 tests")


# ---- a closed model


def test_a_closed_model_is_said_to_be_closed_and_when_it_was_matched(shipped: Ask) -> None:
    assert shipped("gpt-4o").lines[0].text == (
        "Open models have matched GPT-4o, a closed model of 13 May 2024, on 6 of 6 tests, the last"
        " of them METR Time Horizons on 26 December 2024"
    )


def test_what_open_models_have_not_matched_waits(shipped: Ask) -> None:
    answer = shipped("claude fable 5")
    assert "FrontierMath v2 (87.0 %, 2.8 months to 3 September 2026)" in lines(answer)["Unmatched"]
    assert lines(answer)["Private"] == "matched on 0 of 4 tests"


def test_open_models_may_have_been_there_before(shipped: Ask) -> None:
    assert lines(shipped("gemini-3.5-flash-lite"))["Private"] == (
        "matched on 3 of 3 tests, from 13.8 months earlier to 5.2 months earlier"
    )


def test_a_model_without_a_score_on_a_headline_test_is_placed_on_those_that_it_took(shipped: Ask) -> None:
    answer = shipped("QwQ-32B-Preview")
    assert "has scores on 1 test, too few to place it on one scale" in answer.lines[0].text
    assert [test["name"] for test in answer.data["tests"]] == ["ForecastBench (tournament)"]


@pytest.mark.parametrize(
    ("model", "label", "message"),
    [
        ("kimi k3", "Released", "Kimi K3 was released on 27 July 2026 by Moonshot, China"),
        ("gpt-5", "Released", "GPT-5 was released on 7 August 2025 by OpenAI, United States of America"),
        ("kimi k3", "Size",
         "Kimi K3 has 2.8T parameters (104B used per token) and needs about 1,600 GB at 4 bits (1,400 GB for"
         " weights, the rest for context): a server of 160 GB is too small"),
        ("gpt-oss-20b", "Size",
         "gpt-oss-20b has 20B parameters and needs about 16 GB at 4 bits (10 GB for weights, the rest for context):"
         " a large card of 24 GB is enough"),
        ("qwen3-8b", "Size",
         "Qwen3-8B has 8B parameters and needs about 8 GB at 4 bits (4.0 GB for weights, the rest for context):"
         " a small card of 8 GB is enough"),
        ("gemma 4 31b it", "Size",
         "Gemma 4 31B IT has 33B parameters and needs about 25 GB at 4 bits (16 GB for weights, the rest for"
         " context): a workstation of 64 GB is enough"),
        ("gpt-5", "Size", "how many parameters GPT-5 has is not in the data: its maker keeps it closed"),
        ("kimi k3", "Price",
         "Kimi K3 costs $3 per million tokens read and $15 written, by the list of Moonshot (16 July 2026)"),
        ("gpt-5", "Price", "the price of GPT-5 is not in the data, which has prices of some models from 2026 on"),
    ],
)  # fmt: skip
def test_what_the_data_have_of_a_model_is_said(shipped: Ask, model: str, label: str, message: str) -> None:
    assert lines(shipped(model))[label] == message


def test_a_price_is_the_lowest_of_the_providers_newest_by_the_day(shipped: Ask) -> None:
    keys = ("price_from", "price_day", "input_usd", "output_usd")
    for as_of, price in (
        (None, ("Fireworks", "2026-06-23", 0.07, 0.3)),
        (date(2026, 5, 1), ("Groq", "2026-01-27", 0.075, 0.3)),
        (date(2026, 1, 1), (None, None, None, None)),
    ):
        model = shipped("gpt-oss-20b", as_of=as_of).data["model"]
        assert tuple(model[key] for key in keys) == price


# ---- names


def test_a_name_of_several_versions_says_which_is_meant_and_names_the_others(shipped: Ask) -> None:
    answer = shipped("kimi k2")
    assert lines(answer)["Version"] == (
        "this is Kimi K2 (Kimi-K2-Instruct); others of that name: Kimi K2 (Kimi-K2-Instruct-0905)"
    )
    for other in answer.data["model"]["versions"]:
        assert shown(shipped(other), "full_name") == other
    assert "Version" not in lines(shipped("kimi k2.6"))
    assert "Version" not in lines(shipped("kimi k2", as_of=date(2025, 8, 1)))


def test_a_question_without_a_model_is_refused_with_an_example(shipped: Ask) -> None:
    with pytest.raises(UsageError, match="The model is missing; give one, such as Kimi K2"):
        shipped("")


@pytest.mark.parametrize(
    ("grade", "by"), [("third-party", "a third party's word"), ("registry", "the word of registries")]
)
def test_a_model_that_only_others_have_classified_is_said_to_be_in_doubt(grade: str, by: str) -> None:
    rows = [("c", "2024-01-01", "closed", 50.0), ("o", "2024-03-01", "open", 50.0)]
    evidence = whole(toy.evidence({"b": rows}))
    models = tuple(replace(model, openness_grade=grade) for model in evidence.models)
    answer = ModelQuestion("o", "b 1").answer(replace(evidence, models=models))
    check(answer)
    assert lines(answer)["In doubt"] == f"o is open by {by} alone"


# ---- words that follow the sign


def boards_with(*lags: int | None) -> Evidence:
    """Make a public test per lag in days of the open model "o" on a closed one; None where no closed one is as good."""
    rows: dict[str, list[toy.Row]] = {}
    for number, lag in enumerate(lags):
        closed = (
            ("c", "2024-06-01", "closed", 40.0)
            if lag is None
            else (f"c{lag}", str(RELEASE - timedelta(lag)), "closed", 60.0)
        )
        weak = [(f"w{n}", "2024-01-01", "closed", 5.0) for n in range(3)]
        rows[f"b{number}"] = [*weak, closed, ("o", str(RELEASE), "open", 50.0), ("z", "2025-07-01", "open", 1.0)]
    return whole(toy.evidence(rows))


RELEASE = date(2025, 6, 1)


@pytest.mark.parametrize(
    ("lag", "text"),
    [
        (60, "3.0 months behind: c60 was first there on 2 April 2025; at its release 2.0 months behind"),
        (-10, "0.7 months behind: c-10 was first there on 11 June 2025; at its release level or ahead"),
        (-30, "level: c-30 was first there on 1 July 2025; at its release level or ahead"),
    ],
)
def test_ahead_and_behind_follow_the_days(lag: int, text: str) -> None:
    answer = ModelQuestion("o", "b0 1").answer(boards_with(lag))
    check(answer)
    assert answer.lines[0].text == f"o, open weights of 1 June 2025, has 50.0 % on b0, {text}"


def test_a_model_with_the_best_score_of_both_sides_is_level() -> None:
    rows = [("c", "2024-06-01", "closed", 50.0), ("o", "2025-06-01", "open", 50.0), ("z", "2025-07-01", "open", 1.0)]
    answer = ModelQuestion("o", "b 1").answer(whole(toy.evidence({"b": rows})))
    assert " on b, level: c was first there on 1 June 2024; at its release 12.0 months behind" in answer.lines[0].text


def test_on_too_few_tests_for_a_scale_no_months_are_told_but_those_of_the_closest_test() -> None:
    answer = ModelQuestion("o").answer(boards_with(60, 120))
    check(answer)
    assert answer.lines[0].text == (
        "o, open weights of 1 June 2025, has scores on 2 tests, too few to place it on one scale; closest on b0: 3.0"
        " months behind"
    )
    assert answer.data["index"] == {}


# ---- laws


@given(nth=st.integers(0, 9999), on=st.none() | st.integers(0, 99), day=st.dates(date(2022, 6, 1), date(2026, 8, 22)))
def test_every_answer_keeps_the_rules_and_shows_no_later_model(
    evidence: Evidence, nth: int, on: int | None, day: date
) -> None:
    model = evidence.models[nth % len(evidence.models)]
    board = None if on is None else evidence.boards[on % len(evidence.boards)]
    benchmark = board and f"{board.benchmark_id} {board.version}"
    try:
        answer = ModelQuestion(model.model_id, benchmark, as_of=day).answer(evidence)
    except UsageError as error:
        if not re.search("was released on|has no score on", str(error)):
            raise
        return
    check(answer)
    check_days(answer, day)
    released = {entry.model_id: date.fromordinal(entry.day) for entry in evidence.models}
    for test in answer.data["tests"]:
        assert test["other_model"] is None or released[test["other_model"]] <= day
        if test["other_model"] is not None:
            lag = (released[model.model_id] - released[test["other_model"]]).days / (365.25 / 12)
            assert test["months_between"] == pytest.approx(lag if model.is_open else -lag)
            assert test["months"] is None if not model.is_open else test["months"] >= 0


def test_a_score_with_a_standard_error_has_its_lags_noise_beside_it(shipped: Ask) -> None:
    answer = shipped(model="Kimi K3")
    noise = {test["name"]: test["noise"] for test in answer.data["tests"]}
    assert noise["SimpleBench"] is None
    assert noise["GPQA Diamond"]["low"] < noise["GPQA Diamond"]["high"]
    redrawn = answer.tables[0].columns.index("Redrawn")
    assert {row[0]: row[redrawn] for row in answer.tables[0].rows}["SimpleBench"] == "–"
    assert "Noise" in lines(shipped(model="Kimi K3", benchmark="gpqa"))


# ---- on the index


def test_a_model_stands_on_the_index_of_each_class_with_a_range_and_its_months(shipped: Ask) -> None:
    answer = shipped("Kimi K3")
    assert re.fullmatch(
        r"private \d+ \(likely \d+ to \d+\), \d+\.\d months behind \(likely .+\); public \d+ \(likely \d+ to \d+\), .+"
        r" · 100 is the best closed model, 10 points a year's growth",
        lines(answer)["Index"],
    )
    private = answer.data["index"]["private"]
    assert private["low"] < private["points"] < private["high"]
    assert private["months_low"] <= private["months"] <= private["months_high"]
    assert f"{private['months']:.1f} months behind" in lines(answer)["Index"]
    assert f"stands {private['months']:.1f} months behind closed models on private tests" in answer.lines[0].text


def test_a_closed_model_stands_where_closed_models_first_stood(shipped: Ask) -> None:
    answer = shipped("GPT-5.5")
    index = answer.data["index"]["private"]
    assert f"where closed models first stood {index['months']:.1f} months back" in lines(answer)["Index"]
    own = (date.fromisoformat(index["at"]) - date.fromisoformat(answer.data["model"]["date"])).days / (365.25 / 12)
    assert index["months"] >= own


def test_one_test_alone_tells_no_index(shipped: Ask) -> None:
    assert "Index" not in lines(shipped("Kimi K3", benchmark="weirdml"))
