"""One score from many snapshots, and two clocks: what is kept, superseded, refused and listed."""

from datetime import date, timedelta
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence.merge import Cell, Sighting, merge, same_value

APRIL, MAY, AUGUST = date(2026, 4, 19), date(2026, 5, 22), date(2026, 8, 22)
CELL = Cell("gpqa-diamond", "1", "glm-5.1", "", "")
HUB, DAILY, LATER = "epoch-hub-2026-04-19", "epoch-daily-2026-05-22", "epoch-daily-2026-08-22"


def make_sighting(score, snapshot=APRIL, source=HUB, grade="epoch-run", run_on=None, error=None, cell=CELL) -> Sighting:
    return Sighting(cell, score, error, grade, run_on, snapshot, source)


def merged(*sightings: Sighting, authors=MappingProxyType({})):
    return merge(sightings, authors)


def test_one_sighting_is_one_score_known_from_its_snapshot():
    [score], conflicts = merged(make_sighting(85.48, error=2.07))
    assert (score.score, score.standard_error, score.grade, score.source_id) == (85.48, 2.07, "epoch-run", HUB)
    assert (score.known_from, score.known_grade, score.superseded_from) == (APRIL, "snapshot", None)
    assert conflicts == []


def test_a_run_date_goes_before_the_snapshot():
    [score], _ = merged(make_sighting(85.48, run_on=date(2026, 2, 3)))
    assert (score.known_from, score.known_grade) == (date(2026, 2, 3), "run date")


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [(43.434343434, 43.43, True), (85.48, 85.5, True), (0.0, 0.02, True), (0.0, 0.03, False), (18.48, 18.51, False)],
)
def test_publishers_rounding_is_no_difference(a: float, b: float, same: bool):
    assert same_value(a, b) is same


def test_the_same_value_in_two_snapshots_is_one_score_with_the_finer_figure_and_the_earlier_day():
    [score], conflicts = merged(
        make_sighting(43.43, error=2.32), make_sighting(43.434343434, MAY, DAILY, run_on=date(2025, 1, 27))
    )
    assert (score.score, score.standard_error) == (43.434343434, 2.32)
    assert (score.known_from, score.known_grade, score.superseded_from) == (date(2025, 1, 27), "run date", None)
    assert conflicts == []


def test_another_value_supersedes_from_its_snapshot_and_both_are_listed():
    scores, [conflict] = merged(make_sighting(85.48, MAY, DAILY), make_sighting(89.9, AUGUST, LATER))
    old, new = sorted(scores, key=lambda score: score.known_from)
    assert (old.score, old.known_from, old.superseded_from) == (85.48, MAY, AUGUST)
    assert (new.score, new.known_from, new.superseded_from) == (89.9, AUGUST, None)
    assert (conflict.kind, conflict.model, conflict.subject) == ("score", "glm-5.1", "gpqa-diamond 1")
    assert (conflict.kept, conflict.kept_source) == ("89.9", LATER)
    assert (conflict.other, conflict.other_source) == ("85.48", DAILY)


@pytest.mark.parametrize("best_first", [True, False])
def test_repeats_in_one_snapshot_stay_apart_as_runs_the_best_first(best_first: bool):
    values = (25.2, 14.16) if best_first else (14.16, 25.2)
    scores, [conflict] = merged(*map(make_sighting, values))
    assert [(score.score, score.cell.setting) for score in scores] == [(25.2, ""), (14.16, "run 2")]
    assert conflict.why == "several runs in one snapshot: all are kept, the best counts"


@pytest.mark.parametrize(
    ("sightings", "ends"),
    [
        # A newer value that is repeated within its snapshot supersedes too.
        (
            [make_sighting(148.193), make_sighting(148.38, MAY, DAILY), make_sighting(148.38, MAY, DAILY)],
            {(148.193, MAY), (148.38, None)},
        ),
        # One of two runs that changes leaves the other.
        (
            [*map(make_sighting, (25.2, 14.16)), *(make_sighting(score, MAY, DAILY) for score in (25.2, 15.0))],
            {(25.2, None), (14.16, MAY), (15.0, None)},
        ),
        # A snapshot that no longer lists a score takes nothing away.
        ([make_sighting(25.2), make_sighting(14.16), make_sighting(25.2, MAY, DAILY)], {(25.2, None), (14.16, None)}),
    ],
)
def test_what_a_later_snapshot_says_of_a_score_and_no_more_ends_it(sightings: list[Sighting], ends: set):
    assert {(score.score, score.superseded_from) for score in merged(*sightings)[0]} == ends


@pytest.mark.parametrize("self_reported_first", [True, False])
def test_self_reported_never_beats_measured(self_reported_first: bool):
    vendor = make_sighting(78.0, APRIL if self_reported_first else MAY, "vendor", "self-reported")
    board = make_sighting(77.64, MAY if self_reported_first else APRIL, "board", "board-run")
    scores, conflicts = merged(*sorted((vendor, board), key=lambda sighting: sighting.snapshot))
    live = [score for score in scores if score.superseded_from is None]
    assert [(score.score, score.grade) for score in live] == [(77.64, "board-run")]
    assert [(conflict.kept, conflict.other) for conflict in conflicts] == [("77.64", "78")]


def test_a_self_reported_value_that_a_board_confirms_is_measured():
    [score], _ = merged(
        make_sighting(76.12, grade="self-reported", source="vendor"), make_sighting(76.12, MAY, "board", "board-run")
    )
    assert (score.grade, score.source_id, score.known_from) == ("board-run", "board", APRIL)


@pytest.mark.parametrize("field", ["benchmark", "version", "model", "variant", "setting"])
def test_cells_that_differ_in_anything_never_mix(field: str):
    other = CELL._replace(**{field: "another"})
    scores, conflicts = merged(make_sighting(85.48), make_sighting(40.0, MAY, DAILY, cell=other))
    values = {(score.cell, score.score, score.superseded_from) for score in scores}
    assert (values, conflicts) == ({(CELL, 85.48, None), (other, 40.0, None)}, [])


def test_a_copy_ends_where_the_authors_board_has_the_model_without_it():
    cell = Cell("weirdml", "2", "gpt-5.3-codex", "", "")
    own = cell._replace(variant="xhigh")
    scores, conflicts = merged(
        make_sighting(79.3, cell=cell),
        make_sighting(79.3, cell=own),
        make_sighting(77.898, MAY, "weirdml-2026-05-20", cell=own),
        authors={"weirdml-2026-05-20": "weirdml"},
    )
    assert [score.score for score in scores if score.superseded_from is None] == [77.898]
    assert {score.superseded_from for score in scores if score.score == 79.3} == {MAY}
    assert len(conflicts) == 2


def test_a_copy_holds_where_the_authors_board_lacks_the_model_or_is_of_another_benchmark():
    cell = Cell("weirdml", "2", "grok-3-mini-beta", "high", "")
    other = cell._replace(model="gpt-5.3-codex")
    for authors in ({"weirdml-2026-05-20": "weirdml"}, {"weirdml-2026-05-20": "metr-time-horizons"}):
        board = make_sighting(77.898, MAY, "weirdml-2026-05-20", cell=other)
        scores, _ = merged(make_sighting(42.58, cell=cell), board, authors=authors)
        assert {score.superseded_from for score in scores} == {None}


grades = st.sampled_from(["epoch-run", "board-run", "collected", "self-reported"])
values = st.integers(0, 200).map(lambda value: value / 2)  # further apart than publishers' rounding
runs = st.none() | st.dates(date(2024, 1, 1), APRIL)
rows = st.lists(st.tuples(values, grades, runs), min_size=1, max_size=4)
histories = st.lists(rows, min_size=1, max_size=4)


def history(snapshots) -> list[Sighting]:
    return [
        make_sighting(value, APRIL + timedelta(days=30 * n), f"snapshot-{n}", grade, run_on)
        for n, snapshot in enumerate(snapshots)
        for value, grade, run_on in snapshot
    ]


def facts(scores):
    return [(score.cell, score.score, score.known_from, score.superseded_from, score.grade) for score in scores]


@given(histories)
def test_seeing_the_newest_snapshot_again_changes_nothing(snapshots):
    sightings = history(snapshots)
    newest = sightings[-1].source_id
    again = [sighting._replace(source_id="again") for sighting in sightings if sighting.source_id == newest]
    assert set(facts(merge([*sightings, *again])[0])) == set(facts(merge(sightings)[0]))


@given(histories)
def test_every_figure_was_seen_and_none_is_superseded_before_it_was_known(snapshots):
    sightings = history(snapshots)
    scores, _ = merge(sightings)
    assert {score.score for score in scores} <= {sighting.score for sighting in sightings}
    assert all(score.superseded_from is None or score.superseded_from >= score.known_from for score in scores)


@given(histories)
def test_something_holds_now_and_live_runs_have_a_setting_each(snapshots):
    scores, _ = merge(history(snapshots))
    live = [score.cell for score in scores if score.superseded_from is None]
    assert live
    assert len(set(live)) == len(live)


@given(histories)
def test_where_anything_was_measured_nothing_live_is_self_reported_alone(snapshots):
    sightings = history(snapshots)
    scores, _ = merge(sightings)
    newest = [sighting for sighting in sightings if sighting.source_id == sightings[-1].source_id]
    if any(sighting.grade != "self-reported" for sighting in newest):
        measured = [score for score in scores if score.superseded_from is None and score.grade != "self-reported"]
        assert measured


@given(histories)
def test_a_longer_history_never_makes_a_score_known_later(snapshots):
    sightings = history(snapshots)
    first = [sighting for sighting in sightings if sighting.source_id == "snapshot-0"]
    days = {score.score: score.known_from for score in merge(first)[0]}
    for score in merge(sightings)[0]:
        if score.score in days and score.source_id == "snapshot-0":
            assert score.known_from <= max(days[score.score], APRIL)


def read_again(score: float, snapshot: date, series: str, cell: Cell = CELL) -> Sighting:
    return make_sighting(score, snapshot, f"{series}-{snapshot}", cell=cell)._replace(series=series)


def validities(scores):
    return [(score.score, score.known_from, score.superseded_from) for score in scores]


def test_a_copy_that_never_changes_does_not_undo_what_its_publisher_corrected():
    scores, _ = merged(
        read_again(60, APRIL, "board"), read_again(60, APRIL, "copy"),
        read_again(70, MAY, "board"), read_again(60, MAY, "copy"),
        read_again(70, AUGUST, "board"), read_again(60, AUGUST, "copy"),
    )  # fmt: skip
    assert validities(scores) == [(60, APRIL, MAY), (70, MAY, None)]


def test_a_value_that_is_swapped_and_swapped_back_is_three_scores():
    scores, _ = merged(*(read_again(score, day, "board") for score, day in ((60, APRIL), (70, MAY), (60, AUGUST))))
    assert validities(scores) == [(60, APRIL, MAY), (70, MAY, AUGUST), (60, AUGUST, None)]


def test_a_score_that_a_board_did_not_list_when_it_was_read_last_is_known_from_first_sight_and_not_from_its_run():
    early, late = CELL._replace(model="glm-5"), CELL._replace(model="glm-5.2")
    run_on = date(2026, 4, 2)
    rows = [(early, APRIL), (early, MAY), (late, MAY)]
    scores, _ = merged(*(read_again(60, day, "board", cell)._replace(run_on=run_on) for cell, day in rows))
    assert {score.cell.model: (score.known_from, score.known_grade) for score in scores} == {
        "glm-5": (run_on, "run date"), "glm-5.2": (MAY, "snapshot"),
    }  # fmt: skip


def test_a_row_that_is_gone_upstream_is_marked_with_the_day_and_stays():
    other = CELL._replace(model="glm-5")
    scores, _ = merged(
        read_again(60, APRIL, "board"), read_again(50, APRIL, "board", other), read_again(50, MAY, "board", other)
    )
    marks = {score.cell.model: (score.score, score.gone_from, score.superseded_from) for score in scores}
    assert marks == {"glm-5.1": (60, MAY, None), "glm-5": (50, None, None)}


def test_a_row_that_comes_back_is_marked_no_more():
    other = CELL._replace(model="glm-5")
    days = (APRIL, MAY, AUGUST)
    rows = [read_again(50, day, "board", other) for day in days] + [read_again(60, APRIL, "board")]
    scores, _ = merged(*sorted([*rows, read_again(60, AUGUST, "board")], key=lambda sighting: sighting.snapshot))
    assert {score.gone_from for score in scores} == {None}
