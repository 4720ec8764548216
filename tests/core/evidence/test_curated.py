"""The hand-kept inputs: real ones fit together, and a slip in them is named with its place."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from core.errors import TableError
from core.evidence import curated
from tests.core.evidence.csv_tables import read_rows, write_rows

TABLES = (
    "sources", "files", "model_aliases", "model_names", "models_apart", "openness", "parameters", "release_dates",
    "labs", "model_labs",
)  # fmt: skip
DATA = Path(__file__).parents[3] / "data"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real curated folder, to spoil."""
    return Path(shutil.copytree(DATA / "curated", tmp_path / "curated"))


def spoil(folder: Path, table: str, row: int, **values: str) -> None:
    rows = read_rows(folder, table)
    rows[row].update(values)
    write_rows(folder, table, rows)


@pytest.fixture(scope="module")
def inputs() -> curated.Curated:
    return curated.read_curated(DATA / "curated")


def test_the_real_inputs_are_read(inputs):
    assert len(inputs.sources) == 38
    assert len(inputs.files) == 67
    index = inputs.sources["epoch-index-2026-07-01"]
    assert (index.importer, index.role, index.snapshot) == ("epoch-index", "index", date(2026, 7, 1))
    assert index.complete is True
    assert inputs.units["metr-time-horizons", "mixed"] == "minutes"
    assert inputs.aliases["weirdml", "kimi-k2"] == "Kimi-K2-Instruct"


def test_overrides_rank_before_index_before_everything_and_no_rank_is_shared(inputs):
    ranked = sorted(inputs.sources.values(), key=lambda source: source.rank)
    assert [source.role for source in ranked[:4]] == ["override", "override", "index", "index"]
    assert len({source.rank for source in ranked}) == len(ranked)


def test_a_newer_snapshot_of_one_publishers_file_ranks_before_an_older(inputs):
    ranked = sorted(inputs.sources.values(), key=lambda source: source.rank)
    for importer in ("epoch-index", "epoch-daily", "weirdml"):
        own = [source for source in ranked if source.importer == importer]
        assert [source.snapshot for source in own] == sorted((source.snapshot for source in own), reverse=True)


def test_the_author_of_a_board_is_named_and_the_board_is_known(inputs):
    authors = {source.source_id: source.author_of for source in inputs.sources.values() if source.author_of}
    assert set(authors.values()) == {"weirdml"}
    assert len(authors) == 3


def test_a_date_that_is_corrected_or_withheld_has_its_reason_and_evidence(inputs):
    assert inputs.corrections["openhands-lm-32b-v0.1"].released is None
    assert all(correction.reason and correction.evidence for correction in inputs.corrections.values())


def test_every_maker_is_a_lab_and_has_its_evidence(inputs):
    assert inputs.makers["chatglm2-6b"] == "tsinghua"
    assert set(inputs.makers.values()) <= {lab.lab_id for lab in inputs.labs}
    assert all(row["evidence"] for row in read_rows(DATA / "curated", "model_labs"))


def test_every_file_has_a_number_of_rows_below_which_it_is_damaged(inputs):
    assert all(file.min_rows > 0 for file in inputs.files)


@pytest.mark.parametrize(
    ("table", "row", "values", "message"),
    [
        ("sources", 0, {"importer": "aidre"}, 'sources.csv, line 2, column importer: "aidre" is not known'),
        ("sources", 0, {"role": "judge"}, 'sources.csv, line 2, column role: "judge" is not known'),
        ("sources", 0, {"complete": "yes"}, 'sources.csv, line 2, column complete: "yes" is not known'),
        ("sources", 0, {"snapshot": ""}, "sources.csv, line 2, column snapshot: the date is missing"),
        ("sources", 0, {"snapshot": "May"}, 'sources.csv, line 2, column snapshot: "May" is not a date'),
        ("sources", 0, {"rank": "first"}, 'sources.csv, line 2, column rank: "first" is not a number'),
        ("sources", 1, {"source_id": "aider-2026-05-22"}, 'sources.csv, line 3: "aider-2026-05-22" is there twice'),
        ("files", 0, {"source_id": "nobody"}, 'files.csv, line 2, column source_id: "nobody" is not known'),
        ("files", 0, {"min_rows": "all"}, 'files.csv, line 2, column min_rows: "all" is not a number'),
        ("release_dates", 0, {"release_date": "2025-3"}, 'column release_date: "2025-3" is not a date'),
        ("release_dates", 0, {"release_date": "2025-03"}, "column release_date: the date is not known to the day"),
        ("openness", 0, {"accessibility": "Free"}, 'column accessibility: "Free" is not a known accessibility'),
        ("openness", 0, {"evidence": ""}, "openness.csv, line 2, column evidence: the evidence is missing"),
        ("openness", 0, {"source_id": "hearsay"}, 'column source_id: "hearsay" is not known'),
        ("model_labs", 0, {"lab_id": "qwenlab"}, 'model_labs.csv, line 2, column lab_id: "qwenlab" is not known'),
    ],
)
def test_a_slip_is_named(folder: Path, table: str, row: int, values: dict[str, str], message: str):
    spoil(folder, table, row, **values)
    with pytest.raises(TableError) as error:
        curated.read_curated(folder)
    assert message in str(error.value)


def test_a_spelling_that_means_two_models_is_refused(folder: Path):
    with (folder / "model_aliases.csv").open("a", encoding="utf-8") as file:
        file.write("weirdml,kimi-k2,kimi-k3,\n")
    with pytest.raises(TableError, match='"weirdml, kimi-k2" is there twice'):
        curated.read_curated(folder)


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_table_is_named(folder: Path, table: str):
    (folder / f"{table}.csv").unlink()
    with pytest.raises(TableError, match=rf"{table}\.csv: can't be read"):
        curated.read_curated(folder)


@pytest.mark.parametrize("table", TABLES)
def test_the_tables_are_sorted_with_lf_line_ends(table: str):
    content = (DATA / "curated" / f"{table}.csv").read_bytes()
    assert b"\r" not in content
    assert content.endswith(b"\n")
    if table != "labs":
        keys = [tuple(row.values())[:2] for row in read_rows(DATA / "curated", table)]
        assert keys == sorted(keys)


def test_every_known_caveat_has_a_direction():
    biases = {row["bias_id"]: row for row in read_rows(DATA / "curated", "biases")}
    assert len(biases) >= 8
    assert {row["effect"] for row in biases.values()} == {"larger", "smaller"}
    assert {row["access"] for row in biases.values()} == {"", "private", "public"}
    assert (biases["training-to-test"]["effect"], biases["training-to-test"]["access"]) == ("smaller", "public")
    assert biases["coverage"]["effect"] == "larger"
    for row in biases.values():
        assert row["caveat"][-1] not in ".;"  # half a sentence, to be joined with others
        assert not row["remark"].endswith(".")
