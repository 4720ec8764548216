"""Suspects of the data: a planted slip of each kind is seen, and what only looks like one is not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.store.inspection import DISPUTED, Suspect, find_suspects
from core.store.store import Store, open_store
from tests.core.store.world import write_world


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The small world's store, without suspects, to plant slips in."""
    with open_store(tmp_path / "evidence.db", write_world(tmp_path / "data")) as store:
        store.connection.execute("DELETE FROM classifications")
        yield store


def model(store: Store, model_id: str, released: str, openness: str = "open", lab: str = "acme") -> None:
    store.connection.execute(
        "INSERT INTO models VALUES (?, ?, ?, 'board', ?, 'ACME', 'France', ?, 'index', NULL)",
        (model_id, model_id, released, lab, openness),
    )


def score(store: Store, model_id: str, value: float, day: str, effort: str = "", basis: str = "run date") -> None:
    store.connection.execute(
        "INSERT INTO scores VALUES ('exam', '1', ?, ?, 'Droid', ?, NULL, 'board-run', ?, ?, NULL, NULL, 'board')",
        (model_id, effort, value, day, basis),
    )


def words(store: Store, model_id: str, **statements: str) -> None:
    for publisher, claim in statements.items():
        store.connection.execute(
            "INSERT OR IGNORE INTO sources"
            " VALUES (?, ?, 'A list', '2026-05-22', NULL, 0, 0, 'registry', 'MIT', 'A list', '', 1, 1, 0)",
            (publisher, publisher),
        )
        store.connection.execute(
            "INSERT INTO classifications VALUES (?, ?, ?, 'word', 0)", (model_id, publisher, claim)
        )


def suspects(store: Store, kind: str) -> list[tuple[str, ...]]:
    return [suspect.models for suspect in find_suspects(store) if suspect.kind == kind]


def test_the_small_world_is_above_suspicion(store: Store):
    assert find_suspects(store) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("alpha-2.5-sonnet", "alpha-2-5-sonnet-20240620"), ("Phi3-medium", "Phi3-medium-preview"),
     ("Deep-V2", "acme/deep-v2-0324")],
)  # fmt: skip
def test_like_names_with_days_near_may_be_one_model(store: Store, one: str, other: str):
    model(store, one, "2025-02-01")
    model(store, other, "2025-02-20")
    assert [set(models) for models in suspects(store, "split")] == [{one, other}]


def test_like_names_with_days_apart_other_labs_or_other_versions_are_two(store: Store):
    model(store, "alpha-beta", "2025-02-01")
    model(store, "alpha", "2025-05-01")
    model(store, "alpha-preview", "2025-02-01", lab=None)
    model(store, "alpha-2", "2025-02-01")
    assert suspects(store, "split") == []


@pytest.mark.parametrize("word", ["chat", "instruct", "it", "base", "coder", "flash", "mini", "pro"])
def test_a_word_that_makes_another_product_makes_two(store: Store, word: str):
    """GPT-5 and GPT-5 Chat came out on one day."""
    model(store, "gpt-5-2025-08-07", "2025-08-07", "closed")
    model(store, f"gpt-5-{word}", "2025-08-07", "closed")
    assert suspects(store, "split") == []


def test_two_models_that_one_source_lists_beside_each_other_are_two(store: Store):
    model(store, "flash-2.5", "2025-06-17", "closed")
    model(store, "flash-2.5-preview-05-20", "2025-05-20", "closed")
    assert suspects(store, "split") == [("flash-2.5", "flash-2.5-preview-05-20")]
    score(store, "flash-2.5", 17.1, "2026-03-01")
    score(store, "flash-2.5-preview-05-20", 16.0, "2026-03-01")
    assert suspects(store, "split") == []


def test_a_day_that_is_over_a_month_away_may_be_another_models(store: Store):
    insert = "INSERT INTO conflicts VALUES ('release date', ?, '', ?, ?, ?, 'index', 'rank')"
    for kept_source, other in (("board", "2025-03-01"), ("board", "2025-01-20")):
        store.connection.execute(insert, ("first", "2025-01-01", kept_source, other))
    store.connection.execute(insert, ("second", "2025-06-01", "release_dates", "2026-01-01"))  # mended by hand
    assert [(suspect.models, suspect.seen) for suspect in find_suspects(store)] == [
        (("first",), "2025-01-01, but 2025-03-01 by index")
    ]


def test_one_run_under_two_efforts_is_seen(store: Store):
    score(store, "first", 64.9, "2026-03-01", "medium")
    score(store, "first", 64.9, "2026-03-01", "32k")
    assert suspects(store, "twice") == [("first",)]


def test_one_run_under_two_like_names_is_seen(store: Store):
    model(store, "flash-2.5", "2025-02-01", "closed")
    model(store, "flash-2.5-preview-09-2025", "2025-09-01", "closed")
    score(store, "flash-2.5", 17.1, "2026-03-01", basis="snapshot")
    score(store, "flash-2.5-preview-09-2025", 17.1, "2026-03-01", basis="snapshot")
    assert suspects(store, "twice") == [("flash-2.5", "flash-2.5-preview-09-2025")]


def test_another_day_score_or_version_is_another_run(store: Store):
    model(store, "flash-2", "2025-02-01", "closed")
    model(store, "flash-25", "2025-03-01", "closed")
    score(store, "flash-2", 17.1, "2026-03-01", "low")
    score(store, "flash-2", 17.1, "2026-03-02", "high")
    score(store, "flash-2", 17.3, "2026-03-01", "high")
    score(store, "flash-25", 17.1, "2026-03-01", "low")
    assert suspects(store, "twice") == []


def test_a_model_that_more_publishers_call_open_than_closed_is_disputed(store: Store):
    words(store, "first", epoch="closed", metr="open", openhands="open", registry="open")
    assert [suspect for suspect in find_suspects(store) if suspect.kind == DISPUTED] == [
        Suspect(DISPUTED, ("first",), "closed by epoch, otherwise by metr,openhands,registry")
    ]


def test_one_against_one_and_one_publishers_two_words_are_no_dispute(store: Store):
    words(store, "first", epoch="closed", metr="open")
    store.connection.execute("INSERT INTO classifications VALUES ('first', 'metr', 'open', 'another word', 0)")
    assert suspects(store, DISPUTED) == []


def test_a_run_from_before_its_model_came_out_is_seen(store: Store):
    score(store, "second", 12.0, "2025-05-20")
    assert suspects(store, "run before release") == [("second",)]


def test_a_week_of_early_access_and_a_snapshot_are_no_run_before(store: Store):
    score(store, "second", 12.0, "2025-05-26")
    score(store, "second", 13.0, "2025-01-01", basis="snapshot")
    assert suspects(store, "run before release") == []
