"""ForecastBench's tournament board: its own runs of single models."""

from datetime import date

from core.evidence.importers import forecastbench

BOARD = "forecastbench/sota_graph_tournament.csv"


def test_single_models_are_scores_with_their_prompt_as_setting(read):
    scores = [(score.spelling, score.setting, score.score) for score in read("forecastbench", BOARD).scores]
    assert scores == [
        ("gpt-5-2025-08-07", "", 66.2),
        ("claude-3-7-sonnet-20250219", "scratchpad-with-freeze-values", 65.8),
        ("qwen3-235b-a22b-fp8-tput", "", 65.0),
        ("qwen3-235b-a22b-fp8-tput", "scratchpad-with-freeze-values", 64.0),
        ("gpt-4.1-2025-04-14", "", 63.2),
    ]


def test_the_dagger_is_no_part_of_a_name(read):
    assert all("\u2020" not in score.spelling for score in read("forecastbench", BOARD).scores)


def test_people_teams_and_baselines_are_dropped(read):
    imported = read("forecastbench", BOARD)
    assert [drop.what for drop in imported.dropped] == ["Superforecaster median forecast", "aj-v1", "Always 0.5"]
    assert {drop.reason for drop in imported.dropped} == {"a team's system or a baseline, not one model"}
    assert (imported.rows, len(imported.scores)) == (8, 5)


def test_models_have_release_dates_and_no_claim(read):
    models = {model.spelling: model for model in read("forecastbench", BOARD).models}
    assert models["claude-3-7-sonnet-20250219"].released == date(2025, 2, 19)
    assert all(model.claim is None for model in models.values())


def test_a_row_without_a_score_is_dropped(with_value):
    imported = forecastbench.read(with_value(BOARD, 2, "Overall", ""))
    assert ("gpt-5-2025-08-07\u2020", "no score") in {(drop.what, drop.reason) for drop in imported.dropped}
