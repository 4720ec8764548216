"""The shipped data as evidence, read once."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from core.evidence.evidence import Evidence, IntArray, load
from core.store.store import open_store
from tests.conftest import ROOT
from tests.core.gap.whole import headline_boards


@pytest.fixture(scope="session")
def shipped(evidence_file: Path) -> Callable[[date], Evidence]:
    """Return the evidence of the tables in data/, as known on a day."""

    @cache
    def evidence_by(by: date) -> Evidence:
        with open_store(evidence_file, ROOT / "data") as store:
            return load(store).known_by(by)

    return evidence_by


@pytest.fixture(scope="module", params=["private", "public"])
def boards(evidence: Evidence, request: pytest.FixtureRequest) -> IntArray:
    """The headline boards of each class."""
    return np.array([n for n in headline_boards(evidence).tolist() if evidence.boards[n].access == request.param])


@pytest.fixture(scope="session")
def newest(evidence: Evidence) -> int:
    """The day of the newest data."""
    return evidence.newest_data.toordinal()
