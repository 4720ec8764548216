"""What holds for every importer: damaged files are refused with their place, and nothing is guessed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import TableError
from core.evidence.importers import IMPORTERS
from core.evidence.importers.rows import UNKNOWN_SUITE

FIXTURES = Path(__file__).parent.parent / "fixtures"
GOLDEN = sorted((Path(__file__).parent / "golden").rglob("*.txt"))
"""What each importer makes of a fixture, by the importer's name. A change here is a change of the data."""
HUB, LATER = "epoch_hub_2026-04-19", "epoch_2026-09-28"

# importer, fixture file, column of the score (blank where the file holds none), column of a date
CSV_FILES = [
    ("arena-first-seen", "live_2026-11/arena/first_seen_2026.csv", "", "first_seen"),
    ("bfcl", "bfcl/data_overall.csv", "Overall Acc", ""),
    ("bullshit-bench", "bullshit_bench/v2_leaderboard_with_launch.csv", "green_rate", "launch_date"),
    ("bullshit-bench", "bullshit_bench/model_launch_dates.csv", "", "launch_date"),
    ("epoch-accessibility", "epoch_2026-10-08/model_accessibility_new.csv", "", "date"),
    ("epoch-accessibility", "epoch_2026-10-08/eci_scores_sample_57_of_274.csv", "", "date"),
    ("epoch-daily", "epoch_daily/scores_2026-05-22.csv", "score", "release_date"),
    ("epoch-daily", "epoch_daily/scores_2026-08-22.csv", "score", "release_date"),
    ("epoch-hub", f"{HUB}/aider_polyglot_external.csv", "Percent correct", "Release date"),
    ("epoch-hub", f"{HUB}/gpqa_diamond.csv", "mean_score", "Started at"),
    ("epoch-hub", f"{HUB}/hle_external.csv", "Accuracy", "Release date"),
    ("epoch-hub", f"{HUB}/mmlu_external.csv", "EM", "Release date"),
    ("epoch-hub", f"{HUB}/terminalbench_external.csv", "Accuracy mean", "Run date"),
    ("epoch-index", "epoch_index_2026-07-01/epoch_capabilities_index.csv", "ECI Score", "Release date"),
    ("epoch-models", "params/epoch_all_ai_models_2025-04_slice.csv", "", "Publication date"),
    ("epoch-long", "epoch_long_2026-08-11/eci_benchmarks.csv", "performance", "date"),
    ("epoch-transcribed", "frontierswe/frontierswe_v2_2026-09-25.csv", "mean5_pct", "release_date"),
    ("epoch-transcribed", f"{LATER}/arc_agi_2_rows_from_2026-07-15.csv", "score_pct", "release_date"),
    ("epoch-transcribed", f"{LATER}/frontiermath_tiers_1_3_v2.csv", "score_pct", "run_date"),
    ("epoch-transcribed", f"{LATER}/hle_rows_after_2026-04-16.csv", "accuracy_pct", "release_date"),
    ("forecastbench", "forecastbench/sota_graph_tournament.csv", "Overall", ""),
    ("hand-transcribed", "hand_transcribed/arc_agi_later_rows.csv", "Score", "Release date"),
    ("hand-transcribed", "hand_transcribed/simplebench_later_rows.csv", "Score (AVG@5)", "Release date"),
    ("helm", "helm/model_metadata.csv", "", "release_date"),
    ("llm-leaderboard", "mmlu_pro/llm_leaderboard_scores.csv", "score", "release_date"),
    ("mmlu-pro", "mmlu_pro/mmlu_pro_tiger_partial.csv", "score", "release_date"),
    ("models-dev", "models_dev/models_metadata.csv", "", "release_date"),
    ("models-dev", "live_2026-11/models_dev/models_2026-07_to_10.csv", "", "release_date"),
    ("open-llm-leaderboard", "params/open_llm_leaderboard_v2_params.csv", "", ""),
    ("openhands", "openhands_index/scores.csv", "score", "submission_time"),
    ("price-history", "prices/price-history.csv", "", "date"),
    ("study", "study/accessibility_overrides.csv", "", ""),
    ("tau2", "tau2/submissions_flat.csv", "", "model_release"),
    ("weights-evidence", "study/overrides_evidence_2026-10.csv", "", ""),
    ("weirdml", "weirdml/weirdml_data_2026-08-17.csv", "avg_acc", "release_date"),
]
YAML_FILES = [
    ("aider", "aider/polyglot_leaderboard_2026-05-22.yml"),
    ("metr", "metr/benchmark_results_1_0_2026-01-30.yaml"),
    ("metr", "metr/benchmark_results_1_1_2026-04-11.yaml"),
]
JSON_FILES = [
    ("arena", "arena/text_latest.json"),
    ("makers-cards", "makers_cards/cards.json"),
    ("weirdml-v3", "weirdml_v3/weirdml_v3.json"),
]
ALL = [(importer, name) for importer, name, _, _ in CSV_FILES] + YAML_FILES + JSON_FILES
SCORED = [(importer, name, score) for importer, name, score, _ in CSV_FILES if score]
DATED = [(importer, name, day) for importer, name, _, day in CSV_FILES if day]


def write_content(importer: str, path: Path) -> str:
    """Write all that an importer makes of a file, every field, in the order of its lines."""
    imported = IMPORTERS[importer](path)
    records = sorted(
        [*imported.models, *imported.sizes, *imported.prices, *imported.scores, *imported.dropped],
        key=lambda record: record.line,
    )
    return "".join(f"{record}\n" for record in (f"{imported.rows} rows", *records))


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_each_field_of_real_rows_is_read_as_before(golden: Path):
    [fixture] = FIXTURES.rglob(f"{golden.stem}.[cyj]*")
    assert write_content(golden.parent.name, fixture) == golden.read_text(encoding="utf-8")


def test_every_importer_and_every_fixture_has_its_golden_file():
    assert {golden.parent.name for golden in GOLDEN} == set(IMPORTERS)
    fixtures = {path.stem for path in FIXTURES.rglob("*.*") if not path.stem.startswith("categories")}
    assert {golden.stem for golden in GOLDEN} == fixtures


@pytest.mark.parametrize(("importer", "name"), ALL)
def test_each_row_is_a_score_or_a_model_or_dropped_with_a_reason(importer: str, name: str):
    imported = IMPORTERS[importer](FIXTURES / name)
    records = (*imported.scores, *imported.models, *imported.sizes, *imported.prices, *imported.dropped)
    assert imported.rows == len({record.line for record in records}) > 0
    assert all(drop.reason for drop in imported.dropped)
    assert not {score.line for score in imported.scores} & {drop.line for drop in imported.dropped}


@pytest.mark.parametrize(("importer", "name", "column"), SCORED)
def test_a_row_without_a_score_is_dropped_and_its_model_kept(importer: str, name: str, column: str, with_value):
    """But the index is read for its models too, and ForecastBench, which lists people and teams, for scores alone."""
    original = IMPORTERS[importer](FIXTURES / name)
    line = original.scores[0].line
    imported = IMPORTERS[importer](with_value(name, column, "", line))
    reasons = [] if importer == "epoch-index" else ["no score"]
    assert [drop.reason for drop in imported.dropped if drop.line == line] == reasons
    assert imported.rows == original.rows
    assert imported.scores == [score for score in original.scores if score.line != line]
    models = [model for model in original.models if importer != "forecastbench" or model.line != line]
    assert imported.models == models


LAUNCHES, SONNET = "bullshit_bench/model_launch_dates.csv", "anthropic/claude-sonnet-4.6"
METR, OPUS = f"{HUB}/metr_time_horizons_external.csv", "claude-opus-4-6_unknown"
DAILY, ARC = "epoch_daily/scores_2026-05-22.csv", "hand_transcribed/arc_agi_later_rows.csv"
INDEX = "epoch_index_2026-07-01/epoch_capabilities_index.csv"
WEIGHTS = "study/overrides_evidence_2026-10.csv"

# What each word of a source on weights claims; one that is not known is refused or says nothing, never guessed.
CLAIMS = [
    ("bfcl", "bfcl/data_overall.csv", "License", {"MIT": "open", "Proprietary": "closed", "": None}),
    ("bullshit-bench", "bullshit_bench/v2_leaderboard_with_launch.csv", "open_model_status",
     {"closed": "closed", "open_source": "open", "open_weights": "open", "": None}),
    ("epoch-index", INDEX, "Model accessibility",
     {"API access": "closed", "Hosted access (no API)": "closed", "Limited access": "closed",
      "Open weights (unrestricted)": "open", "Open weights (restricted use)": "open",
      "Open weights (non-commercial)": "open", "Unreleased": "unreleased", "Unknown": None, "Open source": None,
      "": None}),
    ("helm", "helm/model_metadata.csv", "access",  # "limited" is an API, "closed" is out of reach
     {"open": "open", "limited": "closed", "closed": "unreleased", "": None}),
    ("models-dev", "models_dev/models_metadata.csv", "open_weights",
     {"True": "open", "False": "closed", "": None, "maybe": None}),
    ("openhands", "openhands_index/scores.csv", "openness",
     {"open_weights": "open", "closed_api_available": "closed", "": None}),
    ("weights-evidence", WEIGHTS, "openness",
     {"open weights (custom licence)": "open", "closed; Epoch 'Limited access'": "closed"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("importer", "name", "column", "word", "claim"),
    [(*source, word, claim) for *source, claims in CLAIMS for word, claim in claims.items()],
)
def test_each_word_on_openness_is_a_claim_and_kept_as_written(
    importer: str, name: str, column: str, word: str, claim: str | None, with_value
):
    model = IMPORTERS[importer](with_value(name, column, word)).models[0]
    assert model.claim == claim
    assert word in model.raw


def test_a_word_that_is_not_known_is_refused_not_guessed(with_value):
    path = with_value("study/accessibility_overrides.csv", "accessibility", "open")
    with pytest.raises(TableError, match='line 2, column accessibility: "open" is not a known accessibility'):
        IMPORTERS["study"](path)


@pytest.mark.parametrize(
    ("importer", "name", "column", "word", "what", "reason"),  # in the first row
    [
        ("bullshit-bench", LAUNCHES, "judge_status", "rejected", SONNET, "launch date not accepted by its judge"),
        ("epoch-daily", DAILY, "benchmark", "frontiermath_v2", "GPT-5", "not one of gapbrief's benchmarks"),
        ("epoch-hub", METR, "METR version", "METR-Horizon-v2", OPUS, f'METR version "METR-Horizon-v2" {UNKNOWN_SUITE}'),
        ("epoch-index", INDEX, "Model version", "", "GPT-5.4 Mini", "no model version"),
        ("hand-transcribed", ARC, "Benchmark", "ARC-AGI-3", "gpt-5.5_xhigh", "not one of gapbrief's benchmarks"),
        ("weights-evidence", WEIGHTS, "openness", "check", "GLM-5.3", "not settled yet"),
        ("weights-evidence", WEIGHTS, "weights_date", "announced for 2026-12-01", "GLM-5.3", "not settled yet"),
    ],
)
def test_a_row_that_is_not_used_is_dropped_by_its_name(
    importer: str, name: str, column: str, word: str, what: str, reason: str, with_value
):
    dropped = IMPORTERS[importer](with_value(name, column, word)).dropped
    assert [(drop.what, drop.reason) for drop in dropped if drop.line == 2] == [(what, reason)]


def test_a_file_that_is_named_like_no_board_is_refused(with_value):
    path = with_value(f"{LATER}/hle_rows_after_2026-04-16.csv", "accuracy_pct", "1")
    with pytest.raises(TableError, match="is named like no board; expected one of arc_agi_1, "):
        IMPORTERS["epoch-transcribed"](path.rename(path.with_name("mirrorcode_rows_from_2026-09-01.csv")))


# Damage


def garble(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\xff\xfe\xe9")


def swell(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(50_000_001)


def clear(path: Path) -> None:
    path.write_text("", encoding="utf-8")


@pytest.mark.parametrize(("importer", "name"), ALL)
@pytest.mark.parametrize(
    ("damage", "message"),
    [(Path.unlink, "can't be read"), (garble, "can't be read"), (swell, "is larger than 50 MB"),
     (clear, "stays in use")],
    ids=["missing", "not UTF-8", "hostile size", "empty"],
)  # fmt: skip
def test_a_damaged_file_is_refused_and_named(
    importer: str, name: str, damage: Callable[[Path], None], message: str, tmp_path: Path
):
    path = Path(shutil.copy(FIXTURES / name, tmp_path))
    damage(path)
    with pytest.raises(TableError, match=message) as error:
        IMPORTERS[importer](path)
    assert str(error.value).startswith(path.name)
    assert "The last good data stays in use." in str(error.value)


@pytest.mark.parametrize(("importer", "name", "column"), SCORED)
def test_a_score_that_is_no_number_is_named_with_file_line_column_and_value(
    importer: str, name: str, column: str, with_value
):
    line = IMPORTERS[importer](FIXTURES / name).scores[0].line
    path = with_value(name, column, "n/a", line)
    with pytest.raises(TableError) as error:
        IMPORTERS[importer](path)
    assert str(error.value) == (
        f'{path.name}, line {line}, column {column}: "n/a" is not a number. The last good data stays in use.'
    )
    assert (error.value.line, error.value.column) == (line, column)


@pytest.mark.parametrize(("importer", "name", "column"), DATED)
def test_a_date_that_is_none_is_named(importer: str, name: str, column: str, with_value):
    path = with_value(name, column, "yesterday")
    with pytest.raises(TableError) as error:
        IMPORTERS[importer](path)
    assert f'{path.name}, line 2, column {column}: "yesterday" is not a date (YYYY-MM-DD)' in str(error.value)


@pytest.mark.parametrize(("importer", "name", "column"), [file for file in SCORED if file[0] != "hand-transcribed"])
def test_a_file_without_its_score_column_is_refused(importer: str, name: str, column: str, with_value):
    path = with_value(name, column, "1")
    path.write_text(path.read_text(encoding="utf-8").replace(column, f"renamed {column}", 1), encoding="utf-8")
    with pytest.raises(TableError, match="the column is missing") as error:
        IMPORTERS[importer](path)
    assert error.value.column == column


@pytest.mark.parametrize(("importer", "name"), [file[:2] for file in CSV_FILES])
def test_a_row_that_is_cut_short_is_refused(importer: str, name: str, tmp_path: Path):
    path = tmp_path / Path(name).name
    path.write_text((FIXTURES / name).read_text(encoding="utf-8").rstrip("\n") + "\nhalf a ro", encoding="utf-8")
    with pytest.raises(TableError, match="too many or too few columns") as error:
        IMPORTERS[importer](path)
    assert error.value.line == len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(("importer", "name"), YAML_FILES)
@pytest.mark.parametrize(
    "text",
    [
        "- a\n  b: : c\n", "{unclosed: [1, 2\n", "!!python/object/apply:os.system ['true']\n", "just a sentence\n",
        "- a run that is a sentence\n", "- 7\n", "results: 7\n", "null\n", "- date: 2025-02-30\n",
        "results: [1, 2]\nbenchmark_name: METR-Horizon-v1\n", "results: {a: 7}\nbenchmark_name: METR-Horizon-v1\n",
        f"- {'[' * 1200}\n", f"- n: {'9' * 5000}\n",
    ],
)  # fmt: skip
def test_what_is_not_the_publishers_yaml_is_refused(importer: str, name: str, text: str, tmp_path: Path):
    path = tmp_path / Path(name).name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TableError) as error:
        IMPORTERS[importer](path)
    assert str(error.value).startswith(path.name)
