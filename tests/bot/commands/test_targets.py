"""Targets beside Discord from the command line: a webhook with its secret, and what is no address."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result


@pytest.fixture
def newsroom(run: Callable[..., Result], tmp_path: Path) -> Callable[..., str]:
    """The command `gapbrief newsroom`, with a state of its own."""

    def call(*words: str, fails: bool = False) -> str:
        shown = run("newsroom", *words, GAPBRIEF_STATE_URL=f"sqlite:///{tmp_path / 'state.db'}")
        assert shown.exit_code == (2 if fails else 0), shown.output
        return shown.output

    return call


def test_a_webhook_and_its_secret(newsroom: Callable[..., str]) -> None:
    shown = newsroom("target", "add", "https://example.org/hook")
    assert shown.startswith("Target 1 is added.\n")
    assert "whsec_" in shown
    listed = newsroom("list")
    assert "Target 1: webhook https://example.org" in listed
    assert "whsec_" not in listed
    assert newsroom("target", "remove", "1") == "Target 1 is removed.\n"
    assert "no target 1" in newsroom("target", "remove", "1", fails=True)


def test_an_address_with_a_password_is_refused(newsroom: Callable[..., str]) -> None:
    assert newsroom("target", "add", "https://a:b@c.org", fails=True).count("\n") == 1
