"""CSV as spreadsheets read it: nothing in it is a formula, numbers are numbers, and letters stay what they are."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.spreadsheet import Cell, data_tables, escape_cell, write_csv, write_table_csv

WIDE = "\uff1d\uff0b\uff0d\uff20"
"""The wide forms of the four marks, which spreadsheets take for them."""


FORMULAS = ["=1+1", "+cmd", "-cmd|' /C calc'!A0", "@SUM(A1)", "\tx", "\rx", " =1+1", *WIDE, "\ufe66", "\u207a1"]
UNSEEN = {
    "byte order mark": "\ufeff", "zero width space": "\u200b", "NUL": "\0", "bell": "\a", "escape": "\x1b",
    "delete": "\x7f", "next line": "\x85", "no-break space": "\xa0", "soft hyphen": "\xad", "joiner": "\u034f",
    "Hangul fillers": "\u115f\u1160\u3164\uffa0", "right to left": "\u202e", "word joiner": "\u2060",
    "Braille blank": "\u2800", "wide space": "\u3000", "variation selector": "\ufe0f", "private": "\ue000",
    "tag": "\U000e0041", "none assigned": "\u0378", "many": " \ufeff\0\u200b ",
}  # fmt: skip
"""What nobody sees before a mark, and some spreadsheets drop."""


@pytest.mark.parametrize("cell", FORMULAS)
def test_what_a_spreadsheet_would_work_out_is_kept_from_it(cell: str) -> None:
    assert escape_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("mark", "=+-@")
@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN)
def test_what_is_not_seen_before_a_mark_does_not_hide_it(unseen: str, mark: str) -> None:
    cell = f"{unseen}{mark}1+1"
    assert escape_cell(cell) == f"'{cell}"
    assert escape_cell(f"{unseen}text") == f"{unseen}text"


@pytest.mark.parametrize("between", ";\t\r\n")
def test_a_cell_that_another_countrys_spreadsheet_parts_begins_no_formula_in_the_middle(between: str) -> None:
    assert escape_cell(f"a{between}=1+1") == f"a{between}'=1+1"
    assert escape_cell(f"a{between}\u200b=1+1{between}b") == f"a{between}'\u200b=1+1{between}b"


@pytest.mark.parametrize("cell", ["a=1", "GPT-4", "80 %", "1,010", "2026-01-27", "–", "", -2.5, 7, None])
def test_all_else_stays_as_it_is(cell: Cell) -> None:
    assert escape_cell(cell) == cell


def test_a_number_below_zero_is_a_number() -> None:
    assert [escape_cell("−9.5"), escape_cell("-9.5")] == ["-9.5", "-9.5"]


@given(st.text(st.sampled_from(["".join(UNSEEN.values()), WIDE, "=+-@", ";\t\r\n", "ab1'"]).flatmap(st.sampled_from)))
def test_no_text_but_a_number_begins_a_formula(text: str) -> None:
    shown = str(escape_cell(text))
    for part in re.split(r"[;\t\r\n]", shown):
        begins_one = part.lstrip("".join(UNSEEN.values())).startswith(("=", "+", "-", "@", *WIDE))
        assert not begins_one or re.fullmatch(r"-\d[\d,.]*", shown)
    assert not shown.startswith(("\t", "\r", "\n"))


def test_a_sheet_says_its_encoding_and_guards_every_cell() -> None:
    content = write_csv([("A", "=B"), ("“likely”", "@x"), (None, -1.5)])
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == [
        ["A", "'=B"],
        ["“likely”", "'@x"],
        ["", "-1.5"],
    ]


# ---- an answer's tables


def test_lists_of_rows_are_tables_and_those_of_classes_one_with_the_class_in_a_column() -> None:
    answer = {
        "text": "words", "access": {"private": {"months": 7}}, "states": {"since": {}}, "none": [],
        "facts": [{"key": "gap"}], "tests": [{"benchmark": "GPQA"}],
        "ranking": {"private": [{"model": "A"}], "public": [{"model": "B"}]},
    }  # fmt: skip
    ranking = [{"access": "private", "model": "A"}, {"access": "public", "model": "B"}]
    tables = data_tables(answer)
    assert tables == {
        "access": [{"access": "private", "months": 7}], "tests": [{"benchmark": "GPQA"}], "ranking": ranking,
        "facts": [{"key": "gap"}],
    }  # fmt: skip
    assert list(tables)[-1] == "facts"


def test_a_table_keeps_every_part_and_no_formula() -> None:
    rows = [{"model": "=HYPERLINK()", "at": {"months": -1.5}}, {"model": "+B", "tests": ["a", "b"], "note": None}]
    answer = {"rows": rows, "facts": [], "as_of": "2026-09-28", "known_by": "2026-09-30", "method": "index-2"}
    basis = ["2026-09-28", "2026-09-30", "index-2"]
    written = list(csv.reader(io.StringIO(write_table_csv(answer).decode("utf-8-sig"))))
    assert written == [
        ["model", "at.months", "tests", "note", "as_of", "known_by", "method"],
        ["'=HYPERLINK()", "-1.5", "", "", *basis],
        ["'+B", "", '["a", "b"]', "", *basis],
    ]
