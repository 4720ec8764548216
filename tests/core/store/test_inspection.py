"""What `data status` and `data check` say of the evidence file."""

from pathlib import Path

import pytest

from core.store import inspection
from core.store.store import open_store
from tests.core.store.world import alter


def problems(path: Path, data: Path) -> tuple[str, ...]:
    with open_store(path, data) as store:
        return inspection.check(store, data).problems


def test_the_shipped_data_has_no_problem(shipped: Path, shipped_data: Path) -> None:
    assert problems(shipped, shipped_data) == ()


@pytest.mark.parametrize(
    ("table", "statement"),
    [("conflicts", "DELETE FROM conflicts"), ("scores", "UPDATE scores SET score = 99 WHERE model_id = 'first'")],
)
def test_a_file_that_somebody_wrote_to_differs_from_its_tables(
    file: Path, data: Path, table: str, statement: str
) -> None:
    alter(file, statement)
    assert problems(file, data) == (f"{table} differs from {table}.csv; `gapbrief doctor` makes {file} anew",)


def test_status_counts_every_source_and_benchmark_and_adds_up(shipped: Path, shipped_data: Path) -> None:
    with open_store(shipped, shipped_data) as store:
        tables = {table.title: table for table in inspection.status(store).tables}
        scores, sources = (store.rows(f"SELECT count(*) FROM {name}")[0][0] for name in ("scores", "sources"))  # noqa: S608 (own names)
    assert len(tables["Sources"].rows) == sources
    assert sum(int(row[3]) for row in tables["Benchmarks"].rows) == scores
    for row in tables["Sources"].rows:
        assert int(row[2]) == int(row[3]) + int(row[4])


def test_check_lists_every_excluded_model_with_its_reason(shipped: Path, shipped_data: Path) -> None:
    with open_store(shipped, shipped_data) as store:
        excluded = inspection.check(store, shipped_data).tables[0]
        count = store.rows("SELECT count(*) FROM excluded_list")[0][0]
    assert len(excluded.rows) == count
    reasons = {"open or closed is not known", "never released", "no release date"}
    assert {reason for _, reason in excluded.rows} == reasons
