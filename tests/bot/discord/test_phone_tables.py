"""Tables for a phone and as CSV: aligned, whole, and harmless in a spreadsheet."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord import phone_tables
from bot.discord.phone_tables import WIDTH, entries, files, is_of_figures, sheets
from core.answer import Table

FIGURES = Table(
    "Months by test",
    ("Test", "Kind", "Months behind", "All open", "Newest model"),
    (
        ("SimpleBench", "private", "10.0", "24", "2026-08-12"),
        ("FictionLiveBench (120k)", "private", "−6.0", "1,010", "2026-01-27"),
        ("MMLU", "public", "–", "87", "–"),
    ),
)
WORDY = Table("Who says what", ("Who", "When", "Figure"), (("UK AISI", "2026-07-17", "4 to 7 months, 6 to 10 before"),))


def test_a_wide_table_of_figures_is_shown_a_few_columns_at_a_time_beside_its_first() -> None:
    first, second, third = sheets(FIGURES)
    assert first.head == ["                       Months", "Test           Kind    behind", "─" * 29]
    assert first.rows == [
        ["SimpleBench    private   10.0"],
        ["FictionLive-   private   −6.0", "Bench (120k)"],
        ["MMLU           public       –"],
    ]
    assert second.rows[1] == ["FictionLiveBench (120k)     1,010"[:32]] or second.rows[1][0].endswith("1,010")
    assert third.rows[0][0].endswith("2026-08-12")


def test_figures_are_to_the_right_and_words_to_the_left() -> None:
    [sheet] = sheets(Table("T", ("Name", "Score"), (("a", "1.5"), ("bbb", "10.25"))))
    assert sheet.rows == [["a       1.5"], ["bbb   10.25"]]


cells = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=12)


@given(st.integers(1, 8).flatmap(lambda n: st.lists(st.lists(cells, min_size=n, max_size=n), min_size=1, max_size=6)))
def test_no_line_is_wider_than_a_phone_and_every_cell_is_there(drawn: list[list[str]]) -> None:
    columns = tuple(f"Column {n}" for n in range(len(drawn[0])))
    table = Table("T", columns, tuple(tuple(row) for row in drawn))
    lines = [line for sheet in sheets(table) for row in (sheet.head, *sheet.rows) for line in row]
    assert all(len(line) <= WIDTH for line in lines)
    shown = "".join("".join(lines).split())
    for row in drawn:
        for cell in row:
            assert all(letter in shown for letter in cell)


def test_a_table_of_words_is_entries_with_their_columns_titles() -> None:
    assert not is_of_figures(WORDY)
    assert entries(WORDY) == [("UK AISI", [("When", "2026-07-17"), ("Figure", "4 to 7 months, 6 to 10 before")])]


def test_an_entry_that_begins_with_a_figure_says_of_what() -> None:
    table = Table("T", ("Level, %", "First closed", "On"), (("80", "a model with a long name", "–"),))
    assert entries(table) == [("Level 80 %", [("First closed", "a model with a long name")])]


def test_two_columns_need_no_title() -> None:
    assert entries(Table("T", ("Term", "Means"), (("API", "An online service."),))) == [
        ("API", [("", "An online service.")])
    ]


def rows(table: Table) -> list[list[str]]:
    [(name, content)] = files([table])
    assert name == "gapbrief-1.csv"
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_csv_is_whole_with_numbers_that_a_spreadsheet_reads() -> None:
    head, *others = rows(FIGURES)
    assert head == list(FIGURES.columns)
    assert others[1] == ["FictionLiveBench (120k)", "private", "-6.0", "1,010", "2026-01-27"]
    assert len(others) == 3


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-cmd|' /C calc'!A0", "@SUM(A1)", "\tx", "\rx"])
def test_nothing_in_csv_is_a_formula(cell: str) -> None:
    assert rows(Table("T", ("A", "B"), ((cell, "−9.5"),)))[1] == [f"'{cell}", "-9.5"]


def test_each_table_is_a_file() -> None:
    assert [name for name, _ in files([FIGURES, WORDY])] == ["gapbrief-1.csv", "gapbrief-2.csv"]
    assert phone_tables.files([]) == []
