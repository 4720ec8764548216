"""The shipped data as evidence, read once."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from core.evidence.evidence import Evidence, IntArray, load
from core.gap.crossings import by_class
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


@pytest.fixture(scope="session")
def headline(evidence: Evidence) -> IntArray:
    """The boards that the headline rests on."""
    return headline_boards(evidence)


@pytest.fixture(scope="session")
def private(evidence: Evidence, headline: IntArray) -> IntArray:
    """The private ones of the headline boards."""
    return by_class(evidence, headline)["private"]


@pytest.fixture(scope="session")
def public(evidence: Evidence, headline: IntArray) -> IntArray:
    """The public ones of the headline boards."""
    return by_class(evidence, headline)["public"]


@pytest.fixture(scope="module", params=["private", "public"])
def boards(request: pytest.FixtureRequest) -> IntArray:
    """The headline boards of each class."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def newest(evidence: Evidence) -> int:
    """The day of the newest data."""
    return evidence.newest_data.toordinal()
