"""The generated tables of docs/method.md hold what `docs/make` computes from the shipped data."""

import pytest

from core.evidence.evidence import Evidence
from core.store.store import Store
from docs.make import mends, sensitivity, sensitivity_now, succession
from docs.make.pages import shipped
from tests.core.gap.whole import headline_boards


@pytest.mark.slow
@pytest.mark.parametrize("table", [mends, sensitivity, sensitivity_now], ids=lambda table: table.PART.name)
def test_the_document_holds_these_very_figures(table: object) -> None:
    assert table.PART.read().splitlines() == table.block().splitlines()  # type: ignore[attr-defined]


# ---- sensitivity


@pytest.mark.slow
def test_each_change_of_the_evidence_changes_it() -> None:
    """A change that did nothing, after a source was renamed, say, would look like a robust result."""
    with shipped() as store:
        before = fingerprint(sensitivity.evidence_of(store, sensitivity.NOTHING))
        for change in sensitivity.CHANGES:
            if change.edit or change.evidence or change.known_by != sensitivity.DAY:
                assert fingerprint(sensitivity.evidence_of(store, change)) != before, change.name


def fingerprint(evidence: Evidence) -> tuple[object, ...]:
    models = tuple(evidence.models[model].model_id for model in evidence.model.tolist())
    rows = (evidence.board, evidence.day, evidence.is_open, evidence.score)
    return evidence.boards, models, *(column.tobytes() for column in rows)


# ---- mends


@pytest.mark.slow
def test_every_mend_can_be_undone() -> None:
    """An edit that touches no row would show a mend without effect that may have one."""
    with shipped() as store:
        for mend in mends.MENDS:
            before = store.connection.total_changes
            mend.undo(store)
            assert store.connection.total_changes > before, mend.name
            store.connection.rollback()


# ---- new versions of tests


@pytest.fixture
def evidence(store: Store) -> Evidence:
    return succession.as_known_now(store)


def test_the_document_holds_the_figures_of_new_versions(evidence: Evidence) -> None:
    assert succession.PART.read() == succession.block(evidence).strip()


def test_days_before_a_new_version_was_known_stay_as_they_were(evidence: Evidence) -> None:
    boards, day = headline_boards(evidence), succession.DAYS[0]
    alone, joined, without_rule = (
        succession.private(*way(evidence, boards), day)
        for way in (succession.alone, succession.joined, succession.without_rule)
    )
    assert alone == joined
    assert without_rule != joined
