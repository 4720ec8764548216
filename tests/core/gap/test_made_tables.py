"""The tables of docs/method.md hold what `docs/make`, or a test itself, computes from the shipped data."""

from datetime import date

import pytest

from core.evidence.evidence import Evidence
from core.gap.crossings import by_class
from core.gap.figures import Headline
from core.gap.index_figure import measure_index
from core.gap.parameters import METHODS
from core.questions.shared_facts import figure_text
from core.store.store import Store
from core.words import CLASSES
from docs.make import mends, sensitivity, sensitivity_now, succession
from docs.make.pages import METHOD, shipped
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


# ---- six days by two methods


def test_the_document_holds_the_gap_on_six_days_by_the_old_rules_and_the_new(evidence: Evidence) -> None:
    section = METHOD.read_text(encoding="utf-8").partition("### Six days by the old rules and the new\n\n")[2]
    heads, _, *rows = (row.strip("| ").split(" | ") for row in section.partition("\n\n")[0].splitlines())
    columns = [(access, rules) for access in CLASSES for rules in ("index-1", "index-2")]
    assert heads == ["as of", *(f"{access}, `{rules}`" for access, rules in columns)]
    assert len(rows) == 6
    boards = by_class(evidence, headline_boards(evidence))
    for day, *cells in rows:
        as_of = date.fromisoformat(day).toordinal()
        scopes = [(boards[access], as_of, METHODS[rules]) for access, rules in columns]
        assert cells == [cell(measure_index(evidence, *scope).figure) for scope in scopes], day


def cell(figure: Headline) -> str:
    digits = 0 if figure.is_about else 1
    size = figure_text(figure.months or 0.0, is_about=figure.is_about).removesuffix(" months")
    return f"{size} ({figure.low:.{digits}f}–{figure.high:.{digits}f})"
