"""What a server sets: the channels that it allows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.state import guilds
from bot.state.database import State, open_state
from bot.state.notes import keep_note, note
from tests.bot.kept import allow_channels


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[State]:
    found = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    yield found
    found.close()


def test_a_server_that_set_nothing_allows_all(opened: State) -> None:
    assert guilds.allowed_channels(opened, 1) == frozenset()


def test_channels_are_set_anew_each_time(opened: State) -> None:
    allow_channels(opened, 1, [10, 11, 11])
    allow_channels(opened, 2, [20])
    assert guilds.allowed_channels(opened, 1) == {10, 11}
    allow_channels(opened, 1, [12])
    assert guilds.allowed_channels(opened, 1) == {12}
    allow_channels(opened, 1, [])
    assert guilds.allowed_channels(opened, 1) == frozenset()
    assert guilds.allowed_channels(opened, 2) == {20}


def test_ids_are_as_large_as_discords(opened: State) -> None:
    allow_channels(opened, 2**63 - 1, [2**63 - 1])
    assert guilds.allowed_channels(opened, 2**63 - 1) == {2**63 - 1}


def test_a_server_that_removes_us_is_forgotten(opened: State) -> None:
    allow_channels(opened, 1, [10])
    allow_channels(opened, 2, [20])
    guilds.forget(opened, 1)
    guilds.forget(opened, 404)
    assert guilds.allowed_channels(opened, 1) == frozenset()
    assert guilds.allowed_channels(opened, 2) == {20}


def test_notes_are_kept_by_name_the_newest_alone(opened: State) -> None:
    assert note(opened, "a") is None
    keep_note(opened, "a", "1")
    keep_note(opened, "a", "2")
    keep_note(opened, "b", "é" * 5000)
    assert note(opened, "a") == "2"
    assert note(opened, "b") == "é" * 5000
