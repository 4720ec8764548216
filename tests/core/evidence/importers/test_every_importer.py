"""What holds for every importer: damaged files are refused with their place, and nothing is guessed."""

import csv
from pathlib import Path

import pytest

from core.errors import TableError
from core.evidence.importers import IMPORTERS
from core.evidence.importers.rows import Imported

FIXTURES = Path(__file__).parent.parent / "fixtures"
HUB = "epoch_hub_2026-04-19"

# importer, fixture file, column of the score (blank where the file holds none), column of a date
CSV_FILES = [
    ("bfcl", "bfcl/data_overall.csv", "Overall Acc", ""),
    ("bullshit-bench", "bullshit_bench/v2_leaderboard_with_launch.csv", "green_rate", "launch_date"),
    ("bullshit-bench", "bullshit_bench/model_launch_dates.csv", "", "launch_date"),
    ("epoch-daily", "epoch_daily/scores_2026-05-22.csv", "score", "release_date"),
    ("epoch-daily", "epoch_daily/scores_2026-08-22.csv", "score", "release_date"),
    ("epoch-hub", f"{HUB}/aider_polyglot_external.csv", "Percent correct", "Release date"),
    ("epoch-hub", f"{HUB}/gpqa_diamond.csv", "mean_score", "Started at"),
    ("epoch-hub", f"{HUB}/hle_external.csv", "Accuracy", "Release date"),
    ("epoch-hub", f"{HUB}/mmlu_external.csv", "EM", "Release date"),
    ("epoch-hub", f"{HUB}/terminalbench_external.csv", "Accuracy mean", "Run date"),
    ("epoch-index", "epoch_index_2026-07-01/epoch_capabilities_index.csv", "ECI Score", "Release date"),
    ("forecastbench", "forecastbench/sota_graph_tournament.csv", "Overall", ""),
    ("hand-transcribed", "hand_transcribed/arc_agi_later_rows.csv", "Score", "Release date"),
    ("hand-transcribed", "hand_transcribed/simplebench_later_rows.csv", "Score (AVG@5)", "Release date"),
    ("helm", "helm/model_metadata.csv", "", "release_date"),
    ("llm-leaderboard", "mmlu_pro/llm_leaderboard_scores.csv", "score", "release_date"),
    ("mmlu-pro", "mmlu_pro/mmlu_pro_tiger_partial.csv", "score", "release_date"),
    ("models-dev", "models_dev/models_metadata.csv", "", "release_date"),
    ("openhands", "openhands_index/scores.csv", "score", "submission_time"),
    ("study", "study/accessibility_overrides.csv", "", ""),
    ("weirdml", "weirdml/weirdml_data_2026-08-17.csv", "avg_acc", "release_date"),
]
YAML_FILES = [
    ("aider", "aider/polyglot_leaderboard_2026-05-22.yml"),
    ("metr", "metr/benchmark_results_1_0_2026-01-30.yaml"),
    ("metr", "metr/benchmark_results_1_1_2026-04-11.yaml"),
]
ALL = [(importer, name) for importer, name, _, _ in CSV_FILES] + YAML_FILES
SCORED = [(importer, name, score) for importer, name, score, _ in CSV_FILES if score]
DATED = [(importer, name, day) for importer, name, _, day in CSV_FILES if day]


def spoiled(tmp_path: Path, name: str, column: str, value: str, line: int = 2) -> tuple[Path, int]:
    """Copy a fixture with a value changed in the row that starts on a line; return it with that line."""
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        rows, end = [next(reader)], reader.line_num
        for row in reader:
            if end + 1 == line:
                row[rows[0].index(column)] = value
            end = reader.line_num
            rows.append(row)
    path = tmp_path / Path(name).name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return path, line


def test_every_importer_has_a_fixture_here():
    assert {importer for importer, _ in ALL} == set(IMPORTERS)
    assert len(IMPORTERS) == 16


@pytest.mark.parametrize(("importer", "name"), ALL)
def test_each_row_is_a_score_or_a_model_or_dropped_with_a_reason(importer: str, name: str):
    imported: Imported = IMPORTERS[importer](FIXTURES / name)
    seen = {each.line for each in (*imported.scores, *imported.models, *imported.dropped)}
    assert imported.rows == len(seen) > 0
    assert all(drop.reason for drop in imported.dropped)
    assert not {score.line for score in imported.scores} & {drop.line for drop in imported.dropped}


@pytest.mark.parametrize(("importer", "name"), ALL)
def test_reading_twice_gives_the_same(importer: str, name: str):
    assert IMPORTERS[importer](FIXTURES / name) == IMPORTERS[importer](FIXTURES / name)


@pytest.mark.parametrize(("importer", "name"), ALL)
def test_a_missing_file_is_named(importer: str, name: str, tmp_path: Path):
    with pytest.raises(TableError, match="can't be read") as caught:
        IMPORTERS[importer](tmp_path / Path(name).name)
    assert Path(name).name in str(caught.value)
    assert "The last good data stays in use." in str(caught.value)


@pytest.mark.parametrize(("importer", "name"), ALL)
def test_a_file_that_is_not_utf_8_is_refused(importer: str, name: str, tmp_path: Path):
    path = tmp_path / Path(name).name
    path.write_bytes((FIXTURES / name).read_bytes() + b"\xff\xfe\xe9")
    with pytest.raises(TableError, match="can't be read"):
        IMPORTERS[importer](path)


@pytest.mark.parametrize(("importer", "name"), ALL)
def test_a_file_of_a_hostile_size_is_refused_unread(importer: str, name: str, tmp_path: Path):
    path = tmp_path / Path(name).name
    with path.open("wb") as file:
        file.truncate(50_000_001)
    with pytest.raises(TableError, match="is larger than 50 MB"):
        IMPORTERS[importer](path)


@pytest.mark.parametrize(("importer", "name"), ALL)
def test_an_empty_file_is_refused(importer: str, name: str, tmp_path: Path):
    path = tmp_path / Path(name).name
    path.write_text("", encoding="utf-8")
    with pytest.raises(TableError):
        IMPORTERS[importer](path)


@pytest.mark.parametrize(("importer", "name", "column"), SCORED)
@pytest.mark.parametrize("value", ["n/a", "NaN", "inf", "-inf", "1e999", "12,5", "1_0", "<0.5"])
def test_a_score_that_is_no_number_is_named_with_file_line_column_and_value(
    importer: str, name: str, column: str, value: str, tmp_path: Path
):
    path, line = spoiled(tmp_path, name, column, value, IMPORTERS[importer](FIXTURES / name).scores[0].line)
    with pytest.raises(TableError) as caught:
        IMPORTERS[importer](path)
    assert str(caught.value) == (
        f'{path.name}, line {line}, column {column}: "{value}" is not a number. The last good data stays in use.'
    )
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(("importer", "name", "column"), DATED)
@pytest.mark.parametrize("value", ["2025-02-30", "20250120", "yesterday", "2025-W04-1", "01/20/2025"])
def test_a_date_that_is_none_is_named(importer: str, name: str, column: str, value: str, tmp_path: Path):
    path, line = spoiled(tmp_path, name, column, value)
    with pytest.raises(TableError) as caught:
        IMPORTERS[importer](path)
    assert f'{path.name}, line {line}, column {column}: "{value}" is not a date (YYYY-MM-DD)' in str(caught.value)


@pytest.mark.parametrize(("importer", "name", "column"), [each for each in SCORED if each[0] != "hand-transcribed"])
def test_a_file_without_its_score_column_is_refused(importer: str, name: str, column: str, tmp_path: Path):
    path, _ = spoiled(tmp_path, name, column, "1")
    path.write_text(path.read_text(encoding="utf-8").replace(column, f"renamed {column}", 1), encoding="utf-8")
    with pytest.raises(TableError, match="the column is missing") as caught:
        IMPORTERS[importer](path)
    assert caught.value.column == column


@pytest.mark.parametrize(("importer", "name", "score", "day"), CSV_FILES)
def test_a_row_that_is_cut_short_is_refused(importer: str, name: str, score: str, day: str, tmp_path: Path):
    path = tmp_path / Path(name).name
    path.write_text((FIXTURES / name).read_text(encoding="utf-8").rstrip("\n") + "\nhalf a ro", encoding="utf-8")
    with pytest.raises(TableError, match="too many or too few columns") as caught:
        IMPORTERS[importer](path)
    assert caught.value.line == len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(("importer", "name", "score", "day"), CSV_FILES)
def test_a_byte_order_mark_and_windows_line_ends_change_nothing(
    importer: str, name: str, score: str, day: str, tmp_path: Path
):
    path = tmp_path / Path(name).name
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows(rows)
    assert IMPORTERS[importer](path).scores == IMPORTERS[importer](FIXTURES / name).scores


@pytest.mark.parametrize(("importer", "name", "score", "day"), CSV_FILES)
def test_a_hostile_field_is_refused_and_not_read_whole(importer: str, name: str, score: str, day: str, tmp_path: Path):
    path = tmp_path / Path(name).name
    path.write_text((FIXTURES / name).read_text(encoding="utf-8") + "x" * (csv.field_size_limit() + 1) + "\n")
    with pytest.raises(TableError, match="field larger than field limit"):
        IMPORTERS[importer](path)


@pytest.mark.parametrize(("importer", "name"), YAML_FILES)
@pytest.mark.parametrize(
    "text",
    [
        "- a\n  b: : c\n",
        "{unclosed: [1, 2\n",
        "!!python/object/apply:os.system ['true']\n",
        "just a sentence\n",
        "- a run that is a sentence\n",
        "- [a, list]\n",
        "- 7\n",
        "results: 7\n",
        "results: [1, 2]\nbenchmark_name: METR-Horizon-v1\n",
        "results: {a: 7}\nbenchmark_name: METR-Horizon-v1\n",
        "benchmark_name: METR-Horizon-v1\n",
        "null\n",
        "- date: 2025-02-30\n",
        f"- {'[' * 1200}\n",
        f"- n: {'9' * 5000}\n",
    ],
)
def test_what_is_not_the_publishers_yaml_is_refused(importer: str, name: str, text: str, tmp_path: Path):
    path = tmp_path / Path(name).name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TableError) as caught:
        IMPORTERS[importer](path)
    assert str(caught.value).startswith(path.name)
