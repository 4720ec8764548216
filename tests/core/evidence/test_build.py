"""The build from raw files to tables, end to end on a few real rows: whole, repeatable, and safe when it fails."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import DataError, TableError
from core.evidence import build as module
from core.evidence.build import Report, build
from core.store.table_files import read_tables
from core.store.tables import TABLES
from tests.core.evidence.csv_tables import read_rows, write_rows

DATA = Path(__file__).parents[3] / "data"
RAW = Path(__file__).parent / "fixtures"
TABLE_FILES = [f"{table.name}.csv" for table in TABLES]


def curated(data: Path) -> Path:
    """Make a data folder with the real curated inputs, of the files that the fixtures have."""
    shutil.copytree(DATA / "curated", data / "curated")
    files = [file for file in read_rows(data / "curated", "files") if (RAW / file["path"]).exists()]
    for file in files:
        file["min_rows"] = "1"
    write_rows(data / "curated", "files", files)
    return data


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """Tables that were built once, with the report; not to be changed."""
    folder = curated(tmp_path_factory.mktemp("made") / "data")
    return folder, build(RAW, folder)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A copy of the raw fixtures, to spoil."""
    return Path(shutil.copytree(RAW, tmp_path / "raw"))


@pytest.fixture
def folder(tmp_path: Path, compiled: tuple[Path, Report]) -> Path:
    """A copy of the built tables and what they are built from, to spoil."""
    return Path(shutil.copytree(compiled[0], tmp_path / "data"))


def change_board(raw: Path) -> None:
    """Let WeirdML's newest file hold what an older one held, so that the next build makes other tables."""
    shutil.copyfile(raw / "weirdml" / "weirdml_data_2026-05-20.csv", raw / "weirdml" / "weirdml_data_2026-08-17.csv")


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in TABLE_FILES if (folder / name).exists()}


def test_all_tables_are_written_and_hold_their_contract(compiled: tuple[Path, Report]):
    assert read_tables(compiled[0])
    assert sorted(path.name for path in compiled[0].iterdir()) == sorted(["curated", "imported", *TABLE_FILES])


def test_the_report_says_what_was_read_used_and_dropped(compiled: tuple[Path, Report]):
    folder, report = compiled
    hub = next(source for source in report.sources if source.source.source_id == "epoch-hub-2026-04-19")
    assert hub.rows == 66
    assert dict(hub.dropped) == {
        "no model version": 2,
        "no score": 1,
        "not one of gapbrief's benchmarks": 4,
        "run before the model's release: another model's score": 2,
    }
    assert report.scores == len(read_rows(folder, "scores"))
    assert report.models == len(read_rows(folder, "models"))
    assert report.conflicts == len(read_rows(folder, "conflicts"))
    assert report.unclassified == sum(model["openness"] == "unknown" for model in read_rows(folder, "models"))


def test_rows_read_are_rows_used_and_dropped(compiled: tuple[Path, Report]):
    dropped = read_rows(compiled[0], "dropped")
    for source in read_rows(compiled[0], "sources"):
        assert int(source["rows_read"]) == int(source["rows_used"]) + int(source["rows_dropped"])
        own = [int(row["rows"]) for row in dropped if row["source_id"] == source["source_id"]]
        assert sum(own) == int(source["rows_dropped"])


@pytest.mark.parametrize("name", ["models", "classifications"])
def test_models_and_their_classifications_are_as_before(compiled: tuple[Path, Report], name: str):
    """Names, dates, labs, openness with its grade, and the source used: a change here is a change of the data."""
    assert read_rows(compiled[0], name) == read_rows(Path(__file__).parent / "golden", name)


def test_a_model_is_one_over_all_sources_and_has_a_score(compiled: tuple[Path, Report]):
    folder, _ = compiled
    kimi = [score for score in read_rows(folder, "scores") if score["model_id"] == "Kimi-K2-Instruct"]
    assert {score["benchmark_id"] for score in kimi} == {"aider-polyglot", "eci", "terminal-bench", "weirdml"}
    spellings = {row["spelling"] for row in read_rows(folder, "aliases") if row["model_id"] == "Kimi-K2-Instruct"}
    assert {"kimi-k2", "kimi-k2-0711-preview"} <= spellings
    scored = {score["model_id"] for score in read_rows(folder, "scores")}
    assert {model["model_id"] for model in read_rows(folder, "models")} == scored


def test_a_model_without_a_score_is_awaited_where_an_index_named_it_in_its_first_half_year(
    compiled: tuple[Path, Report],
):
    awaited = {row["model_id"]: row for row in read_rows(compiled[0], "awaited")}
    assert not set(awaited) & {model["model_id"] for model in read_rows(compiled[0], "models")}
    assert {row["release_date"] >= "2026-04-08" for row in awaited.values()} == {True}
    mimo = awaited["mimo-v2.6-pro"]
    assert (mimo["openness"], mimo["source_id"]) == ("open", "epoch-accessibility-2026-10-08")  # open by models.dev


def test_scores_of_one_day_keep_the_sources_order(compiled: tuple[Path, Report]):
    droids = [score["setting"] for score in read_rows(compiled[0], "scores") if score["model_id"] == "gpt-5.3-codex"]
    assert [name for name in droids if name][:3] == ["Droid", "Simple Codex", "Mux"]


def test_conflicts_are_listed(compiled: tuple[Path, Report]):
    conflicts = {
        (row["kind"], row["model_id"], row["kept"], row["other"]) for row in read_rows(compiled[0], "conflicts")
    }
    assert ("release date", "DeepSeek-R1", "2025-01-20", "2025-01-19") in conflicts
    assert ("score", "glm-5.1", "89.9", "85.48") in conflicts


def test_the_same_input_gives_the_same_bytes_whatever_the_hash_seed(raw: Path, folder: Path):
    script = (
        "import sys; from pathlib import Path; from core.evidence.build import build;"
        "build(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    rows = []
    for seed in ("0", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(DATA.parent)}
        subprocess.run([sys.executable, "-c", script, raw, folder], env=environment, check=True)
        rows.append(contents(folder))
    assert rows[0] == rows[1]
    assert len(rows[0]) == len(TABLE_FILES)


def replace(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_a_late_bound_is_held_against_a_later_release_and_is_no_models_day(raw: Path, folder: Path):
    sightings = raw / "live_2026-11" / "arena" / "first_seen_2026.csv"
    replace(sightings, "claude-opus-4-6,anthropic,2026-02-06", "claude-opus-4-6,anthropic,2026-02-01")
    build(raw, folder)
    bounds = [row for row in read_rows(folder, "conflicts") if row["other_source"] == "arena-first-seen-2026-10-02"]
    [bound] = [(row["model_id"], row["kept"], row["other"]) for row in bounds]
    assert bound == ("claude-opus-4-6", "2026-02-05", "2026-02-01")
    models = {row["model_id"]: row for row in read_rows(folder, "models")}
    assert models["claude-opus-4-6"]["release_date"] == "2026-02-05"
    assert models["gpt-5.4-2026-03-05"]["release_date"] == ""  # seen on 2026-03-11: some day before


def spoil_half(raw: Path, folder: Path) -> None:
    path = raw / "weirdml" / "weirdml_data_2026-08-17.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[: len(lines) // 2]), encoding="utf-8")
    files = read_rows(folder / "curated", "files")
    next(file for file in files if file["path"].endswith("2026-08-17.csv"))["min_rows"] = "5"
    write_rows(folder / "curated", "files", files)


WEIRDML, MMLU_PRO, METR = (
    "weirdml/weirdml_data_2026-08-17.csv", "mmlu_pro/mmlu_pro_tiger_partial.csv",
    "metr/benchmark_results_1_0_2026-01-30.yaml",
)  # fmt: skip


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (spoil_half, "weirdml_data_2026-08-17.csv: has 2 rows where it had 5; the file is cut short"),
        (lambda raw, _: (raw / METR).unlink(), "benchmark_results_1_0_2026-01-30.yaml: can't be read"),
        (lambda raw, _: replace(raw / MMLU_PRO, "0.504,", "50.4,"),
         'mmlu_pro_tiger_partial.csv, line 3, column score: "5040" is no score in percent (MAmmoTH2-8x7B-Plus'),
        (lambda raw, _: replace(raw / WEIRDML, ",2025-01-19,", ",2062-01-19,"),
         'weirdml_data_2026-08-17.csv, line 6: "2062-01-19" is not a release date'),
    ],
    ids=["cut short", "missing", "a score", "a date"],
)  # fmt: skip
def test_a_build_that_fails_says_why_and_leaves_the_old_tables(raw: Path, folder: Path, spoil, message: str):
    before = contents(folder)
    spoil(raw, folder)
    with pytest.raises(TableError) as error:
        build(raw, folder)
    assert message in str(error.value)
    assert "The last good data stays in use." in str(error.value)
    assert contents(folder) == before
    assert not list(folder.glob(".build-*"))


def test_a_folder_of_raw_files_that_is_not_there_is_named(folder: Path, tmp_path: Path):
    with pytest.raises(DataError, match=r'There is no folder ".*nowhere"'):
        build(tmp_path / "nowhere", folder)


def fail_at(monkeypatch: pytest.MonkeyPatch, step: int, error: BaseException) -> None:
    """Let the moving of files fail once, at a step."""
    real, moves = os.replace, []

    def move_or_fail(source: Path, target: Path) -> None:
        moves.append(target)
        if len(moves) == step:
            raise error
        real(source, target)

    monkeypatch.setattr(module.os, "replace", move_or_fail)


def test_a_disk_that_fails_midway_leaves_the_old_tables(raw: Path, folder: Path, monkeypatch: pytest.MonkeyPatch):
    before = contents(folder)
    change_board(raw)
    fail_at(monkeypatch, len(TABLES) + 5, OSError(28, "No space left on device"))
    message = r"can't be written: the disk is full; free some space\. The last good data stays"
    with pytest.raises(DataError, match=message):
        build(raw, folder)
    assert contents(folder) == before


class Killed(BaseException):
    """A killed process: nothing after it runs."""


@pytest.mark.parametrize("step", [2, len(TABLES), len(TABLES) + 1, 2 * len(TABLES)])
def test_a_build_that_is_killed_midway_never_leaves_tables_of_two_builds(
    raw: Path, folder: Path, step: int, monkeypatch: pytest.MonkeyPatch
):
    change_board(raw)
    with monkeypatch.context() as patched:
        fail_at(patched, step, Killed())
        with pytest.raises(Killed):
            build(raw, folder)
    with pytest.raises(TableError, match=r"sources\.csv: the table is missing"):
        read_tables(folder)
    build(raw, folder)
    assert read_tables(folder)


def test_a_folder_that_cant_be_written_is_a_sentence(raw: Path, folder: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(module.tempfile, "TemporaryDirectory", refuse)
    with pytest.raises(DataError, match=r"can't be written: Permission denied; let gapbrief's user write there"):
        build(raw, folder)
