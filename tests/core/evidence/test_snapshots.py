"""What was read of snapshots, kept in rows of our own: nothing is lost, and the shipped tables are made of it."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import TableError
from core.evidence import curated, snapshots
from core.evidence.build import compile_tables, read_inputs
from core.evidence.importers.rows import FileContent, RawModel, RawPrice, RawScore, RawSize
from core.store.tables import TABLES
from tests.conftest import ROOT

_words = st.text(max_size=12)
_days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
_numbers = st.floats(-1e6, 1e6)
_scores = st.builds(
    RawScore, st.integers(1), _words, _words, _words, _numbers, st.sampled_from(["epoch-run", "collected"]),
    setting=_words, standard_error=st.none() | _numbers, run_on=st.none() | _days, column=st.just(""),
)  # fmt: skip
_models = st.builds(
    RawModel, st.integers(1), _words, _words, st.none() | _days, _words, st.sampled_from(["open", "closed", None]),
    _words,
)  # fmt: skip
_sizes = st.builds(RawSize, st.integers(1), _words, _numbers, st.none() | _days)
_prices = st.builds(RawPrice, st.integers(1), _words, _words, _days, _numbers, _numbers)
_imported = st.builds(
    FileContent, st.integers(0), st.lists(_scores, max_size=3), st.lists(_models, max_size=3),
    st.lists(_sizes, max_size=2), st.lists(_prices, max_size=2),
)  # fmt: skip


@given(files=st.lists(st.tuples(_words, _imported), max_size=3))
def test_what_is_kept_is_what_was_read(files: list[tuple[str, FileContent]], tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("kept") / "source.jsonl"
    snapshots.write_rows(path, files)
    assert snapshots.read_rows(path) == files


def test_rows_that_were_dropped_are_counted_with_their_reason_and_examples(tmp_path: Path):
    imported = FileContent(5)
    for what in ("e", "d", "", "a", "b"):
        imported.drop(7, what, "no score")
    snapshots.write_rows(tmp_path / "source.jsonl", [("file.csv", imported)])
    [(_, rows)] = snapshots.read_rows(tmp_path / "source.jsonl")
    assert [drop.reason for drop in rows.dropped] == ["no score"] * 5
    assert [drop.what for drop in rows.dropped if drop.what] == ["a", "b", "d"]


@pytest.mark.parametrize(
    "row", ["", "{}", "[]", "[1]", '["sort", 1]', '["score", 1]', '["model", 1, "m", "", "2026-13-01"]', "[" * 9999]
)
def test_a_row_that_is_none_is_named_by_its_line(tmp_path: Path, row: str):
    path = tmp_path / "source.jsonl"
    path.write_text(f'["file", "a.csv", 3]\n{row}\n', encoding="utf-8")
    with pytest.raises(TableError, match=r"^source.jsonl, line 2: is not a row of a snapshot\."):
        snapshots.read_rows(path)


@pytest.mark.slow
def test_the_shipped_tables_are_compiled_of_what_is_shipped_beside_them(tmp_path: Path):
    data = ROOT / "data"
    by_hand = curated.read_curated(data / "curated")
    compile_tables(by_hand, read_inputs(data, by_hand), data / "curated", tmp_path)
    for table in TABLES:
        assert table.path(tmp_path).read_bytes() == table.path(data).read_bytes(), table.name
