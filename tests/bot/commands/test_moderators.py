"""The audit trail and a server's settings from the command line."""

from collections.abc import Callable

import pytest

from bot.newsroom import workflow
from bot.newsroom.workflow import Actor
from bot.state import guilds
from bot.state.database import State
from tests.bot.newsroom.newsroom import NOW, made

SERVER = 5


@pytest.fixture(autouse=True)
def _posted(state: State) -> None:
    """A member of a server posted a brief, and the operator made one."""
    member = Actor(77, SERVER)
    brief = workflow.make(state, made(), member, NOW)
    workflow.post(state, brief.id, 123, member, NOW)
    workflow.make(state, made("Another"), workflow.OPERATOR, NOW)


def rows(shown: str) -> list[list[str]]:
    return [line.split()[2:] for line in shown.splitlines()[2:]]


def test_the_trail_says_who_did_what_the_newest_first(newsroom: Callable[..., str]) -> None:
    found = rows(newsroom("audit"))
    assert [" ".join(row[:5]) for row in found] == [
        "the operator – made 2", f"member 77 {SERVER} posted 1", f"member 77 {SERVER} made 1",
    ]  # fmt: skip


def test_the_trail_of_a_server_and_of_a_brief(newsroom: Callable[..., str]) -> None:
    assert len(rows(newsroom("audit", "--server", str(SERVER)))) == 2
    assert len(rows(newsroom("audit", "--brief", "2"))) == 1
    assert len(rows(newsroom("audit", "--limit", "1"))) == 1
    assert newsroom("audit", "--brief", "99") == "Nothing has been done there.\n"
    for limit in ("0", "-1", "1001", "many"):
        assert newsroom("audit", "--limit", limit, fails=True) == f'--limit "{limit}" can\'t be; give 1 to 1000.\n'


def test_settings_are_shown_changed_and_noted(newsroom: Callable[..., str], state: State) -> None:
    assert "every channel" in newsroom("settings", "--server", "5")
    shown = newsroom(
        "settings", "--server", "5", "--role", "8", "--review-channel", "9", "--milestones", "2",
        "--milestones-channel", "10", "--answer-in", "11", "--answer-in", "12",
    )  # fmt: skip
    assert shown.splitlines() == [
        "Answers in    11, 12",
        "Moderators    members with Manage Messages, and role 8",
        "Drafts go to  channel 9",
        "Milestones    at most 2 a day, to channel 10",
    ]
    newsroom("settings", "--server", "5", "--role", "none", "--answer-in", "none", "--milestones", "0")
    assert guilds.newsroom(state, SERVER) == guilds.Newsroom(None, 9, 0, 10)
    assert guilds.allowed_channels(state, SERVER) == frozenset()
    assert "role: none; milestones: none; answers in: every channel" in newsroom("audit", "--limit", "1")


def test_the_channel_for_drafts_stays_while_a_schedule_needs_it(newsroom: Callable[..., str]) -> None:
    newsroom("settings", "--server", "5", "--review-channel", "9")
    newsroom("schedule", "daily", "--channel", "123", "--ask-first", "--server", "5")
    assert newsroom("settings", "--server", "5", "--review-channel", "none", fails=True) == (
        "Schedule 1 sends its drafts to the moderators' channel; choose another channel, or remove the schedule first."
        "\n"
    )
    assert "Drafts go to  channel 9" in newsroom("settings", "--server", "5", "--review-channel", "9")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--role", "5"), "the role that everybody has"),
        (("--milestones", "99"), '--milestones "99" can\'t be; give 0 to 10.'),
        (("--milestones", "two"), '--milestones "two" can\'t be; give 0 to 10.'),
        (("--answer-in", "none", "--answer-in", "3"), "channels or none, not both"),
        (("--role", "Mods"), "not a Discord id"),
    ],
)
def test_settings_that_can_not_be_are_refused(newsroom: Callable[..., str], words: tuple[str, ...], why: str) -> None:
    assert why in newsroom("settings", "--server", "5", *words, fails=True)


def test_settings_are_a_servers(newsroom: Callable[..., str]) -> None:
    assert newsroom("settings", fails=True).startswith("Settings belong to a server")


def test_the_operator_makes_a_servers_briefs_public_and_no_more(newsroom: Callable[..., str]) -> None:
    assert newsroom("publish", "5") == "The briefs of server 5 are public.\n"
    assert newsroom("publish", "5") == "The briefs of server 5 are public already.\n"
    assert newsroom("publish", "5", "--undo") == "The briefs of server 5 are no longer public.\n"
    assert newsroom("publish", "5", "--undo") == "The briefs of server 5 are not public.\n"
    trail = newsroom("audit", "--limit", "2")
    assert "briefs of server 5 are public" in trail
    assert "briefs of server 5 are no longer public" in trail
