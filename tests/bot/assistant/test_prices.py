"""What a model costs, by the shipped table and by tables that an operator edits."""

import csv
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.assistant.budget import TABLE, cost, table_in
from core.errors import TableError

_RANGE = "a price is from 0 to 10,000 dollars"

HEAD = "model,input,output,read_on,url\n"


def table(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "prices.csv"
    path.write_text(HEAD + "".join(f"{row},2026-11-25,https://example.org\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("model", "dollars"),
    [
        ("gpt-4o", 12.5),
        ("gpt-4o-mini", 0.75),
        ("gpt-4o-mini-2024-07-18", 0.75),
        ("claude-sonnet-4-5-20250929", 18.0),
        ("gemini-2.5-flash-lite", 0.5),
        ("gpt-5.1", 11.25),
    ],
)
def test_a_price_is_that_of_the_models_name_without_its_day(model: str, dollars: float) -> None:
    assert cost(model, 1_000_000, 1_000_000) == pytest.approx(dollars)


@pytest.mark.parametrize(
    "model", ["", "llama3.2", "gpt-5-pro", "gpt-4o-audio-preview", "gpt-5.9", "my-gpt-4o", "GPT-4O"]
)
def test_another_model_is_not_taken_for_one_that_begins_like_it(model: str) -> None:
    assert cost(model, 1000, 1000) is None


def test_input_and_output_have_prices_of_their_own() -> None:
    assert cost("gpt-4o-mini", 10_000, 0) == pytest.approx(0.0015)
    assert cost("gpt-4o-mini", 0, 10_000) == pytest.approx(0.006)
    assert cost("gpt-4o-mini", 0, 0) == 0


def test_the_longest_name_wins(tmp_path: Path) -> None:
    own = table(tmp_path, "m,1,1", "m-2026-01-01,5,5")
    assert cost("m-2026-01-01", 1_000_000, 0, own) == 5
    assert cost("m-2026-02-02", 1_000_000, 0, own) == 1


def test_every_shipped_price_is_dated_and_has_its_page() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 12
    assert [row["model"] for row in rows] == sorted({row["model"] for row in rows})
    for row in rows:
        assert 0 < float(row["input"]) < float(row["output"])
        assert urlsplit(row["url"]).scheme == "https"
        assert row["read_on"].startswith("20")


def test_an_operators_folder_may_have_a_table_of_its_own(tmp_path: Path) -> None:
    assert table_in(tmp_path) == TABLE
    own = table(tmp_path, "my-model,1,2")
    assert table_in(tmp_path) == own
    assert cost("my-model", 1_000_000, 1_000_000, own) == 3
    assert cost("gpt-4o", 1, 1, own) is None


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("m,,1", "prices.csv, line 3, column input: the price is missing. The last good data stays in use."),
        ("m,1,free", 'prices.csv, line 3, column output: "free" is not a number. The last good data stays in use.'),
        ("m,1,-1", f"prices.csv, line 3, column output: {_RANGE}. The last good data stays in use."),
        ("m,1e9,1", f"prices.csv, line 3, column input: {_RANGE}. The last good data stays in use."),
        ("m,nan,1", 'prices.csv, line 3, column input: "nan" is not a number. The last good data stays in use.'),
    ],
)
def test_a_slip_in_the_table_is_named_with_its_place(tmp_path: Path, row: str, says: str) -> None:
    with pytest.raises(TableError) as caught:
        cost("m", 1, 1, table(tmp_path, "other,1,1", row))
    assert str(caught.value) == says
