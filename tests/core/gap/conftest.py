"""The shipped data as evidence, read once."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from core.evidence.evidence import Evidence, load
from core.store.store import open_store
from tests.conftest import ROOT


@pytest.fixture(scope="session")
def shipped(evidence_file: Path) -> Callable[[date], Evidence]:
    """Return the evidence of the tables in data/, as known on a day."""

    @cache
    def known(by: date) -> Evidence:
        with open_store(evidence_file, ROOT / "data") as store:
            return load(store).known_by(by)

    return known


@pytest.fixture(scope="session")
def known(shipped: Callable[[date], Evidence]) -> Evidence:
    """The tables in data/ as they are known in the end."""
    return shipped(date(2026, 9, 30))
