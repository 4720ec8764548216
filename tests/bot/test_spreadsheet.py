"""CSV as spreadsheets read it: nothing in it is a formula, numbers are numbers, and letters stay what they are."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.spreadsheet import Cell, as_csv, safe

WIDE = "\uff1d\uff0b\uff0d\uff20"
"""The wide forms of the four marks, which spreadsheets take for them."""


FORMULAS = ["=1+1", "+cmd", "-cmd|' /C calc'!A0", "@SUM(A1)", "\tx", "\rx", "\n=1", " =1+1", *WIDE]


@pytest.mark.parametrize("cell", FORMULAS)
def test_what_a_spreadsheet_would_work_out_is_kept_from_it(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["a=1", "GPT-4", "80 %", "1,010", "2026-01-27", "–", "", -2.5, 7, None])
def test_all_else_stays_as_it_is(cell: Cell) -> None:
    assert safe(cell) == cell


def test_a_number_below_zero_is_a_number() -> None:
    assert [safe("−9.5"), safe("-9.5")] == ["-9.5", "-9.5"]


@given(st.text())
def test_no_text_but_a_number_begins_a_formula(text: str) -> None:
    shown = str(safe(text))
    begins_one = shown.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", *WIDE))
    assert not begins_one or re.fullmatch(r"-\d[\d,.]*", shown)


def test_a_sheet_says_its_encoding_and_guards_every_cell() -> None:
    content = as_csv([("A", "=B"), ("“likely”", "@x"), (None, -1.5)])
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == [
        ["A", "'=B"],
        ["“likely”", "'@x"],
        ["", "-1.5"],
    ]
