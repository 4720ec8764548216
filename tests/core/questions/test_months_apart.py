"""How many months apart `compare` says two models or groups are, and how it says so."""

import pytest

from core.questions.compare import CompareQuestion
from tests import toy
from tests.core.gap.whole import whole
from tests.core.questions.conftest import Ask
from tests.core.questions.laws import lines

QUESTION = CompareQuestion


def test_months_are_from_a_closed_models_own_release_and_where_an_older_one_had_the_score_it_is_named(
    shipped: Ask,
) -> None:
    answer = shipped(left="Kimi K3", right="GPT-5.5")
    by_test = {row["name"]: row for row in answer.data["tests"]}
    assert by_test["OTIS Mock AIME"]["difference"] == pytest.approx(1.6, abs=0.05)
    assert by_test["OTIS Mock AIME"]["right_older"] is None
    assert by_test["GPQA Diamond"]["right_older"] == "gemini-3.1-pro-preview"
    assert "GPQA Diamond (Gemini 3.1 Pro), though the older closed model" in lines(answer)["Own release"]
    public = next(comparison for comparison in answer.data["comparisons"] if comparison["access"] == "public")["months"]
    assert lines(answer)["Public tests"].startswith(f"GPT-5.5 by {public:.1f} months on average, 1.6 to ")


def test_a_closed_model_with_the_lower_score_is_further_along_only_by_its_own_release(shipped: Ask) -> None:
    answer = shipped(left="Claude Haiku 4.5", right="DeepSeek-V3.2-Speciale")
    assert answer.lines[0].text == (
        "DeepSeek-V3.2-Speciale is higher than Claude Haiku 4.5 on the one private test that both took, though closed"
        " models had such scores 13.1 months before Claude Haiku 4.5 came out; can't tell: no public test in common"
    )
    assert lines(answer)["Private tests"] == "Claude Haiku 4.5 by 13.1 months (by its own release)"
    assert answer.tables[0].rows[0] == ("WeirdML", "46.7 %", "45.4 %", "−13.1 by release")
    [noted] = [series for series in answer.charts[0].series if series.notes]
    assert noted.notes == ("13.1 earlier",)
    assert noted.details[0].split("\n") == [
        "DeepSeek-V3.2-Speciale, 46.7 %, 1 December 2025", "Claude Haiku 4.5, 45.4 %, 15 October 2025",
        "Source: Epoch AI and H. T. Ihle",
    ]  # fmt: skip


def test_where_scores_and_months_agree_no_release_is_named(shipped: Ask) -> None:
    answer = shipped(left="Kimi K3", right="GPT-5.5")
    assert "own release)" not in answer.text
    assert not any("by release" in cell for table in answer.tables for row in table.rows for cell in row)


def test_two_closed_models_are_apart_by_their_releases_whichever_test_it_is(shipped: Ask) -> None:
    answer = shipped(left="GPT-5.5", right="GPT-5.4")
    assert lines(answer)["Released"] == (
        "GPT-5.5 (closed) on 23 April 2026; GPT-5.4 (closed) on 5 March 2026; 1.6 months apart"
    )
    assert ", by " not in answer.text
    for row in answer.data["tests"]:
        if row["difference"] is not None:
            assert row["difference"] == pytest.approx(-1.6, abs=0.05), row["name"]
    assert {table.columns[-1] for table in answer.tables} == {"GPT-5.5 later, months"}


def test_a_side_above_all_closed_models_is_at_least_so_far_ahead(shipped: Ask) -> None:
    answer = shipped(left="China", right="US")
    [gsm8k] = [row for row in answer.data["tests"] if row["name"] == "GSM8K"]
    assert (gsm8k["left_above_closed"], gsm8k["left_months"], gsm8k["lower_bound"]) == (True, 0, "left")
    assert lines(answer)["Public tests"].startswith("China by at least ")
    [cells] = [row for table in answer.tables for row in table.rows if row[0] == "GSM8K"]
    assert cells[-1].endswith(" or more")
    [series] = [row for row in answer.charts[0].series if row.role == "public"]
    assert series.notes[series.x.index("GSM8K")].startswith("at least ")


@pytest.mark.parametrize(
    ("access", "scores", "words"),
    [
        ("open", (40.0, 30.0), "both are about as far along"),
        ("open", (60.0, 30.0), "a by at least 3.0 months"),
        ("open", (40.0, 60.0), "b by at least 3.0 months"),
        ("closed", (60.0, 30.0), "a by 2.0 months"),
    ],
)
def test_months_apart_in_words(access: str, scores: tuple[float, float], words: str) -> None:
    rows = [("a", "2024-03-01", access, scores[0]), ("b", "2024-04-01", "open", scores[1])]
    evidence = whole(toy.evidence({"X": [("c", "2024-01-01", "closed", 50.0), *rows]}, private=["X"]))
    assert lines(CompareQuestion("model:a", "model:b").answer(evidence))["Private tests"] == words
