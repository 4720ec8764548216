"""The table of boards in data/README.md matches the shipped tables."""

from core.store.store import Store
from docs.make.boards import PART, block, known


def test_the_table_of_boards_is_that_of_the_data(store: Store) -> None:
    assert PART.read() == block(known(store))
