"""`--format csv`: the headline first, with its days and its method, and every other table by its name."""

import csv
import io
import json

import pytest

from tests.bot.conftest import Run
from tests.bot.test_cli import answer, refusal


def table(run: Run, *words: str) -> list[dict[str, str]]:
    result = run(*words, "--format", "csv")
    assert (result.exit_code, result.stderr) == (0, "")
    return list(csv.DictReader(io.StringIO(result.stdout.removeprefix("\ufeff"))))


def test_csv_begins_with_the_headline_its_range_its_day_and_its_count(run: Run) -> None:
    rows, headline = table(run, "gap"), answer(run)["access"]
    assert [row["access"] for row in rows] == ["private", "public"]
    for row in rows:
        index = headline[row["access"]]["index"]
        for part in ("months", "low", "high", "at", "n_families"):
            assert row[f"index.{part}"] == str(index[part])


def test_csv_of_one_test_begins_with_its_standing_gap(run: Run) -> None:
    (row,), (test,) = table(run, "gap", "gpqa"), answer(run, "gpqa")["benchmarks"]
    assert (row["benchmark"], row["standing.months"]) == ("gpqa-diamond", str(test["standing"]["months"]))


@pytest.mark.parametrize(
    ("words", "column"),
    [
        ("trust", "index.months"), ("changes 2026-06-12", "after.months"), ("what-if frontiermath 45", "after.months"),
        ("model kimi-k3", "months"), ("compare china us", "months"), ("best", "index.months"),
    ],
)  # fmt: skip
def test_csv_of_other_questions_begins_with_their_figures_by_class(run: Run, words: str, column: str) -> None:
    first = table(run, *words.split())[0]
    assert first["access"] == "private"
    assert float(first[column])


@pytest.mark.parametrize("name", ["access", "benchmarks", "facts"])
def test_each_row_of_csv_says_its_days_and_the_method(run: Run, name: str) -> None:
    json_answer = answer(run)
    told = {key: json_answer[key] for key in ("as_of", "known_by", "method")}
    assert all(row | told == row for row in table(run, "gap", "--table", name))


def test_csv_has_the_parts_of_parts_as_columns(run: Run) -> None:
    rows, tests = table(run, "gap", "--table", "benchmarks"), answer(run)["benchmarks"]
    assert [row["benchmark"] for row in rows] == [test["benchmark"] for test in tests]
    shown = [(row["standing.months"], json.loads(row["levels_left"])) for row in rows]
    assert shown == [(str(test["standing"]["months"] or ""), test["levels_left"]) for test in tests]


def test_csv_of_another_table_by_its_name(run: Run) -> None:
    rows = table(run, "gap", "--table", "index_trend")
    private = [row for row in rows if row["access"] == "private"]
    assert float(private[-1]["months"]) == answer(run)["access"]["private"]["index"]["months"]
    assert [row["key"] for row in table(run, "gap", "--table", "facts")] == [
        each["key"] for each in answer(run)["facts"]
    ]
    assert len(table(run, "gap", "--points", "all")) > len(table(run, "gap", "--table", "points"))


def test_a_table_of_both_classes_has_them_in_a_column(run: Run) -> None:
    assert {(row["access"], row["name"]) for row in table(run, "best")} >= {
        ("private", "Kimi K3"),
        ("public", "Kimi K3"),
    }


@pytest.mark.parametrize("words", ["others", "terms", "sources", "trust", "roster", "unmatched", "frontier weirdml"])
def test_every_question_has_csv(run: Run, words: str) -> None:
    assert table(run, *words.split())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--format csv --table trends", 'The answer has no table "trends"; choose access, benchmarks, trend, '),
        ("--table trend", "--table is for CSV; give --format csv too, or leave it out."),
    ],
)
def test_a_table_that_is_not_there_is_refused(run: Run, words: str, sentence: str) -> None:
    assert refusal(run, "gap", *words.split()).startswith(sentence)


def test_one_answer_has_one_format(run: Run) -> None:
    result = run("gap", "--json", "--format", "csv")
    assert (result.exit_code, result.stderr) == (2, "--json and --format csv can't both be; leave one out.\n")
