"""Where the tests of the state keep one."""

from pathlib import Path

import pytest


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


@pytest.fixture
def address(file: Path) -> str:
    return f"sqlite:///{file}"
