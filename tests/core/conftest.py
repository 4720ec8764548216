"""The shipped data as evidence, read once."""

from pathlib import Path

import pytest

from core.evidence.evidence import Evidence, load
from core.store.store import open_store
from tests.conftest import ROOT


def read_evidence(evidence_file: Path) -> Evidence:
    """Read all that is known in the shipped data."""
    with open_store(evidence_file, ROOT / "data") as store:
        records = load(store)
        return records.known_by(records.last_known)


@pytest.fixture(scope="session")
def evidence(evidence_file: Path) -> Evidence:
    """All that is known in the shipped data."""
    return read_evidence(evidence_file)
