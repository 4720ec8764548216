"""What is odd in a new snapshot: each kind that a publisher's file has shown, or may show."""

from dataclasses import replace
from datetime import date

import pytest

from core.evidence.importers.rows import FileContent, RawModel, RawScore
from core.refresh.snapshot_checks import Files, Finding, check_snapshot, find_new_efforts

UNITS = {("exam", "1"): "percent", ("quiz", "1"): "percent", ("index", "1"): "points"}


def board(*scores: float, benchmark: str = "exam", error: float | None = None) -> FileContent:
    """A file of a board: a row a model, m0, m1 and so on."""
    return FileContent(
        len(scores),
        [
            RawScore(line, benchmark, "1", f"m{line}", score, "board-run", standard_error=error, column="")
            for line, score in enumerate(scores)
        ],
        [RawModel(line, f"m{line}", claim="open", released=date(2026, 1, 1)) for line in range(len(scores))],
    )


def files(imported: FileContent) -> Files:
    return [("board.csv", imported)]


def findings(new: FileContent, old: FileContent) -> list[Finding]:
    return check_snapshot(files(new), files(old), UNITS)


TEN = board(*range(10, 20))


def test_a_board_that_is_new_or_stays_or_grows_is_not_odd():
    assert findings(TEN, TEN) == findings(board(*range(10, 40)), TEN) == []
    assert check_snapshot(files(TEN), [], UNITS) == []


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        (board(*range(10, 17)), "board.csv has 7 rows where it had 10"),
        (FileContent(20, TEN.scores * 2, TEN.models * 2), "board.csv has 10 rows twice"),
        (board(*(score / 100 for score in range(10, 20))), "the scores of exam 1 are 0.01 times what they were"),
        (board(*(score * 6 for score in range(10, 20))), "the scores of exam 1 are 6 times what they were"),
        (board(*(score + 9 for score in range(10, 20))), "10 of 10 scores of exam 1 moved by more than their errors"),
        (board(*range(10, 20), benchmark="quiz"), "no score of exam 1 is there any more"),
    ],
)
def test_what_cant_be_right_stops_the_snapshot(new: FileContent, reason: str):
    [stop] = [finding for finding in findings(new, TEN) if finding.level == "stop"]
    assert stop.what.startswith(reason)


def test_a_file_that_is_gone_stops_the_snapshot():
    old = [*files(TEN), ("other.csv", board(1, benchmark="quiz"))]
    stops = [finding.what for finding in check_snapshot(files(TEN), old, UNITS) if finding.level == "stop"]
    assert stops == ["other.csv is gone", "no score of quiz 1 is there any more"]


@pytest.mark.parametrize(
    ("error", "moved", "is_odd"), [(None, 4.9, False), (None, 5.1, True), (1, 2.9, False), (1, 3.1, True)]
)
def test_a_score_that_moves_by_more_than_its_error_allows_is_listed(error: float | None, moved: float, is_odd: bool):
    old, new = board(50, 60, error=error), board(50 + moved, 60, error=error)
    expected = [Finding("warn", f"m0 on exam 1 moved from 50 to {50 + moved:g}")] if is_odd else []
    assert findings(new, old) == expected


def test_an_index_is_fitted_anew_and_moves_as_a_whole():
    old, new = (board(*(150.0 + step + move for step in range(10)), benchmark="index") for move in (0, 8))
    assert findings(new, old) == []


def test_other_words_on_a_model_are_listed():
    model = TEN.models[0]
    new = FileContent(10, TEN.scores, [replace(model, claim="closed", released=date(2026, 2, 1)), *TEN.models[1:]])
    assert [finding.what for finding in findings(new, TEN)] == [
        "m0: open or closed was open and is closed",
        "m0: release date was 2026-01-01 and is 2026-02-01",
    ]


@pytest.mark.parametrize("what", ["claim", "released"])
def test_what_is_told_of_no_model_any_more_stops_the_snapshot(what: str):
    new = FileContent(10, TEN.scores, [replace(model, **{what: None}) for model in TEN.models])
    [stop] = findings(new, TEN)
    assert stop.level == "stop"
    assert stop.what.endswith("any more, where 10 had it")


def test_standard_errors_that_come_and_go_are_no_reason_to_stop():
    table = board(*range(10, 20), error=1.0)
    assert findings(table, TEN) == []
    assert findings(TEN, table) == [Finding("warn", "no score has a standard error any more")]


def test_a_new_board_is_listed():
    both = [*files(TEN), ("quiz.csv", board(1, 2, benchmark="quiz"))]
    assert check_snapshot(both, files(TEN), UNITS) == [Finding("warn", "quiz 1 is new")]


@pytest.mark.parametrize("spelling", ["m0_turbo", "m0 (turbo)"])
def test_an_unknown_effort_is_listed_where_it_is_new_in_whatever_file(spelling: str):
    others = FileContent(1, [replace(TEN.scores[0], spelling=spelling)])
    new = [*files(TEN), ("other.csv", others)]
    finding = Finding("warn", f'{spelling}: "turbo" is no known effort of m0; see which model it is')
    assert [*find_new_efforts(new, files(TEN))] == [finding]
    assert [*find_new_efforts(new, new)] == []


@pytest.mark.parametrize("spelling", ["m0_ultra", "m0_enabled", "m0_prounknown", "m99_turbo", "m0 turbo"])
def test_a_known_effort_and_another_model_are_not(spelling: str):
    new = FileContent(11, [*TEN.scores, replace(TEN.scores[0], spelling=spelling)])
    assert [*find_new_efforts(files(new), files(TEN))] == []
