"""Folders for the store's tests."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.store.store import open_store
from tests.core.store.world import SHIPPED, write_world


@pytest.fixture(scope="session")
def shipped_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped tables, as they were when the tests began: somebody may be compiling new ones."""
    folder = tmp_path_factory.mktemp("shipped") / "data"
    return Path(shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("curated", ".build-*")))


@pytest.fixture(scope="session")
def shipped(shipped_data: Path) -> Path:
    """A store of the shipped tables; not to be changed."""
    path = shipped_data.parent / "evidence.db"
    open_store(path, shipped_data).close()
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The small world's tables."""
    return write_world(tmp_path / "data")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a store may be made; its folder is not there yet."""
    return tmp_path / "home" / "evidence.db"


@pytest.fixture
def file(path: Path, data: Path) -> Path:
    """A store of the small world."""
    open_store(path, data).close()
    return path


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that every user may enter, with a user's store folder and the small world in it."""
    folder = Path(tempfile.mkdtemp(prefix="gapbrief-test-"))
    folder.chmod(0o755)
    write_world(folder / "data")
    (folder / "home").mkdir(mode=0o755)
    yield folder
    for path in folder.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(folder)
