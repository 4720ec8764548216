"""Own scores: columns found by name, the best of each model, and one sentence of what is wrong, with its place."""

import json
import os
import sys
import time
import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.health_checks import how_to_add
from core.errors import GapbriefError, TableError, UsageError
from core.evidence.declared_boards import OwnBenchmark
from core.evidence.importers.rows import RawScore
from core.refresh import own_scores
from tests.core.evidence.spoiling import FUZZED, spoiled

DAY = date(2026, 11, 28)
FILED = own_scores.make_benchmark("My tasks", None, None, "private", DAY)


def scores(path: Path, unit: own_scores.Unit | None = None, **columns: str) -> list[RawScore]:
    return own_scores.parse_scores(own_scores.read_scores(path, columns), FILED, unit).scores


def file(folder: Path, text: str, name: str = "runs.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_columns_are_found_by_name_and_the_best_of_each_model_and_effort_counts(tmp_path: Path) -> None:
    path = file(tmp_path, "Display Name,Accuracy,effort,StdErr\na,40%,,1\n\na,50,,2\na,45,high,\nb,0,,\n")
    own = own_scores.read_scores(path, {})
    assert own_scores.column_table(own, FILED).rows == (
        ("model", "Display Name", "a"), ("score", "Accuracy", "40%"), ("effort", "effort", ""),
        ("standard_error", "StdErr", "1"),
    )  # fmt: skip
    scores = own_scores.parse_scores(own, FILED, None).scores
    assert [(score.line, score.spelling, score.score, score.standard_error) for score in scores] == [
        (4, "a", 50.0, 2.0), (5, "a (high)", 45.0, None), (6, "b", 0.0, None),
    ]  # fmt: skip
    assert {(score.benchmark, score.version, score.grade) for score in scores} == {("own-my-tasks", "own", "board-run")}


def test_a_fraction_is_read_as_percent_and_json_as_csv(tmp_path: Path) -> None:
    rows = [{"model": "a", "points": 0.35}, {"model": "b", "points": 1}]
    path = file(tmp_path, json.dumps(rows), "runs.json")
    assert [score.score for score in scores(path, "fraction", score="points")] == [35.0, 100.0]
    with pytest.raises(UsageError, match=r"All scores of runs.json are 1 or less: say --unit fraction"):
        scores(path, score="points")


def test_scores_on_the_tasks_of_a_known_test_are_of_a_benchmark_of_their_own() -> None:
    benchmark = OwnBenchmark("metr", "METR", "public", "minutes", "2|5", DAY)
    made_benchmark = own_scores.make_benchmark("metr", benchmark, None, "private", DAY)
    assert made_benchmark == OwnBenchmark("own-metr", "Own METR", "public", "minutes", "2|5", DAY)
    assert own_scores.make_source(made_benchmark, Path("a.csv"), DAY).sets_day is False
    with pytest.raises(UsageError, match="METR is scored in minutes, not in percent"):
        own_scores.make_benchmark("metr", benchmark, "percent", "private", DAY)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("model,score\na,50\nb,many\n", 'runs.csv, line 3, column score: "many" is not a number'),
        ("model,score\na,inf\n", 'line 2, column score: "inf" is not a number'),
        ("model,score\na,150\n", 'line 2, column score: "150" is no score in percent'),
        ("model,score\n,50\n", "line 2, column model: the model is missing"),
        ("model,score\na,\n", "line 2, column score: the score is missing"),
        ("model,score,se\na,50,-1\n", 'line 2, column se: "-1" is no standard error'),
        ("model,score\n", "holds no score"),
        ("model,score\na,1,2,3\nb,1\n", "line 2: the row has too many columns"),
        ("model,score\na,1\nb,1,2\n", "Expected 2 fields in line 3, saw 3"),
        ("", "can't be read"),
        ("model,points\na,50\n", "runs.csv has no score column among model, points; name it by --column score=NAME"),
    ],
)
def test_what_is_wrong_is_one_sentence_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises((TableError, UsageError)) as error:
        scores(file(tmp_path, text))
    assert problem in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("suffix", [".csv", ".json", ".xlsx", ".parquet"])
def test_a_path_that_is_no_file_of_scores_is_refused_unread_in_one_sentence(tmp_path: Path, suffix: str) -> None:
    os.mkfifo(tmp_path / f"pipe{suffix}")
    (tmp_path / f"endless{suffix}").symlink_to("/dev/zero")
    (tmp_path / f"folder{suffix}").mkdir()
    with (tmp_path / f"large{suffix}").open("wb") as large:
        large.truncate(60_000_000)
    problems = dict.fromkeys(("pipe", "endless", "folder"), "is not a regular file")
    for name, problem in {**problems, "large": "is larger than 50 MB", "missing": "can't be read"}.items():
        with pytest.raises(TableError, match=problem) as error:
            own_scores.read_scores(tmp_path / f"{name}{suffix}", {})
        assert "\n" not in str(error.value)


def test_more_rows_than_any_file_of_scores_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (own_scores._MOST_ROWS, own_scores._MOST_OF_WORKBOOK) == (1_000_000, 100_000)
    monkeypatch.setattr(own_scores, "_MOST_ROWS", 10_000)
    monkeypatch.setattr(own_scores, "_MOST_OF_WORKBOOK", 1_000)
    row = b'<row><c t="inlineStr"><is><t>a</t></is></c><c><v>50</v></c></row>'
    pd.DataFrame({"model": ["a"] * 10_001, "score": 1}).to_parquet(tmp_path / "runs.parquet")
    for path, limit in (
        (file(tmp_path, "model,score\n" + "a,1\n" * 10_001), "10,000"),
        (with_rows(tmp_path / "runs.xlsx", row * 1_001), "1,000"),
        (tmp_path / "runs.parquet", "10,000"),
    ):
        with pytest.raises(TableError, match=f"has more than {limit} rows"):
            scores(path, "percent")


def test_few_cells_far_apart_make_no_table_that_fills_the_memory(tmp_path: Path) -> None:
    sparse = [{"model": "a", "score": 50, f"c{number}": 1} for number in range(10_000)]
    with pytest.raises(TableError, match="has more than 10,000,000 cells"):
        scores(file(tmp_path, json.dumps(sparse), "runs.json"))
    near = b'<row r="3"><c r="A3" t="inlineStr"><is><t>b</t></is></c><c r="B3"><v>40</v></c></row>'
    path = with_rows(tmp_path / "runs.xlsx", near + b'<row><c r="XFD9"><v>1</v></c></row>' * 5_000)
    before = time.process_time()
    own = own_scores.read_scores(path, {})
    assert time.process_time() - before < 2
    assert [own.frame.iloc[at].tolist() for at in (0, 1)] == [["a", "50"], ["b", "40"]]


def with_rows(path: Path, rows: bytes) -> Path:
    """Make a workbook with further rows, as a hand writes them."""
    pd.DataFrame({"model": ["a"], "score": [50]}).to_excel(path, index=False)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part.replace(b"</sheetData>", rows + b"</sheetData>"))
    return path


@pytest.mark.slow
def test_a_small_workbook_that_is_large_when_unpacked_is_refused_in_a_moment(tmp_path: Path) -> None:
    row = b'<row><c t="inlineStr"><is><t>a</t></is></c><c><v>50</v></c></row>'
    path = with_rows(tmp_path / "runs.xlsx", row * 1_000_000)
    assert path.stat().st_size < 1_000_000
    before = time.process_time()
    with pytest.raises(TableError, match="is larger than 50 MB when unpacked"):
        own_scores.read_scores(path, {})
    assert time.process_time() - before < 1


WRITERS = {"runs.xlsx": pd.DataFrame.to_excel, "runs.parquet": pd.DataFrame.to_parquet}


@pytest.fixture(params=WRITERS)
def tabular(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A file that pandas wrote: numbers, words, and cells without any."""
    rows = {"Model": ["a", "a", "b"], "Score": [40.25, 50, 0], "Effort": ["", "high", None], "SE": [1.5, None, None]}
    WRITERS[request.param](pd.DataFrame(rows), tmp_path / request.param, index=False)
    return tmp_path / request.param


def test_excel_and_parquet_are_read_as_csv(tabular: Path) -> None:
    assert [(score.line, score.spelling, score.score, score.standard_error) for score in scores(tabular)] == [
        (2, "a", 40.25, 1.5), (3, "a (high)", 50.0, None), (4, "b", 0.0, None),
    ]  # fmt: skip
    spoilt = pd.DataFrame({"model": ["a", "b"], "score": ["50", "many"]})
    WRITERS[tabular.name](spoilt, tabular, index=False)
    with pytest.raises(TableError, match=rf'^{tabular.name}, line 3, column score: "many" is not a number'):
        scores(tabular)


def test_what_reads_them_and_is_not_installed_is_named_with_the_command_that_adds_it(
    tabular: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = {".xlsx": "openpyxl", ".parquet": "pyarrow"}[tabular.suffix]
    monkeypatch.setitem(sys.modules, engine, None)
    with pytest.raises(UsageError) as error:
        own_scores.read_scores(tabular, {})
    assert str(error.value) == f"Reading {tabular.suffix} takes {engine}; {how_to_add('tables')} adds it."


def read_or_refused(path: Path) -> None:
    """Hold that a file is read, or that one sentence says what is wrong."""
    refusal, read_scores = "", []
    try:
        read_scores = scores(path, "percent")
    except GapbriefError as error:
        refusal = str(error)
    assert "\n" not in refusal
    assert refusal or read_scores
    assert all(0 <= score.score <= 100 for score in read_scores)
    assert len({score.spelling for score in read_scores}) == len(read_scores)


@given(st.binary() | st.text().map(str.encode) | st.text().map(lambda text: f"model,score\n{text}".encode()))
def test_whatever_a_file_holds_is_read_or_refused_in_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("own")
    for name in ("runs.csv", "runs.json", "runs.xlsx", "runs.parquet"):
        (folder / name).write_bytes(content)
        read_or_refused(folder / name)


@pytest.mark.slow
@settings(max_examples=FUZZED, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_a_spoiled_table_is_read_or_refused_in_one_sentence(tabular: Path, data: st.DataObject) -> None:
    path = tabular.with_stem("spoiled")
    path.write_bytes(data.draw(spoiled(tabular.read_bytes())))
    read_or_refused(path)
