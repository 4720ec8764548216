"""Epoch's benchmarking hub: each file has a score column, a scale and a version of its own."""

from datetime import date
from pathlib import Path

import pytest

from core.errors import TableError
from core.evidence.importers import epoch_hub

HUB = "epoch_hub_2026-04-19"


def scores(read, file: str):
    return read("epoch-hub", f"{HUB}/{file}.csv").scores


def by_spelling(read, file: str):
    return {score.spelling: score for score in scores(read, file)}


def test_the_mean_counts_where_mean_and_best_are_given_with_its_error_and_run_date(read):
    wizard = by_spelling(read, "gpqa_diamond")["WizardLM-2-8x22B"]
    assert (wizard.benchmark, wizard.version, wizard.score) == ("gpqa-diamond", "1", 43.434343434)
    assert (wizard.standard_error, wizard.grade, wizard.run_on) == (2.323209333, "epoch-run", date(2025, 1, 27))


@pytest.mark.parametrize(
    ("file", "spelling", "percent"),
    [
        ("mmlu_external", "amazon.nova-lite-v1:0", 77.0),
        ("simplebench_external", "claude-opus-4-1-20250805", 60.0),
        ("arc_agi_external", "magistral-small-2506", 5.0),
        ("terminalbench_external", "MiniMax-M2", 30.0),
        ("frontiermath", "gpt-5.4-pro-2026-03-05_xhigh", 50.0),
    ],
)
def test_a_fraction_becomes_percent_without_binary_dust(read, file: str, spelling: str, percent: float):
    assert by_spelling(read, file)[spelling].score == percent


def test_aiders_percent_stays_percent_with_edit_format_and_run_date(read):
    kimi = by_spelling(read, "aider_polyglot_external")["moonshotai/kimi-k2-0905"]
    assert (kimi.score, kimi.setting, kimi.run_on) == (59.1, "diff", date(2025, 7, 17))
    assert by_spelling(read, "aider_polyglot_external")["Kimi-K2-Instruct"].run_on is None


def test_terminal_bench_is_version_2_with_the_agent_as_setting(read):
    runs = [score for score in scores(read, "terminalbench_external") if score.spelling == "gpt-5.3-codex"]
    assert {score.version for score in runs} == {"2"}
    assert [(score.setting, score.score) for score in runs][:2] == [("Droid", 77.3), ("Simple Codex", 75.1)]
    assert (runs[0].standard_error, runs[0].run_on) == (2.2, date(2026, 2, 24))


def test_weirdml_is_version_2_and_its_variances_are_not_taken_for_standard_errors(read):
    codex = by_spelling(read, "weirdml_external")["gpt-5.3-codex_xhigh"]
    assert (codex.version, codex.score, codex.standard_error) == ("2", 79.3, None)


def test_metrs_minutes_stay_minutes_and_its_suites_never_mix(read):
    found = by_spelling(read, "metr_time_horizons_external")
    assert (found["claude-opus-4-6_unknown"].score, found["claude-opus-4-6_unknown"].version) == (718.80683, "1.1")
    assert (found["gpt-oss-120b"].score, found["gpt-oss-120b"].version) == (41.983451, "1.0")


def test_a_suite_of_metr_that_is_not_known_is_refused(with_value):
    path = with_value(f"{HUB}/metr_time_horizons_external.csv", 0, "METR version", "METR-Horizon-v2")
    with pytest.raises(TableError, match='line 2, column METR version: "METR-Horizon-v2" is no known suite'):
        epoch_hub.read(path)


def test_frontiermath_of_the_april_hub_is_version_1(read):
    assert {score.version for score in scores(read, "frontiermath")} == {"1"}
    assert epoch_hub.BOARDS["frontiermath_tier_4"].version == "1"


def test_collected_scores_keep_their_source_and_shots_apart(read):
    settings = [score.setting for score in scores(read, "mmlu_external") if score.spelling == "falcon-7b"]
    assert "XGen-7B Technical Report, 5 shots" in settings
    assert "XGen-7B Technical Report, 0 shots" in settings


def test_a_collected_score_that_stanford_measured_is_graded_as_measured(read):
    grades = {score.setting: score.grade for score in scores(read, "mmlu_external")}
    assert grades["Stanford CRFM Leaderboard, 5 shots"] == "board-run"
    assert grades["DeepSeek-V3 Technical Report, 5 shots"] == "collected"


def test_a_row_without_a_model_version_is_dropped_by_its_name(read):
    imported = read("epoch-hub", f"{HUB}/gsm8k_external.csv")
    assert [(drop.line, drop.what, drop.reason) for drop in imported.dropped] == [
        (2, "Palmyra X (43B)", "no model version")
    ]


def test_a_row_without_a_score_is_dropped_and_its_model_kept(read):
    imported = read("epoch-hub", f"{HUB}/fictionlivebench_external.csv")
    assert [(drop.what, drop.reason) for drop in imported.dropped] == [
        ("", "no model version"),
        ("chutes/DeepSeek-R1-0528", "no score"),
    ]
    assert [model.spelling for model in imported.models] == ["chutes/DeepSeek-R1-0528", "DeepSeek-R1"]
    assert [(score.version, score.score) for score in imported.scores] == [("120k", 33.3)]


def test_a_row_that_spans_lines_is_known_by_the_line_on_which_it_starts(read, raw: Path):
    lines = (raw / HUB / "aider_polyglot_external.csv").read_text(encoding="utf-8").splitlines()
    kimi = by_spelling(read, "aider_polyglot_external")["Kimi-K2-Instruct"]
    assert lines[kimi.line - 1].startswith("Kimi-K2-Instruct,59.1")
    assert kimi.line > 3


def test_a_file_of_another_benchmark_is_dropped_row_by_row(read):
    imported = read("epoch-hub", f"{HUB}/bbh_external.csv")
    assert (imported.rows, imported.scores, imported.models) == (4, [], [])
    assert {drop.reason for drop in imported.dropped} == {"not one of gapbrief's benchmarks"}


def test_the_hub_says_nothing_of_openness(read):
    assert all(model.claim is None for model in read("epoch-hub", f"{HUB}/gpqa_diamond.csv").models)


def test_16_of_the_studys_17_benchmarks_and_more_are_read_each_under_one_key():
    keys = [(board.benchmark, board.version) for board in epoch_hub.BOARDS.values()]
    assert len(keys) == len(set(keys)) == 19
