"""What no source may say: impossible scores, models from the future, runs from before their model."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from core.errors import TableError
from core.evidence.identity import split_effort
from core.evidence.importers.rows import UNREADABLE, Dropped, FileContent, RawModel, RawScore, RawSize
from core.evidence.plausibility import check_rows, drop_doubles

SNAPSHOT = date(2026, 4, 19)
AIDER, METR, ECI = ("aider-polyglot", "1"), ("metr-time-horizons", "1.1"), ("eci", "hub-2026")
UNITS = {AIDER: "percent", METR: "minutes", ECI: "points"}


def imported(score: float, benchmark=AIDER, run_on=None, released=None) -> FileContent:
    content = FileContent(rows=1)
    content.models.append(RawModel(41, "kimi-k2", released=released))
    content.scores.append(RawScore(41, *benchmark, "kimi-k2", score, "board-run", run_on=run_on, column="pass_rate_2"))
    return content


def checked(content: FileContent) -> FileContent:
    check_rows(Path("board.csv"), content, SNAPSHOT, UNITS)
    return content


@pytest.mark.parametrize(
    ("score", "benchmark"), [(0.0, AIDER), (100.0, AIDER), (1044.780145, METR), (162.49, ECI), (-5.0, ECI)]
)
def test_percent_go_from_0_to_100_minutes_from_0_on_and_index_points_anywhere(score: float, benchmark):
    assert [raw.score for raw in checked(imported(score, benchmark)).scores] == [score]


@pytest.mark.parametrize("score", [-5.0, 101.0, -0.01, 100.01, 5910.0, float("nan")])
def test_a_percentage_outside_is_refused_with_its_place(score: float):
    with pytest.raises(TableError) as error:
        checked(imported(score))
    assert str(error.value) == (
        f'board.csv, line 41, column pass_rate_2: "{score:g}" is no score in percent (kimi-k2 on aider-polyglot). '
        "The last good data stays in use."
    )


@pytest.mark.parametrize("error", [-0.1, 100.1])
def test_a_standard_error_that_cant_be_is_refused_with_its_line(error: float):
    content = imported(50.0)
    content.scores[0] = replace(content.scores[0], standard_error=error)
    with pytest.raises(TableError, match=f'line 41: "{error}" is no standard error in percent'):
        checked(content)


def test_a_run_after_the_snapshot_is_refused_with_its_line():
    with pytest.raises(TableError, match='line 41: "2062-01-01" is not a run day that data of 2026-04-19 can give'):
        checked(imported(50.0, run_on=date(2062, 1, 1)))
    assert checked(imported(50.0, run_on=SNAPSHOT)).scores


def test_minutes_may_not_be_negative():
    with pytest.raises(TableError, match="is no score in minutes"):
        checked(imported(-1.0, METR))


def test_a_benchmark_or_version_that_is_not_known_is_dropped():
    content = checked(imported(50.0, ("aider-polyglot", "2")))
    assert (content.scores, content.dropped) == ([], [Dropped(41, "kimi-k2", "not one of gapbrief's benchmarks")])


@pytest.mark.parametrize("released", [date(2062, 1, 1), date(2026, 4, 20), date(2014, 12, 31), date(1, 1, 1)])
def test_a_release_date_after_the_snapshot_or_before_2015_is_refused(released: date):
    with pytest.raises(TableError, match=rf'line 41: "{released}" is not a release date that data of 2026-04-19'):
        checked(imported(50.0, released=released))


@pytest.mark.parametrize("released", [date(2015, 1, 1), date(2026, 4, 19), None])
def test_other_release_dates_are_taken(released: date | None):
    assert checked(imported(50.0, released=released)).models[0].released == released


def test_a_run_long_before_the_release_that_its_own_row_gives_is_another_models():
    content = checked(imported(59.1, run_on=date(2025, 7, 17), released=date(2025, 9, 5)))
    assert content.scores == []
    assert [drop.reason for drop in content.dropped] == ["run before the model's release: another model's score"]
    assert [model.spelling for model in content.models] == ["kimi-k2"]


@pytest.mark.parametrize("run_on", [date(2025, 8, 29), date(2025, 9, 3), date(2025, 9, 5), date(2026, 4, 1), None])
def test_a_run_up_to_a_week_before_is_early_access(run_on: date | None):
    assert checked(imported(59.1, run_on=run_on, released=date(2025, 9, 5))).scores


def runs(*rows: tuple[str, float, date | None]) -> list[str]:
    """Return the spellings that are left of runs of one agent, given with score and day."""
    content = FileContent(rows=len(rows))
    for line, (spelling, score, day) in enumerate(rows, start=2):
        content.scores.append(
            RawScore(line, "terminal-bench", "2", spelling, score, "board-run", "Droid", run_on=day, column="Accuracy")
        )
    drop_doubles(content, split_effort)
    assert len(content.scores) + len(content.dropped) == content.rows
    return [row.spelling for row in content.scores]


DAY = date(2025, 12, 24)


@pytest.mark.parametrize("effort", ["gpt-5.2_medium", "gpt-5.2"])
def test_a_run_that_is_filed_again_without_its_effort_counts_once(effort: str):
    assert runs(("gpt-5.2_unknown", 64.9, DAY), (effort, 64.9, DAY)) == [effort]


@pytest.mark.parametrize(
    ("other", "score", "day"),
    [("gpt-5.2_unknown", 64.8, DAY), ("gpt-5.2_unknown", 64.9, date(2025, 12, 25)), ("gpt-5.1_unknown", 64.9, DAY),
     ("gpt-5.2_high", 64.9, DAY)],
)  # fmt: skip
def test_another_score_day_model_or_named_effort_is_another_run(other: str, score: float, day: date):
    assert runs(("gpt-5.2_medium", 64.9, DAY), (other, score, day)) == ["gpt-5.2_medium", other]


def test_runs_without_a_day_are_not_told_to_be_the_same():
    assert len(runs(("gpt-5.2_unknown", 64.9, None), ("gpt-5.2_medium", 64.9, None))) == 2


def dated(n_late: int) -> FileContent:
    """A board of a hundred models, some of them dated after the day of the file."""
    content = FileContent(rows=100)
    for line in range(100):
        released = date(2026, 7, 30) if line < n_late else date(2026, 4, 1)
        content.models.append(RawModel(line, f"m{line}", released=released))
        content.scores.append(RawScore(line, *AIDER, f"m{line}", 50.0, "board-run", column=""))
    return content


def test_a_slip_in_one_models_date_costs_its_score_alone():
    """WeirdML's board of 2026-07-01 dated one model 2026-07-30, and mended it the next day."""
    content = checked(dated(2))
    assert len(content.scores) == 98
    assert content.models[0] == RawModel(0, "m0")
    assert content.dropped[0] == Dropped(0, "m0", "a release date in the future")


def test_many_such_dates_are_read_wrongly():
    with pytest.raises(TableError, match='"2026-07-30" is not a release date that data of 2026-04-19 can give'):
        checked(dated(3))


@pytest.mark.parametrize("spelling", ["kimi\x00k2", "kimi\u202ek2", "kimi\ud800k2", "kimi\nk2", "k" * 201])
def test_a_name_that_nobody_could_read_costs_its_row_in_files_of_any_form(spelling: str):
    content = FileContent(rows=2)
    for line, name in ((41, spelling), (42, "k" * 200)):
        content.models.append(RawModel(line, name))
        content.sizes.append(RawSize(line, name, 7.0))
        content.scores.append(RawScore(line, *AIDER, name, 50.0, "board-run", column="pass_rate_2"))
    checked(content)
    for records in (content.models, content.sizes, content.scores):
        assert [record.line for record in records] == [42]
    [drop] = content.dropped
    assert (drop.line, drop.reason.startswith(UNREADABLE)) == (41, True)
