"""The contract of the tables: what is read, what is refused in which words, how tables are written."""

from __future__ import annotations

import csv
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DataError, TableError
from core.store.table_files import read_table, read_tables, write_table
from core.store.tables import BY_NAME, TABLES, Column, Table, fingerprint, hash_tables, shipped_folder, table_folder
from tests.core.store import world
from tests.core.store.world import with_change, write_world

STAYS = " The last good data stays in use."


def refusal(tmp_path: Path, **changed: str) -> str:
    with pytest.raises(TableError) as error:
        read_tables(write_world(tmp_path / "bad", **changed))
    return str(error.value)


def test_values_come_typed_and_in_the_order_of_the_contract(data: Path) -> None:
    tables = read_tables(data)
    assert list(tables) == [table.name for table in TABLES]
    assert tables["scores"][0] == (
        *("exam", "1", "first", "high", "", 41.5, 1.25),
        *("board-run", "2025-01-02", "run date", None, None, "board"),
    )
    assert tables["scores"][1][5:7] == (40.0, None)
    assert isinstance(tables["scores"][1][5], float)
    assert tables["sources"][0][4:7] == (None, 1, 1)
    assert tables["sources"][0][11:] == (4, 3, 1)
    # A blank reference or date is none, a blank text is empty.
    assert tables["models"][2] == ("third", "Third", None, "", None, "", "", "unknown", "none", None)


@pytest.mark.parametrize(
    ("table", "old", "new", "sentence"),
    [
        ("scores", "41.5", "n/a", 'line 2, column score: "n/a" is not a number.'),
        ("scores", "41.5", "101", 'line 2, column score: "101" is no score in percent.'),
        ("scores", "41.5", "-5", 'line 2, column score: "-5" is no score in percent.'),
        ("scores", "1.25", "200", 'line 2, column standard_error: "200" is no standard error in percent.'),
        ("thresholds", "exam,1,10", "exam,1,100.5", 'line 2, column threshold: "100.5" is no threshold in percent.'),
        ("scores", "41.5", "nan", 'line 2, column score: "nan" is not a number.'),
        ("scores", "41.5", "-Infinity", 'line 2, column score: "-Infinity" is not a number.'),
        ("scores", "41.5", "1_0", 'line 2, column score: "1_0" is not a number.'),
        ("scores", "41.5", " 4", 'line 2, column score: " 4" is not a number.'),
        ("scores", "41.5", "٤", 'line 2, column score: "٤" is not a number.'),
        ("scores", "41.5", '"41,5"', 'line 2, column score: "41,5" is not a number.'),
        ("scores", "41.5", "1e999", 'line 2, column score: "1e999" is too large.'),
        ("scores", "41.5", "", "line 2, column score: the value is missing."),
        ("scores", "1.25", "-1.25", 'line 2, column standard_error: "-1.25" is less than 0.'),
        ("sources", ",true,", ",yes,", 'line 2, column complete: "yes" is not true or false.'),
        ("sources", "4,3,1", "4.0,3,1", 'line 2, column rows_read: "4.0" is not a whole number.'),
        ("benchmarks", ",100,the", ",0,the", 'line 2, column items: "0" is less than 1.'),
        ("scores", "2025-01-02", "20250102", 'line 2, column known_from: "20250102" is not a date (YYYY-MM-DD).'),
        ("scores", "2025-01-02", "2025-06-31", 'line 2, column known_from: "2025-06-31" is not a date (YYYY-MM-DD).'),
        ("scores", "2025-01-02", "\uff12\uff10\uff12\uff15-01-02",
         'line 2, column known_from: "\uff12\uff10\uff12\uff15-01-02" is not a date (YYYY-MM-DD).'),
        ("scores", "2025-01-02", "0202-01-02", 'line 2, column known_from: "0202-01-02" is before 2000.'),
        ("scores", "2025-01-02", "2062-01-02",
         'line 2, column known_from: "2062-01-02" is after the newest source (2026-05-22).'),
        ("models", "2025-06-01", "2062-06-01",
         'line 3, column release_date: "2062-06-01" is after the newest source (2026-05-22).'),
        ("sources", "2026-05-22", "2062-05-22",
         'line 2, column snapshot: "2062-05-22" is years after the newest score (2026-05-22).'),
        ("scores", "exam,1,second,", "exam,1,nobody,", 'line 3, column model_id: "nobody" is not in models.csv.'),
        ("scores", "exam,1,second,", "exam,2,second,",
         'line 3, column benchmark_id: "exam, 2" is not in benchmarks.csv.'),
        ("models", "board,acme", "board,acne", 'line 2, column lab_id: "acne" is not in labs.csv.'),
        ("models", "open,audited", "opened,audited",
         'line 3, column openness: "opened" is not one of open, closed, unreleased, unknown.'),
        ("models", "second,Second", "first,Second", 'line 3: "first" is there twice.'),
        ("thresholds", "2.5", "10.0", 'line 3: "exam, 1, 10.0" is there twice.'),
        ("models", ",audited", "", "line 3: the row has too many or too few columns."),
        ("models", ",audited", ",audited,", "line 3: the row has too many or too few columns."),
        ("labs", "country,aliases", "country,aliases,notes", "column notes: the column is not known."),
        ("labs", "country,aliases", "country,aliases,name", "column name: the column is there twice."),
        ("glossary", "How long", '"How long', "line 2: the row can't be read (unexpected end of data)."),
        ("glossary", "How long", "How\0long", "line 2: the line holds a NUL character."),
    ],
)  # fmt: skip
def test_a_broken_table_is_refused_in_one_sentence(
    tmp_path: Path, table: str, old: str, new: str, sentence: str
) -> None:
    assert refusal(tmp_path, **with_change(table, old, new)) == f"{table}.csv, {sentence}{STAYS}"


@pytest.mark.parametrize("digits", [20, 5000])  # Python converts no more than 4300
def test_a_number_of_many_digits_is_too_large(tmp_path: Path, digits: int) -> None:
    message = refusal(tmp_path, **with_change("sources", "4,3,1", f"{'9' * digits},3,1"))
    quoted = "9" * digits if digits < 60 else f"{'9' * 59}…"
    assert message == f'sources.csv, line 2, column rows_read: "{quoted}" is too large.' + STAYS


def test_the_error_carries_its_place(tmp_path: Path) -> None:
    folder = write_world(tmp_path / "bad", **with_change("scores", "41.5", "n/a"))
    with pytest.raises(TableError) as error:
        read_tables(folder)
    assert (error.value.path, error.value.line, error.value.column) == (folder / "scores.csv", 2, "score")


def test_lines_are_those_of_an_editor_even_after_a_text_of_several_lines(tmp_path: Path) -> None:
    text = world.TABLES["glossary"] + 'two,"Two\nlines",,It has\n'
    assert refusal(tmp_path, glossary=text).startswith("glossary.csv, line 4: the row has too many or too few")


@pytest.mark.parametrize("name", BY_NAME)
def test_a_missing_or_empty_table_is_named(tmp_path: Path, name: str) -> None:
    assert refusal(tmp_path, **{name: ""}) == f"{name}.csv: the table is empty." + STAYS
    (tmp_path / "bad" / f"{name}.csv").unlink()
    with pytest.raises(TableError, match=rf"^{name}\.csv: the table is missing\. The last good data stays in use\.$"):
        read_tables(tmp_path / "bad")


@pytest.mark.parametrize("name", ["sources", "benchmarks", "models", "scores"])
def test_a_table_with_no_rows_is_refused_where_rows_are_needed(tmp_path: Path, name: str) -> None:
    later = list(BY_NAME)[list(BY_NAME).index(name) :]
    emptied = {table: world.TABLES[table].splitlines(keepends=True)[0] for table in later}
    assert refusal(tmp_path, **emptied) == f"{name}.csv: the table is empty." + STAYS


@pytest.mark.parametrize("name", BY_NAME)
def test_every_column_is_needed(tmp_path: Path, name: str) -> None:
    header, _, rest = world.TABLES[name].partition("\n")
    for column in BY_NAME[name].columns:
        names = ["unheard-of" if name == column.name else name for name in header.split(",")]
        message = refusal(tmp_path, **{name: ",".join(names) + "\n" + rest})
        assert message == f"{name}.csv, column {column.name}: the column is missing." + STAYS


def test_a_table_that_is_not_utf_8_names_the_line(tmp_path: Path) -> None:
    folder = write_world(tmp_path / "bad")
    (folder / "labs.csv").write_bytes(world.TABLES["labs"].encode() + b"caf\xe9,Caf\xe9,France,\n")
    with pytest.raises(TableError, match=r"^labs\.csv, line 3: the line is not UTF-8 text\."):
        read_tables(folder)


def test_a_table_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    folder = write_world(tmp_path / "bad")
    (folder / "labs.csv").unlink()
    (folder / "labs.csv").mkdir()
    with pytest.raises(TableError, match=r"^labs\.csv: the table can't be read \(Is a directory\)\."):
        read_tables(folder)


def test_what_spreadsheets_do_to_a_file_is_read_alike(data: Path) -> None:
    """A byte-order mark, Windows line ends, a blank last line."""
    expected = read_tables(data)
    for table in data.glob("*.csv"):
        table.write_bytes(b"\xef\xbb\xbf" + table.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    assert read_tables(data) == expected


@given(order=st.permutations(range(10)))
def test_the_order_of_columns_in_the_file_does_not_matter(order: list[int]) -> None:
    text = world.TABLES["models"]
    other = "".join(",".join(row[place] for place in order) + "\n" for row in csv.reader(text.splitlines()))
    assert read_models(other) == read_models(text)


def read_models(text: str) -> list[tuple[object, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "models.csv").write_text(text, encoding="utf-8")
        return read_table(BY_NAME["models"], Path(folder))


@given(
    name=st.sampled_from(sorted(BY_NAME)),
    place=st.integers(0, 11),
    line=st.integers(0, 3),
    cell=st.text(st.characters(codec="utf-8"), max_size=8) | st.floats().map(str) | st.dates().map(str),
)
def test_no_cell_causes_anything_but_a_table_error(folder: Path, name: str, place: int, line: int, cell: str) -> None:
    rows = list(csv.reader(world.TABLES[name].splitlines()))
    row = rows[line % len(rows)]
    row[place % len(row)] = cell
    text = "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in cells) + "\n" for cells in rows)
    with replaced(folder, name, text.encode()):
        read_or_refuse(folder)


@given(name=st.sampled_from(sorted(BY_NAME)), content=st.binary(max_size=60), keep=st.booleans())
def test_no_bytes_cause_anything_but_a_table_error(folder: Path, name: str, content: bytes, keep: bool) -> None:
    before = world.TABLES[name].encode() if keep else b""
    with replaced(folder, name, before + content):
        read_or_refuse(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small world's tables, in which a test replaces one after the other."""
    return write_world(tmp_path_factory.mktemp("tables"))


@contextmanager
def replaced(folder: Path, name: str, content: bytes) -> Iterator[None]:
    """Let a table have another content for a while."""
    path = folder / f"{name}.csv"
    path.write_bytes(content)
    try:
        yield
    finally:
        path.write_text(world.TABLES[name], encoding="utf-8")


def read_or_refuse(folder: Path) -> None:
    try:
        read_tables(folder)
    except TableError as error:
        sentence = str(error)
        assert re.match(r"\w+\.csv(, line \d+)?(, column .*)?: ", sentence, re.DOTALL)
        assert sentence.endswith(STAYS)


def _values(column: Column) -> st.SearchStrategy[object]:
    if column.kind in ("text", "reference"):
        some: st.SearchStrategy[object] = st.sampled_from(column.among) if column.among else _TEXT
    elif column.kind == "date":
        some = st.dates(min_value=date(2000, 1, 1)).map(str)
    elif column.kind == "flag":
        some = st.booleans()
    elif column.kind == "integer":
        some = st.integers(column.least or 0, 2**53 - 1)
    else:
        low = -1e15 if column.least is None else float(column.least)
        some = st.floats(low, 1e15).map(lambda number: float(f"{number:.12g}"))
    if not column.optional:
        return some
    return some | (st.just("") if column.kind == "text" else st.none())


_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1, max_size=12)


@given(pick=st.data(), table=st.sampled_from(TABLES))
def test_what_is_written_is_read_again(pick: st.DataObject, table: Table) -> None:
    rows = pick.draw(st.lists(st.tuples(*map(_values, table.columns)), max_size=4))
    names = [column.name for column in table.columns]
    unique = {tuple(row[names.index(name)] for name in table.key): row for row in rows}
    with tempfile.TemporaryDirectory() as folder:
        write_table(table, Path(folder), unique.values())
        parsed = read_table(table, Path(folder))
        assert sorted(map(repr, parsed)) == sorted(repr(tuple(map(_as_read, row))) for row in unique.values())
        once = table.path(Path(folder)).read_bytes()
        write_table(table, Path(folder), parsed if table.name == "scores" else reversed(parsed))
        assert table.path(Path(folder)).read_bytes() == once


def _as_read(value: object) -> object:
    return int(value) if isinstance(value, bool) else value


def test_a_written_table_has_lf_line_ends_and_sorted_rows_but_scores_keep_their_sources_order(
    tmp_path: Path,
) -> None:
    write_table(BY_NAME["labs"], tmp_path, [("b", "B\r\nb", "", None), ("a", "A\rä", "", "x")])
    assert (tmp_path / "labs.csv").read_bytes() == ('lab_id,name,country,aliases\na,"A\nä",,x\nb,"B\nb",,\n'.encode())
    rows = [row.split(",") for row in reversed(world.TABLES["scores"].splitlines()[1:])]
    write_table(BY_NAME["scores"], tmp_path, rows)
    assert [row[2] for row in read_table(BY_NAME["scores"], tmp_path)] == ["third", "second", "first"]


def test_the_revision_is_of_the_content_alone(data: Path, tmp_path: Path) -> None:
    before = hash_tables(data)
    for table in data.iterdir():
        os.utime(table, (1, 1))
    assert hash_tables(data) == before
    assert hash_tables(Path(shutil.copytree(data, tmp_path / "copy"))) == before
    (data / "notes.txt").write_text("not a table")
    assert hash_tables(data) == before


@given(name=st.sampled_from(sorted(BY_NAME)), place=st.integers(0), flip=st.integers(1, 255))
def test_every_byte_counts_for_the_revision(folder: Path, name: str, place: int, flip: int) -> None:
    before, content = hash_tables(folder), bytearray(world.TABLES[name].encode())
    content[place % len(content)] ^= flip
    with replaced(folder, name, content):
        assert hash_tables(folder) != before


def test_rows_moved_to_the_next_table_change_the_revision(data: Path) -> None:
    before = hash_tables(data)
    labs, countries = (data / "labs.csv").read_text(), (data / "countries.csv").read_text()
    (data / "labs.csv").write_text(labs + countries[:5])
    (data / "countries.csv").write_text(countries[5:])
    assert hash_tables(data) != before


def test_the_fingerprint_notices_a_change_that_hides_its_size_and_time(data: Path) -> None:
    """As packing tools do, which give every file the same time."""
    scores = data / "scores.csv"
    os.utime(scores, (1_580_601_600, 1_580_601_600))
    before = fingerprint(data)
    _wait_for_the_clock(scores)
    scores.write_text(scores.read_text().replace("41.5", "51.5"))
    os.utime(scores, (1_580_601_600, 1_580_601_600))
    assert fingerprint(data) != before


def _wait_for_the_clock(file: Path) -> None:
    """Wait until the file system's clock, which ticks every few milliseconds, has moved."""
    probe = file.with_name("probe")
    while True:
        probe.write_text("")
        if probe.stat().st_ctime_ns != file.stat().st_ctime_ns:
            return


@pytest.mark.parametrize("ask", [hash_tables, fingerprint])
def test_a_folder_without_its_tables_is_said_in_one_sentence(data: Path, ask: Callable[[Path], str]) -> None:
    (data / "models.csv").unlink()
    with pytest.raises(DataError) as error:
        ask(data)
    assert str(error.value) == (
        f"The data folder {data} can't be read (No such file or directory); "
        "name the right folder, or reinstall gapbrief."
    )


@pytest.mark.parametrize("is_there", [False, True])
def test_before_the_first_refresh_the_shipped_tables_are_in_use(tmp_path: Path, is_there: bool) -> None:
    data = tmp_path / "data"
    if is_there:
        data.mkdir()
    assert table_folder(data) == shipped_folder()
    assert hash_tables(data) == hash_tables(shipped_folder())


def test_of_refreshed_data_the_revision_that_is_named_is_in_use(tmp_path: Path) -> None:
    (tmp_path / "current").write_text("12\n", encoding="ascii")
    assert table_folder(tmp_path) == tmp_path / "revisions" / "12"


def test_a_name_that_is_no_revision_is_said(tmp_path: Path) -> None:
    (tmp_path / "current").write_text("the last one", encoding="ascii")
    with pytest.raises(TableError, match=r"^current: is not a revision's number"):
        table_folder(tmp_path)
