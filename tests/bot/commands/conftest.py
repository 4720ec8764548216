"""The newsroom's commands, with a state of their own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from bot.state.state import State, open_state

Run = Callable[..., Result]


@pytest.fixture
def newsroom(run: Run, tmp_path: Path) -> Callable[..., str]:
    """The command `gapbrief newsroom`, with a state of its own: newsroom("list") is what it prints, or its error."""

    def call(*words: str, fails: bool = False) -> str:
        shown = run("newsroom", *words, GAPBRIEF_STATE_URL=f"sqlite:///{tmp_path / 'state.db'}")
        assert shown.exit_code == (2 if fails else 0), shown.output
        assert not fails or shown.output.count("\n") == 1
        return shown.output

    return call


def state(tmp_path: Path) -> State:
    return open_state(f"sqlite:///{tmp_path / 'state.db'}")
