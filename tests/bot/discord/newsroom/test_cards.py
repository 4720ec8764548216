"""Where a brief is, in words: each thing that can come of it at a target."""

from datetime import UTC, datetime
from unittest.mock import create_autospec

import discord
import pytest

from bot.discord.newsroom import cards
from bot.state.audit import AuditEntry
from bot.state.outbox import Item

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
LINK = "in <#5> ([see it](https://discord.com/channels/7/5/99))"


def guild(kind: type = discord.TextChannel) -> discord.Guild:
    """A server of which all channels are of one kind."""
    server = create_autospec(discord.Guild, instance=True, id=7)
    server.get_channel.return_value = create_autospec(kind, instance=True)
    typed_server: discord.Guild = server
    return typed_server


def item(
    action: str, status: str, *, target: str = "discord:5", error: str | None = None, name: str | None = None
) -> Item:
    return Item(
        1, 1, 1, target, action, None, None, status, "n", 99 if status == "sent" else None, 1, AT, AT, AT, None, None,
        error, AT, name=name,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        ([item("post", "pending")], "on its way to <#5>"),
        ([item("post", "sending", error="Discord has trouble (status 500)")],
         "on its way to <#5> (Discord has trouble (status 500))"),
        ([item("post", "sent")], LINK),
        ([item("post", "failed", error="*gone*")], "not in <#5> (\\*gone\\*)"),
        ([item("post", "sent"), item("crosspost", "pending")], f"{LINK}; not yet published to its followers"),
        ([item("post", "sent"), item("crosspost", "sent")], f"{LINK}; published to its followers"),
        ([item("post", "sent"), item("crosspost", "failed", error="x")], f"{LINK}; not published to its followers (x)"),
        ([item("post", "sent"), item("edit", "pending")], f"{LINK}; the correction is on its way"),
        ([item("post", "sent"), item("edit", "sent")], LINK),
        ([item("post", "sent"), item("edit", "failed", error="no")], f"{LINK}; not corrected there (no)"),
        ([item("post", "sent"), item("delete", "pending")], "being deleted in <#5>"),
        ([item("post", "sent"), item("delete", "sent")], "deleted in <#5>"),
        ([item("post", "sent"), item("delete", "failed", error="no")], "not deleted in <#5> (no)"),
        ([item("post", "unsure", error="no")], "perhaps in <#5> (no)"),
        ([item("post", "sent"), item("delete", "unsure", error="no")], "perhaps not deleted in <#5> (no)"),
        ([item("post", "failed", error="the brief was withdrawn"), item("delete", "failed", error="it is not there")],
         "not in <#5> (the brief was withdrawn)"),
        ([item("post", "sent", target="webhook:2", name="team_hook")], "sent to team\\_hook"),
        ([item("post", "sent", target="webhook:2")], "sent to webhook 2"),
        ([item("post", "pending", target="apprise:3")], "on its way to address 3"),
    ],
)  # fmt: skip
def test_a_place(items: list[Item], sentence: str) -> None:
    assert cards.list_places(items, guild()) == [sentence]


def test_a_post_in_a_forum_is_in_the_thread_of_its_number() -> None:
    places = cards.list_places([item("post", "sent")], guild(discord.ForumChannel))
    assert places == ["in <#5> ([see it](https://discord.com/channels/7/99/99))"]


def test_many_places_are_counted_and_what_moderators_are_told_is_none() -> None:
    items = [item("post", "pending", target=f"discord:{number}") for number in range(10)]
    assert cards.list_places([*items, item("review", "sent"), item("tell", "sent")], guild(), 2) == [
        "on its way to <#0>", "on its way to <#1>", "and 8 more",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "what", "detail", "sentence"),
    [
        (1, "posted", None, "<@1> posted brief 3"),
        (None, "posted", None, "the operator posted brief 3"),
        (None, "made", "schedule 2, due today", "a schedule made brief 3: schedule 2, due today"),
        (None, "made", "milestone", "a milestone made brief 3: milestone"),
        (1, "withdrawn", "`why`", "<@1> withdrew brief 3: \\`why\\`"),
    ],
)
def test_who_did_what(who: int | None, what: str, detail: str | None, sentence: str) -> None:
    assert cards.describe_entry(AuditEntry(AT, 7, who, what, 3, detail)) == f"<t:1796115600:f> {sentence}"
