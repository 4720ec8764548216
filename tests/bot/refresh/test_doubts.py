"""The suspects as tables: each says how far it could move a figure, the largest first."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.refresh.doubts import SHOWN, doubts
from core.evidence import evidence as module
from core.evidence.evidence import read_records
from core.questions.trust import TrustQuestion
from core.store.store import Store, open_store

ROOT = Path(__file__).parents[3]


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
    [table] = [table for table in doubts(planted) if table.title.startswith("Disputed")]
    [row] = [row for row in table.rows if row[0] == "kimi-k3"]
    assert row[1].startswith("open by ")
    assert row[1].endswith("otherwise by a,b,c,d,e,f,g,h")
    assert max(float(cell.lstrip("+−")) for cell in row[2:] if cell != "–") > 0.1
    assert table.rows[0] == row


def test_each_kind_is_short_and_the_largest_move_is_first(store: Store):
    for table in doubts(store):
        moves = [max(float(cell[1:]) if cell != "–" else 0.0 for cell in row[2:]) for row in table.rows]
        assert moves == sorted(moves, reverse=True)
        assert 1 <= len(table.rows) <= SHOWN


def test_trust_names_disputed_models_and_what_the_other_class_would_do(planted: Store):
    """Named are those with a score on the tests that were asked for."""
    found = read_records(planted)
    evidence = found.known_by(found.last_known)
    told = {line.label: line.text for line in TrustQuestion().answer(evidence).lines}
    assert "Kimi K3 (open here)" in told["Disputed"]
    assert re.search(
        r"the gap would be [\d.]+ months on private tests and [\d.]+ months on public tests", told["Disputed"]
    )
    alone = {line.label: line.text for line in TrustQuestion("gpqa-diamond 1").answer(evidence).lines}
    assert "Kimi K3" in alone["Disputed"]


def test_where_nothing_is_disputed_trust_says_nothing_of_it(planted: Store):
    planted.connection.execute("DELETE FROM classifications")
    found = read_records(planted)
    lines = TrustQuestion().answer(found.known_by(found.last_known)).lines
    assert "Disputed" not in {line.label for line in lines}
