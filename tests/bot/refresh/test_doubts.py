"""What is in doubt: how far each could move a figure, record setters first, with the command that settles it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.refresh.doubts import (
    MOST_SHOWN,
    Audit,
    Doubt,
    audit,
    awaited_table,
    find_headlines,
    largest_move,
    suspect_tables,
)
from core.evidence import evidence as module
from core.evidence.evidence import read_records
from core.questions.selection import boards
from core.questions.trust import TrustQuestion
from core.store.store import Store, open_store

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
CLASSIFY = "gapbrief data classify {} open|closed --evidence URL"
OVERRIDE = "gapbrief data override {} --release-date DAY --evidence URL"


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[Store]:
    """The shipped data in a file of its own, in which most publishers call Kimi K3 closed for once."""
    with open_store(tmp_path / "evidence.db", ROOT / "data") as store:
        plant(store)
        module._cache.clear()  # records are kept by revision, which an altered file does not tell
        yield store
        module._cache.clear()


def plant(store: Store) -> None:
    for publisher in "abcdefgh":
        store.connection.execute(
            "INSERT INTO sources VALUES (?, ?, 'A list', '2026-01-01', NULL, 0, 0, 'registry', 'MIT', 'A list', '',"
            " 1, 1, 0)",
            (publisher, publisher),
        )
        store.connection.execute(
            "INSERT INTO classifications VALUES ('kimi-k3', ?, 'closed', 'Proprietary', 0)", (publisher,)
        )


def test_a_disputed_model_shows_what_the_other_class_would_do(planted: Store):
    [table] = [table for table in suspect_tables(planted) if table.title.startswith("Disputed")]
    [row] = [row for row in table.rows if row[0] == "kimi-k3"]
    assert row[1].startswith("open by ")
    assert row[1].endswith("otherwise by a,b,c,d,e,f,g,h")
    assert max(float(cell.lstrip("+−")) for cell in row[2:] if cell != "–") > 0.1
    assert table.rows[0] == row


def test_each_kind_is_short_and_the_largest_move_is_first(store: Store):
    for table in suspect_tables(store):
        moves = [max(float(cell[1:]) if cell != "–" else 0.0 for cell in row[2:]) for row in table.rows]
        assert moves == sorted(moves, reverse=True)
        assert 1 <= len(table.rows) <= MOST_SHOWN


def test_trust_names_disputed_models_and_what_the_other_class_would_do(planted: Store):
    """Named are those with a score on the tests that were asked for."""
    records = read_records(planted)
    evidence = records.known_by(records.last_known)
    texts = {line.label: line.text for line in TrustQuestion().answer(evidence).lines}
    assert "Kimi K3 (open here)" in texts["Disputed"]
    assert re.search(
        r"the gap would be [\d.]+ months on private tests and [\d.]+ months on public tests", texts["Disputed"]
    )
    alone = {line.label: line.text for line in TrustQuestion("gpqa-diamond 1").answer(evidence).lines}
    assert "Kimi K3" in alone["Disputed"]


def test_where_nothing_is_disputed_trust_says_nothing_of_it(planted: Store):
    planted.connection.execute("DELETE FROM classifications")
    records = read_records(planted)
    lines = TrustQuestion().answer(records.known_by(records.last_known)).lines
    assert "Disputed" not in {line.label for line in lines}


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Audit]:
    """The audit of the shipped data after some statements."""
    number = iter(range(10))

    def look(*statements: str) -> Audit:
        path = tmp_path_factory.mktemp("audited") / f"{next(number)}.db"
        with open_store(path, ROOT / "data") as store:
            for statement in statements:
                store.connection.execute(statement)
            module._cache.clear()  # records are kept by revision, which an altered file does not tell
            report = audit(store)
        module._cache.clear()
        return report

    return look


@pytest.fixture(scope="module")
def as_is(audited: Callable[..., Audit]) -> Audit:
    return audited()


def of(report: Audit, model: str, why: str) -> Doubt:
    [doubt] = [entry for entry in report.doubts if entry.models == (model,) and entry.reason.startswith(why)]
    return doubt


def test_the_figures_are_those_that_are_answered_and_record_setters_are_first_by_what_they_move(
    as_is: Audit, store: Store
) -> None:
    records = module.load(store)
    evidence = records.known_by(records.last_known)
    assert as_is.today == find_headlines(evidence, boards(evidence, None, None))
    order = [
        (doubt.is_record, round(largest_move(as_is.today, doubt.headlines), 1), doubt.against) for doubt in as_is.doubts
    ]
    assert order == sorted(order, reverse=True)
    assert order[0] > (True, 0.0, 0)
    assert not order[-1][0]
    assert len({(doubt.models, doubt.command or doubt.reason) for doubt in as_is.doubts}) == len(as_is.doubts)
    table = as_is.table(3)
    assert [row[0] for row in table.rows] == [", ".join(doubt.models) for doubt in as_is.doubts[:3]]


def test_each_doubt_has_the_command_that_settles_it_where_there_is_one(as_is: Audit) -> None:
    assert of(as_is, "kimi-k3", "run before release").command == OVERRIDE.format("kimi-k3")
    assert of(as_is, "MiniMax-M3", "open by").command == CLASSIFY.format("MiniMax-M3")
    assert of(as_is, "gemini-3-pro-preview", "first on MMLU-Pro by its maker's word alone").command == ""


def test_disputed_and_unknown_days_of_record_setters_are_among_the_first_and_what_a_hand_decided_is_not_asked_again(
    audited: Callable[..., Audit],
) -> None:
    """GLM-4.5 was of 3 August 2025 by the index; three publishers gave 28 July, and one 25 July.

    A model without a day is dated by its first score.
    """
    report = audited(
        "UPDATE models SET release_date = '2025-08-03', date_source = 'epoch-index-2026-07-01'"
        " WHERE model_id = 'glm-4.5'",
        "DELETE FROM conflicts WHERE model_id = 'glm-4.5' AND other = '2025-08-03'",
        "UPDATE conflicts SET kept = '2025-08-03', kept_source = 'epoch-index-2026-07-01' WHERE model_id = 'glm-4.5'",
        "INSERT INTO conflicts SELECT kind, model_id, subject, kept, kept_source, '2025-07-28', source_id, why"
        " FROM conflicts, sources WHERE model_id = 'glm-4.5' AND other = '2025-07-25'"
        "  AND other_source = 'weirdml-2026-08-17'"
        "  AND source_id IN ('bullshit-bench-2026-04-27', 'llm-leaderboard-2025-10', 'models-dev-2026-06-30')",
        "UPDATE models SET openness_grade = 'audited' WHERE model_id = 'MiniMax-M3'",
        "UPDATE models SET date_source = 'release_dates' WHERE model_id = 'kimi-k2-thinking'",
        "UPDATE models SET release_date = NULL WHERE model_id = 'kimi-k3'",
    )
    doubt = of(report, "glm-4.5", "released 2025-08-03 by Epoch AI, 4 publishers against it")
    assert (
        "2025-07-25 by H. T. Ihle; 2025-07-28 by Vendors, collected, models.dev and petergpt on GitHub" in doubt.reason
    )
    assert doubt.command == OVERRIDE.format("glm-4.5")
    assert doubt in report.doubts[:15]
    commands = {entry.command for entry in report.doubts}
    assert OVERRIDE.format("kimi-k2-thinking") not in commands
    assert CLASSIFY.format("MiniMax-M3") not in commands
    doubt = of(report, "kimi-k3", "its release date is not known")
    assert largest_move(report.today, doubt.headlines) > 0
    assert doubt.command == OVERRIDE.format("kimi-k3")


def test_gpt_5_and_its_chat_model_are_no_doubt_and_what_is_decided_with_evidence_is_no_dispute(as_is: Audit) -> None:
    assert not [doubt for doubt in as_is.doubts if "gpt-5-chat" in doubt.models]
    disputed = {doubt.models[0] for doubt in as_is.doubts if doubt.against}
    assert {"glm-5", "gemini-3.1-pro-preview"} <= disputed
    assert disputed.isdisjoint({"glm-4.5", "GLM-4.5-Air", "Inkling-Small", "kimi-k3"})


def test_of_a_model_that_decides_and_is_unknown_the_audit_says_what_its_being_open_would_do(
    audited: Callable[..., Audit], as_is: Audit
) -> None:
    """Law: where what decides is taken for unknown, its doubt holds the figures of before."""
    report = audited("UPDATE models SET openness = 'unknown', openness_grade = 'none' WHERE model_id = 'kimi-k3'")
    doubt = of(report, "kimi-k3", "open or closed is not known")
    assert report.today != as_is.today
    assert doubt.headlines == as_is.today
    assert "open it is first on" in doubt.reason
    assert doubt.command == CLASSIFY.format("kimi-k3")


def test_models_that_an_index_names_and_no_board_here_has_are_listed_as_awaited(store: Store) -> None:
    table = awaited_table(store)
    assert table.title == "Awaited: 6 models named by an index, without a score here yet"
    assert table.rows[0] == ("Gemini 4 Argon", "Google DeepMind", "2026-09-30", "closed", "Epoch AI")
    assert ("DeepSeek V4.1 Flash", "DeepSeek", "2026-09-09", "open", "Epoch AI") in table.rows
