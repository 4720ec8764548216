"""What `data status` and `data check` say of the evidence file."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import core
from core.store import inspection
from core.store.store import open_store

DATA = Path(core.__file__).parents[1] / "data"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    path = tmp_path / "evidence.db"
    open_store(path, DATA).close()
    return path


def problems(path: Path) -> tuple[str, ...]:
    with open_store(path, DATA) as store:
        return inspection.check(store, DATA).problems


def test_the_shipped_data_has_no_problem(made: Path) -> None:
    assert problems(made) == ()


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("DELETE FROM scores WHERE rowid < 10", "scores"),
        ("UPDATE scores SET score = 99 WHERE model_id = 'DeepSeek-R1'", "scores"),
        ("UPDATE models SET openness = 'open' WHERE model_id = 'qwen3.7-max'", "models"),
        ("DELETE FROM conflicts", "conflicts"),
    ],
)
def test_a_file_that_somebody_wrote_to_differs_from_its_tables(made: Path, statement: str, table: str) -> None:
    with closing(sqlite3.connect(made)) as connection, connection:
        assert connection.execute(statement).rowcount > 0
    assert problems(made) == (f"{table} differs from {table}.csv; move {made} away to make it anew",)


def test_status_counts_every_source_and_benchmark_and_adds_up(made: Path) -> None:
    with open_store(made, DATA) as store:
        tables = {table.title: table for table in inspection.status(store).tables}
        scores, sources = (store.rows(f"SELECT count(*) FROM {name}")[0][0] for name in ("scores", "sources"))  # noqa: S608 (own names)
    assert len(tables["Sources"].rows) == sources
    assert sum(int(row[3]) for row in tables["Benchmarks"].rows) == scores
    for row in tables["Sources"].rows:
        assert int(row[2]) == int(row[3]) + int(row[4])


def test_check_lists_every_excluded_model_with_its_reason(made: Path) -> None:
    with open_store(made, DATA) as store:
        excluded = inspection.check(store, DATA).tables[0]
        count = store.rows("SELECT count(*) FROM excluded_list")[0][0]
    assert len(excluded.rows) == count
    assert {reason for _, reason in excluded.rows} == {
        "open or closed is not known",
        "never released",
        "no release date",
    }
