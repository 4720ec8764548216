"""METR's time horizons: minutes, one suite a file, never mixed."""

from datetime import date
from pathlib import Path

import pytest

from core.errors import TableError
from core.evidence.importers import metr
from core.evidence.importers.rows import Dropped, FileContent

SUITE_1_1 = "metr/benchmark_results_1_1_2026-04-11.yaml"


def test_a_suite_that_is_not_known_is_refused(raw: Path, tmp_path: Path):
    path = tmp_path / "suite.yaml"
    path.write_text((raw / SUITE_1_1).read_text().replace("METR-Horizon-v1.1", "METR-Horizon-v2", 1))
    with pytest.raises(TableError, match='"METR-Horizon-v2" is no known suite'):
        metr.read(path)


def read_results(folder: Path, text: str) -> FileContent:
    path = folder / "suite.yaml"
    path.write_text(f"benchmark_name: METR-Horizon-v1\nresults:\n{text}\n")
    return metr.read(path)


def test_a_model_without_an_estimate_is_dropped_and_kept_as_a_model(tmp_path: Path):
    imported = read_results(
        tmp_path,
        "  a:\n    metrics: {}\n  b:\n    metrics:\n      p50_horizon_length: none yet\n"
        "  c:\n    release_date: 2025-01-20",
    )
    assert imported.dropped == [Dropped(line, name, "no score") for line, name in ((3, "a"), (5, "b"), (8, "c"))]
    assert imported.models[2].released == date(2025, 1, 20)


@pytest.mark.parametrize("value", [".nan", "-.inf", "false", "long"])
def test_an_estimate_that_is_no_number_is_named(value: str, tmp_path: Path):
    with pytest.raises(TableError, match=r"suite\.yaml, line 3, column estimate"):
        read_results(tmp_path, f"  a:\n    metrics:\n      p50_horizon_length:\n        estimate: {value}")


def test_a_release_date_that_is_none_is_named(tmp_path: Path):
    with pytest.raises(TableError, match='line 3, column release_date: "spring" is not a date'):
        read_results(tmp_path, "  a:\n    release_date: spring")
