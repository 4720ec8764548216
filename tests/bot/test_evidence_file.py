"""The evidence file of the settings: made, and made anew where it is damaged, with what answers read."""

from pathlib import Path

import pytest

from bot.evidence_file import mend_evidence, open_evidence
from bot.settings import Settings
from core.questions import GapQuestion, ask
from core.store.store import Store
from tests.conftest import ROOT
from tests.core.questions.test_prepared import TODAY


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "evidence.db", ROOT / "data", "sqlite://")


def is_finished(store: Store) -> bool:
    return bool(store.rows("SELECT 1 FROM results WHERE key LIKE '%figures%'"))


def test_a_file_that_is_made_is_finished_and_one_that_is_there_is_opened(settings: Settings) -> None:
    with open_evidence(settings) as store:
        assert is_finished(store)
        ask(GapQuestion(benchmark="weirdml"), store, TODAY)
    with open_evidence(settings) as store:
        assert store.rows("SELECT count(*) FROM results") == [(2,)]


def test_a_damaged_file_is_made_anew_and_finished_too(settings: Settings) -> None:
    open_evidence(settings).close()
    assert not mend_evidence(settings)
    settings.db.write_bytes(settings.db.read_bytes()[:5000])
    assert mend_evidence(settings)
    with open_evidence(settings) as store:
        assert is_finished(store)
