"""The names of the shipped data."""

from pathlib import Path

import pytest

from core.evidence.name_index import NameIndex, name_index
from core.store.store import open_store
from tests.conftest import ROOT


@pytest.fixture(scope="session")
def names(evidence_file: Path) -> NameIndex:
    with open_store(evidence_file, ROOT / "data") as store:
        return name_index(store)
