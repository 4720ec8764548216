"""The names of the shipped data."""

from pathlib import Path

import pytest

from core.store.store import open_store
from core.text.names import Names, all_names
from tests.conftest import ROOT


@pytest.fixture(scope="session")
def names(evidence_file: Path) -> Names:
    with open_store(evidence_file, ROOT / "data") as store:
        return all_names(store)
