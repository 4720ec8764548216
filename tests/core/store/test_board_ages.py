"""How old each test's newest score is, and which test stands still: still served, with nothing new."""

from datetime import date
from pathlib import Path

import pytest

from core.store.board_ages import BoardAge, age_table, board_ages, old_boards, still_boards
from core.store.store import open_store
from tests.core.store.world import TABLES, write_world

TODAY = date(2026, 11, 30)


def ages_of(path: Path, data: Path) -> dict[str, BoardAge]:
    with open_store(path, data) as store:
        return {f"{age.benchmark_id} {age.version}": age for age in board_ages(store)}


def served(folder: Path, held_until: str, **tables: str) -> Path:
    """The small world, where the board is served as it is until a day."""
    sources = TABLES["sources"].replace("The board,2026-05-22,,", f"The board,2026-05-22,{held_until},")
    return write_world(folder, **{"sources": sources, **tables})


def test_a_tests_age_is_that_of_its_newest_score_and_its_newest_model_is_named(path: Path, data: Path) -> None:
    exam = ages_of(path, data)["exam 1"]
    assert (exam.newest_score, exam.newest_model) == (date(2025, 6, 2), date(2025, 6, 1))
    assert (exam.publisher, exam.served_until) == ("Board Inc.", date(2026, 5, 22))
    assert exam.age_days(date(2025, 6, 12)) == 10


@pytest.mark.parametrize(("held_until", "is_still"), [("", False), ("2026-07-20", False), ("2026-07-21", True)])
def test_a_test_that_was_served_for_60_days_without_a_new_score_stands_still(
    path: Path, tmp_path: Path, held_until: str, is_still: bool
) -> None:
    quiz = ages_of(path, served(tmp_path / "data", held_until))["quiz 1"]
    assert quiz.newest_score == date(2026, 5, 22)
    assert quiz.stands_still is is_still
    assert quiz.is_old(TODAY) is not is_still, "where nobody asked, nobody knows"
    assert not quiz.is_old(date(2026, 7, 20))


def test_a_later_snapshot_of_the_same_title_serves_the_tests_of_an_earlier_one(path: Path, tmp_path: Path) -> None:
    later = "board-2,Board Inc.,The board,2026-11-29,,true,true,scores,MIT,The board,,0,0,0\n"
    ages = ages_of(path, served(tmp_path / "data", "", sources=TABLES["sources"] + later))
    assert ages["quiz 1"].served_until == date(2026, 11, 29)
    assert ages["quiz 1"].stands_still


def test_an_older_version_is_not_named_once_its_successor_has_scores(path: Path, tmp_path: Path) -> None:
    newer = "quiz,2,Quiz 2,public,false,points,5:100:5,,,,,quiz,1,,\n"
    without = served(tmp_path / "without", "2026-11-29", benchmarks=TABLES["benchmarks"] + newer)
    assert [board.name for board in still_boards([*ages_of(path, without).values()])] == ["Quiz", "Exam"]
    scored = TABLES["scores"] + "quiz,2,third,,,7,0,collected,2026-05-22,snapshot,,,board\n"
    with_ = served(tmp_path / "with", "2026-11-29", benchmarks=TABLES["benchmarks"] + newer, scores=scored)
    still = still_boards([*ages_of(tmp_path / "with.db", with_).values()])
    assert [board.name for board in still] == ["Quiz 2", "Exam"]


def test_a_test_without_a_score_is_neither_and_is_said_to_have_none(path: Path, tmp_path: Path) -> None:
    empty = served(tmp_path / "data", "2026-11-29", scores=TABLES["scores"].rpartition("quiz")[0])
    quiz = ages_of(path, empty)["quiz 1"]
    assert (quiz.newest_score, quiz.age_days(TODAY)) == (None, None)
    assert (quiz.stands_still, quiz.is_old(TODAY)) == (False, False)
    assert age_table([quiz], TODAY).rows == (("Quiz", "–", "–", "–", "–", "no score yet"),)


def test_of_the_shipped_data_all_are_listed_and_those_of_october_are_fresh_then(
    shipped: Path, shipped_data: Path
) -> None:
    ages = ages_of(shipped, shipped_data)
    with open_store(shipped, shipped_data) as store:
        assert len(ages) == store.rows("SELECT count(*) FROM benchmarks")[0][0]
    assert ages["terminal-bench 2"].newest_score == date(2026, 3, 6)
    assert ages["aider-polyglot 1"].publisher == "Aider"
    old = {board.benchmark_id for board in old_boards([*ages.values()], date(2026, 10, 22))}
    assert {"livebench", "terminal-bench", "aider-polyglot"} <= old
    assert not {"gpqa-diamond", "hle", "arc-agi-2"} & old
