"""The shipped data as evidence, read once."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import core
from core.evidence.evidence import Evidence, load
from core.store.store import open_store


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Callable[[date], Evidence]:
    """Return the evidence of the tables in data/, as known on a day."""
    path = tmp_path_factory.mktemp("evidence") / "evidence.db"

    @cache
    def known(by: date) -> Evidence:
        with open_store(path, Path(core.__file__).parents[1] / "data") as store:
            return load(store).known_by(by)

    return known
