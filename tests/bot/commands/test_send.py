"""`gapbrief brief send`: one brief to one address, and what went wrong without its secrets."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.bot.conftest import Run
from tests.bot.newsroom.test_notify import ROOM, FakeApprise


@pytest.fixture(autouse=True)
def apprise(monkeypatch: pytest.MonkeyPatch) -> type[FakeApprise]:
    monkeypatch.setitem(sys.modules, "apprise", SimpleNamespace(Apprise=FakeApprise, AppriseAsset=SimpleNamespace))
    monkeypatch.setattr(FakeApprise, "sent", [])
    monkeypatch.setattr("bot.newsroom.targets.notify.in_own_process", lambda work, *what, seconds: work(*what))
    return FakeApprise


def test_a_brief_is_sent_from_the_command_line(run: Run, apprise: type[FakeApprise]) -> None:
    shown = run("brief", "send", "--to", ROOM, "--as-of", "2026-05-22")
    assert shown.exit_code == 0
    assert shown.output.startswith("Sent: GPT-5.5 takes two records that no open model has matched")
    assert len(apprise.sent) == 1


@pytest.mark.parametrize(
    ("of", "page"),
    [(["--as-of", "2026-05-22"], "https://gap.example.org/briefs/2026-05-22"), ([], "https://gap.example.org/")],
)
def test_it_comes_with_its_chart_page_sources_and_citation(
    run: Run, apprise: type[FakeApprise], of: list[str], page: str
) -> None:
    """After the last day on which data came in there is no page of the day: the front page has the newest brief."""
    run("brief", "send", "--to", ROOM, *of, GAPBRIEF_PUBLIC_URL="https://gap.example.org")
    body = apprise.sent[0]["body"]
    assert "](<https://gap.example.org/charts/gap.png?" in body
    assert f"Evidence: [this brief's page](<{page}>)" in body
    assert "\n## Sources\n" in body
    assert "\nCite as: gapbrief " in body


CHAT = ROOM.removesuffix("?form=long")


def test_a_preview_shows_the_short_form_that_a_chat_is_sent_then_and_sends_nothing(
    run: Run, apprise: type[FakeApprise]
) -> None:
    words = ("brief", "send", "--to", CHAT, "--as-of", "2026-05-22")
    shown = run(*words, "--preview", GAPBRIEF_PUBLIC_URL="https://gap.example.org")
    assert not apprise.sent
    head, title, figure, link, letters = shown.output.rstrip("\n").split("\n\n")
    assert (head, link) == ("The short form is sent there:", "https://gap.example.org/briefs/2026-05-22")
    assert re.search(r"private tests \(likely \d.* to \d.*\)\. Data to 2\d May 2026\.$", figure)
    assert letters == f"({len(figure) + 2 + len(link)} of 65000 letters)"
    run(*words, GAPBRIEF_PUBLIC_URL="https://gap.example.org")
    assert apprise.sent == [{"title": title, "body": f"{figure}\n\n{link}", "body_format": "text"}]


def test_a_preview_of_the_long_form_says_where_it_is_shown(run: Run, apprise: type[FakeApprise]) -> None:
    shown = run("brief", "send", "--to", ROOM, "--preview").output
    assert shown == "The whole brief is sent there.\n"
    assert not apprise.sent


def test_a_test_of_a_target_shows_how_a_brief_is_sent_there(
    run: Run, newsroom: Callable[..., str], apprise: type[FakeApprise]
) -> None:
    newsroom("target", "add", CHAT, "--name", "room")
    shown = newsroom("target", "test", "room")
    preview = run("brief", "send", "--to", CHAT, "--preview").output
    assert shown.startswith("Target room works: the service took a message called “Test from gapbrief”;")
    assert shown.endswith(f"\n\n{preview}")
    assert [each["title"] for each in apprise.sent] == ["Test from gapbrief"]


def test_a_webhook_is_no_address_to_send_one_brief_to(run: Run, apprise: type[FakeApprise]) -> None:
    shown = run("brief", "send", "--to", "http://hooks.example.org/secret")
    assert shown.exit_code == 2
    assert "`gapbrief newsroom target add ADDRESS`" in shown.output
    assert "secret" not in shown.output
    assert not apprise.sent


def test_a_target_is_sent_to_by_its_name_unless_it_is_a_webhook(
    run: Run, newsroom: Callable[..., str], apprise: type[FakeApprise], tmp_path: Path
) -> None:
    newsroom("target", "add", ROOM, "--name", "mail")
    newsroom("target", "add", "https://example.org/hook", "--name", "hook")
    state = f"sqlite:///{tmp_path / 'state.db'}"
    assert run("brief", "send", "--to", "mail", GAPBRIEF_STATE_URL=state).output.startswith("Sent: ")
    assert len(apprise.sent) == 1
    for name, said in (
        ("me@example.org", "not a full address"),
        ("hook", "`gapbrief newsroom target test hook` tries it"),
        ("team", "There is no target"),
    ):
        shown = run("brief", "send", "--to", name, GAPBRIEF_STATE_URL=state)
        assert shown.exit_code == 2
        assert said in shown.output


def test_without_a_public_address_nothing_leads_to_this_machine(run: Run, apprise: type[FakeApprise]) -> None:
    run("brief", "send", "--to", ROOM)
    assert "Evidence" not in apprise.sent[0]["body"]
    assert "charts/" not in apprise.sent[0]["body"]


def test_what_went_wrong_names_no_secret(run: Run, apprise: type[FakeApprise], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apprise, "taken", False)
    for words in (["--to", ROOM], ["--to", "nonsense://user:password@x"], []):
        shown = run("brief", "send", *words)
        assert shown.exit_code in (1, 2)
        assert shown.output.count("\n") == 1
        assert "password@x" not in shown.output
        assert "password@example.org" not in shown.output or not words
