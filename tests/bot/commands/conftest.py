"""The commands of the newsroom, with a state of their own, and those that ask a language model."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.state.database import State, open_state
from tests.bot.conftest import Run
from tests.fakes.openai import Asked, FakeOpenAI, Reply, always, reads

Newsroom = Callable[..., str]


@pytest.fixture
def newsroom(run: Run, state_file: Path) -> Newsroom:
    """The command `gapbrief newsroom`, with a state of its own: newsroom("list") is what it prints, or its error."""

    def call(*words: str, fails: bool = False) -> str:
        shown = run("newsroom", *words)
        assert shown.exit_code == (2 if fails else 0), shown.output
        assert not fails or shown.output.count("\n") == 1
        return shown.output

    return call


@pytest.fixture
def model() -> Iterator[FakeOpenAI]:
    """A model that reads all as the gap, on private tests where nobody may "peek"."""

    def step(asked: Asked) -> Reply:
        return reads(("gap", {"access": "private"} if "peek" in asked.text else {}))

    with FakeOpenAI(always(step)) as running:
        yield running


@pytest.fixture
def of_model(model: FakeOpenAI) -> dict[str, str]:
    """The settings of that model, as variables."""
    return {"GAPBRIEF_LLM_MODEL": "fake", "GAPBRIEF_LLM_BASE_URL": model.url}


@pytest.fixture
def state(state_file: Path) -> Iterator[State]:
    """The state that the commands work on."""
    with closing(open_state(f"sqlite:///{state_file}")) as opened:
        yield opened
