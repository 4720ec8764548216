"""`gapbrief brief send`: one brief to one address, and what went wrong without its secrets."""

import sys
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from click.testing import Result

from tests.bot.publish.test_notify import MAIL, FakeApprise

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def apprise(monkeypatch: pytest.MonkeyPatch) -> type[FakeApprise]:
    monkeypatch.setitem(sys.modules, "apprise", SimpleNamespace(Apprise=FakeApprise))
    monkeypatch.setattr(FakeApprise, "sent", [])
    return FakeApprise


def test_a_brief_is_sent_from_the_command_line(run: Run, apprise: type[FakeApprise]) -> None:
    shown = run("brief", "send", "--to", MAIL, "--as-of", "2026-05-22")
    assert shown.exit_code == 0
    assert shown.output.startswith("Sent: Open models ")
    assert len(apprise.sent) == 1


def test_what_went_wrong_names_no_secret(run: Run, apprise: type[FakeApprise], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apprise, "taken", False)
    for words in (["--to", MAIL], ["--to", "nonsense://user:password@x"], []):
        shown = run("brief", "send", *words)
        assert shown.exit_code in (1, 2)
        assert shown.output.count("\n") == 1
        assert "password@x" not in shown.output
        assert "password@example.org" not in shown.output or not words
