"""What `sources` says: who gave what, under which licence, and lines to cite that hold all one needs."""

import csv

import pytest

import core
from core.questions import GapQuestion
from core.questions.sources import SourcesQuestion
from tests.conftest import ROOT
from tests.core.questions.conftest import Ask
from tests.core.questions.laws import lines
from tests.core.questions.worlds import race

QUESTION = SourcesQuestion


def rows(table: str) -> list[dict[str, str]]:
    with (ROOT / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_source_is_listed_with_its_rows_and_what_it_gave(shipped: Ask) -> None:
    answer = shipped()
    assert [source["source_id"] for source in answer.sources] == [row["source_id"] for row in rows("sources")]
    sources = {source["source_id"]: source for source in answer.data["given"]}
    scores = rows("scores")
    for row in rows("sources"):
        mine = sources[row["source_id"]]
        assert mine["rows_used"] == int(row["rows_used"])
        counted = sum(score["source_id"] == row["source_id"] for score in scores)
        assert sum(board["scores"] for board in mine["benchmarks"]) == counted


def test_text_and_table_count_the_same_sources(shipped: Ask) -> None:
    """A source is a row of the table, however many copies of it there are."""
    answer = shipped()
    table = answer.tables[0].rows
    scoring = [row for row in table if row[-1] != "–"]
    publishers = {name for row in scoring for name in row[0].split(" and ")}
    assert answer.lines[0].text == (
        f"{len(rows('scores')):,} scores on 49 tests come from {len(scoring)} sources of {len(publishers)} publishers"
    )
    assert lines(answer)["Models"].startswith(f"{len(table) - len(scoring)} more sources give no score")
    assert (len(scoring), len(table)) == (20, 33)


def test_one_benchmark_names_its_publishers_their_scores_and_what_it_asks(shipped: Ask) -> None:
    answer = shipped(benchmark="metr")
    assert answer.lines[0].text == "40 scores on METR Time Horizons come from Epoch AI and METR"
    assert lines(answer)["Domain"] == "agents"
    assert lines(answer)["The test"].startswith("How long a task takes a skilled person")
    weirdml = shipped(benchmark="weirdml")
    assert weirdml.lines[0].text.endswith(" scores on WeirdML come from Epoch AI and H. T. Ihle")
    assert "Models" not in lines(weirdml)
    copies = next(row for row in weirdml.tables[0].rows if row[1] == "WeirdML v2 board")
    assert copies[2] == "2026-05-20, 2026-06-01, 2026-08-17"


@pytest.mark.parametrize("benchmark", ["gpqa", "metr", "mmlu-pro", "arc agi 2"])
def test_a_benchmarks_sources_are_those_that_gap_cites_for_it(shipped: Ask, benchmark: str) -> None:
    assert shipped(benchmark=benchmark).sources == shipped(GapQuestion, benchmark=benchmark).sources


def test_the_kind_of_a_test_is_said_and_the_tests_of_each_kind_are_counted_and_named(shipped: Ask) -> None:
    assert lines(shipped(benchmark="weirdml"))["Kind"] == "WeirdML is a private test: its questions are kept secret"
    assert lines(shipped(benchmark="gpqa"))["Kind"].startswith("GPQA Diamond is a public test")
    assert lines(shipped())["Tests"] == "16 private, 33 public; the gap counts 19 of them"
    private = shipped(access="private")
    assert private.about("access").lines[0].text.startswith("16 private tests: ARC-AGI, ARC-AGI-2, ")
    assert {row[1] for row in private.tables[1].rows} == {"private"}
    assert len(private.tables[1].rows) == 16


def test_publisher_title_licence_copies_and_address_are_in_the_tables(shipped: Ask) -> None:
    sources, _, citations = shipped().tables
    for row in rows("sources"):
        assert any(
            cells[:2] == (row["publisher"], row["title"]) and row["snapshot"] in cells[2] for cells in sources.rows
        )
        assert (row["citation"], row["licence"], row["url"] or "–") in citations.rows
    assert sum(int(cells[3]) for cells in sources.rows) == sum(int(row["rows_used"]) for row in rows("sources"))


def test_the_line_to_cite_names_version_day_revision_and_data(shipped: Ask) -> None:
    answer = shipped(benchmark="weirdml")
    assert answer.data["cite"] == lines(answer)["Cite gapbrief"]
    assert lines(answer)["Cite gapbrief"] == (
        f"gapbrief {core.__version__}, as of 28 September 2026, data revision {answer.revision[:12]};"
        " data: Epoch AI, AI Benchmarking Hub; H. T. Ihle, WeirdML"
    )


def test_the_line_to_cite_names_whoever_gave_a_score_but_once(shipped: Ask) -> None:
    data = lines(shipped())["Cite gapbrief"].split("; data: ")[1].split("; ")
    assert len(data) == len(set(data))
    scoring = {score["source_id"] for score in rows("scores")}
    assert set(data) == {
        part for row in rows("sources") if row["source_id"] in scoring for part in row["citation"].split("; ")
    }


def test_the_study_is_cited_with_its_address(shipped: Ask) -> None:
    assert lines(shipped())["The study"] == (
        "H. T. Ihle, How far behind are open models?, LessWrong, 2026-05-28,"
        " https://www.lesswrong.com/posts/rJcCrXyEsJKmmDpWG/how-far-behind-are-open-models"
    )


def test_hand_made_evidence_without_sources_says_so() -> None:
    answer = SourcesQuestion().answer(race(100))
    assert answer.lines[0].text == "No score has a source here"
    assert answer.sources == ()
