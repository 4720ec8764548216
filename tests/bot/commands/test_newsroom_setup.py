"""Targets beside Discord from the command line: a webhook with its secret, and what is no address."""

import asyncio
import base64
import re
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import ClassVar

import pytest
from aiohttp import web

from bot.newsroom import workflow
from bot.newsroom.targets import (
    ADDRESSES,
    AddressTarget,
    CheckedAddress,
    Delivered,
    DeliveryOrder,
    name_target,
)
from bot.newsroom.workflow import Actor
from bot.state import guilds, outbox, target_rows
from bot.state.database import State
from bot.state.target_rows import TargetRow
from tests.bot.commands.conftest import Newsroom
from tests.bot.conftest import Run
from tests.bot.kept import send_due
from tests.bot.newsroom.editors import GHOST_KEY, GHOST_SECRET, FakeGhost, editing
from tests.bot.newsroom.listener import listening
from tests.bot.newsroom.newsroom import NOW, made
from tests.conftest import ROOT

KEPT = {"GAPBRIEF_SECRET_KEY": base64.b64encode(b"k" * 32).decode()}


def test_a_webhook_and_its_secret(newsroom: Newsroom) -> None:
    shown = newsroom("target", "add", "https://example.org/hook", "--name", "Team-Hook")
    assert shown.startswith("Target team-hook is added; `gapbrief newsroom target test team-hook` tries it.\n")
    assert "whsec_" in shown
    listed = newsroom("list")
    assert listed.splitlines()[-3:] == [
        "Targets beside Discord",
        "Name       Server         Address",
        "team-hook  whole service  webhook https://example.org/…",
    ]
    assert "whsec_" not in listed
    assert newsroom("target", "remove", "Team-Hook") == "Target team-hook is removed.\n"
    for gone in ("team-hook", "1"):
        assert f'no target "{gone}"' in newsroom("target", "remove", gone, fails=True)


def test_two_targets_with_the_same_letters_are_told_apart_by_their_names(newsroom: Newsroom, state: State) -> None:
    for path in ("hook-a/key", "hook-b/key"):
        newsroom("target", "add", f"https://example.org/{path}")
    with state.begin() as connection:
        for address in ("slack://s3cret/s3cret", "mailtos://ann:s3cret@smtp.example.net?to=bo@example.com"):
            target_rows.add(connection, kind="apprise", address=address, secret=None, at=NOW)
    assert [line.split()[0] for line in newsroom("list").splitlines()[-4:]] == [
        "webhook-example.org-1", "webhook-example.org-2", "slack-1", "mailtos-example.com-1"
    ]  # fmt: skip
    assert newsroom("target", "remove", "2") == "Target webhook-example.org-2 is removed.\n"
    assert "https://example.org/" in newsroom("list")
    assert newsroom("target", "add", "https://example.org/third").startswith("Target webhook-example.org-2 is added")


@pytest.mark.parametrize("name", ["12", "two words", "", "-x", "a" * 41, "a/b", "#3", "`x`"])
def test_what_is_no_name_is_said(newsroom: Newsroom, name: str) -> None:
    assert "can't be a target's name" in newsroom("target", "add", "https://a.org", "--name", name, fails=True)


def test_an_address_that_is_given_as_a_name_is_not_repeated(newsroom: Newsroom) -> None:
    sentence = newsroom("target", "add", "https://a.org", "--name", "https://b.org/T0K3N", fails=True)
    assert sentence.startswith("That can't be a target's name; give letters, digits, dots and hyphens, 40 at most")
    assert "b.org" not in sentence


def test_no_two_targets_have_one_name_and_no_address_a_password(newsroom: Newsroom) -> None:
    newsroom("target", "add", "https://a.org", "--name", "hook", "--server", "5")
    assert newsroom("target", "add", "https://b.org", "--name", "HOOK", fails=True) == (
        'Target 1 is called "hook" already; give this one another name.\n'
    )
    assert newsroom("target", "add", "https://a:b@c.org", fails=True).count("\n") == 1


def test_who_added_and_removed_a_target_is_noted_without_its_secrets(newsroom: Newsroom) -> None:
    newsroom("target", "add", "https://example.org/hook/s3cret", "--server", "5")
    newsroom("target", "add", "https://example.com?token=s3cret")
    newsroom("target", "remove", "1")
    trail = newsroom("audit")
    assert [" ".join(line.split()[2:]) for line in trail.splitlines()[2:]] == [
        "the operator 5 removed – target webhook-example.org-1: webhook https://example.org/…",
        "the operator – added – target webhook-example.com-1: webhook https://example.com",
        "the operator 5 added – target webhook-example.org-1: webhook https://example.org/…",
    ]
    assert "s3cret" not in trail


def test_the_targets_of_a_server_alone(newsroom: Newsroom) -> None:
    newsroom("target", "add", "https://a.example.org", "--server", "5")
    newsroom("target", "add", "https://b.example.org")
    shown = newsroom("list", "--server", "5")
    assert "https://a.example.org" in shown
    assert "https://b.example.org" not in shown
    assert "https://b.example.org" in newsroom("list")


def test_an_address_is_kept_once_in_a_server(newsroom: Newsroom) -> None:
    newsroom("target", "add", "https://example.org/hook")
    newsroom("target", "add", "https://example.org/hook", "--server", "5")
    newsroom("target", "add", "https://example.org/other")
    assert newsroom("target", "add", " https://example.org/hook", fails=True) == (
        "Target webhook-example.org-1 has this address already; remove it first to add it again.\n"
    )


async def test_a_target_is_tried_for_real(run: Run) -> None:
    target = partial(run, "newsroom", "target")
    async with listening() as hook:
        target("add", hook.url, "--name", "hook")
        tried = await asyncio.to_thread(target, "test", "hook")
        assert tried.output == "Target hook works: it took a signed event of the type test, which is no brief.\n"
        hook.answer = lambda: web.Response(status=500)
        failed = await asyncio.to_thread(target, "test", "hook")
    assert failed.exit_code == 1
    assert failed.output.endswith(" did not take the test: the webhook did not take it (status 500).\n")
    assert [event["type"] for event in hook.events] == ["test", "test"]
    gone = await asyncio.to_thread(target, "test", "hook")
    assert (gone.exit_code, "can't be reached" in gone.output) == (1, True)


async def test_a_ghost_is_added_with_its_key_and_tried_by_a_read(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gapbrief = partial(run, "newsroom", **KEPT)
    async with editing(FakeGhost()) as ghost:
        added = gapbrief("target", "add", "Ghost", f"{ghost.url}/ghost/#/posts", "--key", GHOST_KEY, "--name", "site")
        assert added.output == "Target site is added; `gapbrief newsroom target test site` tries it.\n"
        again = gapbrief("target", "add", "ghost", ghost.url, "--key", "ab:00")
        assert again.output == "Target site has this address already; remove it first to add it again.\n"
        tried = await asyncio.to_thread(gapbrief, "target", "test", "site")
        assert tried.output == (
            "Target site works: its key opens Ghost, where a read of posts was tried and nothing was made.\n"
        )
        gapbrief("target", "remove", "site")
        monkeypatch.setattr("click.prompt", lambda _, *, hide_input, err: "ab12:00" if hide_input and err else "")
        gapbrief("target", "add", "ghost", ghost.url, "--name", "site")
        failed = await asyncio.to_thread(gapbrief, "target", "test", "site")
    assert failed.exit_code == 1
    assert failed.output == (
        f"Target site (ghost {ghost.url}) did not take the test:"
        " Ghost does not take the key (status 401); add the target with a new one.\n"
    )
    assert ghost.requests == ["GET /ghost/api/admin/posts/"] * 2
    assert gapbrief("list").output.splitlines()[-1].split() == ["site", "whole", "service", "ghost", ghost.url]
    for file in tmp_path.iterdir():
        assert GHOST_SECRET.encode() not in file.read_bytes(), file


@pytest.mark.slow
async def test_the_ten_minutes_of_the_docs_lead_from_nothing_to_a_draft(
    run: Run, state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command of the steps does what they say; in place of `gapbrief run` its outbox is worked off."""
    page = (ROOT / "docs" / "newsroom.md").read_text("utf-8").split("## Drafts in editors' systems")[1]
    steps = re.findall(r"^\d\. .*?`gapbrief ([^`]+)`", page.split("\n## ")[0], re.MULTILINE)
    assert len(steps) == 6
    monkeypatch.setattr("click.prompt", lambda *_, **__: GHOST_KEY)
    shown = {}
    async with editing(FakeGhost()) as ghost:
        for step in steps:
            if step == "run":
                await send_due(state, tmp_path)
                continue
            words = step.replace("https://example.org", ghost.url).split()
            done = await asyncio.to_thread(run, *words)
            assert done.exit_code == 0, (step, done.output)
            shown[words[1]] = done.output
    assert ghost.only()["status"] == "draft"
    assert ghost.only()["title"] in shown["new"]
    assert "1 of 1" in shown["history"]


@pytest.mark.parametrize(("kind", "host"), [("buttondown", "api.buttondown.com"), ("kit", "api.kit.com")])
def test_newsletters_at_one_address_are_told_apart_by_their_keys(newsroom: Newsroom, kind: str, host: str) -> None:
    for number in (1, 2):
        added = newsroom("target", "add", kind, "--key", f"key-of-{number}")
        assert added.startswith(f"Target {kind}-{host}-{number} is added")
    sentence = newsroom("target", "add", kind, "--key", "key-of-1", fails=True)
    assert sentence.startswith(f"Target {kind}-{host}-1 has this address already")


ONLY_KINDS = "Only buttondown, ghost, kit or wordpress can stand before an address, and take a --key."


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["ghost", "--key", "ab12:00"], "Give the address of the Ghost too, such as https://example.org."),
        (["ghost", "https://a.org", "--key", "PLANTED"], "That is no key of Ghost; copy it whole from Settings →"),
        (["buttondown", "--key", "PLANTED key"], "That is no key of Buttondown; copy it whole from Settings → API."),
        (["kit", "--key", "PLANTED key"], "That is no key of Kit; copy it whole from Settings → Developer (a V4"),
        (["wordpress", "https://a.org", "--key", "PLANTED"], "That is no key of WordPress; copy it whole from Users →"),
        (["https://a.org", "--key", "PLANTED"], ONLY_KINDS),
        (["gost", "https://a.org"], ONLY_KINDS),
    ],
)
def test_what_a_system_of_editors_needs_is_said(newsroom: Newsroom, words: list[str], sentence: str) -> None:
    shown = newsroom("target", "add", *words, fails=True)
    assert shown.startswith(sentence)
    assert "PLANTED" not in shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://example.org", "https://example.org"),
        ("https://example.org/", "https://example.org"),
        ("https://example.org:8443/a?token=s3cret#s3cret", "https://example.org:8443/…"),
        ("https://example.org/services/T012345/B98765/tokentokentoken", "https://example.org/…"),
        ("mailto://ann:s3cret@gmail.com", "mailto://…@gmail.com"),
        (
            "mailtos://ann:s3cret@smtp.gmail.com?to=bo@example.org,cy@example.net",
            "mailtos://…@example.org, …@example.net",
        ),
        ("mailto://ann:s3cret@smtp.gmail.com/bo@example.org", "mailto://…@example.org"),
        ("mailto://ann:s3/cret@example.org", "mailto://…@example.org"),
        ("mailto://ann:s3?cret@example.org", "mailto://…@ann"),
        ("mailto://ann:s3[cret@example.org", "mailto://…"),
        ("slack://s3cret/s3cret/s3cret", "slack://…"),
    ],
)
def test_of_an_address_no_secret_is_shown(address: str, shown: str) -> None:
    assert str(TargetRow(1, None, "kind", address, None, "a-name")) == f"kind {shown}"


class ToyTarget(AddressTarget):
    """A kind of targets as somebody may add one: this class is all that there is of it."""

    label = "toy"
    taken: ClassVar[list[str]] = []

    @staticmethod
    def matches(address: str) -> bool:
        return address.startswith("toy://")

    @staticmethod
    def check(address: str) -> CheckedAddress:
        return CheckedAddress(address, "a-secret", "Its secret is:")

    async def deliver(self, order: DeliveryOrder, _now: datetime) -> Delivered:
        self.taken.append(f"{order.stored.brief.title} to {self.row(order.item).address}")
        return Delivered()

    async def look_up(self, _order: DeliveryOrder, _now: datetime) -> None: ...

    async def test(self, target: TargetRow, _now: datetime) -> str:
        return f"{target.address} is a toy"


async def test_a_new_kind_of_targets_is_one_class(
    newsroom: Newsroom, state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ADDRESSES, "toy", ToyTarget)
    added = newsroom("target", "add", "toy://box")
    assert added == "Target toy-1 is added; `gapbrief newsroom target test toy-1` tries it.\nIts secret is:\na-secret\n"
    assert await asyncio.to_thread(newsroom, "target", "test", "toy-1") == "Target toy-1 works: toy://box is a toy.\n"
    assert newsroom("list").splitlines()[-1].split() == ["toy-1", "whole", "service", "toy", "toy://…"]
    brief = workflow.add_draft(state, made("A title"), workflow.OPERATOR, NOW)
    workflow.post(state, brief.id, None, workflow.OPERATOR, NOW)
    await send_due(state, tmp_path, NOW)
    newsroom("target", "remove", "toy-1")
    assert ToyTarget.taken == ["A title to toy://box"]
    assert [name_target(item) for item in outbox.list_items(state, brief.id)] == ["toy 1"]


# ---- The audit trail and a server's settings from the command line.


SERVER = 5


@pytest.fixture
def _posted(state: State) -> None:
    """A member of a server posted a brief, and the operator made one."""
    member = Actor(77, SERVER)
    brief = workflow.add_draft(state, made(), member, NOW)
    workflow.post(state, brief.id, 123, member, NOW)
    workflow.add_draft(state, made("Another"), workflow.OPERATOR, NOW)


def rows(shown: str) -> list[list[str]]:
    return [line.split()[2:] for line in shown.splitlines()[2:]]


@pytest.mark.usefixtures("_posted")
def test_the_trail_says_who_did_what_the_newest_first(newsroom: Newsroom) -> None:
    trail = rows(newsroom("audit"))
    assert [" ".join(row[:5]) for row in trail] == [
        "the operator – made 2", f"member 77 {SERVER} posted 1", f"member 77 {SERVER} made 1",
    ]  # fmt: skip


@pytest.mark.usefixtures("_posted")
def test_the_trail_of_a_server_and_of_a_brief(newsroom: Newsroom) -> None:
    assert len(rows(newsroom("audit", "--server", str(SERVER)))) == 2
    assert len(rows(newsroom("audit", "--brief", "2"))) == 1
    assert len(rows(newsroom("audit", "--limit", "1"))) == 1
    assert newsroom("audit", "--brief", "99") == "Nothing has been done there.\n"
    assert newsroom("audit", "--limit", "1001", fails=True) == '--limit "1001" can\'t be; give 1 to 1000.\n'


def test_settings_are_shown_changed_and_noted(newsroom: Newsroom, state: State) -> None:
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
    assert guilds.get_newsroom(state, SERVER) == guilds.NewsroomSettings(None, 9, 0, 10)
    assert guilds.allowed_channels(state, SERVER) == frozenset()
    assert "role: none; milestones: none; answers in: every channel" in newsroom("audit", "--limit", "1")


def test_the_channel_for_drafts_stays_while_a_schedule_needs_it(newsroom: Newsroom) -> None:
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
        ((), "Settings belong to a server; name it with --server and its id."),
        (("--server", "5", "--role", "5"), "the role that everybody has"),
        (("--server", "5", "--milestones", "99"), '--milestones "99" can\'t be; give 0 to 10.'),
        (("--server", "5", "--answer-in", "none", "--answer-in", "3"), "channels or none, not both"),
        (("--server", "5", "--role", "Mods"), "not a Discord id"),
    ],
)
def test_settings_that_can_not_be_are_refused(newsroom: Newsroom, words: tuple[str, ...], why: str) -> None:
    assert why in newsroom("settings", *words, fails=True)


def test_the_operator_makes_a_servers_briefs_public_and_no_more(newsroom: Newsroom) -> None:
    assert newsroom("publish", "5") == "The briefs of server 5 are public.\n"
    assert newsroom("publish", "5") == "The briefs of server 5 are public already.\n"
    assert newsroom("publish", "5", "--undo") == "The briefs of server 5 are no longer public.\n"
    assert newsroom("publish", "5", "--undo") == "The briefs of server 5 are not public.\n"
    trail = newsroom("audit", "--limit", "2")
    assert "briefs of server 5 are public" in trail
    assert "briefs of server 5 are no longer public" in trail
