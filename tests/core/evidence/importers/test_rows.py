"""The reading of rows: numbers that are exact, dates that are days, errors that name their place."""

import csv
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import TableError
from core.evidence.importers.columns import ScoreColumns
from core.evidence.importers.rows import Row, read_csv, read_yaml, yaml_number

percent = ScoreColumns("gpqa-diamond", "1", "score", scale=1).in_percent


@given(st.integers(0, 10_000))
def test_a_fraction_of_up_to_four_places_is_exact_in_percent(n: int):
    assert percent(float(f"{n / 10_000:.4f}")) == float(f"{n / 100:.2f}")


def test_the_fractions_that_binary_arithmetic_spoils():
    assert 0.29 * 100 != 29
    assert [percent(share) for share in (0.29, 0.35, 0.57, 0.58, 1.0, 0.0)] == [29.0, 35.0, 57.0, 58.0, 100.0, 0.0]
    assert percent(None) is None


@pytest.mark.parametrize(
    ("text", "number"), [("12.5", 12.5), (" 7 ", 7.0), ("-1e-3", -0.001), ("0", 0.0), ("", None), ("  ", None)]
)
def test_numbers(text: str, number: float | None):
    assert Row(Path("a.csv"), 3, {"score": text}).number("score") == number


@pytest.mark.parametrize("text", ["n/a", "NaN", "-inf", "1e999", "12,5", "1_0", "<0.5"])
def test_what_is_no_number_is_refused(text: str):
    with pytest.raises(TableError, match=rf'a\.csv, line 3, column score: "{text}" is not a number'):
        Row(Path("a.csv"), 3, {"score": text}).number("score")


@pytest.mark.parametrize("text", ["2025-02-30", "20250120", "yesterday", "2025-W04-1", "01/20/2025"])
def test_what_is_no_date_is_refused(text: str):
    with pytest.raises(TableError, match=rf'a\.csv, line 3, column day: "{text}" is not a date'):
        Row(Path("a.csv"), 3, {"day": text}).day("day")


def test_a_percent_sign_is_read_only_where_the_board_writes_it():
    row = Row(Path("a.csv"), 3, {"score": "77.47%"})
    assert row.number("score", sign="%") == 77.47
    with pytest.raises(TableError, match=r'a\.csv, line 3, column score: "77.47%" is not a number'):
        row.number("score")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-01-20", date(2025, 1, 20)),
        ("2025-10-30T10:00:02.998Z", date(2025, 10, 30)),
        ("2025-10-30 10:00", date(2025, 10, 30)),
        ("2025-01", None),
        ("2025", None),
        ("", None),
    ],
)
def test_days(text: str, day: date | None):
    assert Row(Path("a.csv"), 3, {"day": text}).day("day") == day


def test_a_long_value_is_shortened_in_the_error():
    with pytest.raises(TableError) as error:
        Row(Path("a.csv"), 3, {"score": "x" * 5000}).number("score")
    assert len(str(error.value)) < 200


@given(st.text(max_size=40))
@pytest.mark.slow
def test_any_text_is_a_finite_number_or_nothing_or_refused(text: str):
    row = Row(Path("a.csv"), 3, {"score": text})
    with suppress(TableError):
        number = row.number("score")
        assert number is None or abs(number) < float("inf")


def test_blank_lines_are_no_rows_and_rows_know_where_they_start(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,"two\nlines"\n\n3,4\n', encoding="utf-8")
    assert [(row.line, row.text("a")) for row in read_csv(path, ("a",))] == [(2, "1"), (5, "3")]


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text('a,b\r\n1,"two"\r\n', encoding="utf-8-sig", newline="")
    assert [(row.text("a"), row.text("b")) for row in read_csv(path, ("a",))] == [("1", "two")]


@pytest.mark.parametrize("text", ['a,b\n1,"2\n3,4\n5,6\n', "a\n" + "x" * (csv.field_size_limit() + 1)])
def test_an_unbalanced_quote_or_a_hostile_field_is_refused(text: str, tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TableError):
        list(read_csv(path, ("a",)))


def test_a_folder_is_no_file(tmp_path: Path):
    with pytest.raises(TableError, match="is not a regular file"):
        list(read_csv(tmp_path, ("a",)))
    with pytest.raises(TableError, match="is not a regular file"):
        read_yaml(tmp_path)


def test_yaml_that_repeats_itself_a_billion_times_is_not_expanded(tmp_path: Path):
    path = tmp_path / "a.yml"
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    path.write_text("\n".join(lines), encoding="utf-8")
    document, _ = read_yaml(path)
    assert isinstance(document, dict)


def test_a_number_that_can_be_held_and_not_written_is_refused_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "results.yaml"
    path.write_text(f"results:\n  estimate: 0x{'f' * 5000}\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"line 2: is not YAML .a number is too large"):
        read_yaml(path)


@pytest.mark.parametrize("number", [10**400, -(10**400), float("inf"), float("nan"), True, "7"])
def test_what_is_no_finite_number_is_refused(tmp_path: Path, number: object) -> None:
    with pytest.raises(TableError, match=r"line 3, column score: .* is not a number"):
        yaml_number(tmp_path / "results.yaml", 3, "score", number)
