"""All records, and what of them was known on a day: equal to the file's rows, sorted out by hand."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from core.evidence.evidence import Evidence, Records, load, read_records
from core.store import queries
from core.store.store import Store, open_store
from tests import toy
from tests.core.store.world import write_world

DAYS = [
    date(2025, 1, 25),  # two days before it, a score of a model that no gap can count
    date(2026, 3, 11),  # scores are superseded
    date(2026, 5, 22),  # the study's snapshots
    date(2026, 9, 30),  # the last
]


@pytest.fixture(scope="module")
def shipped(store: Store) -> Records:
    return read_records(store)


def rows_of(evidence: Evidence) -> list[tuple[object, ...]]:
    """Write the arrays as rows again, with names and ISO days."""
    columns = (evidence.board, evidence.model, evidence.day, evidence.is_open, evidence.score, evidence.known_from)
    names = [(board.benchmark_id, board.version) for board in evidence.boards]
    return [
        (*names[board], evidence.models[model].model_id, str(date.fromordinal(day)), ("closed", "open")[is_open], score,
         str(date.fromordinal(known_from)))
        for board, model, day, is_open, score, known_from in zip(*(column.tolist() for column in columns), strict=True)
    ]  # fmt: skip


def by_hand(store: Store, day: date) -> list[tuple[object, ...]]:
    """Read all scores that were known on a day and not superseded by then."""
    every = store.rows(
        "SELECT s.benchmark_id, s.version, s.model_id, m.release_date, m.openness, s.score, s.known_from,"
        " s.superseded_from FROM scores AS s JOIN models AS m USING (model_id) ORDER BY s.rowid"
    )
    return [
        row[:-1]
        for row in sorted(every, key=lambda row: (row[0], row[1], row[3] or ""))
        if row[3] and row[4] in ("open", "closed")
        if row[6] <= day.isoformat() and not (row[7] and row[7] <= day.isoformat())
    ]


# ---- what was known on a day


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_days_evidence_is_the_rows_that_were_known_and_not_yet_superseded(
    store: Store, shipped: Records, day: date
) -> None:
    evidence = shipped.known_by(day)
    assert rows_of(evidence) == by_hand(store, day)
    assert evidence.known_by == day
    assert evidence.last_known == date(2026, 9, 30)
    assert (evidence.revision, evidence.boards, evidence.models) == (store.revision, shipped.boards, shipped.models)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_its_left_out_models_and_sources_are_those_of_scores_known_by_then(
    store: Store, shipped: Records, day: date
) -> None:
    evidence = shipped.known_by(day)
    columns = "benchmark_id, version, model_id, source_id"
    rows = store.rows(f"SELECT {columns} FROM scores WHERE known_from <= ?", (str(day),))  # noqa: S608 (own words)
    reasons = dict(store.rows("SELECT model_id, reason FROM excluded_list"))
    name = [(board.benchmark_id, board.version) for board in evidence.boards]
    left_out = {(*name[excluded.board], excluded.model_id, excluded.reason) for excluded in evidence.excluded}
    assert len(left_out) == len(evidence.excluded)
    assert left_out == {(*row[:3], reasons[row[2]]) for row in rows if row[2] in reasons}
    sources = {
        (*name[board], evidence.sources[number].source_id)
        for board, numbers in enumerate(evidence.board_sources)
        for number in numbers
    }
    assert sources == {(row[0], row[1], row[3]) for row in rows}


def test_the_newest_data_is_the_same_in_memory_as_in_the_file(store: Store, shipped: Records) -> None:
    first, last = queries.known_days(store)
    assert (shipped.first_known, shipped.last_known) == (first, last)
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        assert shipped.newest_data(day) == queries.newest_data(store, day) <= day


def test_before_all_scores_there_is_nothing(shipped: Records) -> None:
    nothing = shipped.known_by(date(2020, 1, 1))
    assert (len(nothing.score), nothing.excluded, nothing.newest_data) == (0, (), date(2020, 1, 1))
    assert nothing.bounds.tolist() == [0] * (len(nothing.boards) + 1)


def test_a_small_world_on_paper(tmp_path: Path) -> None:
    with open_store(tmp_path / "evidence.db", write_world(tmp_path / "data")) as store:
        records = read_records(store)
    days = (date(2025, 1, 2), date(2025, 6, 2), date(2025, 12, 31), date(2026, 1, 1), date(2026, 5, 22))
    models = [[row[2] for row in rows_of(records.known_by(day))] for day in days]
    assert models == [["first"], ["first", "second"], ["first", "second"], ["first"], ["first"]]
    assert [[model.model_id for model in records.known_by(day).excluded] for day in days[-2:]] == [[], ["third"]]
    assert [records.newest_data(day) for day in days] == [days[0], days[1], days[1], days[1], days[4]]
    assert [bias.bias_id for bias in records.biases] == ["coverage", "training"]
    assert records.published[0].months_low == 3.5


# ---- what is kept in memory


def test_a_day_asked_for_again_is_not_sorted_out_again_and_few_days_are_kept(store: Store) -> None:
    records = read_records(store)
    day = date(2026, 5, 22)
    assert records.known_by(day) is records.known_by(day)
    for number in range(50):
        records.known_by(day + timedelta(days=number))
        assert len(records._days) <= 8
    assert rows_of(records.known_by(day)) == by_hand(store, day)


def test_evidence_can_be_asked_for_another_days_knowledge(shipped: Records) -> None:
    now, then = shipped.known_by(date(2026, 9, 30)), date(2026, 5, 22)
    assert now.as_known_by(then) is shipped.known_by(then)
    assert now.as_known_by(then).as_known_by(now.known_by) is now
    evidence = toy.evidence({"Board": [("m", "2025-01-01", "open", 50.0)]})
    assert evidence.as_known_by(then) is evidence


def test_records_of_one_revision_are_read_once(store: Store, tmp_path: Path) -> None:
    assert load(store) is load(store)
    with open_store(tmp_path / "evidence.db", write_world(tmp_path / "data")) as other:
        assert load(other).revision == other.revision != store.revision
        assert len(load(other).models) == 2
    assert load(store).revision == store.revision


# ---- how it is laid out


def test_rows_are_sorted_by_board_and_day_and_models_say_the_same_as_rows(shipped: Records) -> None:
    evidence = shipped.known_by(shipped.last_known)
    order = np.lexsort((evidence.day, evidence.board))
    assert order.tolist() == list(range(len(order)))
    assert evidence.assumed is None
    for model, day, is_open in zip(evidence.model.tolist(), evidence.day.tolist(), evidence.is_open, strict=True):
        assert (evidence.models[model].day, evidence.models[model].is_open) == (day, is_open)


def test_a_board_is_of_a_family_of_sisters_or_of_its_own(shipped: Records) -> None:
    families = {board.benchmark_id: board.family for board in shipped.boards}
    assert families["arc-agi-2"] == families["arc-agi"] == "arc-agi"
    assert families["simplebench"] == "simplebench"
    assert toy.evidence({"toy-board": [("a", "2025-01-01", "closed", 50)]}).boards[0].family == "toy-board"


def test_terms_published_figures_and_caveats_come_with_it(shipped: Records) -> None:
    evidence = shipped.known_by(date(2025, 10, 31))
    terms = {term.term_id: term for term in evidence.terms}
    assert len(terms) > 40
    assert all(other in terms for term in evidence.terms for other in term.see_also)
    days = [figure.published for figure in evidence.published]
    assert days == sorted(days, reverse=True)
    assert {figure.comparable for figure in evidence.published} <= {"same", "partly", "no"}
    assert evidence.biases == shipped.biases


def test_a_models_prices_are_read_by_provider_and_day(shipped: Records) -> None:
    [glm] = [price for price in shipped.prices if price.model_id == "GLM-4.5-Air"]
    assert (glm.day, glm.input_usd, glm.output_usd) == ("2026-06-23", 0.2, 1.1)
    assert all(price.day >= "2026-01-01" for price in shipped.prices)
    keys = [(price.model_id, price.provider, price.day) for price in shipped.prices]
    assert keys == sorted(set(keys))


def test_a_model_has_its_number_of_parameters_where_somebody_states_it(shipped: Records) -> None:
    sizes = {model.model_id: (model.parameters_b, model.active_b) for model in shipped.models}
    assert sizes["kimi-k3"] == (2800, 104)
    assert sizes["QwQ-32B"] == (32.5, None)
    assert sizes["kimi-k2.6"] == sizes["gpt-5-2025-08-07"] == (None, None)


# ---- another release date


def test_a_redated_model_moves_to_its_place_and_back(shipped: Records):
    evidence = shipped.known_by(shipped.last_known)
    number = next(n for n, model in enumerate(evidence.models) if model.model_id == "glm-4.5")
    day = evidence.models[number].day
    moved = evidence.redate(number, day + 400)
    assert moved.models[number].day == day + 400
    assert set(moved.day[moved.model == number].tolist()) == {day + 400}
    assert np.array_equal(np.lexsort((moved.day, moved.board)), np.arange(len(moved.day)))
    assert sorted(rows_of(moved.redate(number, day))) == sorted(rows_of(evidence))
